"""Text for the page: marked, joined, and with nothing in it that could hide or reorder."""

from __future__ import annotations

import pytest

from labels.item import Evidence
from labels.page_guide import guide_html
from labels.page_ink import ink


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("平安建设", [("平安建设", "", "")]),
        ("平安\n　　建设", [("平安建设", "", "")]),
        ("Peace\nbuilding", [("Peace building", "", "")]),
        ("a\u202eb", [("a", "", ""), ("U+202E", "", "control"), ("b", "", "")]),
        ("\u2066x\u200b", [("U+2066", "", "control"), ("x", "", ""), ("U+200B", "", "control")]),
        ("<script>alert(1)</script>", [("<script>alert(1)</script>", "", "")]),
        ("", []),
    ],
)
def test_plain_text(text, pieces):
    """A wrapped line is joined, an invisible control shows its code, markup stays text."""
    assert ink(text) == pieces


def test_evidence_is_marked_by_code_points():
    """Offsets count code points, so a character outside the basic plane moves no mark."""
    text = "𠮷镇扫黑除恶"
    assert ink(text, [Evidence("security", "扫黑除恶", 2, 6)]) == [("𠮷镇", "", ""), ("扫黑除恶", "security", "")]


def test_overlapping_evidence_gives_every_character_one_theme():
    """Where words overlap the later one wins, and no character is lost or doubled."""
    pieces = ink("政治轮训班", [Evidence("a", "政治轮训", 0, 4), Evidence("b", "轮训班", 2, 5)])
    assert pieces == [("政治", "a", ""), ("轮训班", "b", "")]


@pytest.mark.parametrize(("language", "title"), [("zh", "标注指南"), ("en", "Labelling guide")])
def test_guide_is_rendered_without_links(language, title):
    """Both guides become HTML with tables, and nothing in them leads away from the page."""
    page = guide_html(language)
    assert "<h1>" in page
    assert title in page
    assert "<table>" in page
    assert "href" not in page
