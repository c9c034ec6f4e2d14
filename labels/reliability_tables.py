"""The table of agreement: for a terminal, to paste into a paper, and as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from typing import Final

from labels.agreement import REPLICATES, Estimate
from labels.label_sets import LabelSets
from labels.reliability import ROLE, THEME_SET, Period, Reliability
from labels.scheme import Scheme
from labels.tables import aligned

_NAMES: Final = {THEME_SET: "主题集合 theme set", ROLE: "角色 role"}
_HEAD: Final = ("主题 theme", "n", "占比 present", "一致率 agreement", "κ", "α")
_COLUMNS: Final = ("week", "coders", "what", "n", "present")
_FIGURES: Final = ("agreement", "kappa", "alpha")


def plain_table(periods: Sequence[Period], sets: LabelSets, scheme: Scheme) -> Iterator[str]:
    """One block of text a period."""
    yield f"标注者 / coders: {', '.join(sets.coders)}"
    for period in periods:
        rows = [list(_HEAD), *(_cells(row, scheme) for row in period.rows)]
        yield (f"{period.week}\n" if period.week else "") + aligned(rows)


def paper_table(periods: Sequence[Period], sets: LabelSets, scheme: Scheme) -> str:
    """A Markdown table with a note on how the figures came about; word processors and converters know the form."""
    head = ["周 week", *_HEAD]
    rows = [[period.week or "全部 all", *_cells(row, scheme)] for period in periods for row in period.rows]
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * 2 + ["---:"] * 5, *rows)]
    return "\n".join([*lines, "", *_note(sets)])


def csv_table(periods: Sequence[Period]) -> bytes:
    """All figures, unrounded, with a byte order mark so that Excel reads the text right; undefined ones are empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_COLUMNS, *(f"{name}{part}" for name in _FIGURES for part in ("", "_low", "_high"))])
    for period in periods:
        for row in period.rows:
            estimates = (row.agreement, row.kappa, row.alpha)
            figures = [figure for one in estimates for figure in (one.value, one.low, one.high)]
            present = "" if row.present is None else row.present
            writer.writerow([period.week, period.coders, row.what, row.units, present, *map(_number, figures)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cells(row: Reliability, scheme: Scheme) -> list[str]:
    present = "–" if row.present is None else f"{row.present:.1%}"
    estimates = (row.agreement, row.kappa, row.alpha)
    return [_name(row.what, scheme), str(row.units), present, *map(_estimate, estimates)]


def _name(what: str, scheme: Scheme) -> str:
    return _NAMES[what] if what in _NAMES else f"{scheme.themes[scheme.ids.index(what)].name_zh} {what}"


def _estimate(one: Estimate) -> str:
    """A figure with its interval.

    >>> _estimate(Estimate(0.8214, 0.7501, 0.9)), _estimate(Estimate(math.nan, math.nan, math.nan))
    ('0.821 [0.750, 0.900]', '–')
    """
    if math.isnan(one.value):
        return "–"
    return f"{one.value:.3f}" + ("" if math.isnan(one.low) else f" [{one.low:.3f}, {one.high:.3f}]")


def _number(figure: float) -> float | str:
    return "" if math.isnan(figure) else figure


def _note(sets: LabelSets) -> Iterator[str]:
    coders, units = len(sets.coders), len(sets.units)
    yield (
        f"注：{coders} 名标注者，{units} 段由两人或以上独立标注，裁定前。κ 为 Cohen κ（多人时为两两均值），"
        "α 为 Krippendorff α（主题与角色为名义距离，主题集合为 MASI 距离）。"
        f"方括号内为按报告重抽样 {REPLICATES} 次的 95% 区间。"
    )
    yield (
        f"Note. {coders} coders; {units} lines coded by two or more of them, before adjudication. κ: Cohen's kappa "
        "(mean over pairs where there are more than two coders); α: Krippendorff's alpha (nominal; MASI distance for "
        f"the theme set). In brackets, 95 % percentile intervals from {REPLICATES} bootstrap samples of reports."
    )
