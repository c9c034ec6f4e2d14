"""The figures of the lead's page: progress, agreement, the effect of pre-filling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan, sqrt
from typing import Any, Final

from labels.agreement import cohen_kappa, krippendorff_alpha, observed_agreement, set_alpha
from labels.decision import Decision
from labels.item import Item
from labels.page_ink import plain
from labels.scheme import Scheme
from labels.standing import Standing, state_of

Json = dict[str, Any]
Standings = Mapping[str, Standing]
_NORMAL: Final = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `n` with its 95 % interval; all three are None where n is 0."""

    n: int
    value: float | None
    low: float | None
    high: float | None


def interval(rate: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval (1927) of a share seen in `n` draws, which weights may make fractional.

    >>> [round(end, 4) for end in interval(0.9, 10)]
    [0.5958, 0.9821]
    """
    square = _NORMAL**2
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = _NORMAL / (1 + square / n) * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def share(hits: Sequence[bool]) -> Share:
    """The share of true values.

    >>> share([True, True, False])
    Share(n=3, value=0.6667, low=0.2077, high=0.9385)
    """
    if not hits:
        return Share(0, None, None, None)
    rate = sum(hits) / len(hits)
    low, high = interval(rate, len(hits))
    return Share(len(hits), round(rate, 4), round(low, 4), round(high, 4))


def progress(items: Sequence[Item], standings: Standings) -> Json:
    """How many items are in which state, in each stratum, and what each person has done."""
    states = {item.item: state_of(standings[item.item]) for item in items}
    people: dict[str, Counter[str]] = {}
    for item in items:
        for reviewer, event in standings[item.item].latest.items():
            kind = event.action if event.action == "skip" or event.themes else "none"
            people.setdefault(reviewer, Counter())[kind] += 1
    strata = dict.fromkeys(item.stratum for item in items)
    return {
        "total": len(items),
        "states": dict(Counter(states.values())),
        "strata": [_stratum(name, [item for item in items if item.stratum == name], standings) for name in strata],
        "people": [
            {
                "name": name,
                "decided": counts["decide"] + counts["none"],
                "none": counts["none"],
                "skipped": counts["skip"],
            }
            for name, counts in sorted(people.items())
        ],
    }


def agreement(items: Sequence[Item], standings: Standings, scheme: Scheme) -> Json:
    """Agreement of the people, before any adjudication, on the items that two or more of them judged.

    Per theme: n items that judged it twice, observed agreement and Cohen's kappa (means over pairs of people,
    weighted by their common items), Krippendorff's alpha; for whole sets alpha with the MASI distance.
    """
    shared = [decided for item in items if len(decided := standings[item.item].decided) > 1]
    people = sorted({event.reviewer for decided in shared for event in decided})
    rows = [{"theme": theme, **_of_theme(shared, people, theme)} for theme in scheme.ids]
    sets = [
        [frozenset(event.themes) if (event := _by(decided, name)) else None for decided in shared] for name in people
    ]
    return {"items": len(shared), "people": people, "themes": rows, "sets": _defined(set_alpha(sets) if sets else None)}


def prefill_bias(items: Sequence[Item], standings: Standings) -> Json:
    """How often answers equal the model's where it was shown and where it was hidden.

    Only lines drawn at random compare fairly: those of the other strata are chosen for being hard.
    """
    shown, at_random, blind = [], [], []
    for item in items:
        for event in standings[item.item].decided:
            if event.shown is None:
                blind.append(set(event.themes) == set(item.themes))
                continue
            kept = set(event.themes) == set(event.shown.themes)
            shown.append(kept)
            if item.stratum == "random":
                at_random.append(kept)
    sides = {"shown": share(shown), "random": share(at_random), "blind": share(blind)}
    rates = sides["random"].value, sides["blind"].value
    gap = None if None in rates else round(float(rates[0] or 0) - float(rates[1] or 0), 4)
    return {name: _row(side) for name, side in sides.items()} | {"gap": gap}


def _row(found: Share) -> Json:
    return {"n": found.n, "value": found.value, "low": found.low, "high": found.high}


def _stratum(name: str, items: Sequence[Item], standings: Standings) -> Json:
    done = sum(bool(standings[item.item].decided) for item in items)
    return {"stratum": plain(name), "done": done, "total": len(items)}


def _of_theme(shared: Sequence[Sequence[Decision]], people: Sequence[str], theme: str) -> Json:
    values = [[_judged(_by(decided, name), theme) for decided in shared] for name in people]
    pairs = [
        ([one for one, _ in common], [other for _, other in common])
        for left, right in combinations(values, 2)
        if (common := [(a, b) for a, b in zip(left, right, strict=True) if a is not None and b is not None])
    ]
    return {
        "n": sum(sum(value is not None for value in unit) > 1 for unit in zip(*values, strict=True)),
        "agreement": _mean((observed_agreement(a, b), len(a)) for a, b in pairs),
        "kappa": _mean((cohen_kappa(a, b), len(a)) for a, b in pairs),
        "alpha": _defined(krippendorff_alpha(values) if values else None),
    }


def _by(decided: Iterable[Decision], name: str) -> Decision | None:
    return next((event for event in decided if event.reviewer == name), None)


def _judged(event: Decision | None, theme: str) -> bool | None:
    return None if event is None or theme not in event.considered else theme in event.themes


def _mean(weighted: Iterable[tuple[float, int]]) -> float | None:
    known = [(value, weight) for value, weight in weighted if not isnan(value)]
    return (
        round(sum(value * weight for value, weight in known) / sum(weight for _, weight in known), 4) if known else None
    )


def _defined(figure: float | None) -> float | None:
    return None if figure is None or isnan(figure) else round(float(figure), 4)
