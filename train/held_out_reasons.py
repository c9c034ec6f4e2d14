"""Why models that had not seen a line doubt its label: their words and context, for whoever reads the line again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from model.evidence import Explanation, explain
from model.features import Bools
from model.themes import score_themes
from train.stack import Document, Stack
from train.themes import Trained

DOUBT: Final = 0.5  # the probability from which on the other label is the likelier one
_MOST_WORDS: Final = 4

# By the number of a paragraph in the stack, then by theme: words and context with what each adds to the log-odds.
Reasons = dict[int, dict[str, dict[str, dict[str, float]]]]


def held_out_reasons(stack: Stack, trained: Trained) -> Reasons:
    """The reasons for every judged label whose opposite is the likelier one."""
    rows, examples = trained.out_of_fold, stack.examples
    doubted = np.zeros(examples.labels.shape, dtype=np.bool_)
    labels = examples.labels[rows.paragraph]
    other = np.where(labels, 1 - rows.probability, rows.probability)
    doubted[rows.paragraph] = (other >= DOUBT) & examples.judged[rows.paragraph]
    group = np.full(len(stack.documents), -1)
    group[examples.report_of[rows.paragraph]] = rows.group
    reasons: Reasons = {}
    start = np.searchsorted(examples.report_of, np.arange(len(stack.documents))).tolist()
    for document, first, own in zip(stack.documents, start, group.tolist(), strict=True):
        paragraphs = document.frame.themed + first
        if doubted[paragraphs].any():
            for row, theme, reason in _reasons(document, trained, own, doubted[paragraphs]):
                reasons.setdefault(int(paragraphs[row]), {})[trained.model.themes[theme]] = reason
    return reasons


def _reasons(
    document: Document, trained: Trained, group: int, doubted: Bools
) -> Iterator[tuple[int, int, dict[str, dict[str, float]]]]:
    """(row of the themed paragraphs, theme, reason) of one report's doubted labels, (t, K)."""
    model = trained.held_out[group]
    scores = score_themes(model, document.passages, [line.role for line in document.lines])
    # Explanations are made for the themes that a paragraph has: here those that are doubted, either way.
    explained = explain(model, replace(scores, has=doubted))
    for (row, theme), explanation in explained.items():
        present = scores.probability[row, theme] >= DOUBT
        yield row, theme, _reason(explanation, document, 1 if present else -1)


def _reason(explanation: Explanation, document: Document, sign: int) -> dict[str, dict[str, float]]:
    """What speaks for the model's answer: the strongest words as the line has them, and all context."""
    text = "\n".join(line.text for line in document.lines)
    origin = document.passages.clean.origin
    words: dict[str, float] = {}
    for start, end, weight in explanation.words:
        if weight * sign > 0:
            word = text[origin[start] : origin[end - 1] + 1]
            words[word] = round(words.get(word, 0) + weight, 2)
    strongest = sorted(words, key=lambda word: -abs(words[word]))[:_MOST_WORDS]
    context = {name: round(weight, 2) for name, weight in explanation.context.items() if abs(weight) >= 0.005}
    return {"words": {word: words[word] for word in strongest}, "context": context}
