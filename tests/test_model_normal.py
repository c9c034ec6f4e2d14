"""NFKC with the place of every character."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.clean import clean_paragraphs
from model.normal import normalised
from model.paragraphs import Paragraph

PARTS = st.lists(st.sampled_from(["㈠", "①", "㎡", "ﬁ", "e\u0301", "q\u0323\u0307", "가", "가", "\x85", "ば", "長"]))


@given(st.text(max_size=40) | PARTS.map("".join))
def test_it_is_nfkc_and_places_are_in_order(text: str):
    """The text is that of unicodedata; every character comes from somewhere in the text, in its order."""
    normal, indexes = normalised(text) if text else ("", [])
    assert normal == unicodedata.normalize("NFKC", text)
    assert len(indexes) == len(normal)
    assert indexes == sorted(indexes)
    assert all(0 <= index < len(text) for index in indexes)


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("㈠\x85）", [0, 0, 0, 1, 2]),
        ("①㎡ﬁ", [0, 1, 1, 2, 2]),
        ("e\u0301㈠", [0, 2, 2, 2]),
        ("ﬁe\u0301", [0, 0, 1]),
        ("\u1112\u1161\u11ab㈠", [0, 3, 3, 3]),
    ],
)
def test_what_becomes_several_stays_at_its_place(text: str, indexes: list[int]):
    """What expands moves nothing behind it away from its place."""
    assert normalised(text)[1] == indexes


def test_clean_text_leads_to_what_was_read():
    """In clean text every character of a sign that stands for three leads to that sign."""
    source = "长㈠\x85）"
    clean = clean_paragraphs(source, [Paragraph(0, len(source), 1)])
    assert [source[at] for char, at in zip(clean.text, clean.origin, strict=False) if char == "一"] == ["㈠"]
