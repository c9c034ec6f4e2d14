"""Where sentences end, behind stops and behind commas of long clauses; and in which pieces long paragraphs are read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.scheme import load_scheme
from model.clean import clean_paragraphs
from model.paragraphs import Paragraph, split_paragraphs
from model.passages import CLAUSE, LONG, PIECE, Passages, in_pieces, read_passages
from model.terms import TermFinder
from model.words import segmenter

SCHEME = load_scheme()
FINDER = TermFinder([theme.terms for theme in SCHEME.themes])
CLAUSE_OF_15 = "全市公安机关打掉涉黑组织三个，"
assert len(CLAUSE_OF_15) >= CLAUSE


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
        (CLAUSE_OF_15 + "破案百起。", [15, 6]),
        (CLAUSE_OF_15 * 3 + "破案百起。", [15, 15, 15, 6]),
        ("打击犯罪，调解纠纷，开展普法，服务群众。", [21]),
        ("打击犯罪，" + CLAUSE_OF_15 + "破案百起，挽损百万。", [20, 11]),
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


SENTENCE = "全市公安机关打掉涉黑组织三个，破案百起，挽损百万元，群众反映良好。"  # 33 characters


def pieces_of(text: str) -> list[list[str]]:
    """The pieces of each paragraph."""
    paragraphs = split_paragraphs(text)
    passages, paragraph = in_pieces(read_passages(clean_paragraphs(text, paragraphs), segmenter(()), FINDER))
    parts = [passages.clean.text[start:end] for start, end in pairwise(passages.starts.tolist())]
    return [
        [part for part, own in zip(parts, paragraph.tolist(), strict=True) if own == number]
        for number in range(len(paragraphs))
    ]


def test_long_paragraphs_are_read_in_pieces():
    """Only what is longer than LONG is cut, into pieces about as long, behind stops."""
    short, long = SENTENCE * (LONG // len(SENTENCE)), SENTENCE * 30
    before, between, after = pieces_of(f"{short}\n{long}\n{short}")
    assert len(before) == len(after) == 1
    assert len(between) == -(-len(long) // PIECE)
    assert all(piece.rstrip("\n").endswith("。") for piece in between)
    assert max(map(len, between)) - min(map(len, between)) <= 2 * len(SENTENCE)


def test_what_has_no_stop_is_one_piece():
    """Commas end sentences, but no piece."""
    assert list(map(len, pieces_of(CLAUSE_OF_15 * 40))) == [1]


@given(st.lists(st.text(st.sampled_from("安平，。；1"), min_size=1, max_size=700), min_size=1, max_size=4))
def test_pieces_are_the_text(paragraphs: list[str]):
    """Together the pieces of a paragraph are what it is, and each of its sentences is in one."""
    text = "\n".join(paragraphs)
    clean = clean_paragraphs(text, split_paragraphs(text)).text
    assert "".join("".join(own) for own in pieces_of(text)) == clean
    assert [len("".join(own)) - 1 for own in pieces_of(text)] == list(map(len, clean.split("\n")[:-1]))
