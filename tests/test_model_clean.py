"""Clean text: one form for the same words, and a map from every character back to its source."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from model.clean import clean, clean_paragraphs
from model.paragraphs import Paragraph, split_paragraphs

T2S = OpenCC("t2s")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政法工作現(xiàn)代化，辦結１２３件", "政法工作现代化,办结123件"),
        ("①㎡ ㈠", "1m2 (一)"),
        ("e\u0301㈠e\u0301", "é(一)é"),
        ("平\u200b安\ufeff建\u202e设", "平安建设"),
        ("化解矛盾\n　　纠纷", "化解矛盾纠纷"),
        ("new\r\nline", "new line"),
        ("覆蓋乾隆年間", "覆盖乾隆年间"),
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    """Damage, width, script and inner line breaks make no difference."""
    assert clean(text) == expected


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="()（）"), max_size=60))
def test_is_nfkc_then_simplified(text: str) -> None:
    """Without damage, clean text is NFKC and then the library's simplification, invisible characters apart."""
    visible = re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\r\n]", "", text)
    assert clean(visible) == T2S.convert(unicodedata.normalize("NFKC", visible))


@given(st.lists(st.text(alphabet="平安現(xiàn)質１２①,。e\u0301 A乾坤\u200b", max_size=20), max_size=6))
def test_map_leads_back(lines: list[str]) -> None:
    """The origin of every character lies inside its own paragraph, in order; paragraphs keep their places."""
    text = "\n".join(lines)
    paragraphs = split_paragraphs(text)
    cleaned = clean_paragraphs(text, paragraphs)
    assert len(cleaned.bounds) == len(paragraphs) + 1
    assert len(cleaned.text) == len(cleaned.origin) == len(cleaned.codes)
    for number, paragraph in enumerate(paragraphs):
        origin = cleaned.origin[cleaned.bounds[number] : cleaned.bounds[number + 1] - 1].tolist()
        assert origin == sorted(origin)
        assert all(paragraph.start <= place < paragraph.end for place in origin)


def test_counts_damage() -> None:
    """Readings taken out and characters lost are counted."""
    text = "現(xiàn)代質(zhì)量\ufffd好"
    cleaned = clean_paragraphs(text, [Paragraph(0, len(text), 1)])
    assert (cleaned.pinyin, cleaned.lost) == (2, 1)
    assert text[cleaned.origin[0] : cleaned.origin[1] + 1] == "現(xiàn)代"
