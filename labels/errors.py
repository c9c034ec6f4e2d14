"""The one error that people are meant to read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """Something the user can mend; the message says where, what came, what was wanted, what to do."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """A closing phrase for an unknown word: the nearest known one, or all of them.

    >>> suggestion("securty", ["security", "mediation"])
    'did you mean security?'
    >>> suggestion("x", ["security", "mediation"])
    'known: security, mediation'
    """
    names = list(known)
    near = get_close_matches(word, names, n=1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
