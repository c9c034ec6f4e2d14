"""Eras: which year a labelled report is about, and how a model bears years that it has not seen.

Words of the genre come and go with campaigns and laws. Each era is held out in turn: a model trained
on the reports of the other eras tags its reports, with their labelled roles as in cross-validation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from labels.corpus import CorpusReport
from labels.errors import UserError
from labels.scheme import Scheme
from model.features import Bools, Ints
from model.themes import ThemeModel, score_themes
from train.folds import style_groups
from train.measures import exact_match, interval, macro_f1
from train.stack import Stack
from train.themes import learnable, train_themes

Era = tuple[int, int]
ERAS: Final[tuple[Era, ...]] = ((2012, 2015), (2016, 2019), (2020, 2022), (2023, 2025))
_NUMERALS: Final = {**dict.fromkeys("〇○零", "0"), **{char: str(n) for n, char in enumerate("一二三四五六七八九", 1)}}
_YEAR_NUMERALS: Final = re.compile("二[〇○零][〇○零一二三][〇○零一二三四五六七八九]")
_YEAR: Final = r"(?<![\d.])(20[0-3]\d)"
_NOT_DATED: Final = r"(?!\d|\s?年\s?\d{1,2}\s?月|[-/.]\d)"
_IN_TITLE: Final = re.compile(_YEAR + _NOT_DATED)
_NAMED: Final = re.compile(_YEAR + _NOT_DATED + r"(?=\s?年)")
_DATED: Final = re.compile(_YEAR + r"\s?[年\-/.]\s?(\d{1,2})(?!\d)")
_HEAD_ROLES: Final = ("byline", "title", "boilerplate")
_FIRST_MONTHS: Final = 3
_LAST_YEAR: Final = re.compile("去年|上年|过去一年|过去的一年")
LEAST_GROUPS: Final = 2
SHARE_OF_YEAR: Final = 0.01


@dataclass(frozen=True, slots=True)
class EraFigure:
    """How the body lines of one era are tagged by a model that saw none of its reports; 95 % intervals over reports."""

    era: Era
    reports: int
    lines: int
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    exact: float
    exact_interval: tuple[float, float]


def report_year(report: CorpusReport) -> int | None:
    """The year that a report is about, from its own text; None if it names none.

    The first year of the title, else that of the date over the text (or the one before, if it is a date of the first
    months and the text looks back), else the year named most often, the later one of equals.
    """
    lines = [(line.role, _with_digits(line.text)) for line in report.lines]
    title = _IN_TITLE.search("\n".join(text for role, text in lines if role == "title"))
    if title:
        return int(title[1])
    everything = "\n".join(text for _, text in lines)
    dated = _DATED.search("\n".join(text for role, text in lines if role in _HEAD_ROLES))
    if dated:
        return int(dated[1]) - (int(dated[2]) <= _FIRST_MONTHS and _looks_back(everything, int(dated[1]) - 1))
    named = Counter(map(int, _NAMED.findall(everything)))
    return max(named, key=lambda year: (named[year], year), default=None)


def _looks_back(text: str, year: int) -> bool:
    return f"{year}年" in text or _LAST_YEAR.search(text) is not None


def years_of(reports: Iterable[CorpusReport]) -> tuple[int, int] | None:
    """The first and the last year that SHARE_OF_YEAR of the dated reports are about, None if no report names one.

    A year of one report among hundreds is no year that a model knows.
    """
    years = Counter(year for report in reports if (year := report_year(report)) is not None)
    known = [year for year, count in years.items() if count >= SHARE_OF_YEAR * years.total()]
    return (min(known), max(known)) if known else None


def era_of(year: int | None) -> Era | None:
    """The era of a year, None outside all.

    >>> era_of(2019), era_of(2026), era_of(None)
    ((2016, 2019), None, None)
    """
    return next((era for era in ERAS if year is not None and era[0] <= year <= era[1]), None)


def leave_eras_out(
    stack: Stack, reports: Sequence[CorpusReport], scheme: Scheme, *, seed: int = 0, jobs: int = 2
) -> list[EraFigure]:
    """Hold out each era of a corpus in turn; reports outside all eras are neither trained on nor measured.

    Raises UserError where what is left of the corpus is too little to learn from.
    """
    eras = [era_of(report_year(report)) for report in reports]
    groups = style_groups(stack.slices, stack.names)
    figures = []
    for era in (era for era in ERAS if era in eras):
        others = np.array([own is not None and own != era for own in eras])
        if len(np.unique(groups[others])) < LEAST_GROUPS or not learnable(stack, others).any():
            raise UserError(
                f"without its reports of {era[0]}-{era[1]} the corpus has {others.sum()} with a year, too few to "
                "learn from; label reports of other years"
            )
        model = train_themes(stack, scheme, others, seed=seed, jobs=jobs).model
        figures.append(_figure(stack, model, era, np.array([own == era for own in eras])))
    return figures


def _figure(stack: Stack, model: ThemeModel, era: Era, held: Bools) -> EraFigure:
    paragraph, found = _found(stack, model, held)
    judged = stack.examples.judged[paragraph]
    truth, found = stack.examples.labels[paragraph] & judged, found & judged
    report = stack.examples.report_of[paragraph]
    return EraFigure(
        era=era,
        reports=int(held.sum()),
        lines=len(paragraph),
        macro_f1=macro_f1(truth, found),
        macro_f1_interval=interval(macro_f1, truth, found, report),
        exact=exact_match(truth, found),
        exact_interval=interval(exact_match, truth, found, report),
    )


def _found(stack: Stack, model: ThemeModel, reports: Bools) -> tuple[Ints, Bools]:
    """Numbers in the stack (b,) of the body lines of the marked reports, and the themes found in them (b, K)."""
    start = np.searchsorted(stack.examples.report_of, np.arange(len(stack.documents)))
    numbers = [np.empty(0, dtype=np.int64)]
    found = [np.empty((0, len(model.themes)), dtype=np.bool_)]
    for report in np.flatnonzero(reports):
        document = stack.documents[report]
        if not document.frame.body.any():
            continue
        scores = score_themes(model, document.passages, [line.role for line in document.lines])
        numbers.append(document.frame.themed[document.frame.body] + start[report])
        found.append(scores.has[document.frame.body])
    return np.concatenate(numbers), np.concatenate(found)


def _with_digits(text: str) -> str:
    """Full-width digits and the numerals of years as plain digits.

    >>> _with_digits("二〇一八年度，２０１９年，十年")
    '2018年度,2019年,十年'
    """
    plain = unicodedata.normalize("NFKC", text)
    return _YEAR_NUMERALS.sub(lambda match: "".join(_NUMERALS.get(char, "2") for char in match[0]), plain)
