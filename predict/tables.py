"""The rows as flat tables, for every format that has cells: reports, sections, lines, line_themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from predict.annotation import LineRow, Report, ReportRow, SectionRow
from predict.formats import Legend

Kind = Literal["text", "integer", "number", "flag", "texts", "numbers", "path"]
Scalar = str | int | float | bool | None
Cell = Scalar | tuple[str, ...] | tuple[float, ...]

_SEPARATORS: Final[dict[Kind, str]] = {"texts": ";", "numbers": ";", "path": " > "}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what its cells hold: `texts`, `numbers` and `path` are lists, whichever format joins them."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, and the rows that one report adds to it."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Report], Iterator[tuple[Cell, ...]]]


def tables(legend: Legend) -> tuple[Table, ...]:
    """All tables, each beginning with the report's name; columns of themes follow the scheme."""
    return (_reports(legend), _sections(legend), lines_table(legend), _line_themes(legend))


def flat_rows(table: Table, report: Report) -> Iterator[list[Scalar]]:
    """Rows for formats without lists: a list is joined, by `;`, a path by ` > `."""
    joins = [(number, _SEPARATORS[column.kind]) for number, column in enumerate(table.columns) if _is_list(column)]
    for row in table.rows(report):
        cells = list(row)
        for number, separator in joins:
            cells[number] = separator.join(map(str, cells[number]))  # type: ignore[arg-type] # kinds of lists hold one
        yield cells  # type: ignore[misc] # the lists are joined


def lines_table(legend: Legend) -> Table:
    """One row a paragraph: where, what, its themes by id and by Chinese name, a probability per theme, the evidence."""
    ids = legend.scheme.ids
    names = {theme.id: theme.name_zh for theme in legend.scheme.themes}
    columns = (
        *(Column("report"), Column("line", "integer"), Column("role"), Column("section", "integer")),
        *(Column("heading_path", "path"), Column("text"), Column("themes", "texts"), Column("themes_zh", "texts")),
        *(Column(f"p_{theme}", "number") for theme in ids),
        *(Column("evidence", "texts"), Column("band"), Column("decided_by")),
        *(Column("margin", "number"), Column("novelty", "number"), Column("start", "integer")),
        *(Column("end", "integer"), Column("text_sha256"), Column("inferred", "flag")),
        *(Column("page", "integer"), Column("paragraph", "integer"), Column("role_by")),
    )

    def row(line: LineRow) -> tuple[Cell, ...]:
        themes = tuple(theme.id for theme in line.themes)
        return (
            *(line.report, line.line, line.role, line.section, line.heading_path, line.text),
            *(themes, tuple(names.get(theme, theme) for theme in themes)),
            *map(line.probabilities.get, ids),
            tuple(dict.fromkeys(word.term for theme in line.themes for word in theme.evidence if word.weight > 0)),
            *(line.band, line.decided_by, line.margin, line.novelty),
            *(line.start, line.end, line.text_sha256, line.inferred),
            *(line.page, line.paragraph, line.role_by),
        )

    return Table("lines", columns, lambda report: map(row, report.lines))


def _reports(legend: Legend) -> Table:
    themes = (*legend.scheme.ids, "none")
    meta = ("title", "source", "date", "place", "year", "period", "organ")
    quality = ("pinyin", "lost", "foreign")
    columns = (
        Column("report"),
        *(Column(name, "integer" if name == "year" else "text") for name in meta),
        *map(Column, legend.columns),
        Column("primary"),
        *(Column(f"{value}_{theme}", "number") for theme in themes for value in ("share", "low", "high")),
        *(Column(name, "integer") for name in ("chars", "lines", "sections", *quality)),
        *(Column("warnings", "texts"), Column("encoding"), Column("sha256"), Column("model")),
        Column("schema", "integer"),
        *(Column("format"), Column("converted_by"), Column("spam", "integer"), Column("mirrored", "integer")),
        Column("score", "number"),
    )

    def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
        row = report.row
        yield (
            *(row.report, *map(row.meta.get, meta), *map(row.meta.get, legend.columns), row.primary),
            *(bound for theme in themes for bound in _share(row, theme)),
            *(row.chars, len(report.lines), len(report.sections), *map(row.quality.get, quality)),
            *(row.warnings, row.encoding, row.sha256, row.model, row.schema),
            *(row.format, row.converted_by, *map(row.quality.get, ("spam", "mirrored", "score"))),
        )

    return Table("reports", columns, rows)


def _sections(legend: Legend) -> Table:
    themes = (*legend.scheme.ids, "none")
    columns = (
        *(
            Column("report"),
            Column("section", "integer"),
            Column("heading_line", "integer"),
            Column("level", "integer"),
        ),
        *(Column("heading_path", "path"), Column("primary"), Column("themes", "texts")),
        *(Column(f"share_{theme}", "number") for theme in themes),
        *(Column("start", "integer"), Column("end", "integer")),
    )

    def row(section: SectionRow) -> tuple[Cell, ...]:
        return (
            *(section.report, section.section, section.heading_line, section.level),
            *(section.heading_path, section.primary, section.themes),
            *map(section.shares.get, themes),
            *(section.start, section.end),
        )

    return Table("sections", columns, lambda report: map(row, report.sections))


def _line_themes(legend: Legend) -> Table:
    names = {theme.id: theme.name_zh for theme in legend.scheme.themes}
    columns = (
        *(Column("report"), Column("line", "integer"), Column("theme"), Column("theme_zh")),
        *(Column("probability", "number"), Column("threshold", "number"), Column("score", "number")),
        *(Column("evidence", "texts"), Column("weights", "numbers")),
        *(Column("context", "texts"), Column("context_weights", "numbers"), Column("rest", "number")),
    )

    def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
        for line in report.lines:
            for theme in line.themes:
                yield (
                    *(line.report, line.line, theme.id, names.get(theme.id, theme.id)),
                    *(theme.probability, theme.threshold, theme.score),
                    *(tuple(word.term for word in theme.evidence), tuple(word.weight for word in theme.evidence)),
                    *(tuple(theme.context), tuple(theme.context.values()), theme.rest),
                )

    return Table("line_themes", columns, rows)


def _share(row: ReportRow, theme: str) -> Iterable[float | None]:
    share = row.shares.get(theme)
    return (share.share, share.low, share.high) if share else (None, None, None)


def _is_list(column: Column) -> bool:
    return column.kind in _SEPARATORS
