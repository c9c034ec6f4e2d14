"""Sections: the lead, then one for every heading, and every paragraph in exactly one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.roles import ROLES
from model.sections import Section, find_sections

H, B = "heading", "body"


@pytest.mark.parametrize(
    ("roles", "levels", "expected"),
    [
        ([], [], [(0, (), 0, 0)]),
        ([B, B], [None, None], [(0, (), 0, 2)]),
        ([H, B], [1, None], [(0, (), 0, 0), (1, (0,), 0, 2)]),
        (
            ["title", H, H, B, H, B, "caption"],
            [None, 1, 2, None, 1, None, None],
            [(0, (), 0, 1), (1, (1,), 1, 2), (2, (1, 2), 2, 4), (1, (4,), 4, 7)],
        ),
        (
            [H, H, H, H],
            [1, 2, 3, 2],
            [(0, (), 0, 0), (1, (0,), 0, 1), (2, (0, 1), 1, 2), (3, (0, 1, 2), 2, 3), (2, (0, 3), 3, 4)],
        ),
    ],
    ids=["nothing", "only a lead", "no lead", "two levels", "only headings"],
)
def test_sections(roles: list[str], levels: list[int | None], expected: list[tuple[int, tuple[int, ...], int, int]]):
    """A section has its heading's level, the headings above it, and what stands up to the next heading."""
    sections = find_sections(roles, levels)
    assert [(section.level, section.path, section.first, section.last) for section in sections] == expected
    assert [section.index for section in sections] == list(range(len(sections)))
    assert sections[0].heading is None


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.integers(1, 4)), max_size=30))
def test_every_paragraph_is_in_exactly_one(rows: list[tuple[str, int]]):
    """Sections follow each other without a gap and each begins with its heading, whose path ends in itself."""
    roles = [role for role, _ in rows]
    sections = find_sections(roles, [level if role == H else None for role, level in rows])
    covered = [paragraph for section in sections for paragraph in range(section.first, section.last)]
    assert covered == list(range(len(roles)))
    assert all(is_rooted(section, roles) for section in sections[1:])


def is_rooted(section: Section, roles: list[str]) -> bool:
    return section.heading == section.first == section.path[-1] and all(roles[place] == H for place in section.path)
