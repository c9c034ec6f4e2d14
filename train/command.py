"""The commands of training: they translate a command line into one call each."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from labels.errors import UserError
from train import command_compare, command_simulate

if TYPE_CHECKING:
    from train.evaluate import Scored
    from train.run import Result


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this folder; each sets `run`, from its arguments to an exit status."""
    _add_train(commands)
    _add_evaluate(commands)
    command_compare.add_commands(commands)
    command_simulate.add_commands(commands)


def _add_train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = commands.add_parser("train", help="用标注语料训练模型 / train a model from the labelled corpus")
    train.add_argument(
        "--corpus", type=Path, metavar="DIR", help="标注语料文件夹 / labelled reports (default: the bundled corpus)"
    )
    train.add_argument("--out", type=Path, metavar="DIR", help="模型写到哪里 / where models go (default: artifacts/)")
    train.add_argument("--jobs", type=int, default=2, metavar="N", help="并行数 / fits side by side (default: 2)")
    train.add_argument(
        "--force", action="store_true", help="新模型更差也换用 / put the new model to use even if it is worse"
    )
    train.add_argument(
        "--learning-curve",
        action="store_true",
        help="报告中加学习曲线，耗时约两倍 / add it to the report; takes about twice as long",
    )
    train.set_defaults(run=_train)


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser("evaluate", help="用金标准给模型打分 / score a model against gold labels")
    evaluate.add_argument(
        "--gold", type=Path, required=True, metavar="DIR", help="金标准文件夹 / folder of gold labels"
    )
    evaluate.add_argument(
        "--reports",
        type=Path,
        metavar="DIR",
        help="报告原文文件夹 / the reports' texts (default: the gold files hold them)",
    )
    evaluate.add_argument(
        "--model", type=Path, metavar="DIR", help="模型文件夹 / model folder (default: the one in use)"
    )
    evaluate.set_defaults(run=_evaluate)


def _train(arguments: argparse.Namespace) -> int:
    from train.run import train

    if arguments.jobs < 1:
        raise UserError(f"--jobs {arguments.jobs}: it must be 1 or more")
    result = train(
        arguments.corpus, arguments.out, jobs=arguments.jobs, force=arguments.force, curve=arguments.learning_curve
    )
    print("\n".join([_training_table(result), *_succession(result)]))
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from model.default import default_model
    from model.folder import load_model
    from train.evaluate import score_reports
    from train.gold import load_gold

    model = load_model(arguments.model or default_model())
    gold = load_gold(arguments.gold, arguments.reports, model.scheme)
    print(_evaluation_table(score_reports(model, gold), len(gold)))
    return 0


def _training_table(result: Result) -> str:
    head = f"{'theme 主题':<18}{'precision':>10}{'recall':>8}{'F1':>8}{'support':>9}{'ECE':>8}"
    rows = (
        f"{theme.theme:<20}{theme.precision:>10.3f}{theme.recall:>8.3f}{theme.f1:>8.3f}"
        f"{theme.support:>9}{theme.calibration:>8.3f}"
        for theme in result.themes
    )
    overall = (
        f"macro-F1 {result.macro_f1:.3f}, exact match {result.exact:.3f}, sure {result.sure:.0%} "
        f"(out of fold, {result.lines} body lines of {result.reports} reports)"
    )
    places = (f"模型 / model: {result.folder}", f"报告 / report: {result.report}")
    return "\n".join([head, *rows, "", overall, *places])


def _succession(result: Result) -> Iterator[str]:
    """How the new model stands to the one before, and which is in use."""
    before = result.predecessor
    if before is None:
        return
    verdict = before.verdict
    if verdict.lines:
        yield (
            f"与 {verdict.previous} 相比 / against it: macro-F1 {verdict.difference:+.3f} "
            f"[{verdict.low:+.3f}, {verdict.high:+.3f}], {verdict.lines} 段 / lines, {verdict.reports} 篇 / reports"
        )
    else:
        yield "与旧模型无法比较，已启用新模型"
        yield f"not comparable with the old model, so the new one is in use: {verdict.note}"
    if not before.replaced:
        yield f"新模型更差，仍用旧模型 {before.folder}；新模型在 {result.folder}；加 --force 换用新模型"
        yield f"kept the old model in use: {before.folder}; the new one is worse: {result.folder}; --force uses it"


def _evaluation_table(scored: Scored, reports: int) -> str:
    from train.evaluate import figures

    head = f"{'measure 指标':<22}{'value':>8}{'95 % interval':>18}{'n':>7}"
    rows = (
        f"{figure.name:<24}{figure.value:>8.3f}    {figure.low:.3f} - {figure.high:.3f}{figure.count:>7}"
        for figure in figures(scored)
    )
    return "\n".join([head, *rows, *_theme_rows(scored), "", f"报告 / reports: {reports}"])


def _theme_rows(scored: Scored) -> list[str]:
    from train.evaluate import theme_table

    head = f"{'theme 主题':<22}{'precision':>10}{'recall':>8}{'F1':>8}{'support':>9}"
    rows = [
        f"{theme:<24}{precision:>10.3f}{recall:>8.3f}{f1:>8.3f}{support:>9}"
        for theme, precision, recall, f1, support in theme_table(scored)
    ]
    return ["", head, *rows] if rows else []
