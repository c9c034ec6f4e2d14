"""Text in cells: whatever it is, it comes back, runs nothing, and fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.spreadsheet import CELL_LIMIT, cell_text, coded, decoded, from_plain, plain_text


@given(st.text())
def test_any_text_survives_a_cell(text: str):
    """What a cell holds comes back, but for characters that no cell can hold."""
    held = cell_text(text)
    assert from_plain(plain_text(held)) == held
    assert decoded(coded(held)) == held.replace("\r\n", "\n")
    assert cell_text(held) == held
    assert plain_text(text)[:1] not in set("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("text", ["长" * 40_000, "𠮷" * 20_000, "长" * CELL_LIMIT])
def test_a_cell_is_never_too_long(text: str):
    """A cell holds at most what Excel keeps, counted in UTF-16, and ends with whole characters."""
    held = cell_text(text)
    assert len(held.encode("utf-16-le")) <= 2 * CELL_LIMIT
    assert (held == text) == (len(text) == CELL_LIMIT)
