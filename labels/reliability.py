"""Agreement of coders on every theme, on the set of themes and on the role, over all units and by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from labels.agreement import Distance, Estimate, alpha_estimate, masi, mean_kappa_estimate, mean_share_estimate, nominal
from labels.label_sets import Judgement, LabelSets, Unit
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme

THEME_SET: Final = "theme_set"
ROLE: Final = "role"
Value = Callable[[Judgement], Hashable | None]


@dataclass(frozen=True, slots=True)
class Reliability:
    """One row of the table.

    what: a theme's id, THEME_SET or ROLE. units: judged by two coders or more; for themes those that one of them at
    least took for a heading or body, since other lines have none. present: the share of their judgements
    that have the theme (None but for a theme). agreement: of pairs of coders. kappa: Cohen's, the mean over pairs of
    coders where there are several, each as heavy as the units it shares (Light 1971). alpha: Krippendorff's, with MASI
    distance for sets. Intervals are over reports, over units where there is one report only.
    """

    what: str
    units: int
    present: float | None
    agreement: Estimate
    kappa: Estimate
    alpha: Estimate


@dataclass(frozen=True, slots=True)
class Period:
    """The rows of one week, named by ISO week (2026-W47), or of all units (""). coders: how many took part."""

    week: str
    coders: int
    rows: tuple[Reliability, ...]


def reliability(sets: LabelSets, scheme: Scheme) -> list[Period]:
    """All units first, then each week in which a unit got its last judgement, if there are two weeks or more."""
    weeks: defaultdict[str, dict[Unit, dict[str, Judgement]]] = defaultdict(dict)
    for unit, judgements in sets.units.items():
        days = [judgement.day for judgement in judgements.values() if judgement.day is not None]
        if days:
            weeks[f"{max(days):%G-W%V}"][unit] = judgements
    parts = [("", sets.units), *(sorted(weeks.items()) if len(weeks) > 1 else ())]
    return [_period(week, sets.coders, units, scheme) for week, units in parts]


def _period(week: str, coders: Sequence[str], units: dict[Unit, dict[str, Judgement]], scheme: Scheme) -> Period:
    present = [coder for coder in coders if any(coder in judgements for judgements in units.values())]
    themed = {unit: own for unit, own in units.items() if any(one.role in THEMED_ROLES for one in own.values())}
    of_themes = (_row(theme, present, themed, _has(theme)) for theme in scheme.ids)
    of_sets = _row(THEME_SET, present, themed, _theme_set(scheme), masi)
    return Period(week, len(present), (*of_themes, of_sets, _row(ROLE, present, units, lambda one: one.role)))


def _has(theme: str) -> Value:
    return lambda judgement: theme in judgement.themes if theme in judgement.considered else None


def _theme_set(scheme: Scheme) -> Value:
    """The set, of those who judged every theme."""
    everything = frozenset(scheme.ids)
    return lambda judgement: judgement.themes if everything <= judgement.considered else None


def _row(
    what: str,
    coders: Sequence[str],
    units: dict[Unit, dict[str, Judgement]],
    value: Value,
    distance: Distance = nominal,
) -> Reliability:
    given = {
        unit: [value(judgements[coder]) if coder in judgements else None for coder in coders]
        for unit, judgements in units.items()
    }
    paired = {unit: values for unit, values in given.items() if sum(one is not None for one in values) > 1}
    values: list[tuple[Hashable | None, ...]] = list(zip(*paired.values(), strict=True)) or [()] * len(coders)
    groups = _groups(list(paired))
    known = [one for own in paired.values() for one in own if one is not None]
    return Reliability(
        what=what,
        units=len(paired),
        present=known.count(True) / len(known) if known and isinstance(known[0], bool) else None,
        agreement=mean_share_estimate(values, groups),
        kappa=mean_kappa_estimate(values, groups),
        alpha=alpha_estimate(values, distance, groups),
    )


def _groups(units: Sequence[Unit]) -> list[Hashable]:
    """What is drawn together in a bootstrap: a report's units; each unit alone where they are of one report."""
    reports = {report for report, _, _ in units}
    return [report for report, _, _ in units] if len(reports) > 1 else list(units)
