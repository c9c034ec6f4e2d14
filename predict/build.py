"""From a reading to annotations: the rows that output formats write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import BinaryIO, Final, cast

from model.folder import Model
from model.reading import Reading
from model.rollup import Weights, dealt, primary, report_shares
from model.source import Source
from predict.annotation import LineRow, Report, ReportRow, SectionRow
from predict.encoded_rows import Rows
from predict.metadata import read_metadata, with_table
from predict.rows import heading_paths, line_rows, section_rows

# Bytes of a long report's rows that wait in memory before they go to a file.
_IN_MEMORY: Final = 1 << 24


def build_reports(
    model: Model, reading: Reading, metadata: Sequence[Mapping[str, str] | None] | None = None
) -> list[Report]:
    """The annotations of the reports of a reading; `metadata` wins over what each report says of itself."""
    paths = heading_paths(reading)
    given = metadata or [None] * len(reading.sources)
    columns = zip(
        reading.sources,
        _facts(reading),
        given,
        section_rows(reading, paths),
        line_rows(model, reading, paths),
        strict=True,
    )
    return [
        Report(
            _report_row(model, source, facts, row), Rows.of(sections, SectionRow), Rows.of(lines, LineRow), source.text
        )
        for source, facts, row, sections, lines in columns
    ]


def build_report(model: Model, reading: Reading, metadata: Mapping[str, str] | None = None) -> Report:
    """The annotation of a reading of one report."""
    (report,) = build_reports(model, reading, [metadata])
    return report


def build_long_report(
    model: Model, source: Source, parts: Iterable[Reading], metadata: Mapping[str, str] | None = None
) -> Report:
    """The annotation of one report from the readings of its parts; its rows wait in a file, there may be millions.

    What it says of itself is looked for in its first part.
    """
    from tempfile import SpooledTemporaryFile

    # Who asks for the rows reads them there; the files close with the rows.
    sections, lines = (cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY)) for _ in range(2))  # noqa: SIM115
    counts, seen = [0, 0], list[_Facts]()

    def weights() -> Iterator[Weights]:
        for part in parts:
            reading = replace(part, sections=[replace(own, index=own.index + counts[0]) for own in part.sections])
            paths = heading_paths(reading)
            sections.writelines(section_rows(reading, paths))
            lines.writelines(line_rows(model, reading, paths))
            counts[:] = counts[0] + len(reading.sections), counts[1] + len(reading.paragraphs)
            (facts,) = _facts(reading)
            seen.append(replace(facts, lines=() if seen else facts.lines, weights=facts.weights[:0].copy()))
            yield facts.weights

    of_all = dealt(weights(), len(model.scheme.ids))
    facts = replace(
        seen[0],
        weights=of_all,
        pinyin=sum(part.pinyin for part in seen),
        lost=sum(part.lost for part in seen),
        foreign=sum(part.foreign for part in seen),
    )
    rows = Rows(sections, counts[0], SectionRow), Rows(lines, counts[1], LineRow)
    return Report(_report_row(model, source, facts, metadata), *rows, source.text)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a report's own row is made of: roles and clean text of its lines, weights of its paragraphs, its damage."""

    lines: Sequence[tuple[str, str]]
    weights: Weights
    pinyin: int
    lost: int
    foreign: int


def _facts(reading: Reading) -> list[_Facts]:
    clean, facts = reading.passages.clean, []
    columns = zip(pairwise(clean.pages.tolist()), clean.pinyin.tolist(), clean.lost.tolist(), strict=True)
    for (first, last), pinyin, lost in columns:
        roles = reading.roles[first:last]
        lines = list(zip(roles, reading.clean[first:last], strict=True))
        facts.append(_Facts(lines, reading.weights[first:last], pinyin, lost, roles.count("boilerplate")))
    return facts


def _report_row(model: Model, source: Source, facts: _Facts, metadata: Mapping[str, str] | None) -> ReportRow:
    ids = model.scheme.ids
    shares = report_shares(facts.weights, ids)
    return ReportRow(
        report=source.name,
        sha256=source.sha256,
        encoding=source.encoding,
        chars=len(source.text),
        model=model.version,
        meta=with_table(read_metadata(facts.lines, source.name), metadata),
        quality={"pinyin": facts.pinyin, "lost": source.lost or facts.lost, "foreign": facts.foreign},
        shares=shares,
        primary=primary([shares[theme].share for theme in ids], ids),
    )
