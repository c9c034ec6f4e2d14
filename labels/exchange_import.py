"""Replies from other programs become decisions in the store: what is new, what is known, and what cannot be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from labels.decision import Decision, check_decision, utc
from labels.errors import UserError
from labels.exchange import ACTION_OF, DECIDED, OPEN, SKIPPED, UNCLEAR, Format, Lost, Reply, format_of
from labels.exchange_key import Key
from labels.scheme import Scheme, Theme
from labels.standing import standing
from labels.store import Store
from labels.theme_changes import Judged, ThemeChange, carry, since


@dataclass
class Taken:
    """What became of a file.

    rows: how many replies say what, by `reviewed_themes`, `reviewed_none`, `skipped`, `not_reviewed`, `unclear`.
    events: how many decisions are `new`, `updated`, `known`, or `older` than their reviewer's last word.
    """

    loses: tuple[str, ...]
    rows: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """How to read a file: who answers where it names nobody, and whether it holds only what was confirmed.

    changes: of themes, since the file may have been out while they changed.
    """

    scheme: Scheme
    reviewer: str = ""
    confirmed: bool = False
    changes: tuple[ThemeChange, ...] = ()


def import_file(path: Path, store: Store, terms: Terms) -> Taken:
    """Take the answers of a file into the store, once however often it is imported.

    An answer belongs to an item by place and text. Raises UserError for a file that is of no known format.
    """
    taken, decisions = decisions_in(path, terms)
    items = {item.item for item in store.items()}
    known = [decision for _, decision in decisions if decision.item in items]
    strange = [where for where, decision in decisions if decision.item not in items]
    taken.lost += [f"{where}: its item is not in this store; add its queue with --queue" for where in strange]
    store.import_decisions(list(_to_add(known, store, _saved_at(path), taken)))
    return taken


def decisions_in(path: Path, terms: Terms) -> tuple[Taken, list[tuple[str, Decision]]]:
    """The decisions that a file holds, each with its place, whatever the store knows of them."""
    form = format_of(path)
    taken = Taken(form.loses)
    return taken, _consistent(list(_decisions(form, path, terms, taken)), taken)


def _decisions(form: Format, path: Path, terms: Terms, taken: Taken) -> Iterator[tuple[str, Decision]]:
    for reply in _settled(form.read(path, _with_old_themes(terms)), terms, taken):
        taken.rows[_said(reply)] += 1
        if reply.state in (OPEN, UNCLEAR):
            continue
        try:
            yield reply.where, _decision(reply, form.source, terms)
        except UserError as error:
            taken.lost.append(str(error))


def _settled(found: Iterable[Reply | Lost], terms: Terms, taken: Taken) -> Iterator[Reply]:
    """The replies, unclear ones as decided if the file holds nothing else."""
    for reply in found:
        if isinstance(reply, Lost):
            taken.lost.append(reply.message)
        else:
            yield replace(reply, state=DECIDED) if reply.state == UNCLEAR and terms.confirmed else reply


def _said(reply: Reply) -> str:
    if reply.state in (SKIPPED, UNCLEAR):
        return reply.state
    if reply.state == OPEN:
        return "not_reviewed"
    themes = reply.past.themes if reply.past else reply.themes
    return "reviewed_themes" if themes else "reviewed_none"


def _decision(reply: Reply, source: str, terms: Terms) -> Decision:
    """The decision that a reply is; raises UserError where it contradicts itself or nobody made it."""
    decision = reply.past or _made(reply, reply.key, source, terms)
    judged = carry(Judged(decision.themes, decision.considered), since(terms.changes, decision.at))
    decision = replace(decision, themes=judged.themes, considered=judged.considered or ())
    for theme in decision.themes:
        terms.scheme.check(theme, reply.where)
    if not decision.reviewer:
        raise UserError(f"{reply.where}: no reviewer; write the name in its column or give --reviewer NAME")
    check_decision(decision, reply.where)
    return decision


def _made(reply: Reply, key: Key, source: str, terms: Terms) -> Decision:
    return Decision(
        reviewer=reply.reviewer or terms.reviewer,
        item=key.item,
        report=key.report,
        line=key.line,
        text_sha256=key.text_sha256,
        action=ACTION_OF[reply.state],
        role=reply.role,
        themes=reply.themes if reply.state != SKIPPED else (),
        considered=tuple(theme for theme in key.considered if theme in _with_old_themes(terms).ids),
        note=reply.note,
        shown=key.shown,
        model=key.model,
        source=source,
        at=utc(reply.at, reply.where) if reply.at else "",
    )


def _with_old_themes(terms: Terms) -> Scheme:
    """The scheme as it is, and the themes that it had, so that what was said in their words is understood."""
    old = dict.fromkeys(theme for change in terms.changes for theme in change.old if theme not in terms.scheme.ids)
    return Scheme((*terms.scheme.themes, *(Theme(theme, theme, theme, "", "", "#777777", ()) for theme in old)))


def _consistent(found: list[tuple[str, Decision]], taken: Taken) -> list[tuple[str, Decision]]:
    """Without the answers that one person gave twice and differently in a file that does not date them."""
    first: dict[tuple[str, str], tuple[str, Decision]] = {}
    torn: set[tuple[str, str]] = set()
    for where, decision in found:
        who = decision.reviewer, decision.item
        earlier, other = first.setdefault(who, (where, decision))
        if not decision.at and _content(other) != _content(decision):
            torn.add(who)
            taken.lost.append(f"{where}: it answers otherwise than {earlier} for the same text; keep one of them")
    return [(where, one) for where, one in found if one.at or (one.reviewer, one.item) not in torn]


def _to_add(decisions: Iterable[Decision], store: Store, saved_at: str, taken: Taken) -> Iterator[Decision]:
    """Those decisions that the store has not had, dated; counts what becomes of each."""
    events: dict[str, list[Decision]] = {}
    for event in store.events():
        events.setdefault(event.item, []).append(event)
    for undated in decisions:
        own = [event for event in events.get(undated.item, []) if event.reviewer == undated.reviewer]
        decision = undated if undated.at else replace(undated, at=saved_at)
        fate = "known" if _is_known(undated, own) else _fate(decision, own)
        taken.events[fate] += 1
        if fate != "known":
            events.setdefault(decision.item, []).append(decision)
            yield decision


def _is_known(decision: Decision, own: list[Decision]) -> bool:
    """Whether its reviewer said just that: at that time, as the last word, or last time by the same way if undated."""
    if decision.at:
        before = [event for event in own if event.at == decision.at]
    else:
        before = [event for event in own if event.source == decision.source][-1:]
    return any(_content(event) == _content(decision) for event in [*before, *_last(own, decision.action)])


def _fate(decision: Decision, own: list[Decision]) -> str:
    last = _last(own, decision.action)
    if not last:
        return "new"
    return "updated" if decision.at > last[0].at else "older"


def _last(own: list[Decision], action: str) -> list[Decision]:
    """A reviewer's last word that stands, if there is one; adjudications stand apart."""
    held = standing(own)
    if action == "adjudicate":
        return [held.adjudication] if held.adjudication else []
    return [*held.latest.values()]


def _content(decision: Decision) -> tuple[object, ...]:
    return decision.action, decision.role, frozenset(decision.themes), frozenset(decision.considered), decision.note


def _saved_at(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="microseconds")
