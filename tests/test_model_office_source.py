"""Old office files: through LibreOffice, or a clear error; nothing stays behind."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from labels.errors import UserError
from model import office_source
from model.documents import source_of
from tests.formats_of_one import convert

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")
OFD = b"PK\x03\x04" + b"\0" * 26 + b"OFD.xml"


@pytest.mark.parametrize(
    ("raw", "name", "message"),
    [
        (OLE, "a.wps", "a.wps: reading .wps files needs LibreOffice, which is not installed; save it as .docx in Word"),
        (b"{\\rtf1 x}", "a.doc", "a.doc: reading .rtf files needs LibreOffice"),
        (OFD, "a.ofd", "a.ofd: reading .ofd files needs LibreOffice, which is not installed; save it as PDF"),
    ],
)  # fmt: skip
def test_without_libreoffice_the_remedy_is_named(raw: bytes, name: str, message: str, monkeypatch: pytest.MonkeyPatch):
    """One line that says what to do."""
    monkeypatch.setattr(office_source.shutil, "which", lambda _: None)
    with pytest.raises(UserError) as caught:
        source_of(raw, name)
    assert str(caught.value).startswith(message)


def test_a_locked_document_says_so():
    """A password is the user's to give."""
    with pytest.raises(UserError, match=r"^a\.docx: it is locked with a password; unlock it"):
        source_of(OLE[:8] + b"\0" * 100 + "EncryptedPackage".encode("utf-16-le"), "a.docx")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("sleep 600 & wait", r"took more than 1 seconds over this \.rtf file; save it as \.docx"),
        ("exit 1", r"cannot open this \.rtf file; save it as \.docx"),
    ],
)
def test_a_program_that_makes_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str):
    """One that hangs is ended after its time, with what it started; the error says what happened, and the remedy."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(office_source.shutil, "which", lambda _: str(program))
    monkeypatch.setattr(office_source, "SECONDS", 1)
    with pytest.raises(UserError, match=rf"^a\.rtf: LibreOffice {message}"):
        source_of(b"{\\rtf1 x}", "a.rtf")


@pytest.mark.slow
def test_old_word_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """DOC, RTF and OpenDocument give the text of the document; who converted it is recorded, no profile is left."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    page = tmp_path / "a.html"
    page.write_text("<meta charset=utf-8><h1>青澜市政法工作总结</h1><p>严厉打击各类违法犯罪。</p>", "utf-8")
    folder = tmp_path / "tmp"
    folder.mkdir()
    for suffix, to in (("doc", "doc:MS Word 97"), ("rtf", "rtf:Rich Text Format"), ("odt", "odt:writer8")):
        convert(office, [page], to, tmp_path)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        source = source_of((tmp_path / f"a.{suffix}").read_bytes(), f"a.{suffix}")
        assert source.text.splitlines() == ["青澜市政法工作总结", "严厉打击各类违法犯罪。"]
        assert source.converted_by.startswith("LibreOffice")
        assert source.blocks[0].place.paragraph is None
        assert not list(folder.iterdir())
