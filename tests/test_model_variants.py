"""The same answer for the same text, however it was typed, converted, damaged or wrapped on its way here."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from opencc import OpenCC
from pypinyin import Style, pinyin

from labels.corpus import CorpusReport
from model.folder import Model, load_model
from model.reading import Reader, read_report, reader_of
from model.source import source_from_text

REPORTS = 48
MOST_CHANGED = 0.01
INDENT = "　　"
TO_TRADITIONAL = OpenCC("s2t")
TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
# A paragraph: its clean characters without blanks, and its themes.
Tagged = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Reports:
    """A model, its reader, and a spread of reports as plain text with their paragraphs tagged."""

    model: Model
    reader: Reader
    texts: list[str]
    tagged: list[list[Tagged]]


def tag(model: Model, reader: Reader, text: str) -> Iterator[Tagged]:
    """The paragraphs of a text, read the whole way from the raw text."""
    reading = read_report(model, reader, source_from_text(text, "variant"))
    clean, has = reading.passages.clean, reading.scores.has
    row_of = {paragraph: row for row, paragraph in enumerate(reading.scores.frame.themed.tolist())}
    for number in range(len(reading.paragraphs)):
        characters = re.sub(r"\s", "", clean.text[clean.bounds[number] : clean.bounds[number + 1]])
        yield characters, tuple(has[row_of[number]].nonzero()[0].tolist()) if number in row_of else ()


@pytest.fixture(scope="module")
def reports(corpus: list[CorpusReport], small_model: Path) -> Reports:
    model = load_model(small_model)
    reader = reader_of(model)
    texts = ["\n".join(line.text for line in report.lines) for report in corpus[3 :: len(corpus) // REPORTS]]
    return Reports(model, reader, texts, [list(tag(model, reader, text)) for text in texts])


def traditional(text: str) -> str:
    return str(TO_TRADITIONAL.convert(text))


def full_width(text: str) -> str:
    """Digits, letters and ASCII punctuation as wide as Chinese characters."""
    return text.translate(TO_FULL_WIDTH)


def damaged(text: str) -> str:
    """Traditional, with its reading in brackets behind a fifth of the characters that differ, as some pages have it."""
    chance = random.Random(7)
    converted = traditional(text)
    assert len(converted) == len(text)
    return "".join(
        f"{after}({pinyin(after, style=Style.TONE)[0][0]})" if before != after and chance.random() < 0.2 else after
        for before, after in zip(text, converted, strict=True)
    )


def wrapped(text: str, characters: int) -> str:
    """Every paragraph begun with two wide blanks and cut at so many characters."""
    paragraphs = [INDENT + line for line in text.split("\n")]
    return "\n".join(part[at : at + characters] for part in paragraphs for at in range(0, len(part), characters))


VARIANTS: dict[str, Callable[[str], str]] = {
    "traditional": traditional,
    "full width": full_width,
    "damaged by pinyin": damaged,
    "wrapped at 32": lambda text: wrapped(text, 32),
    "wrapped at 38": lambda text: wrapped(text, 38),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_themes_stay(reports: Reports, variant: str):
    """At most 1 % of the paragraphs have other themes, or are not there with the same characters."""
    changed = total = 0
    for text, plain in zip(reports.texts, reports.tagged, strict=True):
        left = defaultdict(list)
        for characters, themes in tag(reports.model, reports.reader, VARIANTS[variant](text)):
            left[characters].append(themes)
        for characters, themes in plain:
            found = left[characters].pop(0) if left[characters] else None
            changed += found != themes
            total += 1
    assert len(reports.texts) >= 40
    assert changed <= MOST_CHANGED * total


def test_variants_differ_from_the_plain_text(reports: Reports):
    """Each variant changes nearly every report, so that there is something to bear; some are traditional already."""
    for variant in VARIANTS.values():
        assert sum(variant(text) != text for text in reports.texts) >= 0.95 * len(reports.texts)
