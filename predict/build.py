"""From a reading to an annotation: the rows that output formats write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from model.evidence import Explanation, explain
from model.folder import Model
from model.paragraphs import joined
from model.passages import Passages
from model.reading import Reading
from model.rollup import primary, report_shares
from predict.annotation import Evidence, LineRow, Report, ReportRow, SectionRow, ThemeScore
from predict.metadata import read_metadata, with_table


def build_report(model: Model, reading: Reading, metadata: Mapping[str, str] | None = None) -> Report:
    """The annotation of one report; `metadata` wins over what the report says of itself."""
    source, ids = reading.source, model.scheme.ids
    clean = reading.passages.clean
    paths = [
        tuple(joined(source.text, reading.paragraphs[heading]) for heading in section.path)
        for section in reading.sections
    ]
    shares = report_shares(reading.weights, ids)
    meta = read_metadata(list(zip(reading.roles, clean.text[:-1].split("\n"), strict=True)), source.name)
    row = ReportRow(
        report=source.name,
        sha256=source.sha256,
        encoding=source.encoding,
        chars=len(source.text),
        model=model.version,
        meta=with_table(meta, metadata),
        quality={
            "pinyin": clean.pinyin,
            "lost": source.lost or clean.lost,
            "foreign": reading.roles.count("boilerplate"),
        },
        shares=shares,
        primary=primary([shares[theme].share for theme in ids], ids),
    )
    return Report(row, _sections(reading, paths), _lines(model, reading, paths), source.text)


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


def _lines(model: Model, reading: Reading, paths: list[tuple[str, ...]]) -> tuple[LineRow, ...]:
    scores, passages, source, ids = reading.scores, reading.passages, reading.source, model.scheme.ids
    explanations = explain(model.themes, passages, scores)
    row_of = {paragraph: row for row, paragraph in enumerate(scores.frame.themed.tolist())}
    terms = np.add.reduceat(scores.lexical.terms, passages.first_sentence, axis=0).tolist()
    novelty = _novelty(reading)
    margins = np.round(np.abs(scores.probability - model.themes.decision.threshold).min(axis=1), 4).tolist()
    probabilities = scores.probability.tolist()
    rows = []
    for number, paragraph in enumerate(reading.paragraphs):
        row = row_of.get(number)
        text = source.text[paragraph.start : paragraph.end]
        rows.append(
            LineRow(
                report=source.name,
                line=paragraph.line,
                start=paragraph.start,
                end=paragraph.end,
                role=reading.roles[number],
                section=reading.section_of[number],
                heading_path=paths[reading.section_of[number]],
                text=text,
                text_sha256=hashlib.sha256(text.encode()).hexdigest()[:16],
                themes=() if row is None else _themes(model, passages, scores.has[row], (reading, row), explanations),
                probabilities={} if row is None else dict(zip(ids, probabilities[row], strict=True)),
                margin=1.0 if row is None else margins[row],
                novelty=novelty[number],
                terms={theme: count for theme, count in zip(ids, terms[number], strict=True) if count},
                band="sure" if row is None or scores.sure[row] else "review",
                inferred=paragraph.inferred,
            )
        )
    return tuple(rows)


def _themes(
    model: Model,
    passages: Passages,
    has: np.ndarray[tuple[int], np.dtype[np.bool_]],
    place: tuple[Reading, int],
    explanations: Mapping[tuple[int, int], Explanation],
) -> tuple[ThemeScore, ...]:
    reading, row = place
    found = []
    for theme in np.flatnonzero(has).tolist():
        why = explanations[row, theme]
        found.append(
            ThemeScore(
                id=model.scheme.ids[theme],
                probability=float(reading.scores.probability[row, theme]),
                threshold=float(model.themes.decision.threshold[theme]),
                score=round(float(reading.scores.log_odds[row, theme]), 4),
                evidence=tuple(_evidence(passages, *word) for word in why.words),
                context=why.context,
                rest=why.rest,
            )
        )
    return tuple(found)


def _evidence(passages: Passages, start: int, end: int, weight: float) -> Evidence:
    origin = passages.clean.origin
    return Evidence(passages.clean.text[start:end], weight, int(origin[start]), int(origin[end - 1]) + 1)


def _novelty(reading: Reading) -> list[float]:
    """Share of each paragraph's features that the corpus does not know."""
    passages = reading.passages
    size = len(passages.first_sentence)
    every = np.bincount(passages.paragraph_of[passages.sentence_of], minlength=size)
    known = np.bincount(reading.scores.lexical.known.paragraph, minlength=size)
    novelty: list[float] = np.round(1 - known / np.maximum(every, 1), 4).tolist()
    return novelty
