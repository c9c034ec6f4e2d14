"""The commands that exchange queues and decisions with other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError
from labels.scheme import DEFAULT_THEMES, load_scheme

if TYPE_CHECKING:
    from labels.exchange_import import Taken

_DONE: Final = 0
_DONE_IN_PART: Final = 3
_LAST_WORDS: Final = (
    "每人只带最后一次决定，不带更早的 / of each reviewer only the last word travels, not what came before"
)
_ROWS: Final = {
    "reviewed_themes": "已审，有主题 / reviewed, with themes",
    "reviewed_none": "已审，无主题 / reviewed, no theme",
    "skipped": "跳过 / skipped",
    "not_reviewed": "未审 / not reviewed",
    "unclear": "看不出是否已审 / cannot be told",
}
_EVENTS: Final = {
    "new": "新 / new",
    "updated": "更新 / updated",
    "older": "较旧，只留档 / older, kept as history",
    "known": "已有 / known",
}


def add_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `export` and `import`."""
    export = actions.add_parser("export", help="导出给其他工具或表格 / for other tools and spreadsheets")
    export.add_argument(
        "source", type=Path, metavar="QUEUE", help="队列，或决定的存档 / a queue, or a store of decisions"
    )
    kinds = ".json Label Studio; .jsonl doccano; .xlsx .csv 表格 / spreadsheet"
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help=kinds)
    export.add_argument("--reviewer", default="", metavar="NAME", help="只给此人，不带他人的决定 / for one person only")
    export.add_argument("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    export.set_defaults(run=_export)
    back = actions.add_parser("import", help="收回审阅结果 / take the answers back")
    back.add_argument("file", type=Path, metavar="FILE", help=f"{kinds}; .zip doccano")
    back.add_argument("--decisions", type=Path, required=True, metavar="DB", help="决定的存档 / the store of decisions")
    back.add_argument("--queue", type=Path, metavar="QUEUE", help="先加入这个队列 / add this queue to the store first")
    back.add_argument(
        "--reviewer", default="", metavar="NAME", help="文件未写审阅人时用 / who, where the file names nobody"
    )
    confirmed = "文件只含已确认的 / the file holds only confirmed texts (doccano)"
    back.add_argument("--confirmed", action="store_true", help=confirmed)
    back.add_argument("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    back.set_defaults(run=_import)


def _export(arguments: argparse.Namespace) -> int:
    from labels.exchange import entries, format_of

    form = format_of(arguments.out)
    if arguments.out.exists() and arguments.out.samefile(arguments.source):
        raise UserError(f"{arguments.out}: it is what is exported, and would be written over; choose another --out")
    found = entries(arguments.source, arguments.reviewer)
    lost = form.write(found, arguments.out, load_scheme(arguments.themes))
    items = len({entry.item.item for entry in found})
    decided = sum(entry.decision is not None for entry in found)
    print(f"{arguments.out}: {items} 段 / items, {decided} 个决定 / decisions")
    for line in (*form.loses, *([_LAST_WORDS] if decided else []), *lost):
        print(f"  注意 / note: {line}")
    return _DONE


def _import(arguments: argparse.Namespace) -> int:
    from labels.exchange_import import Terms, import_file
    from labels.item import read_queue
    from labels.store import Store
    from labels.theme_changes import CHANGES, load_changes

    scheme, changes = load_scheme(arguments.themes), load_changes(arguments.themes.with_name(CHANGES))
    queue = read_queue(arguments.queue) if arguments.queue else []
    store = Store.open(arguments.decisions, create=bool(queue))
    try:
        store.add_items(queue)
        taken = import_file(arguments.file, store, Terms(scheme, arguments.reviewer, arguments.confirmed, changes))
    finally:
        store.close()
    print("\n".join(_summary(arguments.file, taken)))
    for message in taken.lost:
        print(f"zhengfa: {message}", file=sys.stderr)
    return _DONE_IN_PART if taken.lost else _DONE


def _summary(file: Path, taken: Taken) -> Iterator[str]:
    yield f"{file}: {taken.rows.total()} 行 / rows"
    yield from (f"  {taken.rows[name]:>6}  {text}" for name, text in _ROWS.items() if taken.rows[name])
    if taken.lost:
        yield f"  {len(taken.lost):>6}  未取 / not taken"
    yield f"决定 / decisions: {taken.events.total()}"
    yield from (f"  {taken.events[name]:>6}  {text}" for name, text in _EVENTS.items() if taken.events[name])
    yield from (f"  注意 / note: {line}" for line in taken.loses)
