"""Sections of the training report that show how good the model is: summary, curves, reliability, bands."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from labels.markup import both
from train.bootstrap import counts_by_report, f1_of, interval_of, resampled_f1
from train.charts import precision_recall_chart, reliability_chart
from train.decide import SURE_PRECISION
from train.diagnosis import Band, HeldOut, band_of, band_of_lines, calibration_of, curve_of, reliability
from train.findings import Findings
from train.markup import Section, chart_name, percent, score, table, theme_name
from train.report_texts import section

_COLUMNS: Final = (
    ("主题", "theme"),
    ("F1", "F1"),
    ("95% 区间", "95% interval"),
    ("精确率", "precision"),
    ("召回率", "recall"),
    ("平均精确率", "AP"),
    ("段数", "lines"),
    ("阈值", "threshold"),
    ("校准误差", "ECE"),
)
_BAND_COLUMNS: Final = (
    ("主题", "theme"),
    ("有把握的占比", "share that is sure"),
    ("", ""),
    ("有把握时判对", "right where sure"),
    ("其余判对", "right elsewhere"),
)


def summary(findings: Findings) -> Section:
    """The figures of the whole model, then a row a theme."""
    held = findings.held
    counts = counts_by_report(held.report, held.labels & held.judged, held.found & held.judged)
    drawn, f1 = resampled_f1(counts), np.where(held.known, f1_of(counts.sum(axis=0)), math.nan)
    errors = [calibration_of(held, theme) for theme in range(len(f1))]
    lines, whole = band_of_lines(held), interval_of(drawn[:, held.known].mean(axis=1))
    right = percent(lines.right_sure)
    tiles = (
        _tile(("宏平均 F1", "macro-F1"), score(float(np.nanmean(f1))), _range(*whole)),
        _tile(("主题全对的段落", "lines with all themes right"), percent(lines.right)),
        _tile(
            ("有把握的段落", "lines that are sure"),
            percent(lines.sure),
            both(f"其中 {right} 全对", f"{right} of them all right"),
        ),
        _tile(("平均校准误差", "mean calibration error"), score(float(np.nanmean(errors)))),
    )
    intervals = [
        interval_of(drawn[:, theme]) if held.known[theme] else (math.nan, math.nan) for theme in range(len(f1))
    ]
    rows = (
        _theme_row(findings, theme, row) for theme, row in enumerate(zip(f1.tolist(), intervals, errors, strict=True))
    )
    head = [both(*titles) for titles in _COLUMNS]
    return section("summary", f'<dl class="tiles">{"".join(tiles)}</dl>{table(head, rows, "scores")}')


def curves(findings: Findings) -> Section:
    """A precision-recall curve a theme."""
    return section("curves", _charts(_curve(findings, theme) for theme in range(len(findings.scheme.themes))))


def reliabilities(findings: Findings) -> Section:
    """A reliability diagram a theme."""
    return section(
        "reliability", _charts(_reliability(findings, theme) for theme in range(len(findings.scheme.themes)))
    )


def bands(findings: Findings) -> Section:
    """What may be taken as it is and what a person should look at."""
    held, themes = findings.held, range(len(findings.scheme.themes))
    rows = [_band_row(theme_name(findings.scheme, theme), band_of(held, theme), f"c{theme + 1}") for theme in themes]
    rows.append(_band_row(f"<b>{both('整段', 'whole line')}</b>", band_of_lines(held), "whole"))
    head = [both(*titles) for titles in _BAND_COLUMNS]
    return section("bands", table(head, rows, "bands"), least=f"{SURE_PRECISION:.0%}")


def _tile(name: tuple[str, str], value: str, beside: str = "") -> str:
    return f'<div><dt>{both(*name)}</dt><dd><b>{value}</b><span class="beside">{beside}</span></dd></div>'


def _range(low: float, high: float) -> str:
    return f"[{score(low)}, {score(high)}]"


def _theme_row(findings: Findings, theme: int, row: tuple[float, tuple[float, float], float]) -> Iterator[str]:
    """The cells of a theme with its F1, the interval of that, and its calibration error."""
    held, curve, (f1, interval, error) = findings.held, curve_of(findings.held, theme), row
    precision, recall = _precision_recall(held, theme)
    yield theme_name(findings.scheme, theme)
    yield f"<b>{score(f1)}</b>"
    yield _range(*interval)
    yield score(precision)
    yield score(recall)
    yield score(curve.average if curve else math.nan)
    yield f"{int((held.labels & held.judged)[:, theme].sum()):,}"
    yield score(float(findings.trained.model.decision.threshold[theme]))
    yield score(error)


def _charts(figures: Iterator[str]) -> str:
    return f'<div class="charts">{"".join(figures)}</div>'


def _curve(findings: Findings, theme: int) -> str:
    curve = curve_of(findings.held, theme)
    if curve is None:
        nothing = both("语料里没有这个主题的段落。", "No line of the corpus has this theme.")
        return _figure(findings, theme, _empty(nothing))
    precision, recall = _precision_recall(findings.held, theme)
    threshold = float(findings.trained.model.decision.threshold[theme])
    name = chart_name(findings.scheme, theme)
    chart = precision_recall_chart(curve, (recall, precision), threshold, f"c{theme + 1}", name)
    return _figure(findings, theme, chart, f"AP {score(curve.average)}")


def _reliability(findings: Findings, theme: int) -> str:
    if not findings.held.known[theme]:
        nobody = both("没有人判断过这个主题。", "Nobody judged a line for this theme.")
        return _figure(findings, theme, _empty(nobody))
    bins, name = reliability(findings.held, theme), chart_name(findings.scheme, theme)
    chart = reliability_chart(bins, f"c{theme + 1}", name)
    return _figure(findings, theme, chart, f"ECE {score(calibration_of(findings.held, theme))}")


def _figure(findings: Findings, theme: int, chart: str, note: str = "") -> str:
    name = theme_name(findings.scheme, theme)
    return f'<figure><figcaption>{name}<span class="note num">{note}</span></figcaption>{chart}</figure>'


def _empty(wording: str) -> str:
    return f'<p class="empty">{wording}</p>'


def _band_row(name: str, band: Band, colour: str) -> Iterator[str]:
    yield name
    yield f'<span class="track {colour}"><i style="width:{np.nan_to_num(band.sure):.2%}"></i></span>'
    yield percent(band.sure)
    yield percent(band.right_sure)
    yield percent(band.right_unsure)


def _precision_recall(held: HeldOut, theme: int) -> tuple[float, float]:
    hit, extra, missed = (int(marks[:, theme].sum()) for marks in (held.hit, held.extra, held.missed))
    return hit / max(hit + extra, 1), hit / max(hit + missed, 1)
