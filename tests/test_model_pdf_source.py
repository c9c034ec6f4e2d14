"""PDF: paragraphs across lines, columns and pages; running heads, page numbers, scans, damage."""

from __future__ import annotations

import pytest

from labels.errors import UserError
from model.documents import source_of
from model.pdf_source import extract
from tests.small_pdf import HEIGHT, Text, pdf, set_text

FIRST = (
    "全市政法机关深入贯彻落实上级部署，紧紧围绕平安建设目标，扎实推进各"
    "项工作，取得了新的成效，社会大局持续稳定，人民群众安全感不断增强。"
)
SECOND = (
    "严厉打击各类违法犯罪活动，全年破获刑事案件一千二百余起，抓获犯"
    "罪嫌疑人九百余名，打掉犯罪团伙三十个，为群众挽回损失两千余万元。"
)
THIRD = (
    "深入排查化解矛盾纠纷，成立调解委员会一百二十个，调解各类纠"
    "纷八千六百件，调解成功率达百分之九十八，群众满意度明显提升。"
)


def lines(pages: list[list[Text]]) -> list[str]:
    """The extracted lines of a PDF."""
    return extract(pdf(pages), "a.pdf").text.splitlines()


def said(pages: list[list[Text]]) -> list[tuple[str, str, int | None]]:
    """Every line with what the page says of it and its page."""
    found = extract(pdf(pages), "a.pdf")
    return [(found.text[block.start : block.end], block.place.why, block.place.page) for block in found.blocks]


def test_lines_are_joined_to_paragraphs():
    """An indented line begins a paragraph, a full line goes on in the next, a heading stands alone."""
    page = [(180, 780, 22, "青澜市政法工作总结"), *set_text(FIRST, (60, 720), 28), (92, 600, 16, "一、维护稳定")]
    assert lines([[*page, *set_text(SECOND, (60, 560), 28)]]) == ["青澜市政法工作总结", FIRST, "一、维护稳定", SECOND]


def test_paragraphs_set_apart_by_blank_lines():
    """Without indentation the gap parts paragraphs, though the line before is full."""
    text = FIRST[:60].ljust(60, "。")
    page = [*set_text(text, (60, 780), 30, indent=0), *set_text(SECOND, (60, 690), 30, indent=0)]
    assert lines([page]) == [text, SECOND]


def test_a_title_over_two_centred_lines_is_one():
    """A long title goes on in the middle of the next line."""
    title = "中共青澜市委政法委员会关于二〇二三年全市政法工作情况的总结报告"
    page = [(60, 780, 22, title[:21]), (190, 742, 22, title[21:]), *set_text(FIRST, (60, 690), 29)]
    assert lines([page]) == [title, FIRST]


def test_a_paragraph_runs_over_the_page():
    """Page numbers and running heads do not cut it, come behind it, and are known as what they are."""
    head = [(220, HEIGHT - 50, 10, "青澜政法年报")]
    lines_of_first = set_text(FIRST, (60, 730), 28)
    first = [*head, *lines_of_first[:2], (290, 40, 10, "— 1 —")]
    rest = [(x, 730 - 28 * at, size, text) for at, (x, _, size, text) in enumerate(lines_of_first[2:])]
    second = [*head, *rest, *set_text(SECOND, (60, 660), 28), (290, 40, 10, "— 2 —")]
    found = said([first, second])
    assert [text for text, why, _ in found if not why] == [FIRST, SECOND]
    assert [(text, why) for text, why, page in found if page == 1 and why] == [
        ("青澜政法年报", "running head"),
        ("— 1 —", "page number"),
    ]
    assert [page for text, _, page in found if text in (FIRST, SECOND)] == [1, 2]


def test_columns_are_read_one_after_the_other():
    """Two columns under a title over both; a paragraph goes on from the foot of the first to the head of the second."""
    left = set_text(FIRST, (40, 720), 15)
    more = set_text(SECOND, (40, 720 - 28 * len(left)), 15)
    foot, head = more[:3], [(x + 280, 720 - 28 * at, size, text) for at, (x, _, size, text) in enumerate(more[3:])]
    right = [(x + 280, y, size, text) for x, y, size, text in set_text(THIRD, (40, 720 - 28 * len(head)), 16)]
    # In the file, the rows of both columns stand side by side.
    page = [(150, 780, 22, "平安建设见实效"), *sorted([*left, *foot, *head, *right], key=lambda text: -text[1])]
    assert lines([page]) == ["平安建设见实效", FIRST, SECOND, THIRD]


def test_rows_of_a_table_stay_rows():
    """Cells far apart on one height are one line, parted by tabs, and not joined with the next."""
    rows = [(80 + 150 * column, 600 - 28 * row, 16, f"数据{row}{column}") for row in range(3) for column in range(3)]
    assert lines([[*set_text(FIRST, (60, 760), 28), *rows]])[1:] == [
        "\t".join(f"数据{row}{column}" for column in range(3)) for row in range(3)
    ]


def test_text_drawn_twice_comes_once():
    """Bold letters made by drawing a line twice, a hair apart."""
    page = [(60, 700, 16, "平安建设"), (60.3, 700, 16, "平安建设")]
    assert lines([page]) == ["平安建设"]


def test_contents_are_boilerplate():
    """A line with leaders and a page's number is an entry of the contents."""
    found = said([[(60, 700, 16, "一、维护社会稳定…………………………12"), *set_text(FIRST, (60, 600), 28)]])
    assert found[0][1] == "in a table of contents"


def test_a_scan_says_so():
    """Pages without any text name the remedy; a few of them among others are a warning."""
    with pytest.raises(
        UserError, match=r"^a\.pdf: none of its 2 pages holds text, so it seems to be a scan; recognise"
    ):
        extract(pdf([[], []]), "a.pdf")
    source = source_of(pdf([[(60, 700, 16, "平安建设")], []]), "a.pdf")
    assert source.warnings == ("1 of 2 pages hold no text (pictures or blank)",)
    assert (source.format, source.text) == ("pdf", "平安建设\n")


@pytest.mark.parametrize("raw", [b"%PDF-1.4\n\0", b"%PDF-1.7\n" + b"x" * 1000, pdf([[(0, 0, 16, "a")]])[:200]])
def test_damage_is_said_in_one_line(raw: bytes):
    """A PDF that is cut off or nonsense is an error of the user's file."""
    with pytest.raises(UserError, match=r"^a\.pdf: (?:this PDF can't be opened|none of its)"):
        extract(raw, "a.pdf")


@pytest.mark.parametrize("size", [-16.0, 0.0, 0.001, 4000.0])
def test_odd_sizes_are_no_bugs(size: float):
    """Text without height, mirrored, larger than the page."""
    page = [(60, 700, size, "平安"), (1e6, -1e6, 16, "建设"), (60, 700, 16, "平安建设")]
    assert "平安建设" in "".join(lines([page]))
