"""What a comparison looks like: tables for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from labels.files import write_whole
from labels.tables import aligned
from train.baselines import Entry
from train.eras import EraFigure
from train.evaluate import Figure
from train.score import Scores

_BASELINES_NOTE: Final = (
    "数值下方：95 % 区间，按报告自助抽样（1000 次）；领先：第一行的宏平均 F1 减去本行\n"
    "below a figure: its 95 % interval, bootstrap over reports (1000); lead: macro-F1 of the first row less this one's"
)
_ABLATION_NOTE: Final = (
    "宏平均 F1 / 完全一致；*：与第一行之差的 95 % 区间（按报告配对自助抽样）不含 0\n"
    "macro-F1 / exact match; *: the 95 % interval of the difference to the first row (paired bootstrap over reports) "
    "excludes 0"
)


def baselines_table(entries: Sequence[Entry]) -> str:
    """A table a trial: a row a system with its intervals below it, and the lead of the first system over it."""
    tables = [f"{_heading(group[0])}\n{_systems(group)}" for group in _by_trial(entries)]
    return "\n\n".join([*tables, _BASELINES_NOTE])


def ablation_table(entries: Sequence[Entry]) -> str:
    """One table: a row a variant, a column a trial."""
    groups = _by_trial(entries)
    head = ["variant 变体", "", *(group[0].trial.name for group in groups)]
    rows = [
        [cells[0].name, cells[0].title, *(_pair(cell, group[0]) for cell, group in zip(cells, groups, strict=True))]
        for cells in zip(*groups, strict=True)
    ]
    return "\n\n".join([aligned([head, *rows]), "\n".join(_heading(group[0]) for group in groups), _ABLATION_NOTE])


def eras_table(figures: Sequence[EraFigure]) -> str:
    """One table: a row an era that was held out."""
    head = ["era 年代", "reports 报告", "body lines 正文", "macro-F1", "95 %", "exact match", "95 %"]
    rows = [
        [
            f"{figure.era[0]}–{figure.era[1]}",
            f"{figure.reports}",
            f"{figure.lines}",
            f"{figure.macro_f1:.3f}",
            "{:.3f}–{:.3f}".format(*figure.macro_f1_interval),
            f"{figure.exact:.3f}",
            "{:.3f}–{:.3f}".format(*figure.exact_interval),
        ]
        for figure in figures
    ]
    return aligned([head, *rows])


def write_json(path: Path, entries: Sequence[Entry]) -> None:
    """Write every figure, whole or not at all; raises UserError where that cannot be."""
    rows = [_as_row(entry, group[0].scores) for group in _by_trial(entries) for entry in group]
    write_whole(path, orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")


def _by_trial(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries of each trial, both in the order in which they came."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.trial.name, []).append(entry)
    return list(groups.values())


def _heading(entry: Entry) -> str:
    body = entry.trial.body
    reports = len(np.unique(entry.trial.ask.examples.report_of[body]))
    return f"{entry.trial.title}：{reports} 篇报告 / reports, {len(body)} 段正文 / body lines"


def _systems(entries: Sequence[Entry]) -> str:
    ids = entries[0].trial.ids
    head = ["system 系统", "", "macro-F1", "exact match", *(f"{name}" for name in ids), "lead 领先"]
    rows = [row for entry in entries for row in _system_rows(entry, entries[0], len(head))]
    missing = [f"{entry.name}: {entry.missing}" for entry in entries if entry.scores is None]
    return "\n".join([aligned([head, *rows]), *missing])


def _system_rows(entry: Entry, first: Entry, columns: int) -> Iterator[list[str]]:
    if entry.scores is None:
        yield [entry.name, entry.title, *["-"] * (columns - 2)]
        return
    lead = [] if entry is first or first.scores is None else [first.scores.lead_over(entry.scores)]
    shown = [*entry.scores.figures(), *lead]
    blank = [""] * (columns - 2 - len(shown))
    yield [entry.name, entry.title, *(f"{figure.value:.3f}" for figure in shown), *blank]
    yield ["", "", *map(_interval, shown), *blank]


def _interval(figure: Figure) -> str:
    return f"{figure.low:.3f}–{figure.high:.3f}"


def _pair(entry: Entry, first: Entry) -> str:
    if entry.scores is None or first.scores is None:
        return "-"
    macro, exact, *_ = entry.scores.figures()
    lead = first.scores.lead_over(entry.scores)
    return f"{macro.value:.3f} / {exact.value:.3f}{' ' if lead.low <= 0 <= lead.high else '*'}"


def _as_row(entry: Entry, first: Scores | None) -> dict[str, Any]:
    row: dict[str, Any] = {"trial": entry.trial.name, "name": entry.name}
    if entry.scores is None:
        return row | {"missing": entry.missing}
    if first is not None and first is not entry.scores:
        row["lead_of_first"] = asdict(first.lead_over(entry.scores))
    return row | {"figures": [asdict(figure) for figure in entry.scores.figures()]}
