"""The command of prediction: from a command line to reports annotated and written."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError
from predict.formats import Legend, check_target, format_names, load_format, targets, write_reports
from predict.inputs import STDIN, Columns, Failure, count_documents, documents
from predict.progress import Progress

if TYPE_CHECKING:
    from predict.annotation import Report
    from predict.batch import Load
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
    add("paths", nargs="+", metavar="PATH", help="文件、文件夹、表格（.csv .tsv .jsonl）或 -（标准输入） / files, folders, tables or -")
    add("--out", type=Path, metavar="X", help="写到哪里：后缀决定格式，无后缀为文件夹 / where to: a file by its suffix, else a folder")
    add("--format", metavar="F", help=f"输出格式 / output format: {', '.join(format_names())}")
    add("--model", type=Path, metavar="DIR", help="模型文件夹 / model folder (default: the one in use)")
    add("--jobs", type=int, default=1, metavar="N", help="并行进程数 / processes side by side (default: 1)")
    add("--metadata", type=Path, metavar="T.csv", help="报告信息表，优先于文中所写 / table that outranks what reports say")
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
    columns = dict.fromkeys(column for row in metadata.values() for column in row)
    legend = Legend(tagger.model.scheme, tuple(columns))
    run = _Run(arguments, metadata)
    first = next(run.reports(load, tagger), None)
    del first
    return DONE
