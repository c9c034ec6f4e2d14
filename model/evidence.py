"""Why a paragraph has a theme: its log-odds taken apart into words, named context and the rest.

The last stage is linear in its features, and two of them, `sentence` and `line`, are linear in the
words of the best sentence and of the paragraph. Their share goes to the words: a word's own, half of
each character pair's for each of its characters, a term's spread evenly over its characters.
`CONTEXT` features keep their names.
`rest` is what is left of the log-odds, so that the parts sum to it: the other features, the biases, the dense
columns that are no terms, the words too small to show, and what rounding takes from the parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from model.context import CONTEXT, FEATURES
from model.features import Ints, stretches
from model.lexical import TERM_CAP, TERM_SCALE, Floats
from model.passages import Passages
from model.themes import ThemeModel, ThemeScores, kinds

MOST_WORDS: Final = 8
_LEAST_WEIGHT: Final = 0.05
_SENTENCE, _LINE = FEATURES.index("sentence"), FEATURES.index("line")
_CONTEXT: Final = {name: [FEATURES.index(part) for part in parts] for name, parts in CONTEXT.items()}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One theme of one paragraph, rounded to 4 digits.

    words: (start, end, weight) of each, characters of the clean text. context: by the names of `CONTEXT`.
    """

    words: tuple[tuple[int, int, float], ...]
    context: dict[str, float]
    rest: float


@dataclass(frozen=True, slots=True)
class Reasons:
    """Explanations of h cases, one a theme that a paragraph has, by row of the themed paragraphs, then by theme.

    row, theme: (h,). Case i has the words first[i] to first[i + 1], exclusive; first: (h + 1,). start, end, weight:
    characters of the clean text and weights of all words. context: (h, CONTEXT). rest: (h,). All rounded to 4 digits.
    """

    row: Ints
    theme: Ints
    first: Ints
    start: Ints
    end: Ints
    weight: Floats
    context: Floats
    rest: Floats


@dataclass(frozen=True, slots=True)
class _Cases:
    """Themes that paragraphs have, h of them; all arrays are (h,).

    piece, paragraph: the row of the piece of the paragraph that decided, and its number in the passages.
    sentence: the first best-scoring sentence of the piece for the theme. by_sentence, by_line: how much of the
    log-odds one unit of the two scores is. place: the number of the case's first word in the words of all cases.
    """

    row: Ints
    theme: Ints
    piece: Ints
    paragraph: Ints
    sentence: Ints
    by_sentence: Floats
    by_line: Floats
    first_word: Ints
    words: Ints
    place: Ints


def explain(model: ThemeModel, scores: ThemeScores) -> dict[tuple[int, int], Explanation]:
    """Explanations by (row of the themed paragraphs, theme), for every theme that a paragraph has."""
    reasons = find_reasons(model, scores)
    words = list(zip(reasons.start.tolist(), reasons.end.tolist(), reasons.weight.tolist(), strict=True))
    cases = zip(
        reasons.row.tolist(), reasons.theme.tolist(), reasons.context.tolist(), reasons.rest.tolist(), strict=True
    )
    return {
        (row, theme): Explanation(tuple(words[first:last]), dict(zip(CONTEXT, context, strict=True)), rest)
        for (row, theme, context, rest), (first, last) in zip(cases, pairwise(reasons.first.tolist()), strict=True)
    }


def find_reasons(model: ThemeModel, scores: ThemeScores) -> Reasons:
    """Why every paragraph has each theme that it has."""
    passages, cases = scores.passages, _cases(model, scores)
    weights = _word_weights(model, scores, cases)
    case_of = np.repeat(np.arange(len(cases.row)), cases.words)
    shown = _strongest(weights, case_of)
    rounded = _rounded(weights[shown])
    own = case_of[shown]
    context = _rounded(_context(model, scores, cases))
    named = np.bincount(own, weights=rounded, minlength=len(cases.row)) + context.sum(axis=1)
    word = cases.first_word[own] + shown - cases.place[own]
    return Reasons(
        row=cases.row,
        theme=cases.theme,
        first=np.searchsorted(own, np.arange(len(cases.row) + 1)),
        start=passages.words.start[word],
        end=passages.words.end[word],
        weight=rounded,
        context=context,
        rest=_rounded(_rounded(scores.log_odds[cases.row, cases.theme]) - named),
    )


def _rounded(values: Floats) -> Floats:
    rounded: Floats = np.round(values, 4) + 0.0  # never a negative zero
    return rounded


def _strongest(weights: Floats, case_of: Ints) -> Ints:
    """The words with the largest weights of each case, in the order of the text."""
    size = np.abs(weights)
    likely = np.flatnonzero(size >= _LEAST_WEIGHT)
    order = likely[np.argsort(-size[likely], kind="stable")]
    own = case_of[order]
    # Whole numbers of 16 bits are sorted by radix.
    order = order[np.argsort(own.astype(np.uint16) if len(own) and own.max() < 1 << 16 else own, kind="stable")]
    count = np.bincount(own)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    return np.sort(order[rank < MOST_WORDS])


def _cases(model: ThemeModel, scores: ThemeScores) -> _Cases:
    passages = scores.passages
    row, theme = np.nonzero(scores.has)
    piece = scores.deciding[row, theme]
    paragraph = scores.pieces.themed[piece]
    weights = model.decision.readings.final.weights[kinds(scores.pieces.body)[piece], theme]
    first_word = np.searchsorted(passages.words.start, passages.starts)
    words = np.diff(first_word)[paragraph]
    return _Cases(
        row=row,
        theme=theme,
        piece=piece,
        paragraph=paragraph,
        sentence=_best_sentences(scores)[paragraph, theme],
        by_sentence=weights[:, _SENTENCE],
        by_line=weights[:, _LINE],
        first_word=first_word[paragraph],
        words=words,
        place=np.cumsum(words) - words,
    )


def _best_sentences(scores: ThemeScores) -> Ints:
    """(pieces, K) the first best-scoring sentence of every piece for every theme."""
    score, passages = scores.lexical.sentence.scores[:, :-1], scores.passages
    best = np.maximum.reduceat(score, passages.first_sentence, axis=0)
    number = np.arange(len(score))[:, None]
    candidates = np.where(score == best[passages.paragraph_of], number, len(score))
    first: Ints = np.minimum.reduceat(candidates, passages.first_sentence, axis=0)
    return first


def _context(model: ThemeModel, scores: ThemeScores, cases: _Cases) -> Floats:
    """(h, CONTEXT) what each named context adds."""
    kind = kinds(scores.pieces.body)[cases.piece]
    parts = scores.features[cases.piece, cases.theme] * model.decision.readings.final.weights[kind, cases.theme]
    context: Floats = np.column_stack([np.take(parts, columns, axis=1).sum(axis=1) for columns in _CONTEXT.values()])
    return context


def _word_weights(model: ThemeModel, scores: ThemeScores, cases: _Cases) -> Floats:
    """What each word adds to the log-odds, case by case."""
    total = int(cases.words.sum())
    word_of = _word_of_characters(scores.passages)
    sums = np.zeros(total + 1)  # the last one is of characters outside words
    for case, character, weight in (*_of_features(model, scores, cases), _of_terms(model, scores, cases)):
        word = word_of[character]
        place = word + (cases.place - cases.first_word)[case]
        place[word < 0] = total
        sums += np.bincount(place, weights=weight, minlength=len(sums))
    return sums[:total]


def _word_of_characters(passages: Passages) -> Ints:
    """(characters,) the number of the word that holds each character, -1 for none."""
    words, characters = passages.words, len(passages.clean.codes)
    edges = np.column_stack((words.start, words.end)).ravel()
    number = np.full(len(edges) + 1, -1)
    number[1::2] = np.arange(len(words.start))
    return np.repeat(number, np.diff(edges, prepend=0, append=characters))


def _of_features(model: ThemeModel, scores: ThemeScores, cases: _Cases) -> Iterator[tuple[Ints, Ints, Floats]]:
    """What words and character pairs add through both scores: numbers of cases, characters, weights."""
    known, lexical, columns = scores.lexical.known, scores.lexical, scores.lexical.added.shape[1]
    case, used = _inside(known.paragraph, cases)
    added, line = lexical.added.ravel(), len(model.themes) + 2
    at = used * columns + cases.theme[case]
    weight = added[at + line] * (cases.by_line / lexical.line.norm[cases.paragraph])[case]
    deciding = np.flatnonzero(known.sentence[used] == cases.sentence[case])
    by_sentence = (cases.by_sentence / lexical.sentence.norm[cases.sentence])[case[deciding]]
    weight[deciding] += added[at[deciding]] * by_sentence
    # A word lies in one word, a pair in one or two: half of the weight to the first character, half to the last.
    weight /= 2
    yield case, known.start[used], weight
    yield case, known.end[used] - 1, weight


def _of_terms(model: ThemeModel, scores: ThemeScores, cases: _Cases) -> tuple[Ints, Ints, Floats]:
    """What terms add through the dense columns of both scores: numbers of cases, characters, weights."""
    passages, counts = scores.passages, scores.lexical.terms
    terms = passages.terms
    paragraph = passages.paragraph_of[passages.term_sentence]
    case, used = _inside(paragraph, cases)
    theme, sentence = terms.theme[used], passages.term_sentence[used]
    in_line = np.add.reduceat(counts, passages.first_sentence, axis=0)[paragraph[used], theme]
    weight = _term_parts(in_line) * model.line.dense[theme, cases.theme[case]] * cases.by_line[case]
    deciding = sentence == cases.sentence[case]
    in_sentence = _term_parts(counts[sentence, theme]) * model.sentence.dense[theme, cases.theme[case]]
    weight += in_sentence * cases.by_sentence[case] * deciding
    size = terms.end[used] - terms.start[used]
    return np.repeat(case, size), stretches(terms.start[used], size), np.repeat(weight / size, size)


def _inside(paragraph: Ints, cases: _Cases) -> tuple[Ints, Ints]:
    """What of things with a `paragraph` each, never falling, is in the paragraph of each case: cases and numbers."""
    first = np.searchsorted(paragraph, cases.paragraph)
    count = np.searchsorted(paragraph, cases.paragraph, side="right") - first
    return np.repeat(np.arange(len(count)), count), stretches(first, count)


def _term_parts(count: Ints) -> Floats:
    """What each term adds to its column where `count` of its theme share it evenly."""
    parts: Floats = TERM_SCALE * np.log1p(np.minimum(count, TERM_CAP)) / count
    return parts
