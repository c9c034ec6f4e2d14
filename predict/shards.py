"""Shards: an archive's input cut into runs of reports, and the files that one such run becomes.

Where a shard ends depends on the input alone, never on the number of processes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError
from labels.files import cannot_write
from predict.batch import Metadata, annotate_documents, rows_of
from predict.formats import Legend, load_format
from predict.inputs import Document, Failure

if TYPE_CHECKING:
    from predict.annotation import Report
    from predict.workers import Annotates

# A shard ends with the report that reaches either number. The first shards are smaller, so that a small archive, too,
# keeps several processes busy to its end; a large one shall not become a million files.
MOST_REPORTS: Final = 10_000
MOST_BYTES: Final = 4_000_000
_FIRST_BYTES: Final = 500_000
_DOUBLED_EVERY: Final = 32
# Reports that a tagger takes together, at most.
_TOGETHER: Final = 64


@dataclass(frozen=True, slots=True)
class Shard:
    """A run of consecutive inputs, numbered from 0. `inputs`: a hash of their names, sizes and times, or texts."""

    number: int
    found: tuple[Document | Failure, ...]
    inputs: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Target:
    """What the shards of a run share: their folder and format, and the version of the model that they are made with."""

    folder: Path
    format: str
    legend: Legend
    model: str


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a shard. `files`: sizes in bytes by path below the run's folder."""

    shard: int
    inputs: str
    reports: int
    failed: tuple[Failure, ...]
    files: dict[str, int]


def cut(found: Iterable[Document | Failure], metadata: Metadata) -> Iterator[Shard]:
    """Cut the input into shards, lazily; no shard is empty."""
    number, size, digest = 0, 0, _new_digest()
    inside: list[Document | Failure] = []
    for each in found:
        size += _add(digest, each)
        inside.append(each)
        del each
        if len(inside) >= MOST_REPORTS or size >= _most_bytes(number):
            yield Shard(number, tuple(inside), digest.hexdigest(), rows_of(inside, metadata))
            number, size, digest, inside = number + 1, 0, _new_digest(), []
    if inside:
        yield Shard(number, tuple(inside), digest.hexdigest(), rows_of(inside, metadata))


def _most_bytes(number: int) -> int:
    """Bytes of input that end a shard.

    >>> [_most_bytes(number) for number in (0, 31, 32, 64, 96, 1_000_000)]
    [500000, 500000, 1000000, 2000000, 4000000, 4000000]
    """
    return min(MOST_BYTES, _FIRST_BYTES << min(number // _DOUBLED_EVERY, 10))


def make_shard(target: Target, tagger: Annotates, shard: Shard) -> Made:
    """Annotate a shard and write its files, each whole and renamed; raises UserError where they can't be written."""
    if tagger.model.version != target.model:
        raise UserError(f"the model is {tagger.model.version} now, the run has {target.model}; give it with --model")
    name = shard_name(shard.number)
    staging = target.folder / f".{name}.{secrets.token_hex(6)}.part"
    tally = _Tally()
    try:
        staging.mkdir()
        _write(tally.keep(_results(tagger, shard)), staging, target)
        files = {place: _settle(path, target.folder / place) for path, place in _places(staging, name)}
    except OSError as error:
        raise cannot_write(target.folder, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Made(shard.number, shard.inputs, tally.reports, tuple(tally.failed), files)


def shard_name(number: int) -> str:
    """The stem of a shard's files.

    >>> shard_name(12)
    'shard-000012'
    """
    return f"shard-{number:06}"


class _Tally:
    """Counts the reports that pass, keeps what failed."""

    def __init__(self) -> None:
        self.reports = 0
        self.failed: list[Failure] = []

    def keep(self, results: Iterable[Report | Failure]) -> Iterator[Report]:
        for result in results:
            if isinstance(result, Failure):
                self.failed.append(result)
            else:
                self.reports += 1
                yield result
            # A report goes before the next one is made: a long one is heavy.
            del result


def _results(tagger: Annotates, shard: Shard) -> Iterator[Report | Failure]:
    done = 0
    while done < len(shard.found):
        try:
            for result in annotate_documents(tagger, shard.found[done:], shard.metadata):
                done += 1
                yield result
                del result
        except Exception:  # noqa: BLE001 - one report that meets a bug must not stop a million others
            # A tagger may take several at once: those that stood together are annotated each for itself.
            together = shard.found[done : done + _TOGETHER]
            done += len(together)
            yield from (_alone(tagger, document, shard.metadata) for document in together)


def _alone(tagger: Annotates, document: Document | Failure, metadata: Metadata) -> Report | Failure:
    try:
        (result,) = annotate_documents(tagger, [document], metadata)
    except Exception as error:  # noqa: BLE001 - as above
        return _bug(document, error)
    return result


def _bug(document: Document | Failure, error: Exception) -> Failure:
    name = document.name if isinstance(document, Document) else None
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    what = " ".join(f"{type(error).__name__}: {error}".split())[:500]
    return Failure(f"{name}: a bug of zhengfa ({what}; {where}); please report it", name)


def _write(reports: Iterator[Report], staging: Path, target: Target) -> None:
    form = load_format(target.format)
    if form.write_folder is not None:
        form.write_folder(reports, staging, target.legend)
        return
    with (staging / f"all.{target.format}").open("wb") as stream:
        form.write(reports, stream, target.legend)


def _places(staging: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Where the files go: the one file of a format to `shard-000012.jsonl`, tables to `lines/shard-000012.parquet`."""
    for path in sorted(staging.iterdir()):
        folder = "" if path.stem == "all" else f"{path.stem}/"
        yield path, f"{folder}{name}{path.suffix}"


def _settle(path: Path, place: Path) -> int:
    """Put a file on the disk for good and into its place; returns its size."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
    place.parent.mkdir(exist_ok=True)
    path.replace(place)
    return size


def _new_digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)


def _add(digest: hashlib.blake2b, found: Document | Failure) -> int:
    """Hash what tells an input from another; returns its size in bytes."""
    name, content, size = _identity(found)
    digest.update((len(name) + len(content)).to_bytes(8, "big"))
    digest.update(name)
    digest.update(content)
    return size


def _identity(found: Document | Failure) -> tuple[bytes, bytes, int]:
    """What tells an input from another, in two parts, and its size in bytes."""
    if isinstance(found, Failure):
        return _bytes(found.message), b"", 0
    if found.path is None:
        content = found.raw if found.raw is not None else _bytes(found.text or "")
        return _bytes(f"{found.name}\0"), content, len(content)
    try:
        status = found.path.stat()
    except OSError:
        return _bytes(found.name), b"", 0
    return _bytes(f"{found.name}\0{status.st_size}\0{status.st_mtime_ns}"), b"", status.st_size


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
