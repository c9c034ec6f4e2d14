"""The last sheet of a workbook: the themes in their colours, and how to read the other sheets."""

from __future__ import annotations

from typing import Any, Final

from labels.scheme import Scheme
from predict.colours import ink_on
from predict.xlsx_cells import Cells, Look, height, lay_out

_TITLE: Final = "说明 About"
_WIDTHS: Final = {"A": 22, "B": 26, "C": 34, "D": 90}
_HEADER: Final = Look(bold=True, fill="#efece4", wrap=True, middle=True)
_NOTES: Final = (
    ("概率 probability", "该段属于该主题的可能性；加粗带底色者即判定属于该主题。", "Bold on a tint: it has the theme."),
    (
        "占比 share",
        "占正文字数的比例；上下限为 95% 区间，按段落重抽样而得。",
        "Part of the body text, with a 95 % interval.",
    ),
    ("待核 to check", "模型把握不足的段落，请先看。", "Paragraphs the model is not sure of: read those first."),
    ("折叠的列 folded", "点列标上方的 + 展开偏移、哈希等列。", "The + above the columns unfolds what programs want."),
)


def add_about(book: Any, scheme: Scheme) -> None:
    """Add the sheet to a workbook that is written row by row."""
    sheet = book.create_sheet(_TITLE)
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    lay_out(sheet)
    cells, plain = Cells(sheet), Look(wrap=True)
    rows = [[(name, _HEADER) for name in ("主题\nTheme", "名称\nName", "英文名\nEnglish", "说明\nWhat it is")]]
    for theme in scheme.themes:
        look = Look(bold=True, fill=theme.colour, ink=ink_on(theme.colour))
        described = f"{theme.description_zh}\n{theme.description_en}"
        rows.append([(theme.id, look), (theme.name_zh, plain), (theme.name_en, plain), (described, plain)])
    rows += [
        [(name, Look(bold=True)), ("", plain), ("", plain), (f"{chinese}\n{english}", plain)]
        for name, chinese, english in _NOTES
    ]
    for number, row in enumerate(rows, 1):
        sheet.row_dimensions[number].height = height([(line, 44) for line in row[-1][0].split("\n")]) + 15
        sheet.append([cells.cell(value, look) for value, look in row])
    sheet.close()
