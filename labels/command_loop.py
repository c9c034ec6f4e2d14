"""The commands of the review loop: they translate a command line into one call each."""

from __future__ import annotations

import argparse
from pathlib import Path

from labels.corpus import DEFAULT_CORPUS
from labels.errors import UserError
from labels.scheme import DEFAULT_THEMES

_DEFAULT_SIZE = 200


def add_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions to `zhengfa labels`; each sets `run`, from its arguments to an exit status."""
    queue = actions.add_parser("queue", help="挑出值得人工核对的段落 / choose lines worth a person's minute")
    add = queue.add_argument
    add("runs", nargs="+", type=Path, metavar="RUN.jsonl", help="annotate 的 JSON Lines 输出 / what annotate wrote")
    add("--out", type=Path, required=True, metavar="QUEUE.jsonl", help="写到哪里 / where to")
    add(
        "--size",
        type=int,
        default=_DEFAULT_SIZE,
        metavar="N",
        help=f"多少段 / how many lines (default: {_DEFAULT_SIZE})",
    )
    add("--seed", type=int, default=0, metavar="S", help="随机种子 / seed of the random lines (default: 0)")
    add("--model", type=Path, metavar="DIR", help="标注所用的模型 / the run's model (default: the one in use)")
    add("--corpus", type=Path, default=DEFAULT_CORPUS, metavar="DIR", help="标注语料文件夹 / labelled reports")
    queue.set_defaults(run=_queue)
    merge = actions.add_parser("merge", help="把核对结果写入语料 / decisions into the labelled reports")
    add = merge.add_argument
    add("store", type=Path, metavar="STORE", help="zhengfa review 的结果文件 / the file of decisions")
    add("--corpus", type=Path, default=DEFAULT_CORPUS, metavar="DIR", help="标注语料文件夹 / labelled reports")
    add("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    add("--apply", action="store_true", help="写入；不加则只显示 / write; without it only show what would change")
    merge.set_defaults(run=_merge)


def _queue(arguments: argparse.Namespace) -> int:
    from labels.corpus import load_corpus
    from labels.item import write_queue
    from labels.queue import make_queue, summary
    from labels.trained import read_trained

    for run in arguments.runs:
        if run.exists() and arguments.out.exists() and run.samefile(arguments.out):
            raise UserError(f"{arguments.out}: it is an input, too, and would be written over; choose another --out")
    trained = read_trained(arguments.model)
    corpus = load_corpus(arguments.corpus, scheme=trained.scheme)
    items = make_queue(arguments.runs, trained, corpus, arguments.size, arguments.seed)
    write_queue(arguments.out, items)
    for line in summary(items):
        print(line)
    print(f"{arguments.out}: {len(items)} 段待核对 / lines to review")
    return 0


def _merge(arguments: argparse.Namespace) -> int:
    from labels.merge import apply_merge, plan_merge
    from labels.merge_table import merge_table
    from labels.scheme import load_scheme
    from labels.store import Store

    store = Store.open(arguments.store, create=False)
    plan = plan_merge(store, arguments.corpus, load_scheme(arguments.themes))
    for line in merge_table(plan):
        print(line)
    if arguments.apply:
        print(f"已写入 {apply_merge(plan)} 个文件 / files written")
    else:
        print("尚未写入；确认后加 --apply / nothing written yet; add --apply to write")
    return 0
