"""A run on a Dask cluster: a real scheduler, real workers, the same bytes as on one machine, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labels.corpus import CorpusReport
from tests.stand_in import content

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
COMMAND = (
    "import sys, zhengfa\nfrom predict import shards\nshards.MOST_REPORTS = 4\nsys.exit(zhengfa.main(sys.argv[1:]))"
)
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler on loopback."""
    folder = tmp_path_factory.mktemp("scheduler")
    arguments = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", "scheduler.json"]
    process = _start("scheduler", arguments, folder)
    try:
        yield _address(folder / "scheduler.json")
    finally:
        _end(process)


@pytest.fixture
def workers(scheduler: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two worker processes of one thread each, in other working folders than the command."""
    arguments = [scheduler, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path / "w")]
    started = [_start("worker", arguments, tmp_path) for _ in range(2)]
    yield started
    for process in started:
        _end(process)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, small_corpus: list[CorpusReport]) -> Path:
    """A folder of two hundred and forty reports, one of them empty."""
    folder = tmp_path_factory.mktemp("archive") / "reports"
    folder.mkdir()
    for number in range(240):
        lines = small_corpus[number % len(small_corpus)].lines[: 3 + number % 5]
        (folder / f"{number:03}.txt").write_text("\n".join(line.text for line in lines), "utf-8")
    (folder / "050.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def start(reports: Path, small_model: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts the command beside the reports, which it is given by a relative path."""

    def start(out: str, *more: str) -> subprocess.Popen[str]:
        arguments = ["annotate", "reports", "--out", out, "--format", "jsonl", "--model", str(small_model), *more]
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=reports.parent,
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return start


@pytest.fixture(scope="module")
def alone(start, reports: Path) -> dict[str, bytes]:
    """What a run on one machine leaves."""
    process = start("alone")
    said = process.communicate()[1]
    assert process.returncode == 3, said
    return content(reports.parent / "alone")


@pytest.mark.usefixtures("workers")
def test_a_cluster_gives_the_same_bytes(start, scheduler: str, alone: dict[str, bytes], reports: Path):
    """Shards, ledger and failures are those of one machine."""
    process = start("cluster", "--scheduler", scheduler)
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 3, said
    assert said == "zhengfa: 240 篇中 1 篇未标注 / 1 of 240 not annotated: cluster/failed.jsonl\n"
    assert content(reports.parent / "cluster") == alone


def test_a_worker_that_dies_loses_nothing(start, scheduler: str, workers, alone: dict[str, bytes], reports: Path):
    """kill -9 of one of two workers amid the run: its shards are made by the other."""
    out = reports.parent / "killed"
    process = start("killed", "--scheduler", scheduler)
    while process.poll() is None and len(list(out.glob("shard-*"))) < 3:
        time.sleep(0.01)
    workers[0].kill()
    assert process.poll() is None
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 3, said
    assert content(out) == alone


@pytest.mark.usefixtures("workers")
def test_a_run_begun_alone_goes_on_on_a_cluster(start, scheduler: str, alone: dict[str, bytes], reports: Path):
    """The ledger does not care who made a shard; SIGTERM leaves whole shards."""
    out = reports.parent / "moved"
    process = start("moved")
    while process.poll() is None and not (out / "shard-000001.jsonl").exists():
        time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 143
    process = start("moved", "--scheduler", scheduler)
    assert "went on" in process.communicate(timeout=120)[1]
    assert content(out) == alone


@pytest.mark.parametrize("address", ["nonsense://127.0.0.1:1", "tcp://127.0.0.1:1", "what"])
def test_no_scheduler_is_one_line(start, address: str):
    """An address where nobody answers is said plainly."""
    process = start("nobody", "--scheduler", address)
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 2
    assert said.startswith(f"zhengfa: {address}: no Dask scheduler answers there")
    assert said.count("\n") == 1


def _start(role: str, arguments: list[str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / f"{role}.log").open("ab") as log:
        command = [sys.executable, "-m", "distributed.cli.dask_" + role, *arguments]
        return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=log, stderr=log)


def _address(file: Path) -> str:
    import json

    while not file.exists():
        time.sleep(0.05)
    return json.loads(file.read_text())["address"]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
