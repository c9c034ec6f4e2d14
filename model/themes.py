"""The theme model: from passages and roles to a log-odds, a probability and a decision per theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.context import Frame, context_features, draft_features, frame_of, place
from model.features import Bools, Ints
from model.lexical import (
    Floats,
    Lexical,
    LexicalScores,
    Singles,
    Vocabulary,
    dense_columns,
    known_occurrences,
    scores_of,
    summands,
    sums_by,
    term_counts,
)
from model.passages import Passages, in_pieces


@dataclass(frozen=True, slots=True)
class Reading:
    """Log-odds linear in features: weights (2, K, F) and bias (2, K), of body paragraphs and of headings."""

    weights: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Readings:
    """Both readings of the second stage: the draft, of DRAFT_FEATURES, and the final one, of FEATURES."""

    draft: Reading
    final: Reading


@dataclass(frozen=True, slots=True)
class Decision:
    """The last stage, for K themes.

    threshold: (K,) probabilities from which a paragraph has the theme. sure_below, sure_above: (K,) probabilities
    outside which a decision is sure.
    """

    readings: Readings
    threshold: Floats
    sure_below: Floats
    sure_above: Floats


@dataclass(frozen=True)
class ThemeModel:
    """Both stages; `themes` are ids in the order of every column, `learned` which of them had labels."""

    themes: tuple[str, ...]
    learned: Bools
    rows: Ints
    sentence: Lexical
    line: Lexical
    decision: Decision

    def __post_init__(self) -> None:
        object.__setattr__(self, "_vocabulary", Vocabulary.of(self.rows))
        object.__setattr__(self, "_summands", summands(self.sentence, self.line))

    @property
    def vocabulary(self) -> Vocabulary:
        """The features that the model knows."""
        vocabulary: Vocabulary = self._vocabulary  # type: ignore[attr-defined]
        return vocabulary

    @property
    def summands(self) -> Singles:
        """(v, 2 (K + 2)) what an occurrence of each feature adds to sums of its sentence, then of its paragraph."""
        added: Singles = self._summands  # type: ignore[attr-defined]
        return added


@dataclass(frozen=True, slots=True)
class ThemeScores:
    """Of the t themed paragraphs of the reports: log-odds and probability (t, K), those of the likeliest piece.

    frame: where they stand. passages, lexical: the reports in p pieces, see `in_pieces`, and what the first stage says
    of them. pieces: where they stand. features: (p, K, F). deciding: (t, K) the row of the likeliest piece.
    """

    frame: Frame
    passages: Passages
    lexical: LexicalScores
    pieces: Frame
    features: Floats
    deciding: Ints
    log_odds: Floats
    probability: Floats
    has: Bools
    sure: Bools


def lexical_scores(model: ThemeModel, passages: Passages) -> LexicalScores:
    """Score every sentence and every paragraph."""
    known = known_occurrences(passages, model.vocabulary)
    terms = term_counts(passages, len(model.themes))
    line_terms: Ints = np.add.reduceat(terms, passages.first_sentence, axis=0)
    sentence_dense = dense_columns(terms, passages.figures)
    line_dense = dense_columns(line_terms, np.maximum.reduceat(passages.figures, passages.first_sentence))
    added = np.take(model.summands, known.feature, axis=0)
    half = len(model.themes) + 2
    of_sentences = sums_by(added, known.sentence, len(terms))
    of_lines = np.add.reduceat(of_sentences[:, half:], passages.first_sentence, axis=0)
    return LexicalScores(
        known=known,
        added=added,
        sentence=scores_of(model.sentence, of_sentences[:, :half], sentence_dense),
        line=scores_of(model.line, of_lines, line_dense),
        terms=terms,
    )


def score_themes(model: ThemeModel, passages: Passages, roles: list[str]) -> ThemeScores:
    """Score the headings and body paragraphs; `roles` has one role a paragraph.

    A long paragraph is about what one of its pieces is about: the model learned from paragraphs of some length, and in
    one of many hundred characters a theme of one of its sentences is lost among the others.
    """
    frame = frame_of(roles, passages.clean.pages)
    passages, pieces, row = themed_pieces(passages, frame)
    lexical = lexical_scores(model, passages)
    features = context_features(passages, lexical, pieces, model.learned)
    decision = model.decision
    features, of_pieces = read_twice(decision.readings, features, pieces, model.learned)
    log_odds, deciding = likeliest(of_pieces, row)
    probability = probability_of(log_odds)
    outside: Bools = (probability <= decision.sure_below) | (probability >= decision.sure_above)
    return ThemeScores(
        frame=frame,
        passages=passages,
        lexical=lexical,
        pieces=pieces,
        features=features,
        deciding=deciding,
        log_odds=log_odds,
        probability=probability,
        has=probability >= decision.threshold,
        sure=np.asarray(outside.all(axis=1)),
    )


def themed_pieces(passages: Passages, frame: Frame) -> tuple[Passages, Frame, Ints]:
    """The text in pieces, see `in_pieces`; where those of themed paragraphs stand, and the row in `frame` of each."""
    divided, paragraph = in_pieces(passages)
    row = np.full(len(passages.first_sentence), -1)
    row[frame.themed] = np.arange(len(frame.themed))
    themed = np.flatnonzero(row[paragraph] >= 0)
    own = row[paragraph[themed]]
    return divided, place(themed, frame.body[own], frame.report[own]), own


def likeliest(log_odds: Floats, row: Ints) -> tuple[Floats, Ints]:
    """The largest log-odds of the pieces (p, K) of each row, (t, K), and the first piece that has it, (t, K).

    row: (p,) the row of each piece, 0 to t - 1, never falling.
    """
    first = np.flatnonzero(np.diff(row, prepend=-1))
    largest = np.maximum.reduceat(log_odds, first, axis=0)
    candidates = np.where(log_odds == largest[row], np.arange(len(row))[:, None], len(row))
    return largest, np.minimum.reduceat(candidates, first, axis=0)


def read_twice(readings: Readings, features: Floats, frame: Frame, learned: Bools) -> tuple[Floats, Floats]:
    """FEATURES (t, K, F) and log-odds (t, K) of whole reports from the draft's features; learned: (K,) themes."""
    draft = probability_of(log_odds_of(readings.draft, features, frame.body))
    features = np.concatenate((features, draft_features(draft, frame, learned)), axis=2)
    return features, log_odds_of(readings.final, features, frame.body)


def log_odds_of(reading: Reading, features: Floats, body: Bools) -> Floats:
    """(t, K) from features (t, K, F), with the weights of its kind for each paragraph."""
    kind = kinds(body)
    odds: Floats = (features * reading.weights[kind]).sum(axis=2) + reading.bias[kind]
    return odds


def kinds(body: Bools) -> Ints:
    """(t,) 0 for body paragraphs, 1 for headings: where their weights stand in a `Decision`."""
    return (~body).astype(np.int64)


def probability_of(log_odds: Floats) -> Floats:
    """The logistic function, without overflow, rounded to 4 digits so that decisions are those of the output."""
    return np.round(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))), 4)
