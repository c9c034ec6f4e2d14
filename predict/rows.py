"""Rows of sections and lines, written as JSON straight from the arrays of a reading, for all its reports at once.

A column becomes text in one call; a row is its cells and what stands between them, joined.
"""

from __future__ import annotations

import hashlib
from binascii import hexlify
from collections.abc import Iterable, Sequence
from itertools import pairwise, repeat
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from model.blocks import NOWHERE
from model.context import CONTEXT
from model.evidence import Reasons, find_reasons
from model.folder import Model
from model.paragraphs import joined
from model.reading import Reading

_BANDS: Final = (b',"band":"review","decided_by":"model"', b',"band":"sure","decided_by":"model"')


def section_rows(reading: Reading, paths: Sequence[tuple[str, ...]]) -> list[bytes]:
    """Of each report the rows of its sections, each with a newline behind it; `paths` are the headings of each."""
    names = np.repeat([source.name for source in reading.sources], np.diff(_section_pages(reading))).tolist()
    rows = []
    for section, name, path, themes in zip(reading.sections, names, paths, reading.section_themes, strict=True):
        filled = section.last > section.first
        row = {
            "kind": "section",
            "report": name,
            "section": section.index,
            "heading_line": 0 if section.heading is None else reading.paragraphs[section.heading].line,
            "level": section.level,
            "heading_path": path,
            "start": reading.paragraphs[section.first].start if filled else 0,
            "end": reading.paragraphs[section.last - 1].end if filled else 0,
            "shares": themes.shares,
            "themes": themes.themes,
            "primary": themes.primary,
        }
        rows.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return _by_report(rows, _section_pages(reading))


def heading_paths(reading: Reading) -> list[tuple[str, ...]]:
    """The headings over each section and its own, as one line each."""
    report = _report_of(reading.passages.clean.pages, [section.first for section in reading.sections])
    return [
        tuple(joined(reading.sources[number].text, reading.paragraphs[heading]) for heading in section.path)
        for number, section in zip(report, reading.sections, strict=True)
    ]


def line_rows(model: Model, reading: Reading, paths: Sequence[tuple[str, ...]]) -> list[bytes]:
    """Of each report the rows of its lines, each with a newline behind it; `paths` are the headings of each section."""
    paragraphs, pages = reading.paragraphs, reading.passages.clean.pages
    heads = [b'{"kind":"line","report":' + orjson.dumps(source.name) + b',"line":' for source in reading.sources]
    roles = {role: b',"role":"' + role.encode() + b'","section":' for role in set(reading.roles)}
    sections = [
        b"%d" % section.index + b',"heading_path":' + orjson.dumps(path) + b',"text":"'
        for section, path in zip(reading.sections, paths, strict=True)
    ]
    rows = _joined(
        [head for head, count in zip(heads, np.diff(pages).tolist(), strict=True) for _ in range(count)],
        _numbers([paragraph.line for paragraph in paragraphs]),
        _numbers([paragraph.start for paragraph in paragraphs], b',"start":'),
        _numbers([paragraph.end for paragraph in paragraphs], b',"end":'),
        map(roles.__getitem__, reading.roles),
        map(sections.__getitem__, reading.section_of),
        _strings(reading.texts),
        _hashes(reading.texts),
        *_scored(model, reading),
        _numbers(_novelty(reading), b',"novelty":', b',"terms":'),
        _terms(model, reading),
        _bands(reading),
        _ends(reading),
    )
    return _by_report(rows, pages.tolist())


def _scored(model: Model, reading: Reading) -> tuple[list[bytes], ...]:
    """Cells from themes to margin; of a paragraph that has no themes for its role they are empty."""
    scores, ids, size = reading.scores, model.scheme.ids, len(reading.paragraphs)
    themes, probabilities, margins = [b"[]"] * size, [b',"probabilities":{},"margin":'] * size, [b"1.0"] * size
    distance = np.abs(scores.probability - model.themes.decision.threshold).min(axis=1)
    cells = _joined(repeat(b',"probabilities":{'), *_members(ids, scores.probability), repeat(b'},"margin":'))
    of_rows = _themes(model, reading)
    for row, (paragraph, cell, margin) in enumerate(
        zip(scores.frame.themed.tolist(), cells, _numbers(np.round(distance, 4)), strict=True)
    ):
        themes[paragraph] = of_rows[row]
        probabilities[paragraph] = cell
        margins[paragraph] = margin
    return themes, probabilities, margins


def _themes(model: Model, reading: Reading) -> list[bytes]:
    """The list of themes of every themed paragraph, with the reasons for each."""
    scores, decision = reading.scores, model.themes.decision
    reasons = find_reasons(model.themes, scores)
    before = [b'{"id":"' + theme.encode() + b'","probability":' for theme in model.scheme.ids]
    between = [b',"threshold":%b,"score":' % threshold for threshold in _numbers(decision.threshold)]
    words, bounds = _words(reading, reasons), reasons.first.tolist()
    number, row = reasons.theme.tolist(), np.arange(len(scores.has) + 1)
    cases = _joined(
        map(before.__getitem__, number),
        _numbers(scores.probability[reasons.row, reasons.theme]),
        map(between.__getitem__, number),
        _numbers(np.round(scores.log_odds[reasons.row, reasons.theme], 4), after=b',"evidence":['),
        [b",".join(words[first:last]) for first, last in pairwise(bounds)],
        repeat(b'],"context":{'),
        *_members(tuple(CONTEXT), reasons.context),
        _numbers(reasons.rest, b'},"rest":', b"}"),
    )
    places = np.searchsorted(reasons.row, row).tolist()
    return [b"[" + b",".join(cases[first:last]) + b"]" for first, last in pairwise(places)]


def _words(reading: Reading, reasons: Reasons) -> list[bytes]:
    clean = reading.passages.clean
    spans = zip(reasons.start.tolist(), reasons.end.tolist(), strict=True)
    return _joined(
        _strings([clean.text[start:end] for start, end in spans], b'{"term":"'),
        _numbers(reasons.weight, b'","weight":'),
        _numbers(clean.origin[reasons.start], b',"start":'),
        _numbers(clean.origin[reasons.end - 1] + 1, b',"end":', b"}"),
    )


def _terms(model: Model, reading: Reading) -> list[bytes]:
    """How many terms of each theme every paragraph holds."""
    ids, known = model.scheme.ids, dict[tuple[int, ...], bytes]()
    counts = np.add.reduceat(reading.scores.lexical.terms, reading.passages.first_sentence, axis=0).tolist()
    cells = []
    for row in map(tuple, counts):
        if row not in known:
            known[row] = orjson.dumps({theme: count for theme, count in zip(ids, row, strict=True) if count})
        cells.append(known[row])
    return cells


def _novelty(reading: Reading) -> NDArray[np.float64]:
    """Share of each paragraph's features that the corpus does not know."""
    passages = reading.passages
    size = len(passages.first_sentence)
    every = np.bincount(passages.paragraph_of[passages.sentence_of], minlength=size)
    known = np.bincount(passages.paragraph_of[reading.scores.lexical.known.sentence], minlength=size)
    return np.round(1 - known / np.maximum(every, 1), 4)


def _ends(reading: Reading) -> list[bytes]:
    """What ends each row, before it what few lines have: that breaks were guessed, places in a document."""
    ends = [b"}\n"] * len(reading.paragraphs)
    for number, (paragraph, place, why) in enumerate(zip(reading.paragraphs, reading.places, reading.why, strict=True)):
        if paragraph.inferred or why or place is not NOWHERE:
            said = {"inferred": paragraph.inferred, "page": place.page, "paragraph": place.paragraph, "role_by": why}
            rare = {
                key: value for key, value in said.items() if value is not None and value is not False and value != ""
            }
            ends[number] = b"," * bool(rare) + orjson.dumps(rare)[1:] + b"\n"
    return ends


def _bands(reading: Reading) -> list[bytes]:
    sure = np.ones(len(reading.paragraphs), dtype=np.bool_)
    sure[reading.scores.frame.themed] = reading.scores.sure
    return list(map(_BANDS.__getitem__, sure.tolist()))


def _section_pages(reading: Reading) -> list[int]:
    """The number of the first section of each report, and of all sections."""
    first = [section.first for section in reading.sections]
    pages: list[int] = np.searchsorted(first, reading.passages.clean.pages).tolist()
    return pages


def _report_of(pages: NDArray[np.int64], paragraphs: Sequence[int]) -> list[int]:
    report: list[int] = (np.searchsorted(pages, paragraphs, side="right") - 1).tolist()
    return report


def _by_report(rows: Sequence[bytes], pages: Iterable[int]) -> list[bytes]:
    return [b"".join(rows[first:last]) for first, last in pairwise(pages)]


def _hashes(texts: Sequence[str]) -> list[bytes]:
    """What stands between a line's text and its themes."""
    digests = b"".join([hashlib.sha256(text.encode()).digest()[:8] for text in texts])
    return _cells(hexlify(digests, b",", 8), b",", b'","text_sha256":"', b'","themes":')


def _members(names: Sequence[str], values: NDArray[np.float64]) -> list[list[bytes]]:
    """The members of as many objects as `values` has rows, a column each, with commas between."""
    keys = [b"," * bool(number) + orjson.dumps(name) + b":" for number, name in enumerate(names)]
    return [_numbers(column, key) for key, column in zip(keys, values.T, strict=True)]


def _numbers(values: Sequence[int] | NDArray[Any], before: bytes = b"", after: bytes = b"") -> list[bytes]:
    """Every number as JSON between `before` and `after`."""
    if not len(values):
        return []
    plain = np.ascontiguousarray(values) if isinstance(values, np.ndarray) else values
    return _cells(orjson.dumps(plain, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1], b",", before, after)


def _strings(values: Sequence[str], before: bytes = b"") -> list[bytes]:
    """Every string as JSON, without its quotation marks, behind `before`."""
    # Inside a string a quotation mark has a backslash before it, so what parts two strings stands nowhere else.
    return _cells(orjson.dumps(values)[2:-2], b'","', before) if values else []


def _cells(joined_cells: bytes, comma: bytes, before: bytes, after: bytes = b"") -> list[bytes]:
    """The cells between the commas, each between `before` and `after`; none of these breaks lines."""
    return (before + joined_cells.replace(comma, after + b"\n" + before) + after).split(b"\n")


def _joined(*columns: Iterable[bytes]) -> list[bytes]:
    return list(map(b"".join, zip(*columns, strict=False)))
