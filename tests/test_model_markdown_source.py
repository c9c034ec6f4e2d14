"""Markdown: its marks go, its text stays, its headings are headings."""

from __future__ import annotations

import pytest

from model.documents import source_of
from model.markdown_source import extract


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: x\n---\n平安建设\n", ["平安建设"]),
        ("平安\n\n---\n建设\n\n---\n法治\n", ["平安", "建设", "法治"]),
        ("甲<!-- 乙 --><!-- 丙 <!-- 丁 -->戊<!-- 己", ["甲戊<!-- 己"]),
        ("# 总结 #\n## 一、稳定\n", ["总结", "一、稳定"]),
        ("总结\n===\n正文\n---\n", ["总结", "正文"]),
        ("**平安**与*法治*，~~旧~~`12345`\n", ["平安与法治，旧12345"]),
        ("- 甲\n* 乙\n+ [x] 丙\n1. 丁\n> 戊\n", ["甲", "乙", "丙", "1. 丁", "戊"]),
        ("|指标|数|\n|---|:-:|\n|案件|12|\n", ["指标\t数", "案件\t12"]),
        ("见[公报](http://a.cn/b)和[文][1]<br>\n", ["见公报和文"]),
        ("![图为走访](a.jpg)\n", ["图为走访"]),
        ("甲\n***\n```\n代码\n```\n<!-- 注\n释 -->乙\n", ["甲", "代码", "乙"]),
        ("2\\*3，5*6*7\n", ["2*3，567"]),
        ("#平安 话题\n一行\n又一行\n", ["#平安 话题", "一行", "又一行"]),
    ],
)
def test_lines(text: str, expected: list[str]):
    """Every line stays a line, as in plain text; what only marks is gone."""
    assert extract(text.encode(), "a.md").text.splitlines() == expected


def test_headings_have_their_level():
    """Both kinds of heading."""
    blocks = extract("# 甲\n乙\n---\n### 丙\n丁\n".encode(), "a.md").blocks
    assert [(block.place.role, block.place.level) for block in blocks] == [
        ("heading", 1), ("heading", 2), ("heading", 3), (None, None),
    ]  # fmt: skip


def test_any_encoding():
    """As of plain text."""
    source = source_of("# 平安建设工作总结\n政法机关扎实推进各项工作。".encode("gb18030"), "a.md")
    assert (source.format, source.encoding, source.text.splitlines()[0]) == ("markdown", "gb18030", "平安建设工作总结")


@pytest.mark.parametrize("mark", ["*", "`", "[", "![", "<", "|", "\\", "#", ">", "- ", "~", "_", "<!--"])
def test_marks_without_end_take_linear_time(mark: str):
    """Half a million marks are no trouble."""
    assert extract(f"平安{mark * 500_000}".encode(), "a.md").text
