"""The command of prediction: from a command line to reports annotated and written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError
from predict import command_compare, command_diff
from predict.formats import Legend, check_target, format_names, load_format, targets, wants_shards
from predict.inputs import STDIN, Columns, count_documents, documents, refuse_input
from predict.progress import Progress

if TYPE_CHECKING:
    from predict.job import Job
    from predict.metadata_table import Table
    from predict.workers import Crew, Load

NAMES: Final = ("annotate", "compare", "diff")
DONE: Final = 0
NOTHING_DONE: Final = 2
DONE_IN_PART: Final = 3

_DESCRIPTION: Final = """\
给报告逐段标注主题。
Tag the paragraphs of reports with their themes.

  zhengfa annotate report.txt                     在终端显示概要 / a summary on the terminal
  zhengfa annotate reports --out all.jsonl        整个文件夹 / a whole folder
  zhengfa annotate reports --out page.html        供人阅读的网页 / a page for people
  zhengfa annotate table.csv --text-column 正文 --id-column 编号 --out tables
  zhengfa annotate archive --out shards --format jsonl --jobs 2
                                                  大批报告，可续跑 / an archive in shards; goes on after any stop"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this folder; each sets `run`, from its arguments to an exit status."""
    annotate = commands.add_parser(
        "annotate",
        help="给报告逐段标注主题 / tag the paragraphs of reports with their themes",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_result(annotate)
    _add_work(annotate)
    annotate.set_defaults(run=run_annotate)
    command_compare.add_commands(commands)
    command_diff.add_commands(commands)


def _add_result(annotate: argparse.ArgumentParser) -> None:
    """What is annotated, and what becomes of it."""
    add = annotate.add_argument
    add(
        "paths",
        nargs="+",
        metavar="PATH",
        help="文件、文件夹、ZIP、表格（.csv .tsv .jsonl .parquet）或 -（标准输入） / files, folders, ZIPs, tables or -",
    )
    add(
        "--out",
        type=Path,
        metavar="X",
        help="写到哪里：后缀决定格式，无后缀为文件夹 / where to: a file by its suffix, else a folder",
    )
    add(
        "--format",
        metavar="F",
        help=f"输出格式：{', '.join(format_names())}；文件夹用 jsonl 或 parquet 则分片 / output format; "
        "jsonl or parquet into a folder means shards",
    )
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


def _add_work(annotate: argparse.ArgumentParser) -> None:
    """By what it is annotated: model, processes, tables."""
    add = annotate.add_argument
    add("--model", type=Path, metavar="DIR", help="模型文件夹 / model folder (default: the one in use)")
    add("--jobs", type=int, default=1, metavar="N", help="并行进程数 / processes side by side (default: 1)")
    add("--scheduler", metavar="ADDRESS", help="在 Dask 集群上运行 / run on a Dask cluster: tcp://HOST:8786")
    add(
        "--metadata",
        type=Path,
        metavar="T.csv",
        help="报告信息表，优先于文中所写 / table that outranks what reports say",
    )
    add("--text-column", default="text", metavar="C", help="表格的正文列 / a table's column of text (default: text)")
    add("--id-column", metavar="C", help="表格的编号列 / a table's column of ids (default: the row's number)")
    add(
        "--decisions",
        type=Path,
        metavar="DB",
        help="人工判断，以人为准 / people's decisions, which outrank the model's",
    )


def run_annotate(arguments: argparse.Namespace) -> int:
    """Annotate, write, list what failed; returns 0 done, 2 nothing done, 3 done in part."""
    from model.default import default_model
    from predict.workers import load_tagger

    # What `current` names may change while a long run is under way.
    arguments.model = (arguments.model or default_model()).resolve()
    if arguments.decisions is None:
        return annotate(arguments, load_tagger)
    from predict.decisions import DecidedLoad

    return annotate(arguments, DecidedLoad(arguments.decisions))


def annotate(arguments: argparse.Namespace, load: Load) -> int:
    """The same with any tagger that `load` gives for a model folder."""
    from predict.signals import ending_well
    from predict.workers import Workers, crew

    _check(arguments)
    if arguments.keep_text is not None or arguments.min_quality:
        from predict.chosen import ChosenLoad

        load = ChosenLoad(load, arguments.min_quality, arguments.keep_text)
    metadata = _metadata(arguments.metadata)
    with ending_well(), crew(Workers(load, arguments.model, arguments.jobs)) as workers:
        job = _job(arguments, workers, metadata)
        try:
            _run(arguments, job)
        finally:
            job.tally.progress.close()
    _warn_of_unknown(arguments.metadata, metadata, job.tally.names)
    return _conclude(job.tally.reports, job.tally.failed)


def _job(arguments: argparse.Namespace, crew: Crew, metadata: Table) -> Job:
    from predict.job import Job
    from predict.tally import Tally

    columns = Columns(arguments.text_column, arguments.id_column)
    return Job(
        crew=crew,
        found=documents(arguments.paths, columns),
        metadata=metadata,
        legend=Legend(crew.tagger.model.scheme, _own_columns(metadata)),
        tally=Tally(_progress(arguments, columns), metadata),
    )


def _run(arguments: argparse.Namespace, job: Job) -> None:
    if wants_shards(arguments.out, arguments.format):
        from predict.command_archive import run_shards

        run_shards(arguments, job)
    else:
        from predict.command_files import run_files

        run_files(arguments, job)


def _conclude(reports: int, failed: int) -> int:
    if not failed:
        return DONE
    return DONE_IN_PART if reports else NOTHING_DONE


def _check(arguments: argparse.Namespace) -> None:
    if not 0 <= arguments.min_quality <= 1:
        raise UserError(f"--min-quality {arguments.min_quality}: it must be from 0 to 1")
    _check_out(arguments)
    if arguments.scheduler is not None:
        from predict.command_archive import check_scheduler

        check_scheduler(arguments)


def _check_folder(folder: Path, option: str, suffix: str, paths: Sequence[str]) -> None:
    """Refuse a folder for files named as their reports where reports of that suffix may be read from it."""
    for path in map(Path, paths):
        own = path if path.is_dir() else path.parent
        if (path.is_dir() or path.suffix.lower() == suffix) and folder.is_dir() and folder.samefile(own):
            raise UserError(
                f"{folder}: reports are read from there, and would be written over; choose another {option}"
            )


def _check_out(arguments: argparse.Namespace) -> None:
    if arguments.keep_text is not None:
        _check_folder(arguments.keep_text, "--keep-text", ".txt", arguments.paths)
    if arguments.out is None:
        load_format(arguments.format or "jsonl")
        return
    if wants_shards(arguments.out, arguments.format):
        return
    if check_target(arguments.out, arguments.format) == "docx":
        _check_folder(arguments.out, "--out", ".docx", arguments.paths)
    given = [
        Path(path)
        for path in [*arguments.paths, *filter(None, [arguments.metadata, arguments.decisions])]
        if path != STDIN
    ]
    for target in targets(arguments.out):
        refuse_input(target, given)


def _metadata(path: Path | None) -> Table:
    if path is None:
        return {}
    from predict.metadata_table import load_metadata

    return load_metadata(path)


def _own_columns(metadata: Table) -> tuple[str, ...]:
    from predict.metadata import FIELDS

    columns = dict.fromkeys(column for row in metadata.values() for column in row)
    return tuple(column for column in columns if column not in FIELDS)


def _progress(arguments: argparse.Namespace, columns: Columns) -> Progress:
    # A summary on the same terminal shows by itself how far the work is.
    hidden = arguments.out is None and sys.stdout.isatty()
    shown = sys.stderr.isatty() and not hidden
    return Progress(count_documents(arguments.paths, columns) if shown else 0, sys.stderr)


def _warn_of_unknown(path: Path | None, metadata: Table, names: list[str]) -> None:
    if path is None:
        return
    from predict.metadata_table import unknown_reports

    warning = unknown_reports(metadata, names, path)
    if warning:
        print(f"zhengfa: 注意 / note: {warning}", file=sys.stderr)
