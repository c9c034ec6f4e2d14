"""Why a paragraph has a theme: its log-odds taken apart into words, named context and the rest.

The last stage is linear in its features, and two of them, `sentence` and `line`, are linear in the
words of the best sentence and of the paragraph. Their share goes to the words: what an occurrence
adds is spread evenly over its characters and summed by word. `CONTEXT` features keep their names.
`rest` is the sum of all else: the other features, the biases, the dense columns that are no terms,
and the words too small to show. Nothing is a remainder, so the parts sum to the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.context import CONTEXT, FEATURES
from model.features import Bools, Ints, Words
from model.lexical import TERM_CAP, TERM_SCALE, Floats, Lexical, norms
from model.passages import Passages
from model.themes import ThemeModel, ThemeScores

MOST_WORDS: Final = 8
_LEAST_WEIGHT: Final = 0.05
_SENTENCE, _LINE = FEATURES.index("sentence"), FEATURES.index("line")
_CONTEXT: Final = {name: [FEATURES.index(part) for part in parts] for name, parts in CONTEXT.items()}
_OTHERS: Final = sorted(
    set(range(len(FEATURES))) - {_SENTENCE, _LINE} - {part for of in _CONTEXT.values() for part in of}
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One theme of one paragraph, rounded to 4 digits.

    words: (start, end, weight) of each, characters of the clean text. context: by the names of `CONTEXT`.
    """

    words: tuple[tuple[int, int, float], ...]
    context: dict[str, float]
    rest: float


@dataclass(frozen=True, slots=True)
class _Parts:
    """One theme: what each of w words, each named context and all else add to the log-odds of t paragraphs.

    words: (w,), 0 in paragraphs without the theme. context: (t, CONTEXT). rest: (t,).
    """

    words: Floats
    context: Floats
    rest: Floats


@dataclass(frozen=True, slots=True)
class _Case:
    """One theme in one report. How much of the log-odds one unit of a score is: of each sentence (s,), each line (n,).

    Both are zero but for the paragraphs that have the theme, and in them for the sentence that decided.
    """

    model: ThemeModel
    passages: Passages
    scores: ThemeScores
    theme: int
    by_sentence: Floats
    by_line: Floats


def explain(model: ThemeModel, passages: Passages, scores: ThemeScores) -> dict[tuple[int, int], Explanation]:
    """Explanations by (row of the themed paragraphs, theme), for every theme that a paragraph has."""
    explanations = {}
    first = np.searchsorted(passages.words.start, passages.clean.bounds).tolist()
    themed = scores.frame.themed.tolist()
    for theme in np.flatnonzero(scores.has.any(axis=0)).tolist():
        parts = _take_apart(_case(model, passages, scores, theme))
        for row in np.flatnonzero(scores.has[:, theme]).tolist():
            own = slice(first[themed[row]], first[themed[row] + 1])
            explanations[row, theme] = _explanation(parts, passages.words, row, own)
    return explanations


def _explanation(parts: _Parts, words: Words, row: int, own: slice) -> Explanation:
    weights, start, end = parts.words[own], words.start[own], words.end[own]
    shown = _strongest(weights)
    hidden = np.delete(weights, shown)
    context = parts.context[row]
    found = zip(start[shown].tolist(), end[shown].tolist(), map(_rounded, weights[shown].tolist()), strict=True)
    # What rounding takes from the parts goes to the rest, so that what people see sums to the score, too.
    lost = sum(value - _rounded(value) for value in [*weights[shown].tolist(), *context.tolist()])
    return Explanation(
        words=tuple(found),
        context=dict(zip(CONTEXT, map(_rounded, context.tolist()), strict=True)),
        rest=_rounded(float(parts.rest[row]) + float(hidden.sum()) + lost),
    )


def _rounded(value: float) -> float:
    return round(value, 4) + 0.0  # never a negative zero


def _strongest(weights: Floats) -> Ints:
    """The words with the largest weights, in the order of the text."""
    size = np.abs(weights)
    order = np.argsort(-size, kind="stable")[:MOST_WORDS]
    return np.sort(order[size[order] >= _LEAST_WEIGHT])


def _case(model: ThemeModel, passages: Passages, scores: ThemeScores, theme: int) -> _Case:
    paragraphs = np.zeros(len(passages.first_sentence), dtype=np.bool_)
    paragraphs[scores.frame.themed[scores.has[:, theme]]] = True
    sentences = _best_sentences(passages, scores.lexical.sentence[:, theme]) & paragraphs[passages.paragraph_of]
    weights = model.decision.weights[theme]
    return _Case(model, passages, scores, theme, weights[_SENTENCE] * sentences, weights[_LINE] * paragraphs)


def _take_apart(case: _Case) -> _Parts:
    decision, scores = case.model.decision, case.scores
    words, outside = _word_weights(case)
    parts = scores.features[:, case.theme] * decision.weights[case.theme]
    beside = (outside + _constants(case))[scores.frame.themed]
    return _Parts(
        words=words,
        context=np.column_stack([parts[:, columns].sum(axis=1) for columns in _CONTEXT.values()]),
        rest=decision.bias[case.theme] + parts[:, _OTHERS].sum(axis=1) + beside,
    )


def _best_sentences(passages: Passages, score: Floats) -> Bools:
    """(s,) whether a sentence is the first best-scoring one of its paragraph."""
    best = np.maximum.reduceat(score, passages.first_sentence)
    hits = np.flatnonzero(score == best[passages.paragraph_of])
    _, first = np.unique(passages.paragraph_of[hits], return_index=True)
    marks = np.zeros(len(score), dtype=np.bool_)
    marks[hits[first]] = True
    return marks


def _constants(case: _Case) -> Floats:
    """(n,) what the two scores hold besides words and terms: a bias, and whether there is no term, or a figure."""
    model, lexical = case.model, case.scores.lexical
    sentence = case.by_sentence * _constant(model.sentence, lexical.sentence_dense, case.theme)
    line = case.by_line * _constant(model.line, lexical.line_dense, case.theme)
    constants: Floats = np.add.reduceat(sentence, case.passages.first_sentence) + line
    return constants


def _constant(model: Lexical, dense: Floats, theme: int) -> Floats:
    constant: Floats = (dense[:, -2:] * model.dense[-2:, theme]).sum(axis=1) + model.bias[theme]
    return constant


def _word_weights(case: _Case) -> tuple[Floats, Floats]:
    """(w,) what each word adds to the log-odds of its paragraph, and (n,) what characters outside words add."""
    passages, known, theme = case.passages, case.scores.lexical.known, case.theme
    sentence, line = case.model.sentence, case.model.line
    weight = _parts(sentence, known.feature, known.sentence, case.by_sentence, theme)
    weight += _parts(line, known.feature, known.paragraph, case.by_line, theme)
    line_of_term = passages.paragraph_of[passages.term_sentence]
    of_terms = _term_parts(sentence, passages, passages.term_sentence, case.by_sentence, theme)
    of_terms += _term_parts(line, passages, line_of_term, case.by_line, theme)
    start = np.concatenate((known.start, passages.terms.start))
    end = np.concatenate((known.end, passages.terms.end))
    return _by_word(passages, start, end, np.concatenate((weight, of_terms)))


def _parts(model: Lexical, feature: Ints, passage: Ints, scale: Floats, theme: int) -> Floats:
    """(k,) what each occurrence adds, its passage's score counted `scale` times."""
    size = norms(model, feature, passage, len(scale))
    parts: Floats = model.weights[feature, theme] * model.idf[feature] * (scale / size)[passage]
    return parts


def _term_parts(model: Lexical, passages: Passages, passage: Ints, scale: Floats, theme: int) -> Floats:
    """(t,) what each theme term adds through its dense column, shared evenly by the terms of one theme in a passage."""
    themes = len(model.dense) - 2
    cell = passage * themes + passages.terms.theme
    count = np.bincount(cell, minlength=len(scale) * themes)[cell]
    column = TERM_SCALE * np.log1p(np.minimum(count, TERM_CAP)) / np.maximum(count, 1)
    parts: Floats = column * model.dense[passages.terms.theme, theme] * scale[passage]
    return parts


def _by_word(passages: Passages, start: Ints, end: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """Weights of stretches of characters, each spread evenly over its characters: (w,) by word, (n,) outside words."""
    words = len(passages.words.start)
    used = np.flatnonzero(weight)
    start, size = start[used], (end - start)[used]
    character = np.repeat(start - np.cumsum(size) + size, size) + np.arange(size.sum())
    spread = np.repeat(weight[used] / size, size)
    holder = _holders(passages)[character]
    sums = np.bincount(holder, weights=spread, minlength=words + len(passages.first_sentence)).astype(np.float64)
    return sums[:words], sums[words:]


def _holders(passages: Passages) -> Ints:
    """The word of every character; of one outside words, the number of words plus its paragraph's."""
    words = passages.words
    size = words.end - words.start
    holders = len(words.start) + np.repeat(np.arange(len(passages.first_sentence)), np.diff(passages.clean.bounds))
    character = np.repeat(words.start - np.cumsum(size) + size, size) + np.arange(size.sum())
    holders[character] = np.repeat(np.arange(len(words.start)), size)
    return holders
