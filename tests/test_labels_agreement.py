"""Agreement: the published worked examples, the edges, and intervals that hold what they promise."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from labels.agreement import (
    alpha_estimate,
    cohen_kappa,
    krippendorff_alpha,
    masi,
    mean_kappa_estimate,
    mean_share_estimate,
    set_alpha,
)

LABELS = Path(__file__).parent.parent / "labels"
# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): these data, these figures.
FOUR_CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
MEG, OWEN = "0100000010", "1110010000"


def squared(left: int, right: int) -> float:
    return float((left - right) ** 2)


def sets(*values: str) -> list[frozenset[str] | None]:
    return [None if value == "." else frozenset(value) for value in values]


def expand(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


@pytest.mark.parametrize(
    ("values", "alpha"),
    [
        pytest.param([list(MEG), list(OWEN)], 0.095, id="binary, two coders"),
        pytest.param([list(BEN), list(GERRY)], 0.692, id="nominal, two coders"),
        pytest.param(
            FOUR_CODERS,
            0.743,
            id="nominal, four coders, missing values",
        ),
    ],
)
def test_alpha_is_that_of_the_published_examples(values, alpha):
    """Krippendorff (2011) gives these figures for these data."""
    assert round(krippendorff_alpha(values), 3) == alpha


def test_alpha_takes_another_distance():
    """With squared differences it is the interval alpha that Krippendorff (2011) gives for the four coders."""
    assert round(krippendorff_alpha(FOUR_CODERS, squared), 3) == 0.849


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        pytest.param([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.492, id="Cohen 1960"),
        pytest.param([[20, 5], [10, 15]], 0.4, id="fifty grants"),
        pytest.param([[5, 0], [0, 5]], 1.0, id="perfect"),
        pytest.param([[0, 5], [5, 0]], -1.0, id="opposite"),
    ],
)
def test_kappa_is_that_of_the_published_examples(table, kappa):
    """Kappa from a table of counts, expanded to two coders' values."""
    assert round(cohen_kappa(*expand(table)), 3) == kappa


def test_kappa_is_scikit_learns():
    """On random values of several prevalences it is cohen_kappa_score to the last bits."""
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(0)
    for values, share in itertools.product((2, 3, 5), (0.1, 0.5, 0.9)):
        a = rng.integers(values, size=200)
        b = np.where(rng.random(200) < share, a, rng.integers(values, size=200))
        assert cohen_kappa(a.tolist(), b.tolist()) == pytest.approx(cohen_kappa_score(a, b), abs=1e-12)


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [("ab", "ab", 0), ("", "", 0), ("a", "b", 1), ("", "a", 1), ("a", "abc", 1 - 2 / 9), ("ab", "bc", 1 - 1 / 9)],
)
def test_masi_is_jaccard_times_monotonicity(left, right, distance):
    """Equal sets are at 0, disjoint ones at 1; holding counts 2/3 and overlap 1/3 of the Jaccard index."""
    assert masi(set(left), set(right)) == masi(set(right), set(left)) == pytest.approx(distance)


def test_alpha_of_sets_is_its_definition():
    """It equals the mean over pairs within units against the mean over all pairs of values, with MASI between."""
    values = [sets("ab", "a", "", "c", "bc"), sets("a", "a", "", "cd", "."), sets("ab", "b", "c", "c", ".")]
    units = [[value for value in unit if value is not None] for unit in zip(*values, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    everything = [value for unit in units for value in unit]
    observed = sum(sum(masi(x, y) for x, y in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units)
    expected = sum(masi(x, y) for x, y in itertools.permutations(everything, 2)) / (len(everything) - 1)
    assert set_alpha(values) == pytest.approx(1 - observed / expected)


@pytest.mark.parametrize(
    ("a", "b"), [pytest.param([], [], id="no units"), pytest.param([0, 0], [0, 0], id="one value throughout")]
)
def test_what_cannot_be_known_is_nan(a, b):
    """Where no two values could differ there is no agreement beyond chance to speak of, and no interval."""
    estimates = (mean_kappa_estimate([a, b]), alpha_estimate([a, b]))
    figures = [cohen_kappa(a, b), krippendorff_alpha([a, b])]
    figures += [figure for one in estimates for figure in (one.value, one.low, one.high)]
    assert all(map(math.isnan, figures))


def test_kappa_of_several_coders_is_the_mean_over_pairs():
    """Each pair counts by the units it shares; with two coders it is Cohen's, and agreement that of pairs."""
    a, b, c = [1, 1, 0, 0, 1, 0], [1, 0, 0, 0, 1, 1], [1, 1, 0, None, None, None]
    three = mean_kappa_estimate([a, b, c])
    pairs = [(cohen_kappa(a, b), 6), (cohen_kappa(a[:3], c[:3]), 3), (cohen_kappa(b[:3], c[:3]), 3)]
    assert three.value == pytest.approx(sum(kappa * units for kappa, units in pairs) / 12)
    assert mean_kappa_estimate([a, b]).value == pytest.approx(cohen_kappa(a, b))
    assert mean_share_estimate([a, b]).value == pytest.approx(4 / 6)
    assert mean_share_estimate([a, b, c]).value == pytest.approx((4 + 3 + 2) / 12)


def test_coders_of_different_units_are_refused():
    """Sequences of different lengths are a mistake of the caller, not a low agreement."""
    with pytest.raises(ValueError, match="not 2 and 1"):
        cohen_kappa([1, 0], [1])


def test_an_interval_is_deterministic_and_holds_the_figure():
    """The same seed gives the same interval, another one another; the figure lies inside."""
    rng = np.random.default_rng(1)
    a = rng.integers(2, size=300).tolist()
    b = np.where(rng.random(300) < 0.9, a, 1 - np.array(a)).tolist()
    one, again, other = mean_kappa_estimate([a, b]), mean_kappa_estimate([a, b]), mean_kappa_estimate([a, b], seed=1)
    assert one == again != other
    assert one.low < one.value < one.high
    assert alpha_estimate([a, b]).value == pytest.approx(one.value, abs=0.01)
    assert mean_share_estimate([a, b]).value == pytest.approx(np.mean(np.array(a) == np.array(b)))


def test_units_of_a_report_are_drawn_together():
    """Ten copies of every unit in one group tell no more than one copy: the interval stays as wide."""
    rng = np.random.default_rng(2)
    a = rng.integers(2, size=60).tolist()
    b = np.where(rng.random(60) < 0.85, a, 1 - np.array(a)).tolist()
    single, copied = mean_kappa_estimate([a, b]), mean_kappa_estimate([a * 10, b * 10], groups=list(range(60)) * 10)
    naive = mean_kappa_estimate([a * 10, b * 10])
    assert copied.high - copied.low == pytest.approx(single.high - single.low, rel=0.05)
    assert naive.high - naive.low < 0.5 * (copied.high - copied.low)


def test_an_interval_covers_the_truth():
    """Over 200 samples of a known population nine in ten intervals or more hold its kappa."""
    truth, held = 0.6, 0
    rng = np.random.default_rng(3)
    for sample in range(200):
        a = rng.integers(2, size=150)
        b = np.where(rng.random(150) < 0.8, a, 1 - a)
        one = mean_kappa_estimate([a.tolist(), b.tolist()], seed=sample)
        held += one.low <= truth <= one.high
    assert held >= 180


@pytest.mark.parametrize(
    ("folder", "kappas"),
    [("heldout", (0.972, 0.960, 0.976, 0.972)), ("development", (0.952, 0.968, 0.948, 0.985))],
)
def test_the_readers_of_the_held_out_reports(folder, kappas):
    """On both readings of every body line it gives the figures that the folder's README has."""
    with (LABELS / folder / "readings.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["role"] == "body"]
    found = [cohen_kappa(*([code in row[f"themes_{who}"] for row in rows] for who in "ab")) for code in "PSMR"]
    assert tuple(round(kappa, 3) for kappa in found) == kappas
    assert all(str(f"{kappa:.3f}") in (LABELS / folder / "README.md").read_text("utf-8") for kappa in kappas)
