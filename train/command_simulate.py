"""The command that simulates labelling: how many labels the review queue saves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.checks import LABELS
from labels.errors import UserError

if TYPE_CHECKING:
    from labels.corpus import CorpusReport
    from labels.scheme import Scheme
    from train.new_theme import NewTheme
    from train.simulate import Curve, Need

GOAL: Final = 0.6
DEVELOPMENT: Final = LABELS / "development"
LABELLED: Final = 50


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; it sets `run`, from its arguments to an exit status."""
    text = "模拟标注：审阅队列比随机顺序省多少 / simulate labelling: what the review queue saves"
    simulate = commands.add_parser("simulate", help=text, description=text)
    simulate.add_argument(
        "--corpus", type=Path, metavar="DIR", help="标注语料文件夹 / labelled reports (default: the bundled corpus)"
    )
    simulate.add_argument("--seeds", type=int, default=5, metavar="N", help="重复几次 / how many runs (default: 5)")
    simulate.add_argument("--json", type=Path, metavar="FILE", help="曲线另存为 JSON / write the curves here, too")
    simulate.add_argument(
        "--new-theme",
        action="store_true",
        help="改为逐一隐藏主题的标签 / hide the labels of each theme in turn instead",
    )
    simulate.set_defaults(run=_simulate)


def _simulate(arguments: argparse.Namespace) -> int:
    import orjson

    from labels.corpus import load_corpus
    from labels.files import write_whole
    from labels.scheme import load_scheme

    if arguments.seeds < 2:
        raise UserError(f"--seeds {arguments.seeds}: it must be 2 or more, for an interval")
    scheme = load_scheme()
    reports = load_corpus(arguments.corpus, scheme=scheme)
    found, lines = _hidden(reports, scheme) if arguments.new_theme else _labelled(reports, scheme, arguments.seeds)
    if arguments.json:
        write_whole(arguments.json, orjson.dumps(found))
    print("\n".join(lines))
    return 0


def _labelled(reports: Sequence[CorpusReport], scheme: Scheme, seeds: int) -> tuple[object, Iterator[str]]:
    """What is found, for programs and for people."""
    from threadpoolctl import threadpool_limits

    from train.simulate import as_rows, simulate
    from train.stepper import stepper

    step = stepper(sys.stderr)
    try:
        with threadpool_limits(1):
            curves = simulate(reports, scheme, seeds, step)
    finally:
        step("")
    return as_rows(curves), _table(curves)


def _hidden(reports: Sequence[CorpusReport], scheme: Scheme) -> tuple[object, Iterator[str]]:
    """The same where the labels of each theme are hidden in turn."""
    from labels.corpus import load_corpus
    from train.new_theme import hide_themes
    from train.stepper import stepper

    step, pairs = stepper(sys.stderr), []
    others = load_corpus(DEVELOPMENT, scheme=scheme)
    try:
        step(f"0/{len(scheme.ids)}")
        for pair in hide_themes(reports, others, scheme, LABELLED):
            pairs.append(pair)
            step(f"{pair[0].theme}: {len(pairs)}/{len(scheme.ids)}")
    finally:
        step("")
    return pairs, _new_themes(pairs)


def _new_themes(pairs: Sequence[tuple[NewTheme, NewTheme]]) -> Iterator[str]:
    from labels.tables import aligned
    from train.new_theme import TERMS

    head = ["主题 theme", f"{TERMS} 个词 terms", "", f"+ {LABELLED} 条 labels", "", "其中有此主题 positives"]
    rows = [
        [without.theme, *map(_f1, (without.hidden, without.others, few.hidden, few.others)), str(few.positives)]
        for without, few in pairs
    ]
    columns = zip(*([own.hidden, own.others, few.hidden, few.others] for own, few in pairs), strict=True)
    rows.append(["宏平均 macro", *(_f1(sum(column) / len(column)) for column in columns), ""])
    yield aligned([head, ["", *("语料 corpus", "开发集 development") * 2, ""], *rows])
    yield ""
    yield f"F1；逐一隐藏每个主题的标签，只留 {TERMS} 个词，再标审阅队列那样的 {LABELLED} 条"
    yield f"F1; each theme's labels hidden in turn, {TERMS} terms kept; {LABELLED} lines labelled as queues mix them"


def _f1(value: float) -> str:
    return f"{value:.3f}"


def _table(curves: Sequence[Curve]) -> Iterator[str]:
    from labels.tables import aligned
    from train.orders import ORDERS
    from train.simulate import SIZES, needs

    random, *others = curves
    shares = [needs(curve, random) for curve in others]
    head = ["标注数 labels", *(f"{ORDERS[curve.order][0]}" for curve in curves)]
    head += [f"{ORDERS[curve.order][0]}: 所需 needs" for curve in others]
    rows = [
        [str(size), *(f"{curve.f1[:, at].mean():.3f}" for curve in curves), *(_need(own[at]) for own in shares)]
        for at, size in enumerate(SIZES)
    ]
    yield aligned([head, *rows])
    yield ""
    yield from (_verdict(ORDERS[curve.order][0], own) for curve, own in zip(others, shares, strict=True))
    seeds = len(random.f1)
    yield f"宏平均 F1，留出报告，{seeds} 次平均；方括号为 95% 区间"
    yield f"macro-F1 on held-out reports, mean of {seeds} runs; in brackets, 95 % intervals over runs"


def _need(need: Need) -> str:
    return f"{need.share:.0%} [{need.low:.0%}, {need.high:.0%}]"


def _verdict(title: str, shares: Sequence[Need]) -> str:
    """From how many labels on the order needs no more than GOAL of what random order needs."""
    enough = [need.share <= GOAL for need in shares]
    first = len(enough) - next((at for at, reached in enumerate(reversed(enough)) if not reached), len(enough))
    if first == len(enough):
        last = shares[-1]
        return f"{title}: {last.labels} 条时仍需随机顺序的 / at {last.labels} labels still needs {last.share:.0%}"
    start = shares[first].labels
    return f"{title}: 自 {start} 条起不超过 {GOAL:.0%} / {GOAL:.0%} of random order or less from {start} labels on"
