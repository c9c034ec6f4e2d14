"""Levels of headings: numbered forms nest in the order they appear; unnumbered ones follow their pattern."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_NUMERAL: Final = "[一二三四五六七八九十百]{1,3}"
_FORMS: Final = {
    "part": rf"第{_NUMERAL}[部章编篇]|篇{_NUMERAL}",
    "section": rf"第{_NUMERAL}[节条]",
    "comma": rf"{_NUMERAL}\s?[、.,丨]|{_NUMERAL} ",
    "bracket": rf"\({_NUMERAL}\)",
    "figure": r"[0-9]{1,2}(?:[、.,丨](?![0-9])| )",
    "figure in brackets": r"\(?[0-9]{1,2}\)|[①-⑳]",
    "counted": rf"[\u4e00-\u9fff]{{2,3}}(?:{_NUMERAL}|[0-9]{{1,2}})[:、 ]",
    "tag": r"[【\[〔]",
}
_NAMES: Final = tuple(_FORMS)
# Marks at which lists and mails begin their lines.
_MARKS: Final = r"[>★◎●■◆▲○□△▶►·※ ]*"
# The first form that matches, by the number of its group.
_ANY_FORM: Final = re.compile(_MARKS + "(?:" + "|".join(f"({form})" for form in _FORMS.values()) + ")")
# A heading that is spaced out: a blank behind every character.
_SPACED: Final = re.compile(r"(?:\S ){3,}")
# Upper headings without numbers are longer than those under them by about this much.
_LONGER: Final = 1.3
# A number, letter, year or month alone on its line: the heading that follows at once is the rest of it.
_ORDINAL: Final = re.compile(
    r"(?:(?:part|no|chapter|第|关键词)[. :]?)?"
    r"(?:[0-9]{1,4}[年月]?|[①-⑳a-z一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,2}|one|two|three|four|five|six)",
    re.IGNORECASE,
)


def heading_levels(texts: Sequence[str], roles: Sequence[str]) -> list[int | None]:
    """The level of every heading, 1 on top, None for other paragraphs; `texts` are clean.

    >>> heading_levels(["一、甲", "(一)乙", "正文", "二、丙"], ["heading", "heading", "body", "heading"])
    [1, 2, None, 1]
    """
    every = [place for place, role in enumerate(roles) if role == "heading"]
    split = {place for place, after in pairwise(every) if after == place + 1 and _ORDINAL.fullmatch(texts[place])}
    places = [place for place in every if place not in split]
    forms = ["upper" if place - 1 in split else _form(texts[place]) for place in places]
    upper = _upper(places, [texts[place] for place in places], [form == "plain" for form in forms])
    kinds = ["upper" if place in upper else form for place, form in zip(places, forms, strict=True)]
    levels: list[int | None] = [None] * len(roles)
    open_kinds: list[str] = []
    parents: dict[str, list[str]] = {}  # the kinds above each kind where it stood last
    for place, kind in zip(places, kinds, strict=True):
        if kind == "upper":
            open_kinds = []
        elif kind in open_kinds:
            del open_kinds[open_kinds.index(kind) :]
        elif parents.get(kind) and open_kinds[: len(parents[kind])] == parents[kind]:
            del open_kinds[len(parents[kind]) :]
        parents[kind] = open_kinds.copy()
        open_kinds.append(kind)
        levels[place] = len(open_kinds)
    for place in reversed(every):
        if place in split:
            levels[place] = levels[place + 1]
    return levels


def _form(text: str) -> str:
    if _ORDINAL.fullmatch(text):
        return "upper"
    match = _ANY_FORM.match(text.replace(" ", "") if _SPACED.match(text) else text)
    return _NAMES[match.lastindex - 1] if match and match.lastindex else "plain"


def _upper(places: Sequence[int], texts: Sequence[str], plain: Sequence[bool]) -> set[int]:
    """Unnumbered headings above all: those that a heading follows at once, those like them, and those at the end.

    places, texts, plain: of every heading its paragraph's number, its text and whether it is unnumbered.
    """
    next_place = [*places[1:], -1]
    above = {at for at, place in enumerate(places) if plain[at] and next_place[at] == place + 1}
    rest = [at for at, unnumbered in enumerate(plain) if unnumbered and at not in above]
    if above and rest:
        below = [at + 1 for at in above if at + 1 in rest]
        looks = set.intersection(*(_look(texts[at]) for at in above)) if below else set()
        looks = looks.difference(*(_look(texts[at]) for at in below))
        longer, shorter = (sum(len(texts[at]) for at in some) / len(some) for some in (above, rest))
        border = (longer + shorter) / 2 if longer > _LONGER * shorter else float("inf")
        above |= {at for at in rest if len(texts[at]) > border or looks & _look(texts[at])}
    elif rest and not all(plain):
        # What is unnumbered behind all that is numbered closes the report.
        last = max(at for at, unnumbered in enumerate(plain) if not unnumbered)
        if rest[0] > last and places[rest[0]] > places[last] + 1:
            above.update(rest)
    return {places[at] for at in above}


def _look(text: str) -> set[str | int]:
    """What headings of one level may have in common and those under them not."""
    return {len(text), f"{text[:1]}…", f"…{text[-1:]}", *(mark for mark in ":, “" if mark in text)}
