"""The second stage: what a paragraph's own scores and its surroundings say together about one theme.

It reads a report twice. The draft takes each paragraph by its scores; the final reading knows the draft
of the paragraphs around it, too. Every feature has a name, so that an explanation can name it. The features
of theme k, of both readings:

=================  =========================================================================
sentence           score of the paragraph's best sentence (largest over sentences)
line               score of the paragraph as a whole
section            mean tanh(sentence) of the other body paragraphs of its section
section_any        the same of the target "has any theme": text about something else has little of it
report_any         the same over its report
mass               log(1 + sum over sentences of log(1 + exp(4 score)))
share              share of its characters in sentences with a score above 0
length             log(1 + characters) - 4.5
terms              log(1 + terms of the theme in it), at most 6 counted
sentence_terms     the same of its sentence that holds most
heading_terms      the same of the heading over it, 0 without one
other_terms        largest `terms` of another theme
other_sentence     largest `sentence`, `line`, `section` of another theme
other_line
other_section
any_sentence       `sentence` and `line` of the target "has any theme"
any_line
figure             whether it holds a digit
has_heading        whether a heading stands over it
=================  =========================================================================

Of the final reading alone, from the draft's probabilities:

=====================  =====================================================================
draft_other            largest of another theme
draft_unclear          1 - the largest of any theme
draft_heading          of the heading over it, 0 without one
draft_near             of the body paragraphs around it in its section: those 1, 2 and 3 away
                       weigh 1, 1/2 and 1/4; 0 without any
draft_heading_unclear  both of these times `draft_unclear`: the less a paragraph says by itself,
draft_near_unclear     the more its place does
=====================  =====================================================================

Headings and body paragraphs have weights of their own: what a heading is about its section shows, and
of a paragraph its own words do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.features import Bools, Ints
from model.lexical import Floats, LexicalScores
from model.passages import Passages

DRAFT_FEATURES: Final = (
    "sentence",
    "line",
    "section",
    "section_any",
    "report_any",
    "mass",
    "share",
    "length",
    "terms",
    "sentence_terms",
    "heading_terms",
    "other_terms",
    "other_sentence",
    "other_line",
    "other_section",
    "any_sentence",
    "any_line",
    "figure",
    "has_heading",
)
FEATURES: Final = (
    *DRAFT_FEATURES,
    "draft_other",
    "draft_unclear",
    "draft_heading",
    "draft_near",
    "draft_heading_unclear",
    "draft_near_unclear",
)
# The features that stand for the paragraph's surroundings, by the name people see.
CONTEXT: Final = {
    "heading": ("heading_terms", "has_heading", "draft_heading", "draft_heading_unclear"),
    "section": ("section", "section_any", "other_section", "draft_near", "draft_near_unclear"),
    "report": ("report_any",),
}
# What can be known of a theme that has no labels yet, and whose terms the corpus does not hold either.
TERM_FEATURES: Final = ("terms", "sentence_terms", "heading_terms", "other_terms", "length", "figure")
_TERM_CAP: Final = 6
_NEAR: Final = (1.0, 0.5, 0.25)  # weights of body paragraphs by their distance
_EXP_CAP: Final = 700.0  # e to this is still a number


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the themed paragraphs of some reports stand.

    themed: (t,) their numbers. body: (t,) which of them are body. heading: (t,) the index in `themed`
    of the heading over each (a heading's own for itself), -1 for none. section, report: (t,) numbers of
    the section and the report that each is in.
    """

    themed: Ints
    body: Bools
    heading: Ints
    section: Ints
    report: Ints


def frame_of(roles: Sequence[str], pages: Ints | None = None) -> Frame:
    """The frame of one report from the roles of its paragraphs, or of several that begin at `pages` and end there."""
    pages = np.array([0, len(roles)]) if pages is None else pages
    is_heading = np.array([role == "heading" for role in roles], dtype=np.bool_)
    is_body = np.array([role == "body" for role in roles], dtype=np.bool_)
    themed = np.flatnonzero(is_heading | is_body)
    return place(themed, is_body[themed], np.searchsorted(pages[1:], themed, side="right"))


def place(themed: Ints, body: Bools, report: Ints) -> Frame:
    """The frame of the `themed` paragraphs, report by report, those of each in order."""
    number = np.arange(len(themed))
    opens = np.diff(report, prepend=-1) != 0
    heading = np.maximum.accumulate(np.where(body, -1, number))
    # No heading of the report before stands over the first paragraphs of a report.
    heading[heading < np.maximum.accumulate(np.where(opens, number, 0))] = -1
    return Frame(themed, body, heading, np.cumsum(opens | ~body) - 1, report)


def context_features(passages: Passages, scores: LexicalScores, frame: Frame, learned: Bools) -> Floats:
    """The draft's features (t, K, DRAFT_FEATURES); learned: (K,) which themes had labels to learn from."""
    seen = _seen(passages, scores, frame)
    columns = _of_paragraph(seen, passages, scores, frame) | _of_surroundings(seen, frame) | _of_others(seen, learned)
    return _stacked([columns[name] for name in DRAFT_FEATURES], seen.terms.shape)


def draft_features(draft: Floats, frame: Frame, learned: Bools) -> Floats:
    """What the final reading has besides, (t, K, FEATURES - DRAFT_FEATURES), from the draft's probabilities (t, K)."""
    unclear = 1 - draft[:, learned].max(axis=1, initial=0)[:, None]
    over = np.where((frame.heading >= 0)[:, None] & frame.body[:, None], draft[frame.heading], 0)
    near = _near(draft, frame)
    return _stacked([_largest_other(draft, learned), unclear, over, near, over * unclear, near * unclear], draft.shape)


def _stacked(columns: Sequence[Floats | Bools], shape: tuple[int, ...]) -> Floats:
    """(t, K, columns) of columns that are (t, K) or (t, 1)."""
    features = np.empty((*shape, len(columns)))
    for number, column in enumerate(columns):
        features[:, :, number] = column
    return features


def _near(values: Floats, frame: Frame) -> Floats:
    """(t, K) weighted mean of `values` over the body paragraphs around each in its section, 0 without any."""
    sums, weights = np.zeros_like(values), np.zeros((len(values), 1))
    weighted = values * frame.body[:, None]
    for distance, weight in enumerate(_NEAR, 1):
        together = (frame.section[distance:] == frame.section[:-distance])[:, None] * weight
        sums[distance:] += together * weighted[:-distance]
        weights[distance:] += together * frame.body[:-distance, None]
        sums[:-distance] += together * weighted[distance:]
        weights[:-distance] += together * frame.body[distance:, None]
    means: Floats = sums / np.where(weights > 0, weights, 1)
    return means


@dataclass(frozen=True, slots=True)
class _Seen:
    """What several features are made of, for t themed paragraphs.

    best, line: (t, K + 1) scores of the best sentence and of the whole, the last column for "any theme".
    around: (t, K + 1) mean tanh(best) of the other body paragraphs of the section. terms: (t, K) log(1 + terms).
    """

    best: Floats
    line: Floats
    around: Floats
    terms: Floats


def _seen(passages: Passages, scores: LexicalScores, frame: Frame) -> _Seen:
    first, chosen = passages.first_sentence, frame.themed
    best = np.maximum.reduceat(scores.sentence.scores, first, axis=0)[chosen]
    return _Seen(
        best=best,
        line=scores.line.scores[chosen],
        around=_mean_of_others(np.tanh(best), frame.section, frame.body),
        terms=_log_terms(np.add.reduceat(scores.terms, first, axis=0))[chosen],
    )


def _of_paragraph(seen: _Seen, passages: Passages, scores: LexicalScores, frame: Frame) -> dict[str, Floats | Bools]:
    first, chosen, sentence = passages.first_sentence, frame.themed, scores.sentence.scores[:, :-1]
    mass = np.log1p(np.add.reduceat(np.log1p(np.exp(np.minimum(4 * sentence, _EXP_CAP))), first, axis=0))
    sizes = np.diff(passages.sentence_start)[:, None]
    share = np.add.reduceat(sizes * (sentence > 0), first, axis=0) / np.add.reduceat(sizes, first, axis=0)
    return {
        "sentence": seen.best[:, :-1],
        "line": seen.line[:, :-1],
        "any_sentence": seen.best[:, -1:],
        "any_line": seen.line[:, -1:],
        "mass": mass[chosen],
        "share": share[chosen],
        "length": np.log1p(passages.lengths[chosen])[:, None] - 4.5,
        "terms": seen.terms,
        "sentence_terms": _log_terms(np.maximum.reduceat(scores.terms, first, axis=0))[chosen],
        "figure": np.maximum.reduceat(passages.figures, first)[chosen][:, None],
    }


def _of_surroundings(seen: _Seen, frame: Frame) -> dict[str, Floats | Bools]:
    over = (frame.heading >= 0)[:, None]
    return {
        "heading_terms": np.where(over, seen.terms[frame.heading], 0),
        "has_heading": over,
        "section": seen.around[:, :-1],
        "section_any": seen.around[:, -1:],
        "report_any": _mean_of_others(np.tanh(seen.best[:, -1:]), frame.report, frame.body),
    }


def _of_others(seen: _Seen, learned: Bools) -> dict[str, Floats]:
    return {
        "other_terms": _largest_other(seen.terms, np.ones_like(learned)),
        "other_sentence": _largest_other(seen.best[:, :-1], learned),
        "other_line": _largest_other(seen.line[:, :-1], learned),
        "other_section": _largest_other(seen.around[:, :-1], learned),
    }


def _log_terms(terms: Ints) -> Floats:
    return np.log1p(np.minimum(terms, _TERM_CAP))


def _mean_of_others(values: Floats, group: Ints, body: Bools) -> Floats:
    """(t, themes) mean of `values` over the other body paragraphs of the same group.

    Where there is none, a heading, which stands for all of its section, has its own value, a body paragraph 0.
    """
    size = np.bincount(group, weights=body)
    others = (size[group] - body)[:, None]
    sums = np.column_stack([np.bincount(group, weights=column * body) for column in values.T])
    means = (sums[group] - values * body[:, None]) / np.maximum(others, 1)
    return np.where(others > 0, means, values * ~body[:, None])


def _largest_other(values: Floats, counted: Bools) -> Floats:
    """(t, themes) for each theme the largest value among the other themes that are `counted`; 0 where there is none."""
    largest = np.zeros_like(values)
    for theme in range(values.shape[1]):
        others = np.flatnonzero(counted & (np.arange(len(counted)) != theme))
        if len(others):
            largest[:, theme] = values[:, others].max(axis=1)
    return largest
