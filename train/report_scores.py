"""Sections of the training report that show how good the model is: summary, curves, reliability, bands."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from train.bootstrap import counts_by_report, f1_of, interval_of, resampled_f1
from train.charts import precision_recall_chart, reliability_chart
from train.decide import SURE_PRECISION
from train.diagnosis import Band, HeldOut, band_of, band_of_lines, curve_of, reliability
from train.findings import Findings
from train.markup import Section, both, escape, percent, score, table, theme_name
from train.measures import calibration_error


def summary(findings: Findings) -> Section:
    """The figures of the whole model, then a row a theme."""
    held = findings.held
    counts = counts_by_report(held.report, held.labels & held.judged, held.found & held.judged)
    drawn, f1 = resampled_f1(counts), f1_of(counts.sum(axis=0))
    errors = [_calibration(held, theme) for theme in range(len(f1))]
    lines = band_of_lines(held)
    exact = float(((held.found == held.labels) | ~held.judged).all(axis=1).mean())
    tiles = [
        _tile(("宏平均 F1", "macro-F1"), score(float(f1.mean())), _range(*interval_of(drawn.mean(axis=1)))),
        _tile(("主题全对的段落", "lines with all themes right"), percent(exact)),
        _tile(("有把握的段落", "lines that are sure"), percent(lines.sure), _inside(lines)),
        _tile(("平均校准误差", "mean calibration error"), score(float(np.nanmean(errors)))),
    ]
    head = [both(*titles) for titles in _COLUMNS]
    rows = [
        _theme_row(findings, theme, float(f1[theme]), interval_of(drawn[:, theme]), errors[theme])
        for theme in range(len(f1))
    ]
    return Section(
        "summary",
        ("总览", "Summary"),
        (
            "每段正文都由没有见过它的模型判断（按报告成组轮流留出）。方括号内是按报告重抽样得到的 95% 区间。",
            "Every body line is judged by a model that had not seen it (groups of reports held out in turn). Brackets "
            "hold 95% intervals from resampling reports.",
        ),
        f'<dl class="tiles">{"".join(tiles)}</dl>{table(head, rows, "scores")}',
    )


_COLUMNS = (
    ("主题", "theme"),
    ("F1", "F1"),
    ("95% 区间", "95% interval"),
    ("精确率", "precision"),
    ("召回率", "recall"),
    ("平均精确率", "average precision"),
    ("段数", "lines"),
    ("阈值", "threshold"),
    ("校准误差", "calibration error"),
)


def curves(findings: Findings) -> Section:
    """A precision-recall curve a theme."""
    charts = []
    for number in range(len(findings.scheme.themes)):
        curve = curve_of(findings.held, number)
        threshold = float(findings.trained.model.decision.threshold[number])
        if curve is None:
            charts.append(_figure(findings, number, _nothing_to_find()))
            continue
        precision, recall = _precision_recall(findings.held, number)
        chart = precision_recall_chart(curve, (recall, precision), threshold, number, _spoken(findings, number))
        charts.append(_figure(findings, number, chart, f"AP {score(curve.average)}"))
    return Section(
        "curves",
        ("精确率与召回率", "Precision and recall"),
        (
            "圆点是所用的阈值：往右找得更全，往上判得更准。细线上各点 F1 相同。",
            "The dot is the threshold in use: further right finds more, further up errs less. F1 is the same all "
            "along a thin line.",
        ),
        f'<div class="charts">{"".join(charts)}</div>',
    )


def reliabilities(findings: Findings) -> Section:
    """A reliability diagram a theme."""
    charts = []
    for number in range(len(findings.scheme.themes)):
        chart = reliability_chart(reliability(findings.held, number), number, _spoken(findings, number))
        charts.append(_figure(findings, number, chart, f"ECE {score(_calibration(findings.held, number))}"))
    return Section(
        "reliability",
        ("概率可信吗", "Are the probabilities true"),
        (
            "概率分 15 档：点在对角线上，说八成就真有八成。竖线是 95% 区间，底部灰柱是各档段数（对数高度），ECE 是平均偏差。",
            "Probabilities in 15 bins: on the diagonal, 80% means 80%. Whiskers are 95% intervals, the bars below "
            "count lines (log height), ECE is the mean gap.",
        ),
        f'<div class="charts">{"".join(charts)}</div>',
    )


def bands(findings: Findings) -> Section:
    """What may be taken as it is and what a person should look at."""
    held = findings.held
    rows = [
        _band_row(theme_name(findings.scheme, number), band_of(held, number), f"c{number + 1}")
        for number in range(len(findings.scheme.themes))
    ]
    rows.append(_band_row(f"<b>{both('整段', 'whole line')}</b>", band_of_lines(held), "whole"))
    head = [both("主题", "theme"), both("有把握的占比", "share that is sure"), ""]
    head += [both("有把握时判对", "right where sure"), both("其余判对", "right elsewhere")]
    return Section(
        "bands",
        ("哪些不用再看", "What needs no second look"),
        (
            f"概率离阈值足够远的判断算有把握：在训练时留出的段落上，离得这么远的至少 {SURE_PRECISION:.0%} 是对的。"
            "其余排进待核队列。整段有把握，要各主题都有把握。",
            f"Decisions far enough from the threshold are sure: of held-out lines that far, at least {SURE_PRECISION:.0%} "
            "are right. The rest goes to the review queue. A line is sure where every theme is.",
        ),
        table(head, rows, "bands"),
    )


def _tile(name: tuple[str, str], value: str, beside: str = "") -> str:
    return f'<div><dt>{both(*name)}</dt><dd><b>{value}</b><span class="beside">{beside}</span></dd></div>'


def _range(low: float, high: float) -> str:
    return f"[{score(low)}, {score(high)}]"


def _inside(lines: Band) -> str:
    right = percent(lines.right_sure)
    return both(f"其中 {right} 全对", f"{right} of them all right")


def _theme_row(
    findings: Findings, theme: int, f1: float, interval: tuple[float, float], calibration: float
) -> Iterable[str]:
    held = findings.held
    precision, recall = _precision_recall(held, theme)
    curve = curve_of(held, theme)
    yield theme_name(findings.scheme, theme)
    yield f"<b>{score(f1)}</b>"
    yield _range(*interval)
    yield score(precision)
    yield score(recall)
    yield score(curve.average if curve else math.nan)
    yield f"{int((held.labels & held.judged)[:, theme].sum()):,}"
    yield f"{findings.trained.model.decision.threshold[theme]:.3f}"
    yield score(calibration)


def _band_row(name: str, band: Band, colour: str) -> Iterable[str]:
    yield name
    yield f'<span class="track {colour}"><i style="width:{band.sure if band.lines else 0:.2%}"></i></span>'
    yield percent(band.sure)
    yield percent(band.right_sure)
    yield percent(band.right_unsure)


def _figure(findings: Findings, theme: int, chart: str, note: str = "") -> str:
    name = theme_name(findings.scheme, theme)
    return f'<figure><figcaption>{name}<span class="note num">{note}</span></figcaption>{chart}</figure>'


def _nothing_to_find() -> str:
    return f'<p class="empty">{both("语料里没有这个主题的段落。", "No line of the corpus has this theme.")}</p>'


def _spoken(findings: Findings, theme: int) -> str:
    named = findings.scheme.themes[theme]
    return escape(f"{named.name_zh} / {named.name_en}")


def _precision_recall(held: HeldOut, theme: int) -> tuple[float, float]:
    hit, extra, missed = (int(marks[:, theme].sum()) for marks in (held.hit, held.extra, held.missed))
    return hit / max(hit + extra, 1), hit / max(hit + missed, 1)


def _calibration(held: HeldOut, theme: int) -> float:
    rows = held.judged[:, theme]
    if not rows.any():
        return math.nan
    return calibration_error(held.probability[rows, theme], held.labels[rows, theme])
