"""Parts: a long text is read piece by piece, and every paragraph still says where it stands in the whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import parts
from model.lines import BLANKS
from model.paragraphs import split_paragraphs

PIECES = st.sampled_from([*"平安。；a \u3000", "\n", "\r\n", "\r", "一、平安建设", "化解矛盾。", "\ufdfa"])


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch):
    """Parts as short as make a test quick."""
    monkeypatch.setattr(parts, "LONGEST", 24)
    monkeypatch.setattr(parts, "MOST_LINES", 5)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=80).map("".join))
def test_parts_are_the_text(text: str):
    """Joined, the parts are the text; none is empty, longer than allowed or cut inside a line break."""
    spans = list(parts.parts(text))
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(0 < end - start <= parts.LONGEST + 1 for start, end in spans)
    assert not any(text[end - 1 : end + 1] == "\r\n" for _, end in spans)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=80).map("".join))
def test_paragraphs_of_parts_are_those_of_the_text(text: str):
    """All ink is in a paragraph; lines are counted as in the whole text, paragraphs cut by a part say so."""
    found = [paragraph for part in parts.paragraphs_by_part(text) for paragraph in part]
    inked = {at for at, char in enumerate(text) if char not in BLANKS}
    assert inked <= {at for paragraph in found for at in range(paragraph.start, paragraph.end)}
    whole = {start: paragraph.line for paragraph in split_paragraphs(text) for start in [paragraph.start]}
    assert all(whole.get(paragraph.start, paragraph.line) == paragraph.line for paragraph in found)
    assert all(paragraph.inferred for paragraph in found if paragraph.start not in whole)


def test_a_text_of_usual_length_is_one_part():
    """Nothing is cut that is no longer than a part."""
    assert not parts.is_long("平安建设。\n" * 4)
    assert list(parts.parts("平安建设。\n" * 4)) == [(0, 24)]
    assert parts.is_long("平安\n" * 6)
    assert parts.is_long("平" * 25)
