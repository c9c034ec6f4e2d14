"""What people decided takes the place of what a model says: of a paragraph's role, and of the themes they judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from labels.standing import Answer
from model.paragraphs import Paragraph
from model.themes import ThemeScores

# Answers by the number of the paragraph, and what finds those on the paragraphs of a text.
Answers = Mapping[int, Answer]
FindAnswers = Callable[[Sequence[Paragraph]], Answers]


def overrule_roles(roles: Sequence[str], answers: Answers) -> list[str]:
    """The roles of all paragraphs, people's where they answered."""
    return [answers[number].role if number in answers else role for number, role in enumerate(roles)]


def overrule_themes(scores: ThemeScores, ids: Sequence[str], answers: Answers) -> ThemeScores:
    """The scores with people's themes; the probabilities stay the model's. What was judged for every theme is sure."""
    if not answers:
        return scores
    has, sure = scores.has.copy(), scores.sure.copy()
    for row, paragraph in enumerate(scores.frame.themed.tolist()):
        if paragraph in answers:
            answer = answers[paragraph]
            judged = [theme in answer.considered for theme in ids]
            has[row, judged] = [theme in answer.themes for theme in ids if theme in answer.considered]
            sure[row] |= all(judged)
    return replace(scores, has=has, sure=sure)
