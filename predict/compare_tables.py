"""A comparison as CSV: shares, words, what is new, the strongest paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from predict.compare import Cell, Comparison, Paragraph, change, strongest
from predict.compare_new import News, news
from predict.compare_words import Group, set_apart
from predict.csv_tables import BYTE_ORDER_MARK, encode_rows
from predict.tables import Scalar

Row = Sequence[Scalar]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is said about a comparison."""

    comparison: Comparison
    groups: tuple[Group, ...]
    news: tuple[News, ...]


def findings_of(comparison: Comparison) -> Findings:
    """Everything worked out."""
    return Findings(comparison, set_apart(comparison), news(comparison))


def csv_tables(findings: Findings) -> dict[str, bytes]:
    """The tables as the bytes of files, by what their names end in."""
    return {name: _encoded(columns, rows(findings)) for name, (columns, rows) in _TABLES.items()}


def _encoded(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    return BYTE_ORDER_MARK + encode_rows([columns]) + encode_rows(rows)


def _shares(findings: Findings) -> Iterator[Row]:
    comparison = findings.comparison
    names = {theme.id: theme.name_zh for theme in comparison.scheme.themes}
    for cell in comparison.cells:
        before = comparison.before(cell)
        for theme in comparison.themes:
            share = cell.shares[theme]
            moved = change(share, before.shares[theme]) if before else None
            yield (
                *_where(cell),
                *(theme, names.get(theme, "无主题"), share.share, share.low, share.high),
                *((moved.share, moved.low, moved.high) if moved else (None,) * 3),
                *(len(cell.paragraphs), sum(member.chars for member in cell.members)),
                ";".join(member.report for member in cell.members),
            )


def _words(findings: Findings) -> Iterator[Row]:
    for group in findings.groups:
        for rank, word in enumerate(group.words, 1):
            values = (word.log_odds, word.low, word.high, word.z, word.count, word.places)
            yield (group.by, group.key, rank, word.word, *values)


def _news(findings: Findings) -> Iterator[Row]:
    for one in findings.news:
        for word in one.words:
            yield (*_where(one.cell), "word", word.word, word.z, word.count, None, None)
        for new in one.paragraphs:
            yield (*_where(one.cell), "paragraph", new.paragraph.text, new.new, 1, *_place(new.paragraph))


def _paragraphs(findings: Findings) -> Iterator[Row]:
    for theme in findings.comparison.scheme.ids:
        for rank, (cell, paragraph) in enumerate(strongest(findings.comparison, theme), 1):
            yield (theme, rank, *_where(cell), *_place(paragraph), *paragraph.themes[theme], paragraph.text)


def _where(cell: Cell) -> Row:
    return cell.place, cell.when.year or None, cell.when.period


def _place(paragraph: Paragraph) -> Row:
    return paragraph.report, paragraph.line


_WHERE: Final = ("place", "year", "period")
_TABLES: Final[dict[str, tuple[Sequence[str], Callable[[Findings], Iterable[Row]]]]] = {
    ".csv": (
        (
            *(*_WHERE, "theme", "theme_zh", "share", "low", "high", "change", "change_low", "change_high"),
            *("paragraphs", "chars", "reports"),
        ),
        _shares,
    ),
    "-words.csv": (("by", "key", "rank", "word", "log_odds", "low", "high", "z", "count", "places"), _words),
    "-new.csv": ((*_WHERE, "kind", "text", "value", "count", "report", "line"), _news),
    "-paragraphs.csv": (("theme", "rank", *_WHERE, "report", "line", "probability", "score", "text"), _paragraphs),
}
