"""The queue: random lines with true chances, the doubtful lines of every theme, nothing asked twice."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labels.corpus import CorpusLine, CorpusReport, text_hash
from labels.errors import UserError
from labels.item import Item
from labels.minhash import leaders, signature
from labels.population import population
from labels.queue import STRATA, make_queue
from labels.run_rows import read_runs
from labels.scheme import Scheme
from labels.strata import doubtful, draw
from labels.trained import Trained, read_trained
from tests.review_data import FOUR, model_folder, run_rows, write_rows

LETTERS = "政法平安调解纠纷打击犯罪法治建设党员干部学习教育基层治理网格服务群众司法公正执法规范队伍"


def sentence(number: int) -> str:
    """Some letters, for each number others."""
    return "".join(random.Random(number).choices(LETTERS, k=40)) + "。"


@pytest.fixture
def trained(tmp_path: Path, scheme: Scheme) -> Trained:
    """A model without out-of-fold rows."""
    return read_trained(model_folder(tmp_path / "model", scheme))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Two reports of 300 lines: headings, lines without themes, near-duplicates, doubtful and novel lines."""
    dice, rows = random.Random(1), []
    for report in ("a.txt", "b.txt"):
        lines: list[tuple[str, dict[str, Any]]] = []
        for number in range(300):
            text = sentence(number % 250 if report == "a.txt" else 1000 + number)
            probabilities = {theme: round(dice.random() ** 3, 4) for theme in FOUR}
            terms = {theme: 1 for theme in FOUR if dice.random() < 0.2}
            change = {"probabilities": probabilities, "terms": terms, "novelty": round(dice.random(), 4)}
            lines.append((text, {"role": "title", "probabilities": {}} if number % 10 == 0 else change))
        rows += run_rows(report, lines)
    return write_rows(tmp_path / "run.jsonl", rows)


def test_the_queue_as_a_whole(run: Path, trained: Trained):
    """Each item says why it is there and with what chance; no line stands in it twice, nor its near-duplicate."""
    items = make_queue([run], trained, [], 100)
    assert len(items) == 100
    assert Counter(item.stratum for item in items) == {
        "doubtful": 45,
        "conflict": 15,
        "novel": 10,
        "random": 20,
        "blind": 10,
    }
    assert all(" / " in item.reason for item in items)
    assert {item.blind for item in items if item.stratum == "blind"} == {True}
    assert {item.inclusion for item in items if item.stratum in {"doubtful", "conflict", "novel"}} == {1.0}
    assert leaders(np.array([signature(item.text) for item in items])).tolist() == list(range(100))
    assert all(len(item.before) == min(item.line - 1, 3) for item in items)


def test_the_same_seed_gives_the_same_queue(run: Path, trained: Trained):
    """Another seed gives other random lines."""
    first, again, other = (make_queue([run], trained, [], 60, seed) for seed in (0, 0, 1))
    assert first == again
    assert {item.item for item in first if item.stratum == "random"} != {
        item.item for item in other if item.stratum == "random"
    }


def test_wherever_a_reader_stops_every_stratum_had_its_share(run: Path, trained: Trained):
    """The first fifth of the queue holds about a fifth of each stratum."""
    counts = Counter(item.stratum for item in make_queue([run], trained, [], 100)[:20])
    assert counts == {"doubtful": 9, "conflict": 3, "novel": 2, "random": 4, "blind": 2}


def test_random_lines_have_their_true_chance(run: Path, trained: Trained):
    """Over many seeds every line is drawn as often as its inclusion says, and the estimated total is the true one."""
    themes, thresholds = trained.scheme.ids, np.full(4, 0.5)
    sizes = {"random": 60, "blind": 30, "conflict": 0, "novel": 0, "doubtful": 0}
    reports, seeds = list(read_runs([run])), 300
    count = sum(len(report.lines) for report in reports)
    often, expected = np.zeros(count), np.zeros(count)
    value = np.random.default_rng(0).random(count)
    estimates = []
    lines = population(reports, themes, "themes-1", (), 0)
    value = value[lines.cluster]
    for seed in range(seeds):
        lots = population_with_seed(lines, seed)
        drawn = draw(lots, thresholds, sizes)
        copies = lots.copies()
        estimates.append(
            sum(copies[one.line] * value[one.line] / one.inclusion for one in drawn if one.stratum == "random")
        )
        for one in drawn:
            often[lots.cluster[one.line]] += one.stratum == "random"
            if seed == 0 and one.stratum == "random":
                expected[lots.themed] = one.inclusion if lots.themed[one.line] else expected[lots.themed]
    assert Counter(one.stratum for one in drawn) == {"random": 60, "blind": 30}
    leads = (np.arange(count) == lots.cluster) & lots.themed
    share, rate = often[leads] / seeds, expected[leads]
    assert abs(share.mean() - rate.mean()) < 0.01
    assert np.abs(share - rate).max() < 5 * np.sqrt(rate.max() / seeds)
    crowded = lots.copies()[leads] > 1
    assert crowded.sum() > 30
    assert abs(share[crowded].mean() - share[~crowded].mean()) < 0.03
    error = np.std(estimates) / np.sqrt(seeds)
    assert abs(np.mean(estimates) - value.sum()) < 4 * error


def test_the_doubtful_are_nearest_to_a_threshold(tmp_path: Path, trained: Trained):
    """The most doubtful lines of any theme; the reason names the theme nearest its threshold, and both figures."""
    lines: list[tuple[str, dict[str, Any]]] = [
        (sentence(number), {"probabilities": {**dict.fromkeys(FOUR, 0.02), "security": 0.3 + number / 1000}})
        for number in range(200)
    ]
    lines.append((sentence(999), {"probabilities": {**dict.fromkeys(FOUR, 0.02), "rule_of_law": 0.52}}))
    items = make_queue([write_rows(tmp_path / "run.jsonl", run_rows("a", lines))], trained, [], 40)
    doubtful = [item for item in items if item.stratum == "doubtful"]
    assert "rule_of_law" in {max(item.probabilities, key=item.probabilities.__getitem__) for item in doubtful}
    near = [item.probabilities["security"] for item in doubtful if item.probabilities["security"] > 0.05]
    assert min(near) > 0.44
    assert any(
        "法治环境”没有把握：概率 0.52，界限 0.50 / unsure of Rule of law: probability 0.52" in item.reason
        for item in doubtful
    )


def test_doubt_adds_up_over_themes_and_reports(tmp_path: Path):
    """Two open decisions outrank one; every report has its first line before any has a second."""
    doubts = ({"security": 0.5, "mediation": 0.48}, {"security": 0.5}, {"security": 0.49})
    rows = [
        row
        for report in "abcdef"
        for row in run_rows(
            report,
            [
                (f"{report}{sentence(number)}", {"probabilities": {**dict.fromkeys(FOUR, 0.02), **doubts[number % 3]}})
                for number in range(30)
            ],
        )
    ]
    lines = population(read_runs([write_rows(tmp_path / "run.jsonl", rows)]), FOUR, "themes-1", set(), 0)
    ranked = list(doubtful(lines, np.full(4, 0.5)))
    assert {lines.place[one.line][0] for one in ranked[:6]} == set("abcdef")
    assert all((lines.probability[one.line] > 0.4).sum() == 2 for one in ranked[:60])
    assert {one.theme for one in ranked[:60]} == {FOUR.index("security")}
    assert len({one.line for one in ranked}) == len(ranked) == 180


def test_terms_against_the_model(tmp_path: Path, trained: Trained):
    """A line with terms of a theme that the model denies, and a theme without terms, are asked, with the reason."""
    lines: list[tuple[str, dict[str, Any]]] = [(sentence(number), {}) for number in range(100)]
    lines[50] = (sentence(50), {"terms": {"security": 3}})
    lines[60] = (sentence(60), {"probabilities": {**dict.fromkeys(FOUR, 0.02), "mediation": 0.99}})
    items = make_queue([write_rows(tmp_path / "run.jsonl", run_rows("a", lines))], trained, [], 20)
    asked = {item.line: item.reason for item in items if item.stratum == "conflict"}
    for line, words in ((51, "has terms of Public security"), (61, "has no term of Dispute settlement")):
        assert words in asked.get(line, "") or line in {
            item.line for item in items if item.stratum in {"random", "blind"}
        }


def test_novel_lines(tmp_path: Path, trained: Trained):
    """The most novel body lines are asked; short ones are novel by chance and are not."""
    lines: list[tuple[str, dict[str, Any]]] = [(sentence(number), {"novelty": number / 200}) for number in range(100)]
    lines.append(("新词", {"novelty": 1.0}))
    items = make_queue([write_rows(tmp_path / "run.jsonl", run_rows("a", lines))], trained, [], 30)
    novel = [item for item in items if item.stratum == "novel"]
    assert len(novel) == 3
    assert min(item.line for item in novel) > 85
    assert "新词" not in {item.text for item in novel}


def test_what_is_labelled_is_not_asked_again(tmp_path: Path, trained: Trained):
    """Neither what a person decided nor what the corpus judged for every theme; what was judged in part is asked."""
    lines: list[tuple[str, dict[str, Any]]] = [(sentence(number), {}) for number in range(3)]
    run = write_rows(tmp_path / "run.jsonl", run_rows("a", [*lines, (sentence(9), {"decided_by": "human"})]))
    judged = [CorpusLine(sentence(0), "body", None, (), FOUR), CorpusLine(sentence(1), "body", None, (), FOUR[:2])]
    items = make_queue([run], trained, [CorpusReport("c-1", tuple(judged))], 6)
    assert {item.text for item in items} == {sentence(1), sentence(2)}
    done = CorpusReport("c-2", tuple(CorpusLine(text, "body", None, (), FOUR) for text, _ in lines))
    with pytest.raises(UserError, match="every line is labelled already; annotate other reports"):
        make_queue([run], trained, [done], 6)


def test_probable_label_errors(tmp_path: Path, scheme: Scheme, run: Path, small_corpus: list[CorpusReport]):
    """Planted errors in the corpus are what that stratum asks, in their place, with what the labels say."""
    reports = small_corpus[:6]
    planted = {(report.name, 4) for report in reports}
    rows = [
        out_of_fold(report, number, (report.name, number) in planted)
        for report in reports
        for number in range(1, len(report.lines) + 1)
    ]
    trained = read_trained(model_folder(tmp_path / "other", scheme, filter(None, rows)))
    items = [item for item in make_queue([run], trained, reports, 100) if item.stratum == "label_error"]
    themed = {place for place in planted if line_of(reports, *place).role in {"heading", "body"}}
    assert {(item.report, item.line) for item in items} == themed
    for item in items:
        line = line_of(reports, item.report, item.line)
        assert item.text == line.text
        assert "标“" in item.reason
        assert "label" in item.reason


def test_a_run_of_another_model(tmp_path: Path, trained: Trained):
    """Thresholds of one model say nothing about another's probabilities."""
    run = write_rows(tmp_path / "run.jsonl", run_rows("a", [(sentence(1), {})], model="themes-2"))
    with pytest.raises(UserError, match=r"a was annotated by themes-2, the model here is themes-1; annotate again, or"):
        make_queue([run], trained, [], 6)
    with pytest.raises(UserError, match=r"--size 5: a queue has 6 kinds of lines"):
        make_queue([run], trained, [], 5)


def test_every_stratum_has_a_name(trained: Trained, run: Path):
    """The summary names every stratum."""
    from labels.queue import summary

    assert len(list(summary(make_queue([run], trained, [], 30)))) == len(STRATA)


def population_with_seed(lines: Any, seed: int) -> Any:
    """The same lines with other lots."""
    from dataclasses import replace

    return replace(lines, draw=np.random.default_rng(seed).random(len(lines.draw)))


def line_of(reports: list[CorpusReport], name: str, number: int) -> CorpusLine:
    return next(report for report in reports if report.name == name).lines[number - 1]


def out_of_fold(report: CorpusReport, number: int, wrong: bool) -> dict[str, Any] | None:
    """The row of a line as a very good model would have it, or the opposite."""
    line = report.lines[number - 1]
    if line.role not in {"heading", "body"}:
        return None
    probabilities = {theme: 0.97 if (theme in line.themes) != wrong else 0.03 for theme in FOUR}
    return {
        "report": report.name,
        "line": number,
        "text_sha256": text_hash(line.text),
        "role": line.role,
        "themes": line.themes,
        "considered": line.considered,
        "group": 0,
        "probabilities": probabilities,
    }


def test_an_item_is_whole(run: Path, trained: Trained):
    """Items of a queue survive being written: all of their facts are checked when read."""
    items = make_queue([run], trained, [], 30)
    assert {type(item) for item in items} == {Item}
