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
        ([], []),
    ],
)
def test_numbered_forms_nest_as_they_come(headings: list[str], levels: list[int]):
    """A form that was not open opens a level; one that was closes what stands under it."""
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


@given(st.lists(st.tuples(TEXTS, st.sampled_from(ROLES)), max_size=20))
def test_every_heading_has_a_level_and_nothing_else_has(rows: list[tuple[str, str]]):
    """Levels start at 1 and grow by one at most; other paragraphs have none."""
    texts, roles = [text for text, _ in rows], [role for _, role in rows]
    levels = heading_levels(texts, roles)
    assert [level is not None for level in levels] == [role == H for role in roles]
    own = [0, *(level for level in levels if level is not None)]
    assert all(1 <= after <= before + 1 for before, after in pairwise(own))
