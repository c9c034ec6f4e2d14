"""An archive in shards: the same bytes however it was made, stopped and gone on with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from labels.errors import UserError
from predict import archive, shards
from predict.formats import FOLDER_TABLES
from predict.ledger import Ledger
from tests.stand_in import StandInTagger, content, run

REPORT = """{name}市2023年政法工作总结
一、维护平安稳定
开展扫黑除恶专项斗争，破获命案3起。
"""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with twenty reports, two of which cannot be read; shards hold three."""
    folder = tmp_path / "reports"
    for number in range(20):
        path = folder / f"{number % 3}" / f"{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(REPORT.format(name="云江") + "法治" * number, "utf-8")
    (folder / "1/04.txt").write_bytes(b"")
    (folder / "2/05.txt").write_bytes(b"%PDF-1.4\n\0")
    return folder


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MOST_REPORTS", 3)


def rows(path: Path) -> list[dict]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BaseException], None]:
    """Lets the ledger raise an error instead of taking its shard number so and so."""
    plain = Ledger.add

    def stop(number: int, error: BaseException) -> None:
        def add(self, made):
            if made.shard == number:
                monkeypatch.setattr(Ledger, "add", plain)
                raise error
            plain(self, made)

        monkeypatch.setattr(Ledger, "add", add)

    return stop


def test_shards_together_are_the_one_file(reports: Path, tmp_path: Path):
    """The rows of all shards, one behind the other, are what one file would hold; the ledger says what is where."""
    assert run(reports, "--out", tmp_path / "one.jsonl") == 3
    assert run(reports, "--out", tmp_path / "out", "--format", "jsonl") == 3
    written = content(tmp_path / "out")
    names = [f"shard-{number:06}.jsonl" for number in range(7)]
    assert sorted(written) == ["failed.jsonl", "ledger.jsonl", *names]
    assert b"".join(written[name] for name in names) == (tmp_path / "one.jsonl").read_bytes()
    first, *middle, last = rows(tmp_path / "out/ledger.jsonl")
    assert (first["model"], first["format"]) == ("themes-standin", "jsonl")
    assert [(row["shard"], row["reports"]) for row in middle] == [
        *((0, 3), (1, 3), (2, 2), (3, 3), (4, 3), (5, 2), (6, 2))
    ]
    assert [row["files"] for row in middle] == [{name: len(written[name])} for name in names]
    assert last == {"kind": "end", "shards": 7, "reports": 18, "failed": 2}


def test_what_fails_is_listed_with_its_reason_and_the_rest_goes_on(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """failed.jsonl names report and reason; stderr has one line, however many failed."""
    assert run(reports, "--out", tmp_path / "out", "--format", "jsonl") == 3
    failed = rows(tmp_path / "out/failed.jsonl")
    assert [row["report"] for row in failed] == ["1/04.txt", "2/05.txt"]
    assert failed[0]["reason"].startswith("1/04.txt: it is empty")
    assert capsys.readouterr().err == (
        f"zhengfa: 20 篇中 2 篇未标注 / 2 of 20 not annotated: {tmp_path / 'out/failed.jsonl'}\n"
    )


def test_a_bug_that_one_report_meets_does_not_stop_the_others(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """In an archive it is a failure with the error and its line in the program."""

    def broken(self, source, metadata=None):
        if source.name == "0/03.txt":
            raise ZeroDivisionError("of ours")
        return plain(self, source, metadata)

    plain = StandInTagger.annotate_source
    monkeypatch.setattr(StandInTagger, "annotate_source", broken)
    assert run(reports, "--out", tmp_path / "out", "--format", "jsonl") == 3
    reasons = [row["reason"] for row in rows(tmp_path / "out/failed.jsonl") if row["report"] == "0/03.txt"]
    assert len(reasons) == 1
    assert "a bug of zhengfa (ZeroDivisionError: of ours; test_predict_archive.py, line" in reasons[0]


def test_jobs_give_the_same_bytes(reports: Path, tmp_path: Path):
    """Shards, ledger and failures do not depend on the number of processes."""
    assert run(reports, "--out", tmp_path / "one", "--format", "jsonl") == 3
    assert run(reports, "--out", tmp_path / "two", "--format", "jsonl", "--jobs", 2) == 3
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_parquet_shards_read_as_one_table(reports: Path, tmp_path: Path):
    """A folder a table, a file a shard; what the folders hold together is what the flat tables hold."""
    assert run(reports, "--out", tmp_path / "out", "--format", "parquet") == 3
    assert run(reports, "--out", tmp_path / "lines.parquet") == 3
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"failed.jsonl", "ledger.jsonl", *FOLDER_TABLES}
    assert len(list((tmp_path / "out/lines").glob("shard-*.parquet"))) == 7
    assert pq.read_table(tmp_path / "out/lines").equals(pq.read_table(tmp_path / "lines.parquet"))
    assert run(reports, "--out", tmp_path / "again", "--format", "parquet") == 3
    assert content(tmp_path / "out") == content(tmp_path / "again")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_run_goes_on_where_it_stopped(reports: Path, tmp_path: Path, stop_at, capsys, form: str):
    """After a stop the shards that are done stay as they are, the others follow, the outcome is the same."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert run(reports, "--out", whole, "--format", form) == 3
    stop_at(4, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run(reports, "--out", out, "--format", form)
    assert not list(out.glob(".*"))
    times = {path: path.stat().st_mtime_ns for path in out.rglob("shard-00000[0-3]*")}
    assert times
    capsys.readouterr()
    assert run(reports, "--out", out, "--format", form) == 3
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert "went on, shards done before: 4/7" in capsys.readouterr().err
    assert content(out) == content(whole)
    assert run(reports, "--out", out, "--format", form) == 3
    assert content(out) == content(whole)


def test_a_run_inside_the_folder_of_another_stays(reports: Path, tmp_path: Path):
    """What goes on sweeps away its own shards alone."""
    out, inner = tmp_path / "runs", tmp_path / "runs" / "v2"
    for target in (out, inner):
        assert run(reports, "--out", target, "--format", "jsonl") == 3
    before = content(inner)
    assert run(reports, "--out", out, "--format", "jsonl") == 3
    assert content(inner) == before


def test_what_was_damaged_since_is_made_again(reports: Path, tmp_path: Path):
    """A shard that is missing or cut short, a torn last line, leftovers of a dead process: all are put right."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    for folder in (whole, out):
        run(reports, "--out", folder, "--format", "jsonl")
    (out / "shard-000001.jsonl").unlink()
    (out / "shard-000003.jsonl").write_bytes(b"half")
    (out / "shard-000099.jsonl").write_bytes(b"of a longer run")
    (out / ".shard-000005.ab.part").mkdir()
    (out / ".shard-000005.ab.part/all.jsonl").write_bytes(b"half")
    ledger = (out / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    (out / "ledger.jsonl").write_bytes(b"".join(ledger[:6]) + ledger[6][:20])
    assert run(reports, "--out", out, "--format", "jsonl") == 3
    assert content(out) == content(whole)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda reports: (reports / "0/00.txt").write_text("改了。", "utf-8"), "shard 0 was made of other input"),
        (lambda reports: (reports / "0/01.txt").write_text("新的。", "utf-8"), "shard 0 was made of other input"),
        (lambda reports: (reports / "2/99.txt").write_text("新的。", "utf-8"), "shard 6 was made of other input"),
        (lambda reports: [path.unlink() for path in reports.glob("2/1[4-9]*")], "the input is shorter"),
    ],
)
def test_a_changed_input_is_refused(reports: Path, tmp_path: Path, change: Callable[[Path], object], message: str):
    """An edited, added or removed report never ends up in a run that began without it."""
    out = tmp_path / "out"
    run(reports, "--out", out, "--format", "jsonl")
    before = {name: raw for name, raw in content(out).items() if name.startswith("shard")}
    change(reports)
    with pytest.raises(UserError, match=f"{message}.*give another --out, or delete this folder to begin anew"):
        run(reports, "--out", out, "--format", "jsonl")
    assert {name: raw for name, raw in content(out).items() if name.startswith("shard")} == before


def test_other_options_are_refused(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What would change the bytes must be what it was: format, metadata, least quality, model."""
    out = tmp_path / "out"
    run(reports, "--out", out, "--format", "jsonl")
    (tmp_path / "t.csv").write_text("report,place\n0/00.txt,苍岭\n", "utf-8")
    with pytest.raises(UserError, match=r"its run has another format \(jsonl, now parquet\)"):
        run(reports, "--out", out, "--format", "parquet")
    with pytest.raises(UserError, match=r"its run has another --metadata \(None, now [0-9a-f]{16}\)"):
        run(reports, "--out", out, "--format", "jsonl", "--metadata", tmp_path / "t.csv")
    with pytest.raises(UserError, match=r"its run has another --min-quality \(None, now 0\.9\)"):
        run(reports, "--out", out, "--format", "jsonl", "--min-quality", "0.9")
    model = StandInTagger.load().model
    model.version = "themes-new"
    monkeypatch.setattr(StandInTagger, "model", model)
    with pytest.raises(UserError, match=r"its run has another model \(themes-standin, now themes-new\)"):
        run(reports, "--out", out, "--format", "jsonl")


def test_a_folder_with_other_files_is_left_alone(reports: Path, tmp_path: Path):
    """Shards go into a new or an empty folder, or one that holds their run."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/shard-000000.jsonl").write_text("mine")
    with pytest.raises(UserError, match=r"mine: it holds other files \(shard-000000\.jsonl\)"):
        run(reports, "--out", tmp_path / "mine", "--format", "jsonl")
    assert content(tmp_path / "mine") == {"shard-000000.jsonl": b"mine"}


def test_two_runs_in_one_folder_do_not_meet(reports: Path, tmp_path: Path):
    """The second one is told to wait; the first is not disturbed."""
    out = tmp_path / "out"
    with (
        archive._held(out),  # noqa: SLF001 - as another process would hold it
        pytest.raises(UserError, match=r"out: another run is at work there"),
    ):
        run(reports, "--out", out, "--format", "jsonl")


def test_a_stop_by_the_system_says_how_to_go_on(reports: Path, tmp_path: Path, stop_at):
    """A full disk or the like is one line that counts what is done, and the same command finishes the work."""
    out = tmp_path / "out"
    stop_at(2, UserError("out: cannot write it (No space left on device)"))
    with pytest.raises(UserError, match=r"No space left on device\); 2 shards are done, the same command goes on"):
        run(reports, "--out", out, "--format", "jsonl")
    assert run(reports, "--out", out, "--format", "jsonl") == 3


@pytest.mark.parametrize("out", ["file/x", "/proc/self/zhengfa"])
def test_a_target_that_cannot_be_written_is_one_line(reports: Path, tmp_path: Path, out: str):
    """Before any work the folder is tried."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="cannot write it"):
        run(reports, "--out", tmp_path / out, "--format", "jsonl")
    assert (tmp_path / "file").read_text() == "mine"


def test_rows_of_a_table_become_shards(tmp_path: Path):
    """A table of any size is cut by its rows; its bad rows are listed by their numbers."""
    table = tmp_path / "t.csv"
    table.write_text("id,text\n" + "".join(f"r{number},开展扫黑除恶。\n" for number in range(10)) + "r10,\n", "utf-8")
    assert run(table, "--id-column", "id", "--out", tmp_path / "out", "--format", "jsonl") == 3
    names = [
        row["report"]
        for path in sorted((tmp_path / "out").glob("shard-*"))
        for row in rows(path)
        if row["kind"] == "report"
    ]
    assert names == [f"r{number}" for number in range(10)]
    assert rows(tmp_path / "out/failed.jsonl") == [
        {"report": None, "reason": f"{table}, row 11: column text has no text"}
    ]


def test_bytes_end_a_shard_too(monkeypatch: pytest.MonkeyPatch):
    """Long reports make shards of fewer."""
    monkeypatch.setattr(shards, "MOST_BYTES", 100)
    documents = [shards.Document(str(number), text="法治" * 10) for number in range(5)]
    assert [len(shard.found) for shard in shards.cut(iter(documents), {})] == [2, 2, 1]


def test_names_that_are_no_text_survive(tmp_path: Path):
    """A file name of bytes that are not UTF-8 goes through shards, ledger and failures."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in (b"\xff.txt", b"\xfe.txt"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes as a name
            file.write("扫黑除恶。".encode() if name == b"\xff.txt" else b"")
    assert run(folder, "--out", tmp_path / "out", "--format", "jsonl") == 3
    assert len(rows(tmp_path / "out/failed.jsonl")) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "x.jsonl", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler writes shards; give it a folder"),
        (
            ["--out", "x", "--format", "jsonl", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"],
            "--jobs is for one machine, --scheduler for a cluster",
        ),
    ],
)
def test_what_a_cluster_cannot_do_is_said(reports: Path, arguments: list[str], message: str):
    """Before anything is connected to or written."""
    with pytest.raises(UserError, match=message):
        run(reports, *arguments)
