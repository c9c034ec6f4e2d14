"""Numbers of lists in a Word document, as Word would show them: 一、 （一） 1. ①"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from model.docx_styles import Numbering, value_of, whole
from model.numerals import numeral

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile("%([1-9])")
# Symbol fonts keep their bullets in the private use area, where other fonts have nothing.
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_TIGHT: Final = "、）】》。．："


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its first number, how numbers are written, the text around them (%1 is the top level's)."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False


@dataclass(slots=True)
class Lists:
    """The lists of a document: levels by list, and how far each has counted.

    abstract: the definition that a list shares with others, and its counters with it.
    """

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _seen: set[str] = field(default_factory=set)

    def marker(self, numbering: Numbering) -> str:
        """The next marker of a list's level, with the blank that parts it from the text; empty for no list."""
        levels = self.levels.get(numbering.list_id)
        if levels is None or numbering.level not in levels:
            return ""
        counters = self._counters[self.abstract[numbering.list_id]]
        if numbering.list_id not in self._seen:
            self._seen.add(numbering.list_id)
            for level, start in self.restarts.get(numbering.list_id, {}).items():
                counters[level] = start - 1
        counters[numbering.level] = counters.get(numbering.level, levels[numbering.level].start - 1) + 1
        for deeper in range(numbering.level + 1, _LEVELS):
            counters.pop(deeper, None)
        return self._shown(levels, counters, numbering.level)

    def _shown(self, levels: dict[int, Level], counters: dict[int, int], at: int) -> str:
        level = levels[at]
        if level.form == "bullet":
            shown = _PRIVATE.sub("•", level.text)
        else:
            shown = _PLACEHOLDER.sub(
                lambda match: _number(levels, counters, int(match.group(1)) - 1, level), level.text
            )
        tight = not shown or shown[-1] in _TIGHT or shown[-1].isspace() or level.suffix == "nothing"
        return shown if tight else f"{shown} "


def read_lists(root: _Element | None) -> Lists:
    """The lists of word/numbering.xml; none without it."""
    lists = Lists()
    if root is None:
        return lists
    word = root.tag[: root.tag.index("}") + 1]
    abstracts = {element.get(f"{word}abstractNumId", ""): element for element in root.iterfind(f"{word}abstractNum")}
    by_style = {value_of(element.find(f"{word}styleLink"), word): key for key, element in abstracts.items()}
    for element in root.iterfind(f"{word}num"):
        list_id = element.get(f"{word}numId", "")
        key = value_of(element.find(f"{word}abstractNumId"), word)
        if key not in abstracts:
            continue
        key = by_style.get(value_of(abstracts[key].find(f"{word}numStyleLink"), word) or "-", key)
        lists.abstract[list_id] = key
        lists.levels[list_id] = _levels(abstracts[key], word)
        _override(lists, list_id, element, word)
    return lists


def _override(lists: Lists, list_id: str, element: _Element, word: str) -> None:
    for override in element.iterfind(f"{word}lvlOverride"):
        at = whole(override.get(f"{word}ilvl", ""), 0)
        own = override.find(f"{word}lvl")
        if own is not None:
            lists.levels[list_id] = {**lists.levels[list_id], at: _level(own, word)}
        start = value_of(override.find(f"{word}startOverride"), word)
        if start:
            lists.restarts.setdefault(list_id, {})[at] = whole(start, 1)


def _levels(abstract: _Element, word: str) -> dict[int, Level]:
    return {
        whole(element.get(f"{word}ilvl", ""), 0): _level(element, word) for element in abstract.iterfind(f"{word}lvl")
    }


def _level(element: _Element, word: str) -> Level:
    return Level(
        start=whole(value_of(element.find(f"{word}start"), word), 1),
        form=value_of(element.find(f"{word}numFmt"), word) or "decimal",
        text=value_of(element.find(f"{word}lvlText"), word)[:50],
        suffix=value_of(element.find(f"{word}suff"), word) or "tab",
        legal=element.find(f"{word}isLgl") is not None,
    )


def _number(levels: dict[int, Level], counters: dict[int, int], at: int, shown_by: Level) -> str:
    level = levels.get(at, Level())
    form = "decimal" if shown_by.legal else level.form
    return numeral(counters.get(at, level.start), form)
