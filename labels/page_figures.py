"""The figures of the lead's page: progress, agreement, the effect of pre-filling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from labels.agreement import defined
from labels.decision import Decision
from labels.item import Item
from labels.label_sets import Judgement, LabelSets, Unit
from labels.page_ink import plain
from labels.reliability import Reliability, reliability
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
    """What `zhengfa labels agreement` says of these items, from before any adjudication; null where undefined."""
    units: dict[Unit, dict[str, Judgement]] = {
        (item.report, item.text_sha256, item.line): {event.reviewer: _judgement(event) for event in decided}
        for item in items
        if len(decided := standings[item.item].decided) > 1
    }
    people = tuple(sorted({reviewer for judgements in units.values() for reviewer in judgements}))
    rows = reliability(LabelSets(people, units), scheme)[0].rows if units else ()
    return {"items": len(units), "rows": [_agreement_row(row) for row in rows]}


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


def _judgement(event: Decision) -> Judgement:
    return Judgement(event.role, frozenset(event.themes), frozenset(event.considered), None)


def _agreement_row(row: Reliability) -> Json:
    figures = {"agreement": row.agreement.value, "kappa": row.kappa.value, "alpha": row.alpha.value}
    ends = {"low": row.alpha.low, "high": row.alpha.high}
    return {"what": row.what, "n": row.units} | {name: defined(value) for name, value in (figures | ends).items()}
