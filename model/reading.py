"""Reading reports with a model: the whole way from their sources to scores, as arrays and small records.

Several reports are read together, since a call of numpy costs more than what it does for one. What
is found in a report does not depend on those beside it: no sum crosses from one into another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from model.blocks import Place
from model.clean import clean_texts
from model.folder import Model
from model.hints import find_all_roles, styled_levels
from model.levels import heading_levels
from model.overrule import Answers, FindAnswers, overrule_roles, overrule_themes
from model.paragraphs import Paragraph, split_paragraphs
from model.parts import paragraphs_by_part
from model.passages import Passages, read_passages
from model.rollup import Weights, primary, shares_of_groups, weigh
from model.sections import Section, find_sections
from model.source import Source
from model.terms import TermFinder
from model.themes import ThemeScores, score_themes
from model.words import Cut, quick_segmenter

SECTION_SHARE: Final = 0.25


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
    """Reports, read; their paragraphs follow each other under one numbering, see `CleanText.pages`.

    texts: the paragraphs as they stood; clean: the same, cleaned. `roles`, `places`, `why`, `levels` and `section_of`
    (numbers in `sections`) have one entry a paragraph. weights: (paragraphs, themes + 1) body characters by theme, see
    model/rollup.py. section_themes: of each section.
    """

    sources: Sequence[Source]
    paragraphs: Sequence[Paragraph]
    texts: list[str]
    clean: list[str]
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


def reader_of(model: Model) -> Reader:
    """The reader of a model's words and terms."""
    scheme = model.scheme
    return Reader(quick_segmenter(scheme.terms, model.words), TermFinder([theme.terms for theme in scheme.themes]))


def read_report(model: Model, reader: Reader, source: Source, find: FindAnswers | None = None) -> Reading:
    """Read one report; what `find` gives are people's answers, which outrank the model's."""
    paragraphs = split_paragraphs(source.text)
    return _read(model, reader, [source], [paragraphs], find(paragraphs) if find else None)


def read_reports(model: Model, reader: Reader, sources: Sequence[Source]) -> Reading:
    """Read one or more reports."""
    return _read(model, reader, sources, [split_paragraphs(source.text) for source in sources])


def read_in_parts(model: Model, reader: Reader, source: Source, find: FindAnswers | None = None) -> Iterator[Reading]:
    """Read a long report part by part, each as if it were a report, but for the numbers of its lines and characters."""
    for paragraphs in paragraphs_by_part(source.text):
        yield _read(model, reader, [source], [paragraphs], find(paragraphs) if find else None)


def _read(
    model: Model,
    reader: Reader,
    sources: Sequence[Source],
    by_report: list[list[Paragraph]],
    answers: Answers | None = None,
) -> Reading:
    answers = answers or {}
    paragraphs = [paragraph for own in by_report for paragraph in own]
    texts = [
        source.text[paragraph.start : paragraph.end]
        for source, own in zip(sources, by_report, strict=True)
        for paragraph in own
    ]
    starts = np.array([paragraph.start for paragraph in paragraphs], dtype=np.int64)
    clean = clean_texts(texts, starts, np.cumsum([0, *map(len, by_report)]))
    found = find_all_roles(sources, by_report, clean, model.roles)
    roles = overrule_roles(found.roles, answers)
    lines = clean.text[:-1].split("\n")
    levels, sections = _outline(lines, roles, found.places, clean.pages.tolist())
    passages = read_passages(clean, reader.cut, reader.finder)
    scores = overrule_themes(score_themes(model.themes, passages, roles), model.scheme.ids, answers)
    weights = _weights(passages, scores)
    return Reading(
        sources=sources,
        paragraphs=paragraphs,
        texts=texts,
        clean=lines,
        roles=roles,
        places=found.places,
        why=found.why,
        levels=levels,
        sections=sections,
        section_of=[number for number, section in enumerate(sections) for _ in range(section.first, section.last)],
        passages=passages,
        scores=scores,
        weights=weights,
        section_themes=_section_themes(model.scheme.ids, scores, sections, weights),
    )


def _outline(
    lines: list[str], roles: list[str], places: list[Place], pages: list[int]
) -> tuple[list[int | None], list[Section]]:
    """Levels of headings, and sections, report by report."""
    levels: list[int | None] = []
    sections: list[Section] = []
    for first, last in pairwise(pages):
        of_texts = heading_levels(lines[first:last], roles[first:last])
        own = styled_levels(of_texts, roles[first:last], places[first:last])
        levels += own
        sections += find_sections(roles[first:last], own, first)
    return levels, sections


def _weights(passages: Passages, scores: ThemeScores) -> Weights:
    """Characters by theme of every body paragraph, zero for the others."""
    frame, size = scores.frame, len(passages.first_sentence)
    row = np.full(size, -1)
    row[frame.themed[frame.body]] = np.flatnonzero(frame.body)
    sentences = np.flatnonzero(row[passages.paragraph_of] >= 0)
    paragraph = passages.paragraph_of[sentences]
    score = scores.lexical.sentence.scores[:, :-1]
    best = np.maximum.reduceat(score, passages.first_sentence, axis=0)
    inside = (score[sentences] > 0) | (score[sentences] == best[paragraph])
    chars = np.diff(passages.sentence_start)[sentences]
    return weigh(chars, inside & scores.has[row[paragraph]], paragraph, size)


def _section_themes(
    ids: tuple[str, ...], scores: ThemeScores, sections: list[Section], weights: Weights
) -> list[SectionThemes]:
    first = np.array([section.first for section in sections])
    last = np.array([section.last for section in sections])
    shares = shares_of_groups(weights, first, last).tolist()
    headings = _heading_themes(ids, scores, sections)
    return [_themes_of_section(ids, own, heading) for own, heading in zip(shares, headings, strict=True)]


def _themes_of_section(ids: tuple[str, ...], shares: list[float], heading: Sequence[str]) -> SectionThemes:
    by_theme = shares[:-1]
    themed = sum(by_theme)
    least = SECTION_SHARE * themed
    substantial = [theme for theme, share in zip(ids, by_theme, strict=True) if themed and share >= least]
    of_heading = () if substantial else heading
    return SectionThemes(
        shares=dict(zip((*ids, "none"), shares, strict=True)),
        themes=tuple(substantial or of_heading),
        primary=primary(by_theme, ids, of_heading),
    )


def _heading_themes(ids: tuple[str, ...], scores: ThemeScores, sections: list[Section]) -> list[Sequence[str]]:
    """The themes of each section's heading, the likeliest first."""
    headed = [number for number, section in enumerate(sections) if section.heading is not None]
    rows = np.searchsorted(scores.frame.themed, [section.heading or 0 for section in sections])[headed]
    order = np.argsort(-scores.probability[rows], axis=1, kind="stable").tolist()
    themes: list[Sequence[str]] = [()] * len(sections)
    for number, best, has in zip(headed, order, scores.has[rows].tolist(), strict=True):
        themes[number] = [ids[theme] for theme in best if has[theme]]
    return themes
