"""The second stage: what it learns from, and that what it says of a group it never saw."""

from dataclasses import replace

import numpy as np
import pytest

from model.context import DRAFT_FEATURES, FEATURES, place
from model.themes import probability_of, read_twice
from train.second_stage import Rows, fit_readings, fit_second_stage

THEMES, GROUPS, REPORTS, LINES = 3, 4, 24, 12
LEARNED = np.ones(THEMES, dtype=np.bool_)


def make_rows(seed: int) -> Rows:
    """Reports whose lines have a theme by the first feature, and by the line before them."""
    random = np.random.default_rng(seed)
    size = REPORTS * LINES
    features = random.normal(size=(size, THEMES, len(DRAFT_FEATURES)))
    plain = features[:, :, 0] + random.normal(size=(size, THEMES)) / 4 > 0
    labels = plain | np.vstack((np.zeros((1, THEMES), dtype=np.bool_), plain[:-1] & (features[:-1, :, 0] > 1)))
    report = np.repeat(np.arange(REPORTS), LINES)
    body = np.arange(size) % LINES % 6 > 0
    return Rows(features, labels, np.ones_like(labels), report % GROUPS, place(np.arange(size), body, report))


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows(0)


@pytest.mark.parametrize("group", range(GROUPS))
def test_of_a_group_held_out_nothing_is_learned(rows: Rows, group: int):
    """Whatever the labels of a group are, the readings that are for it stay as they are, and no others."""
    own = rows.group == group
    before = fit_second_stage(rows, LEARNED).held_out
    after = fit_second_stage(replace(rows, labels=rows.labels ^ own[:, None]), LEARNED).held_out
    for held in range(GROUPS):
        for one, two in ((before[held].draft, after[held].draft), (before[held].final, after[held].final)):
            assert np.array_equal(one.weights, two.weights) == (held == group)


def test_jobs_change_no_bit(rows: Rows):
    """Two processes fit what one fits."""
    one, two = (fit_second_stage(rows, LEARNED, jobs=jobs) for jobs in (1, 2))
    assert np.array_equal(one.readings.final.weights, two.readings.final.weights)
    for group, readings in one.held_out.items():
        assert np.array_equal(readings.final.weights, two.held_out[group].final.weights)


def test_readings_of_all_rows(rows: Rows):
    """They are the same with and without those of groups held out."""
    alone = fit_readings(rows, LEARNED, np.ones(len(FEATURES), dtype=np.bool_))
    beside = fit_second_stage(rows, LEARNED).readings
    assert np.array_equal(alone.draft.weights, beside.draft.weights)
    assert np.array_equal(alone.final.weights, beside.final.weights)


def test_the_final_reading_knows_more(rows: Rows):
    """Where labels follow the line before, the draft of it makes new lines likelier than the draft alone."""
    new = make_rows(1)

    def loss(used: np.ndarray) -> float:
        readings = fit_readings(rows, LEARNED, used)
        assert not readings.final.weights[:, :, ~used].any()
        _, odds = read_twice(readings, new.features, new.frame, LEARNED)
        probability = probability_of(odds)
        return float(-np.log(np.clip(np.where(new.labels, probability, 1 - probability), 1e-4, 1)).mean())

    assert loss(np.ones(len(FEATURES), dtype=np.bool_)) < loss(np.arange(len(FEATURES)) < len(DRAFT_FEATURES))
