"""DOCX: the report for people who live in Word; a folder gets a document for each report."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from labels.files import replacing
from predict.annotation import Report
from predict.docx_original import mark_original, open_original
from predict.docx_parts import new_document
from predict.docx_report import ReportWriter
from predict.file_names import FileNames
from predict.formats import Format, Legend
from predict.package import write_package


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write one document that holds all reports; a single one that came as a Word document is that document, marked."""
    coming = iter(reports)
    first = list(islice(coming, 2))
    original = open_original(first[0]) if len(first) == 1 else None
    if original is not None:
        mark_original(original, first[0], legend.scheme)
        write_package(original.save, stream, keep_dates=True)
        return
    document = new_document("政法工作报告主题标注")
    writer = ReportWriter(document, legend.scheme)
    for report in chain(first, coming):
        writer.write(report)
    write_package(document.save, stream)


def write_folder(reports: Iterable[Report], folder: Path, legend: Legend) -> None:
    """Write a document for each report, whole or not at all; it is called as the report is."""
    names = FileNames(".docx")
    for report in reports:
        with replacing(folder / names.path(report.row.report)) as stream:
            write([report], stream, legend)


FORMAT: Final = Format(write, write_folder)
