"""Simplification is exactly that of opencc-python-reimplemented."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from labels.corpus import CorpusReport
from model.simplify import _dictionary, codes_of, simplify, text_of

T2S = OpenCC("t2s")
PHRASES = sorted(_dictionary("TSPhrases.txt"))


def overlapping() -> list[str]:
    """Every two phrases run together wherever the end of one is the start of the other."""
    return [
        left + right[size:]
        for left, right in product(PHRASES, PHRASES)
        for size in range(1, min(len(left), len(right)))
        if left[-size:] == right[:size]
    ]


def test_corpus_turned_traditional(corpus: list[CorpusReport]) -> None:
    """Every line of the corpus, made traditional, comes back as the library simplifies it."""
    to_traditional = OpenCC("s2t")
    for report in corpus[::12]:
        text = to_traditional.convert("\n".join(line.text for line in report.lines))
        assert simplify(text) == T2S.convert(text), report.name


def test_real_reports(shared: Path) -> None:
    """Real traditional pages, damage and all, are simplified as the library does it."""
    for path in sorted((shared / "reports").glob("*.txt")):
        text = path.read_text("utf-8-sig")
        assert simplify(text) == T2S.convert(text), path.name


def test_overlapping_phrases() -> None:
    """The longest phrase anywhere goes first, then the leftmost: a scan from left to right would differ."""
    texts = overlapping()
    assert len(texts) > 1000
    assert simplify("。".join(texts)) == T2S.convert("。".join(texts))


def test_neighbouring_phrases() -> None:
    """Two phrases side by side are simplified as the library does it."""
    pairs = "。".join(left + right for left, right in product(PHRASES[::5], PHRASES[::5]))
    assert simplify(pairs) == T2S.convert(pairs)


@given(st.text(alphabet=sorted({char for phrase in PHRASES for char in phrase}) + list("，。 -a1"), max_size=40))
def test_any_text_of_phrase_characters(text: str) -> None:
    """Any mixture of the characters of phrases is simplified as the library does it."""
    assert simplify(text) == T2S.convert(text)


@pytest.mark.parametrize(
    "text",
    ["乾著鍾", "乾著，鍾，", "乾隆坤著述鍾情", "中" * 50 + "乾", "乾，中，"],
    ids=["no separator", "separators", "phrases", "few", "every other"],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """A million characters, however many of them depend on their phrase, take seconds."""
    large = text * (1_000_000 // len(text))
    started = time.process_time()
    simple = simplify(large)
    assert time.process_time() - started < 15
    assert simple[: 100 * len(text)] == simplify(text * 100)


@pytest.mark.parametrize("text", ["", "a", "乾", "𠁞𠌥", "\ud800乾坤"])
def test_length_stays(text: str) -> None:
    """Simplification never changes how many characters there are."""
    assert len(simplify(text)) == len(text)
    assert text_of(codes_of(text)) == text
