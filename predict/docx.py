"""DOCX: the report for people who live in Word; a folder gets a document for each report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from predict.annotation import Report
from predict.atomic import replacing
from predict.docx_parts import new_document
from predict.docx_report import ReportWriter
from predict.file_names import FileNames
from predict.formats import Format, Legend
from predict.package import write_package


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write one document that holds all reports; it is put together in memory."""
    document = new_document("政法工作报告主题标注")
    writer = ReportWriter(document, legend.scheme)
    for report in reports:
        writer.write(report)
    write_package(document.save, stream)


def write_folder(reports: Iterable[Report], folder: Path, legend: Legend) -> None:
    """Write a document for each report, whole or not at all; it is called as the report is."""
    names = FileNames(".docx")
    for report in reports:
        with replacing(folder / names.path(report.row.report)) as stream:
            write([report], stream, legend)


FORMAT: Final = Format(write, write_folder)
