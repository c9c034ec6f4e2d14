"""The output formats, by name and by suffix. A new one is one file with a `FORMAT`, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

from labels.errors import UserError, suggestion
from labels.scheme import Scheme
from predict.annotation import Report
from predict.atomic import replacing

_FILES: Final = {"jsonl": "jsonl", "csv": "csv_tables", "html": "html", "terminal": "terminal"}
_SUFFIXES: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".html": "html", ".htm": "html"}


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


def name_for(target: Path) -> str | None:
    """The name of the format that the suffix of a target means; None for a folder, which has no suffix.

    Raises UserError for a suffix that is nearly a known one, which would silently make a folder.
    """
    suffix = target.suffix.lower()
    near = get_close_matches(suffix, _SUFFIXES, n=1, cutoff=0.7)
    if suffix and suffix not in _SUFFIXES and near and not target.is_dir():
        raise UserError(
            f"{target}: suffix {suffix} is unknown; did you mean {near[0]}? known: {', '.join(_SUFFIXES)}; "
            "any other name is a folder, name it without a dot"
        )
    return _SUFFIXES.get(suffix)


def write_reports(reports: Iterable[Report], target: Path, legend: Legend, name: str | None = None) -> None:
    """Write reports to a file or folder, whole or not at all, in the format `name` or that of the suffix.

    Raises UserError where a format has no folder form, or the target can't be written.
    """
    by_suffix = name_for(target)
    chosen = load_format(name or by_suffix or "csv")
    if by_suffix or (target.exists() and not target.is_dir()):
        with replacing(target) as stream:
            chosen.write(reports, stream, legend)
    elif chosen.write_folder:
        chosen.write_folder(reports, target, legend)
    else:
        raise UserError(f"{target}: {name} is written to one file; give a name such as {target}.{name}")
