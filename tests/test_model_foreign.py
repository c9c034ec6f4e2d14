"""Text about something else stays untagged, though it speaks the same officialese."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labels.corpus import CorpusReport, load_corpus
from labels.scheme import Scheme
from model.folder import Model, load_model, save_model
from model.reading import read_report, reader_of
from model.source import source_from_text
from train.roles import fit_roles
from train.stack import stack_reports
from train.themes import train_themes

FOREIGN = Path(__file__).parent.parent / "labels" / "foreign"
MOST_TAGGED = 0.03


@pytest.fixture(scope="module")
def foreign(scheme: Scheme) -> list[CorpusReport]:
    return load_corpus(FOREIGN, scheme=scheme)


@pytest.fixture(scope="module")
def model(corpus: list[CorpusReport], scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A model of the foreign slice of the corpus and a quarter of the others, as foreign reports are rare in it."""
    reports = [report for at, report in enumerate(corpus) if report.slice == "foreign" or at % 4 == 0]
    trained = train_themes(stack_reports(reports, scheme), scheme)
    return load_model(save_model(tmp_path_factory.mktemp("models"), scheme, trained.model, fit_roles(reports), {}))


def in_place(report: CorpusReport) -> list[str]:
    """The whole report as one text."""
    return ["\n".join(line.text for line in report.lines)]


def one_by_one(report: CorpusReport) -> list[str]:
    """Every line as a text of its own."""
    return [line.text for line in report.lines]


def tagged(model: Model, texts: list[str]) -> Iterator[bool]:
    """Whether each paragraph of the texts has a theme, the whole way from raw text."""
    reader = reader_of(model)
    for text in texts:
        reading = read_report(model, reader, source_from_text(text, "foreign"))
        themed = set(reading.scores.frame.themed[reading.scores.has.any(axis=1)].tolist())
        yield from (number in themed for number in range(len(reading.paragraphs)))


@pytest.mark.parametrize("way", [in_place, one_by_one])
def test_foreign_lines_stay_untagged(
    model: Model, foreign: list[CorpusReport], way: Callable[[CorpusReport], list[str]]
):
    """Of lines about economy, farming, health, sport or weather at most 3 % get a theme, in place and on their own."""
    marks = [mark for report in foreign for mark in tagged(model, way(report))]
    assert len(marks) == sum(len(report.lines) for report in foreign)
    assert sum(marks) <= MOST_TAGGED * len(marks)


def test_enough_is_measured(foreign: list[CorpusReport]):
    """Over 20 texts on nine topics and 200 lines, all judged for every theme and without one."""
    assert len({report.slice for report in foreign}) == 9
    assert len(foreign) > 20
    lines = [line for report in foreign for line in report.lines]
    assert len(lines) >= 200
    assert all(len(line.considered or ()) == 4 and not line.themes for line in lines)


def test_nothing_measured_is_trained_on(corpus: list[CorpusReport], foreign: list[CorpusReport]):
    """No line of the measured texts stands in the corpus."""
    trained = {line.text for report in corpus for line in report.lines if report.slice == "foreign"}
    assert trained.isdisjoint(line.text for report in foreign for line in report.lines)
