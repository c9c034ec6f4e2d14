"""A three-line table (三线表) of a comparison's shares, to paste into a paper."""

from __future__ import annotations

from typing import Any, Final

from model.rollup import Share
from predict.compare import Comparison
from predict.docx_parts import HEI, SONG, Cell, Face, new_document, three_line_table, write_run
from predict.extras import extra

_CAPTION: Final = ("政法工作报告各主题占正文的比例（%）", "Shares of themes in political-legal work reports (%)")
_NOTE: Final = (
    "注：括号内为 95% 区间，由段落重抽样而得；同一地区同一时段有多篇报告的，按正文字数加权。“—”表示没有报告。",
    "Note: 95% intervals in parentheses, from resampling paragraphs; reports of one place and time are weighted by",
    "their length. A dash: no report.",
)
_WIDTH: Final = 24.0  # centimetres of text on A4 across


def table_document(comparison: Comparison) -> Any:
    """A document that holds the table, its caption above and its note below."""
    document = new_document(_CAPTION[0])
    section = document.sections[0]
    section.orientation = extra("docx.enum.section").WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for number, caption in enumerate(_CAPTION):
        paragraph = document.add_paragraph()
        paragraph.alignment = extra("docx.enum.text").WD_ALIGN_PARAGRAPH.CENTER
        write_run(paragraph, f"{('表 1', 'Table 1')[number]}　{caption}", Face((HEI, SONG)[number], 10.5))
    names = {theme.id: (theme.name_zh, theme.name_en) for theme in comparison.scheme.themes}
    themes = ["\n".join(names.get(theme, ("无主题", "None"))) for theme in comparison.themes]
    widths = [3.2, 2.6, *[(_WIDTH - 5.8) / len(themes)] * len(themes)]
    three_line_table(document, ("地区\nPlace", "年份\nYear", *themes), _rows(comparison), widths)
    write_run(document.add_paragraph(), f"{_NOTE[0]}\n{_NOTE[1]} {_NOTE[2]}", Face(SONG, 9))
    return document


def _rows(comparison: Comparison) -> list[list[Cell]]:
    """A row for every place and time; the place stands only where it changes."""
    rows = []
    for place in comparison.places:
        for number, when in enumerate(comparison.spans):
            cell = comparison.by_key.get((place, when))
            shares = [_shown(cell.shares[theme]) for theme in comparison.themes] if cell else []
            missing = ["—"] * (len(comparison.themes) - len(shares))
            shown = [place if number == 0 else "", when.names[0], *shares, *missing]
            rows.append([Cell(text) for text in shown])
    return rows


def _shown(share: Share) -> str:
    """A share with its interval, in percent.

    >>> _shown(Share(0.2134, 0.05, 0.4))
    '21.3\\n(5.0, 40.0)'
    """
    return f"{100 * share.share:.1f}\n({100 * share.low:.1f}, {100 * share.high:.1f})"
