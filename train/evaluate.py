"""Scoring a model against gold labels, the whole way from raw text, with bootstrap intervals over reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from labels.roles import THEMED_ROLES
from model.features import Bools, Ints
from model.folder import Model
from model.lexical import Floats
from model.reading import Reading, read_report, reader_of
from model.rollup import shares
from train.gold import GoldReport
from train.measures import exact_match, f1_scores, macro_f1, precision_recall, resamples


@dataclass(frozen=True, slots=True)
class Scored:
    """Every gold line, n of them, and every judged section.

    report: (n,) the number of its report. role_right: (n,). body: (n,) whether it counts for themes.
    truth, found: (n, K) gold and found themes. section_report, section_right: (sections,) their reports,
    and whether the primary theme is right. level_report, level_right: the same of headings that have a level.
    share_error: (reports with marked passages,) how far the shares of the themes, and of none, are off on average.
    """

    ids: tuple[str, ...]
    report: Ints
    role_right: Bools
    body: Bools
    truth: Bools
    found: Bools
    section_report: Ints
    section_right: Bools
    level_report: Ints
    level_right: Bools
    share_error: Floats


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure with its 95 % interval; `count` is how many lines, sections or reports it is counted over."""

    name: str
    value: float
    low: float
    high: float
    count: int


def score_reports(model: Model, gold: Sequence[GoldReport]) -> Scored:
    """Read every gold report with the model and compare line by line; a missing line is wrong everywhere."""
    ids, reader = model.scheme.ids, reader_of(model)
    lines, sections, levels, share_errors = [], [], [], []
    for number, report in enumerate(gold):
        reading = read_report(model, reader, report.source)
        lines += [(number, *row) for row in _compare(reading, report, ids)]
        sections += [(number, right) for right in _sections(reading, report)]
        levels += [(number, right) for right in _levels(reading, report)]
        if report.shares is not None:
            share_errors.append(np.abs(shares(reading.weights) - report.shares).mean())
    return Scored(
        ids=ids,
        report=np.array([line[0] for line in lines], dtype=np.int64),
        role_right=np.array([line[1] for line in lines], dtype=np.bool_),
        body=np.array([line[2] for line in lines], dtype=np.bool_),
        truth=np.array([line[3] for line in lines], dtype=np.bool_).reshape(-1, len(ids)),
        found=np.array([line[4] for line in lines], dtype=np.bool_).reshape(-1, len(ids)),
        section_report=np.array([number for number, _ in sections], dtype=np.int64),
        section_right=np.array([right for _, right in sections], dtype=np.bool_),
        level_report=np.array([number for number, _ in levels], dtype=np.int64),
        level_right=np.array([right for _, right in levels], dtype=np.bool_),
        share_error=np.array(share_errors),
    )


def figures(scored: Scored) -> list[Figure]:
    """Roles, macro-F1, exact match, the themes' F1, section primaries, levels of headings, how far shares are off, each
    with its interval.

    What there is nothing to count for is left out.
    """
    body = np.flatnonzero(scored.body)
    truth, found, report = scored.truth[body], scored.found[body], scored.report[body]
    rows = [
        _figure("roles", lambda rows: float(scored.role_right[rows].mean()), scored.report),
        _figure("macro-F1", lambda rows: macro_f1(truth[rows], found[rows]), report),
        _figure("exact match", lambda rows: exact_match(truth[rows], found[rows]), report),
        *(_figure(f"F1 {name}", _theme_f1(truth, found, theme), report) for theme, name in enumerate(scored.ids)),
        _figure("section primary", lambda rows: float(scored.section_right[rows].mean()), scored.section_report),
        _figure("heading level", lambda rows: float(scored.level_right[rows].mean()), scored.level_report),
        _figure("share error", lambda rows: float(scored.share_error[rows].mean()), np.arange(len(scored.share_error))),
    ]
    return [figure for figure in rows if figure is not None]


def theme_table(scored: Scored) -> list[tuple[str, float, float, float, int]]:
    """Per theme: id, precision, recall, F1, support over body lines; nothing where nobody judged any."""
    truth, found = scored.truth[scored.body], scored.found[scored.body]
    if not len(truth):
        return []
    precision, recall = precision_recall(truth, found)
    rows = zip(
        precision.tolist(), recall.tolist(), f1_scores(truth, found).tolist(), truth.sum(axis=0).tolist(), strict=True
    )
    return [(name, *row) for name, row in zip(scored.ids, rows, strict=True)]


def _theme_f1(truth: Bools, found: Bools, theme: int) -> Callable[[Ints], float]:
    return lambda rows: float(f1_scores(truth[rows, theme : theme + 1], found[rows, theme : theme + 1])[0])


def _figure(name: str, measure: Callable[[Ints], float], report: Ints) -> Figure | None:
    if not len(report):
        return None
    every = np.arange(len(report))
    low, high = np.quantile([measure(rows) for rows in resamples(report)], [0.025, 0.975])
    return Figure(name, measure(every), float(low), float(high), len(report))


def _compare(
    reading: Reading, report: GoldReport, ids: tuple[str, ...]
) -> Iterator[tuple[bool, bool, list[bool], list[bool]]]:
    """Role right, is body, gold themes, found themes of every gold line."""
    paragraph_of = _first_of_lines(reading)
    row_of = {paragraph: row for row, paragraph in enumerate(reading.scores.frame.themed.tolist())}
    for line in report.lines:
        truth = [theme in line.themes for theme in ids]
        number = paragraph_of.get(line.line)
        if number is None:
            yield False, line.role == "body" and line.judged, truth, [not wanted for wanted in truth]
            continue
        row = row_of.get(number)
        found = [False] * len(ids) if row is None else reading.scores.has[row].tolist()
        # Themes on a line that should have none for its role are false positives of a body line's kind.
        counted = line.role == "body" or (line.role not in THEMED_ROLES and any(found))
        yield reading.roles[number] == line.role, counted and line.judged, truth, found


def _first_of_lines(reading: Reading) -> dict[int, int]:
    """The first paragraph of every line: a line that lost its breaks may hold several."""
    return {paragraph.line: number for number, paragraph in reversed(list(enumerate(reading.paragraphs)))}


def _levels(reading: Reading, report: GoldReport) -> Iterator[bool]:
    paragraph_of = _first_of_lines(reading)
    for line in report.lines:
        if line.role == "heading" and line.level is not None:
            number = paragraph_of.get(line.line)
            yield number is not None and reading.levels[number] == line.level


def _sections(reading: Reading, report: GoldReport) -> Iterator[bool]:
    found = {
        0 if section.heading is None else reading.paragraphs[section.heading].line: themes.primary
        for section, themes in zip(reading.sections, reading.section_themes, strict=True)
    }
    for line, primary in report.primary.items():
        yield found.get(line) == primary
