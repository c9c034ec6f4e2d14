"""This process and others beside it share tasks; what comes of them comes in the order of the tasks."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from labels.errors import UserError

if TYPE_CHECKING:
    from labels.scheme import Scheme
    from model.source import Source
    from predict.annotation import Report

# Tasks that another process has: one under way, and one that waits so that it does not run dry.
_AHEAD: Final = 2
# Results per process that may wait for that of a task before them: few enough to hold in memory.
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


def load_tagger(model: Path | None) -> Annotates:
    """The tagger of a model folder; what it is made of is imported only now, so that others can start before."""
    from predict.tagger import Tagger

    return Tagger.load(model)


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes annotate, this one among them, and how each gets its tagger: by `load(model)`."""

    load: Load
    model: Path | None
    jobs: int = 1

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise UserError(f"--jobs {self.jobs}: it must be 1 or more")


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


class _Future(Promise[Given_co], Protocol[Given_co]):
    def done(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Done(Generic[Result]):
    """What this process did itself."""

    value: Result

    def done(self) -> bool:
        return True

    def result(self) -> Result:
        return self.value


@dataclass(frozen=True, slots=True)
class Crew:
    """This process, with its tagger, and the others; made by `crew`."""

    workers: Workers
    tagger: Annotates
    others: _Others | None

    def each(self, work: Callable[[Annotates, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """`work(tagger, task)` for every task, in whatever process; UserError where one dies."""
        if self.others is None:
            return map(partial(work, self.tagger), tasks)
        return _shared(self.others, self.tagger, work, tasks, self.workers.jobs * _WINDOW_PER_JOB)


def _shared(
    others: _Others, tagger: Annotates, work: Callable[[Annotates, Task], Result], tasks: Iterable[Task], window: int
) -> Iterator[Result]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    under_way: deque[_Future[Result]] = deque()
    try:
        for task in tasks:
            busy = sum(not each.done() for each in under_way)
            under_way.append(others.submit(work, task) if busy < others.room() else _Done(work(tagger, task)))
            while under_way and (under_way[0].done() or len(under_way) >= window):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise UserError("a process died, perhaps for want of memory; try again with fewer --jobs") from error


@contextmanager
def crew(workers: Workers) -> Iterator[Crew]:
    """As many processes as there are jobs, of which this is one: the others get ready while it works."""
    if workers.jobs == 1:
        yield Crew(workers, workers.load(workers.model), None)
        return
    with _others(workers) as others:
        yield Crew(workers, workers.load(workers.model), others)


@dataclass(frozen=True, slots=True)
class _Others:
    pool: Any
    workers: Workers
    loading: list[_Future[None]]

    def room(self) -> int:
        """How many tasks they can have."""
        return _AHEAD * sum(each.done() for each in self.loading)

    def submit(self, work: Callable[[Annotates, Task], Result], task: Task) -> _Future[Result]:
        future: _Future[Result] = self.pool.submit(_with_tagger, work, self.workers.load, self.workers.model, task)
        return future


@contextmanager
def _others(workers: Workers) -> Iterator[_Others]:
    # joblib's own `Parallel` runs ahead of a slow reader; its executor takes what it is given.
    from joblib.externals.loky import ProcessPoolExecutor

    count = workers.jobs - 1
    pool = ProcessPoolExecutor(count, initializer=_depend_on_the_parent, initargs=(os.getpid(),), env=_ONE_THREAD)
    try:
        with _deaf():
            loading = [pool.submit(_get_ready, workers.load, workers.model) for _ in range(count)]
        yield _Others(pool, workers, loading)
    finally:
        # All results are here, or nobody wants them any more.
        with _unheard():
            pool.shutdown(kill_workers=True)


@contextmanager
def _deaf() -> Iterator[None]:
    # Ctrl-C reaches every process of a terminal; the parent ends the others. What starts here never hears of it.
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # Python's own tracker, which joblib asks for, lets Ctrl-C through again when it starts: so it starts before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _unheard() -> Iterator[None]:
    # While its processes are ended, the pool's own thread may trip over one that is gone, or miss the program that
    # lists their children, which they don't have.
    before, threading.excepthook = threading.excepthook, lambda _: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        threading.excepthook = before


def _depend_on_the_parent(parent: int) -> None:
    # Where no process can be started deaf.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # A parent that was killed ends nobody, and its processes would wait for work for ever.
    while os.getppid() == parent:
        time.sleep(_WATCH)
    os._exit(1)


def _get_ready(load: Load, model: Path | None) -> None:
    _loaded(load, model)


def _with_tagger(work: Callable[[Annotates, Any], Any], load: Load, model: Path | None, task: Any) -> Any:
    return work(_loaded(load, model), task)


@lru_cache(maxsize=1)
def _loaded(load: Load, model: Path | None) -> Annotates:
    return load(model)
