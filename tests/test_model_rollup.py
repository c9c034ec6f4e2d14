import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model import rollup

IDS = ("party_building", "security", "mediation", "rule_of_law")


def weigh(paragraphs: list[list[tuple[int, list[int]]]], themes: int) -> rollup.Weights:
    """Weights of paragraphs, each given as its sentences: characters, numbers of themes."""
    flat = [(chars, found, number) for number, own in enumerate(paragraphs) for chars, found in own]
    marks = np.array([[theme in found for theme in range(themes)] for _, found, _ in flat], dtype=np.bool_)
    chars, paragraph = (np.array([row[column] for row in flat], dtype=np.int64) for column in (0, 2))
    return rollup.weigh(chars, marks.reshape(-1, themes), paragraph, len(paragraphs))


def test_shares_count_characters_and_split_sentences_of_two_themes() -> None:
    """A theme's share is that of its sentences' characters; two themes get half each, no theme is none."""
    weights = weigh([[(30, [1]), (20, [1, 2])], [(40, [])], [(10, [0, 1, 3])]], 4)
    assert rollup.shares(weights).tolist() == [0.0333, 0.4333, 0.1, 0.0333, 0.4]


def test_no_body_text_has_no_shares() -> None:
    """A report without body text has zeros everywhere, not NaN."""
    for weights in (weigh([], 4), weigh([[], []], 4)):
        assert rollup.shares(weights).tolist() == [0.0] * 5
        assert [bound.tolist() for bound in rollup.intervals(weights)] == [[0.0] * 5] * 2


@pytest.mark.parametrize(
    ("shares", "heading", "expected"),
    [
        ([0.1, 0.5, 0.2, 0.0], [], "security"),
        ([0.3, 0.3, 0.0, 0.0], [], "party_building"),
        ([0.0, 0.0, 0.01, 0.0], ["security"], "mediation"),
        ([0.0, 0.0, 0.0, 0.0], ["rule_of_law", "security"], "rule_of_law"),
        ([0.0, 0.0, 0.0, 0.0], [], None),
    ],
    ids=["largest", "first of equals", "little text outranks the heading", "heading stands in", "nothing"],
)
def test_primary(shares: list[float], heading: list[str], expected: str | None) -> None:
    """The largest share wins, the first of equals; the heading only speaks where no text does."""
    assert rollup.primary(shares, IDS, heading) == expected


def test_primary_is_none_where_many_themes_share_the_text_thinly() -> None:
    """With five themes none may reach a quarter of the themed text; then no theme is the primary one."""
    assert rollup.primary([0.1, 0.1, 0.1, 0.1, 0.1], ("a", "b", "c", "d", "e")) is None
    assert rollup.primary([0.1, 0.1, 0.1, 0.1], ("a", "b", "c", "d")) == "a"


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(5)), elements=st.integers(0, 300).map(float)))
def test_intervals_hold_the_share(weights: rollup.Weights) -> None:
    """Bounds lie in [0, 1] in order; shares sum to one wherever there is text."""
    low, high = rollup.intervals(weights)
    share = rollup.shares(weights)
    assert ((low >= 0) & (low <= high) & (high <= 1)).all()
    assert share.sum() == pytest.approx(1 if weights.any() else 0, abs=3e-4)


@given(st.permutations(range(12)))
def test_shares_do_not_depend_on_the_order_of_sums(order: list[int]) -> None:
    """Thirds are summed exactly: whatever the order of paragraphs, the shares have the same bits."""
    weights = weigh([[(7 * number + 1, list(range(1 + number % 4)))] for number in range(12)], 4)
    assert rollup.shares(weights[order]).tobytes() == rollup.shares(weights).tobytes()


def test_interval_covers_like_the_formula_for_one_proportion() -> None:
    """For equal paragraphs of one theme or none, the interval is that of a binomial proportion."""
    weights = np.zeros((100, 2))
    weights[:40, 0] = weights[40:, 1] = 100
    low, high = rollup.intervals(weights)
    assert low[0] == pytest.approx(0.4 - 1.96 * (0.24 / 100) ** 0.5, abs=0.02)
    assert high[0] == pytest.approx(0.4 + 1.96 * (0.24 / 100) ** 0.5, abs=0.02)


def test_grouping_a_long_report_keeps_the_width_of_its_interval() -> None:
    """Beyond the number of paragraphs that are drawn one by one, the interval goes on to narrow as 1/sqrt(n)."""
    random = np.random.default_rng(5)
    widths = []
    for paragraphs in (150, 15_000):
        weights = np.zeros((paragraphs, 2))
        weights[np.arange(paragraphs), random.integers(2, size=paragraphs)] = 80
        low, high = rollup.intervals(weights)
        widths.append(high[0] - low[0])
    assert widths[0] / widths[1] == pytest.approx(10, rel=0.25)


def test_same_bits_in_a_fresh_process() -> None:
    """Intervals are seeded by a constant: another process gives the same numbers."""
    weights = weigh([[(13 * number % 97 + 5, [number % 3])] for number in range(40)], 3)
    code = (
        "from model import rollup\n"
        "import numpy as np\n"
        "n = np.arange(40)\n"
        "w = rollup.weigh(13 * n % 97 + 5, np.eye(3, dtype=bool)[n % 3], n, 40)\n"
        "print([bound.tolist() for bound in rollup.intervals(w)])"
    )
    root = Path(rollup.__file__).parents[1]
    fresh = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == str([bound.tolist() for bound in rollup.intervals(weights)])


def test_rows_for_reports_and_sections_are_in_the_order_of_the_scheme() -> None:
    """Themes stand in the scheme's order, none last; numbers are plain floats of four digits."""
    weights = weigh([[(30, [1])], [(60, [])]], 4)
    assert dict(zip([*IDS, "none"], rollup.shares(weights).tolist(), strict=True)) == {
        **dict.fromkeys(IDS, 0.0),
        "security": 0.3333,
        "none": 0.6667,
    }
    shares = rollup.report_shares(weights, IDS)
    assert list(shares) == [*IDS, "none"]
    assert (shares["security"].share, shares["security"].low, shares["security"].high) == (0.3333, 0.0, 1.0)
    assert type(shares["security"].low) is float


def test_intervals_are_quick() -> None:
    """A report's intervals cost a fraction of a millisecond once its number of paragraphs was met (generous bound)."""
    weights = weigh([[(100, [number % 4])] for number in range(60)], 4)
    rollup.intervals(weights)
    start = time.perf_counter()
    for _ in range(20):
        rollup.intervals(weights)
    assert (time.perf_counter() - start) / 20 < 0.005
