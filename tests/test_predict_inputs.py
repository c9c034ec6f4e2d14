"""What is found under paths: files, folders, tables, standard input."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labels.errors import UserError
from predict.inputs import Columns, Document, Failure, count_documents, documents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with reports at several depths, hidden files, and links in and out."""
    for name in ("b.txt", "a/2018.TXT", "a/x.png", "c/2018.md", "c/d/e.text", ".hidden.txt", ".git/x.txt", "B.txt"):
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("平安建设。", "utf-8")
    (tmp_path / "outside.txt").write_text("外面。", "utf-8")
    (tmp_path / "reports/link.txt").symlink_to(tmp_path / "reports/b.txt")
    (tmp_path / "reports/out.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "reports/loop").symlink_to(tmp_path / "reports")
    (tmp_path / "reports/broken.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "reports/self.txt").symlink_to(tmp_path / "reports/self.txt")
    return tmp_path / "reports"


def names(paths, columns: Columns | None = None) -> list[str]:
    """Names of the documents, messages of the failures."""
    found = documents([str(path) for path in paths], columns)
    return [item.name if isinstance(item, Document) else item.message for item in found]


def test_a_folder_gives_its_reports_sorted_with_names_relative_to_it(folder: Path):
    """Text files at any depth in sorted order; hidden ones, other kinds and links that lead out are left out."""
    assert names([folder]) == ["B.txt", "a/2018.TXT", "b.txt", "c/2018.md", "c/d/e.text", "link.txt"]
    assert count_documents([str(folder)]) == 6


def test_several_paths_have_names_relative_to_the_folder_that_holds_them(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Files of the same name in two folders never meet, and a path given twice comes once."""
    assert names([folder / "a/2018.TXT", folder / "c/2018.md"]) == ["a/2018.TXT", "c/2018.md"]
    assert names([folder / "c", folder / "a"]) == ["c/2018.md", "c/d/e.text", "a/2018.TXT"]
    assert names([folder, folder / "b.txt"]).count("b.txt") == 1
    (folder / "t.csv").write_text("text\n平安\n法治\n", "utf-8")
    assert names([folder / "t.csv", folder / "./t.csv"]) == ["t.csv#1", "t.csv#2"]
    monkeypatch.chdir(folder / "a")
    assert names(["2018.TXT", "../c/./2018.md"]) == ["a/2018.TXT", "c/2018.md"]
    assert names(["2018.TXT"]) == ["2018.TXT"]


def test_a_folder_without_reports_and_a_missing_file_are_failures(tmp_path: Path):
    """An empty folder says so; a file that is not there fails when it is read, the others are not touched."""
    (message,) = names([tmp_path])
    assert message.startswith(f"{tmp_path}: no reports (.txt, .text, .pdf, .docx")
    assert message.endswith(" in this folder; give the folder that has them")
    (missing,) = documents([str(tmp_path / "no.txt")])
    assert isinstance(missing, Document)
    with pytest.raises(UserError, match=r"no\.txt: there is no such file"):
        missing.source()


def test_a_folder_that_cannot_be_read_is_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The rest is found."""

    def scandir(path: str):
        if path.endswith("reports/a"):
            raise PermissionError(13, "Permission denied", path)
        return plain(path)

    plain = os.scandir
    monkeypatch.setattr(os, "scandir", scandir)
    found = names([folder])
    assert found[1] == f"{folder}/a: cannot read this folder (Permission denied); check your rights"
    assert found[2:] == ["b.txt", "c/2018.md", "c/d/e.text", "link.txt"]


def test_standard_input_is_a_report_called_dash(monkeypatch: pytest.MonkeyPatch):
    """`-` reads bytes, in whatever encoding a file could have, up to the limit of a file."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("平安建设工作总结".encode("gb18030"))))
    (document,) = documents(["-"])
    assert isinstance(document, Document)
    assert (document.source().name, document.source().text) == ("-", "平安建设工作总结")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a" * 64_000_001)))
    assert names(["-"]) == ["-: more than 64,000,000 bytes came, at most so many are read; split it into reports"]


SIMPLIFIED = '编号,正文\r\ns1,"第一行,\r\n第二行"\r\ns2,平安建设工作总结\r\n'
TRADITIONAL = '編號,正文\r\ns1,"第一行,\r\n第二行"\r\ns2,平安建設工作總結\r\n'


@pytest.mark.parametrize(
    ("encoding", "text"),
    [*((encoding, SIMPLIFIED) for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")), ("big5", TRADITIONAL)],
)
def test_csv_in_every_encoding(tmp_path: Path, encoding: str, text: str):
    """A table in the encodings that spreadsheets write gives the same texts; line breaks inside a cell stay."""
    table = tmp_path / "t.csv"
    table.write_bytes(text.encode(encoding))
    found = [item for item in documents([str(table)], Columns("正文", text[:2])) if isinstance(item, Document)]
    assert [item.name for item in found] == ["s1", "s2"]
    assert found[0].source().text == "第一行,\r\n第二行"
    assert found[1].source().text == text.splitlines()[-1][3:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "id,text\na,平安\nb,法治\n"),
        ("t.csv", "id;text\na;平安\nb;法治\n"),
        ("t.tsv", "id\ttext\na\t平安\nb\t法治\n"),
        ("t.jsonl", '{"id":"a","text":"平安"}\n\n{"id":"b","text":"法治","n":1}\n'),
    ],
)
def test_tables_of_every_kind(tmp_path: Path, name: str, content: str):
    """CSV with commas or semicolons, TSV and JSON Lines: rows are counted, or called by the id column."""
    table = tmp_path / name
    table.write_text(content, "utf-8")
    (tmp_path / "x.txt").write_text("平安", "utf-8")
    assert names([table]) == ["1", "2"]
    assert names([table], Columns(id="id")) == ["a", "b"]
    assert names([table, tmp_path / "x.txt"], Columns(id="id")) == [f"{name}#a", f"{name}#b", "x.txt"]
    assert count_documents([str(table)]) == 2


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("t.csv", "id,Text\na,b\n", ['no column "text"; did you mean Text?; name it with --text-column']),
        ("t.csv", "id,text\na,\nb,法治\n", ["row 1: column text has no text", "b"]),
        ("t.csv", "id,text\na,平安\na,法治\n", ["a", "row 2: id a stands in row 1 already; ids must differ"]),
        ("t.csv", "id,text\n,平安\n", ["row 1: column id is empty; every report needs an id"]),
        ("t.csv", "id,text\n", ["it has no rows"]),
        ("t.csv", "", ["it is empty"]),
        ("t.jsonl", '{"id":"a","text":5}\nnonsense\n[1]\n{"id":"b","text":"法治"}', [
            "row 1: column text has no text", "line 2 is not JSON", "line 3 is no JSON object", "b"]),
    ],
)  # fmt: skip
def test_bad_rows_fail_alone(tmp_path: Path, name: str, content: str, messages: list[str]):
    """What is wrong with one row is said with its number; the other rows are reports."""
    table = tmp_path / name
    table.write_text(content, "utf-8")
    found = names([table], Columns(id="id"))
    assert len(found) == len(messages)
    assert all(message in item for message, item in zip(messages, found, strict=True))


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_a_huge_file(tmp_path: Path):
    """The cell ends at the limit of a report, the table fails with the line, what came before is kept."""
    table = tmp_path / "t.csv"
    table.write_text('id,text\na,平安\nb,"never closed' + "法治建设\n" * 2_000_000, "utf-8")
    found = names([table], Columns(id="id"))
    assert found[0] == "a"
    assert "is not CSV (field larger than field limit" in found[1]


def test_a_table_that_changes_its_encoding_says_where(tmp_path: Path):
    """Rows up to the bad place are read; then the table fails, it is not filled with replacement characters."""
    table = tmp_path / "t.csv"
    table.write_bytes(b"id,text\n" + "a,平安建设\n".encode() * 30_000 + "b,法治".encode("gb18030"))
    found = list(documents([str(table)]))
    assert isinstance(found[-1], Failure)
    assert "it is not in the encoding it begins in; save it as UTF-8" in found[-1].message
    assert isinstance(found[0], Document)


def test_a_table_is_read_lazily(tmp_path: Path):
    """The first row comes before the last one was read: the missing end of the file does not matter."""
    table = tmp_path / "t.jsonl"
    table.write_text('{"text":"平安"}\n' + "x" * 9_000_000, "utf-8")
    found = documents([str(table)])
    assert isinstance(next(found), Document)
    assert isinstance(next(found), Failure)


def test_parquet_rows_are_reports(tmp_path: Path):
    """Only the columns asked for are read; ids may be numbers; a row without text fails alone."""
    table = tmp_path / "t.parquet"
    pq.write_table(
        pa.table({"n": [0, 1, 2], "正文": ["平安", None, "法治"], "big": ["x"] * 3}), table, row_group_size=2
    )
    assert names([table], Columns("正文", "n")) == ["0", f"{table}, row 2: column 正文 has no text", "2"]
    assert names([table], Columns("正文"))[::2] == ["1", "3"]
    assert count_documents([str(table)]) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PAR1 nonsense", "cannot be read as Parquet"), (b"", "cannot be read as Parquet"), (None, "cannot read it (No")],
)
def test_a_table_that_is_no_parquet_says_so(tmp_path: Path, content: bytes | None, message: str):
    """It fails with its name; nobody can say how many rows it has."""
    table = tmp_path / "t.parquet"
    if content is not None:
        table.write_bytes(content)
    (failure,) = names([table])
    assert failure.startswith(f"{table}: {message}")
    assert count_documents([str(table)]) is None


def test_a_damaged_parquet_keeps_what_was_read(tmp_path: Path):
    """Damage in a later group of rows is the table's failure; a missing column is named with the nearest."""
    table = tmp_path / "t.parquet"
    texts = [f"平安建设第{number}期。" * 20 for number in range(2000)]
    pq.write_table(pa.table({"text": texts}), table, row_group_size=1000, compression="none", use_dictionary=False)
    raw = bytearray(table.read_bytes())
    raw[len(raw) * 6 // 10 : len(raw) * 9 // 10] = b"\xff" * (len(raw) * 9 // 10 - len(raw) * 6 // 10)
    table.write_bytes(raw)
    found = list(documents([str(table)]))
    assert isinstance(found[0], Document)
    assert isinstance(found[-1], Failure)
    assert len(found) >= 1000
    assert names([table], Columns("Text"))[0].startswith(f'{table}: no column "Text"; did you mean text?')


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_rows_of_a_big_table_are_estimated(tmp_path: Path, suffix: str):
    """By the first megabyte and the size of the file, within a few per cent."""
    table = tmp_path / f"t.{suffix}"
    rows = (f"{number},开展扫黑除恶专项斗争，人民调解成功率98%。\n" for number in range(40_000))
    lines = ("id,text\n", *rows) if suffix == "csv" else (f'{{"text":"{row.strip()}"}}\n' for row in rows)
    table.write_text("".join(lines), "utf-8")
    assert count_documents([str(table)]) == pytest.approx(40_000, rel=0.05)
