"""What Word documents are made of here: fonts, shades, borders, three-line tables (三线表)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from predict.extras import extra
from predict.package import xml_text

SONG: Final = "宋体"
HEI: Final = "黑体"
KAI: Final = "楷体"
FANGSONG: Final = "仿宋"
_LATIN: Final = "Times New Roman"
_THICK, _THIN = 12, 6  # eighths of a point: a three-line table's outer rules and the one under its header


@dataclass(frozen=True, slots=True)
class Face:
    """How text looks: `size` in points, `ink` as `#rrggbb`; what is empty is the style's."""

    font: str = ""
    size: float = 0
    ink: str = ""
    bold: bool = False


_STYLED: Final = Face()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `fill` is the colour `#rrggbb` behind it, empty for none."""

    text: str
    fill: str = ""
    bold: bool = False


def new_document(title: str) -> Any:
    """An empty document on A4, in the fonts of Chinese official papers."""
    document = extra("docx").Document()
    document.core_properties.title = xml_text(title)[:255]
    document.core_properties.author = "zhengfa-themes"
    document.core_properties.comments = ""
    measure = extra("docx.shared").Cm
    section = document.sections[0]
    section.page_width, section.page_height = measure(21), measure(29.7)
    section.top_margin = section.bottom_margin = measure(2.54)
    section.left_margin = section.right_margin = measure(2.6)
    _style(document.styles["Normal"], FANGSONG, 12)
    for level, (font, size) in enumerate(((HEI, 15), (KAI, 14), (FANGSONG, 13), (FANGSONG, 12), (FANGSONG, 12)), 1):
        _style(document.styles[f"Heading {level}"], font, size, bold=level == 3)
    return document


def write_run(paragraph: Any, text: str, face: Face = _STYLED) -> Any:
    """Add a run of text to a paragraph."""
    run = paragraph.add_run(xml_text(text))
    if face.font:
        _set_font(run._r.get_or_add_rPr(), face.font)  # noqa: SLF001 - python-docx knows no East Asian fonts
    if face.size:
        run.font.size = extra("docx.shared").Pt(face.size)
    if face.ink:
        run.font.color.rgb = extra("docx.shared").RGBColor.from_string(face.ink[1:].upper())
    if face.bold:
        run.font.bold = True
    return run


def shade_run(run: Any, colour: str) -> None:
    """Put a colour behind a run."""
    run._r.get_or_add_rPr().append(_shade(colour))  # noqa: SLF001 - python-docx knows no shades


def shade_paragraph(element: Any, colour: str, bar: str = "") -> None:
    """Put a colour behind a paragraph (its `w:p`), in place of any it has; and a bar of the colour `bar` beside it."""
    properties = element.get_or_add_pPr()
    _replace(properties, "w:shd", _shade(colour))
    if bar:
        borders = _element("w:pBdr")
        borders.append(_element("w:left", val="single", sz="36", space="7", color=bar[1:].upper()))
        _replace(properties, "w:pBdr", borders)


def three_line_table(
    document: Any, header: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[float]
) -> Any:
    """Add a table with a thick rule above and below and a thin one under its header, as journals want it.

    widths: of the columns, in centimetres.
    """
    table = document.add_table(rows=1, cols=len(header))
    table.autofit = False
    table.alignment = extra("docx.enum.table").WD_TABLE_ALIGNMENT.CENTER
    _fill(table.rows[0], [Cell(name, bold=True) for name in header])
    for row in rows:
        _fill(table.add_row(), row)
    # A table over several pages has its header on each.
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001 - as above
    for column, width in zip(table.columns, widths, strict=True):
        column.width = extra("docx.shared").Cm(width)
        for cell in column.cells:
            cell.width = extra("docx.shared").Cm(width)
    for cell in table.rows[0].cells:
        _rule(cell, "top", _THICK)
        _rule(cell, "bottom", _THIN)
    for cell in table.rows[-1].cells:
        _rule(cell, "bottom", _THICK)
    return table


def _fill(row: Any, cells: Sequence[Cell]) -> None:
    for number, (place, cell) in enumerate(zip(row.cells, cells, strict=True)):
        paragraph = place.paragraphs[0]
        paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = extra("docx.shared").Pt(2)
        paragraph.alignment = 0 if number == 0 else 1
        write_run(paragraph, cell.text, Face(SONG, 10.5, bold=cell.bold))
        if cell.fill:
            place._tc.get_or_add_tcPr().append(_shade(cell.fill))  # noqa: SLF001 - as above


def _rule(cell: Any, side: str, width: int) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - as above
    borders = properties.find(extra("docx.oxml.ns").qn("w:tcBorders"))
    if borders is None:
        borders = _element("w:tcBorders")
        # The schema wants borders before shades.
        shade = properties.find(extra("docx.oxml.ns").qn("w:shd"))
        properties.append(borders) if shade is None else shade.addprevious(borders)
    borders.append(_element(f"w:{side}", val="single", sz=str(width), space="0", color="000000"))


def _style(style: Any, font: str, size: float, *, bold: bool = False) -> None:
    shared = extra("docx.shared")
    style.font.size, style.font.bold = shared.Pt(size), bold
    style.font.color.rgb = shared.RGBColor(0, 0, 0)
    _set_font(style.element.get_or_add_rPr(), font)


def _set_font(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    qn = extra("docx.oxml.ns").qn
    for name, face in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), face)


def _shade(colour: str) -> Any:
    return _element("w:shd", val="clear", color="auto", fill=colour[1:].upper())


def _element(name: str, **attributes: str) -> Any:
    element = extra("docx.oxml").OxmlElement(name)
    for key, value in attributes.items():
        element.set(extra("docx.oxml.ns").qn(f"w:{key}"), value)
    return element


# What may stand behind w:shd in w:pPr: the schema wants an order.
_BEHIND_SHADE: Final = tuple(
    f"w:{name}"
    for name in (
        *("tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE"),
        *("autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing"),
        *("mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap"),
        *("outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
    )
)


def _replace(properties: Any, name: str, element: Any) -> None:
    qn = extra("docx.oxml.ns").qn
    for old in properties.findall(qn(name)):
        properties.remove(old)
    behind = _BEHIND_SHADE if name == "w:shd" else ("w:shd", *_BEHIND_SHADE)
    properties.insert_element_before(element, *behind)
