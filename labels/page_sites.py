"""The three pages: for reviewers, for practice, for whoever leads; what each shows and who answers it."""

from __future__ import annotations

import hashlib
from itertools import islice
from pathlib import Path
from typing import Any, Final

from labels.corpus import load_corpus
from labels.errors import UserError
from labels.item import Item, read_queue
from labels.page_desk import Desk
from labels.page_lead import Lead, LeadTalk
from labels.page_practice import PracticeTalk, open_school
from labels.page_round import Round
from labels.page_server import Site
from labels.page_talk import Talk
from labels.practice import rounds
from labels.roles import ROLES
from labels.scheme import Scheme
from labels.store import Store

_MOST_ROUNDS: Final = 10


def review_site(queue: Path | None, store_path: Path, scheme: Scheme, name: str, overlap: int) -> Site:
    """The reviewer's page: the items of `queue`, or all of the store where it is None."""
    store, items = _opened(queue, store_path)
    shared = Round(Desk(store, items, overlap))
    return Site("review", "审核 · zhengfa", _boot(scheme, name, items, store_path), lambda: Talk(shared, scheme, name))


def _opened(queue: Path | None, path: Path) -> tuple[Store, list[Item]]:
    # A queue that cannot be read must not leave an empty store behind.
    items = read_queue(queue) if queue else []
    store = Store.open(path, create=queue is not None)
    store.add_items(items)
    kept = store.items()
    if not items and not kept:
        raise UserError(f"{path}: no items in this store; give a queue: zhengfa review QUEUE --store {path}")
    wanted = {item.item for item in items}
    return store, [item for item in kept if not wanted or item.item in wanted]


def _boot(scheme: Scheme, name: str, items: list[Item], store: Path, practice: bool = False) -> dict[str, Any]:
    """What a page knows from the start; `queue` tells the browser's own notes of different queues apart."""
    digest = hashlib.sha256(str(store.resolve()).encode())
    for item in items:
        digest.update(item.item.encode())
    return {
        "themes": [
            {"id": theme.id, "zh": theme.name_zh, "en": theme.name_en, "colour": theme.colour}
            for theme in scheme.themes
        ],
        "roles": list(ROLES),
        "name": name,
        "queue": digest.hexdigest()[:16],
        "practice": practice,
    }


def lead_site(queue: Path | None, store_path: Path, scheme: Scheme, name: str) -> Site:
    """The page of whoever leads the review: figures, and disputes to end."""
    store, items = _opened(queue, store_path)
    boot = _boot(scheme, name, items, store_path)
    return Site("lead", "总览 · zhengfa", boot, lambda: LeadTalk(Lead(store, items, scheme), name))


def practice_site(store_path: Path, scheme: Scheme, name: str) -> Site:
    """The practice page: rounds of lines from the bundled corpus."""
    exercises = list(islice(rounds(load_corpus(scheme=scheme), scheme), _MOST_ROUNDS))
    school = open_school(store_path, exercises, scheme)
    items = [exercise.item for exercise in exercises[0]]
    boot = _boot(scheme, name, items, store_path, practice=True)
    return Site("review", "练习 · zhengfa", boot, lambda: PracticeTalk(school, name))
