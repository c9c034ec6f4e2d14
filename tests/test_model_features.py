"""Features and terms, found on arrays, are those a plain reading of the text finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.features import ROWS, find_words, occurrences, spans_hash
from model.simplify import codes_of
from model.terms import TermFinder
from model.words import _pure, segmenter

TERMS = [["扫黑除恶", "扫黑", "巡逻"], ["人民调解", "调解", "12345"], ["普法"]]


def rows(text: str) -> list[tuple[str, int]]:
    codes = codes_of(text)
    found = occurrences(codes, find_words(codes, segmenter()(text)))
    return [(text[start:end], row) for start, end, row in zip(found.start, found.end, found.rows, strict=True)]


def test_features_are_words_and_pairs() -> None:
    """A text has its words and its character pairs; punctuation and line breaks take part in none."""
    assert [text for text, _ in rows("调解,成功\n12件")] == ["调解", "成功", "12", "件", "调解", "成功", "2件"]


def test_figures_are_one_class() -> None:
    """A figure counts by its unit: its value and its length make no difference."""
    assert [row for _, row in rows("办结3件")] == [row for _, row in rows("办结98件")]
    assert [row for _, row in rows("办结3件")] != [row for _, row in rows("办结3名")]


@given(st.text(alphabet="扫黑除恶人民调解普法巡逻,1", max_size=30), st.text(alphabet="扫黑普法,", max_size=8))
def test_place_makes_no_difference(text: str, before: str) -> None:
    """The row of a feature depends on its characters alone, not on what stands before it."""
    alone = {part: row for part, row in rows(text) if len(part) == 2}
    later = {part: row for part, row in rows(before + "。" + text) if len(part) == 2}
    assert all(later[part] == row for part, row in alone.items() if part in later)
    assert all(0 <= row < ROWS for row in alone.values())


@given(st.text(min_size=1, max_size=40), st.data())
def test_equal_text_equal_hash(text: str, data: st.DataObject) -> None:
    """Spans with the same characters have the same hash wherever they stand."""
    size = data.draw(st.integers(1, len(text)))
    twice = codes_of(text[:size] + text + text[:size])
    start = np.array([0, size, size + len(text)])
    hashes = spans_hash(twice, start, start + size)
    assert hashes[0] == hashes[1] == hashes[2]


@given(st.text(alphabet="扫黑除恶人民调解普法巡逻巡,12345", max_size=60))
def test_terms_found(text: str) -> None:
    """Every place where a term stands is found, nested ones too; a number only as a whole."""
    expected = sorted(
        (start, start + len(term), theme)
        for theme, terms in enumerate(TERMS)
        for term in terms
        for start in range(len(text))
        if text.startswith(term, start)
        and not (term.isdigit() and (text[start - 1 : start].isdigit() or text[start + 5 : start + 6].isdigit()))
    )
    found = TermFinder(TERMS).find(codes_of(text))
    assert sorted(zip(found.start.tolist(), found.end.tolist(), found.theme.tolist(), strict=True)) == expected


@pytest.mark.parametrize("terms", [(), ("枫桥经验", "扫黑除恶", "网格化")])
def test_both_segmenters_agree(terms: tuple[str, ...]) -> None:
    """Where there is no wheel of rjieba, jieba gives the same words."""
    text = "全市持续深化扫黑除恶，坚持枫桥经验，网格化管理覆盖3件ABC项目。\n共120个网格"
    assert segmenter(terms)(text) == _pure(terms)(text)
    assert "".join(segmenter(terms)(text)) == text
