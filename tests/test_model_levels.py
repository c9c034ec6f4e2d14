"""Levels of headings: how numbered forms nest, and what stands above what without numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.roles import ROLES
from model.levels import heading_levels

H, B = "heading", "body"
TEXTS = st.sampled_from(
    ["一、甲", "(一)乙", "1.丙", "(1)丁", "第一章 总则", "第二条 戊", "平安建设", "着力推进平安建设", "", "①"]
)


@pytest.mark.parametrize(
    ("headings", "levels"),
    [
        (["一、甲", "二、乙", "三、丙"], [1, 1, 1]),
        (["一、甲", "(一)乙", "(二)丙", "二、丁", "(一)戊"], [1, 2, 2, 1, 2]),
        (["一、甲", "(一)乙", "1.丙", "2.丁", "(二)戊", "二、己"], [1, 2, 3, 3, 2, 1]),
        (["(一)甲", "1.乙", "(二)丙"], [1, 2, 1]),
        (["第一章 甲", "一、乙", "第二章 丙"], [1, 2, 1]),
        (["1.甲", "(1)乙", "2.丙"], [1, 2, 1]),
        (["平安建设", "法治建设"], [1, 1]),
        (["篇一:甲", "一、乙", "第二篇 丙"], [1, 2, 1]),
        (["> 第一部分 甲", "> ★ 一、乙", "> 第二部分 丙"], [1, 2, 1]),
        (["第 一 部 分 甲", "一 、 乙 丙", "第 二 部 分 丁"], [1, 2, 1]),
        (["一、甲", "(一)乙", "1.丙", "二、丁", "1.戊"], [1, 2, 3, 1, 2]),
        (["一、甲", "二、乙", "写在最后"], [1, 1, 1]),
        (["一、甲", "乙在其中", "二、丙"], [1, 2, 1]),
        (["(一)甲", "一、乙", "(一)丙"], [1, 2, 1]),
        (["1月", "乙在其中", "2月"], [1, 2, 1]),
        ([], []),
    ],
)
def test_numbered_forms_nest_as_they_come(headings: list[str], levels: list[int]):
    """A form that was not open opens a level; one that was closes what stands under it; the end stands by itself."""
    texts = [text for heading in headings for text in (heading, "正文。")]
    assert heading_levels(texts, [H, B] * len(headings)) == [level for own in levels for level in (own, None)]


def test_a_heading_over_headings_is_above_them():
    """Without numbers, a heading that a heading follows at once stands above it, and so do those as long as it."""
    texts = [
        "坚持和发展新时代枫桥经验推进平安建设",
        "化解纠纷",
        "正文。",
        "整治乱象",
        "正文。",
        "全面深化改革建设更高水平法治城市",
        "正文。",
    ]
    assert heading_levels(texts, [H, H, B, H, B, H, B]) == [1, 2, None, 2, None, 1, None]


def test_a_form_returns_to_where_it_stood():
    """Where the heading above is not seen as such, those of a form that stood under one are not a level lower."""
    texts = [
        "全面加强源头治理工作",
        "化解纠纷",
        "正文。",
        "下半年主要工作安排",
        "重点一:排查",
        "正文。",
        "守护平安",
        "正文。",
    ]
    assert heading_levels(texts, [H, H, B, H, H, B, H, B]) == [1, 2, None, 1, 2, None, 2, None]


@pytest.mark.parametrize("numbers", [("01", "02"), ("PART.1", "PART.2"), ("壹", "贰"), ("2022年", "2023年")])
def test_a_number_on_a_line_of_its_own_is_part_of_its_heading(numbers: tuple[str, str]):
    """It stands no higher than the heading behind it; others stand under both."""
    texts = [numbers[0], "守护平安", "排查", "正文。", "打击", "正文。", numbers[1], "服务发展", "正文。"]
    assert heading_levels(texts, [H, H, H, B, H, B, H, H, B]) == [1, 1, 2, None, 2, None, 1, 1, None]


@pytest.mark.parametrize(
    ("above", "other", "below"),
    [
        ("关键词:平安", "关键词:为民", "严打盗抢"),
        ("把平安守起来", "把公道立起来", "反诈有实招"),
        ("初心如炬:党旗红", "法治如秤:公信立", "看得见的安全防线"),
        ("利剑出鞘", "化冰成水", "打"),
    ],
)
def test_headings_like_those_above_are_above(above: str, other: str, below: str):
    """What the headings above others share, and those under them do not, tells another one, however long it is."""
    texts = [above, below, "正文。", other, "正文。"]
    assert heading_levels(texts, [H, H, B, H, B]) == [1, 2, None, 1, None]


@given(st.lists(st.tuples(TEXTS, st.sampled_from(ROLES)), max_size=20))
def test_every_heading_has_a_level_and_nothing_else_has(rows: list[tuple[str, str]]):
    """Levels start at 1 and grow by one at most; other paragraphs have none."""
    texts, roles = [text for text, _ in rows], [role for _, role in rows]
    levels = heading_levels(texts, roles)
    assert [level is not None for level in levels] == [role == H for role in roles]
    own = [0, *(level for level in levels if level is not None)]
    assert all(1 <= after <= before + 1 for before, after in pairwise(own))
