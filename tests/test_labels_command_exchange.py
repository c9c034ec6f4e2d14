"""`zhengfa labels export` and `import` as people type them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

import zhengfa
from labels.item import write_queue
from labels.store import Store
from tests.exchange_items import hard_queue, reviewed_store


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    write_queue(tmp_path / "queue.jsonl", hard_queue())
    return tmp_path / "queue.jsonl"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = zhengfa.main(["labels", *map(str, words)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_there_and_back(tmp_path: Path, queue: Path, capsys: pytest.CaptureFixture[str]):
    """A queue goes out, answers come in with `--queue` and `--reviewer`; what was taken is told state by state."""
    status, out, _ = run(capsys, "export", queue, "--out", tmp_path / "out" / "a.jsonl")
    assert (status, out.splitlines()[0]) == (0, f"{tmp_path}/out/a.jsonl: 9 段 / items, 0 个决定 / decisions")
    assert "注意 / note: doccano" in out
    command = ("import", tmp_path / "out" / "a.jsonl", "--decisions", tmp_path / "a.db", "--queue", queue)
    status, out, err = run(capsys, *command, "--reviewer", "王芳", "--confirmed")
    assert (status, err) == (0, "")
    assert out.splitlines()[:5] == [
        f"{tmp_path}/out/a.jsonl: 9 行 / rows",
        "       8  已审，有主题 / reviewed, with themes",
        "       1  已审，无主题 / reviewed, no theme",
        "决定 / decisions: 9",
        "       9  新 / new",
    ]
    assert len(Store.open(tmp_path / "a.db").events()) == 9


def test_a_store_is_a_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A store is exported with its decisions, and its last words only; for one reviewer with that one's."""
    store = reviewed_store(tmp_path / "a.db")
    _, out, _ = run(capsys, "export", store.path, "--out", tmp_path / "a.json")
    assert out.splitlines()[0].endswith("9 段 / items, 9 个决定 / decisions")
    assert "only the last word travels" in out
    _, out, _ = run(capsys, "export", store.path, "--out", tmp_path / "a.json", "--reviewer", "李强")
    assert out.splitlines()[0].endswith("9 段 / items, 2 个决定 / decisions")


def test_part_is_lost(tmp_path: Path, queue: Path, capsys: pytest.CaptureFixture[str]):
    """What could not be taken is listed line by line, and the status says that the work was done in part."""
    run(capsys, "export", queue, "--out", tmp_path / "a.jsonl")
    rows = [orjson.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    rows[0]["label"], rows[1]["label"] = ["securty"], []
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    command = ("import", tmp_path / "a.jsonl", "--decisions", tmp_path / "a.db", "--queue", queue)
    status, out, err = run(capsys, *command, "--reviewer", "王芳")
    assert status == 3
    assert "       1  未取 / not taken" in out.splitlines()
    assert err.splitlines()[0].startswith(f'zhengfa: {tmp_path}/a.jsonl, line 1: label "securty" is unknown; did you')


def test_a_queue_is_not_written_over(queue: Path, capsys: pytest.CaptureFixture[str]):
    """`.jsonl` is the suffix of queues and of doccano's files."""
    before = queue.read_bytes()
    status, _, err = run(capsys, "export", queue, "--out", queue)
    assert status == 2
    assert "queue.jsonl: it is what is exported" in err
    assert queue.read_bytes() == before


def test_no_store(tmp_path: Path, queue: Path, capsys: pytest.CaptureFixture[str]):
    """Answers need items: without a store and without a queue there is one line that says so."""
    run(capsys, "export", queue, "--out", tmp_path / "a.csv")
    status, _, err = run(capsys, "import", tmp_path / "a.csv", "--decisions", tmp_path / "a.db")
    assert (status, err.count("\n")) == (2, 1)
    assert "a.db: no store of decisions here" in err
    assert not (tmp_path / "a.db").exists()
