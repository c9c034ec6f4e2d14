"""Saving the texts that offsets refer to, one file a report."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.files import replacing
from model.documents import DOCUMENT_SUFFIXES

if TYPE_CHECKING:
    from predict.annotation import Report

# What some system does not allow in a name.
_UNSAFE: Final = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_LONGEST: Final = 180  # bytes of one name


def keep_text(report: Report, folder: Path) -> None:
    """Save a report's text in the folder; raises UserError where that can't be written."""
    with replacing(folder / text_name(report.row.report)) as stream:
        stream.write(report.text.encode("utf-8", "replace"))


def text_name(report: str) -> str:
    """A path inside the folder for a report's text: its name, or, if that will not do, one like it with a hash behind.

    >>> [text_name(report) for report in ("2018/a.docx", "b.txt", "../../b.txt", "a.docx.txt")]
    ['2018/a.docx.txt', 'b.txt', 'b-e1ca31c8.txt', 'a.docx-425a0dea.txt']
    """
    safe = "/".join(part for part in map(_safe, report.split("/")) if part.strip(".")) or "text"
    stem = safe.removesuffix(".txt")
    # Different reports whose names become the same must not write over each other; a.docx has the plain a.docx.txt.
    plain = safe == report and not (stem != safe and stem.lower().endswith(DOCUMENT_SUFFIXES))
    mark = "" if plain else f"-{sha256(report.encode(errors='surrogatepass')).hexdigest()[:8]}"
    return f"{stem}{mark}.txt"


def _safe(part: str) -> str:
    name = _UNSAFE.sub("_", part).strip(" ")
    return name.encode(errors="replace")[-_LONGEST:].decode(errors="ignore")
