"""Levels of headings: numbered forms nest in the order they appear; unnumbered ones follow their pattern."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NUMERAL: Final = "[一二三四五六七八九十百]{1,3}"
_FORMS: Final = {
    "part": rf"第{_NUMERAL}[部章编]",
    "section": rf"第{_NUMERAL}[节条]",
    "comma": rf"{_NUMERAL}\s?[、.,]|{_NUMERAL} ",
    "bracket": rf"\({_NUMERAL}\)",
    "figure": r"[0-9]{1,2}(?:[、.,](?![0-9])| )",
    "figure in brackets": r"\(?[0-9]{1,2}\)|[①-⑳]",
    "counted": rf"[\u4e00-\u9fff]{{2,3}}(?:{_NUMERAL}|[0-9]{{1,2}})[:、 ]",
    "tag": r"[【\[〔]",
}
_NAMES: Final = tuple(_FORMS)
# The first form that matches, by the number of its group.
_ANY_FORM: Final = re.compile("|".join(f"({form})" for form in _FORMS.values()))
# Upper headings without numbers are longer than those under them by about this much.
_LONGER: Final = 1.3


def heading_levels(texts: Sequence[str], roles: Sequence[str]) -> list[int | None]:
    """The level of every heading, 1 on top, None for other paragraphs; `texts` are clean.

    >>> heading_levels(["一、甲", "(一)乙", "正文", "二、丙"], ["heading", "heading", "body", "heading"])
    [1, 2, None, 1]
    """
    places = [place for place, role in enumerate(roles) if role == "heading"]
    forms = [_form(texts[place]) for place in places]
    upper = _upper(places, [len(texts[place]) for place in places], [form == "plain" for form in forms])
    kinds = ["upper" if place in upper else form for place, form in zip(places, forms, strict=True)]
    levels: list[int | None] = [None] * len(roles)
    open_kinds: list[str] = []
    for place, kind in zip(places, kinds, strict=True):
        if kind in open_kinds:
            del open_kinds[open_kinds.index(kind) + 1 :]
        elif kind == "upper":
            open_kinds = ["upper"]
        else:
            open_kinds.append(kind)
        levels[place] = len(open_kinds)
    return levels


def _form(text: str) -> str:
    match = _ANY_FORM.match(text)
    return _NAMES[match.lastindex - 1] if match and match.lastindex else "plain"


def _upper(places: Sequence[int], lengths: Sequence[int], plain: Sequence[bool]) -> set[int]:
    """Unnumbered headings above other unnumbered ones: those that a heading follows at once, and those like them."""
    follows = [at + 1 < len(places) and places[at + 1] == place + 1 and plain[at] for at, place in enumerate(places)]
    sure = [lengths[at] for at, followed in enumerate(follows) if followed]
    rest = [lengths[at] for at, followed in enumerate(follows) if not followed and plain[at]]
    if not sure or not rest:
        return {place for place, followed in zip(places, follows, strict=True) if followed}
    longer, shorter = sum(sure) / len(sure), sum(rest) / len(rest)
    border = (longer + shorter) / 2 if longer > _LONGER * shorter else float("inf")
    return {
        place
        for place, length, followed, unnumbered in zip(places, lengths, follows, plain, strict=True)
        if followed or (unnumbered and length > border)
    }
