"""The simulation of labelling: orders ask about free lines only, start alike, and are compared at the same sizes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

import zhengfa
from labels.corpus import CorpusReport, write_report
from labels.errors import UserError
from labels.scheme import Scheme
from train.command_simulate import GOAL
from train.folds import report_folds
from train.orders import ORDERS, Order
from train.pool import Pool, fit, novelty, pool_of, probability
from train.simulate import SIZES, Curve, needs, simulate
from train.stack import Stack

SMALL = (50, 100, 150)


def silent(text: str) -> None:
    """Shows nothing."""


@pytest.fixture(scope="module")
def pool(small_stack: Stack) -> Pool:
    """The small corpus with a fifth of its reports held out."""
    return pool_of(small_stack, report_folds(small_stack.names) != 0)


@pytest.mark.parametrize("order", [order for _, order in ORDERS.values()], ids=list(ORDERS))
def test_an_order_asks_about_free_lines(pool: Pool, order: Order):
    """As many different lines as wanted, none labelled already, none of a held-out report, the same for a seed."""
    labelled = np.flatnonzero(pool.known)[:50]
    scores = fit(pool, labelled)
    chosen, again = (order(pool, scores, labelled, 60, np.random.default_rng(1)) for _ in range(2))
    assert len(set(chosen.tolist())) == 60
    assert not set(chosen.tolist()) & set(labelled.tolist())
    assert pool.known[chosen].all()
    assert chosen.tolist() == again.tolist()


def test_doubt_comes_first(pool: Pool):
    """By doubt alone the chosen lines are nearer to a threshold than the rest, and of many reports."""
    labelled = np.flatnonzero(pool.known)[::3]
    scores = fit(pool, labelled)
    chosen = ORDERS["doubt"][1](pool, scores, labelled, 20, np.random.default_rng(0))
    near = np.abs(probability(scores) - 0.5).min(axis=1)
    assert near[chosen].mean() < near[pool.known].mean() / 2
    assert len(set(pool.report[chosen].tolist())) == 20


def test_held_out_reports_teach_nothing(small_stack: Stack, pool: Pool):
    """Neither labels nor texts of held-out reports have a part in the scores of the others."""
    labelled = np.flatnonzero(pool.known)[:100]
    pool.labels[~pool.known] ^= True
    scores = fit(pool, labelled)
    pool.labels[~pool.known] ^= True
    assert np.array_equal(scores, fit(pool, labelled))
    assert set(small_stack.names) - {small_stack.names[at] for at in set(pool.report[pool.known].tolist())}


def test_novelty_is_the_share_of_unknown_words(pool: Pool):
    """A labelled line has none; with nothing labelled every line with words has nothing else."""
    labelled = np.flatnonzero(pool.known)[:100]
    assert novelty(pool, labelled)[labelled].max() == 0
    assert novelty(pool, labelled).max() > 0.5
    assert set(novelty(pool, labelled[:0]).tolist()) == {1.0}


def test_every_order_starts_alike(small_corpus: list[CorpusReport], scheme: Scheme):
    """With the first 50 labels all orders have the same macro-F1, and more labels help; the same run gives the same."""
    curves = simulate(small_corpus, scheme, 2, silent, SMALL)
    again = simulate(small_corpus, scheme, 2, silent, SMALL)
    assert [curve.order for curve in curves] == list(ORDERS)
    assert all(np.array_equal(curve.f1[:, 0], curves[0].f1[:, 0]) for curve in curves)
    assert all(curve.f1[:, -1].mean() > curve.f1[:, 0].mean() for curve in curves)
    assert all(np.array_equal(one.f1, other.f1) for one, other in zip(curves, again, strict=True))


def test_needs_are_read_off_the_curves():
    """An order that has with half the labels what random has needs 50 %; random itself needs all; intervals hold it."""
    sizes = (100, 200, 400, 800)
    random = Curve("random", np.array([[0.5, 0.6, 0.7, 0.8], [0.5, 0.6, 0.7, 0.8]]))
    quick = Curve("quick", np.array([[0.6, 0.7, 0.8, 0.9], [0.6, 0.7, 0.8, 0.9]]))
    assert [(need.labels, need.share) for need in needs(quick, random, sizes)][1:] == [
        (200, 0.5),
        (400, 0.5),
        (800, 0.5),
    ]
    assert [need.share for need in needs(random, random, sizes)] == [1, 1, 1, 1]
    assert all(need.low <= need.share <= need.high for need in needs(quick, random, sizes))


def test_a_small_corpus_is_refused(small_corpus: list[CorpusReport], tmp_path: Path, scheme: Scheme, capsys):
    """Fewer lines than the simulation labels: one line says so; a single run has no interval."""
    for report in small_corpus:
        write_report(tmp_path / f"{report.name}.jsonl", report.lines)
    with pytest.raises(UserError, match=r"lines can be labelled, the simulation labels 2000; give a larger corpus$"):
        simulate(small_corpus, scheme, 2, silent)
    assert zhengfa.main(["simulate", "--corpus", str(tmp_path)]) == 2
    assert zhengfa.main(["simulate", "--seeds", "1"]) == 2
    assert "--seeds 1: it must be 2 or more" in capsys.readouterr().err


@pytest.mark.slow
def test_the_queue_saves_labels(tmp_path: Path, capsys):
    """On the bundled corpus the queue needs at most 60 % of the labels of random order from 1,000 on, and says so."""
    out = tmp_path / "curves.json"
    assert zhengfa.main(["simulate", "--json", str(out)]) == 0
    printed, rows = capsys.readouterr().out, orjson.loads(out.read_bytes())
    curves = {name: Curve(name, np.array(row["macro_f1"])) for name, row in rows.items()}
    for name in ("queue", "doubt"):
        shares = needs(curves[name], curves["random"])
        assert all(need.share <= GOAL for need in shares if need.labels >= 1000)
    assert [line.split()[0] for line in printed.splitlines()[1 : len(SIZES) + 1]] == [str(size) for size in SIZES]
    assert printed.count("60% of random order or less from ") == 2
