"""Source: bytes of any encoding become text, with what was lost on the way; what is no text is refused in one line."""

from __future__ import annotations

import codecs
import hashlib
import os
import socket
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labels.errors import UserError
from model.source import SIZE_LIMIT, Source, decode, read_source, source_from_text

TEXT = (
    "一年来，全县政法机关坚持把维护稳定放在首位，排查化解各类矛盾纠纷一千二百余件。\r\n"
    "　　县法院设立速裁团队，平均审理天数缩短到十八天，群众打官司不再“两头跑”。\n"
    "司法所组织律师进村入户讲法，帮助七十二名务工人员讨回欠薪；网格员、楼栋长每周走访一遍。\n"
    "检察院办理公益诉讼案件四十三件，督促整治河道、清运垃圾，恢复耕地林地三百余亩。\n"
)


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


def test_too_many_bad_bytes_are_refused():
    """Beyond 0.1 % the message names the file, the encoding tried, how many bytes are bad, and what to do."""
    raw = TEXT.encode() + b"\xff" * 7
    assert refusal(raw) == (
        f"2018/某县.txt: read as utf-8, which fits best, 7 of {len(raw):,} bytes are bad, at most 0.1% may be; "
        "save it as plain text in UTF-8 and give that, or get it again from where it came"
    )


def test_two_encodings_in_one_file_are_refused():
    """A file half UTF-8, half GB18030 is refused rather than half misread."""
    assert "bytes are bad" in refusal((TEXT * 5).encode() + (TEXT * 5).encode("gb18030"))


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
        (TEXT.encode("utf-16-le") + b"\n", "NUL bytes"),
        (codecs.BOM_UTF16_LE + "平安\0建设".encode("utf-16-le"), "NUL characters"),
        (b"\x01\x02\x03\x04 text", "4 control characters"),
        ((TEXT + "\x07" * 9).encode("gb18030"), "9 control characters"),
    ],
)
def test_binary_data_is_refused(raw, holds):
    """NUL bytes and many control characters are taken for binary data."""
    message = refusal(raw)
    assert f"it holds {holds}, so it seems to be binary data" in message
    assert message.endswith("save it as plain text in UTF-8 and give that")


def test_a_stray_control_character_is_borne():
    """Page breaks, the end mark of DOS and one odd control character are no reason to refuse a text."""
    text = f"{TEXT}\f{TEXT}\x08\x1a"
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
        TEXT.encode("gb18030") * 15_000,
        TEXT.encode("utf-16-be") * 15_000,
        b"a" * 4_000_000 + b"\xff" + TEXT.encode(),
        b"\xff" * 4_000_000,
        "平".encode("utf-16-le") * 2_000_000,
    ],
    ids=["gb18030", "utf-16-be", "ascii", "bad", "utf-16"],
)
def test_large_input_is_quick(raw):
    """Four megabytes of anything take a second or two, not minutes."""
    started = time.perf_counter()
    source_or_message(raw)
    assert time.perf_counter() - started < 10


def test_read_source_reads_a_file(tmp_path):
    """A file is called by its path unless it is given another name."""
    path = tmp_path / "某县 2018.txt"
    path.write_bytes(TEXT.encode("gb18030"))
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
