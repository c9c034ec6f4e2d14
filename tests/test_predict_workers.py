"""Processes side by side: fed through a window, heard in order, missed when they die."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count

import pytest

from labels.errors import UserError
from predict.workers import Workers, in_order, in_processes
from tests.stand_in import StandInTagger


@dataclass
class Kept:
    """A promise that is kept."""

    value: int

    def result(self) -> int:
        return self.value


def test_no_more_tasks_are_taken_than_the_window_holds():
    """However many tasks there are, those under way are few: an endless row of them is no trouble."""
    taken = count()
    results = in_order(Kept, taken, lambda: 4)
    assert [next(results) for _ in range(10)] == list(range(10))
    assert next(taken) <= 14


def test_a_window_may_grow():
    """As workers join a cluster more tasks go out; the order stays."""
    sizes = iter(range(1, 1000))
    assert list(in_order(Kept, range(20), lambda: next(sizes))) == list(range(20))


def test_a_process_that_dies_is_said():
    """One line that says what to try, not a traceback of the pool."""
    workers = Workers(StandInTagger.load, None, jobs=2)
    with pytest.raises(UserError, match="a process died, perhaps for want of memory; try again with fewer --jobs"):
        list(in_processes(lambda tagger, task: os._exit(tagger.model.version == task), workers, ["x"]))
