"""Who said what of which line: label sets of several coders, from labelled reports and from stores of decisions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from labels.corpus import load_corpus, load_report, text_hash
from labels.decision import Decision
from labels.errors import UserError
from labels.scheme import Scheme
from labels.standing import standing
from labels.store import Store

_SQLITE: Final = b"SQLite format 3\0"
Unit = tuple[str, str, int]  # report, hash of the text, how many lines of the report had this text before


@dataclass(frozen=True, slots=True)
class Judgement:
    """One coder's label of one line; `day` is None where nobody wrote down when."""

    role: str
    themes: frozenset[str]
    considered: frozenset[str]
    day: date | None


@dataclass(frozen=True, slots=True)
class LabelSets:
    """Judgements by unit, then by coder; only units that two coders or more judged."""

    coders: tuple[str, ...]
    units: dict[Unit, dict[str, Judgement]]

    def reports(self) -> list[str]:
        """The report of each unit."""
        return [report for report, _, _ in self.units]


def load_label_sets(paths: Sequence[Path], scheme: Scheme) -> LabelSets:
    """The label sets of files: labelled reports and folders of them, each one coder's, and stores, with all reviewers.

    A labelled report that is given as a file counts as the same report as the others; in folders names tell them apart.
    UserError where no line has two coders.
    """
    units: defaultdict[Unit, dict[str, Judgement]] = defaultdict(dict)
    coders: dict[str, None] = {}
    for path in paths:
        name = _coder(path, coders)
        for unit, coder, judgement in _store(path) if _is_store(path) else _labelled(path, name, scheme):
            units[unit][coder] = judgement
            coders[coder] = None
    common = {unit: judgements for unit, judgements in units.items() if len(judgements) > 1}
    if not common:
        names = ", ".join(map(str, paths))
        raise UserError(f"{names}: no line has labels of two coders; give label sets of the same reports")
    return LabelSets(tuple(coders), common)


def _coder(path: Path, known: Iterable[str]) -> str:
    """The coder of a file or folder: its name, with the folder's where that name is taken."""
    name = path.resolve().name.removesuffix(".jsonl")
    return f"{path.resolve().parent.name}/{name}" if name in known else name


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except IsADirectoryError:
        return False
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror})") from error


def _labelled(path: Path, coder: str, scheme: Scheme) -> Iterator[tuple[Unit, str, Judgement]]:
    whole = path.is_dir()
    for report in load_corpus(path, scheme=scheme) if whole else [load_report(path, scheme=scheme)]:
        seen = Counter[str]()
        for line in report.lines:
            sha256 = text_hash(line.text.strip())
            unit = (report.name if whole else "", sha256, seen[sha256])
            seen[sha256] += 1
            if line.considered is not None:
                judged = frozenset(line.considered)
                yield unit, coder, Judgement(line.role, frozenset(line.themes), judged, _day(line.at))


def _store(path: Path) -> Iterator[tuple[Unit, str, Judgement]]:
    """Every reviewer's own last answer to every item, as it stood before anybody adjudicated."""
    store = Store.open(path, create=False)
    try:
        events: defaultdict[str, list[Decision]] = defaultdict(list)
        for event in store.events():
            events[event.item].append(event)
    finally:
        store.close()
    seen: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for own in sorted(events.values(), key=lambda own: (own[0].report, own[0].line)):
        first = own[0]
        report = first.report.removesuffix(".txt")
        lines = seen[report, first.text_sha256]
        unit = (report, first.text_sha256, lines.setdefault(first.line, len(lines)))
        for reviewer, decision in standing(_before_adjudication(own)).latest.items():
            if decision.action == "decide":
                yield unit, reviewer, _judgement(decision)


def _before_adjudication(events: Sequence[Decision]) -> Iterator[Decision]:
    for event in events:
        if event.action == "adjudicate":
            return
        yield event


def _judgement(decision: Decision) -> Judgement:
    themes, considered = frozenset(decision.themes), frozenset(decision.considered)
    return Judgement(decision.role, themes, considered, _day(decision.at))


def _day(at: str) -> date | None:
    try:
        return datetime.fromisoformat(at).date()
    except ValueError:
        return None
