"""The commands that show how far labels can be trusted: each translates a command line into one call."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from labels.corpus import DEFAULT_CORPUS
from labels.errors import UserError
from labels.files import write_whole
from labels.scheme import DEFAULT_THEMES

PART_DONE = 3


def add_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions to `zhengfa labels`; each sets `run`, from its arguments to an exit status."""
    check = actions.add_parser("check", help="检查主题与标注语料 / check themes and labelled reports")
    _add_corpus(check)
    check.add_argument(
        "--gold",
        type=Path,
        nargs="+",
        metavar="DIR",
        help="不得混入训练的报告 / reports that training must not hold (default: those beside the corpus)",
    )
    check.set_defaults(run=_check)
    stats = actions.add_parser("stats", help="语料统计 / what the labelled reports hold")
    _add_corpus(stats)
    stats.set_defaults(run=_stats)
    errors = actions.add_parser("errors", help="找出可能标错的段落 / probable label errors, the likeliest first")
    _add_corpus(errors)
    errors.add_argument("--model", type=Path, metavar="DIR", help="模型文件夹 / whose rows (default: the one in use)")
    errors.add_argument("--top", type=int, default=20, metavar="N", help="列出几条 / how many to list (default: 20)")
    errors.set_defaults(run=_errors)
    _add_agreement(actions)


def _add_agreement(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    agreement = actions.add_parser("agreement", help="标注者之间的一致性 / agreement of coders: kappa and alpha")
    agreement.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="每人一个标注文件或文件夹，或审阅库 / labelled reports or folders, one a coder; or stores of decisions",
    )
    agreement.add_argument("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    agreement.add_argument("--table", action="store_true", help="可贴入论文的表 / a table to paste into a paper")
    agreement.add_argument("--csv", type=Path, metavar="FILE", help="全部数字另存为 CSV / write all figures here, too")
    agreement.set_defaults(run=_agreement)


def _add_corpus(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS, help="标注语料文件夹 / labelled reports")


def _check(arguments: argparse.Namespace) -> int:
    from labels.checks import HELD_OUT, check_labels
    from labels.journal import check_finished
    from labels.scheme import load_scheme

    check_finished(arguments.themes.parent)
    scheme = load_scheme(arguments.themes)
    held_out: Sequence[Path] = arguments.gold or [folder for folder in HELD_OUT if folder.is_dir()]
    checked = check_labels(arguments.corpus, held_out, scheme)
    for finding in checked.findings:
        print(finding)
    reports = len({row.place.path for row in checked.corpus})
    print(
        f"{len(scheme.themes)} 个主题 / themes, {reports} 篇报告 / reports, {len(checked.corpus)} 段 / lines, "
        f"{len(checked.held_out)} 段留出 / held out, {len(checked.findings)} 处问题 / findings"
    )
    return PART_DONE if checked.findings else 0


def _stats(arguments: argparse.Namespace) -> int:
    from labels.corpus import load_corpus
    from labels.scheme import load_scheme
    from labels.statistics import statistics_by_slice, statistics_of
    from labels.trust_tables import statistics_table

    scheme = load_scheme(arguments.themes)
    reports = load_corpus(arguments.corpus, scheme=scheme)
    whole = statistics_of(reports, scheme, "全部 all")
    print(statistics_table(whole, statistics_by_slice(reports, scheme), scheme))
    return 0


def _errors(arguments: argparse.Namespace) -> int:
    from labels.corpus import load_corpus
    from labels.out_of_fold import read_out_of_fold
    from labels.scheme import load_scheme
    from labels.suspects import current_rows, rank_suspects
    from labels.trained import read_trained
    from labels.trust_tables import suspects_table

    if arguments.top < 1:
        raise UserError(f"--top {arguments.top}: it must be 1 or more")
    scheme = load_scheme(arguments.themes)
    reports = {report.name: report for report in load_corpus(arguments.corpus, scheme=scheme)}
    trained = read_trained(arguments.model)
    rows = current_rows(read_out_of_fold(trained.folder), reports)
    if not rows:
        raise UserError(f"{trained.folder}: it was not trained on {arguments.corpus}; train on that first")
    suspects = rank_suspects(rows, scheme.ids)
    for block in suspects_table(suspects, arguments.top, reports, trained.thresholds, scheme):
        print(block, end="\n\n")
    return 0


def _agreement(arguments: argparse.Namespace) -> int:
    from labels.label_sets import load_label_sets
    from labels.reliability import reliability
    from labels.reliability_tables import csv_table, paper_table, plain_table
    from labels.scheme import load_scheme

    scheme = load_scheme(arguments.themes)
    sets = load_label_sets(arguments.files, scheme)
    periods = reliability(sets, scheme)
    if arguments.csv:
        write_whole(arguments.csv, csv_table(periods))
    print(paper_table(periods, sets, scheme) if arguments.table else "\n\n".join(plain_table(periods, sets, scheme)))
    return 0
