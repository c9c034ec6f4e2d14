"""What a page shows, as JSON: an item without anything the reviewer must not see, progress, choices of filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from labels.decision import Decision
from labels.item import Item, Neighbour
from labels.page_ink import ink, plain
from labels.page_round import NONE, STATES, Entry
from labels.scheme import Scheme

Json = dict[str, Any]


def item_view(item: Item, scheme: Scheme) -> Json:
    """An item in its place; a blind one holds nothing of the model's."""
    chinese, _, english = plain(item.reason).partition(" / ")
    known = set(scheme.ids)
    seen: Json = {"suggested": None, "chances": None, "thresholds": {}}
    if not item.blind:
        seen = {
            "suggested": [theme for theme in item.themes if theme in known],
            "chances": {theme: item.probabilities.get(theme) for theme in scheme.ids},
            "thresholds": item.thresholds,
        }
    return seen | {
        "item": item.item,
        "report_ink": ink(_where(item)),
        "report": plain(item.report),
        "path": [ink(heading) for heading in item.heading_path],
        "before": [_neighbour(line) for line in item.before],
        "after": [_neighbour(line) for line in item.after],
        "ink": ink(item.text, () if item.blind else (word for word in item.evidence if word.theme in known)),
        "role": item.role,
        "blind": item.blind,
        "stratum": plain(item.stratum),
        "reason": {"zh": chinese, "en": english},
    }


def own_view(own: Decision | None) -> Json | None:
    """A reviewer's own last word."""
    if own is None:
        return None
    return {name: getattr(own, name) for name in ("id", "action", "themes", "role", "note", "at")}


def progress_view(entries: Iterable[Entry]) -> dict[str, int]:
    """How far a reviewer is in their list."""
    states = Counter(entry.state for entry in entries)
    done = states["reviewed_themes"] + states["reviewed_none"]
    return {
        "total": states.total(),
        "done": done,
        "none": states["reviewed_none"],
        "skipped": states["skipped"],
    }


def choices_view(entries: Sequence[Entry], scheme: Scheme) -> dict[str, list[Json]]:
    """What there is to filter by, with counts; a blind item counts under no theme until it is answered."""
    strata = Counter(entry.item.stratum for entry in entries)
    states = Counter(entry.state for entry in entries)
    themes: Counter[str] = Counter()
    for entry in entries:
        found = entry.themes
        themes.update((NONE,) if found == () else found or ())
    return {
        "stratum": _counted(strata, strata),
        "theme": _counted(themes, (*scheme.ids, NONE)),
        "state": _counted(states, STATES),
    }


def _counted(counts: Counter[str], names: Iterable[str]) -> list[Json]:
    return [{"id": name, "name": plain(name), "count": counts[name]} for name in names if counts[name]]


def _neighbour(line: Neighbour) -> Json:
    return {"role": line.role, "ink": ink(line.text)}


def _where(item: Item) -> str:
    known = (item.meta.get("place"), item.meta.get("year"), item.report)
    return " · ".join(str(fact) for fact in known if fact)
