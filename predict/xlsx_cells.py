"""Cells of a sheet: what they show, how they look, and that no text in them can run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from labels.roles import THEMED_ROLES
from labels.scheme import Scheme
from labels.spreadsheet import FORMULA_STARTS, shortened
from predict.colours import theme_colours, tint
from predict.column_names import theme_column, theme_names, value_name
from predict.extras import extra
from predict.package import xml_text
from predict.tables import Column, Scalar

_CUT: Final = "…（过长，已截断 / cut, too long）"
_INK: Final = "#23211d"
_RULE: Final = "CFC9BC"
_FAINT: Final = "#9a948a"
_LINE, _HIGHEST = 15.0, 409.0
# A place of a column is a digit in the default font; text takes a little more.
_WIDER: Final = 1.06
_PROBABILITY: Final = '[>=0.995]">99%";[<0.005]"<1%";0%'
_FORMATS: Final = {"p": _PROBABILITY, "share": "0.0%", "low": "0.0%", "high": "0.0%"}
WRAPPED: Final = frozenset(("text", "heading_path", "evidence", "themes_zh", "title", "warnings", "report"))


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; colours are `#rrggbb`, empty for none."""

    bold: bool = False
    wrap: bool = False
    middle: bool = False
    centred: bool = False
    fill: str = ""
    ink: str = _INK
    format: str = "General"


class Looks:
    """Values and looks of a table's rows: themes in their colours, headings bold, what can have no theme faint."""

    def __init__(self, columns: Sequence[Column], scheme: Scheme) -> None:
        self._columns = columns
        self._of_theme = [theme_column(column.name, scheme) for column in columns]
        self._tints = {theme: tint(colour) for theme, colour in theme_colours(scheme).items()}
        self._names = theme_names(scheme)
        places = {column.name: number for number, column in enumerate(columns)}
        self._role, self._themes = places.get("role"), places.get("themes")

    def values(self, row: Sequence[Scalar]) -> Iterator[Scalar]:
        """What the cells show."""
        for column, value in zip(self._columns, row, strict=True):
            if isinstance(value, bool):
                yield "是 / yes" if value else None
            elif not isinstance(value, str):
                yield value
            elif column.name == "primary":
                yield f"{self._names.get(value, (value,))[0]} / {value}"
            else:
                yield value_name(column.name, value)

    def of(self, row: Sequence[Scalar]) -> Iterator[Look]:
        """How they look."""
        role = row[self._role] if self._role is not None else "body"
        themes = str(row[self._themes]).split(";") if self._themes is not None else []
        ink = _INK if role in THEMED_ROLES else _FAINT
        for column, of_theme, value in zip(self._columns, self._of_theme, row, strict=True):
            if of_theme is not None:
                yield self._number(*of_theme, themes)
            elif column.name == "primary":
                yield Look(fill=self._tints.get(str(value), ""))
            else:
                bold, centred = role == "heading" and column.name == "text", column.kind == "integer"
                yield Look(bold=bold, wrap=column.name in WRAPPED, centred=centred, ink=ink)

    def _number(self, value: str, theme: str, themes: Sequence[str]) -> Look:
        if value == "p" and theme in themes:
            return Look(bold=True, fill=self._tints[theme], format=_PROBABILITY)
        return Look(ink=_INK if value == "share" else _FAINT, format=_FORMATS[value])


class Cells:
    """Makes the cells of one sheet; a look is worked out once."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._new = extra("openpyxl.cell").WriteOnlyCell
        self._made: dict[tuple[Look, bool], Any] = {}

    def cell(self, value: Scalar, look: Look) -> Any:
        """A cell with the value; a text is stored as a text, whatever it looks like."""
        is_text = isinstance(value, str)
        text = _sound(value) if isinstance(value, str) else ""
        pattern = self._pattern(look, quoted=text[:1] in FORMULA_STARTS)
        cell = self._new(self._sheet, text if is_text else value)
        cell._style = pattern._style  # noqa: SLF001 - openpyxl's only way to share a style between cells quickly
        if is_text:
            cell.data_type = "s"
        return cell

    def _pattern(self, look: Look, *, quoted: bool) -> Any:
        made = self._made.get((look, quoted))
        if made is None:
            made = self._made[look, quoted] = self._make(look)
            made.quotePrefix = quoted
        return made

    def _make(self, look: Look) -> Any:
        styles = extra("openpyxl.styles")
        cell = self._new(self._sheet)
        cell.font = styles.Font(name="等线", size=10.5, bold=look.bold, color=f"FF{look.ink[1:]}")
        across, down = "center" if look.centred else None, "center" if look.middle else "top"
        cell.alignment = styles.Alignment(horizontal=across, vertical=down, wrap_text=look.wrap)
        cell.border = styles.Border(bottom=styles.Side("hair", color=f"FF{_RULE}"))
        cell.number_format = look.format
        if look.fill:
            cell.fill = styles.PatternFill("solid", fgColor=f"FF{look.fill[1:]}")
        return cell


def height(texts: Iterable[tuple[Scalar, float]]) -> float:
    """Height of a row in points, from its wrapped cells as (value, width of the column): programs that open the file
    do not all work it out.

    >>> height([("平安" * 20, 40)]), height([(None, 10)])
    (48.0, 18.0)
    """
    lines = max((-(-_cells_wide(value) // width) for value, width in texts if isinstance(value, str)), default=1)
    return min(max(lines, 1) * _LINE + 3, _HIGHEST)


def _cells_wide(text: str) -> float:
    # A Chinese character has three bytes and takes two places.
    return (len(text) + (len(text.encode(errors="replace")) - len(text)) / 2) * _WIDER


def _sound(text: str) -> str:
    """Text that a cell can hold.

    >>> _sound("平安\\r\\n建设\\0"), len(_sound("平" * 40_000))
    ('平安\\n建设�', 32767)
    """
    return shortened(xml_text(text.replace("\r\n", "\n").replace("\r", "\n")), _CUT)


def lay_out(sheet: Any) -> None:
    """Make a sheet print across, all its columns on one page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
