"""What to annotate: files, folders of files, rows of tables, standard input; found lazily, each with its name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from labels.errors import UserError
from model.documents import DOCUMENT_LIMIT, DOCUMENT_SUFFIXES, read_document, source_of
from model.source import Source, source_from_text

TEXT_SUFFIXES: Final = (".txt", ".text")
REPORT_SUFFIXES: Final = (*TEXT_SUFFIXES, *DOCUMENT_SUFFIXES)
ZIP_SUFFIX: Final = ".zip"
TABLE_SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".parquet")
STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Document:
    """A report that waits to be read: the file at `path`, the `text` of a cell, or the bytes of another input."""

    name: str
    path: Path | None = None
    text: str | None = None
    raw: bytes | None = None

    def size(self) -> int:
        """How many bytes it has, or characters where it is a text; 0 where the file cannot be asked."""
        if self.path is None:
            return len(self.raw if self.raw is not None else self.text or "")
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def source(self) -> Source:
        """Read and decode it; raises UserError if it is no text."""
        if self.path is not None:
            return read_document(self.path, self.name)
        return source_of(self.raw, self.name) if self.raw is not None else source_from_text(self.text or "", self.name)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be annotated; the message begins with its name. `report`: which, where it had a name."""

    message: str
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold the text and the name of a report; without the latter rows are counted from 1."""

    text: str = "text"
    id: str | None = None


def documents(paths: Sequence[str], columns: Columns | None = None) -> Iterator[Document | Failure]:
    """The reports under `paths`, in that order, those of a folder sorted by name.

    A report is called by its path relative to the folder that holds all `paths` (for one folder: that folder), with
    `/` on every system; a row of a table by its id, behind the table's name and `#` where other paths are given, too.
    A report that two paths lead to comes once.
    """
    base = _base(paths)
    once = _once_each() if len(paths) > 1 else iter
    for path in paths:
        if path == STDIN:
            yield _standard_input()
        elif Path(path).is_dir():
            yield from once(_in_folder(path, base))
        elif _is_zip(path):
            yield from once(_in_zip(path, f"{_name(path, base)}/" if len(paths) > 1 else ""))
        elif _is_table(path):
            from predict.input_tables import rows

            prefix = f"{_name(path, base)}#" if len(paths) > 1 else ""
            yield from once(rows(Path(path), prefix, columns or Columns()))
        else:
            yield from once([Document(_name(path, base), Path(path))])


def refuse_input(target: Path, given: Iterable[Path]) -> None:
    """Raise UserError where writing `target` would replace a file that is given, or a report in a given folder."""
    if not target.is_file():
        return
    for path in filter(Path.exists, given):
        own = path.is_dir() and target.resolve().is_relative_to(path.resolve())
        if target.samefile(path) or (own and target.suffix.lower() in (*REPORT_SUFFIXES, ZIP_SUFFIX)):
            raise UserError(f"{target}: it is an input, too, and would be written over; choose another --out")


def count_documents(paths: Iterable[str], columns: Columns | None = None) -> int | None:
    """How many reports there are under `paths`, for a table about how many; None where nobody can say."""
    counts = [_count(path, columns or Columns()) for path in paths]
    return None if None in counts else sum(filter(None, counts))


def reason(error: UserError) -> str:
    """The message of an error on one line."""
    return " ".join(str(error).split())


def _count(path: str, columns: Columns) -> int | None:
    if Path(path).is_dir():
        return sum(1 for _ in _files(path))
    if _is_zip(path):
        return None
    if _is_table(path):
        from predict.input_tables import estimated_rows

        return estimated_rows(Path(path), columns)
    return 1


def _is_table(path: str) -> bool:
    return path.lower().endswith(TABLE_SUFFIXES)


def _is_zip(path: str) -> bool:
    return path.lower().endswith(ZIP_SUFFIX)


def _in_zip(path: str, prefix: str) -> Iterator[Document | Failure]:
    from predict.input_zips import members

    return members(Path(path), prefix)


def _base(paths: Iterable[str]) -> str | None:
    """The folder that names are relative to; None for paths on different drives."""
    full = [Path(_full(path)) for path in paths if path != STDIN]
    folders = [path if path.is_dir() else path.parent for path in full]
    try:
        return os.path.commonpath(folders) if folders else None
    except ValueError:
        return None


def _full(path: str) -> str:
    return os.path.normpath(Path(path).absolute())


def _name(path: str, base: str | None) -> str:
    return (os.path.relpath(_full(path), base) if base else _full(path)).replace(os.sep, "/")


def _once_each() -> Callable[[Iterable[Document | Failure]], Iterator[Document | Failure]]:
    """A filter that lets a report through once; only several paths can lead to the same one."""
    from predict.seen import Seen

    seen, number = Seen(), count()

    def once(found: Iterable[Document | Failure]) -> Iterator[Document | Failure]:
        for document in found:
            at = next(number)
            if isinstance(document, Failure) or seen.first(document.name, at) == at:
                yield document

    return once


def _in_folder(folder: str, base: str | None) -> Iterator[Document | Failure]:
    empty = True
    for found in _files(folder):
        empty = False
        if isinstance(found, str) and _is_zip(found):
            yield from _in_zip(found, f"{_name(found, base)}/")
        else:
            yield found if isinstance(found, Failure) else Document(_name(found, base), Path(found))
    if empty:
        yield Failure(
            f"{folder}: no reports ({', '.join(REPORT_SUFFIXES)}) in this folder; give the folder that has them"
        )


def _files(folder: str) -> Iterator[str | Failure]:
    """Paths of the reports in a folder and its folders; hidden ones and links that lead out of it are left out."""
    root = Path(folder).resolve()
    waiting = [(folder, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            yield path
            continue
        try:
            with os.scandir(path) as scanned:
                entries = sorted((entry for entry in scanned if _is_wanted(entry, root)), key=lambda entry: entry.name)
        except OSError as error:
            yield Failure(f"{path}: cannot read this folder ({error.strerror}); check your rights")
            continue
        waiting.extend((entry.path, entry.is_dir(follow_symlinks=False)) for entry in reversed(entries))


def _is_wanted(entry: os.DirEntry[str], root: Path) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir(follow_symlinks=False):
        return True
    if not entry.name.lower().endswith((*REPORT_SUFFIXES, ZIP_SUFFIX)) or not _is_file(entry):
        return False
    return not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False


def _standard_input() -> Document | Failure:
    raw = sys.stdin.buffer.read(DOCUMENT_LIMIT + 1)
    if len(raw) > DOCUMENT_LIMIT:
        return Failure(
            f"{STDIN}: more than {DOCUMENT_LIMIT:,} bytes came, at most so many are read; split it into reports"
        )
    return Document(STDIN, raw=raw)
