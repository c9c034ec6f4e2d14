"""Decisions into the corpus: what would change, line by line, before anything is written.

What a corpus file says is kept where it is as new as the decision (`at`), so that an edit by hand is as good as a
decision, and a second merge of the same decisions changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from labels.corpus import CorpusLine, load_report, write_report
from labels.decision import State, utc
from labels.errors import UserError
from labels.item import Item
from labels.merge_place import context, corpus_name, extended, line_place
from labels.rationales import only
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme
from labels.standing import Answer, answer_of, state_of
from labels.store import Store


class Kind(StrEnum):
    """What a merge does to a line; the last two leave it as it is."""

    ADDED = "added"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted answer and what it does to its line of the corpus."""

    item: Item
    kind: Kind
    before: CorpusLine
    after: CorpusLine


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One corpus file: the lines that it is to have, the answers in it, those that have no place in it."""

    path: Path
    new: bool
    lines: tuple[CorpusLine, ...]
    changes: tuple[Change, ...]
    left_out: tuple[Item, ...]

    @property
    def writes(self) -> bool:
        return any(change.after != change.before for change in self.changes)


@dataclass(frozen=True, slots=True)
class MergePlan:
    """All of a merge; `disputed` items wait for somebody to adjudicate them."""

    files: tuple[FilePlan, ...]
    disputed: tuple[Item, ...]


Accepted = Sequence[tuple[Item, Answer]]


def plan_merge(store: Store, corpus: Path, scheme: Scheme) -> MergePlan:
    """What merging the accepted answers of a store into the files of `corpus` would do; nothing is written."""
    if corpus.exists() and not corpus.is_dir():
        raise UserError(f"{corpus}: it is no folder; give the folder of labelled reports")
    items, standings = {item.item: item for item in store.items()}, store.standings()
    answers = {item: answer_of(held) for item, held in standings.items()}
    accepted = [(items[item], answer) for item, answer in answers.items() if answer is not None]
    _check_themes(accepted, scheme, store.path)
    files = tuple(_file(corpus, name, group, scheme) for name, group in _by_file(accepted, corpus).items())
    disputed = tuple(items[item] for item, held in standings.items() if state_of(held) == State.DISPUTED)
    return MergePlan(files, disputed)


def apply_merge(plan: MergePlan) -> int:
    """Write the files that change, each whole or not at all; returns how many."""
    files = [file for file in plan.files if file.writes]
    for file in files:
        try:
            write_report(file.path, file.lines)
        except UserError as error:
            raise UserError(f"{error}; then merge again") from error
    return len(files)


def _check_themes(accepted: Accepted, scheme: Scheme, store: Path) -> None:
    for item, answer in accepted:
        for theme in answer.considered:
            scheme.check(theme, f"{store}, {item.report}, line {item.line}")


def _by_file(accepted: Accepted, corpus: Path) -> Mapping[str, list[tuple[Item, Answer]]]:
    existing = {path.stem for path in corpus.glob("*.jsonl")}
    by_file: defaultdict[str, list[tuple[Item, Answer]]] = defaultdict(list)
    for item, answer in accepted:
        by_file[corpus_name(item.report, existing)].append((item, answer))
    return dict(sorted(by_file.items()))


def _file(corpus: Path, name: str, accepted: Accepted, scheme: Scheme) -> FilePlan:
    path = corpus / f"{name}.jsonl"
    known = context(item for item, _ in accepted)
    new = not path.exists()
    lines = known if new else extended(load_report(path, scheme=scheme).lines, known)
    changes, left_out = [], []
    for item, answer in accepted:
        place = line_place(lines, item)
        if place is None:
            left_out.append(item)
            continue
        changes.append(_change(item, answer, lines[place], scheme))
        lines[place] = changes[-1].after
    return FilePlan(path, new, tuple(lines), tuple(changes), tuple(left_out))


def _change(item: Item, answer: Answer, line: CorpusLine, scheme: Scheme) -> Change:
    merged = _merged(line, answer, scheme)
    same = (line.role, set(line.themes)) == (merged.role, set(merged.themes))
    if line.considered is None:
        return Change(item, Kind.ADDED, line, merged)
    if _time(line.at) >= _time(answer.at):
        return Change(item, Kind.UNCHANGED if same else Kind.NEWER, line, line)
    return Change(item, Kind.CONFIRMED if same else Kind.CHANGED, line, merged)


def _merged(line: CorpusLine, answer: Answer, scheme: Scheme) -> CorpusLine:
    """The line with the answer in it: themes that the answer did not judge stay as they were judged before."""
    before = line.considered or ()
    others = set(before) - set(answer.considered)
    themes = set(answer.themes) | (set(line.themes) & others)
    themes = themes if answer.role in THEMED_ROLES else set()
    considered = set(answer.considered) | others
    return replace(
        line,
        role=answer.role,
        level=line.level if answer.role == "heading" else None,
        themes=tuple(theme for theme in scheme.ids if theme in themes),
        considered=tuple(theme for theme in scheme.ids if theme in considered),
        rationales=only(line.rationales, themes),
        by=", ".join(dict.fromkeys([line.by, answer.by] if others and line.by else [answer.by])),
        at=answer.at,
    )


def _time(at: str) -> str:
    """A corpus line's time as UTC; one that is no time counts as older than any decision."""
    try:
        return utc(at, "")
    except UserError:
        return ""
