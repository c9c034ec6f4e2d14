"""Styles of a Word document: which name headings, titles, captions, and which number their paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from model.blocks import NOWHERE, Place

if TYPE_CHECKING:
    from lxml.etree import _Element

# English and Chinese names, as Word and WPS write them.
_HEADING: Final = re.compile(r"(?:heading|标题|標題)\s*([1-9])(?!\d)", re.IGNORECASE)
_CONTENTS: Final = re.compile(r"(?:toc|目录|目錄)\s*(?:[1-9]|heading|标题)?(?!\S)", re.IGNORECASE)
_ROLES: Final = {
    "title": "title",
    "标题": "title",
    "標題": "title",
    "caption": "caption",
    "题注": "caption",
    "題注": "caption",
}
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Numbering:
    """A place in a list: the list's number (w:numId, "0" for none) and the level in it, from 0."""

    list_id: str
    level: int


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says; `hidden` text is not printed, None where the style it is based on decides."""

    name: str = ""
    based_on: str = ""
    outline: int | None = None
    numbering: Numbering | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by id; `default` is that of paragraphs without one."""

    by_id: dict[str, Style]
    default: str = ""

    def chain(self, style_id: str) -> list[Style]:
        """The style and those it is based on, nearest first."""
        found: list[Style] = []
        while style_id in self.by_id and len(found) < _DEEPEST:
            found.append(self.by_id[style_id])
            style_id = found[-1].based_on
        return found

    def place(self, style_id: str, outline: int | None) -> Place:
        """What a paragraph's style says of its role; `outline` is the paragraph's own outline level, from 0."""
        chain = self.chain(style_id or self.default)
        for style in chain:
            named = _named(style.name)
            if named is not NOWHERE:
                return named
        levels = [outline, *(style.outline for style in chain)]
        level = next((level for level in levels if level is not None), 9)
        return Place("heading", level + 1, why=f"outline level {level + 1}") if level < 9 else NOWHERE

    def hides(self, style_id: str) -> bool | None:
        """Whether text of a style is hidden; None where no style says so."""
        return next((style.hidden for style in self.chain(style_id) if style.hidden is not None), None)

    def numbering(self, style_id: str) -> Numbering | None:
        """The list that a style puts its paragraphs into."""
        return next((style.numbering for style in self.chain(style_id or self.default) if style.numbering), None)


def read_styles(root: _Element | None) -> Styles:
    """The styles of paragraphs and characters in word/styles.xml; none without it."""
    if root is None:
        return Styles({})
    word = root.tag[: root.tag.index("}") + 1]
    by_id: dict[str, Style] = {}
    default = ""
    for element in root.iterfind(f"{word}style"):
        kind, style_id = element.get(f"{word}type"), element.get(f"{word}styleId", "")
        if kind not in ("paragraph", "character"):
            continue
        by_id[style_id] = _style(element, word)
        if kind == "paragraph" and element.get(f"{word}default") in ("1", "true", "on"):
            default = style_id
    return Styles(by_id, default)


def numbering_of(properties: _Element | None, word: str) -> Numbering | None:
    """The list named in w:pPr."""
    numbered = None if properties is None else properties.find(f"{word}numPr")
    if numbered is None:
        return None
    list_id = value_of(numbered.find(f"{word}numId"), word)
    level = value_of(numbered.find(f"{word}ilvl"), word)
    return Numbering(list_id, whole(level, 0)) if list_id or level else None


def value_of(element: _Element | None, word: str) -> str:
    """The w:val of an element, empty for none."""
    return "" if element is None else element.get(f"{word}val", "")


def vanishes(properties: _Element | None, word: str) -> bool | None:
    """Whether w:rPr hides its text; None where it does not say."""
    vanish = None if properties is None else properties.find(f"{word}vanish")
    return None if vanish is None else value_of(vanish, word) not in ("0", "false", "off")


def whole(text: str, otherwise: int) -> int:
    """A small whole number, `otherwise` for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else otherwise


def outline_of(properties: _Element | None, word: str) -> int | None:
    """The outline level in w:pPr, from 0; 9 is body text."""
    found = "" if properties is None else value_of(properties.find(f"{word}outlineLvl"), word)
    return int(found) if re.fullmatch("[0-9]", found) else None


def _style(element: _Element, word: str) -> Style:
    properties = element.find(f"{word}pPr")
    return Style(
        name=value_of(element.find(f"{word}name"), word).strip(),
        based_on=value_of(element.find(f"{word}basedOn"), word),
        outline=outline_of(properties, word),
        numbering=numbering_of(properties, word),
        hidden=vanishes(element.find(f"{word}rPr"), word),
    )


def _named(name: str) -> Place:
    """What the name of a style says.

    >>> [_named(name).role for name in ("heading 2", "标题 1", "Title", "toc 3", "Normal")]
    ['heading', 'heading', 'title', 'boilerplate', None]
    """
    heading = _HEADING.fullmatch(name)
    if heading:
        return Place("heading", int(heading.group(1)), why=f"style {name}")
    if _CONTENTS.match(name):
        return Place("boilerplate", why="in a table of contents")
    role = _ROLES.get(name.lower())
    return Place(role, why=f"style {name}") if role else NOWHERE
