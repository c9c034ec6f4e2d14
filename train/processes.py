"""Fits side by side in processes, each with one thread: the last bits of a sum vary with the number of threads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from joblib import Parallel
from threadpoolctl import threadpool_limits


def side_by_side(jobs: int, fits: Iterable[Any]) -> list[Any]:
    """What the `delayed` fits give, in their order, whatever the number of processes."""
    # Processes, since liblinear draws from one random state a process.
    with threadpool_limits(1):
        return list(Parallel(jobs, inner_max_num_threads=1)(fits))
