"""Probable label errors: planted ones come first, on probabilities of models that learned from the planted labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

import zhengfa
from labels.corpus import CorpusLine, CorpusReport, text_hash, write_report
from labels.out_of_fold import OutOfFoldRow
from labels.scheme import Scheme
from labels.suspects import confident_errors, current_rows, rank_suspects
from tests.review_data import model_folder
from train.held_out_reasons import held_out_reasons
from train.saved_rows import write_rows
from train.stack import Stack, stack_reports
from train.themes import train_themes

Planted = set[tuple[str, int, str]]


def flipped(
    reports: list[CorpusReport], scheme: Scheme, seed: int, share: float = 0.05
) -> tuple[list[CorpusReport], Planted]:
    """The reports with a share of all judged (line, theme) labels turned round, and which."""
    pairs = [
        (report.name, number, theme)
        for report in reports
        for number, line in enumerate(report.lines, 1)
        if line.role in ("heading", "body")
        for theme in line.considered or ()
    ]
    chosen = np.random.default_rng(seed).choice(len(pairs), round(share * len(pairs)), replace=False)
    planted = {pairs[at] for at in chosen.tolist()}

    def turned(report: CorpusReport, number: int, line: CorpusLine) -> CorpusLine:
        turn = {theme for theme in scheme.ids if (report.name, number, theme) in planted}
        return replace(line, themes=tuple(theme for theme in scheme.ids if (theme in line.themes) != (theme in turn)))

    return [
        CorpusReport(report.name, tuple(turned(report, at, line) for at, line in enumerate(report.lines, 1)))
        for report in reports
    ], planted


def found(reports: list[CorpusReport], scheme: Scheme, seed: int) -> float:
    """The share of planted errors in the top tenth of the list, from models trained on them."""
    wrong, planted = flipped(reports, scheme, seed)
    suspects = rank_suspects(rows_of(wrong, stack_reports(wrong, scheme), scheme), scheme.ids)
    top = suspects[: len(suspects) // 10]
    return sum((one.row.report, one.row.line, one.theme) in planted for one in top) / len(planted)


def rows_of(reports: list[CorpusReport], stack: Stack, scheme: Scheme) -> list[OutOfFoldRow]:
    rows = train_themes(stack, scheme, jobs=1).out_of_fold
    lines = [(report.name, number, line) for report in reports for number, line in enumerate(report.lines, 1)]
    return [
        row(name, number, line.themes, dict(zip(scheme.ids, probabilities, strict=True)), line.considered or ())
        for (name, number, line), probabilities in (
            (lines[at], own) for at, own in zip(rows.paragraph.tolist(), rows.probability.tolist(), strict=True)
        )
    ]


def row(
    report: str, line: int, themes: tuple[str, ...], probabilities: dict[str, float], considered: tuple[str, ...] | None
) -> OutOfFoldRow:
    return OutOfFoldRow(report, line, "", "body", themes, considered, probabilities)


def test_planted_errors_come_first(small_corpus, scheme):
    """Of 5 % of all labels turned round, four in five or more are in the top tenth (mean of three draws)."""
    assert np.mean([found(small_corpus, scheme, seed) for seed in range(3)]) >= 0.8


@pytest.mark.slow
def test_more_reports_show_more_errors(corpus, scheme):
    """On half of the bundled reports it is 85 % or more."""
    assert found(corpus[::2], scheme, 0) >= 0.85


def test_one_list_over_lines_and_themes(scheme):
    """A missing and a wrong theme stand in one order, by the probability of the label that the line does not have."""
    rows = [
        row("a", 1, ("security",), {"security": 0.2, "mediation": 0.9}, ("security", "mediation")),
        row("a", 2, ("mediation",), {"security": 0.1, "mediation": 0.99}, ("mediation",)),
        row("b", 1, (), {"security": 0.8, "mediation": 0.1}, ("security",)),
        row("b", 2, (), {"security": 0.99, "mediation": 0.99}, None),
    ]
    suspects = rank_suspects(rows, scheme.ids)
    assert [(one.row.report, one.row.line, one.theme, one.labelled, one.doubt) for one in suspects] == [
        ("a", 1, "mediation", False, 0.9),
        ("a", 1, "security", True, 0.8),
        ("b", 1, "security", False, 0.8),
        ("a", 2, "mediation", True, 0.01),
    ]


@pytest.mark.parametrize(
    ("labels", "probability", "errors"),
    [
        ([1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.1, 0.1, 0.2, 0.95], [0, 0, 1, 0, 0, 1]),
        ([1, 1, 0, 0], [0.6, 0.6, 0.4, 0.4], [0, 0, 0, 0]),
        ([1, 1], [0.1, 0.9], [0, 0]),
        ([], [], []),
    ],
)
def test_the_confident_joint_counts_errors(labels, probability, errors):
    """A label is an error where the other one is as confident as usual; with one label alone nothing can be."""
    marks = confident_errors(np.array(labels, dtype=np.bool_), np.array(probability, dtype=np.float64))
    assert marks.tolist() == [bool(error) for error in errors]


def test_rows_follow_the_corpus():
    """A label mended since training counts as it is now; a line that is gone or has another text is left out."""
    lines = (
        CorpusLine("调解。", "body", None, ("mediation",), ("mediation",)),
        CorpusLine("新。", "body", None, (), None),
    )
    old = [
        OutOfFoldRow("a", at, text_hash("调解。"), "body", (), ("mediation",), {"mediation": 0.9}) for at in (1, 2, 3)
    ]
    gone = replace(old[0], report="b")
    (current,) = current_rows([*old, gone], {"a": CorpusReport("a", lines)})
    assert (current.line, current.themes) == (1, ("mediation",))


@pytest.fixture
def model(tmp_path: Path, small_corpus, small_stack, small_trained, scheme) -> Callable[[list[CorpusReport]], Path]:
    """Writes reports as a corpus, and beside it what training leaves of the small model."""

    def write(reports: list[CorpusReport]) -> Path:
        (tmp_path / "corpus").mkdir()
        for report in reports:
            write_report(tmp_path / "corpus" / f"{report.name}.jsonl", report.lines)
        folder = model_folder(tmp_path / "model", scheme)
        reasons = held_out_reasons(small_stack, small_trained)
        write_rows(folder, small_corpus, small_trained.out_of_fold, scheme.ids, reasons)
        return tmp_path

    return write


def test_the_command_gives_the_reason(model, small_corpus, scheme, capsys):
    """The first of the list has file, line, labels, probability, threshold, terms and heading; all have reasons."""
    folder = model(small_corpus)
    assert (
        zhengfa.main(
            ["labels", "errors", "--corpus", str(folder / "corpus"), "--model", str(folder / "model"), "--top", "3"]
        )
        == 0
    )
    head, *listed = capsys.readouterr().out.strip().split("\n\n")
    first, _, third = listed
    assert [line.split()[0] for line in head.splitlines()[1:]] == list(scheme.ids)
    assert first.startswith("1. ")
    assert ".jsonl, line " in first
    assert "probability 0." in first
    assert "主题词 / terms: " in first
    assert third.startswith("3. ")
    rows = map(orjson.loads, (folder / "model" / "oof.jsonl").read_bytes().splitlines())
    reasons = {(row["report"], str(row["line"])): row["reasons"] for row in rows}
    words = []
    for suspect in listed:
        report, line, theme = re.match(r"\d\. (\S+)\.jsonl, line (\d+): .* (\w+)\n", suspect).groups()
        words.append(reasons[report, line][theme]["words"])
        shown = " ".join(f"{word} {weight:+.2f}" for word, weight in words[-1].items())
        assert f"词 / words: {shown or '无 / none'}; 上下文 / context: " in suspect
    assert any(words)


@pytest.mark.parametrize("name", ["oof.jsonl", "manifest.json"])
def test_a_folder_that_is_no_model_is_refused(model, small_corpus, capsys, name):
    """Rows or thresholds that are missing or damaged are named, and what to do."""
    folder = model(small_corpus[:1])
    (folder / "model" / name).write_text("{}\n", "utf-8")
    assert zhengfa.main(["labels", "errors", "--corpus", str(folder / "corpus"), "--model", str(folder / "model")]) == 2
    assert f"{folder / 'model' / name}" in (message := capsys.readouterr().err)
    assert "again" in message


def test_a_model_of_another_corpus_is_refused(model, small_corpus, capsys):
    """A model that knows none of the lines has nothing to say of them."""
    folder = model([CorpusReport("x-1", small_corpus[0].lines)])
    assert zhengfa.main(["labels", "errors", "--corpus", str(folder / "corpus"), "--model", str(folder / "model")]) == 2
    assert "it was not trained on" in capsys.readouterr().err
