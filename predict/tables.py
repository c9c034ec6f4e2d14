"""The rows as flat tables, for every format that has cells: reports, sections, lines, line_themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from predict.annotation import LineRow, Report, SectionRow
from predict.formats import Legend

Cell = str | int | float | bool | None

LIST_SEPARATOR: Final = ";"
PATH_SEPARATOR: Final = " > "
_META: Final = ("title", "source", "date", "place", "year", "period", "organ")
_QUALITY: Final = ("pinyin", "lost", "foreign")
_DIRT: Final = ("spam", "mirrored", "score")


@dataclass(frozen=True, slots=True)
class Table:
    """A flat table: its columns, and the rows that one report adds to it."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Report], Iterator[tuple[Cell, ...]]]


def tables(legend: Legend) -> tuple[Table, ...]:
    """All tables, each beginning with the report's name; columns of themes follow the scheme."""
    return (_reports(legend), _sections(legend), lines_table(legend), _line_themes(legend))


def lines_table(legend: Legend) -> Table:
    """One row a paragraph: where, what, its themes by id and by Chinese name, a probability per theme, the evidence."""
    ids = legend.scheme.ids
    names = {theme.id: theme.name_zh for theme in legend.scheme.themes}
    columns = (
        *("report", "line", "role", "section", "heading_path", "text", "themes", "themes_zh"),
        *(f"p_{theme}" for theme in ids),
        *("evidence", "band", "decided_by", "margin", "novelty", "start", "end", "text_sha256", "inferred"),
        *("page", "paragraph", "role_by"),
    )

    def row(line: LineRow) -> tuple[Cell, ...]:
        themes = [theme.id for theme in line.themes]
        return (
            *(line.report, line.line, line.role, line.section, PATH_SEPARATOR.join(line.heading_path), line.text),
            *(_listed(themes), _listed(names.get(theme, theme) for theme in themes)),
            *map(line.probabilities.get, ids),
            _listed(dict.fromkeys(word.term for theme in line.themes for word in theme.evidence if word.weight > 0)),
            *(line.band, line.decided_by, line.margin, line.novelty),
            *(line.start, line.end, line.text_sha256, line.inferred),
            *(line.page, line.paragraph, line.role_by),
        )

    return Table("lines", columns, lambda report: map(row, report.lines))


def _reports(legend: Legend) -> Table:
    themes = (*legend.scheme.ids, "none")
    columns = (
        *("report", *_META, *legend.columns, "primary"),
        *(f"{value}_{theme}" for theme in themes for value in ("share", "low", "high")),
        *("chars", "lines", "sections", *_QUALITY, "warnings", "encoding", "sha256", "model", "schema"),
        *("format", "converted_by", *_DIRT),
    )

    def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
        row = report.row
        shares = [row.shares.get(theme) for theme in themes]
        yield (
            *(row.report, *map(row.meta.get, _META), *map(row.meta.get, legend.columns), row.primary),
            *(bound for share in shares for bound in ((share.share, share.low, share.high) if share else (None,) * 3)),
            *(row.chars, len(report.lines), len(report.sections), *map(row.quality.get, _QUALITY)),
            *(_listed(row.warnings), row.encoding, row.sha256, row.model, row.schema),
            *(row.format, row.converted_by, *map(row.quality.get, _DIRT)),
        )

    return Table("reports", columns, rows)


def _sections(legend: Legend) -> Table:
    themes = (*legend.scheme.ids, "none")
    columns = (
        *("report", "section", "heading_line", "level", "heading_path", "primary", "themes"),
        *(f"share_{theme}" for theme in themes),
        *("start", "end"),
    )

    def row(section: SectionRow) -> tuple[Cell, ...]:
        return (
            *(section.report, section.section, section.heading_line, section.level),
            *(PATH_SEPARATOR.join(section.heading_path), section.primary, _listed(section.themes)),
            *map(section.shares.get, themes),
            *(section.start, section.end),
        )

    return Table("sections", columns, lambda report: map(row, report.sections))


def _line_themes(legend: Legend) -> Table:
    names = {theme.id: theme.name_zh for theme in legend.scheme.themes}
    columns = (
        *("report", "line", "theme", "theme_zh", "probability", "threshold", "score"),
        *("evidence", "weights", "context", "context_weights", "rest"),
    )

    def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
        for line in report.lines:
            for theme in line.themes:
                yield (
                    *(line.report, line.line, theme.id, names.get(theme.id, theme.id)),
                    *(theme.probability, theme.threshold, theme.score),
                    *(_listed(word.term for word in theme.evidence), _listed(word.weight for word in theme.evidence)),
                    *(_listed(theme.context), _listed(theme.context.values()), theme.rest),
                )

    return Table("line_themes", columns, rows)


def _listed(values: Iterable[str | float]) -> str:
    return LIST_SEPARATOR.join(map(str, values))
