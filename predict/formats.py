"""The output formats, by name and by suffix. A new one is one file with a `FORMAT`, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from labels.errors import UserError, suggestion
from labels.files import replacing
from labels.scheme import Scheme

if TYPE_CHECKING:
    # Only for its type: the help lists the formats, and it must not wait for numpy.
    from predict.annotation import Report

_FILES: Final = {
    "jsonl": "jsonl",
    "csv": "csv_tables",
    "parquet": "parquet_tables",
    "xlsx": "xlsx",
    "docx": "docx",
    "html": "html",
    "terminal": "terminal",
}
_FOLDER_FORMAT: Final = "csv"
SHARDED: Final = ("jsonl", "parquet")  # the formats that an archive is written in
FOLDER_TABLES: Final = ("reports", "sections", "lines", "line_themes")
_SUFFIXES: Final = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
}


@dataclass(frozen=True, slots=True)
class Legend:
    """What a writer has to know besides the reports: the themes, and the user's own columns of metadata."""

    scheme: Scheme
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """How reports are written: to a stream, and, where the format has several files, into a folder.

    Writers take the reports one by one as they come and keep none.
    """

    write: Callable[[Iterable[Report], BinaryIO, Legend], None]
    write_folder: Callable[[Iterable[Report], Path, Legend], None] | None = None


def format_names() -> tuple[str, ...]:
    """Names of the formats, for help and messages."""
    return tuple(_FILES)


def load_format(name: str) -> Format:
    """The format of that name; raises UserError with the known names."""
    if name not in _FILES:
        raise UserError(f'format "{name}" is unknown; {suggestion(name, _FILES)}')
    found: Format = import_module(f"{__package__}.{_FILES[name]}").FORMAT
    return found


def wants_shards(out: Path | None, form: str | None) -> bool:
    """Whether a command line asks for shards: a folder, in a format that has them."""
    if out is None or form not in SHARDED:
        return False
    return name_for(out) is None and (out.is_dir() or not out.exists())


def name_for(target: Path) -> str | None:
    """The name of the format that the suffix of a target means; None for a folder.

    Raises UserError for a suffix that is nearly a known one, which would silently make a folder, and for a file of
    another suffix: it is not to be written over.
    """
    suffix = target.suffix.lower()
    known = f"known: {', '.join(_SUFFIXES)}"
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if target.is_file():
        raise UserError(f"{target}: it is a file, and its suffix means no format; {known}")
    near = get_close_matches(suffix, _SUFFIXES, n=1, cutoff=0.7)
    if near and not target.is_dir():
        raise UserError(f"{target}: suffix {suffix} is unknown; did you mean {near[0]}? {known}; a folder has none")
    return None


def check_target(target: Path, name: str | None) -> str:
    """The name of the format that a target gets; raises UserError where suffix and `name` or folder disagree."""
    by_suffix = name_for(target)
    if by_suffix and name and by_suffix != name:
        raise UserError(
            f"{target}: its suffix means {by_suffix}, but the format asked for is {name}; change one of them"
        )
    chosen = name or by_suffix or _FOLDER_FORMAT
    form = load_format(chosen)
    if by_suffix is None and not form.write_folder and (target.is_dir() or not target.exists()):
        example = target.with_name(f"{target.name}.{chosen}") if chosen in _SUFFIXES.values() else "no --out"
        raise UserError(f"{target}: {chosen} is no format for a folder; give {example}")
    return chosen


def write_reports(reports: Iterable[Report], target: Path, legend: Legend, name: str | None = None) -> None:
    """Write reports to a file or folder, whole or not at all, in the format `name` or that of the suffix.

    Raises UserError as `check_target` does, and where the target can't be written.
    """
    chosen = load_format(check_target(target, name))
    if chosen.write_folder and name_for(target) is None and (target.is_dir() or not target.exists()):
        chosen.write_folder(reports, target, legend)
        return
    with replacing(target) as stream:
        chosen.write(reports, stream, legend)


def targets(target: Path) -> tuple[Path, ...]:
    """The files that writing to a target may replace."""
    return (target, *(target / f"{table}.{suffix}" for table in FOLDER_TABLES for suffix in ("csv", "parquet")))
