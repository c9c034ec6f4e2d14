"""Why a paragraph has a theme: its log-odds taken apart into words, named context and the rest.

The last stage is linear in its features, and two of them, `sentence` and `line`, are linear in the
words of the best sentence and of the paragraph. Their share goes to the words: what an occurrence
adds is spread evenly over its characters and summed by word. `CONTEXT` features keep their names;
every other feature, the biases and the words too small to show are `rest`. The parts sum to the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.context import CONTEXT, FEATURES
from model.features import Ints
from model.lexical import TERM_CAP, TERM_SCALE, Floats, Lexical, norms
from model.passages import Passages
from model.themes import ThemeModel, ThemeScores

MOST_WORDS: Final = 8
_LEAST_WEIGHT: Final = 0.05
_SENTENCE, _LINE = FEATURES.index("sentence"), FEATURES.index("line")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One theme of one paragraph. Each word: (start, end, weight), characters of the clean text."""

    words: tuple[tuple[int, int, float], ...]
    context: dict[str, float]
    rest: float


def explain(model: ThemeModel, passages: Passages, scores: ThemeScores) -> dict[tuple[int, int], Explanation]:
    """Explanations by (row of the themed paragraphs, theme), for every theme that a paragraph has."""
    explanations = {}
    for theme in np.flatnonzero(scores.has.any(axis=0)).tolist():
        weights = _word_weights(model, passages, scores, theme)
        first = np.searchsorted(passages.words.start, passages.clean.bounds)
        for row in np.flatnonzero(scores.has[:, theme]).tolist():
            paragraph = int(scores.frame.themed[row])
            words = slice(int(first[paragraph]), int(first[paragraph + 1]))
            explanations[row, theme] = _explanation(model, passages, scores, (row, theme), words, weights[words])
    return explanations


def _explanation(
    model: ThemeModel,
    passages: Passages,
    scores: ThemeScores,
    cell: tuple[int, int],
    words: slice,
    weights: Floats,
) -> Explanation:
    row, theme = cell
    parts = scores.features[row, theme] * model.decision.weights[theme]
    context = {
        name: round(float(sum(parts[FEATURES.index(part)] for part in names)), 4) for name, names in CONTEXT.items()
    }
    start, end = passages.words.start[words], passages.words.end[words]
    shown = tuple(
        (int(start[word]), int(end[word]), round(float(weights[word]), 4)) for word in _strongest(weights).tolist()
    )
    score = round(float(scores.log_odds[row, theme]), 4)
    rest = score - sum(weight for _, _, weight in shown) - sum(context.values())
    return Explanation(shown, context, round(rest, 4))


def _strongest(weights: Floats) -> Ints:
    """The words with the largest weights, in the order of the text."""
    size = np.abs(weights)
    order = np.argsort(-size, kind="stable")[:MOST_WORDS]
    return np.sort(order[size[order] >= _LEAST_WEIGHT])


def _word_weights(model: ThemeModel, passages: Passages, scores: ThemeScores, theme: int) -> Floats:
    """(w,) what each word of the report adds to the log-odds of its paragraph, 0 where the theme is not found."""
    known, lexical = scores.lexical.known, scores.lexical
    paragraphs = np.zeros(len(passages.first_sentence), dtype=np.bool_)
    paragraphs[scores.frame.themed[scores.has[:, theme]]] = True
    sentences = _best_sentences(passages, lexical.sentence[:, theme]) & paragraphs[passages.paragraph_of]
    by_sentence = model.decision.weights[theme, _SENTENCE] * sentences
    by_line = model.decision.weights[theme, _LINE] * paragraphs
    parts = _parts(model.sentence, known.feature, known.sentence, by_sentence, theme)
    parts += _parts(model.line, known.feature, known.paragraph, by_line, theme)
    terms = _term_parts(model.sentence, passages, passages.term_sentence, by_sentence, theme)
    terms += _term_parts(model.line, passages, passages.paragraph_of[passages.term_sentence], by_line, theme)
    start = np.concatenate((known.start, passages.terms.start))
    end = np.concatenate((known.end, passages.terms.end))
    return _by_word(passages, start, end, np.concatenate((parts, terms)))


def _best_sentences(passages: Passages, score: Floats) -> NDArray[np.bool_]:
    """(s,) whether a sentence is the first best-scoring one of its paragraph."""
    best = np.maximum.reduceat(score, passages.first_sentence)
    hits = np.flatnonzero(score == best[passages.paragraph_of])
    _, first = np.unique(passages.paragraph_of[hits], return_index=True)
    marks = np.zeros(len(score), dtype=np.bool_)
    marks[hits[first]] = True
    return marks


def _parts(model: Lexical, feature: Ints, passage: Ints, scale: Floats, theme: int) -> Floats:
    """(k,) what each occurrence adds, its passage's score counted `scale` times."""
    size = norms(model, feature, passage, len(scale))
    return (model.weights[:, theme] * model.idf)[feature] * (scale / size)[passage]


def _term_parts(model: Lexical, passages: Passages, passage: Ints, scale: Floats, theme: int) -> Floats:
    """(t,) what each theme term adds through its dense column, shared evenly by the terms of one theme in a passage."""
    themes = len(model.dense) - 2
    cell = passage * themes + passages.terms.theme
    count = np.bincount(cell, minlength=len(scale) * themes)[cell]
    column = TERM_SCALE * np.log1p(np.minimum(count, TERM_CAP)) / np.maximum(count, 1)
    return column * model.dense[passages.terms.theme, theme] * scale[passage]


def _by_word(passages: Passages, start: Ints, end: Ints, weight: Floats) -> Floats:
    """(w,) weights of stretches of characters, each spread evenly over its characters, summed by word."""
    word_of = np.zeros(len(passages.clean.codes), dtype=np.int64)
    word_of[passages.words.start] = 1
    word_of = np.cumsum(word_of) - 1
    used = np.flatnonzero(weight)
    start, size = start[used], (end - start)[used]
    character = np.repeat(start - np.cumsum(size) + size, size) + np.arange(size.sum())
    spread = np.repeat(weight[used] / size, size)
    return np.bincount(word_of[character], weights=spread, minlength=len(passages.words.start))
