"""Rationales: the passages of a labelled paragraph that give it a theme, as its annotator marked them.

After Zaidan, Eisner and Piatko, "Using 'annotator rationales' to improve machine learning for text categorization",
2007.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from typing import Final

from labels.errors import UserError

# Of a theme the characters from start to end (exclusive) of each of its passages, in order.
Rationales = Mapping[str, tuple[tuple[int, int], ...]]

NO_RATIONALES: Final[Rationales] = {}


def parse_rationales(value: object, themes: Collection[str], size: int, where: str) -> Rationales:
    """The rationales of a paragraph of `size` characters that has `themes`; UserError that begins with `where`.

    Who takes a theme off need not take off its passages, too: they are not read.

    >>> parse_rationales({"mediation": [[0, 4], [9, 12]]}, ("security", "mediation"), 20, "a.jsonl, line 1")
    {'mediation': ((0, 4), (9, 12))}
    """
    if value is None:
        return NO_RATIONALES
    if not isinstance(value, dict):
        raise UserError(f"{where}: rationales is {value!r}; passages by theme are wanted")
    kept = [theme for theme in value if theme in themes]
    return {theme: _passages(value[theme], size, f"{where}: rationales of {theme}") for theme in kept}


def only(rationales: Rationales, themes: Collection[str]) -> Rationales:
    """Those of the themes that a paragraph keeps.

    >>> only({"security": ((0, 4),), "mediation": ((5, 9),)}, ("mediation",))
    {'mediation': ((5, 9),)}
    """
    return {theme: passages for theme, passages in rationales.items() if theme in themes}


def replaced(rationales: Rationales, old: Collection[str], new: str | None) -> Rationales:
    """Those of the `old` themes as the `new` one's; without them where there is none.

    >>> replaced({"security": ((0, 4),), "mediation": ((2, 9),)}, ("security", "mediation"), "safety")
    {'safety': ((0, 9),)}
    """
    moved = _joined(passage for theme in old for passage in rationales.get(theme, ()))
    after = {new if theme in old else theme: moved if theme in old else own for theme, own in rationales.items()}
    return {theme: passages for theme, passages in after.items() if theme}


def _joined(passages: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(passages):
        if joined and start < joined[-1][1]:
            before, last = joined.pop()
            joined.append((before, max(end, last)))
        else:
            joined.append((start, end))
    return tuple(joined)


def _passages(value: object, size: int, where: str) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list) or not value or not all(_is_passage(passage) for passage in value):
        raise UserError(f"{where}: {value!r}; a list of [start, end] is wanted, counted in characters of text")
    passages = tuple((start, end) for start, end in value)
    ends_before = all(end <= start for (_, end), (start, _) in pairwise(passages))
    if not ends_before or not all(0 <= start < end <= size for start, end in passages):
        raise UserError(f"{where}: {value!r}; passages in order, none in another, inside a text of {size} characters")
    return passages


def _is_passage(value: object) -> bool:
    return isinstance(value, list) and [type(place) for place in value] == [int, int]
