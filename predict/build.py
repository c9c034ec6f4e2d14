"""From a reading to annotations: the rows that output formats write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from model.dirt import Dirt, measure
from model.folder import Model
from model.reading import Reading
from model.rollup import Share, Weights, dealt, primary, report_shares, shares_of_reports
from model.source import Source
from predict.annotation import LineRow, Report, ReportRow, SectionRow
from predict.encoded_rows import Rows, waiting_rows
from predict.metadata import read_metadata, with_page, with_table
from predict.rows import heading_paths, line_rows, section_rows
from predict.unfamiliar import unfamiliar


def build_reports(
    model: Model, reading: Reading, metadata: Sequence[Mapping[str, str] | None] | None = None
) -> list[Report]:
    """The annotations of the reports of a reading; `metadata` wins over what each report says of itself."""
    paths, facts = heading_paths(reading), _facts(reading)
    given = metadata or [None] * len(reading.sources)
    columns = zip(
        reading.sources,
        facts,
        shares_of_reports([own.weights for own in facts], model.scheme.ids),
        given,
        section_rows(reading, paths),
        line_rows(model, reading, paths),
        strict=True,
    )
    return [
        Report(
            _report_row(model, source, own, shares, row),
            Rows.of(sections, SectionRow),
            Rows.of(lines, LineRow),
            source.text,
        )
        for source, own, shares, row, sections, lines in columns
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
    sections, lines = waiting_rows(), waiting_rows()
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

    shares = report_shares(dealt(weights(), len(model.scheme.ids)), model.scheme.ids)
    facts = replace(
        seen[0],
        chars=sum(part.chars for part in seen),
        pinyin=sum(part.pinyin for part in seen),
        foreign=sum(part.foreign for part in seen),
        dirt=_together(seen),
    )
    rows = Rows(sections, counts[0], SectionRow), Rows(lines, counts[1], LineRow)
    return Report(_report_row(model, source, facts, shares, metadata), *rows, source.text)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a report's own row is made of: roles and clean text of its lines, weights of its paragraphs, its damage."""

    lines: Sequence[tuple[str, str]]
    weights: Weights
    chars: int
    pinyin: int
    foreign: int
    dirt: Dirt


def _together(parts: Sequence[_Facts]) -> Dirt:
    """The dirt of all parts of a report."""
    chars = sum(part.chars for part in parts)
    return Dirt(
        lost=sum(part.dirt.lost for part in parts),
        spam=sum(part.dirt.spam for part in parts),
        mirrored=sum(part.dirt.mirrored for part in parts),
        score=round(sum(part.dirt.score * part.chars for part in parts) / max(chars, 1), 4),
    )


def _facts(reading: Reading) -> list[_Facts]:
    clean, facts = reading.passages.clean, []
    for number, (first, last) in enumerate(pairwise(clean.pages.tolist())):
        roles, page = reading.roles[first:last], clean.page(number)
        pinyin, lost = int(page.pinyin[0]), int(page.lost[0])
        facts.append(
            _Facts(
                lines=list(zip(roles, reading.clean[first:last], strict=True)),
                weights=reading.weights[first:last],
                chars=len(page.text),
                pinyin=pinyin,
                foreign=roles.count("boilerplate"),
                dirt=measure(page, roles, reading.why[first:last], reading.sources[number].lost or lost),
            )
        )
    return facts


def _report_row(
    model: Model, source: Source, facts: _Facts, shares: dict[str, Share], metadata: Mapping[str, str] | None
) -> ReportRow:
    ids = model.scheme.ids
    meta = with_table(with_page(read_metadata(facts.lines, source.name), source.said), metadata)
    return ReportRow(
        report=source.name,
        sha256=source.sha256,
        encoding=source.encoding,
        chars=len(source.text),
        model=model.version,
        meta=meta,
        quality={
            "pinyin": facts.pinyin,
            "lost": facts.dirt.lost,
            "foreign": facts.foreign,
            "spam": facts.dirt.spam,
            "mirrored": facts.dirt.mirrored,
            "score": facts.dirt.score,
        },
        shares=shares,
        primary=primary([shares[theme].share for theme in ids], ids),
        warnings=(*source.warnings, *unfamiliar(model, meta)),
        format=source.format,
        converted_by=source.converted_by,
    )
