"""Charts as inline SVG: plain shapes with classes, so that the page's style sheet gives colours, light or dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from train.diagnosis import Curve, Reliability
from train.learning_curve import CurvePoint

_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 20.0, 10.0, 34.0
_FIFTHS: Final = tuple(number / 5 for number in range(6))
_SAME_F1: Final = (0.5, 0.7, 0.8, 0.9)
_Z: Final = 1.96
_BARS: Final = 0.16  # the part of the height that the bars of counts may fill
_MIDDLE: Final = 'text-anchor="middle"'

Points = Iterable[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis is called in both languages, its range and where it has numbers."""

    title: tuple[str, str]
    low: float = 0.0
    high: float = 1.0
    ticks: Sequence[float] = _FIFTHS

    def part(self, value: float) -> float:
        """How far along the axis a value stands, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot of `width` x `height` units, margins included."""

    x_axis: Axis
    y_axis: Axis
    width: float = 320
    height: float = 280

    def x(self, value: float) -> float:
        return _LEFT + self.x_axis.part(value) * (self.width - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return self.height - _BOTTOM - self.y_axis.part(value) * (self.height - _TOP - _BOTTOM)

    def path(self, points: Points) -> str:
        """Places of points as SVG wants them."""
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)


def precision_recall_chart(curve: Curve, at: tuple[float, float], threshold: float, colour: str, name: str) -> str:
    """A precision-recall curve; `at` is (recall, precision) where the threshold stands."""
    frame = Frame(Axis(("召回率", "recall")), Axis(("精确率", "precision")))
    x, y = frame.x(at[0]), frame.y(at[1])
    side, shift = ("end", -9) if x > frame.width / 2 else ("start", 9)
    titles = (f"阈值 {threshold:.2f}", f"threshold {threshold:.2f}")
    inside = (
        *_same_f1(frame),
        f'<polyline class="guide" points="{frame.path([(at[0], 0), at, (0, at[1])])}"/>',
        f'<polyline class="curve" points="{frame.path(zip(curve.recall, curve.precision, strict=True))}"/>',
        f'<circle class="spot" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>',
        _text(x + shift, y + 16, titles, "mark", f'text-anchor="{side}"'),
    )
    return _chart(frame, "".join(inside), colour, name)


def reliability_chart(bins: Reliability, colour: str, name: str) -> str:
    """What share of lines has the theme against what probability said so, with counts as bars below."""
    frame = Frame(Axis(("模型给出的概率", "probability given")), Axis(("实际占比", "share that has it")))
    rows = list(zip(bins.count.tolist(), bins.predicted.tolist(), bins.observed.tolist(), strict=True))
    most = math.log1p(max((count for count, _, _ in rows), default=1))
    inside = (
        *(_tally(frame, predicted, math.log1p(count) / most) for count, predicted, _ in rows),
        f'<polyline class="guide" points="{frame.path([(0, 0), (1, 1)])}"/>',
        f'<polyline class="thin" points="{frame.path((predicted, observed) for _, predicted, observed in rows)}"/>',
        *(_bin(frame, *row) for row in rows),
    )
    return _chart(frame, "".join(inside), colour, name)


def learning_chart(points: Sequence[CurvePoint], name: str) -> str:
    """F1 by number of reports: macro with its interval, the themes as thin lines."""
    # Numbers stand every 0.05 where that leaves few of them, else every 0.1.
    steps = math.floor(min(min(point.low, *point.themes) for point in points) * 20)
    ticks = [number / 20 for number in range(steps, 21) if steps > 14 or number % 2 == 0]
    sizes = [float(point.reports) for point in points]
    frame = Frame(
        Axis(("报告篇数", "reports"), 0, sizes[-1] * 1.04, sizes), Axis(("F1", "F1"), steps / 20, 1, ticks), 680, 320
    )
    band = [(point.reports, point.low) for point in points]
    band += [(point.reports, point.high) for point in reversed(points)]
    columns = zip(*(point.themes for point in points), strict=True)
    inside = (
        f'<polygon class="band" points="{frame.path(band)}"/>',
        *(
            f'<polyline class="thin c{number}" points="{frame.path(zip(sizes, column, strict=True))}"/>'
            for number, column in enumerate(columns, 1)
        ),
        f'<polyline class="curve" points="{frame.path((point.reports, point.macro_f1) for point in points)}"/>',
        *(_size(frame, point) for point in points),
    )
    return _chart(frame, "".join(inside), "", name)


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share.

    >>> [round(value, 3) for value in wilson(0.5, 10)]
    [0.237, 0.763]
    """
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z / (1 + _Z**2 / count) * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _tally(frame: Frame, at: float, part: float) -> str:
    top = frame.y(part * _BARS)
    return f'<rect class="tally" x="{frame.x(at) - 4:.1f}" y="{top:.1f}" width="8" height="{frame.y(0) - top:.1f}"/>'


def _bin(frame: Frame, count: int, predicted: float, observed: float) -> str:
    x, (low, high) = frame.x(predicted), wilson(observed, count)
    return (
        f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{frame.y(low):.1f}" y2="{frame.y(high):.1f}"/>'
        f'<circle class="point" cx="{x:.1f}" cy="{frame.y(observed):.1f}" r="3.2"><title>{count}</title></circle>'
    )


def _size(frame: Frame, point: CurvePoint) -> str:
    """A dot of the learning curve, its number above all that is drawn there."""
    x, above = frame.x(point.reports), frame.y(max(point.high, *point.themes)) - 8
    return (
        f'<circle class="spot" cx="{x:.1f}" cy="{frame.y(point.macro_f1):.1f}" r="4"/>'
        f'<text class="mark" x="{x:.1f}" y="{above:.1f}" {_MIDDLE}>{point.macro_f1:.3f}</text>'
    )


def _same_f1(frame: Frame) -> Iterable[str]:
    """Thin lines of equal F1, from precision 1 to recall 1, each with its number at the right end."""
    for f1 in _SAME_F1:
        least = f1 / (2 - f1)
        recalls = [least + (1 - least) * step / 24 for step in range(25)]
        points = frame.path((recall, f1 * recall / (2 * recall - f1)) for recall in recalls)
        yield f'<polyline class="same" points="{points}"/>'
        yield f'<text class="tick" x="{frame.x(1) + 4:.1f}" y="{frame.y(least) + 3:.1f}">{f1:g}</text>'


def _chart(frame: Frame, inside: str, colour: str, name: str) -> str:
    """Axes, their titles and what stands `inside`; `name` is what is read out of the picture, as HTML."""
    middle, turned = (_LEFT + frame.width - _RIGHT) / 2, f"translate(9 {frame.height / 2 - 12:.0f}) rotate(-90)"
    titles = _text(middle, frame.height - 3, frame.x_axis.title, "axis", _MIDDLE)
    titles += _text(0, 0, frame.y_axis.title, "axis", f'{_MIDDLE} transform="{turned}"')
    return (
        f'<svg class="chart {colour}" viewBox="0 0 {frame.width:g} {frame.height:g}" role="img" aria-label="{name}">'
        f"{''.join(_grid(frame))}{inside}{titles}</svg>"
    )


def _grid(frame: Frame) -> Iterable[str]:
    left, right = _LEFT, frame.width - _RIGHT
    for value in frame.y_axis.ticks:
        y = frame.y(value)
        yield f'<line class="grid" x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="tick" x="{left - 5:.1f}" y="{y + 3.5:.1f}" text-anchor="end">{value:g}</text>'
    for value in frame.x_axis.ticks:
        yield (
            f'<text class="tick" x="{frame.x(value):.1f}" y="{frame.height - _BOTTOM + 14:.1f}" {_MIDDLE}>'
            f"{value:g}</text>"
        )


def _text(x: float, y: float, titles: tuple[str, str], kind: str, attributes: str) -> str:
    """A text in both languages at one place."""
    return "".join(
        f'<text class="{language} {kind}" x="{x:.1f}" y="{y:.1f}" {attributes}>{title}</text>'
        for language, title in zip(("zh", "en"), titles, strict=True)
    )
