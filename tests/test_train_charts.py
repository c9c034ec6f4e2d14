"""Charts: every place is a number inside the picture, whatever the numbers drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from train.charts import learning_chart, precision_recall_chart, reliability_chart, wilson
from train.diagnosis import Curve, Reliability
from train.learning_curve import CurvePoint

share = st.floats(0, 1)


@given(st.lists(st.tuples(st.integers(1, 10**6), share, share), max_size=15), share, share, share)
def test_charts_stay_inside(bins: list[tuple[int, float, float]], recall: float, precision: float, threshold: float):
    """Whatever the numbers, every place is a number inside the picture."""
    columns = [np.array([row[part] for row in bins]) for part in range(3)]
    chart = reliability_chart(Reliability(*columns), "c1", "x")
    chart += precision_recall_chart(Curve(columns[1], columns[2], 0.5), (recall, precision), threshold, "c1", "x")
    places = re.findall(r'(?:points|c?[xy][12]?)="([^"]*)"', chart)
    numbers = [float(number) for place in places for number in re.split("[ ,]+", place) if number]
    assert all(-10 <= number <= 330 for number in numbers)


@given(share, st.integers(1, 10**6))
def test_wilson_holds_the_share(part: float, count: int):
    """The interval of a share is a part of 0 to 1 and holds the share."""
    low, high = wilson(part, count)
    assert 0 <= low <= part + 1e-9
    assert part - 1e-9 <= high <= 1


@given(st.lists(st.tuples(share, share, share), min_size=2, max_size=5))
def test_learning_chart_of_any_scores(scores: list[tuple[float, float, float]]):
    """From 0 to 1 every curve can be drawn."""
    points = [
        CurvePoint(10 * number, 10, middle, min(row), max(row), row)
        for number, row in enumerate(scores, 1)
        for middle in [sorted(row)[1]]
    ]
    ET.fromstring(learning_chart(points, "x"))
