"""Reading one report with a model: the whole way from its source to scores, as arrays and small records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labels.scheme import Scheme
from model.blocks import Place
from model.clean import clean_paragraphs
from model.folder import Model
from model.hints import find_roles, styled_levels
from model.levels import heading_levels
from model.overrule import Answers, overrule_roles, overrule_themes
from model.paragraphs import Paragraph, paragraphs_of
from model.passages import Passages, read_passages
from model.rollup import Weights, primary, section_shares, weigh
from model.sections import Section, find_sections
from model.source import Source
from model.terms import TermFinder
from model.themes import ThemeScores, score_themes
from model.words import Cut, segmenter

SECTION_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Reader:
    """What finding words and terms needs; made once a process."""

    cut: Cut
    finder: TermFinder


@dataclass(frozen=True, slots=True)
class SectionThemes:
    """A section's shares by theme and `none`, the themes with a quarter of its themed text, the primary one."""

    shares: dict[str, float]
    themes: tuple[str, ...]
    primary: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One report, read. `roles`, `levels`, `places`, `why` and `section_of` have one entry a paragraph.

    weights: (paragraphs, themes + 1) body characters by theme, see model/rollup.py.
    """

    source: Source
    paragraphs: Sequence[Paragraph]
    roles: list[str]
    places: list[Place]
    why: list[str]
    levels: list[int | None]
    sections: list[Section]
    section_of: list[int]
    passages: Passages
    scores: ThemeScores
    weights: Weights
    section_themes: list[SectionThemes]


def reader_of(scheme: Scheme) -> Reader:
    """The reader of a scheme's terms."""
    terms = [theme.terms for theme in scheme.themes]
    return Reader(segmenter(tuple(term for group in terms for term in group)), TermFinder(terms))


def read_report(model: Model, reader: Reader, source: Source, answers: Answers | None = None) -> Reading:
    """Read one report; `answers` are people's, by the number of the paragraph, and outrank the model's."""
    answers = answers or {}
    paragraphs = paragraphs_of(source)
    clean = clean_paragraphs(source.text, paragraphs)
    found = find_roles(source, paragraphs, clean, model.roles)
    roles = overrule_roles(found.roles, answers)
    levels = styled_levels(heading_levels(clean.text[:-1].split("\n"), roles), roles, found.places)
    sections = find_sections(roles, levels)
    passages = read_passages(clean, reader.cut, reader.finder)
    scores = overrule_themes(score_themes(model.themes, passages, roles), model.scheme.ids, answers)
    weights = _weights(passages, scores)
    return Reading(
        source=source,
        paragraphs=paragraphs,
        roles=roles,
        places=found.places,
        why=found.why,
        levels=levels,
        sections=sections,
        section_of=[section.index for section in sections for _ in range(section.first, section.last)],
        passages=passages,
        scores=scores,
        weights=weights,
        section_themes=[_section_themes(model.scheme.ids, scores, section, weights) for section in sections],
    )


def _weights(passages: Passages, scores: ThemeScores) -> Weights:
    """Characters by theme of every body paragraph, zero for the others."""
    sizes = np.diff(passages.sentence_start).tolist()
    last = np.append(passages.first_sentence[1:], len(sizes)).tolist()
    sentences: list[list[tuple[int, list[int]]]] = [[] for _ in passages.first_sentence]
    for row, paragraph in enumerate(scores.frame.themed.tolist()):
        if not scores.frame.body[row]:
            continue
        span = slice(int(passages.first_sentence[paragraph]), last[paragraph])
        score = scores.lexical.sentence[span, :-1]
        inside = scores.has[row] & ((score > 0) | (score == score.max(axis=0)))
        found = [np.flatnonzero(mark).tolist() for mark in inside]
        sentences[paragraph] = list(zip(sizes[span], found, strict=True))
    return weigh(sentences, scores.has.shape[1])


def _section_themes(ids: tuple[str, ...], scores: ThemeScores, section: Section, weights: Weights) -> SectionThemes:
    shares = section_shares(weights[section.first : section.last], ids)
    themed = sum(shares[theme] for theme in ids)
    of_heading = _heading_themes(ids, scores, section)
    substantial = [theme for theme in ids if themed and shares[theme] >= SECTION_SHARE * themed]
    return SectionThemes(
        shares=shares,
        themes=tuple(substantial or of_heading),
        primary=primary([shares[theme] for theme in ids], ids, of_heading),
    )


def _heading_themes(ids: tuple[str, ...], scores: ThemeScores, section: Section) -> list[str]:
    if section.heading is None:
        return []
    row = int(np.searchsorted(scores.frame.themed, section.heading))
    has = scores.has[row]
    order = np.argsort(-scores.probability[row], kind="stable").tolist()
    return [ids[theme] for theme in order if has[theme]]
