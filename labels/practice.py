"""Practice: 40 corpus lines a round whose labels are known, and how far a reviewer's answers agree with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from labels.agreement import defined, krippendorff_alpha, set_alpha
from labels.corpus import CorpusLine, CorpusReport
from labels.errors import UserError
from labels.item import Item, Neighbour, item_id, text_hash
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme

LINES: Final = 40
PASS_MARK: Final = 0.80
STRATUM: Final = "practice"
# A fifth of the lines have no theme, a fifth have several; the rest is shared among the themes.
_FIFTH: Final = LINES // 5
_AROUND: Final = 2
_SHORTEST: Final = 20
_LONGEST: Final = 400

Themes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """A line to judge and the themes that the corpus gives it."""

    item: Item
    themes: Themes


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """One theme in a round: alpha is None where it is undefined; missed and extra count lines."""

    alpha: float | None
    missed: int
    extra: int


@dataclass(frozen=True, slots=True)
class Result:
    """A round: alpha is Krippendorff's over theme sets with the MASI distance, None where it is undefined."""

    lines: int
    exact: int
    alpha: float | None
    themes: dict[str, ThemeResult]

    @property
    def passed(self) -> bool:
        return self.alpha is not None and self.alpha >= PASS_MARK


def rounds(reports: Iterable[CorpusReport], scheme: Scheme) -> Iterator[list[Exercise]]:
    """Yield rounds of 40 lines, always the same for the same corpus, no line twice, as long as it lasts."""
    groups = _groups(reports, scheme)
    sizes = _sizes(scheme)
    at = 0
    while all(len(groups[name]) >= (at + 1) * size for name, size in sizes.items()):
        chosen = [one for name, size in sizes.items() for one in groups[name][at * size : (at + 1) * size]]
        yield sorted(chosen, key=_order)
        at += 1
    if not at:
        raise UserError(f"the corpus is too small for practice: {LINES} lines of every kind are wanted")


def result(truth: Sequence[Themes], given: Sequence[Themes], scheme: Scheme) -> Result:
    """How far the given themes of each line agree with the corpus's."""
    pairs = list(zip(truth, given, strict=True))
    sets = [[frozenset(themes) for themes in side] for side in (truth, given)]
    of_theme = {}
    for theme in scheme.ids:
        values = [[theme in themes for themes in side] for side in (truth, given)]
        of_theme[theme] = ThemeResult(
            alpha=defined(krippendorff_alpha(values)),
            missed=sum(theme in wanted and theme not in themes for wanted, themes in pairs),
            extra=sum(theme in themes and theme not in wanted for wanted, themes in pairs),
        )
    exact = sum(set(wanted) == set(themes) for wanted, themes in pairs)
    return Result(len(pairs), exact, defined(set_alpha(sets)), of_theme)


def _sizes(scheme: Scheme) -> dict[str, int]:
    """How many lines of each kind a round has; what cannot be shared evenly goes to lines with several themes."""
    each = (LINES - 2 * _FIFTH) // len(scheme.ids)
    sizes = dict.fromkeys(scheme.ids, each)
    return {**sizes, "none": _FIFTH, "several": LINES - _FIFTH - each * len(sizes)}


def _groups(reports: Iterable[CorpusReport], scheme: Scheme) -> dict[str, list[Exercise]]:
    groups: dict[str, list[Exercise]] = {name: [] for name in (*scheme.ids, "none", "several")}
    seen: set[str] = set()
    for report in reports:
        for exercise in _exercises(report, scheme):
            if exercise.item.text_sha256 not in seen:
                seen.add(exercise.item.text_sha256)
                themes = exercise.themes
                groups["none" if not themes else themes[0] if len(themes) == 1 else "several"].append(exercise)
    return {name: sorted(group, key=_order) for name, group in groups.items()}


def _order(exercise: Exercise) -> str:
    # A hash of the item's id: by the id itself lines would come in the order in which they are stored elsewhere.
    return hashlib.sha256(exercise.item.item.encode()).hexdigest()


def _exercises(report: CorpusReport, scheme: Scheme) -> Iterator[Exercise]:
    path: list[tuple[int, int, str]] = []
    for number, line in enumerate(report.lines):
        if line.role == "heading":
            level = line.level or 1
            path = [step for step in path if step[0] < level]
        if _is_fit(line, scheme):
            yield Exercise(_item(report, number, path), tuple(theme for theme in scheme.ids if theme in line.themes))
        if line.role == "heading":
            path = [*path, (line.level or 1, number + 1, line.text)]


def _is_fit(line: CorpusLine, scheme: Scheme) -> bool:
    judged = set(line.considered or ()) >= set(scheme.ids)
    return judged and line.role in THEMED_ROLES and _SHORTEST <= len(line.text) <= _LONGEST


def _item(report: CorpusReport, number: int, path: Sequence[tuple[int, int, str]]) -> Item:
    line = report.lines[number]
    digest = text_hash(line.text)
    return Item(
        item=item_id(report.name, number + 1, digest),
        report=report.name,
        line=number + 1,
        text=line.text,
        text_sha256=digest,
        role=line.role,
        section=0,
        heading_path=tuple(text for _, _, text in path),
        heading_lines=tuple(at for _, at, _ in path),
        before=_neighbours(report, range(max(number - _AROUND, 0), number)),
        after=_neighbours(report, range(number + 1, min(number + 1 + _AROUND, len(report.lines)))),
        themes=(),
        probabilities={},
        thresholds={},
        evidence=(),
        reason="练习：语料里的答案已知 / practice: the corpus's answer is known",
        stratum=STRATUM,
        inclusion=1.0,
        blind=True,
        model="",
        meta={},
    )


def _neighbours(report: CorpusReport, numbers: range) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(at + 1, report.lines[at].role, report.lines[at].text) for at in numbers)
