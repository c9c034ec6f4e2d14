"""A run over an archive: shards into a folder, what is done written down, so that it goes on after any stop.

shard-000000.jsonl …    the rows, or a folder a table with shard-000000.parquet …
failed.jsonl            one row a report that could not be annotated: `report`, `reason`
ledger.jsonl            what was asked for, a row a shard that is done, and a row `end` once all are
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from labels.errors import UserError
from labels.files import cannot_write
from predict.formats import FOLDER_TABLES
from predict.ledger import LEDGER, ChangedError, Ledger, opened
from predict.shards import Made, Shard

if TYPE_CHECKING:
    from predict.progress import Progress

_PART: Final = re.compile(r"\..*\.part")
_SHARD: Final = re.compile(r"shard-[0-9]{6,}\.[a-z]+")

Execute = Callable[[Iterator[Shard]], Iterator[Made]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run. `before`: how many of its shards were done when it was started."""

    shards: int
    before: int
    reports: int
    failed: int


def run_archive(
    folder: Path, asked: Mapping[str, Any], shards: Iterable[Shard], execute: Execute, progress: Progress
) -> Outcome:
    """Make all shards that are not done yet; `asked` is what a run that goes on must have been asked for, too.

    Raises ChangedError if the folder holds something else, and UserError that says how to go on if the run stops.
    """
    with _held(folder), opened(folder, asked) as ledger:
        _sweep(folder, ledger.files)
        plan = _Plan(ledger, progress)
        try:
            for made in execute(plan.to_do(shards)):
                ledger.add(made)
                progress.step(made.reports + len(made.failed))
            ledger.finish(plan.shards)
        except ChangedError:
            raise
        except UserError as error:
            raise UserError(
                f"{error}; {len(ledger.entries)} shards are done, the same command goes on there"
            ) from error
        finally:
            _sweep(folder, None)
        entries = ledger.entries.values()
        return Outcome(
            shards=plan.shards,
            before=plan.before,
            reports=sum(entry.reports for entry in entries),
            failed=sum(entry.failed for entry in entries),
        )


@dataclass(slots=True)
class _Plan:
    """Which shards are to do: counts all, and those that were done before."""

    ledger: Ledger
    progress: Progress
    shards: int = 0
    before: int = 0

    def to_do(self, shards: Iterable[Shard]) -> Iterator[Shard]:
        for shard in shards:
            self.shards += 1
            if self.ledger.is_made(shard):
                self.before += 1
                self.progress.skip(len(shard.found))
            else:
                yield shard


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder, made if need be, for this run alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
        if strange and LEDGER not in strange:
            raise UserError(
                f"{folder}: it holds other files ({min(strange)}); give a new or an empty folder for shards"
            )
    except OSError as error:
        raise cannot_write(folder, error) from error
    with _locked(folder):
        yield


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:
        # Windows: there two runs at once in one folder are the user's to avoid.
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise UserError(f"{folder}: another run is at work there; wait for it, or stop it") from error
    except OSError:
        # A file system that knows no locks.
        pass
    try:
        yield
    finally:
        os.close(descriptor)


def _sweep(folder: Path, known: set[str] | None) -> None:
    """Take away half-written files and, where the done ones are `known`, shards that no ledger speaks of."""
    for path in folder.iterdir():
        if _PART.fullmatch(path.name):
            _remove(path)
    if known is None:
        return
    # A run inside the folder has a ledger of its own, and shards that it alone may speak of.
    for path in chain(folder.glob("shard-*"), *(folder.glob(f"{table}/shard-*") for table in FOLDER_TABLES)):
        if _SHARD.fullmatch(path.name) and path.relative_to(folder).as_posix() not in known:
            path.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
