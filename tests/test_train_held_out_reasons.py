"""Reasons for doubting a label: from the very models that gave the out-of-fold probabilities."""

from __future__ import annotations

import numpy as np

from model.themes import score_themes
from train.held_out_reasons import DOUBT, held_out_reasons
from train.stack import Stack
from train.themes import Trained


def test_the_kept_models_gave_the_rows(small_stack: Stack, small_trained: Trained):
    """Each group's model gives its reports the probabilities that the rows have, to the last digit."""
    rows, examples = small_trained.out_of_fold, small_stack.examples
    assert set(small_trained.held_out) == set(rows.group.tolist())
    found = {}
    for report in set(examples.report_of[rows.paragraph].tolist()):
        own = np.flatnonzero(examples.report_of[rows.paragraph] == report)
        document, (group,) = small_stack.documents[report], set(rows.group[own].tolist())
        roles = [line.role for line in document.lines]
        scores = score_themes(small_trained.held_out[group], document.passages, roles)
        found[report] = np.array_equal(scores.probability, rows.probability[own])
    assert found
    assert all(found.values())


def test_every_doubted_label_has_its_reason(small_stack: Stack, small_trained: Trained):
    """Judged labels whose opposite is likelier, no others; words stand in the line and speak for the model's answer."""
    rows, examples = small_trained.out_of_fold, small_stack.examples
    reasons = held_out_reasons(small_stack, small_trained)
    lines = [line for document in small_stack.documents for line in document.lines]
    doubted = set()
    for at, paragraph in enumerate(rows.paragraph.tolist()):
        for theme, name in enumerate(small_trained.model.themes):
            probability = rows.probability[at, theme]
            other = 1 - probability if examples.labels[paragraph, theme] else probability
            if other >= DOUBT and examples.judged[paragraph, theme]:
                doubted.add((paragraph, name))
                weights = reasons[paragraph][name]["words"]
                assert all((weight > 0) == (probability >= DOUBT) for weight in weights.values())
                assert all(word in lines[paragraph].text for word in weights)
    assert {(paragraph, name) for paragraph, own in reasons.items() for name in own} == doubted
    assert any(reason["words"] for own in reasons.values() for reason in own.values())
    assert any(reason["context"] for own in reasons.values() for reason in own.values())
