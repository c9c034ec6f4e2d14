"""Inputs beyond all measure, and characters that no report should have: a clear line or a right annotation."""

from __future__ import annotations

from pathlib import Path

import pytest

from labels.errors import UserError
from model.source import read_source
from predict.tagger import Tagger
from tests.test_predict_build import check

LINE = "全市打掉涉黑恶团伙3个，人民调解成功率98%。"


def test_a_line_of_fifty_million_bytes(tmp_path: Path):
    """A file far beyond a report is refused by its size, and not read further than the limit."""
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(UserError, match=r"a\.txt: it has 50,000,000 bytes, at most 8,000,000 are read; split it"):
        read_source(path)


def test_more_lines_than_a_report_has(small_tagger: Tagger):
    """A file of very many short lines is read part by part: every line is there, numbered on from part to part."""
    count = 20_000
    report = small_tagger.annotate("安\n" * count)
    assert len(report.lines) == count
    assert [line.line for line in report.lines[:: count // 10]] == list(range(1, count + 1, count // 10))


def test_the_longest_line_that_is_read(small_tagger: Tagger):
    """One line of a megabyte without a break is read in pieces that end behind sentences; none of it is lost."""
    text = LINE * 15_000
    assert len(text.encode()) > 900_000
    report = small_tagger.annotate(text)
    check(report)
    assert "".join(line.text for line in report.lines) == text
    assert all(line.text.endswith("。") and line.inferred == (number > 0) for number, line in enumerate(report.lines))


@pytest.mark.parametrize(
    "inside",
    [
        "\u200b",
        "\u200d\ufeff",
        "\u202e",
        "\u2066\u2069",
        "\u00ad",
        "\x01",
        "\x0b",
        "\x85",
        "\u2028",
        "\ud800",
        "\U000e0041",
    ],
    ids=lambda inside: "-".join(f"{ord(char):04X}" for char in inside),
)
def test_odd_characters_inside_words(small_tagger: Tagger, inside: str):
    """Invisible, bidirectional, control and broken characters inside words: offsets stay right."""
    text = f"一、维护稳定\n全市开展扫黑{inside}除恶，人民{inside}调解成功。\n"
    report = small_tagger.annotate(text)
    check(report)
    assert report.text == text.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("inside", ["\u200b", "\u200d\ufeff", "\u202e", "\u2066\u2069", "\u00ad"])
def test_invisible_characters_hide_nothing(small_tagger: Tagger, inside: str):
    """A word with an invisible character in it is read as the word."""
    plain = small_tagger.annotate(f"一、维护稳定\n{LINE}\n")
    hidden = small_tagger.annotate(f"一、维护稳定\n{inside.join(LINE)}\n")
    assert [line.probabilities for line in plain.lines] == [line.probabilities for line in hidden.lines]
