"""Processes side by side: fed through a window, heard in order, missed when they die."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from itertools import count

import pytest

from labels.errors import UserError
from predict.workers import Crew, Workers, crew, in_order
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


@pytest.fixture(scope="module")
def two() -> Iterator[Crew]:
    """This process and another."""
    with crew(Workers(StandInTagger.load, None, jobs=2)) as made:
        yield made


def test_processes_share_tasks_and_keep_their_order(two: Crew):
    """This process works from the first moment, the other as soon as it is there; nobody sees who did what."""
    done: list[tuple[int, int]] = []
    for result in two.each(lambda _, task: (task, os.getpid()), count()):
        done.append(result)
        if sum(process != os.getpid() for _, process in done) == 5:
            break
    assert done[0][1] == os.getpid()
    assert [task for task, _ in done] == list(range(len(done)))


def test_results_do_not_pile_up_behind_a_slow_task(two: Crew):
    """While the other process is at a long task, this one stops before much waits for its result."""
    ahead, here, tasks = 0, os.getpid(), count()
    for given, sleeper in enumerate(two.each(lambda _, __: os.getpid() != here and not time.sleep(0.02), tasks), 1):
        ahead = max(ahead, next(copy(tasks)) - given)
        if sleeper and given > 20:
            break
    assert ahead < 6


def test_one_job_is_this_process_alone():
    """Nothing is started for one job."""
    with crew(Workers(StandInTagger.load, None)) as alone:
        assert set(alone.each(lambda _, __: os.getpid(), range(3))) == {os.getpid()}
        assert alone.others is None


def test_a_process_that_dies_is_said():
    """One line that says what to try, not a traceback of the pool."""
    here = os.getpid()
    with (
        pytest.raises(UserError, match="a process died, perhaps for want of memory; try again with fewer --jobs"),
        crew(Workers(StandInTagger.load, None, jobs=2)) as two,
    ):
        all(two.each(lambda _, __: os.getpid() == here or os._exit(1), count()))
