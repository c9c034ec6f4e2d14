"""The theme model: numpy gives scikit-learn's scores, thresholds come from reports it has not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labels.corpus import CorpusLine, CorpusReport
from labels.rationales import NO_RATIONALES
from labels.scheme import Scheme
from model.context import FEATURES
from model.evidence import _cases, _word_weights
from model.themes import lexical_scores, score_themes
from train.decide import THRESHOLD, sure_band
from train.folds import report_folds, style_groups
from train.lexical import LINE_C, _fit, _svm, design, fit_first_stage
from train.measures import calibration_error, f1_scores
from train.stack import Stack, stack_reports
from train.themes import Trained, learnable, train_themes


@pytest.fixture
def stack(small_stack: Stack) -> Stack:
    return small_stack


@pytest.fixture
def trained(small_trained: Trained) -> Trained:
    return small_trained


def test_scores_are_scikit_learn_s(stack: Stack, trained: Trained) -> None:
    """On every paragraph, prediction's line scores equal the decision function of the fitted LinearSVC to 1e-6."""
    model = trained.model
    matrix = design(stack.examples.sums[:, model.rows], model.line.idf, stack.examples.line_dense)
    sentences = design(stack.examples.counts[:, model.rows], model.sentence.idf, stack.examples.sentence_dense)
    known = stack.examples.judged[:, 1]
    svm = _fit(matrix[known], stack.examples.labels[known, 1], np.ones(int(known.sum())), _svm(LINE_C, 0))
    assert svm is not None
    np.testing.assert_allclose(svm.coef_[0, : len(model.rows)], model.line.weights[:, 1], atol=1e-6)
    expected_lines = svm.decision_function(matrix)
    expected_sentences = sentences @ np.vstack((model.sentence.weights, model.sentence.dense)) + model.sentence.bias
    line, sentence = 0, 0
    for document in stack.documents:
        scores = lexical_scores(model, document.passages)
        size, count = len(scores.line.scores), len(scores.sentence.scores)
        np.testing.assert_allclose(scores.line.scores[:, 1], expected_lines[line : line + size], atol=1e-6)
        np.testing.assert_allclose(scores.sentence.scores, expected_sentences[sentence : sentence + count], atol=1e-6)
        line, sentence = line + size, sentence + count


def test_words_sum_to_their_share_of_the_score(stack: Stack, trained: Trained) -> None:
    """All word weights of a paragraph sum to what its words and terms add to the log-odds through both scores."""
    model = trained.model
    checked = 0
    for document in stack.documents:
        scores = score_themes(model, document.passages, [line.role for line in document.lines])
        cases = _cases(model, scores)
        weights = _word_weights(model, scores, cases)
        for row, theme, first, words in zip(cases.row, cases.theme, cases.place, cases.words, strict=True):
            expected = words_share(model, scores, row, theme)
            assert weights[first : first + words].sum() == pytest.approx(expected, abs=1e-6)
            checked += 1
    assert checked > 200


def words_share(model, scores, row, theme):  # type: ignore[no-untyped-def]
    """The two linear scores without bias, figure and no-term columns, times their weights in the last stage."""
    passages, paragraph = scores.passages, scores.pieces.themed[scores.deciding[row, theme]]
    first = passages.first_sentence[paragraph]
    last = np.append(passages.first_sentence, len(passages.paragraph_of))[paragraph + 1]
    best = first + scores.lexical.sentence.scores[first:last, theme].argmax()
    share = 0.0
    for name, lexical, value, dense in (
        ("sentence", model.sentence, scores.lexical.sentence.scores[best], scores.lexical.sentence.dense[best]),
        ("line", model.line, scores.lexical.line.scores[paragraph], scores.lexical.line.dense[paragraph]),
    ):
        own = value[theme] - lexical.bias[theme] - dense[-2:] @ lexical.dense[-2:, theme]
        kind = int(not scores.frame.body[row])
        share += model.decision.readings.final.weights[kind, theme, FEATURES.index(name)] * own
    return share


def test_same_seed_same_arrays(stack: Stack, scheme: Scheme, trained: Trained) -> None:
    """Training twice, with other numbers of jobs, gives the same bits."""
    again = train_themes(stack, scheme, jobs=1).model
    for name in ("weights", "dense", "bias", "idf"):
        assert np.array_equal(getattr(again.sentence, name), getattr(trained.model.sentence, name))
    for reading in ("draft", "final"):
        mine, theirs = (getattr(model.decision.readings, reading) for model in (again, trained.model))
        assert np.array_equal(mine.weights, theirs.weights)


def test_unjudged_lines_are_no_negatives(corpus: list[CorpusReport], scheme: Scheme) -> None:
    """A line that nobody judged for a theme takes no part in what is learned of it."""
    stack = stack_reports(corpus[:8], scheme)
    stack.examples.judged[:, 0] = False
    every = np.ones(len(stack.documents), dtype=np.bool_)
    assert learnable(stack, every).tolist() == [False, True, True, True]
    first = fit_first_stage(stack.examples, every)
    assert not first.sentence.weights[:, 0].any()
    assert first.sentence.weights[:, 1].any()


def test_rationales_say_which_sentence_counts(scheme: Scheme) -> None:
    """Two sentences always stand together in paragraphs with the theme: the one that was marked learns it, and no
    clause of the other; marks are found in text that is cleaned first."""

    def report(number: int, marked: bool) -> CorpusReport:
        rationales = {"mediation": ((12, 18),)} if marked else NO_RATIONALES
        themed = CorpusLine("會(huì)場擺放鮮花。村裏化解糾紛。", "body", None, ("mediation",), scheme.ids)
        others = [CorpusLine(f"修路{other}公里。", "body", None, (), scheme.ids) for other in range(4)]
        return CorpusReport(f"a-{number}", (replace(themed, rationales=rationales), *others))

    def scores(marked: bool) -> list[float]:
        stack = stack_reports([report(number, marked) for number in range(6)], scheme)
        first = fit_first_stage(stack.examples, np.ones(6, dtype=np.bool_))
        rows = design(stack.examples.counts[:2, first.rows], first.sentence.idf, stack.examples.sentence_dense[:2])
        target = scheme.ids.index("mediation")
        weights = np.append(first.sentence.weights[:, target], first.sentence.dense[:, target])
        return (rows @ weights + first.sentence.bias[target]).tolist()

    assert [score > 0 for score in scores(marked=False)] == [True, True]
    assert [score > 0 for score in scores(marked=True)] == [False, True]


def test_groups_keep_slices_whole() -> None:
    """No slice is split over groups; with few slices reports are split by name."""
    slices = [f"s{number % 11}" for number in range(60)]
    names = [f"{part}-{number}" for number, part in enumerate(slices)]
    groups = style_groups(slices, names)
    assert all(len({group for group, part in zip(groups, slices, strict=True) if part == name}) == 1 for name in slices)
    assert style_groups(["a"] * 60, names).tolist() == report_folds(names).tolist()


def test_folds_are_stable() -> None:
    """A report keeps its fold when others come."""
    assert report_folds(["a", "b", "c"])[:2].tolist() == report_folds(["a", "b"]).tolist()


def test_outside_the_band_decisions_are_right() -> None:
    """As many as promised, in a band as wide as that allows; no decision is sure where all are wrong."""
    probability = np.linspace(0, 1, 201)
    labels = probability > 0.7
    low, high = sure_band(probability, labels)
    assert low < THRESHOLD <= high
    assert (labels[probability >= high]).mean() >= 0.97 > labels[probability >= high - 0.01].mean()
    assert low == probability[probability < THRESHOLD].max()
    assert sure_band(probability, probability < THRESHOLD) == (-1, 2)


def test_measures() -> None:
    """F1 and calibration error of small tables worked out by hand."""
    truth = np.array([[1, 0], [1, 0], [0, 0]], dtype=np.bool_)
    found = np.array([[1, 0], [0, 0], [1, 0]], dtype=np.bool_)
    assert f1_scores(truth, found).tolist() == [0.5, 1.0]
    assert calibration_error(np.array([0.9, 0.9]), np.array([True, False])) == pytest.approx(0.4)
