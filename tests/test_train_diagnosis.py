"""Where a model errs, in numbers, words and lines."""

from __future__ import annotations

import numpy as np
import pytest

from labels.scheme import Scheme
from model.features import _PAIR, _WORD, pair_hashes, rows_of, spans_hash
from model.simplify import codes_of
from train.diagnosis import HeldOut, confusion, curve_of, held_out, reliability
from train.learning_curve import learning_curve
from train.stack import Stack
from train.themes import Trained
from train.top_words import top_words
from train.wrong_lines import describe, most_wrong


def test_top_words_are_the_names_of_rows(small_stack: Stack, small_trained: Trained):
    """A word's weight is that of the rows its text is hashed to, positive for the theme, negative against it."""
    model = small_trained.model
    weight_of = dict(zip(model.rows.tolist(), model.sentence.weights * model.sentence.idf[:, None], strict=True))
    checked = 0
    for theme, top in enumerate(top_words(model, small_stack.documents)):
        for word in (*top.speak_for, *top.against):
            if "#" in word.text:
                continue
            codes = codes_of(word.text)
            hashed = spans_hash(codes, np.array([0]), np.array([len(codes)]))
            rows = rows_of(hashed, _WORD).tolist()
            rows += rows_of(pair_hashes(codes, np.array([0])), _PAIR).tolist() if len(codes) == 2 else []
            weights = [float(weight_of[row][theme]) for row in rows if row in weight_of]
            fits = {round(weight, 9) for weight in [*weights, sum(weights)]}
            assert round(word.weight, 9) in fits
            assert word.count > 0
            checked += 1
        assert all(word.weight > 0 for word in top.speak_for)
        assert all(word.weight < 0 for word in top.against)
        sizes = [abs(word.weight) for word in top.speak_for]
        assert sizes == sorted(sizes, reverse=True)
    assert checked > 100


def test_the_most_wrong_lines(small_stack: Stack, small_trained: Trained):
    """They are wrong, the most surprising first, with words where the text has them."""
    held = held_out(small_stack, small_trained)
    rows = most_wrong(held)
    wrong = (held.missed | held.extra).any(axis=1)
    assert sorted(rows.tolist()) == np.flatnonzero(wrong).tolist()
    lines = describe(rows[:30], held, small_stack, small_trained.model)
    surprise = [max(1 - f.probability if f.missed else f.probability for f in line.faults) for line in lines]
    assert surprise == sorted(surprise, reverse=True)
    texts = {
        (report.name, number): line for report in small_stack.documents for number, line in enumerate(report.lines, 1)
    }
    for line in lines:
        assert line.text == texts[line.report, line.line].text
        assert set(line.labels) != set(line.found)
        assert {fault.theme for fault in line.faults} == set(line.labels) ^ set(line.found)
        assert all(0 <= word.start < word.end <= len(line.text) for fault in line.faults for word in fault.words)
    assert sum(bool(fault.words) for line in lines for fault in line.faults) > len(lines) / 2


def held_by_hand() -> HeldOut:
    """Four lines, two themes: right; one for the other; the second missed beside the first; one out of nothing."""
    labels = np.array([[1, 0], [1, 0], [1, 1], [0, 0]], dtype=np.bool_)
    found = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=np.bool_)
    probability = np.where(found, 0.9, 0.2)
    every = np.ones_like(labels)
    numbers = np.arange(4)
    return HeldOut(numbers, numbers, labels, every, probability, found, every)


def test_confusion_by_hand():
    """Counts of a table of four lines."""
    counts = confusion(held_by_hand())
    assert counts.instead.tolist() == [[0, 1, 0], [0, 0, 0], [0, 1, 0]]
    assert counts.beside.tolist() == [[0, 0], [1, 0]]
    assert counts.together.tolist() == [[3, 1], [1, 1]]


def test_reliability_by_hand():
    """Bins that hold lines, with their mean probability and share of positives."""
    bins = reliability(held_by_hand(), 0)
    assert bins.count.tolist() == [2, 2]
    assert bins.predicted.tolist() == pytest.approx([0.2, 0.9])
    assert bins.observed.tolist() == [0.5, 1.0]


def test_curve_by_hand():
    """A precision-recall curve ends where everything is given, with rising recall."""
    curve = curve_of(held_by_hand(), 0)
    assert curve is not None
    assert curve.recall.tolist() == pytest.approx([0, 2 / 3, 1])
    assert curve.precision.tolist() == pytest.approx([1, 1, 3 / 4])


def test_learning_curve_of_a_small_corpus(small_stack: Stack, small_trained: Trained, scheme: Scheme):
    """Sizes grow to the whole corpus; scores are where they can be."""
    points = learning_curve(small_stack, scheme, small_trained, jobs=1)
    sizes = [point.reports for point in points]
    assert sizes == sorted(set(sizes))
    assert (sizes[0], sizes[-1]) == (round(0.2 * len(small_stack.documents)), len(small_stack.documents))
    assert all(0 < point.low <= point.macro_f1 <= point.high < 1 for point in points)
    assert points[-1].macro_f1 > 0.7
