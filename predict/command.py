"""The command of prediction: from a command line to reports annotated and written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError
from predict.formats import Legend, check_target, format_names, load_format, targets, write_reports
from predict.inputs import STDIN, Columns, Failure, count_documents, documents
from predict.progress import Progress

if TYPE_CHECKING:
    from predict.annotation import Report
    from predict.batch import Annotates, Load
    from predict.metadata_table import Table

DONE: Final = 0
NOTHING_DONE: Final = 2
DONE_IN_PART: Final = 3

_DESCRIPTION: Final = """\
给报告逐段标注主题。
Tag the paragraphs of reports with their themes.

  zhengfa annotate report.txt                     在终端显示概要 / a summary on the terminal
  zhengfa annotate reports --out all.jsonl        整个文件夹 / a whole folder
  zhengfa annotate reports --out page.html        供人阅读的网页 / a page for people
  zhengfa annotate table.csv --text-column 正文 --id-column 编号 --out tables"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this folder; each sets `run`, from its arguments to an exit status."""
    annotate = commands.add_parser(
        "annotate",
        help="给报告逐段标注主题 / tag the paragraphs of reports with their themes",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = annotate.add_argument
    add(
        "paths",
        nargs="+",
        metavar="PATH",
        help="文件、文件夹、表格（.csv .tsv .jsonl）或 -（标准输入） / files, folders, tables or -",
    )
    add(
        "--out",
        type=Path,
        metavar="X",
        help="写到哪里：后缀决定格式，无后缀为文件夹 / where to: a file by its suffix, else a folder",
    )
    add("--format", metavar="F", help=f"输出格式 / output format: {', '.join(format_names())}")
    add(
        "--keep-text",
        type=Path,
        metavar="DIR",
        help="保存抽取的文本（偏移以此为准） / save the texts that offsets refer to",
    )
    add(
        "--min-quality",
        type=float,
        default=0.0,
        metavar="Q",
        help="质量低于 Q（0 到 1）的报告不输出 / leave out reports of a lower quality, 0 to 1",
    )
    add("--model", type=Path, metavar="DIR", help="模型文件夹 / model folder (default: the one in use)")
    add("--jobs", type=int, default=1, metavar="N", help="并行进程数 / processes side by side (default: 1)")
    add(
        "--metadata",
        type=Path,
        metavar="T.csv",
        help="报告信息表，优先于文中所写 / table that outranks what reports say",
    )
    add("--text-column", default="text", metavar="C", help="表格的正文列 / a table's column of text (default: text)")
    add("--id-column", metavar="C", help="表格的编号列 / a table's column of ids (default: the row's number)")
    annotate.set_defaults(run=run_annotate)


def run_annotate(arguments: argparse.Namespace) -> int:
    """Annotate, write, list what failed; returns 0 done, 2 nothing done, 3 done in part."""
    from predict.tagger import Tagger

    return annotate(arguments, Tagger.load)


def annotate(arguments: argparse.Namespace, load: Load) -> int:
    """The same with any tagger that `load` gives for a model folder."""
    _check(arguments)
    metadata = _metadata(arguments.metadata)
    tagger = load(arguments.model)
    legend = Legend(tagger.model.scheme, _own_columns(metadata))
    tally = _Tally(_progress(arguments))
    reports = _chosen(tally.keep(_results(arguments, load, tagger, metadata)), arguments, tally)
    try:
        first = next(reports, None)
        if first is not None:
            _write(chain([first], reports), arguments, legend)
    finally:
        tally.progress.close()
    _warn_of_unknown(arguments.metadata, metadata, tally.names)
    return _conclude(tally)


@dataclass
class _Tally:
    """What became of the documents: names of those annotated, failures of the others, those left out."""

    progress: Progress
    names: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    poor: list[str] = field(default_factory=list)

    def keep(self, results: Iterable[Report | Failure]) -> Iterator[Report]:
        """Pass the reports on, keep the failures."""
        for result in results:
            self.progress.step()
            if isinstance(result, Failure):
                self.failures.append(result)
            else:
                self.names.append(result.row.report)
                yield result


def _chosen(reports: Iterator[Report], arguments: argparse.Namespace, tally: _Tally) -> Iterator[Report]:
    """The reports that are good enough, their texts saved where that is wanted."""
    good = (report for report in reports if _is_good(report, arguments.min_quality, tally))
    if arguments.keep_text is None:
        return good
    from predict.keep_text import keep_texts

    return keep_texts(good, arguments.keep_text)


def _is_good(report: Report, least: float, tally: _Tally) -> bool:
    is_good = report.row.quality.get("score", 1.0) >= least
    if not is_good:
        tally.poor.append(f"{report.row.report} ({report.row.quality['score']})")
    return is_good


def _check(arguments: argparse.Namespace) -> None:
    if not 0 <= arguments.min_quality <= 1:
        raise UserError(f"--min-quality {arguments.min_quality}: it must be from 0 to 1")
    if arguments.jobs < 1:
        raise UserError(f"--jobs {arguments.jobs}: it must be 1 or more")
    if arguments.out is None:
        load_format(arguments.format or "jsonl")
        return
    check_target(arguments.out, arguments.format)
    given = [Path(path) for path in [*arguments.paths, *filter(None, [arguments.metadata])] if path != STDIN]
    for target in targets(arguments.out):
        for path in given:
            if target.exists() and path.exists() and target.samefile(path):
                raise UserError(f"{target}: it is an input, too, and would be written over; choose another --out")


def _metadata(path: Path | None) -> Table:
    if path is None:
        return {}
    from predict.metadata_table import load_metadata

    return load_metadata(path)


def _own_columns(metadata: Table) -> tuple[str, ...]:
    from predict.metadata import FIELDS

    columns = dict.fromkeys(column for row in metadata.values() for column in row)
    return tuple(column for column in columns if column not in FIELDS)


def _progress(arguments: argparse.Namespace) -> Progress:
    # A summary on the same terminal shows by itself how far the work is.
    hidden = arguments.out is None and sys.stdout.isatty()
    shown = sys.stderr.isatty() and not hidden
    return Progress(count_documents(arguments.paths) if shown else 0, sys.stderr)


def _results(
    arguments: argparse.Namespace, load: Load, tagger: Annotates, metadata: Table
) -> Iterator[Report | Failure]:
    from predict.batch import annotate_documents, annotate_in_jobs

    found = documents(arguments.paths, Columns(arguments.text_column, arguments.id_column))
    if arguments.jobs > 1:
        return annotate_in_jobs(load, arguments.model, found, metadata, arguments.jobs)
    return annotate_documents(tagger, found, metadata)


def _write(reports: Iterable[Report], arguments: argparse.Namespace, legend: Legend) -> None:
    if arguments.out is not None:
        write_reports(reports, arguments.out, legend, arguments.format)
        return
    stream = sys.stdout.buffer
    load_format(arguments.format or ("terminal" if stream.isatty() else "jsonl")).write(reports, stream, legend)
    stream.flush()


def _warn_of_unknown(path: Path | None, metadata: Table, names: list[str]) -> None:
    if path is None:
        return
    from predict.metadata_table import unknown_reports

    warning = unknown_reports(metadata, names, path)
    if warning:
        print(f"zhengfa: 注意 / note: {warning}", file=sys.stderr)


def _conclude(tally: _Tally) -> int:
    if tally.poor:
        listed = ", ".join(tally.poor[:20]) + (" …" if len(tally.poor) > 20 else "")
        print(f"zhengfa: {len(tally.poor)} 篇质量不足，未输出 / left out for their quality: {listed}", file=sys.stderr)
    if not tally.failures:
        return NOTHING_DONE if tally.poor and len(tally.poor) == len(tally.names) else DONE
    if not tally.names and len(tally.failures) == 1:
        raise UserError(tally.failures[0].message)
    for failure in tally.failures:
        print(f"zhengfa: {failure.message}", file=sys.stderr)
    count, total = len(tally.failures), len(tally.failures) + len(tally.names)
    print(f"zhengfa: {total} 篇中 {count} 篇未标注 / {count} of {total} not annotated", file=sys.stderr)
    return DONE_IN_PART if tally.names else NOTHING_DONE
