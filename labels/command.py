"""The commands of labels: they translate a command line into one call each."""

from __future__ import annotations

import argparse
from pathlib import Path

from labels import command_exchange
from labels.corpus import DEFAULT_CORPUS, load_corpus
from labels.scheme import DEFAULT_THEMES, load_scheme


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this folder; each sets `run`, from its arguments to an exit status."""
    labels = commands.add_parser("labels", help="主题与标注语料 / themes and labelled reports")
    actions = labels.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)
    check = actions.add_parser("check", help="检查主题与标注语料 / check themes and labelled reports")
    check.add_argument("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    check.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS, help="标注语料文件夹 / labelled reports")
    check.set_defaults(run=_check)
    command_exchange.add_commands(actions)


def _check(arguments: argparse.Namespace) -> int:
    scheme = load_scheme(arguments.themes)
    reports = load_corpus(arguments.corpus, scheme=scheme)
    lines = sum(len(report.lines) for report in reports)
    print(f"{len(scheme.themes)} 个主题 / themes, {len(reports)} 篇报告 / reports, {lines} 段 / lines")
    return 0
