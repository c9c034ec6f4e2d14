"""Reports in ZIP archives: their names, and members that are traps."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from predict.inputs import Document, documents


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """A ZIP archive; names are written as given, whatever they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return path


def names(*paths: Path) -> list[str]:
    """Names of the documents, messages of the failures."""
    found = documents([str(path) for path in paths])
    return [item.name if isinstance(item, Document) else item.message for item in found]


TEXT = "平安建设工作总结。".encode()


def test_members_are_reports(tmp_path: Path):
    """Reports of every kind at any depth; what is hidden or no report is left out."""
    members = {
        "2018/a.txt": TEXT,
        "b.HTML": b"<p>x",
        ".c.txt": TEXT,
        "__MACOSX/._a.txt": TEXT,
        "d.png": b"x",
        "e/": b"",
    }
    path = archive(tmp_path / "a.zip", members)
    assert names(path) == ["2018/a.txt", "b.HTML"]
    first = next(iter(documents([str(path)])))
    assert isinstance(first, Document)
    assert first.source().text == TEXT.decode()


def test_archives_beside_others_and_in_folders(tmp_path: Path):
    """Behind the archive's own name, so that two never meet."""
    folder = tmp_path / "f"
    folder.mkdir()
    archive(folder / "a.zip", {"x.txt": TEXT})
    (folder / "x.txt").write_bytes(TEXT)
    assert names(folder) == ["a.zip/x.txt", "x.txt"]
    assert names(folder / "a.zip", folder / "x.txt") == ["a.zip/x.txt", "x.txt"]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/etc/a.txt", "etc/a.txt"),
        ("C:\\x\\a.txt", "x/a.txt"),
        ("a/./b/../a.txt", "a/b/a.txt"),
        ("a\nb.txt", "a\ufffdb.txt"),
    ],
)
def test_names_lead_nowhere(tmp_path: Path, name: str, inside: str):
    """No name leads out of the archive, to a drive, or onto a second line."""
    assert names(archive(tmp_path / "a.zip", {name: TEXT})) == [inside]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_that_do_not_say_their_encoding(tmp_path: Path, encoding: str):
    """Chinese Windows writes names in GBK, some programs in UTF-8, and neither says so."""
    name = "政法总结.txt".encode(encoding)
    path = archive(tmp_path / "a.zip", {"A" * len(name): TEXT})
    path.write_bytes(path.read_bytes().replace(b"A" * len(name), name))
    assert names(path) == ["政法总结.txt"]


def test_a_name_that_comes_twice_gets_a_number(tmp_path: Path):
    """Both reports are read, each under a name of its own."""
    assert names(archive(tmp_path / "a.zip", {"a.txt": TEXT, "./a.txt": TEXT})) == ["a.txt", "a.txt#2"]


def test_traps_fail_alone(tmp_path: Path):
    """A bomb and an archive in the archive are failures of one line; the rest is read."""
    members = {"bomb.txt": b"\0" * 3_000_000, "in.zip": b"PK", "in.rar": b"Rar!", "a.txt": TEXT}
    path = archive(tmp_path / "a.zip", members)
    bomb, inner, rar, report = names(path)
    assert bomb.startswith(f"{path}/bomb.txt: it would unpack to 3,000,000 bytes from ")
    assert inner == f"{path}/in.zip: an archive inside an archive is not read; unpack it and give the folder"
    assert "in.rar: an archive inside an archive" in rar
    assert report == "a.txt"


def test_a_size_that_lies_is_found_out(tmp_path: Path):
    """The size that a member claims is not trusted."""
    path = archive(tmp_path / "a.zip", {"a.txt": b"\0" * 2_000_000})
    raw = path.read_bytes()
    path.write_bytes(raw.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    (message,) = names(path)
    assert "a.txt" in message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense" * 100])
def test_damaged_archives_are_failures(tmp_path: Path, content: bytes):
    """What is no ZIP archive says so in one line."""
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert names(path)[0].startswith(f"{path}: this ZIP archive can't be read (")


def test_a_damaged_lzma_member_is_a_failure(tmp_path: Path):
    """Every way to pack that Python unpacks may be damaged; the rest of the archive is read."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "平安建设。" * 500, zipfile.ZIP_LZMA)
        packed.writestr("b.txt", "平安建设。")
    raw = bytearray(path.read_bytes())
    raw[48:90] = bytes(42)
    path.write_bytes(raw)
    damaged, whole = names(path)
    assert damaged.startswith(f"{path}/a.txt is damaged (")
    assert whole == "b.txt"


def test_an_archive_without_reports(tmp_path: Path):
    """It says what was looked for."""
    assert "no reports (.txt, " in names(archive(tmp_path / "a.zip", {"a.png": b"x"}))[0]


def test_members_are_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The first report comes before the second is unpacked."""
    opened: list[str] = []
    plain = zipfile.ZipFile.open

    def spy(self: zipfile.ZipFile, name: zipfile.ZipInfo, *rest: object) -> io.BufferedIOBase:
        opened.append(name.filename)
        return plain(self, name, *rest)

    path = archive(tmp_path / "a.zip", {"a.txt": TEXT, "b.txt": TEXT})
    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    next(iter(documents([str(path)])))
    assert opened == ["a.txt"]
