"""Words: the two segmenters agree, with every term of the scheme in their dictionaries."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.corpus import CorpusReport
from labels.scheme import Scheme, load_scheme
from model.clean import clean
from model.words import _pure, segmenter

TERMS = tuple(term for theme in load_scheme().themes for term in theme.terms)


PURE = cache(_pure)


def test_the_corpus_has_the_same_words_in_both(corpus: list[CorpusReport]):
    """Over a sample of all slices rjieba and jieba cut alike with all theme terms added."""
    pytest.importorskip("rjieba")
    for report in corpus[::6]:
        text = clean("\n".join(line.text for line in report.lines))
        assert segmenter(TERMS)(text) == PURE(TERMS)(text), report.name


PIECES = st.sampled_from([*"全市政法机关平安建设ABCabc0123456789.%-+#&_ \n\r\t，。（）《》·℃ёあ한𠮷", *TERMS[::20]])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_has_the_same_words_in_both(text: str):
    """Mixed scripts, figures and punctuation are cut alike, and the words joined are the text."""
    assert segmenter(TERMS)(text) == PURE(TERMS)(text)
    assert "".join(segmenter(TERMS)(text)) == text


def test_terms_are_words(scheme: Scheme):
    """A term that the dictionary does not know is one word once it is added."""
    unknown = [term for term in TERMS if segmenter()(term) != [term] and term.isalpha()]
    assert len(unknown) > 20
    whole = sum(segmenter(TERMS)(term) == [term] for term in unknown)
    assert whole / len(unknown) > 0.9
    assert scheme.themes[0].terms[0] in TERMS


def test_without_rjieba_jieba_is_used(monkeypatch: pytest.MonkeyPatch):
    """Where there is no wheel of rjieba the other segmenter takes its place."""
    monkeypatch.setitem(sys.modules, "rjieba", None)
    text = "持续深化扫黑除恶，化解矛盾纠纷3件"
    cut = segmenter.__wrapped__(("扫黑除恶",))
    monkeypatch.undo()
    assert "_pure" in cut.__qualname__
    assert cut(text) == segmenter(("扫黑除恶",))(text)
