"""A Word document that came in goes out as it was, with a shade and a comment on each paragraph that has themes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from labels.scheme import Scheme
from predict.annotation import LineRow, Report
from predict.colours import theme_colours, tint
from predict.column_names import theme_names
from predict.docx_comments import comment_on
from predict.docx_parts import shade_paragraph
from predict.extras import extra

_TAKEN_BACK: Final = ("w:del", "w:moveFrom")


def open_original(report: Report) -> Any | None:
    """The document that the report was read from; None if there is none as it was, or it can't be opened."""
    if report.origin is None or report.origin.suffix.lower() != ".docx" or not _by_paragraph(report.lines):
        return None
    try:
        raw = report.origin.read_bytes()
        unchanged = hashlib.sha256(raw).hexdigest() == report.row.sha256
        return extra("docx").Document(BytesIO(raw)) if unchanged else None
    except (OSError, KeyError, ValueError, AttributeError, TypeError, SyntaxError):
        # The reader bears more than the library that writes: lxml's errors are SyntaxErrors, a missing part a KeyError.
        return None


def mark_original(document: Any, report: Report, scheme: Scheme) -> None:
    """Shade and comment the document's paragraphs; its own formatting, comments and changes stay."""
    names, colours = theme_names(scheme), theme_colours(scheme)
    paragraphs = list(document.element.iter(extra("docx.oxml.ns").qn("w:p")))
    for number, lines in _by_paragraph(report.lines).items():
        if number >= len(paragraphs):
            continue
        themes = [theme for line in lines for theme in line.themes]
        if themes:
            strongest = max(themes, key=lambda theme: theme.probability)
            colour = colours.get(strongest.id, colours["none"])
            shade_paragraph(paragraphs[number], tint(colour), colour)
        runs = _runs(paragraphs[number])
        for line in lines:
            comment_on(document, runs, line, names)


def _by_paragraph(lines: Iterable[LineRow]) -> dict[int, list[LineRow]]:
    """Lines by the number of their w:p in the document's part, from 0."""
    found: dict[int, list[LineRow]] = {}
    for line in lines:
        number = getattr(line, "paragraph", None)  # only a reader of Word files gives it
        if number is not None:
            found.setdefault(number, []).append(line)
    return found


def _runs(paragraph: Any) -> list[Any]:
    """The runs of a paragraph itself, those in links and insertions with them; not of text boxes, not deleted ones."""
    qn, run = extra("docx.oxml.ns").qn, extra("docx.text.run").Run
    taken_back = {qn(name) for name in _TAKEN_BACK}
    found = []
    for element in paragraph.iter(qn("w:r")):
        above = list(element.iterancestors())
        inside = above[: above.index(paragraph)]
        if not any(one.tag in taken_back or one.tag == qn("w:p") for one in inside):
            found.append(run(element, paragraph))
    return found
