"""What becomes of reports that the role model learns from as careless pages have them."""

from __future__ import annotations

import numpy as np
import pytest

from labels.corpus import CorpusLine, CorpusReport
from train.worn import CHANGES, ENDS, LEAST_WORN, LONG_HEADINGS, lengthened, reshaped, with_contents, worn


def test_worn_copies_change_ends_alone(small_corpus: list[CorpusReport]):
    """Roles and words stay; a body paragraph loses or changes its stop only if it is long."""
    changed = dict.fromkeys(ENDS, 0)
    for report in small_corpus:
        copy = worn(report)
        assert copy == worn(report)
        for line, other in zip(report.lines, copy.lines, strict=True):
            assert (line.role, line.themes) == (other.role, other.themes)
            if line.text != other.text:
                changed[line.role] += 1
                assert line.text.rstrip("。") == other.text.rstrip("。；，：")
                assert line.role != "body" or len(line.text) > LEAST_WORN
    assert all(changed.values())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_adds_furniture_alone(small_corpus: list[CorpusReport], change):
    """The report's own lines stay in their order, with their roles; what is new is furniture."""
    changed = 0
    for report in small_corpus:
        lines = change(report.lines, np.random.default_rng(0))
        known = {line.text for line in report.lines}
        if len(lines) > len(report.lines):
            assert [line for line in lines if line.role != "boilerplate"] == own(report.lines)
        else:
            assert [line.role for line in lines] == [line.role for line in report.lines]
            assert all(line.text in known or line.role in ("heading", "body") for line in lines)
        changed += list(lines) != list(report.lines)
    assert changed > len(small_corpus) / 2


def own(lines: tuple[CorpusLine, ...]) -> list[CorpusLine]:
    return [line for line in lines if line.role != "boilerplate"]


def test_long_headings(small_corpus: list[CorpusReport]):
    """They begin as they did and are as long as said, and some reports keep short ones of other levels."""
    mixed = 0
    for report in small_corpus:
        lines = lengthened(report.lines, np.random.default_rng(0))
        pairs = [(old.text, new.text) for old, new in zip(report.lines, lines, strict=True) if old != new]
        assert all(new.startswith(old.rstrip("。：；") + "，") for old, new in pairs)
        assert all(len(new) >= LONG_HEADINGS[0] for _, new in pairs)
        mixed += 0 < len(pairs) < sum(line.role == "heading" for line in lines)
    assert mixed > 2


def test_contents_say_every_heading_before_it_comes(small_corpus: list[CorpusReport]):
    """Each entry begins as its heading does, in the same order."""
    told = 0
    for report in small_corpus:
        lines = with_contents(report.lines, np.random.default_rng(0))
        headings = [line.text for line in report.lines if line.role == "heading"]
        if len(lines) > len(report.lines):
            new = [line.text for line in lines if line not in report.lines]
            assert len(new) == len(headings) + 1
            assert all(entry.startswith(heading) for entry, heading in zip(new[1:], headings, strict=True))
            told += 1
    assert told > len(small_corpus) / 2


def test_reshaped_by_name_alone(small_corpus: list[CorpusReport]):
    """Every training changes a report in the same way; most are changed, not all."""
    every = [reshaped(report) for report in small_corpus]
    assert every == [reshaped(report) for report in small_corpus]
    changed = sum(one != other for one, other in zip(every, small_corpus, strict=True))
    assert 0.5 < changed / len(small_corpus) < 0.95
