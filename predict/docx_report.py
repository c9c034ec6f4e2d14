"""One report as part of a Word document: its title, a table of its shares, its paragraphs shaded and commented."""

from __future__ import annotations

from typing import Any, Final

from labels.flowing import flowing
from labels.scheme import Scheme
from predict.annotation import LineRow, Report
from predict.colours import mixed, theme_colours, tint
from predict.column_names import PERIOD_NAMES, theme_names
from predict.docx_comments import comment_on
from predict.docx_parts import HEI, KAI, SONG, Cell, Face, shade_paragraph, shade_run, three_line_table, write_run
from predict.extras import extra
from predict.prose import CONTROL, below_title, pieces

_GREY: Final = "#8a857b"
_PLAIN: Final = frozenset(("byline", "caption", "boilerplate"))
_DEEPEST: Final = 5


class ReportWriter:
    """Writes reports into a document."""

    def __init__(self, document: Any, scheme: Scheme) -> None:
        self._document = document
        self._names = theme_names(scheme)
        self._colours = theme_colours(scheme)
        self._reports = 0

    def write(self, report: Report) -> None:
        """Add a report; each but the first begins on a new page."""
        self._head(report)
        levels = {section.section: section.level for section in report.sections}
        for line in below_title(report):
            self._paragraph(report, line, levels.get(line.section, 1))
        self._reports += 1

    def _head(self, report: Report) -> None:
        title = self._document.add_paragraph()
        title.alignment = extra("docx.enum.text").WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.page_break_before = self._reports > 0
        write_run(title, _shown(str(report.row.meta.get("title") or report.row.report)), Face(SONG, 20, bold=True))
        facts = self._document.add_paragraph()
        facts.alignment = title.alignment
        write_run(facts, _facts(report), Face(KAI, 10.5, _GREY))
        rows = [
            (
                Cell("\n".join(self._names[theme]), fill=tint(self._colours[theme])),
                Cell(f"{share.share:.1%}"),
                Cell(f"{share.low:.1%} – {share.high:.1%}"),
            )
            for theme, share in report.row.shares.items()
            if theme in self._names
        ]
        three_line_table(self._document, ("主题 Theme", "占正文 Share", "95% 区间 Interval"), rows, (7, 3.5, 4.5))
        self._document.add_paragraph()

    def _paragraph(self, report: Report, line: LineRow, level: int) -> None:
        paragraph = self._document.add_paragraph()
        if line.role == "heading":
            paragraph.style = self._document.styles[f"Heading {min(max(level, 1), _DEEPEST)}"]
        self._lay_out(paragraph, line)
        runs = []
        for piece in pieces(line, report):
            run = write_run(paragraph, _shown(piece.text), _face(line))
            if piece.theme is not None and not piece.weak:
                shade_run(run, mixed(self._colour(piece.theme), "#ffffff", 0.55))
            runs.append(run)
        comment_on(self._document, runs, line, self._names)

    def _lay_out(self, paragraph: Any, line: LineRow) -> None:
        size = extra("docx.shared").Pt
        layout = paragraph.paragraph_format
        layout.space_after = size(3 if line.role in _PLAIN else 6)
        if line.role == "body":
            layout.first_line_indent, layout.line_spacing = size(24), 1.4
        if line.themes:
            strongest = max(line.themes, key=lambda theme: theme.probability)
            colour = self._colour(strongest.id)
            shade_paragraph(paragraph._p, tint(colour), colour)  # noqa: SLF001 - python-docx knows no shades

    def _colour(self, theme: str) -> str:
        return self._colours.get(theme, self._colours["none"])


def _face(line: LineRow) -> Face:
    if line.role in _PLAIN:
        return Face(KAI, 10, _GREY)
    return Face(HEI, 14) if line.role == "title" else Face()


def _facts(report: Report) -> str:
    meta = report.row.meta
    period = PERIOD_NAMES.get(str(meta.get("period")), ("", ""))[0]
    when = f"{meta['year']}年{period}" if meta.get("year") else period
    known = [str(value) for value in (meta.get("place"), when, meta.get("source"), meta.get("date")) if value]
    return _shown("　".join([*known, f"{report.row.chars:,} 字", report.row.model]))


def _shown(text: str) -> str:
    return CONTROL.sub("\ufffd", flowing(text))
