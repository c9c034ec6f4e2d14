"""The second stage: what a paragraph's own scores and its surroundings say together about one theme.

Every feature has a name, so that an explanation can name it. The features of theme k:

=================  =========================================================================
sentence           score of the paragraph's best sentence (largest over sentences)
line               score of the paragraph as a whole
heading_sentence   the same two of the heading over it (0 without a heading)
heading_line
section            mean tanh(sentence) of the other body paragraphs of its section
report             the same over its report
mass               log(1 + sum over sentences of log(1 + exp(4 score)))
share              share of its characters in sentences with a score above 0
length             log(1 + characters) - 4.5
terms              log(1 + terms of the theme in it), at most 6 counted
sentence_terms     the same of its sentence that holds most
heading_terms      the same of the heading over it
other_terms        largest `terms` of another theme
other_sentence     largest `sentence`, `line`, `heading_sentence`, `section` of another theme
other_line
other_heading
other_section
any_sentence       `sentence` and `line` of the target "has any theme"
any_line
figure             whether it holds a digit
has_heading        whether a heading stands over it
is_body            whether it is body text, not a heading
=================  =========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.features import Ints
from model.lexical import Floats
from model.passages import Passages

FEATURES: Final = (
    "sentence",
    "line",
    "heading_sentence",
    "heading_line",
    "section",
    "report",
    "mass",
    "share",
    "length",
    "terms",
    "sentence_terms",
    "heading_terms",
    "other_terms",
    "other_sentence",
    "other_line",
    "other_heading",
    "other_section",
    "any_sentence",
    "any_line",
    "figure",
    "has_heading",
    "is_body",
)
# The features that stand for the paragraph's surroundings, by the name people see.
CONTEXT: Final = {
    "heading": ("heading_sentence", "heading_line", "heading_terms", "other_heading", "has_heading"),
    "section": ("section", "other_section"),
    "report": ("report",),
}
# What can be known of a theme that has no labels yet.
TERM_FEATURES: Final = ("terms", "sentence_terms", "heading_terms", "other_terms", "length", "figure", "is_body")
_TERM_CAP: Final = 6

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the themed paragraphs of one report stand.

    themed: (t,) their numbers. body: (t,) which of them are body. heading: (t,) the index in `themed`
    of the heading over each (a heading's own for itself), -1 for none.
    """

    themed: Ints
    body: Bools
    heading: Ints


def frame_of(roles: list[str]) -> Frame:
    """The frame of a report from the roles of its paragraphs."""
    themed, body, heading = [], [], []
    over = -1
    for paragraph, role in enumerate(roles):
        if role == "heading":
            over = len(themed)
        elif role != "body":
            continue
        themed.append(paragraph)
        body.append(role == "body")
        heading.append(over)
    return Frame(np.array(themed, dtype=np.int64), np.array(body, dtype=np.bool_), np.array(heading, dtype=np.int64))


def context_features(
    passages: Passages, sentence: Floats, line: Floats, terms: Ints, frame: Frame, learned: Bools
) -> Floats:
    """Features (t, themes, FEATURES) of the themed paragraphs.

    sentence: (s, themes + 1) and line: (n, themes + 1) scores, the last column for "any theme";
    terms: (s, themes) counts; learned: (themes,) which themes had labels to learn from.
    """
    first = passages.first_sentence
    chosen = frame.themed
    best = np.maximum.reduceat(sentence, first, axis=0)[chosen]
    whole = line[chosen]
    above = np.where(frame.heading[:, None] >= 0, best[frame.heading], 0)
    above_line = np.where(frame.heading[:, None] >= 0, whole[frame.heading], 0)
    around = _mean_of_others(np.tanh(best[:, :-1]), frame.heading + 1, frame.body)
    everywhere = _mean_of_others(np.tanh(best[:, :-1]), np.zeros_like(frame.heading), frame.body)
    mass = np.log1p(np.add.reduceat(np.log1p(np.exp(4 * sentence[:, :-1])), first, axis=0))[chosen]
    counted = np.log1p(np.minimum(np.add.reduceat(terms, first, axis=0), _TERM_CAP))[chosen]
    sizes = np.diff(passages.sentence_start)[:, None]
    share = np.add.reduceat(sizes * (sentence[:, :-1] > 0), first, axis=0) / np.add.reduceat(sizes, first, axis=0)
    figure = np.maximum.reduceat(passages.figures, first)[chosen]
    everything = np.ones_like(learned)
    columns = {
        "sentence": best[:, :-1],
        "line": whole[:, :-1],
        "heading_sentence": above[:, :-1],
        "heading_line": above_line[:, :-1],
        "section": around,
        "report": everywhere,
        "mass": mass,
        "share": share[chosen],
        "length": np.log1p(passages.lengths[chosen])[:, None] - 4.5,
        "terms": counted,
        "sentence_terms": np.log1p(np.minimum(np.maximum.reduceat(terms, first, axis=0), _TERM_CAP))[chosen],
        "heading_terms": np.where(frame.heading[:, None] >= 0, counted[frame.heading], 0),
        "other_terms": _largest_other(counted, everything),
        "other_sentence": _largest_other(best[:, :-1], learned),
        "other_line": _largest_other(whole[:, :-1], learned),
        "other_heading": _largest_other(above[:, :-1], learned),
        "other_section": _largest_other(around, learned),
        "any_sentence": best[:, -1:],
        "any_line": whole[:, -1:],
        "figure": figure[:, None],
        "has_heading": (frame.heading >= 0)[:, None],
        "is_body": frame.body[:, None],
    }
    features = np.empty((len(chosen), sentence.shape[1] - 1, len(FEATURES)))
    for number, name in enumerate(FEATURES):
        features[:, :, number] = columns[name]
    return features


def _mean_of_others(values: Floats, group: Ints, body: Bools) -> Floats:
    """(t, themes) mean of `values` over the other body paragraphs of the same group; 0 where there is none."""
    size = np.bincount(group, weights=body)
    others = size[group] - body
    sums = np.column_stack([np.bincount(group, weights=column * body) for column in values.T])
    return (sums[group] - values * body[:, None]) / np.maximum(others, 1)[:, None] * (others > 0)[:, None]


def _largest_other(values: Floats, counted: Bools) -> Floats:
    """(t, themes) for each theme the largest value among the other themes that are `counted`; 0 where there is none."""
    largest = np.zeros_like(values)
    for theme in range(values.shape[1]):
        others = np.flatnonzero(counted & (np.arange(len(counted)) != theme))
        if len(others):
            largest[:, theme] = values[:, others].max(axis=1)
    return largest
