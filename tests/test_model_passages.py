"""Where sentences end: behind stops, and behind commas of long clauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.scheme import load_scheme
from model.clean import clean_paragraphs
from model.paragraphs import Paragraph
from model.passages import CLAUSE, Passages, read_passages
from model.terms import TermFinder
from model.words import segmenter

SCHEME = load_scheme()
FINDER = TermFinder([theme.terms for theme in SCHEME.themes])
LONG = "全市公安机关打掉涉黑组织三个，"
assert len(LONG) >= CLAUSE


def read(text: str) -> Passages:
    clean = clean_paragraphs(text, [Paragraph(0, len(text), 1)])
    return read_passages(clean, segmenter(()), FINDER)


def sentences(text: str) -> list[str]:
    passages = read(text)
    return [passages.clean.text[start:end] for start, end in pairwise(passages.sentence_start.tolist())]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("打击犯罪。调解纠纷！！普法？", [5, 6, 4]),
        ("打击犯罪；调解纠纷", [5, 5]),
        (LONG + "破案百起。", [15, 6]),
        (LONG * 3 + "破案百起。", [15, 15, 15, 6]),
        ("打击犯罪，调解纠纷，开展普法，服务群众。", [21]),
        ("打击犯罪，" + LONG + "破案百起，挽损百万。", [20, 11]),
        ("为全市企业群众追回资金合计约1,307万元，破案百起。", [22, 6]),
        ("為全市企業群眾追回資金合計約百萬元，破案百起。", [18, 6]),
    ],
)
def test_sentences(text: str, lengths: list[int]):
    """Stops end a sentence, several of them once; commas behind a clause of 13 characters do, those of numbers don't.
    The last sentence has the paragraph's end."""
    assert list(map(len, sentences(text))) == lengths


@given(st.text(st.sampled_from("安平，。；1、\n ,"), max_size=80))
def test_sentences_are_the_text(text: str):
    """Together they are the clean text, none is empty, and each belongs to the paragraph."""
    passages = read(text)
    assert "".join(sentences(text)) == passages.clean.text
    assert (passages.sentence_start[1:] > passages.sentence_start[:-1]).all()
    assert set(passages.paragraph_of.tolist()) == {0}
