"""Saving the texts that offsets refer to, one file a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from predict.atomic import replacing

if TYPE_CHECKING:
    from predict.annotation import Report

# What some system does not allow in a name.
_UNSAFE: Final = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_LONGEST: Final = 120


def keep_texts(reports: Iterable[Report], folder: Path) -> Iterator[Report]:
    """Pass reports on, each when its text is saved in the folder; raises UserError where that can't be written."""
    used: set[str] = set()
    for report in reports:
        with replacing(folder / text_name(report.row.report, used)) as stream:
            stream.write(report.text.encode("utf-8", "replace"))
        yield report


def text_name(report: str, used: set[str]) -> str:
    """A path inside the folder for a report's text, like its name but for what leads out; each only once.

    >>> used = set()
    >>> [text_name(report, used) for report in ("2018/a.docx", "../../b.txt", "b.txt", "C:\\\\x", "")]
    ['2018/a.docx.txt', 'b.txt', 'b.2.txt', 'C__x.txt', 'text.txt']
    """
    parts = [_UNSAFE.sub("_", part).strip(" ")[-_LONGEST:] for part in report.split("/")]
    safe = "/".join(part for part in parts if part.strip(".")) or "text"
    stem = safe.removesuffix(".txt")
    name, count = f"{stem}.txt", 1
    while name.lower() in used:
        count += 1
        name = f"{stem}.{count}.txt"
    used.add(name.lower())
    return name
