"""`zhengfa diff`: what a new model changed between two runs."""

from __future__ import annotations

import argparse
from pathlib import Path

_DESCRIPTION = """\
比较两次运行（JSON Lines 文件或分片文件夹）：哪些段落的主题变了，按主题、年份、地方列出，以及需重做的分片。
Compare two runs (files of JSON Lines, or folders of shards): which themes flipped, by theme, year and place,
and which shards are to be redone."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; it sets `run`, from its arguments to an exit status."""
    diff = commands.add_parser(
        "diff",
        help="比较两次运行 / what changed between two runs",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    diff.add_argument("before", type=Path, metavar="RUN1", help="前一次运行 / the run of before")
    diff.add_argument("after", type=Path, metavar="RUN2", help="后一次运行 / the run of after")
    diff.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    diff.set_defaults(run=_diff)


def _diff(arguments: argparse.Namespace) -> int:
    import orjson

    from predict.diff import compare_runs
    from predict.diff_table import diff_json, diff_text
    from predict.runs import pairs, read_run

    diff = compare_runs(pairs(read_run(arguments.before), read_run(arguments.after)))
    if arguments.json:
        print(orjson.dumps(diff_json(diff), option=orjson.OPT_INDENT_2).decode())
        return 0
    for line in diff_text(diff):
        print(line)
    return 0
