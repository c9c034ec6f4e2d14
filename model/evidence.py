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
from model.themes import ThemeModel, ThemeScores, kinds

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
class _Known:
    """What all themes share: of every known occurrence (k,) its weight in the two scores, of every character its word.

    by_sentence, by_line: (k,) inverse document frequency over the norm of the passage. holder: (characters,) the
    number of the word; of a character outside words, the number of words plus that of its paragraph.
    """

    by_sentence: Floats
    by_line: Floats
    holder: Ints


@dataclass(frozen=True, slots=True)
class _Case:
    """One theme in one report. How much of the log-odds one unit of a score is: of each sentence (s,), each line (n,).

    Both are zero but for the paragraphs that have the theme (`has`, (n,)), and in them for the sentence that decided.
    """

    model: ThemeModel
    passages: Passages
    scores: ThemeScores
    theme: int
    has: Bools
    by_sentence: Floats
    by_line: Floats


def explain(model: ThemeModel, passages: Passages, scores: ThemeScores) -> dict[tuple[int, int], Explanation]:
    """Explanations by (row of the themed paragraphs, theme), for every theme that a paragraph has."""
    explanations = {}
    known = _known(model, passages, scores)
    first = np.searchsorted(passages.words.start, passages.clean.bounds).tolist()
    themed = scores.frame.themed.tolist()
    for theme in np.flatnonzero(scores.has.any(axis=0)).tolist():
        parts = _take_apart(_case(model, passages, scores, theme), known)
        for row in np.flatnonzero(scores.has[:, theme]).tolist():
            own = slice(first[themed[row]], first[themed[row] + 1])
            explanations[row, theme] = _explanation(parts, passages.words, row, own)
    return explanations


def _explanation(parts: _Parts, words: Words, row: int, own: slice) -> Explanation:
    weights, start, end = parts.words[own], words.start[own], words.end[own]
    shown = _strongest(weights)
    hidden = weights.copy()
    hidden[shown] = 0
    exact = [*weights[shown].tolist(), *parts.context[row].tolist()]
    rounded = list(map(_rounded, exact))
    # What rounding takes from the parts goes to the rest, so that what people see sums to the score, too.
    lost = sum(exact) - sum(rounded)
    return Explanation(
        words=tuple(zip(start[shown].tolist(), end[shown].tolist(), rounded[: len(shown)], strict=True)),
        context=dict(zip(CONTEXT, rounded[len(shown) :], strict=True)),
        rest=_rounded(float(parts.rest[row]) + float(hidden.sum()) + lost),
    )


def _rounded(value: float) -> float:
    return round(value, 4) + 0.0  # never a negative zero


def _strongest(weights: Floats) -> Ints:
    """The words with the largest weights, in the order of the text."""
    size = np.abs(weights)
    order = np.argsort(-size, kind="stable")[:MOST_WORDS]
    return np.sort(order[size[order] >= _LEAST_WEIGHT])


def _known(model: ThemeModel, passages: Passages, scores: ThemeScores) -> _Known:
    known, lexical = scores.lexical.known, scores.lexical
    return _Known(
        by_sentence=_units(model.sentence, known.feature, known.sentence, len(lexical.sentence)),
        by_line=_units(model.line, known.feature, known.paragraph, len(lexical.line)),
        holder=_holders(passages),
    )


def _units(model: Lexical, feature: Ints, passage: Ints, passages: int) -> Floats:
    units: Floats = model.idf[feature] / norms(model, feature, passage, passages)[passage]
    return units


def _holders(passages: Passages) -> Ints:
    words = passages.words
    size = words.end - words.start
    holder = len(words.start) + np.repeat(np.arange(len(passages.first_sentence)), np.diff(passages.clean.bounds))
    character = np.repeat(words.start - np.cumsum(size) + size, size) + np.arange(size.sum())
    holder[character] = np.repeat(np.arange(len(words.start)), size)
    return holder


def _case(model: ThemeModel, passages: Passages, scores: ThemeScores, theme: int) -> _Case:
    has = np.zeros(len(passages.first_sentence), dtype=np.bool_)
    has[scores.frame.themed[scores.has[:, theme]]] = True
    sentences = _best_sentences(passages, scores.lexical.sentence[:, theme]) & has[passages.paragraph_of]
    kind = np.zeros(len(has), dtype=np.int64)
    kind[scores.frame.themed] = kinds(scores.frame.body)
    weights = model.decision.weights[kind, theme]
    by_sentence = weights[passages.paragraph_of, _SENTENCE] * sentences
    return _Case(model, passages, scores, theme, has, by_sentence, weights[:, _LINE] * has)


def _take_apart(case: _Case, known: _Known) -> _Parts:
    decision, scores = case.model.decision, case.scores
    words, outside = _word_weights(case, known)
    kind = kinds(scores.frame.body)
    parts = scores.features[:, case.theme] * decision.weights[kind, case.theme]
    beside = (outside + _constants(case))[scores.frame.themed]
    return _Parts(
        words=words,
        context=np.column_stack([parts[:, columns].sum(axis=1) for columns in _CONTEXT.values()]),
        rest=decision.bias[kind, case.theme] + parts[:, _OTHERS].sum(axis=1) + beside,
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


def _word_weights(case: _Case, known: _Known) -> tuple[Floats, Floats]:
    """(w,) what each word adds to the log-odds of its paragraph, and (n,) what characters outside words add."""
    passages, occurrences = case.passages, case.scores.lexical.known
    used = np.flatnonzero(case.has[occurrences.paragraph])
    terms = np.flatnonzero(case.has[passages.paragraph_of[passages.term_sentence]])
    start = np.concatenate((occurrences.start[used], passages.terms.start[terms]))
    end = np.concatenate((occurrences.end[used], passages.terms.end[terms]))
    weight = np.concatenate((_of_features(case, known, used), _of_terms(case, terms)))
    size = end - start
    character = np.repeat(start - np.cumsum(size) + size, size) + np.arange(size.sum())
    spread = np.repeat(weight / size, size)
    words = len(passages.words.start)
    # Of no weights at all numpy makes integers.
    sums = np.bincount(known.holder[character], weights=spread, minlength=words + len(case.has)).astype(np.float64)
    return sums[:words], sums[words:]


def _of_features(case: _Case, known: _Known, used: Ints) -> Floats:
    """What the occurrences numbered `used` add through both scores."""
    occurrences, model = case.scores.lexical.known, case.model
    feature = occurrences.feature[used]
    sentence = model.sentence.weights[feature, case.theme] * known.by_sentence[used]
    line = model.line.weights[feature, case.theme] * known.by_line[used]
    weight: Floats = sentence * case.by_sentence[occurrences.sentence[used]]
    weight += line * case.by_line[occurrences.paragraph[used]]
    return weight


def _of_terms(case: _Case, used: Ints) -> Floats:
    """What the terms numbered `used` add through the dense columns of both scores."""
    theme = case.passages.terms.theme[used]
    sentence = case.passages.term_sentence[used]
    line = case.passages.paragraph_of[sentence]
    weight = _term_parts(sentence, theme, case.model.sentence.dense[:, case.theme]) * case.by_sentence[sentence]
    weight += _term_parts(line, theme, case.model.line.dense[:, case.theme]) * case.by_line[line]
    return weight


def _term_parts(passage: Ints, theme: Ints, dense: Floats) -> Floats:
    """What each term adds to the score of its passage, shared evenly by the terms of one theme in it."""
    cell = passage * len(dense) + theme
    count = np.bincount(cell)[cell]
    parts: Floats = TERM_SCALE * np.log1p(np.minimum(count, TERM_CAP)) / count * dense[theme]
    return parts
