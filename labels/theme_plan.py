"""What changing a theme would do, worked out in full before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from labels import theme_toml
from labels.errors import UserError
from labels.journal import replace_all
from labels.rationales import parse_rationales, replaced
from labels.rows import read_rows, texts
from labels.scheme import Scheme, check_id, load_scheme
from labels.theme_changes import CHANGES, Action, Judged, ThemeChange, as_row, carry, is_undecided


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What changes in one folder of labels. undecided: lines on which somebody must say which new theme they have."""

    folder: Path
    files: int
    lines: int
    undecided: int


@dataclass(frozen=True, slots=True)
class ThemePlan:
    """A change and everything that it writes: the new content of every file, the file of themes first."""

    change: ThemeChange
    contents: dict[Path, bytes]
    folders: tuple[FolderPlan, ...]
    mentions: tuple[Path, ...]
    lost_terms: tuple[str, ...]


def plan_rename(themes: Path, old: str, new: str, also: Sequence[Path] = ()) -> ThemePlan:
    """Another id for a theme."""
    scheme = load_scheme(themes)
    scheme.check(old, str(themes))
    check_id(new, str(themes))
    if new in scheme.ids:
        raise UserError(f'{themes}: theme "{new}" is there already; merge the two, or choose another id')
    return _plan(themes, _change("rename", (old,), (new,)), theme_toml.renamed(themes, scheme, old, new), also)


def plan_merge(themes: Path, old: Sequence[str], into: str, also: Sequence[Path] = ()) -> ThemePlan:
    """One theme for several; `into` is one of them and keeps its names, description and colour."""
    scheme = load_scheme(themes)
    for theme in (*old, into):
        scheme.check(theme, str(themes))
    merged = tuple(dict.fromkeys([*old, into]))
    if len(merged) < 2:
        raise UserError(f"{into}: there is nothing to merge it with; name another theme")
    return _plan(themes, _change("merge", merged, (into,)), theme_toml.merged(themes, scheme, merged, into), also)


def plan_split(themes: Path, old: str, parts: Path, also: Sequence[Path] = ()) -> ThemePlan:
    """Several themes for one; `parts` is a file of `[[theme]]` tables, of which one may keep the old id."""
    scheme = load_scheme(themes)
    scheme.check(old, str(themes))
    new = theme_toml.part_themes(parts)
    text = theme_toml.split(themes, scheme, old, parts)
    plan = _plan(themes, _change("split", (old,), tuple(theme.id for theme in new)), text, also)
    kept = {term for theme in new for term in theme.terms}
    return replace(plan, lost_terms=tuple(term for term in _terms(scheme, old) if term not in kept))


def apply(plan: ThemePlan) -> None:
    """Write everything, or nothing."""
    replace_all(next(iter(plan.contents)).parent, plan.contents)


def _terms(scheme: Scheme, theme: str) -> tuple[str, ...]:
    return scheme.themes[scheme.ids.index(theme)].terms


def _change(action: Action, old: tuple[str, ...], new: tuple[str, ...]) -> ThemeChange:
    return ThemeChange(datetime.now(UTC).isoformat(timespec="microseconds"), action, old, new)


def _plan(themes: Path, change: ThemeChange, text: str, also: Sequence[Path]) -> ThemePlan:
    contents, folders = {themes: text.encode()}, []
    for folder in _folders(themes.parent, also):
        reports = list(_changed(folder, change))
        contents |= {report.path: report.content for report in reports}
        lines, undecided = sum(report.lines for report in reports), sum(report.undecided for report in reports)
        folders.append(FolderPlan(folder, len(reports), lines, undecided))
    table = themes.with_name(CHANGES)
    known = table.read_bytes() if table.is_file() else b""
    contents[table] = known + orjson.dumps(as_row(change)) + b"\n"
    return ThemePlan(change, contents, tuple(folders), tuple(_mentions(themes.parent, change.old)), ())


@dataclass(frozen=True, slots=True)
class _Report:
    """A report's new content, how many of its lines change, and how many are undecided."""

    path: Path
    content: bytes
    lines: int
    undecided: int


def _folders(home: Path, also: Iterable[Path]) -> Iterator[Path]:
    """The folders of labels beside the themes, and what else was named."""
    yield from sorted(folder for folder in home.iterdir() if folder.is_dir() and any(folder.glob("*.jsonl")))
    for folder in also:
        if not any(folder.glob("*.jsonl")):
            raise UserError(f"{folder}: no labelled reports (*.jsonl) here; give the folder that holds them")
        yield folder


def _changed(folder: Path, change: ThemeChange) -> Iterator[_Report]:
    """Every report that changes."""
    for path in sorted(folder.glob("*.jsonl")):
        carried = [(where, row, _carried(row, change, where)) for where, row in read_rows(path)]
        lines = sum(row != new for _, row, new in carried)
        if lines:
            undecided = sum(is_undecided(_judged(row, where), change) for where, row, _ in carried)
            yield _Report(path, b"".join(orjson.dumps(new) + b"\n" for _, _, new in carried), lines, undecided)


def _carried(row: dict[str, Any], change: ThemeChange, where: str) -> dict[str, Any]:
    before = _judged(row, where)
    if before.considered is None and is_undecided(before, change):
        raise UserError(
            f"{where}: it has {change.old[0]} and no list of judged themes, so it cannot be left open; label it by hand"
        )
    after = carry(before, [change])
    new = dict(row)
    if "themes" in row:
        new["themes"] = list(after.themes)
    if after.considered is not None:
        new["considered"] = list(after.considered)
    successor = None if change.action == "split" else change.new[0]
    rationales = parse_rationales(row.get("rationales"), before.themes, len(str(row.get("text"))), where)
    if set(change.old) & set(rationales):
        new["rationales"] = replaced(rationales, change.old, successor)
    if row.get("primary") in change.old:
        new["primary"] = successor
    return new


def _judged(row: dict[str, Any], where: str) -> Judged:
    considered = row.get("considered")
    return Judged(
        texts(row.get("themes", []), f"{where}: themes"),
        None if considered is None else texts(considered, f"{where}: considered"),
    )


def _mentions(home: Path, old: Iterable[str]) -> Iterator[Path]:
    """Documents beside the themes that name an old id, for a person to look at."""
    for path in sorted(home.glob("**/*.md")):
        text = path.read_text("utf-8", errors="replace")
        if any(theme in text for theme in old):
            yield path
