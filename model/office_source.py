"""Old Word and WPS files, RTF, OpenDocument, OFD: LibreOffice makes a .docx of them, where it is installed.

It works in a profile of its own that is thrown away, without macros and without loading what lies outside the file,
and for a limited time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from labels.errors import UserError
from model.blocks import Extract
from model.docx_source import extract as extract_docx

SECONDS: Final = 120
_SUFFIXES: Final = (".doc", ".wps", ".rtf", ".odt", ".ofd", ".xml")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def extract(raw: bytes, name: str) -> Extract:
    """The paragraphs of a document that LibreOffice can open; raises UserError with the remedy if it can't be had."""
    suffix = _suffix(raw, name)
    if _LOCKED in raw[:1_000_000]:
        raise UserError(f"{name}: it is locked with a password; unlock it in Word or WPS and save it anew")
    program = _program()
    remedy = "save it as PDF in its reader" if suffix == ".ofd" else "save it as .docx in Word or WPS"
    if program is None:
        raise UserError(f"{name}: reading {suffix} files needs LibreOffice, which is not installed; {remedy}")
    with TemporaryDirectory(prefix="zhengfa-") as folder:
        converted = _convert(program, raw, Path(folder), suffix)
        if isinstance(converted, str):
            raise UserError(f"{name}: LibreOffice {converted} this {suffix} file; {remedy}")
    extracted = extract_docx(converted, name)
    # Paragraphs are counted in the converted document, which nobody has.
    blocks = tuple(replace(block, place=replace(block.place, paragraph=None)) for block in extracted.blocks)
    return replace(extracted, blocks=blocks, converted_by=_version(program))


def _suffix(raw: bytes, name: str) -> str:
    """The suffix that tells LibreOffice what the content is; one's own name may be wrong."""
    if raw.startswith(b"{\\rtf"):
        return ".rtf"
    if raw.startswith(b"PK"):
        return ".ofd" if b"OFD.xml" in raw else ".odt"
    if raw.lstrip().startswith(b"<?xml"):
        return ".xml"
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in _SUFFIXES else ".doc"


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _convert(program: str, raw: bytes, folder: Path, suffix: str) -> bytes | str:
    """The bytes of the .docx, or what became of it instead."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, "utf-8")
    given, made = folder / f"report{suffix}", folder / "made" / "report.docx"
    given.write_bytes(raw)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    in_time = _run(
        [
            program,
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            "docx:MS Word 2007 XML",  # named, since a page of HTML saved as .odt has another filter of its own
            "--outdir",
            str(made.parent),
            str(given),
        ]
    )
    if made.is_file():
        return made.read_bytes()
    return "cannot open" if in_time else f"took more than {SECONDS} seconds over"


def _run(command: list[str]) -> bool:
    """Whether it ended by itself."""
    # In a group of its own, since the program starts others, which outlive it when it alone is ended.
    process = subprocess.Popen(  # noqa: S603 - the program is found by its name, the file's name is ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            _end(process)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


@cache
def _version(program: str) -> str:
    try:
        said = subprocess.run(  # noqa: S603 - as above
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    return " ".join(said.split()[:2]) or "LibreOffice"
