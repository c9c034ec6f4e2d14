"""Sections of the training report that show the way: the change against the previous model, and the learning curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from labels.markup import both
from train.charts import learning_chart
from train.findings import Findings
from train.gate import ThemeChange, Verdict, pair
from train.learning_curve import CurvePoint
from train.markup import Section, escape, given, place, score, shortened, signed, table, theme_name
from train.report_texts import section
from train.saved_rows import read_rows
from train.succession import Predecessor

_MOST_EXAMPLES: Final = 6
_LEAST_REACH: Final = 0.02
_CHANGE_COLUMNS: Final = (("主题", "theme"), ("之前", "before"), ("现在", "now"), ("变化", "change"))
_CURVE_COLUMNS: Final = (
    ("报告", "reports"),
    ("段数", "lines"),
    ("宏平均 F1", "macro-F1"),
    ("95% 区间", "95% interval"),
)


def change(findings: Findings) -> Section:
    """What is better and what is worse than with the model before."""
    before = findings.predecessor
    if before is None:
        return section("change", _notice("这里还没有更早的模型可比。", "There is no earlier model to compare with."))
    if not before.verdict.lines:
        return section("change", _not_comparable(before.verdict))
    body = _verdict(before) + _changes(findings, before.verdict) + _examples(findings, before)
    return section("change", body)


def learning(findings: Findings) -> Section:
    """How much more labels would bring."""
    if findings.curve is None:
        command = "<code>zhengfa train --learning-curve</code>"
        body = _notice(
            f"这次没有计算，因为要多训练几遍。需要时运行 {command}。",
            f"Not computed this time, since it takes several more trainings. Where you want it, run {command}.",
        )
    elif len(findings.curve) < 2:
        body = _notice("报告太少，取不出更小的样本。", "Too few reports to draw smaller samples from.")
    else:
        body = _learned(findings, findings.curve)
    return section("learning", body)


def _notice(chinese: str, english: str) -> str:
    return f'<p class="notice">{both(chinese, english)}</p>'


def _not_comparable(verdict: Verdict) -> str:
    reason = escape(f"{verdict.previous}: {verdict.note}")
    return _notice(
        f"无法比较，所以没有拦下新模型。（{reason}）", f"Not comparable, so nothing was held back. ({reason})"
    )


def _verdict(before: Predecessor) -> str:
    verdict = before.verdict
    kind, words = "", ("看不出差别", "No difference to be seen")
    if verdict.worse:
        kind, words = " warn", ("变差了", "Worse")
    elif verdict.low > 0:
        kind, words = " good", ("变好了", "Better")
    use = ("这个模型已启用。", "This model is in use.")
    if not before.replaced:
        use = ("仍用旧模型。", "The old model stays in use.")
    name = f"<code>{escape(verdict.previous)}</code>"
    detail = both(
        f"与 {name} 比，{verdict.reports} 篇报告的 {verdict.lines:,} 段："
        f"判对了原先判错的 {verdict.fixed} 段，判错了原先判对的 {verdict.broken} 段。{use[0]}",
        f"against {name}, on {verdict.lines:,} lines of {verdict.reports} reports: "
        f"{verdict.fixed} lines put right, {verdict.broken} put wrong. {use[1]}",
    )
    return f'<p class="notice{kind}"><b>{both(*words)}</b> {detail}</p>'


def _changes(findings: Findings, verdict: Verdict) -> str:
    """Before, now, and the difference with its interval: over all, then a row a theme."""
    before = float(np.mean([theme.before for theme in verdict.themes]))
    overall = ThemeChange("", before, before + verdict.difference, verdict.low, verdict.high)
    reach = max(_LEAST_REACH, *(max(abs(row.low), abs(row.high)) for row in (overall, *verdict.themes)))
    rows = [_change_row(f"<b>{both('宏平均', 'macro')}</b>", overall, reach, "whole")]
    for row in verdict.themes:
        number = findings.scheme.ids.index(row.theme)
        rows.append(_change_row(theme_name(findings.scheme, number), row, reach, f"c{number + 1}"))
    head = [both(*titles) for titles in _CHANGE_COLUMNS]
    head.append(f'<span class="scale"><i>{signed(-reach)}</i><i>0</i><i>{signed(reach)}</i></span>')
    return table(head, rows, "change")


def _change_row(name: str, row: ThemeChange, reach: float, colour: str) -> Iterator[str]:
    difference = row.after - row.before
    left, middle, right = (50 + 50 * value / reach for value in (row.low, difference, row.high))
    yield name
    yield score(row.before)
    yield score(row.after)
    yield f"<b>{signed(difference, 3)}</b>"
    yield (
        f'<span class="forest {colour}"><i style="left:{left:.1f}%;width:{right - left:.1f}%"></i>'
        f'<b style="left:{middle:.1f}%"></b></span>'
    )


def _examples(findings: Findings, before: Predecessor) -> str:
    """Lines that the model before had right; rows are saved in the order of the corpus."""
    _, broken = pair(read_rows(before.folder), read_rows(findings.folder)).changed()
    paragraphs = np.sort(findings.trained.out_of_fold.paragraph)[broken[:_MOST_EXAMPLES]]
    rows = np.searchsorted(findings.held.paragraph, paragraphs).tolist()
    if not rows:
        return ""
    title = both("原先判对、现在判错的段落（前几段）", "Lines that were right and are wrong now (the first few)")
    items = "".join(_example(findings, row) for row in rows)
    return f'<details class="more"><summary>{title}</summary><ol class="lines">{items}</ol></details>'


def _example(findings: Findings, row: int) -> str:
    held = findings.held
    document = findings.stack.documents[held.report[row]]
    number = int(held.paragraph[row] - np.searchsorted(findings.stack.examples.report_of, held.report[row]))
    labels, found = (np.flatnonzero(marks[row]).tolist() for marks in (held.labels, held.found))
    themes = given(findings.scheme, (("标注", "label"), labels), (("现在给出", "now given"), found))
    text = escape(shortened(document.lines[number].text))
    return f'<li>{place(document.name, number + 1)}<p class="text">{text}</p>{themes}</li>'


def _learned(findings: Findings, points: Sequence[CurvePoint]) -> str:
    names = [theme_name(findings.scheme, theme) for theme in range(len(findings.scheme.themes))]
    legend = "".join(f"<li>{name}</li>" for name in names)
    chart = learning_chart(points, "学习曲线 / learning curve")
    head = [*(both(*titles) for titles in _CURVE_COLUMNS), *names]
    rows = table(head, map(_curve_row, points), "scores")
    return f'<figure class="wide"><div class="inner">{chart}</div><ul class="key">{legend}</ul></figure>{rows}'


def _curve_row(point: CurvePoint) -> Iterator[str]:
    yield str(point.reports)
    yield f"{point.lines:,}"
    yield f"<b>{score(point.macro_f1)}</b>"
    yield f"[{score(point.low)}, {score(point.high)}]"
    yield from map(score, point.themes)
