"""Items from the corpus itself: lines whose labels are probably wrong, by models that had not seen them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from labels.corpus import CorpusLine, CorpusReport
from labels.item import Item, Neighbour, item_id
from labels.minhash import leaders, signature
from labels.out_of_fold import ROWS_FILE, read_out_of_fold
from labels.reasons import reason
from labels.suspects import Suspect, current_rows, rank_suspects
from labels.trained import Trained

_NEIGHBOURS = 3


def suspected(trained: Trained, corpus: Sequence[CorpusReport], count: int) -> list[Item]:
    """Up to `count` lines with a probable label error, the likeliest first, near-duplicates once.

    None where the model's folder has no out-of-fold rows, as in an installed wheel.
    """
    if not (trained.folder / ROWS_FILE).is_file():
        return []
    reports = {report.name: report for report in corpus}
    rows = current_rows(read_out_of_fold(trained.folder), reports)
    suspects = (one for one in rank_suspects(rows, trained.scheme.ids) if one.confident)
    chosen = _once(suspects, reports, 3 * count)
    return [_item(one, reports[one.row.report], trained) for one in chosen[:count]]


def _once(suspects: Iterable[Suspect], reports: dict[str, CorpusReport], most: int) -> list[Suspect]:
    """The first suspects, one a line, near-duplicates once."""
    by_line: dict[tuple[str, int], Suspect] = {}
    for one in suspects:
        by_line.setdefault((one.row.report, one.row.line), one)
        if len(by_line) == most:
            break
    chosen = list(by_line.values())
    if not chosen:
        return []
    texts = [reports[one.row.report].lines[one.row.line - 1].text for one in chosen]
    first = leaders(np.array([signature(text) for text in texts]))
    return [one for number, one in enumerate(chosen) if first[number] == number]


def _item(suspect: Suspect, report: CorpusReport, trained: Trained) -> Item:
    row, number = suspect.row, suspect.row.line - 1
    line, path = report.lines[number], heading_path(report.lines, number)
    kind = "extra_label" if suspect.labelled else "missing_label"
    theme = trained.scheme.themes[trained.scheme.ids.index(suspect.theme)]
    probabilities = {theme: row.probabilities[theme] for theme in trained.scheme.ids}
    return Item(
        item=item_id(report.name, row.line, row.text_sha256),
        report=report.name,
        line=row.line,
        text=line.text,
        text_sha256=row.text_sha256,
        role=line.role,
        section=0,
        heading_path=tuple(report.lines[heading - 1].text for heading in path),
        heading_lines=path,
        before=_neighbours(report.lines, number - _NEIGHBOURS, number),
        after=_neighbours(report.lines, number + 1, number + 1 + _NEIGHBOURS),
        themes=tuple(theme for theme, chance in probabilities.items() if chance >= trained.thresholds[theme]),
        probabilities=probabilities,
        thresholds=trained.thresholds,
        evidence=(),
        reason=reason(kind, theme, probability=suspect.probability),
        stratum="label_error",
        inclusion=1.0,
        blind=False,
        model=trained.version,
        meta={},
    )


def heading_path(lines: Sequence[CorpusLine], number: int) -> tuple[int, ...]:
    """The lines (from 1) of the headings above line `number` (from 0), the highest first; no level counts as 1."""
    path: list[tuple[int, int]] = []
    for at, line in enumerate(lines[: number + 1], 1):
        if line.role == "heading":
            level = line.level or 1
            path = [(above, place) for above, place in path if above < level] + [(level, at)]
    return tuple(place for _, place in path if place != number + 1)


def _neighbours(lines: Sequence[CorpusLine], first: int, last: int) -> tuple[Neighbour, ...]:
    numbered = islice(enumerate(lines, 1), max(first, 0), last)
    return tuple(Neighbour(number, line.role, line.text) for number, line in numbered)
