"""Bracketed readings are damage only behind their own character."""

from __future__ import annotations

import time
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

import model.pinyin
from model.pinyin import damage, is_reading
from model.simplify import codes_of


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("政法工作現(xiàn)代化", "政法工作現代化"),
        ("質（zhì）量", "質量"),
        ("法律(lǜ)援助", "法律援助"),
        ("旅(lu\u0308\u030c)游", "旅游"),
        ("统筹(CHOU)", "统筹"),
        ("加入世贸(WTO)", "加入世贸(WTO)"),
        ("WTO(世贸)", "WTO(世贸)"),
        ("全國人大二次會(huì )議，院長(cháng\u00a0)作報告", "全國人大二次會議，院長作報告"),
        ("手机应用(app)", "手机应用(app)"),
        ("(xian)现", "(xian)现"),
        ("平安(an)(ān)", "平安(ān)"),
    ],
)
def test_damage(text: str, left: str) -> None:
    """What is a reading of the character before it goes, every other bracket stays."""
    for start, end in reversed(list(damage(codes_of(text)))):
        text = text[:start] + text[end:]
    assert text == left


@pytest.mark.parametrize("text", ["中(aaaa", "中(aaaaaaaaaaaa)", "中(zhong)", "中((((", "(zhong)", "中（\u0304"])
def test_hostile_text_takes_linear_time(text: str) -> None:
    """Millions of brackets, closed or not, take seconds."""
    large = codes_of(text * (2_000_000 // len(text)))
    started = time.process_time()
    count = sum(1 for _ in damage(large))
    assert time.process_time() - started < 10
    assert count == (2_000_000 // len(text)) * (text == "中(zhong)")


def test_table_is_the_library_s() -> None:
    """The table in the repository is what the maintained library gives today for its common characters."""
    library = pytest.importorskip("pypinyin.pinyin_dict", reason="pypinyin is a development tool").pinyin_dict
    table = defaultdict(set)
    for code, readings in library.items():
        if 0x4E00 <= code <= 0x9FFF or code == 0x3007:
            for reading in readings.split(","):
                table[toneless(reading)].add(chr(code))
    known = dict(
        line.split(" ") for line in Path(model.pinyin.__file__).with_name("pinyin.txt").read_text("utf-8").splitlines()
    )
    assert {syllable: set(characters) for syllable, characters in known.items()} == {
        syllable: characters for syllable, characters in table.items() if syllable.isalpha()
    }
    assert is_reading("lv", "律")


def toneless(reading: str) -> str:
    marks = unicodedata.normalize("NFD", reading.strip())
    plain = "".join(mark for mark in marks if mark == "\u0308" or not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", plain).replace("ü", "v").replace("ê", "e")
