"""A training run: a folder of labelled reports in, a model folder out, with what it says of reports it did not see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from labels.corpus import COPIES, CorpusLine, CorpusReport, corpus_hash, load_corpus, write_report
from labels.errors import UserError
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme
from model.clean import clean_paragraphs
from model.folder import load_model
from model.paragraphs import split_paragraphs
from model.passages import read_passages
from model.themes import score_themes
from model.words import segmenter
from predict.tagger import Tagger
from train.measures import exact_match, f1_scores, precision_recall
from train.run import Result, train
from train.stack import stack_reports, term_finder
from train.themes import LEAST_POSITIVES, train_themes


@dataclass(frozen=True)
class Run:
    """A finished run with the reports it learned from."""

    reports: list[CorpusReport]
    result: Result
    rows: list[dict]


@pytest.fixture(scope="module")
def run(corpus: list[CorpusReport], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Trained on twelve reports."""
    reports = corpus[::28][:12]
    folder = write_reports(tmp_path_factory.mktemp("tiny") / "corpus", reports)
    result = train(folder, folder.with_name("models"), jobs=1)
    rows = [orjson.loads(row) for row in (result.folder / "oof.jsonl").read_bytes().splitlines()]
    return Run(reports, result, rows)


def write_reports(folder: Path, reports: list[CorpusReport]) -> Path:
    folder.mkdir(parents=True)
    for report in reports:
        write_report(folder / f"{report.name}.jsonl", report.lines)
    return folder


def body(text: str, *themes: str, scheme: Scheme) -> CorpusLine:
    return CorpusLine(text, "body", None, themes, scheme.ids)


def test_the_model_is_there_and_in_use(run: Run):
    """The folder has the model's version for a name, `current` leads to it, and nothing half-made stands beside it."""
    models = run.result.folder.parent
    assert sorted(path.name for path in models.iterdir()) == sorted(["current", run.result.folder.name])
    assert (models / "current").resolve() == run.result.folder.resolve()
    report = Tagger.load(models / "current").annotate("全市人民调解组织化解矛盾纠纷120件。")
    assert report.row.model == run.result.folder.name


def test_the_manifest_says_what_it_was_trained_on(run: Run):
    """It has the corpus's hash, the number of reports, the libraries' versions and the scores, and no date."""
    manifest = load_model(run.result.folder).manifest
    assert manifest["corpus_hash"] == corpus_hash(run.reports)
    assert manifest["reports"] == run.result.reports == len(run.reports)
    assert {"numpy", "scikit-learn"} <= set(manifest["libraries"])
    assert manifest["scores"]["macro_f1"] == run.result.macro_f1
    assert not [key for key in manifest if "date" in key or "time" in key]


def test_out_of_fold_rows_are_the_themed_lines(run: Run, scheme: Scheme):
    """There is a row for every heading and body line, in the corpus's order, with its labels."""
    expected = [
        (report.name, number, list(line.themes))
        for report in run.reports
        for number, line in enumerate(report.lines, 1)
        if line.role in THEMED_ROLES
    ]
    assert [(row["report"], row["line"], row["themes"]) for row in run.rows] == expected
    assert all(list(row["probabilities"]) == list(scheme.ids) for row in run.rows)
    assert all(0 <= value <= 1 for row in run.rows for value in row["probabilities"].values())


def test_a_report_is_held_out_whole(run: Run):
    """All rows of a report are of one group, and there are several groups."""
    groups = {(row["report"], row["group"]) for row in run.rows}
    assert len(groups) == len({report for report, _ in groups}) == len(run.reports)
    assert len({group for _, group in groups}) > 1


def test_the_figures_are_those_of_the_rows(run: Run, scheme: Scheme):
    """Precision, recall, F1, support and exact match follow from the rows of body lines and the thresholds."""
    roles = {(report.name, number): line.role for report in run.reports for number, line in enumerate(report.lines, 1)}
    rows = [row for row in run.rows if roles[row["report"], row["line"]] == "body"]
    truth = np.array([[theme in row["themes"] for theme in scheme.ids] for row in rows])
    threshold = load_model(run.result.folder).themes.decision.threshold
    found = np.array([list(row["probabilities"].values()) for row in rows]) >= threshold
    precision, recall = precision_recall(truth, found)
    themes = run.result.themes
    assert [theme.theme for theme in themes] == list(scheme.ids)
    assert [theme.precision for theme in themes] == precision.tolist()
    assert [theme.recall for theme in themes] == recall.tolist()
    assert [theme.f1 for theme in themes] == f1_scores(truth, found).tolist()
    assert [theme.support for theme in themes] == truth.sum(axis=0).tolist()
    assert run.result.macro_f1 == pytest.approx(np.mean([theme.f1 for theme in themes]))
    assert (run.result.exact, run.result.lines) == (exact_match(truth, found), len(rows))


def test_an_unlabelled_theme_goes_by_its_terms(small_corpus: list[CorpusReport], five_themes: Scheme):
    """A fifth theme without a single label is found where its terms stand, and the four are as good as before."""
    model = train_themes(stack_reports(small_corpus, five_themes), five_themes).model
    assert model.learned.tolist() == [True] * 4 + [False]
    text = "罪犯教育和监管改造成效明显，戒毒场所安全，狱务公开深化。\n人民调解组织化解矛盾纠纷。"
    paragraphs = split_paragraphs(text)
    finder = term_finder(five_themes)
    passages = read_passages(clean_paragraphs(text, paragraphs), segmenter(five_themes.terms), finder)
    probability = score_themes(model, passages, ["body", "body"]).probability
    assert probability[0, 4] > 0.5 > probability[1, 4]
    assert probability[1, 2] == probability[1].max()


def test_copies_teach_themes_beside_the_bundled_corpus(
    run: Run, scheme: Scheme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Of the bundled corpus and the copies there are rows, of a corpus that somebody brings its own alone."""
    copies = load_corpus(COPIES, scheme=scheme)[:2]
    folder = write_reports(tmp_path / "corpus", run.reports)
    monkeypatch.setattr("train.run.DEFAULT_CORPUS", folder)
    monkeypatch.setattr("train.run.COPIES", write_reports(tmp_path / "copies", copies))
    result = train(folder, tmp_path / "models", jobs=1)
    rows = [orjson.loads(row) for row in (result.folder / "oof.jsonl").read_bytes().splitlines()]
    names = [report.name for report in run.reports]
    assert list(dict.fromkeys(row["report"] for row in rows)) == [*names, *(copy.name for copy in copies)]
    assert result.reports == len(names) + 2
    assert list(dict.fromkeys(row["report"] for row in run.rows)) == names


def test_a_name_that_a_copy_has_too(corpus: list[CorpusReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Rows of a model name reports: two of one name in the bundled corpus and the copies are refused."""
    folder = write_reports(tmp_path / "corpus", [*corpus[:11], replace(corpus[11], name="post-01")])
    monkeypatch.setattr("train.run.DEFAULT_CORPUS", folder)
    with pytest.raises(UserError, match=r"corpus/post-01\.jsonl: .*copies has a report of that name, too; give yours"):
        train(folder, tmp_path / "models")


def test_too_few_reports(tmp_path: Path, corpus: list[CorpusReport]):
    """Reports that cannot be held out in turn are refused at once."""
    folder = write_reports(tmp_path / "corpus", corpus[:4])
    with pytest.raises(
        UserError, match=r"corpus: it has 4 reports; training holds some out in turn, so label 5 or more$"
    ):
        train(folder, tmp_path / "models")


def test_nothing_to_learn(tmp_path: Path, scheme: Scheme):
    """A corpus in which no theme has enough lines, or all lines have one role, is refused with the reason."""
    few = [CorpusReport(f"a-{number}", (body("调解。", scheme=scheme),)) for number in range(8)]
    with pytest.raises(UserError, match=f"and no theme has {LEAST_POSITIVES} lines with it and as many without"):
        train(write_reports(tmp_path / "few", few), tmp_path / "models")
    lines = (body("调解纠纷。", "mediation", scheme=scheme), body("天气好。", scheme=scheme))
    same = [CorpusReport(f"a-{number}", lines) for number in range(8)]
    with pytest.raises(UserError, match=r"and too few have headings or titles beside body text; label more$"):
        train(write_reports(tmp_path / "same", same), tmp_path / "models")


def test_a_theme_of_one_report_only(tmp_path: Path, corpus: list[CorpusReport]):
    """A theme whose lines are all in one report is learned all the same: no group being held out stops the work."""
    reports = [
        report if number == 3 else replace(report, lines=tuple(map(without_law, report.lines)))
        for number, report in enumerate(corpus[:8])
    ]
    assert train(write_reports(tmp_path / "corpus", reports), tmp_path / "models", jobs=1).folder.is_dir()


def without_law(line: CorpusLine) -> CorpusLine:
    return replace(line, themes=tuple(theme for theme in line.themes if theme != "rule_of_law"))


def test_a_place_that_cannot_be_written(tmp_path: Path, corpus: list[CorpusReport]):
    """A wrong place for models is said before the work starts."""
    folder = write_reports(tmp_path / "corpus", corpus[:2])
    (tmp_path / "labelled").touch()
    with pytest.raises(UserError, match=r"labelled: models cannot go there \(.*\); give another folder$"):
        train(folder, tmp_path / "labelled")
