"""The ledger of a run: what it was asked for, and a line for every shard that is done, on the disk before the next."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError
from labels.files import cannot_write, replacing
from predict.inputs import Document, Failure
from predict.shards import Made, Shard

LEDGER: Final = "ledger.jsonl"
FAILED: Final = "failed.jsonl"
_REMEDY: Final = "give another --out, or delete this folder to begin anew"

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Asked = Mapping[str, Any]


class ChangedError(UserError):
    """The folder holds a run that was asked for something else."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A shard that is done, and at which byte its line begins in the ledger."""

    offset: int
    inputs: str
    reports: int
    failed: int
    files: Mapping[str, int]


class Ledger:
    """The shards of a run that are done, and the means to add to them; made by `opened`."""

    def __init__(self, folder: Path, entries: dict[int, Entry], descriptor: int) -> None:
        self._folder, self._descriptor = folder, descriptor
        self.entries = entries

    @property
    def files(self) -> set[str]:
        """Places of all files of the shards that are done."""
        return {place for entry in self.entries.values() for place in entry.files}

    def is_made(self, shard: Shard) -> bool:
        """Whether a shard is done and its files are whole; raises ChangedError if it was made of other input."""
        entry = self.entries.get(shard.number)
        if entry is None:
            return False
        if entry.inputs != shard.inputs:
            raise ChangedError(
                f"{self._folder}: its shard {shard.number} was made of other input than now ({_extent(shard)}: added, "
                f"removed or edited); {_REMEDY}"
            )
        if all(_size(self._folder / place) == size for place, size in entry.files.items()):
            return True
        del self.entries[shard.number]
        return False

    def add(self, made: Made) -> None:
        """Write down that a shard is done."""
        line = {
            "kind": "shard",
            "shard": made.shard,
            "inputs": made.inputs,
            "reports": made.reports,
            "failed": [_failed(failure) for failure in made.failed],
            "files": made.files,
        }
        try:
            offset = os.lseek(self._descriptor, 0, os.SEEK_END)
            _write(self._descriptor, orjson.dumps(line) + b"\n")
        except OSError as error:
            raise cannot_write(self._folder / LEDGER, error) from error
        self.entries[made.shard] = _entry(line, offset)

    def finish(self, shards: int) -> None:
        """Write failed.jsonl, and the ledger in order; ChangedError if the run once had more than so many shards."""
        if len(self.entries) > shards:
            raise ChangedError(f"{self._folder}: the input is shorter than when this run began; {_REMEDY}")
        entries = [self.entries[number] for number in range(shards)]
        with replacing(self._folder / FAILED) as stream:
            for line in self._lines(entries):
                stream.writelines(orjson.dumps(row) + b"\n" for row in orjson.loads(line)["failed"])
        end = {
            "kind": "end",
            "shards": shards,
            "reports": sum(entry.reports for entry in entries),
            "failed": sum(entry.failed for entry in entries),
        }
        with (self._folder / LEDGER).open("rb") as file, replacing(self._folder / LEDGER) as stream:
            stream.write(file.readline())
            stream.writelines(self._lines(entries))
            stream.write(orjson.dumps(end) + b"\n")

    def _lines(self, entries: list[Entry]) -> Iterator[bytes]:
        with (self._folder / LEDGER).open("rb") as file:
            for entry in entries:
                file.seek(entry.offset)
                yield file.readline()


@contextmanager
def opened(folder: Path, asked: Asked) -> Iterator[Ledger]:
    """The ledger of a folder, a new one if it has none; raises ChangedError if its run was asked for something else."""
    path = folder / LEDGER
    try:
        if not path.exists():
            with replacing(path) as stream:
                stream.write(orjson.dumps({"kind": "run", **asked}) + b"\n")
        entries, end = _read(path, asked)
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        # A line that was cut off by a full disk or a dead machine goes, and so does the line that says "all done".
        os.truncate(path, end)
        yield Ledger(folder, entries, descriptor)
    finally:
        os.close(descriptor)


def shard_files(folder: Path) -> list[Path]:
    """The files of a run's shards in their order; UserError if the folder holds no run, or one that is not finished."""
    path = folder / LEDGER
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{folder}: no run of zhengfa ({LEDGER}: {error.strerror}); give a folder of shards") from error
    rows = [_row(line, path) for line in lines]
    if not rows or rows[-1].get("kind") != "end":
        raise UserError(f"{folder}: this run is not finished; run the same command again, it goes on where it stopped")
    return [folder / place for row in rows if row.get("kind") == "shard" for place in row["files"]]


def _read(path: Path, asked: Asked) -> tuple[dict[int, Entry], int]:
    """The entries of a ledger, and the byte behind the last of them."""
    entries: dict[int, Entry] = {}
    with path.open("rb") as file:
        _check(path, _row(file.readline(), path), asked)
        end = file.tell()
        for line in file:
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError:
                break
            if not line.endswith(b"\n") or row["kind"] != "shard":
                break
            entries[row["shard"]] = _entry(row, end)
            end += len(line)
    return entries, end


def _check(path: Path, found: Mapping[str, Any], asked: Asked) -> None:
    if found.get("kind") != "run":
        raise ChangedError(f"{path}: it is no ledger of zhengfa; {_REMEDY}")
    for what in dict.fromkeys([*asked, *found]):
        if what != "kind" and found.get(what) != asked.get(what):
            raise ChangedError(
                f"{path.parent}: its run has another {what} ({found.get(what)}, now {asked.get(what)}); {_REMEDY}"
            )


def _row(line: bytes, path: Path) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ChangedError(f"{path}: it is no ledger of zhengfa; {_REMEDY}") from error
    return row if isinstance(row, dict) else {}


def _entry(row: Mapping[str, Any], offset: int) -> Entry:
    return Entry(offset, row["inputs"], row["reports"], len(row["failed"]), row["files"])


def _failed(failure: Failure) -> dict[str, str | None]:
    # A file's name may hold bytes that are no text; the rows of reports show them in the same way.
    report = None if failure.report is None else _SURROGATE.sub("\ufffd", failure.report)
    return {"report": report, "reason": _SURROGATE.sub("\ufffd", failure.message)}


def _extent(shard: Shard) -> str:
    names = dict.fromkeys(each.name for each in shard.found if isinstance(each, Document))
    ends = list(names)
    return f"{ends[0]} to {ends[-1]}" if ends else "what could not be read"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _write(descriptor: int, content: bytes) -> None:
    if os.write(descriptor, content) < len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)
