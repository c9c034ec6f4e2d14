"""`zhengfa annotate`: what is written where, what fails, with which exit status."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from labels.errors import UserError
from predict.formats import format_names
from tests.stand_in import StandInTagger, run

ROOT = Path(__file__).parent.parent
REPORT = """{name}市2023年政法工作总结

　　一、维护平安稳定
　　开展扫黑除恶专项斗争，破获命案3起。
　　二、化解矛盾纠纷
　　人民调解成功率98%。
"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with three reports."""
    for name in ("云江", "苍岭", "澜州"):
        path = tmp_path / "reports" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(REPORT.format(name=name), "utf-8")
    return tmp_path / "reports"


def rows(raw: bytes, kind: str = "report") -> list[dict]:
    """Rows of one kind in JSON Lines."""
    return [row for row in map(orjson.loads, raw.splitlines()) if row["kind"] == kind]


def test_without_out_json_lines_go_to_a_pipe(reports: Path, capfdbinary: pytest.CaptureFixture[bytes]):
    """Stdout that is no terminal gets JSON Lines in the order of the names, and nothing else."""
    assert run(reports) == 0
    out, err = capfdbinary.readouterr()
    assert [row["report"] for row in rows(out)] == ["云江.txt", "澜州.txt", "苍岭.txt"]
    assert err == b""
    assert "云江".encode() in out
    assert b"\\u" not in out


def test_out_writes_the_format_of_its_suffix_or_the_one_asked_for(reports: Path, tmp_path: Path):
    """A file by its suffix, a folder of tables without one; parents are made; nothing is left beside them."""
    assert run(reports, "--out", tmp_path / "new/all.jsonl") == 0
    assert run(reports, "--out", tmp_path / "lines.CSV") == 0
    assert run(reports, "--out", tmp_path / "page.html") == 0
    assert run(reports, "--out", tmp_path / "tables") == 0
    assert len(rows((tmp_path / "new/all.jsonl").read_bytes())) == 3
    assert (tmp_path / "lines.CSV").read_bytes().startswith(b"\xef\xbb\xbfreport,line,")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        *("line_themes.csv", "lines.csv", "reports.csv", "sections.csv")
    ]
    assert not list(tmp_path.rglob(".*"))


def test_one_bad_file_among_many(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The others are done, the bad ones are listed on stderr in one line each, the status says in part."""
    (reports / "a.txt").write_bytes(b"")
    (reports / "b.txt").write_bytes(b"%PDF-1.4\n\0")
    assert run(reports, tmp_path / "no.txt", "--out", tmp_path / "all.jsonl") == 3
    assert len(rows((tmp_path / "all.jsonl").read_bytes())) == 3
    first, second, third, last = capsys.readouterr().err.splitlines()
    assert first.startswith("zhengfa: reports/a.txt: it is empty")
    assert second.startswith("zhengfa: reports/b.txt: this PDF can't be opened")
    assert third.startswith("zhengfa: no.txt: there is no such file")
    assert last == "zhengfa: 6 篇中 3 篇未标注 / 3 of 6 not annotated"


def test_all_bad_is_nothing_done_and_keeps_the_old_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Where nothing could be annotated, the status is 2 and an output of before stays as it was."""
    (tmp_path / "all.jsonl").write_text("old")
    assert run(tmp_path / "a.txt", tmp_path / "b.txt", "--out", tmp_path / "all.jsonl") == 2
    assert (tmp_path / "all.jsonl").read_text() == "old"
    assert len(capsys.readouterr().err.splitlines()) == 3
    with pytest.raises(UserError, match=r"^a\.txt: there is no such file"):
        run(tmp_path / "a.txt", "--out", tmp_path / "all.jsonl")


@pytest.mark.parametrize("out", ["all.jsonl", "page.html", "tables"])
def test_an_interrupt_leaves_nothing_half_written(
    reports: Path, tmp_path: Path, out: str, monkeypatch: pytest.MonkeyPatch
):
    """Ctrl-C amid the second report: the output of before is whole, no temporary file stays, no folder is made."""
    (tmp_path / "all.jsonl").write_text("old")
    calls = []

    def interrupted(self: StandInTagger, source, metadata=None):
        calls.append(source)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return plain(self, source, metadata)

    plain = StandInTagger.annotate_source
    monkeypatch.setattr(StandInTagger, "annotate_source", interrupted)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        run(reports, "--out", tmp_path / out)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "all.jsonl").read_text() == "old"


def test_several_jobs_give_the_same_bytes(reports: Path, tmp_path: Path):
    """Order and content do not depend on the number of processes, nor do the failures."""
    for number in range(40):
        (reports / f"{number:02}.txt").write_text(REPORT.format(name="云江") + "法治" * number, "utf-8")
    (reports / "05.txt").write_bytes(b"")
    assert run(reports, "--out", tmp_path / "one.jsonl") == 3
    assert run(reports, "--out", tmp_path / "two.jsonl", "--jobs", 2) == 3
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert run(reports, "--out", tmp_path / "one.csv") == 3
    assert run(reports, "--out", tmp_path / "two.csv", "--jobs", 2) == 3
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_metadata_wins_and_its_columns_come_out(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The table outranks the title, its own columns are columns of reports.csv, an unknown name is a note."""
    (tmp_path / "t.csv").write_text("report,year,省份\n云江.txt,2020,云川\n云州.txt,2021,云川\n", "utf-8")
    assert run(reports, "--out", tmp_path / "tables", "--metadata", tmp_path / "t.csv") == 0
    with (tmp_path / "tables/reports.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {row["report"]: row for row in csv.DictReader(file)}
    assert (table["云江.txt"]["year"], table["云江.txt"]["省份"], table["云江.txt"]["place"]) == (
        "2020",
        "云川",
        "云江市",
    )
    assert (table["苍岭.txt"]["year"], table["苍岭.txt"]["省份"]) == ("2023", "")
    assert "t.csv: 1 row names no report that was read: 云州.txt" in capsys.readouterr().err


def test_rows_of_a_table_are_reports(tmp_path: Path):
    """A table's text column is annotated row by row, named by the id column."""
    (tmp_path / "t.csv").write_text(
        '编号,正文\nx1,"云江市2023年工作总结\n开展扫黑除恶。"\nx2,人民调解成功。\n', "utf-8"
    )
    assert run(tmp_path / "t.csv", "--text-column", "正文", "--id-column", "编号", "--out", tmp_path / "all.jsonl") == 0
    assert [row["report"] for row in rows((tmp_path / "all.jsonl").read_bytes())] == ["x1", "x2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["reports", "--out", "out.jsnl"], r"out\.jsnl: suffix \.jsnl is unknown; did you mean \.jsonl\?"),
        (["reports", "--format", "jsom"], 'format "jsom" is unknown; did you mean jsonl?'),
        (["reports", "--out", "x.csv", "--format", "html"], r"x\.csv: its suffix means csv, but"),
        (["reports", "--out", "x", "--format", "html"], r"x: html is no format for a folder; give x\.html"),
        (["reports", "--out", "reports/云江.txt", "--format", "jsonl"], r"云江\.txt: it is a file, and its suffix"),
        (["reports", "--jobs", "0"], "--jobs 0: it must be 1 or more"),
        (["t.csv", "--out", "t.csv"], r"t\.csv: it is an input, too"),
        (["reports", "--metadata", "t.csv", "--out", "t.csv"], r"t\.csv: it is an input, too"),
        (["tables/lines.csv", "--out", "tables"], r"tables/lines\.csv: it is an input, too"),
        (["reports", "--out", "reports/云江.txt/x.jsonl"], "cannot write it"),
        (["words", "--out", "words/a.docx"], r"words/a\.docx: it is an input, too"),
        (["words/a.docx", "--out", "words", "--format", "docx"], "words: reports are read from there, and would be"),
        (["reports", "--keep-text", "reports"], "reports: reports are read from there, and would be written over"),
        (["reports/云江.txt", "--keep-text", "reports"], "reports: reports are read from there"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_one_line_and_nothing_is_touched(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
):
    """What cannot work is refused before any work, and inputs are never written over."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    for table in ("t.csv", "tables/lines.csv"):
        (tmp_path / table).write_text("report,text\n云江.txt,平安\n", "utf-8")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "a.docx").write_bytes(b"PK")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UserError, match=message.replace("?", r"\?") if "\\?" not in message else message):
        run(*arguments)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert reports.is_dir()


def test_a_pipe_given_as_out_is_written_to(reports: Path, tmp_path: Path):
    """What is neither file nor folder (a named pipe, /dev/null) stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert run(reports, "--out", pipe, "--format", "jsonl") == 0
    assert len(rows(reader.communicate()[0])) == 3
    assert pipe.is_fifo()


def test_the_help_speaks_both_languages_and_names_every_format(capsys: pytest.CaptureFixture[str]):
    """Every option has a Chinese and an English help; the formats listed are those there are."""
    with pytest.raises(SystemExit):
        run("--help")
    text = capsys.readouterr().out
    assert all(name in text for name in format_names())
    for option in ("--out", "--format", "--model", "--jobs", "--metadata", "--text-column", "--id-column"):
        assert option in text
    assert "给报告逐段标注主题" in text
    assert "Tag the paragraphs of reports" in text


def test_importing_the_command_imports_nothing_heavy():
    """The command line is parsed before numpy, and neither scikit-learn nor pandas ever comes in."""
    heavy = ("numpy", "joblib", "sklearn", "pandas")
    code = f"import sys, predict.command; print([name for name in {heavy} if name in sys.modules])"
    fresh = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert fresh.stdout == "[]\n"
