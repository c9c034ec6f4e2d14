"""Names that lead elsewhere, of archive members and reports: nothing is written outside the target."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhengfa
from predict.input_zips import members
from predict.keep_text import text_name

TEXT = "云江市政法工作总结\n一、维护稳定\n全市打掉团伙3个，人民调解成功率98%。\n"
NAMES = (
    "../../outside.txt", "/etc/outside.txt", "..\\..\\outside.txt", "C:\\outside.txt", "//host/share/outside.txt",
    "a/../../../outside.txt", "~/outside.txt", "./../outside.txt", "con.txt", "a\nb.txt", "\u202etxt.a.txt",
    "..../x.txt", "-rf.txt", "$(touch outside).txt", "%2e%2e/outside.txt",
)  # fmt: skip


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder three levels down in an empty one, so that what leads out of it is seen."""
    folder = tmp_path / "one" / "two" / "target"
    folder.mkdir(parents=True)
    return folder


def outside(tmp_path: Path, target: Path) -> set[str]:
    return {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if target not in (path, *path.parents)}


def archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name in NAMES:
            packed.writestr(name, TEXT)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    return path


def table(path: Path) -> Path:
    path.write_bytes(b"\n".join(orjson.dumps({"id": name, "text": TEXT}) for name in NAMES))
    return path


@pytest.mark.parametrize(("make", "name"), [(archive, "a.zip"), (table, "a.jsonl")])
def test_texts_are_kept_inside_their_folder(tmp_path: Path, target: Path, small_model: Path, make, name: str):
    """Texts of reports that are called by hostile names are saved inside the folder given, and only there."""
    source = make(target / name)
    before = outside(tmp_path, target)
    kept = target / "texts"
    command = [
        "annotate",
        str(source),
        "--out",
        str(target / "out.jsonl"),
        "--keep-text",
        str(kept),
        "--id-column",
        "id",
    ]
    status = zhengfa.main([*command, "--model", str(small_model)])
    assert status in (0, 3)
    assert outside(tmp_path, target) == before
    assert len([path for path in kept.rglob("*") if path.is_file()]) >= len(NAMES)
    assert not [path for path in kept.rglob("*") if path.is_symlink()]
    rows = [orjson.loads(line) for line in (target / "out.jsonl").read_bytes().splitlines()]
    assert not any("root:" in row["text"] for row in rows if row["kind"] == "line")


def test_a_member_without_a_name(tmp_path: Path):
    """A member that has no name is left out, and the others are read."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("x", TEXT)
        packed.writestr("b.txt", TEXT)
        packed.infolist()[0].filename = ""
    assert [member.name for member in members(tmp_path / "a.zip", "")] == ["b.txt"]


@given(st.lists(st.text(max_size=30) | st.sampled_from(NAMES), max_size=6).map("/".join))
def test_no_name_leads_out(report: str):
    """Whatever a report is called, its text's file lies inside the folder, and has a name."""
    folder = Path("/a/b")
    path = folder / text_name(report)
    assert folder in path.parents
    assert ".." not in path.parts
    assert not set(str(path)) & set('\0<>:"|?*\\\n')


@given(
    st.lists(
        st.text(alphabet="aA./\\:", max_size=4) | st.sampled_from(["a.docx", "a.docx.txt", "A.html.txt"]), max_size=8
    )
)
def test_no_two_reports_share_a_file(reports: list[str]):
    """Each report has a file of its own."""
    assert len({text_name(report) for report in reports}) == len(set(reports))


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path, target: Path, small_model: Path):
    """A link among the reports that leads out of their folder is left out."""
    (tmp_path / "secret.txt").write_text("机密：" + TEXT, "utf-8")
    (target / "a.txt").write_text(TEXT, "utf-8")
    (target / "b.txt").symlink_to(tmp_path / "secret.txt")

    assert zhengfa.main(["annotate", str(target), "--out", str(tmp_path / "x.jsonl"), "--model", str(small_model)]) == 0

    assert "机密".encode() not in (tmp_path / "x.jsonl").read_bytes()
