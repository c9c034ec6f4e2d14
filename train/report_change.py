"""Sections of the training report that show the way: the change against the previous model, and the learning curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from model.features import Ints
from train.charts import learning_chart
from train.findings import Comparison, Findings
from train.gate import ThemeChange, Verdict, pair
from train.learning_curve import CurvePoint
from train.markup import Section, both, escape, score, signed, table, theme_name, theme_names
from train.report_lines import place_of, shortened
from train.saved_rows import read_rows

_MOST_EXAMPLES: Final = 6
_LEAST_REACH: Final = 0.02


def change(findings: Findings) -> Section:
    """What is better and what is worse than with the model before."""
    if findings.comparison is None:
        body = _notice("这里还没有更早的模型可比。", "There is no earlier model to compare with.")
    elif not findings.comparison.verdict.lines:
        body = _not_comparable(findings.comparison.verdict)
    else:
        body = _compared(findings, findings.comparison)
    return Section(
        "change",
        ("与上一个模型相比", "Against the previous model"),
        (
            "两个模型都没见过的同一批段落，按现在的标注打分；按报告成对重抽样 1000 次。整个 95% 区间低于零才算变差。",
            "The same lines, seen by neither model, scored by the labels of now; 1000 paired resamples of reports. "
            "Worse only if the whole 95% interval is below zero.",
        ),
        body,
    )


def learning(findings: Findings) -> Section:
    """How much more labels would bring."""
    if findings.curve is None:
        body = _notice(
            "这次没有计算，因为要多训练几遍。需要时运行 <code>zhengfa train --learning-curve</code>。",
            "Not computed this time, since it takes several more trainings. Where you want it, run "
            "<code>zhengfa train --learning-curve</code>.",
        )
    elif len(findings.curve) < 2:
        body = _notice("报告太少，取不出更小的样本。", "Too few reports to draw smaller samples from.")
    else:
        body = _learned(findings, findings.curve)
    return Section(
        "learning",
        ("再标多少才有用", "What more labels would bring"),
        (
            "用一部分报告训练，同样轮流留出打分，阈值也由别组决定，所以末点可略低于总览。色带是 95% 区间。",
            "Trained on part of the reports, scored held out in the same way, thresholds from other groups too, so "
            "the last point may lie a little below the summary. The band is a 95% interval.",
        ),
        body,
    )


def _notice(chinese: str, english: str) -> str:
    return f'<p class="notice">{both(chinese, english)}</p>'


def _not_comparable(verdict: Verdict) -> str:
    reason = escape(f"{verdict.previous}: {verdict.note}")
    return _notice(f"无法比较，所以没有拦下新模型。（{reason}）", f"Not comparable, so nothing was held back. ({reason})")


def _compared(findings: Findings, comparison: Comparison) -> str:
    verdict = comparison.verdict
    names = {theme: number for number, theme in enumerate(findings.scheme.ids)}
    before, after = (float(np.mean([getattr(row, when) for row in verdict.themes])) for when in ("before", "after"))
    overall = ThemeChange("", before, after, verdict.low, verdict.high)
    reach = max([_LEAST_REACH, *(max(abs(row.low), abs(row.high)) for row in (overall, *verdict.themes))])
    rows = [_row(f"<b>{both('宏平均', 'macro')}</b>", overall, reach, "whole")]
    rows += [
        _row(theme_name(findings.scheme, names[row.theme]), row, reach, f"c{names[row.theme] + 1}")
        for row in verdict.themes
    ]
    head = [both(*titles) for titles in (("主题", "theme"), ("之前", "before"), ("现在", "now"), ("变化", "change"))]
    head += [f'<span class="scale"><i>{signed(-reach)}</i><i>0</i><i>{signed(reach)}</i></span>']
    return _verdict(comparison) + table(head, rows, "change") + _examples(findings, comparison)


def _verdict(comparison: Comparison) -> str:
    verdict = comparison.verdict
    kind, words = "", ("看不出差别", "No difference to be seen")
    if verdict.worse:
        kind, words = " warn", ("变差了", "Worse")
    elif verdict.low > 0:
        kind, words = " good", ("变好了", "Better")
    use = ("这个模型已启用。", "This model is in use.") if comparison.in_use else ("仍用旧模型。", "The old model stays in use.")
    detail = both(
        f"与 <code>{escape(verdict.previous)}</code> 比，{verdict.reports} 篇报告的 {verdict.lines:,} 段："
        f"判对了原先判错的 {verdict.fixed} 段，判错了原先判对的 {verdict.broken} 段。{use[0]}",
        f"against <code>{escape(verdict.previous)}</code>, {verdict.lines:,} lines of {verdict.reports} reports: "
        f"{verdict.fixed} lines put right, {verdict.broken} lines put wrong. {use[1]}",
    )
    return f'<p class="notice{kind}"><b>{both(*words)}</b> {detail}</p>'


def _row(name: str, row: ThemeChange, reach: float, colour: str) -> Iterable[str]:
    difference = row.after - row.before
    left, right = (50 + 50 * value / reach for value in (row.low, row.high))
    yield name
    yield score(row.before)
    yield score(row.after)
    yield f"<b>{signed(difference, 3)}</b>"
    yield (
        f'<span class="forest {colour}"><i style="left:{left:.1f}%;width:{right - left:.1f}%"></i>'
        f'<b style="left:{50 + 50 * difference / reach:.1f}%"></b></span>'
    )


def _examples(findings: Findings, comparison: Comparison) -> str:
    new, old = read_rows(comparison.previous.parent / findings.manifest["version"]), read_rows(comparison.previous)
    _, broken = pair(old, new).changed()
    paragraphs = np.sort(findings.trained.out_of_fold.paragraph)[broken]
    at = np.searchsorted(findings.held.paragraph, paragraphs)
    return _listed(findings, at[:_MOST_EXAMPLES]) if len(at) else ""


def _listed(findings: Findings, rows: Ints) -> str:
    held, items = findings.held, []
    for row in rows.tolist():
        name, line, text = place_of(findings, int(held.paragraph[row]))
        has, got = (theme_names(findings.scheme, np.flatnonzero(marks[row]).tolist()) for marks in (held.labels, held.found))
        items.append(
            f'<li><p class="where">{escape(name)} · {both(f"第 {line} 段", f"line {line}")}</p><p>{escape(shortened(text))}</p>'
            f'<p class="given"><span>{both("标注", "label")}</span>{has}<span>{both("现在给出", "now given")}</span>{got}</p></li>'
        )
    title = both("原先判对、现在判错的段落（前几段）", "Lines that were right and are wrong now (the first few)")
    return f'<details class="more"><summary>{title}</summary><ol class="lines">{"".join(items)}</ol></details>'


def _learned(findings: Findings, points: Sequence[CurvePoint]) -> str:
    themes = range(len(findings.scheme.themes))
    legend = "".join(f"<li>{theme_name(findings.scheme, theme)}</li>" for theme in themes)
    head = [both("报告", "reports"), both("段数", "lines"), both("宏平均 F1", "macro-F1"), both("95% 区间", "95% interval")]
    head += [theme_name(findings.scheme, theme) for theme in themes]
    rows = (
        [str(point.reports), f"{point.lines:,}", f"<b>{score(point.macro_f1)}</b>", f"[{score(point.low)}, {score(point.high)}]"]
        + [score(f1) for f1 in point.themes]
        for point in points
    )
    chart = learning_chart(points, "学习曲线 / learning curve")
    return f'<figure class="wide">{chart}<ul class="key">{legend}</ul></figure>{table(head, rows, "scores")}'
