"""Eras: the year of a report from its own text, and a model that has not seen an era."""

from __future__ import annotations

import pytest

from labels.corpus import CorpusLine, CorpusReport
from labels.scheme import Scheme
from train.eras import ERAS, era_of, leave_eras_out, report_year, years_of
from train.stack import Stack


def report(*lines: tuple[str, str]) -> CorpusReport:
    return CorpusReport("a-1", tuple(CorpusLine(text, role, None, (), None) for role, text in lines))


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        ([("title", "某县2018年政法工作总结"), ("byline", "2019-01-08")], 2018),
        ([("title", "二〇一六年综治工作情况")], 2016),
        (
            [
                ("title", "政法工作纪实"),
                ("byline", "来源：某报 时间：2024-02-21"),
                ("body", "2023年，全市破案率上升。"),
            ],
            2023,
        ),
        ([("title", "政法工作纪实"), ("byline", "2024年8月2日"), ("body", "上半年成绩明显。")], 2024),
        ([("body", "2015年以来，2016年成立，2016年验收。")], 2016),
        ([("body", "没有年份。")], None),
    ],
)
def test_the_year_of_a_report(lines: list[tuple[str, str]], year: int | None):
    """Title, else the date over the text (of the first months: the year it looks back on), else the most named year."""
    assert report_year(report(*lines)) == year


def test_nearly_every_report_has_a_year(corpus: list[CorpusReport]):
    """Of the bundled reports 95 % tell their year, and every era has enough of them to be measured."""
    years = [report_year(one) for one in corpus]
    assert sum(year is not None for year in years) >= 0.95 * len(years)
    assert all(sum(era_of(year) == era for year in years) >= 30 for era in ERAS)
    first, last = years_of(corpus) or (0, 0)
    assert 2000 < first <= 2012
    assert 2025 <= last < 2030


def test_a_year_of_one_report_in_hundreds_is_not_known():
    """The span is of years of which a model has seen a hundredth of its reports or more; a small corpus knows all."""
    alone, rest = report(("title", "2003年工作总结")), [report(("title", f"{year}年工作总结")) for year in (2019, 2020)]
    assert years_of([alone, *rest]) == (2003, 2020)
    assert years_of([alone, *rest * 60]) == (2019, 2020)
    assert years_of([]) is None


def test_an_era_is_measured_by_a_model_without_it(small_stack: Stack, small_corpus: list[CorpusReport], scheme: Scheme):
    """Every era with reports gets a row; all body lines of its reports are counted; it is no coin toss."""
    figures = leave_eras_out(small_stack, small_corpus, scheme)
    assert [figure.era for figure in figures] == list(ERAS)
    for figure in figures:
        own = [one for one in small_corpus if era_of(report_year(one)) == figure.era]
        assert figure.reports == len(own)
        assert figure.lines == sum(line.role == "body" for one in own for line in one.lines)
        assert 0.5 < figure.macro_f1 <= 1
        assert figure.macro_f1_interval[0] <= figure.macro_f1 <= figure.macro_f1_interval[1]
