"""Shares of labelled reports, worked out by hand."""

from __future__ import annotations

import pytest

from labels.corpus import CorpusLine, CorpusReport
from labels.scheme import Scheme
from train.labelled_shares import labelled_shares

MEDIATION, LAW = "mediation", "rule_of_law"


def a_report(*lines: CorpusLine) -> CorpusReport:
    return CorpusReport("a-1", (CorpusLine("工作总结", "title", None, (), None), *lines))


def test_marked_sentences_count(scheme: Scheme):
    """Of 32 characters (a paragraph's end is one) 6 are marked for mediation, 3 for both themes, 11 for none; 12 are of
    a paragraph without marks. Headings count for nothing."""
    heading = CorpusLine("一、化解纠纷", "heading", 1, (MEDIATION,), scheme.ids)
    marked = {MEDIATION: ((0, 4), (7, 8)), LAW: ((6, 9),)}
    text = "调解纠纷了。普法。种菜养花浇水修路搬。"
    several = CorpusLine(text, "body", None, (MEDIATION, LAW), scheme.ids, rationales=marked)
    whole = CorpusLine("法治宣传，天天都。干。", "body", None, (LAW,), scheme.ids)
    (found,) = labelled_shares([a_report(heading, several, whole)], scheme)
    assert found is not None
    assert found.tolist() == pytest.approx([0, 0, 7.5 / 32, 13.5 / 32, 11 / 32], abs=1e-4)


def test_nothing_is_known_without_marks(scheme: Scheme):
    """A report in which nobody marked a passage has no shares to compare with."""
    line = CorpusLine("调解纠纷。普法。", "body", None, (MEDIATION,), scheme.ids)
    assert labelled_shares([a_report(line)], scheme) == [None]
