"""Encoding: bytes without a name of their encoding are read as what they are, and what is damaged is counted."""

from __future__ import annotations

import codecs
import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.encoding import common_characters
from model.source import Source, decode

SIMPLIFIED = (
    "一年来，全县政法机关坚持把维护稳定放在首位，排查化解各类矛盾纠纷一千二百余件。\r\n"
    "　　县法院设立速裁团队，平均审理天数缩短到十八天，群众打官司不再“两头跑”。\n"
    "司法所组织律师进村入户讲法，帮助七十二名务工人员讨回欠薪；网格员、楼栋长每周走访一遍。\n"
    "检察院办理公益诉讼案件四十三件，督促整治河道、清运垃圾，恢复耕地林地三百余亩。\n"
)
TRADITIONAL = (
    "一年來，全縣政法機關堅持把維護穩定放在首位，排查化解各類矛盾糾紛一千二百餘件。\r\n"
    "　　縣法院設立速裁團隊，平均審理天數縮短到十八天，群眾打官司不再「兩頭跑」。\n"
    "司法所組織律師進村入戶講法，幫助七十二名務工人員討回欠薪；網格員、樓棟長每週走訪一遍。\n"
    "檢察院辦理公益訴訟案件四十三件，督促整治河道、清運垃圾，恢復耕地林地三百餘畝。\n"
)
MARKED = [
    ("utf-8-sig", codecs.BOM_UTF8, "utf-8"),
    ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le"),
    ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be"),
    ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le"),
    ("utf-32-be", codecs.BOM_UTF32_BE, "utf-32-be"),
    ("gb18030", "\ufeff".encode("gb18030"), "gb18030"),
]
UNMARKED = [
    ("utf-8", "utf-8", SIMPLIFIED),
    ("utf-8", "utf-8", TRADITIONAL),
    ("utf-16-le", "utf-16-le", SIMPLIFIED),
    ("utf-16-be", "utf-16-be", SIMPLIFIED),
    ("utf-16-le", "utf-16-le", TRADITIONAL),
    ("utf-16-be", "utf-16-be", TRADITIONAL),
    ("gb18030", "gb18030", SIMPLIFIED),
    ("gb18030", "gb18030", TRADITIONAL),
    ("big5", "big5", TRADITIONAL),
]


@pytest.mark.parametrize(("encoding", "mark", "codec"), MARKED)
def test_byte_order_mark_names_the_encoding(encoding, mark, codec):
    """A byte order mark decides, is not part of the text, and nothing else of the text changes."""
    raw = mark + SIMPLIFIED.encode(codec)
    assert decode(raw, "r.txt") == Source("r.txt", SIMPLIFIED, encoding, 0, sha256(raw).hexdigest())


@pytest.mark.parametrize(("encoding", "codec", "text"), UNMARKED)
@pytest.mark.parametrize("repeats", [1, 40])
def test_encoding_without_mark_is_found(encoding, codec, text, repeats):
    """Without a mark every encoding that Chinese text comes in is found, and line breaks stay as they were."""
    source = decode((text * repeats).encode(codec), "r.txt")
    assert (source.encoding, source.text, source.lost) == (encoding, text * repeats, 0)


@pytest.mark.parametrize(("encoding", "codec", "text"), UNMARKED)
def test_twenty_characters_are_enough(encoding, codec, text):
    """Any twenty characters of a text tell its encoding."""
    text = text.replace("\r\n", "").replace("\n", "")
    for start in range(len(text) - 20):
        piece = text[start : start + 20]
        source = decode(piece.encode(codec), "r.txt")
        assert (source.encoding, source.text) == (encoding, piece)


@pytest.mark.parametrize(("encoding", "codec", "text"), UNMARKED)
def test_any_length_of_text_is_found(encoding, codec, text):
    """Texts of 20 to 2000 characters, cut anywhere, tell their encoding."""
    chance = random.Random(7)
    text = text * 15
    for length in (20, 30, 60, 150, 500, 2000):
        start = chance.randrange(len(text) - length)
        piece = text[start : start + length]
        source = decode(piece.encode(codec), "r.txt")
        assert (source.encoding, source.text) == (encoding, piece)


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        (b"plain ASCII, 12345\n", "utf-8", "plain ASCII, 12345\n"),
        ("UTF-16, all ASCII".encode("utf-16-le"), "utf-16-le", "UTF-16, all ASCII"),
        ("UTF-16, all ASCII".encode("utf-16-be"), "utf-16-be", "UTF-16, all ASCII"),
        (
            "嘅咗啲，香港社區嘅調解員同街坊傾咗三晚".encode("big5hkscs"),
            "big5",
            "嘅咗啲，香港社區嘅調解員同街坊傾咗三晚",
        ),
        ("id,name\n" * 5000 + "1,综治中心\n" * 4, "gb18030", None),
        ("id,name\n" * 5000 + "1,綜治中心\n" * 4, "big5", None),
        ("平安".encode("gb18030") + b"\xa3\xa0" + "建设".encode("gb18030"), "gb18030", "平安\ue5e5建设"),
    ],
)
def test_unusual_bytes_are_read(raw, encoding, text):
    """Text with little Chinese in it, Hong Kong's characters and old wide blanks find their encoding too."""
    if isinstance(raw, str):
        raw, text = raw.encode(encoding), raw
    source = decode(raw, "r.txt")
    assert (source.encoding, source.text) == (encoding, text)


def test_common_characters_hold_both_scripts():
    """The characters that count as common are those of simplified and of traditional text, not rare or misread ones."""
    common = common_characters()
    assert set("的一是政法讲來縣講，。“「１") <= common
    assert not set("鍏噺\ufffd\ue5e5abc") & common
    assert 7000 < len(common) < 7500


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le"])
def test_few_bad_bytes_are_replaced_and_counted(codec):
    """Up to 0.1 % of bad bytes become U+FFFD and are counted; the text around them is as it was."""
    good = (SIMPLIFIED * 20).encode(codec)
    bad = {"utf-8": b"\xff", "gb18030": b"\xff", "utf-16-le": b"\x00\xdc"}[codec]
    middle = (SIMPLIFIED * 10).encode(codec)
    source = decode(middle + bad + good + bad + middle, "r.txt")
    assert source.encoding == codec
    assert source.lost == 2
    assert source.text == f"{SIMPLIFIED * 10}\ufffd{SIMPLIFIED * 20}\ufffd{SIMPLIFIED * 10}"


def test_cut_last_character_of_utf8_is_lost_alone():
    """A file that was cut in the middle of its last character is still UTF-8."""
    source = decode((SIMPLIFIED * 10 + "安").encode()[:-1], "r.txt")
    assert (source.encoding, source.lost, source.text) == ("utf-8", 1, SIMPLIFIED * 10 + "\ufffd")


@given(st.lists(st.integers(0, 6000), min_size=1, max_size=3, unique=True))
def test_damaged_utf8_is_never_taken_for_gb18030(positions):
    """However few bytes of UTF-8 are overwritten, it is read as UTF-8 with replacement."""
    raw = bytearray((SIMPLIFIED * 20).encode())
    for position in positions:
        raw[position] = 0xFF
    source = decode(bytes(raw), "r.txt")
    assert source.encoding == "utf-8"
    assert 1 <= source.lost == source.text.count("\ufffd") <= 3 * len(positions)


def test_characters_that_came_lost_are_not_counted_again():
    """U+FFFD that stood in the text before is no loss of decoding."""
    text = SIMPLIFIED * 10 + "\ufffd"
    assert decode(text.encode(), "r.txt").lost == 0
    assert decode(text.encode() + b"\xff", "r.txt").lost == 1
