"""Processes side by side, fed with no more than they can take; what they give comes in the order of the tasks."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from labels.errors import UserError

if TYPE_CHECKING:
    from labels.scheme import Scheme
    from model.source import Source
    from predict.annotation import Report

# Tasks per process that are under way or wait: enough that none runs dry, few enough to hold in memory.
_WINDOW_PER_JOB: Final = 3
_WATCH: Final = 1.0  # seconds
# Threads of BLAS in several processes would only wait for each other.
_ONE_THREAD: Final = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Task = TypeVar("Task")
Result = TypeVar("Result")
Given_co = TypeVar("Given_co", covariant=True)


class HasScheme(Protocol):
    """What the command needs of a model."""

    @property
    def scheme(self) -> Scheme: ...
    @property
    def version(self) -> str: ...


class Annotates(Protocol):
    """What annotating needs of a tagger."""

    @property
    def model(self) -> HasScheme: ...

    def annotate_source(self, source: Source, metadata: Mapping[str, str] | None = None) -> Report: ...


Load = Callable[[Path | None], Annotates]


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes annotate, and how each gets its tagger: by `load(model)`."""

    load: Load
    model: Path | None
    jobs: int = 1


class Promise(Protocol[Given_co]):
    """A result that will come; both joblib's futures and Dask's are such."""

    def result(self) -> Given_co: ...


def in_order(
    submit: Callable[[Task], Promise[Result]], tasks: Iterable[Task], window: Callable[[], int]
) -> Iterator[Result]:
    """Results in the order of their tasks, with at most `window()` tasks under way, so that memory stays flat."""
    under_way: deque[Promise[Result]] = deque()
    for task in tasks:
        under_way.append(submit(task))
        while len(under_way) >= window():
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def in_processes(
    work: Callable[[Annotates, Task], Result], workers: Workers, tasks: Iterable[Task]
) -> Iterator[Result]:
    """`work(tagger, task)` in processes side by side, each with a tagger of its own; UserError where one dies."""
    # joblib's own `Parallel` runs ahead of a slow reader; its executor takes what it is given.
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        with _pool(workers.jobs) as pool:

            def submit(task: Task) -> Promise[Result]:
                promise: Promise[Result] = pool.submit(_with_tagger, work, workers.load, workers.model, task)
                return promise

            yield from in_order(submit, tasks, lambda: workers.jobs * _WINDOW_PER_JOB)
    except BrokenProcessPool as error:
        raise UserError("a process died, perhaps for want of memory; try again with fewer --jobs") from error


@contextmanager
def _pool(jobs: int) -> Iterator[Any]:
    from joblib.externals.loky import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, initializer=_depend_on_the_parent, initargs=(os.getpid(),), env=_ONE_THREAD)
    try:
        yield pool
    except BaseException:
        with _unheard():
            pool.shutdown(kill_workers=True)
        raise
    pool.shutdown()


@contextmanager
def _unheard() -> Iterator[None]:
    # While its processes are ended, the pool's own thread may trip over one that is gone, which is no news to anybody.
    before, threading.excepthook = threading.excepthook, lambda _: None
    try:
        yield
    finally:
        threading.excepthook = before


def _depend_on_the_parent(parent: int) -> None:
    # Ctrl-C reaches every process of a terminal; the parent ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # A parent that was killed ends nobody, and its processes would wait for work for ever.
    while os.getppid() == parent:
        time.sleep(_WATCH)
    os._exit(1)


def _with_tagger(work: Callable[[Annotates, Any], Any], load: Load, model: Path | None, task: Any) -> Any:
    return work(_loaded(load, model), task)


@lru_cache(maxsize=1)
def _loaded(load: Load, model: Path | None) -> Annotates:
    return load(model)
