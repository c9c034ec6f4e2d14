"""The walk over a page: markup events in, lines out, each with what stands around it on the page.

No tree is built, so neither deep nesting nor millions of elements cost more than their text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from labels.errors import UserError
from model.numerals import numeral

# No page is; open elements take memory.
_DEEPEST: Final = 50_000

_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "br",
))  # fmt: skip
_DROPPED: Final = frozenset((
    "script", "style", "head", "noscript", "template", "iframe", "object", "applet", "select", "option", "button",
    "textarea", "svg", "math", "canvas", "audio", "video", "rt", "rp", "noframes", "datalist",
))  # fmt: skip
_VOID: Final = frozenset((
    "area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
))  # fmt: skip
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_AROUND: Final = {"nav": "nav", "footer": "footer", "aside": "aside", "menu": "menu"}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ROLES: Final = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar"))
_CLASSES: Final = frozenset((
    "nav", "navbar", "navigation", "menu", "submenu", "footer", "foot", "breadcrumb", "breadcrumbs", "crumb",
    "crumbs", "sidebar", "copyright", "share", "pagination", "pager", "toolbar", "topbar", "related", "friendlink",
    "friendlinks",
))  # fmt: skip
_WORDS: Final = re.compile(r"[a-z]+|[A-Z][a-z]*")
_SPACE: Final = re.compile("[ \t\r\n\f]+")
_ESCAPED: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});")
_MARKER: Final = re.compile(r"[（(]?[0-9０-９一二三四五六七八九十①-⑳]{1,3}[）)、.．:： ]|第|[①-⑳●■◆]")
_TYPES: Final = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(slots=True)
class PageLine:
    """One line of a page. links: its characters inside links. hidden: number of the hidden element it is in, or 0.

    around: what it stands in beside the report (nav, footer …), empty for none. heading: 1 to 6, or 0. row, cell:
    numbers of the table's row and cell it is in, 0 for none. is_row: whether it is a
    whole row of data.
    """

    text: str
    links: int = 0
    hidden: int = 0
    around: str = ""
    heading: int = 0
    caption: bool = False
    row: int = 0
    cell: int = 0
    is_row: bool = False


@dataclass(slots=True)
class _Frame:
    """An open element and what holds inside it."""

    tag: str
    dropped: bool = False
    link: bool = False
    pre: bool = False
    in_article: bool = False
    line: PageLine = field(default_factory=lambda: PageLine(""))
    counter: int | None = None
    numbering: str = "decimal"


class PageWalk:
    """A target of lxml's HTML parser that gathers lines; `title` is the text of the page's title element."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.lines: list[PageLine] = []
        self.title = ""
        self._stack = [_Frame("")]
        self._pieces: list[str] = []
        self._links = 0
        self._marker = ""
        self._numbers = 0

    def start(self, tag: object, attributes: Mapping[str, str]) -> None:
        name = str(tag).lower()
        if name in _BLOCKS:
            self._flush()
        if name in _VOID:
            return
        if len(self._stack) > _DEEPEST:
            raise UserError(f"{self._name}: its markup is nested deeper than {_DEEPEST:,}; save the page anew")
        self._stack.append(self._frame(name, attributes))

    def end(self, tag: object) -> None:
        name = str(tag).lower()
        if name in _BLOCKS:
            self._flush()
        if name in _VOID or all(frame.tag != name for frame in reversed(self._stack[-64:])):
            return
        while self._stack.pop().tag != name:
            pass

    def data(self, text: str) -> None:
        frame = self._stack[-1]
        if frame.tag == "title" and len(self._stack) < 8:
            self.title += text
        if frame.dropped:
            return
        if frame.pre:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._flush()
                self._put(line, frame)
        else:
            self._put(text, frame)

    def comment(self, text: str) -> None:
        """Comments are no text."""

    def close(self) -> None:
        self._flush()

    def _put(self, text: str, frame: _Frame) -> None:
        self._pieces.append(text)
        if frame.link:
            self._links += len("".join(text.split()))

    def _flush(self) -> None:
        text = _flowed("".join(self._pieces), self._stack[-1].pre)
        links, self._links = self._links, 0
        self._pieces.clear()
        if not text:
            return
        if self._marker and not _MARKER.match(text):
            text = self._marker + text
        self._marker = ""
        self.lines.append(replace(self._stack[-1].line, text=text, links=links))

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _frame(self, name: str, attributes: Mapping[str, str]) -> _Frame:
        parent = self._stack[-1]
        frame = _Frame(
            name,
            dropped=parent.dropped or name in _DROPPED,
            link=parent.link or name == "a",
            pre=parent.pre or name == "pre",
            in_article=parent.in_article or name in ("article", "main"),
            line=parent.line,
        )
        changes = {**self._surroundings(name, attributes, frame), **self._kind(name)}
        if changes:
            frame.line = replace(parent.line, **changes)
        self._count(name, attributes, frame, parent)
        return frame

    def _surroundings(self, name: str, attributes: Mapping[str, str], frame: _Frame) -> dict[str, Any]:
        """What an element changes for the lines in it: beside the report, hidden."""
        changes: dict[str, Any] = {}
        if not attributes and name not in _AROUND:
            return changes
        around = "" if frame.line.around else _around(name, attributes, frame.in_article)
        if around:
            changes["around"] = around
        if _is_hidden(attributes):
            # Of what is hidden inside a line, no script shows most of the page.
            frame.dropped = frame.dropped or name not in _BLOCKS
            changes["hidden"] = frame.line.hidden or self._number()
        return changes

    def _kind(self, name: str) -> dict[str, Any]:
        """What an element makes of the lines in it: headings, captions, rows, cells."""
        if name in _HEADINGS:
            return {"heading": int(name[1])}
        if name == "figcaption":
            return {"caption": True}
        if name == "tr":
            return {"row": self._number(), "cell": 0}
        return {"cell": self._number()} if name in ("td", "th") else {}

    def _count(self, name: str, attributes: Mapping[str, str], frame: _Frame, parent: _Frame) -> None:
        """Count the items of a list."""
        if name == "ol" and not frame.line.around and "none" not in attributes.get("style", ""):
            frame.counter = _whole(attributes.get("start"), 1) - 1
            frame.numbering = _TYPES.get(attributes.get("type", ""), "decimal")
        elif name == "li" and parent.counter is not None:
            parent.counter = _whole(attributes.get("value"), parent.counter + 1)
            self._marker = f"{numeral(parent.counter, parent.numbering)}. "


def _flowed(text: str, pre: bool) -> str:
    """Text as a browser sets it: runs of blanks are one; a line's end between wide characters is none."""
    if not pre:
        text = _SPACE.sub(lambda run: _blank(run, text), text)
    return (html.unescape(text) if _ESCAPED.search(text) else text).strip()


def _blank(run: re.Match[str], text: str) -> str:
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    breaks_wide = "\n" in run.group() and before > "\u2e7f" and after > "\u2e7f"
    return "" if breaks_wide else " "


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or _HIDING.search(attributes.get("style", "")[:2000]) is not None


def _around(name: str, attributes: Mapping[str, str], in_article: bool) -> str:
    """What an element is beside the report, by its tag, its role or the words of its class and id."""
    if name in _AROUND:
        return _AROUND[name]
    if attributes.get("role", "").lower() in _ROLES:
        return attributes["role"].lower()
    if in_article or name in ("body", "html", "form"):
        return ""
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"[:500]
    return next((word for word in _words(named) if word in _CLASSES), "")


def _words(named: str) -> Iterable[str]:
    """The words of class names.

    >>> list(_words("main-nav topBar FOOTER"))
    ['main', 'nav', 'top', 'bar', 'footer']
    """
    return (word.lower() for part in named.split() for word in _WORDS.findall(part.lower() if part.isupper() else part))


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"[0-9]{1,4}", value) else otherwise
