"""From a reading to an annotation: the rows that output formats write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from model.dirt import measure
from model.evidence import explain
from model.folder import Model
from model.paragraphs import joined
from model.passages import Passages
from model.reading import Reading
from model.rollup import primary, report_shares
from predict.annotation import Evidence, LineRow, Report, ReportRow, SectionRow, ThemeScore
from predict.metadata import read_metadata, with_page, with_table


def build_report(model: Model, reading: Reading, metadata: Mapping[str, str] | None = None) -> Report:
    """The annotation of one report; `metadata` wins over what the report says of itself."""
    text, paragraphs = reading.source.text, reading.paragraphs
    paths = [tuple(joined(text, paragraphs[heading]) for heading in section.path) for section in reading.sections]
    row = _report(model, reading, metadata)
    return Report(row, _sections(reading, paths), _lines(model, reading, paths), text)


def _report(model: Model, reading: Reading, metadata: Mapping[str, str] | None) -> ReportRow:
    source, clean, ids = reading.source, reading.passages.clean, model.scheme.ids
    shares = report_shares(reading.weights, ids)
    dirt = measure(clean, reading.roles, reading.why, source.lost or clean.lost)
    meta = read_metadata(list(zip(reading.roles, clean.text[:-1].split("\n"), strict=True)), source.name)
    meta = with_page(meta, source.said)
    return ReportRow(
        report=source.name,
        sha256=source.sha256,
        encoding=source.encoding,
        chars=len(source.text),
        model=model.version,
        meta=with_table(meta, metadata),
        quality={
            "pinyin": clean.pinyin,
            "lost": dirt.lost,
            "foreign": reading.roles.count("boilerplate"),
            "spam": dirt.spam,
            "mirrored": dirt.mirrored,
            "score": dirt.score,
        },
        shares=shares,
        primary=primary([shares[theme].share for theme in ids], ids),
        warnings=source.warnings,
        format=source.format,
        converted_by=source.converted_by,
    )


def _sections(reading: Reading, paths: list[tuple[str, ...]]) -> tuple[SectionRow, ...]:
    rows = []
    for section, path, themes in zip(reading.sections, paths, reading.section_themes, strict=True):
        inside = reading.paragraphs[section.first : section.last]
        rows.append(
            SectionRow(
                report=reading.source.name,
                section=section.index,
                heading_line=0 if section.heading is None else reading.paragraphs[section.heading].line,
                level=section.level,
                heading_path=path,
                start=inside[0].start if inside else 0,
                end=inside[-1].end if inside else 0,
                shares=themes.shares,
                themes=themes.themes,
                primary=themes.primary,
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Scored:
    """What the theme model says of one paragraph; as it stands here, of one that has no themes for its role."""

    themes: tuple[ThemeScore, ...] = ()
    probabilities: dict[str, float] = field(default_factory=dict)
    margin: float = 1.0
    band: str = "sure"


def _lines(model: Model, reading: Reading, paths: list[tuple[str, ...]]) -> tuple[LineRow, ...]:
    source, scored, nothing = reading.source, _scored(model, reading), _Scored()
    terms, novelty = _terms(model, reading), _novelty(reading)
    rows = []
    for number, paragraph in enumerate(reading.paragraphs):
        text = source.text[paragraph.start : paragraph.end]
        found = scored.get(number, nothing)
        row = LineRow(
            report=source.name,
            line=paragraph.line,
            start=paragraph.start,
            end=paragraph.end,
            role=reading.roles[number],
            section=reading.section_of[number],
            heading_path=paths[reading.section_of[number]],
            text=text,
            text_sha256=hashlib.sha256(text.encode()).hexdigest()[:16],
            themes=found.themes,
            probabilities=found.probabilities,
            margin=found.margin,
            novelty=novelty[number],
            terms=terms[number],
            band=found.band,
            inferred=paragraph.inferred,
            page=reading.places[number].page,
            paragraph=reading.places[number].paragraph,
            role_by=reading.why[number],
        )
        rows.append(row)
    return tuple(rows)


def _scored(model: Model, reading: Reading) -> dict[int, _Scored]:
    """What is said of the headings and body paragraphs, by their numbers."""
    scores, ids = reading.scores, model.scheme.ids
    themes = _themes(model, reading)
    distance = np.abs(scores.probability - model.themes.decision.threshold)
    columns = zip(
        scores.frame.themed.tolist(),
        scores.probability.tolist(),
        np.round(distance.min(axis=1), 4).tolist(),
        scores.sure.tolist(),
        strict=True,
    )
    return {
        paragraph: _Scored(
            themes=themes.get(paragraph, ()),
            probabilities=dict(zip(ids, probabilities, strict=True)),
            margin=margin,
            band="sure" if sure else "review",
        )
        for paragraph, probabilities, margin, sure in columns
    }


def _themes(model: Model, reading: Reading) -> dict[int, tuple[ThemeScore, ...]]:
    """The themes of every paragraph that has some, in the order of the scheme."""
    scores, thresholds = reading.scores, model.themes.decision.threshold.tolist()
    found: dict[int, list[ThemeScore]] = {}
    for (row, theme), why in sorted(explain(model.themes, reading.passages, scores).items()):
        score = ThemeScore(
            id=model.scheme.ids[theme],
            probability=float(scores.probability[row, theme]),
            threshold=thresholds[theme],
            score=round(float(scores.log_odds[row, theme]), 4),
            evidence=tuple(_evidence(reading.passages, *word) for word in why.words),
            context=why.context,
            rest=why.rest,
        )
        found.setdefault(int(scores.frame.themed[row]), []).append(score)
    return {paragraph: tuple(scored) for paragraph, scored in found.items()}


def _evidence(passages: Passages, start: int, end: int, weight: float) -> Evidence:
    origin = passages.clean.origin
    return Evidence(passages.clean.text[start:end], weight, int(origin[start]), int(origin[end - 1]) + 1)


def _terms(model: Model, reading: Reading) -> list[dict[str, int]]:
    """How many terms of each theme every paragraph holds."""
    counts = np.add.reduceat(reading.scores.lexical.terms, reading.passages.first_sentence, axis=0).tolist()
    return [{theme: count for theme, count in zip(model.scheme.ids, row, strict=True) if count} for row in counts]


def _novelty(reading: Reading) -> list[float]:
    """Share of each paragraph's features that the corpus does not know."""
    passages = reading.passages
    size = len(passages.first_sentence)
    every = np.bincount(passages.paragraph_of[passages.sentence_of], minlength=size)
    known = np.bincount(reading.scores.lexical.known.paragraph, minlength=size)
    novelty: list[float] = np.round(1 - known / np.maximum(every, 1), 4).tolist()
    return novelty
