"""Source: bytes of any encoding become text, with what was lost on the way; what is no text is refused in one line."""

from __future__ import annotations

import codecs
import hashlib
import os
import random
import socket
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labels.errors import UserError
from model.encoding import common_characters
from model.source import SIZE_LIMIT, Source, decode, read_source, source_from_text

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


def refusal(raw: bytes) -> str:
    with pytest.raises(UserError) as error:
        decode(raw, "2018/某县.txt")
    message = str(error.value)
    assert message.startswith("2018/某县.txt: ")
    assert "\n" not in message
    return message


def source_or_message(raw: bytes) -> Source | str:
    try:
        return decode(raw, "r.txt")
    except UserError as error:
        return str(error)


@pytest.mark.parametrize(("encoding", "mark", "codec"), MARKED)
def test_byte_order_mark_names_the_encoding(encoding, mark, codec):
    """A byte order mark decides, is not part of the text, and nothing else of the text changes."""
    raw = mark + SIMPLIFIED.encode(codec)
    assert decode(raw, "r.txt") == Source("r.txt", SIMPLIFIED, encoding, 0, hashlib.sha256(raw).hexdigest())


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


def test_too_many_bad_bytes_are_refused():
    """Beyond 0.1 % the message names the file, the encoding tried, how many bytes are bad, and what to do."""
    raw = SIMPLIFIED.encode() + b"\xff" * 7
    assert refusal(raw) == (
        f"2018/某县.txt: read as utf-8, which fits best, 7 of {len(raw):,} bytes are bad, at most 0.1% may be; "
        "save it as plain text in UTF-8 and give that, or get it again from where it came"
    )


def test_two_encodings_in_one_file_are_refused():
    """A file half UTF-8, half GB18030 is refused rather than half misread."""
    assert "bytes are bad" in refusal((SIMPLIFIED * 5).encode() + (SIMPLIFIED * 5).encode("gb18030"))


@pytest.mark.parametrize(
    "raw", ["Les médiateurs ont réglé à l'été 300 différends".encode("cp1252") * 9, b"\xf0\x9f" * 99]
)
def test_other_encodings_are_refused(raw):
    """Bytes in none of the encodings are refused as bad UTF-8, not turned into rare characters."""
    assert "read as utf-8" in refusal(raw)


@pytest.mark.parametrize(
    ("raw", "holds"),
    [
        (b"", "it is empty"),
        (codecs.BOM_UTF8, "it is empty"),
        (b" \r\n\t\n", "it holds only blanks"),
        ("\u3000\u200b\n\ufeff\xa0".encode(), "it holds only blanks"),
        ("　　\r\n".encode("gb18030"), "it holds only blanks"),
    ],
)
def test_nothing_to_read_is_refused(raw, holds):
    """Empty and blank files are refused with what they hold."""
    assert refusal(raw) == f"2018/某县.txt: {holds}; give a report that has text"


@pytest.mark.parametrize(
    ("raw", "seems"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"\n\n%PDF-1.4 ... %%EOF", "a PDF document"),
        (b"PK\x03\x04\x14\0[Content_Types].xml...word/document.xml", "a Word document (.docx)"),
        (b"PK\x03\x04\x14\0[Content_Types].xml...xl/workbook.xml", "an Excel workbook (.xlsx)"),
        (b"PK\x03\x04\x14\0a.txt", "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "a picture (JPEG)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an old Office document (.doc, .xls, .wps)"),
        (b"{\\rtf1\\ansi", "an RTF document"),
    ],
)
def test_known_formats_are_named(raw, seems):
    """A file that is no text is named by its beginning, with what to do."""
    message = refusal(raw)
    assert f"it seems to be {seems}, not text; open it, save it as plain text in UTF-8" in message


@pytest.mark.parametrize(
    ("raw", "holds"),
    [
        (b"text\0with\0nul", "NUL bytes"),
        (bytes(range(256)) * 9, "NUL bytes"),
        (SIMPLIFIED.encode("utf-16-le") + b"\n", "NUL bytes"),
        (codecs.BOM_UTF16_LE + "平安\0建设".encode("utf-16-le"), "NUL characters"),
        (b"\x01\x02\x03\x04 text", "4 control characters"),
        ((SIMPLIFIED + "\x07" * 9).encode("gb18030"), "9 control characters"),
    ],
)
def test_binary_data_is_refused(raw, holds):
    """NUL bytes and many control characters are taken for binary data."""
    message = refusal(raw)
    assert f"it holds {holds}, so it seems to be binary data" in message
    assert message.endswith("save it as plain text in UTF-8 and give that")


def test_a_stray_control_character_is_borne():
    """Page breaks, the end mark of DOS and one odd control character are no reason to refuse a text."""
    text = f"{SIMPLIFIED}\f{SIMPLIFIED}\x08\x1a"
    assert decode(text.encode(), "r.txt").text == text


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"PK\x03\x04"]))
@example(b"\xed\xa0\x80", b"")
@example(b"\x00\xd8", b"\xff\xfe")
def test_any_bytes_give_a_source_or_a_user_error(raw, mark):
    """Whatever the bytes, there is text that can be written as UTF-8, or one line that says why not."""
    outcome = source_or_message(mark + raw)
    if isinstance(outcome, Source):
        assert outcome.text.encode()
        assert outcome.lost <= outcome.text.count("\ufffd")
    else:
        assert outcome.startswith("r.txt: ")
        assert "\n" not in outcome


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_marked_text_comes_back_exactly(text, codec):
    """Text with a byte order mark comes back character by character."""
    outcome = source_or_message(text.encode(codec))
    if isinstance(outcome, Source):
        assert (outcome.text, outcome.lost) == (text, 0)
    else:
        assert "only blanks" in outcome


@pytest.mark.parametrize(
    "raw",
    [
        SIMPLIFIED.encode("gb18030") * 15_000,
        TRADITIONAL.encode("big5") * 15_000,
        b"a" * 4_000_000 + b"\xff" + SIMPLIFIED.encode(),
        b"\xff" * 4_000_000,
        "平".encode("utf-16-le") * 2_000_000,
    ],
    ids=["gb18030", "big5", "ascii", "bad", "utf-16"],
)
def test_large_input_is_quick(raw):
    """Four megabytes of anything take a second or two, not minutes."""
    started = time.perf_counter()
    source_or_message(raw)
    assert time.perf_counter() - started < 10


def test_read_source_reads_a_file(tmp_path):
    """A file is called by its path unless it is given another name."""
    path = tmp_path / "某县 2018.txt"
    path.write_bytes(SIMPLIFIED.encode("gb18030"))
    assert read_source(path) == decode(path.read_bytes(), str(path))
    assert read_source(path, "2018/某县").name == "2018/某县"


def refused_file(path: Path, **options: int) -> str:
    with pytest.raises(UserError) as error:
        read_source(path, "r.txt", **options)
    return str(error.value)


def test_file_beyond_the_limit_is_refused(tmp_path):
    """A file at the limit is read, one byte more is refused with both sizes; no more than that is read of it."""
    path = tmp_path / "large.txt"
    path.write_bytes(b"a" * 1000)
    assert len(read_source(path, limit=1000).text) == 1000
    wanted = "r.txt: it has 1,000 bytes, at most 999 are read; split it into single reports"
    assert refused_file(path, limit=999) == wanted
    os.truncate(path, 1 << 40)
    assert f"{1 << 40:,} bytes, at most {SIZE_LIMIT:,}" in refused_file(path)


def test_missing_file_is_refused(tmp_path):
    """A missing file is named with what to do."""
    assert refused_file(tmp_path / "no.txt") == "r.txt: there is no such file; check the path"


def test_folder_is_refused(tmp_path):
    """A folder is no file."""
    assert refused_file(tmp_path) == "r.txt: it is a folder; give a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_and_device_are_refused_without_waiting(tmp_path):
    """A pipe that nobody writes to, and a device that never ends, are refused at once."""
    os.mkfifo(tmp_path / "pipe")
    assert refused_file(tmp_path / "pipe") == "r.txt: it is a pipe or a device; give a regular file"
    assert "a pipe or a device" in refused_file(Path("/dev/zero"))


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets in the file system")
def test_unreadable_paths_are_refused(tmp_path, monkeypatch):
    """Whatever the system says of a path is told in one line."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind("socket")
        assert "cannot read it" in refused_file(Path("socket"))
    Path("loop").symlink_to("loop")
    assert "cannot read it" in refused_file(Path("loop"))
    assert "cannot read it" in refused_file(Path("a" * 5000))
    assert "cannot read it" in refused_file(Path("a\0b"))


def test_file_without_rights_is_refused(tmp_path, monkeypatch):
    """A file that may not be read says so."""

    def refuse(path, _flags):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    wanted = "r.txt: cannot read it (Permission denied); check the path and your rights"
    assert refused_file(tmp_path / "r.txt") == wanted


def test_names_stay_on_one_line():
    """A name with a line break or a broken character in it can be printed and written as UTF-8."""
    source = source_from_text("平安", "a\nb\udcff.txt")
    assert source.name == "a\ufffdb\ufffd.txt"


def test_text_of_a_program_is_a_source():
    """Text from a program keeps every offset; each surrogate becomes U+FFFD and is counted."""
    source = source_from_text("平安\ud83d建设\udcff\r\n", "cell 7")
    assert source == Source(
        "cell 7", "平安\ufffd建设\ufffd\r\n", "str", 2, hashlib.sha256("平安\ufffd建设\ufffd\r\n".encode()).hexdigest()
    )


@pytest.mark.parametrize(
    ("text", "holds"), [("", "it is empty"), ("\u3000\n", "it holds only blanks"), ("a\0b", "NUL characters")]
)
def test_text_of_a_program_is_checked(text, holds):
    """Empty, blank and binary text is refused wherever it comes from."""
    with pytest.raises(UserError, match=holds):
        source_from_text(text, "cell 7")


@given(st.text(st.characters(), min_size=1))
def test_any_text_of_a_program_can_be_written(text):
    """Text from a program keeps its length and can be written as UTF-8."""
    try:
        source = source_from_text(text, "cell")
    except UserError:
        return
    assert len(source.text) == len(text)
    assert source.sha256 == hashlib.sha256(source.text.encode()).hexdigest()
