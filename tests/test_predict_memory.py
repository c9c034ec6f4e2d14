"""Memory: whatever is in a report of the largest size that is read, one process stays within 250 MB."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST = 250  # MB
# The kernel's figure for a child would hold its parent's memory, so the process asks for its own.
ANNOTATE = """
import sys, zhengfa
status = zhengfa.main(sys.argv[1:])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
sys.exit(status)"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is asked of Linux"),
]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("全市政法机关化解矛盾纠纷120件，打击犯罪。" * 125_000, id="one line"),
        pytest.param("安" * 2_660_000, id="one word"),
        pytest.param("平安\n" * 400_000, id="short lines"),
        pytest.param("一、平\n" * 200_000, id="headings"),
        pytest.param("\ufdfa" * 600_000, id="ligatures of eighteen characters"),
    ],
)
def test_a_report_of_any_kind_fits(small_model: Path, tmp_path: Path, text: str):
    """The peak is below the bound, and all of the text is in the rows."""
    report, out = tmp_path / "report.txt", tmp_path / "out.jsonl"
    report.write_text(text, "utf-8")
    assert _peak(report, small_model, out) < MOST
    assert out.stat().st_size > len(text)


def test_a_table_of_the_largest_reports_fits(small_model: Path, tmp_path: Path):
    """Of several reports of the largest size in the cells of a table one is in memory at a time."""
    table, out = tmp_path / "reports.csv", tmp_path / "out.jsonl"
    text = "全市政法机关化解矛盾纠纷120件，打击犯罪。\n" * 125_000
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text"], *([f"{number}{text}"] for number in range(3))])
    assert _peak(table, small_model, out) < MOST
    assert out.stat().st_size > 3 * len(text)


def _peak(given: Path, model: Path, out: Path) -> float:
    command = [sys.executable, "-c", ANNOTATE, "annotate", given, "--model", model, "--out", out]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024
