"""The commands that compare: our model with simpler systems, and with variants of itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError

if TYPE_CHECKING:
    from train.baselines import Entry
    from train.material import Material


_CORPUS: Final = "标注语料文件夹 / labelled reports (default: the bundled corpus)"
_ERAS: Final = (
    "逐个年代留出，看模型换了年代还准不准 / hold out each era in turn: how a model bears years it has not seen"
)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the three commands; each sets `run`, from its arguments to an exit status."""
    for name, text, run in (
        ("baselines", "与简单方法比较 / compare our model with simpler systems", _baselines),
        ("ablation", "逐项去掉模型的部件再比较 / compare our model with variants of itself", _ablation),
    ):
        parser = commands.add_parser(name, help=text, description=text)
        _add_arguments(parser)
        parser.set_defaults(run=run)

    eras = commands.add_parser("eras", help=_ERAS, description=_ERAS)
    eras.add_argument("--corpus", type=Path, metavar="DIR", help=_CORPUS)
    eras.add_argument("--jobs", type=int, default=2, metavar="N", help="并行数 / fits side by side (default: 2)")
    eras.set_defaults(run=_eras)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", type=Path, metavar="DIR", help=_CORPUS)
    parser.add_argument("--gold", type=Path, metavar="DIR", help="金标准文件夹 / folder of gold labels")
    parser.add_argument("--reports", type=Path, metavar="DIR", help="金标准的报告原文 / the texts of the gold labels")
    parser.add_argument(
        "--labelled",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="另外的标注报告，只用于测量 / further labelled reports, measured on only",
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="只要这几行 / these rows only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="结果另存为 JSON / write the figures here, too")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="并行数 / fits side by side (default: 2)")


def _baselines(arguments: argparse.Namespace) -> int:
    from train.baselines import chosen_systems, compare, known_systems
    from train.comparison import baselines_table
    from train.stack import stack_reports

    material = _material(arguments)
    systems = chosen_systems(known_systems(material.scheme, arguments.jobs), arguments.only)
    return _show(arguments, baselines_table, lambda step: compare(material.trials(stack_reports), systems, step))


def _ablation(arguments: argparse.Namespace) -> int:
    from train.ablation import ablate, chosen_variants
    from train.comparison import ablation_table

    material, variants = _material(arguments), chosen_variants(arguments.only)
    return _show(
        arguments,
        ablation_table,
        lambda step: ablate(material.trials, variants, material.scheme, arguments.jobs, step),
    )


def _eras(arguments: argparse.Namespace) -> int:
    from labels.corpus import load_corpus
    from labels.scheme import load_scheme
    from train.comparison import eras_table
    from train.eras import leave_eras_out
    from train.stack import stack_reports

    _check_jobs(arguments)
    scheme = load_scheme()
    reports = load_corpus(arguments.corpus, scheme=scheme)
    print(eras_table(leave_eras_out(stack_reports(reports, scheme), reports, scheme, jobs=arguments.jobs)))
    return 0


def _check_jobs(arguments: argparse.Namespace) -> None:
    if arguments.jobs < 1:
        raise UserError(f"--jobs {arguments.jobs}: it must be 1 or more")


def _material(arguments: argparse.Namespace) -> Material:
    from labels.scheme import load_scheme
    from train.material import load_material

    _check_jobs(arguments)
    return load_material(load_scheme(), arguments.corpus, arguments.gold, arguments.reports, arguments.labelled)


def _show(
    arguments: argparse.Namespace,
    table: Callable[[Sequence[Entry]], str],
    measure: Callable[[Callable[[str], None]], list[Entry]],
) -> int:
    from train.comparison import write_json
    from train.stepper import stepper

    step = stepper(sys.stderr)
    try:
        entries = measure(step)
    finally:
        step("")
    print(table(entries))
    if arguments.json:
        write_json(arguments.json, entries)
    return 0
