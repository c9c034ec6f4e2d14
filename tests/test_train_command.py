"""The commands of training print what people need, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labels.corpus import CorpusReport, write_report
from zhengfa import main

THEMES = ["party_building", "security", "mediation", "rule_of_law"]


@pytest.fixture
def tiny(tmp_path: Path, corpus: list[CorpusReport]) -> Path:
    """A folder with a few labelled reports."""
    for report in corpus[::45][:8]:
        write_report(tmp_path / f"{report.name}.jsonl", report.lines)
    return tmp_path


def test_train_prints_a_table(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """`train` prints a row a theme, the figures over all, and where the model went."""
    assert main(["train", "--corpus", str(tiny), "--out", str(tmp_path / "models"), "--jobs", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["theme", "主题", "precision", "recall", "F1", "support", "ECE"]
    assert [row.split()[0] for row in printed[1:5]] == THEMES
    assert all(re.fullmatch(r"\w+( +[01]\.\d{3}){3} +\d+ +[01]\.\d{3}", row) for row in printed[1:5])
    assert re.fullmatch(
        r"macro-F1 0\.\d{3}, exact match 0\.\d{3}, sure \d+% \(out of fold, \d+ body lines of 8 reports\)", printed[6]
    )
    folder = Path(printed[7].removeprefix("模型 / model: "))
    assert folder.resolve() == (tmp_path / "models" / "current").resolve()


def test_evaluate_prints_two_tables(small_model: Path, tiny: Path, capsys: pytest.CaptureFixture[str]):
    """`evaluate` prints every measure with its interval, then precision, recall, F1 and support of every theme."""
    assert main(["evaluate", "--gold", str(tiny), "--model", str(small_model)]) == 0
    measures, themes, reports = capsys.readouterr().out.rstrip().split("\n\n")
    rows = measures.splitlines()[1:]
    assert [re.split("  +", row)[0] for row in rows] == [
        "roles",
        "macro-F1",
        "exact match",
        *(f"F1 {theme}" for theme in THEMES),
        "heading level",
        "share error",
    ]
    assert all(re.fullmatch(r"[\w -]+ [01]\.\d{3}    [01]\.\d{3} - [01]\.\d{3} +\d+", row) for row in rows)
    assert themes.splitlines()[0].split() == ["theme", "主题", "precision", "recall", "F1", "support"]
    assert [row.split()[0] for row in themes.splitlines()[1:]] == THEMES
    assert all(re.fullmatch(r"\w+( +[01]\.\d{3}){3} +\d+", row) for row in themes.splitlines()[1:])
    assert reports == "报告 / reports: 8"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "--jobs", "0"], "--jobs 0: it must be 1 or more"),
        (["train", "--corpus", "none"], "none: no labelled reports (*.jsonl) here; give the folder that holds them"),
        (
            ["evaluate", "--gold", "none", "--model", "none"],
            "none: no model here (No such file or directory); give a model folder or run `make train`",
        ),
    ],
)
def test_wrong_arguments(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """What cannot be done is said in one line."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"zhengfa: {message}\n"
