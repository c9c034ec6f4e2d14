"""A real process over an archive, killed, interrupted, without room: what it leaves, and what comes of going on."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from labels.corpus import CorpusReport
from tests.stand_in import content

ROOT = Path(__file__).parent.parent
# The command as it is, with shards small enough for many moments between them.
COMMAND = (
    "import sys, zhengfa\nfrom predict import shards\nshards.MOST_REPORTS = 5\nsys.exit(zhengfa.main(sys.argv[1:]))"
)
KILLS = 20

pytestmark = pytest.mark.slow

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, small_corpus: list[CorpusReport]) -> Path:
    """A folder of some two hundred reports, one of them empty."""
    folder = tmp_path_factory.mktemp("reports")
    for number in range(200):
        lines = small_corpus[number % len(small_corpus)].lines[: 3 + number % 5]
        (folder / f"{number:03}.txt").write_text("\n".join(line.text for line in lines), "utf-8")
    (folder / "050.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def start(reports: Path, small_model: Path) -> Start:
    """Starts the command in a group of its own, as a terminal does."""

    def start(out: Path, jobs: int = 1, **more) -> subprocess.Popen[str]:
        arguments = ["annotate", reports, "--out", out, "--format", "jsonl", "--model", small_model, "--jobs", jobs]
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *map(str, arguments)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            **more,
        )

    return start


@pytest.fixture(scope="module")
def undisturbed(start: Start, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """What a run leaves that nobody stops, and the seconds that it takes once its folder is there."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    process = start(out)
    seconds = -until_begun(out, process)
    process.communicate()
    assert process.returncode == 3
    return content(out), seconds + time.monotonic()


def until_begun(out: Path, process: subprocess.Popen[str]) -> float:
    """Wait for the ledger; the time when it was there."""
    while process.poll() is None and not (out / "ledger.jsonl").exists():
        time.sleep(0.005)
    return time.monotonic()


def finish(process: subprocess.Popen[str]) -> str:
    """What a process that is left alone says; it ends with the one empty report."""
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 3, said
    return said


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_at_random_moments(start: Start, undisturbed, tmp_path: Path, jobs: int):
    """kill -9 at any moment, ten times for each number of processes, then let be: not a byte differs."""
    whole, seconds = undisturbed
    moments = random.Random(jobs)
    killed = run = 0
    while killed < KILLS // 2:
        out = tmp_path / f"{run}"
        process = start(out, jobs)
        until_begun(out, process)
        time.sleep(moments.uniform(0, seconds / 2))
        if process.poll() is None:
            process.kill()
            killed += 1
        elif process.returncode == 3:
            assert content(out) == whole
            run += 1
        process.communicate(timeout=60)
    finish(start(tmp_path / f"{run}", jobs))
    assert content(tmp_path / f"{run}") == whole


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [(signal.SIGINT, 130, "已中断 / interrupted"), (signal.SIGTERM, 143, "已终止 / terminated")],
)
def test_interrupted(start: Start, undisturbed, tmp_path: Path, number: int, status: int, said: str):  # noqa: PLR0917
    """Ctrl-C and SIGTERM: one line, whole shards only, no process left, and the same command finishes the work."""
    out = tmp_path / "out"
    process = start(out, 2)
    until_begun(out, process)
    while not list(out.glob("shard-*")):
        time.sleep(0.005)
    # As a terminal does, to the whole group; a terminated one is told alone.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    assert process.communicate(timeout=30)[1] == f"zhengfa: {said}\n"
    assert process.returncode == status
    left = content(out)
    assert {name for name in left if not name.startswith("shard-")} == {"ledger.jsonl"}
    assert all(undisturbed[0][name] == raw for name, raw in left.items() if name.startswith("shard-"))
    finish(start(out, 2))
    assert content(out) == undisturbed[0]


def test_no_room(start: Start, undisturbed, tmp_path: Path):
    """Where a file cannot grow any more, one line says so and how to go on; with room again the work is finished."""
    out = tmp_path / "out"
    limit = sorted(len(raw) for name, raw in undisturbed[0].items() if name.startswith("shard-"))[-3]
    process = start(out, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    said = process.communicate()[1]
    assert process.returncode == 2
    assert said.count("\n") == 1
    assert "cannot write it (File too large)" in said
    assert "the same command goes on there" in said
    assert not list(out.glob(".*"))
    finish(start(out))
    assert content(out) == undisturbed[0]
