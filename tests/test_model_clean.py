"""Clean text: one form for the same words, and a map from every character back to its source."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from model.clean import clean, clean_paragraphs
from model.lines import BLANKS
from model.paragraphs import Paragraph, joined, split_paragraphs

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
        ("共3\n件", "共3件"),
        ("办结12\r\n　　000件", "办结12000件"),
        ("G20\nsummit", "G20 summit"),
        ("new\u200b\n\u00a0line", "new line"),
        ("new \u2003\r\r\n\t line", "new line"),
        ("現(xi\n\u00e0n)代化", "现代化"),
        ("一\n二\r三\r\n四", "一二三四"),
        ("\n\n平安\n", "平安"),
        ("覆蓋乾隆年間", "覆盖乾隆年间"),
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    """Damage, width, script and inner line breaks make no difference."""
    assert clean(text) == expected


PROSE = "2023年11月,全市政法机关应用AI技术化解矛盾纠纷3起,各项工作取得新进展,群众安全感、满意度进一步提升。"


@pytest.mark.parametrize("blank", [" ", "  ", "\u00a0", "\u3000", "\t "])
def test_blanks_inside_prose(blank: str) -> None:
    """Between characters of prose a blank says nothing; around Latin words, and in short lines, it stays."""
    assert clean(re.sub("(?<=[^A-Z])(?=[^A-Z0-9])|(?<=[^A-Z0-9])(?=[^A-Z])", blank, PROSE).strip()) == PROSE
    assert re.search(r"用\s+AI\s+技", clean(PROSE.replace("AI", f"{blank}AI{blank}")))
    for line in (f"张三{blank}李四", f"工{blank}作{blank}总{blank}结"):
        assert len(clean(line)) == len(line)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="()（）。｡︒"), max_size=60))
def test_is_nfkc_then_simplified(text: str) -> None:
    """Without damage and prose, clean text is NFKC and then simplified by the library, invisible characters apart."""
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


@given(
    st.lists(st.sampled_from([*"平安一。，ab12 \u3000\u200b\u00ad(", "\n", "\r\n", "\r", "現(xiàn)"]), max_size=40).map(
        "".join
    )
)
def test_line_breaks_inside_are_those_of_the_joined_text(text: str):
    """Features see a wrapped paragraph as people see it: as the one line that it is joined to."""
    text = text.strip(BLANKS)
    paragraph = Paragraph(0, len(text), 1)
    assert clean_paragraphs(text, [paragraph]).text[:-1] == clean(joined(text, paragraph))


def test_paragraphs_with_line_breaks_at_their_ends():
    """A paragraph that somebody cut with its blanks still ends where it ends, without a line break inside."""
    text = "\n平安\n\n建设 \r\n法治\n"
    cleaned = clean_paragraphs(text, [Paragraph(0, 4, 1), Paragraph(4, 9, 2), Paragraph(9, 13, 3)])
    assert [part.strip() for part in cleaned.text[:-1].split("\n")] == ["平安", "建设", "法治"]
    assert len(cleaned.bounds) == 4


@pytest.mark.parametrize(
    "text",
    [
        "平" + " " * 2_000_000 + "\r安",
        ("平" + " " * 2_000 + "\r安") * 1_000,
        "平" + "\r\n \n" * 500_000 + "安",
        "e" + "\u0301\u0316" * 500_000,
        "\u1100\u1161\u11a8" * 300_000,
        "中(zhong)" * 100_000,
        "中(" * 500_000,
    ],
    ids=["blanks", "runs of blanks", "line breaks", "combining marks", "jamo", "readings", "brackets"],
)
def test_hostile_text_takes_linear_time(text: str):
    """A million characters of any kind take seconds."""
    started = time.process_time()
    cleaned = clean_paragraphs(text, [Paragraph(0, len(text), 1)])
    assert time.process_time() - started < 10
    assert len(cleaned.origin) == len(cleaned.codes)


def test_counts_damage() -> None:
    """Readings taken out and characters lost are counted."""
    text = "現(xiàn)代質(zhì)量\ufffd好"
    cleaned = clean_paragraphs(text, [Paragraph(0, len(text), 1)])
    assert (cleaned.pinyin, cleaned.lost) == (2, 1)
    assert text[cleaned.origin[0] : cleaned.origin[1] + 1] == "現(xiàn)代"
