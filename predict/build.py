"""From a reading to annotations: the rows that output formats write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from model.folder import Model
from model.reading import Reading
from model.rollup import primary, report_shares
from predict.annotation import LineRow, Report, ReportRow, Rows, SectionRow
from predict.metadata import read_metadata, with_table
from predict.rows import heading_paths, line_rows, section_rows


def build_reports(
    model: Model, reading: Reading, metadata: Sequence[Mapping[str, str] | None] | None = None
) -> list[Report]:
    """The annotations of the reports of a reading; `metadata` wins over what each report says of itself."""
    paths = heading_paths(reading)
    columns = zip(
        reading.sources,
        _report_rows(model, reading, metadata or [None] * len(reading.sources)),
        section_rows(reading, paths),
        line_rows(model, reading, paths),
        strict=True,
    )
    return [
        Report(row, Rows(sections, SectionRow), Rows(lines, LineRow), source.text)
        for source, row, sections, lines in columns
    ]


def build_report(model: Model, reading: Reading, metadata: Mapping[str, str] | None = None) -> Report:
    """The annotation of a reading of one report."""
    (report,) = build_reports(model, reading, [metadata])
    return report


def _report_rows(model: Model, reading: Reading, metadata: Sequence[Mapping[str, str] | None]) -> list[ReportRow]:
    clean, pages = reading.passages.clean, reading.passages.clean.pages.tolist()
    pinyin, lost = clean.pinyin.tolist(), clean.lost.tolist()
    rows = []
    for number, (source, (first, last)) in enumerate(zip(reading.sources, pairwise(pages), strict=True)):
        roles = reading.roles[first:last]
        shares = report_shares(reading.weights[first:last], model.scheme.ids)
        meta = read_metadata(list(zip(roles, reading.clean[first:last], strict=True)), source.name)
        rows.append(
            ReportRow(
                report=source.name,
                sha256=source.sha256,
                encoding=source.encoding,
                chars=len(source.text),
                model=model.version,
                meta=with_table(meta, metadata[number]),
                quality={
                    "pinyin": pinyin[number],
                    "lost": source.lost or lost[number],
                    "foreign": roles.count("boilerplate"),
                },
                shares=shares,
                primary=primary([shares[theme].share for theme in model.scheme.ids], model.scheme.ids),
            )
        )
    return rows
