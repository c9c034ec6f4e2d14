"""Comparisons: every system learns from the same paragraphs and is asked about reports that it never saw."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import orjson
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from labels.corpus import CorpusLine, CorpusReport, write_report
from labels.errors import UserError
from labels.scheme import Scheme
from labels.tables import aligned, cells
from train.baselines import Entry, compare, known_systems
from train.command_compare import add_commands
from train.comparison import baselines_table
from train.gold import load_gold
from train.material import load_material
from train.measures import exact_match, interval, macro_f1
from train.score import score_lines
from train.stack import Stack, stack_reports
from train.stepper import stepper
from train.stock import FastText, Tutorial, _spaced
from train.systems import OurModel, TermCounting
from train.trials import Fold, Part, Trial, corpus_trials, gold_as_corpus, other_trial


class BagOfWords:
    """Has what the comparison uses of fastText: trains one linear score a label from a file of labelled lines."""

    def __init__(self, path: str) -> None:
        rows = [line.split() for line in Path(path).read_text("utf-8").splitlines()]
        self.lines = [[word for word in row if not word.startswith("__label__")] for row in rows]
        marks = [[word for word in row if word.startswith("__label__")] for row in rows]
        self.labels = sorted({label for row in marks for label in row}, reverse=True)
        self.vectors = TfidfVectorizer(analyzer=str.split).fit([" ".join(line) for line in self.lines])
        matrix = self.vectors.transform([" ".join(line) for line in self.lines])
        wanted = np.array([[label in row for label in self.labels] for row in marks])
        self.fits = [LinearSVC(random_state=0).fit(matrix, column) for column in wanted.T]

    def get_sentence_vector(self, text: str) -> np.ndarray:
        row = self.vectors.transform([text])
        return np.array([fit.decision_function(row)[0] for fit in self.fits])

    def get_output_matrix(self) -> np.ndarray:
        return np.eye(len(self.labels))


@pytest.fixture
def fake_fasttext(monkeypatch: pytest.MonkeyPatch) -> list[BagOfWords]:
    """Stands in for fastText, which is no part of the environment; the list gets every model trained."""
    trained: list[BagOfWords] = []

    def train_supervised(path: str, **_: object) -> BagOfWords:
        trained.append(BagOfWords(path))
        return trained[-1]

    monkeypatch.setitem(sys.modules, "fasttext", SimpleNamespace(train_supervised=train_supervised))
    return trained


@pytest.fixture(scope="module")
def halves(small_stack: Stack, scheme: Scheme) -> Trial:
    """A trial with one fold: every third report is asked about."""
    ask = np.arange(len(small_stack.documents)) % 3 == 0
    return Trial("thirds", "thirds", scheme.ids, small_stack, small_stack, (Fold(~ask, ask),))


@pytest.mark.parametrize("number", [0, 1])
def test_every_report_is_asked_once_and_never_learned_from(small_stack: Stack, scheme: Scheme, number: int):
    """In both splits of the corpus each report is asked about in one fold, which does not learn from it."""
    trial = corpus_trials(small_stack, scheme.ids)[number]
    assert (np.sum([fold.ask for fold in trial.folds], axis=0) == 1).all()
    assert not any((fold.learn & fold.ask).any() for fold in trial.folds)
    assert sorted(trial.body.tolist()) == np.flatnonzero(small_stack.body).tolist()


@pytest.mark.parametrize("name", ["ours", "tutorial", "tutorial-characters", "fasttext", "terms"])
@pytest.mark.usefixtures("fake_fasttext")
def test_no_stage_learns_from_what_is_asked(halves: Trial, scheme: Scheme, name: str):
    """With all labels of the asked reports turned round, every system finds exactly the same themes, and not none."""
    system = next(system for system in known_systems(scheme, jobs=1) if system.name == name)
    examples, fold = halves.learn.examples, halves.folds[0]
    asked = fold.ask[examples.report_of][:, None]
    turned = replace(halves.learn, examples=replace(examples, labels=examples.labels ^ asked))
    found = [system.fit(Part(stack, fold.learn))(Part(stack, fold.ask)) for stack in (halves.learn, turned)]
    assert np.array_equal(*found)
    assert macro_f1(Part(halves.ask, fold.ask).labels, found[0]) > 0.5


def test_tutorial_is_one_vs_rest(halves: Trial):
    """Where every line was judged for every theme, the tutorial stack is scikit-learn's OneVsRestClassifier."""
    learn, ask = (Part(halves.learn, marks) for marks in (halves.folds[0].learn, halves.folds[0].ask))
    vectoriser = TfidfVectorizer()
    matrix = vectoriser.fit_transform([_spaced(text) for text in learn.texts])
    expected = OneVsRestClassifier(LinearSVC(random_state=0)).fit(matrix, learn.labels.astype(int))
    found = Tutorial().fit(learn)(ask)
    assert np.array_equal(found, expected.predict(vectoriser.transform([_spaced(text) for text in ask.texts])) == 1)


def test_unjudged_lines_teach_nothing(halves: Trial):
    """A theme that nobody judged is never found by the tutorial stack, and the others are found as before."""
    examples = halves.learn.examples
    judged = examples.judged.copy()
    judged[:, 0] = False
    stack = replace(halves.learn, examples=replace(examples, judged=judged))
    learn, ask = halves.folds[0].learn, halves.folds[0].ask
    found = Tutorial().fit(Part(stack, learn))(Part(stack, ask))
    assert not found[:, 0].any()
    assert np.array_equal(found[:, 1:], Tutorial().fit(Part(halves.learn, learn))(Part(halves.learn, ask))[:, 1:])


def test_fasttext_gets_one_line_a_paragraph(halves: Trial, fake_fasttext: list[BagOfWords]):
    """Once for the thresholds, once for good, on lines of words, each with its themes or with the label for none."""
    learn = Part(halves.learn, halves.folds[0].learn)
    FastText().fit(learn)
    fewer, all_lines = fake_fasttext
    assert len(fewer.lines) < len(all_lines.lines) == len(learn.texts)
    assert all_lines.labels == [f"__label__{theme}" for theme in (4, 3, 2, 1, 0)]
    assert "".join(all_lines.lines[0]) == "".join(_spaced(learn.texts[0]).split())


def test_missing_fasttext_is_a_row(halves: Trial, monkeypatch: pytest.MonkeyPatch):
    """Without fastText its row has no figures and says how to get it; the other rows are whole."""
    monkeypatch.setitem(sys.modules, "fasttext", None)
    entries = compare([halves], [TermCounting(), FastText()], print)
    table = baselines_table(entries)
    assert [entry.scores is None for entry in entries] == [False, True]
    assert "fasttext: 未安装 / not installed: pip install fasttext-wheel" in table
    assert next(line for line in table.splitlines() if line.startswith("fasttext ")).split()[2:] == ["-"] * 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("人民调解和行业性专业性调解都在矛盾纠纷排查里。", True),
        ("人民调解员化解矛盾纠纷。", True),
        ("矛盾纠纷。矛盾纠纷。", False),  # 纠纷 in it is a term, too
        ("今年天气很好。", False),
    ],
)
def test_two_different_terms_make_a_theme(scheme: Scheme, text: str, found: bool):
    """Two different terms of a theme in a paragraph; the same one twice is not enough."""
    terms = scheme.themes[2].terms
    assert {"矛盾纠纷", "人民调解"} <= set(terms)
    stack = stack_reports([report("r-1", text)], scheme)
    every = Part(stack, np.ones(1, dtype=np.bool_))
    assert TermCounting().fit(every)(every)[0, 2] == found


def test_scores_are_the_measures_of_the_rows():
    """Value and interval equal those of the plain measures on the same resamples; a system has no lead over itself."""
    random = np.random.default_rng(0)
    truth, found = random.random((200, 3)) < 0.4, random.random((200, 3)) < 0.5
    number = np.sort(random.integers(12, size=200))
    scores = score_lines(("a", "b", "c"), truth, found, np.ones_like(truth), number)
    macro, exact, *themes = scores.figures()
    assert macro.value == pytest.approx(macro_f1(truth, found))
    assert (macro.low, macro.high) == pytest.approx(interval(macro_f1, truth, found, number))
    assert (exact.low, exact.value) == pytest.approx(
        (interval(exact_match, truth, found, number)[0], exact_match(truth, found))
    )
    assert [figure.name for figure in themes] == ["F1 a", "F1 b", "F1 c"]
    lead = scores.lead_over(scores)
    assert (lead.low, lead.value, lead.high) == (0, 0, 0)


def test_unjudged_cells_are_not_scored():
    """A theme counts only on lines judged for it, exact match only on lines judged for all."""
    truth = np.array([[1, 0], [1, 1], [0, 0]], dtype=np.bool_)
    found = np.array([[1, 1], [1, 1], [1, 0]], dtype=np.bool_)
    judged = np.array([[1, 0], [1, 1], [0, 1]], dtype=np.bool_)
    scores = score_lines(("a", "b"), truth, found, judged, np.array([0, 0, 1]))
    assert [(figure.value, figure.count) for figure in scores.figures()] == [(1.0, 3), (1.0, 1), (1.0, 2), (1.0, 2)]


def test_gold_keeps_its_roles_and_themes(shared: Path, scheme: Scheme):
    """Gold labels become labelled reports line by line, so that every system is given the gold roles."""
    gold = load_gold(shared / "gold", shared / "reports", scheme)
    for given, made in zip(gold, gold_as_corpus(gold, scheme), strict=True):
        assert [(line.role, line.level, line.themes) for line in given.lines] == [
            (line.role, line.level, frozenset(line.themes)) for line in made.lines
        ]


def test_command_shows_and_writes_the_figures(
    small_corpus: list[CorpusReport], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """`baselines` prints a table a trial and writes the same figures as JSON; nothing goes to stderr off a terminal."""
    for folder, reports in (("corpus", small_corpus), ("labelled", small_corpus[:2])):
        (tmp_path / folder).mkdir()
        for each in reports:
            write_report(tmp_path / folder / f"{each.name}.jsonl", each.lines)
    where, other = tmp_path / "figures.json", str(tmp_path / "labelled")
    given = ["--corpus", str(tmp_path / "corpus"), "--labelled", other, "--json", str(where)]
    assert run("baselines", "--only", "tutorial", "terms", *given) == 0
    printed, rows = capsys.readouterr(), orjson.loads(where.read_bytes())
    assert printed.err == ""
    assert [(row["trial"], row["name"]) for row in rows] == [
        (trial, name) for trial in ("reports", "slices", other) for name in ("tutorial", "terms")
    ]
    for row in rows:
        value = row["figures"][0]["value"]
        assert row["figures"][0]["name"] == "macro-F1"
        assert any(f" {value:.3f} " in line and line.startswith(row["name"]) for line in printed.out.splitlines())
    assert set(rows[1]["lead_of_first"]) == {"name", "value", "low", "high", "count"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["baselines", "--only", "tutorail"], 'system "tutorail" is unknown; did you mean tutorial?'),
        (["ablation", "--only", "no-headings"], 'variant "no-headings" is unknown; did you mean no-heading?'),
        (["baselines", "--reports", "x"], "--reports are the texts of gold labels; give --gold DIR, too"),
        (["baselines", "--jobs", "0"], "--jobs 0: it must be 1 or more"),
        (["baselines", "--labelled", "nowhere"], "nowhere: no labelled reports (*.jsonl) here"),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], message: str):
    """What is wrong with a command line is said before any work."""
    with pytest.raises(UserError, match="^" + message.replace("(", r"\(").replace(")", r"\)").replace("*", r"\*")):
        run(*arguments)


def test_too_few_reports_are_refused(tmp_path: Path, scheme: Scheme):
    """A corpus that cannot be split, with nothing else to ask about, is an error that says what to give."""
    write_report(tmp_path / "a-1.jsonl", report("a-1", "矛盾纠纷。").lines)
    with pytest.raises(UserError, match=r"^1 labelled reports are too few to split; give more, or --gold$"):
        load_material(scheme, tmp_path, None, None, []).trials(stack_reports)


def test_json_that_cannot_be_written(tmp_path: Path, halves: Trial):
    """A wrong --json is an error in one line, not a traceback."""
    from train.comparison import write_json

    entries: list[Entry] = compare([halves], [TermCounting()], print)
    with pytest.raises(UserError, match=r"cannot write it \(Is a directory\); check the path"):
        write_json(tmp_path, entries)


def test_columns_stand_under_each_other():
    """All lines of a table that end in a figure are equally wide on a terminal."""
    table = aligned([["系统", "F1"], ["a", "0.912"], ["教程方案", "-"]])
    assert {cells(line) for line in table.splitlines()} == {cells("教程方案  0.912")}


def test_progress_is_for_terminals(capsys: pytest.CaptureFixture[str]):
    """Off a terminal no progress is written."""
    stepper(sys.stderr)("1/5")
    assert capsys.readouterr().err == ""


def test_one_fit_for_all_other_reports(small_stack: Stack, scheme: Scheme):
    """Trials on other reports share the fit on the whole corpus."""

    class Counting:
        name = title = "counting"
        fits = 0

        def fit(self, _: Part):
            self.fits += 1
            return lambda asked: np.zeros_like(asked.labels)

    system = Counting()
    trials = [other_trial(name, name, scheme.ids, small_stack, small_stack) for name in ("a", "b")]
    assert len(compare(trials, [system], print)) == 2
    assert system.fits == 1


def test_our_model_is_the_one_that_training_makes(small_stack: Stack, small_trained, scheme: Scheme):
    """Fitted on all reports, our system finds what the trained model finds."""
    from model.themes import score_themes

    every = Part(small_stack, np.ones(len(small_stack.documents), dtype=np.bool_))
    found = OurModel(scheme, jobs=1).fit(every)(every)
    expected = [
        score_themes(small_trained.model, document.passages, [line.role for line in document.lines]).has
        for document in small_stack.documents
    ]
    assert np.array_equal(found, np.vstack(expected))


def report(name: str, *texts: str) -> CorpusReport:
    ids = ("party_building", "security", "mediation", "rule_of_law")
    return CorpusReport(name, tuple(CorpusLine(text, "body", None, (), ids) for text in texts))


def run(*arguments: str) -> int:
    parser = ArgumentParser()
    add_commands(parser.add_subparsers())
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)
