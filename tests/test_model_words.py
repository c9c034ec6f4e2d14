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
from model.word_index import WordIndex, word_index
from model.words import SHORT, _pure, quick_segmenter, segmenter

TERMS = load_scheme().terms


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


@pytest.fixture(scope="module")
def index() -> WordIndex:
    pytest.importorskip("rjieba")
    return word_index(TERMS)


def test_a_short_text_has_the_same_words_by_the_index(corpus: list[CorpusReport], index: WordIndex):
    """A text is cut alike whether only its own words were looked up or the dictionary was read; so is the next one."""
    for report in corpus[::6]:
        text = clean("\n".join(line.text for line in report.lines))
        cut = quick_segmenter(TERMS, index)
        assert cut(text) == cut(text) == segmenter(TERMS)(text), report.name


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_has_the_same_words_by_the_index(index: WordIndex, text: str):
    """Mixed scripts, figures and punctuation are cut alike by the index."""
    assert quick_segmenter(TERMS, index)(text) == segmenter(TERMS)(text)


def test_a_long_text_is_not_looked_up(index: WordIndex):
    """A text longer than an index is quick for has its words from the dictionary."""
    text = "全市政法机关化解矛盾纠纷，" * (SHORT // 13 + 1)
    nothing = WordIndex(index.hash[:0], index.frequency[:0])
    assert quick_segmenter(TERMS, nothing)(text) == segmenter(TERMS)(text)


def test_without_rjieba_jieba_is_used(monkeypatch: pytest.MonkeyPatch):
    """Where there is no wheel of rjieba the other segmenter takes its place."""
    monkeypatch.setitem(sys.modules, "rjieba", None)
    text = "持续深化扫黑除恶，化解矛盾纠纷3件"
    cut = segmenter.__wrapped__(("扫黑除恶",))
    monkeypatch.undo()
    assert "_pure" in cut.__qualname__
    assert cut(text) == segmenter(("扫黑除恶",))(text)
