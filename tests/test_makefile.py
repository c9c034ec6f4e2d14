"""The Makefile: every target explains itself."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGETS = {
    "help", "predict", "train", "evaluate", "baselines", "review", "test", "test-all", "lint", "check",
    "bench", "wheel", "lock", "clean",
}  # fmt: skip


def test_bare_make_lists_every_target():
    """`make` alone runs nothing and shows each target with one line in Chinese and in English."""
    done = _make()
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^make ([a-z-]+) +(\S.*) / (\S.*)$", done.stdout, re.MULTILINE)
    assert {name for name, _, _ in rows} == TARGETS
    assert len(rows) == len(done.stdout.splitlines()) == len(TARGETS)
    assert all(re.search(r"[\u4e00-\u9fff]", chinese) and english.isascii() for _, chinese, english in rows)


def test_missing_gold_labels_are_named():
    """`make evaluate` without gold labels says in one line what to give it."""
    done = _make("evaluate", "GOLD=no/such", "-o", ".venv/.ready", "-o", "artifacts/current/manifest.json")
    assert done.returncode == 2
    assert done.stderr.startswith("no/such: no gold labels here; give yours: make evaluate GOLD=DIR REPORTS=DIR\n")


def test_review_makes_a_queue_only_where_none_is_given():
    """`make review` takes the sample's queue, made from the bundled report; QUEUE= takes the reader's as it is."""
    ready = ("-n", "-o", ".venv/.ready", "-o", "artifacts/current/manifest.json")
    own = _make("review", "QUEUE=mine.jsonl", *ready).stdout
    assert own == ".venv/bin/zhengfa review 'mine.jsonl'\n"
    assert "review 'artifacts/review/sample-queue.jsonl'" in _make("review", *ready).stdout


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # As from a shell, also where make itself runs this test.
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
