"""Charts as inline SVG: plain shapes with classes, so that the page's style sheet gives colours, light or dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from train.diagnosis import Curve, Reliability
from train.learning_curve import CurvePoint

_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 12.0, 10.0, 34.0
_TENTHS: Final = tuple(number / 5 for number in range(6))
_SAME_F1: Final = (0.5, 0.7, 0.8, 0.9)
_Z: Final = 1.96
_MIDDLE: Final = 'text-anchor="middle"'
_BARS: Final = 0.16  # the part of the height that the bars of counts may fill

Points = Iterable[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot of `width` x `height` units, margins included; x and y run over their ranges (low, high)."""

    x_range: tuple[float, float] = (0, 1)
    y_range: tuple[float, float] = (0, 1)
    width: float = 320
    height: float = 280

    def x(self, value: float) -> float:
        low, high = self.x_range
        return _LEFT + (value - low) / (high - low) * (self.width - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self.y_range
        return self.height - _BOTTOM - (value - low) / (high - low) * (self.height - _TOP - _BOTTOM)

    def path(self, points: Points) -> str:
        """Places of points as SVG wants them."""
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)


def precision_recall_chart(curve: Curve, at: tuple[float, float], threshold: float, theme: int, name: str) -> str:
    """A precision-recall curve; `at` is (recall, precision) where the threshold stands."""
    frame = Frame()
    recall, precision = at
    side, shift = ("end", -9) if frame.x(recall) > frame.width / 2 else ("start", 9)
    label = _text(
        frame.x(recall) + shift,
        frame.y(precision) + 16,
        (f"阈值 {threshold:.2f}", f"threshold {threshold:.2f}"),
        "mark",
        f'text-anchor="{side}"',
    )
    inside = (
        _same_f1(frame)
        + f'<polyline class="guide" points="{frame.path([(recall, 0), at, (0, precision)])}"/>'
        + f'<polyline class="curve" points="{frame.path(zip(curve.recall, curve.precision, strict=True))}"/>'
        + f'<circle class="spot" cx="{frame.x(recall):.1f}" cy="{frame.y(precision):.1f}" r="4.5"/>'
        + label
    )
    return _chart(frame, inside, ("召回率", "recall"), ("精确率", "precision"), theme, name)


def reliability_chart(bins: Reliability, theme: int, name: str) -> str:
    """What share of lines has the theme against what probability said so, with counts as bars below."""
    frame = Frame()
    most = math.log1p(int(bins.count.max(initial=1)))
    bars, dots = [], []
    for count, predicted, observed in zip(
        bins.count.tolist(), bins.predicted.tolist(), bins.observed.tolist(), strict=True
    ):
        x, top = frame.x(predicted), frame.y(math.log1p(count) / most * _BARS)
        bars.append(f'<rect class="bar" x="{x - 4:.1f}" y="{top:.1f}" width="8" height="{frame.y(0) - top:.1f}"/>')
        low, high = wilson(observed, count)
        dots.append(
            f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{frame.y(low):.1f}" y2="{frame.y(high):.1f}"/>'
            f'<circle class="point" cx="{x:.1f}" cy="{frame.y(observed):.1f}" r="3.2"><title>{count}</title></circle>'
        )
    diagonal = f'<polyline class="guide" points="{frame.path([(0, 0), (1, 1)])}"/>'
    line = f'<polyline class="thin" points="{frame.path(zip(bins.predicted, bins.observed, strict=True))}"/>'
    inside = "".join((*bars, diagonal, line, *dots))
    return _chart(frame, inside, ("模型给出的概率", "probability given"), ("实际占比", "share that has it"), theme, name)


def learning_chart(points: Sequence[CurvePoint], name: str) -> str:
    """F1 by number of reports: macro with its interval, the themes as thin lines."""
    lowest = min(min(point.low, *point.themes) for point in points)
    frame = Frame((0, points[-1].reports * 1.04), (math.floor(lowest * 10) / 10, 1.0), 680, 320)
    band = [(point.reports, point.low) for point in points]
    band += [(point.reports, point.high) for point in reversed(points)]
    themes = (
        f'<polyline class="thin c{number}" points="{frame.path((p.reports, p.themes[number - 1]) for p in points)}"/>'
        for number in range(1, len(points[0].themes) + 1)
    )
    inside = (
        f'<polygon class="band" points="{frame.path(band)}"/>{"".join(themes)}'
        f'<polyline class="curve" points="{frame.path((point.reports, point.macro_f1) for point in points)}"/>'
        + "".join(_learning_dot(frame, point) for point in points)
    )
    x_ticks = [float(point.reports) for point in points]
    y_ticks = [number / 10 for number in range(round(frame.y_range[0] * 10), 11)]
    return _chart(frame, inside, ("报告篇数", "reports"), ("F1", "F1"), None, name, (x_ticks, y_ticks))


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share.

    >>> [round(value, 3) for value in wilson(0.5, 10)]
    [0.237, 0.763]
    """
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z / (1 + _Z**2 / count) * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _learning_dot(frame: Frame, point: CurvePoint) -> str:
    x, y = frame.x(point.reports), frame.y(point.macro_f1)
    return (
        f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        f'<text class="mark" x="{x:.1f}" y="{frame.y(frame.y_range[0]) - 8:.1f}" text-anchor="middle">'
        f"{point.macro_f1:.3f}</text>"
    )


def _same_f1(frame: Frame) -> str:
    """Thin lines of equal F1, from precision 1 to recall 1, each with its number at the right end."""
    lines = []
    for f1 in _SAME_F1:
        least = f1 / (2 - f1)
        recalls = [least + (1 - least) * step / 24 for step in range(25)]
        points = frame.path((recall, f1 * recall / (2 * recall - f1)) for recall in recalls)
        lines.append(
            f'<polyline class="same" points="{points}"/><text class="tick" x="{frame.x(1) - 3:.1f}" '
            f'y="{frame.y(least) + 10:.1f}" text-anchor="end">{f1:g}</text>'
        )
    return "".join(lines)


def _chart(
    frame: Frame,
    inside: str,
    x_title: tuple[str, str],
    y_title: tuple[str, str],
    theme: int | None,
    name: str,
    ticks: tuple[Sequence[float], Sequence[float]] = (_TENTHS, _TENTHS),
) -> str:
    """Axes, their titles and what stands `inside`; `name` is read out, `theme` gives the colour."""
    colour = "" if theme is None else f" c{theme + 1}"
    middle = (_LEFT + frame.width - _RIGHT) / 2
    x_text = _text(middle, frame.height - 3, x_title, "axis", _MIDDLE)
    y_text = _text(0, 0, y_title, "axis", f'{_MIDDLE} transform="translate(9 {frame.height / 2 - 12:.0f}) rotate(-90)"')
    return (
        f'<svg class="chart{colour}" viewBox="0 0 {frame.width:g} {frame.height:g}" role="img" aria-label="{name}">'
        f"{''.join(_grid(frame, *ticks))}{inside}{x_text}{y_text}</svg>"
    )


def _grid(frame: Frame, x_ticks: Sequence[float], y_ticks: Sequence[float]) -> Iterable[str]:
    left, right, bottom = frame.x(frame.x_range[0]), frame.x(frame.x_range[1]), frame.y(frame.y_range[0])
    for value in y_ticks:
        y = frame.y(value)
        yield (
            f'<line class="grid" x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{left - 5:.1f}" y="{y + 3.5:.1f}" text-anchor="end">{value:g}</text>'
        )
    for value in x_ticks:
        x = frame.x(value)
        yield f'<text class="tick" x="{x:.1f}" y="{bottom + 14:.1f}" text-anchor="middle">{value:g}</text>'


def _text(x: float, y: float, titles: tuple[str, str], kind: str, attributes: str) -> str:
    """A text in both languages at one place."""
    return "".join(
        f'<text class="{language} {kind}" x="{x:.1f}" y="{y:.1f}" {attributes}>{title}</text>'
        for language, title in zip(("zh", "en"), titles, strict=True)
    )
