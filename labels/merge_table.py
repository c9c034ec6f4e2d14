"""What `zhengfa labels merge` prints: every line that changes, what waits and what has no place, then the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from labels.corpus import CorpusLine
from labels.item import Item
from labels.merge import Change, FilePlan, Kind, MergePlan
from labels.tables import aligned

_NAMES: Final = {
    Kind.ADDED: "新增 / added",
    Kind.CHANGED: "改动 / changed",
    Kind.CONFIRMED: "确认 / confirmed",
    Kind.UNCHANGED: "已在语料中 / merged before",
    Kind.NEWER: "语料较新，不动 / the corpus is newer, left alone",
}
_LONGEST: Final = 30


def merge_table(plan: MergePlan) -> Iterator[str]:
    """The plan as lines for people."""
    for file in plan.files:
        yield from _file(file)
    yield from _places("有分歧，待裁决 / in dispute, to be adjudicated", plan.disputed)
    lost = [item for file in plan.files for item in file.left_out]
    yield from _places("语料文件里没有这段文字，略过 / its text is not in the corpus file, left out", lost)
    yield aligned([[name, str(count)] for name, count in _counts(plan)])


def _file(file: FilePlan) -> Iterator[str]:
    changes = [change for change in file.changes if change.kind in {Kind.ADDED, Kind.CHANGED, Kind.NEWER}]
    if changes:
        yield f"{file.path}（新文件 / new file）" if file.new else f"{file.path}"
        yield from map(_change, changes)


def _change(change: Change) -> str:
    after = change.after
    words = _labels(after) if change.kind == Kind.ADDED else f"{_labels(change.before)} → {_labels(after)}"
    if change.kind == Kind.NEWER:
        words = f"{_labels(after)}（{_NAMES[Kind.NEWER]}）"
    return f"  {change.item.line}  {_short(after.text)}  {words}  [{after.by}]"


def _labels(line: CorpusLine) -> str:
    return f"{line.role}: {', '.join(line.themes) or 'none'}"


def _places(title: str, items: Iterable[Item]) -> Iterator[str]:
    places = [f"  {item.report}, {item.line}  {_short(item.text)}" for item in items]
    if places:
        yield title
        yield from places


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"


def _counts(plan: MergePlan) -> Iterator[tuple[str, int]]:
    counts = Counter(change.kind for file in plan.files for change in file.changes)
    yield from ((name, counts[kind]) for kind, name in _NAMES.items())
    yield "有分歧 / in dispute", len(plan.disputed)
    yield "略过 / left out", sum(len(file.left_out) for file in plan.files)
    yield "要写的文件 / files to write", sum(file.writes for file in plan.files)
