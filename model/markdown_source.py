"""Markdown: headings, lists, quotations, tables and links as their text; every line is a line, as in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from model.blocks import NOWHERE, BlockWriter, Extract, Place
from model.lines import with_plain_breaks
from model.source import decode

_FRONT: Final = re.compile(r"\A---[ \t]*\n(?:.{0,1000}\n){0,200}?(?:---|\.\.\.)[ \t]*\n")
_COMMENT_START, _COMMENT_END = "<!--", "-->"
_HEADING: Final = re.compile(r"[ ]{0,3}(#{1,6})[ \t\u3000]+([^\n]*?)[ \t]*#*[ \t]*")
_UNDERLINE: Final = re.compile(r"[ ]{0,3}(=+|-+)[ \t]*")
_RULE: Final = re.compile(r"[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_FENCE: Final = re.compile(r"[ ]{0,3}(?:```|~~~).*")
_LEADING: Final = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)?")
_TABLE_LINE: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_PICTURE: Final = re.compile(r"!\[([^\[\]\n]{0,300})\]\([^()\n]{0,2000}\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,100}\])")
_EMPHASIS: Final = re.compile(r"(\*{1,3}|~~|`{1,2})(?=\S)([^*`~\n]{1,2000}?)(?<=\S)\1")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
# Where escaped characters are held while marks are taken out: a private plane that no font uses.
_HELD: Final = 0x10FF00
_HELD_CHARACTER: Final = re.compile("[\U0010ff00-\U0010ff7f]")


def extract(raw: bytes, name: str) -> Extract:
    """The lines of a Markdown text without its marks; raises UserError as for plain text."""
    source = decode(raw, name)
    text = _without_comments(_FRONT.sub("", with_plain_breaks(source.text), count=1))
    writer = BlockWriter(name)
    for line, place in _lines(text.split("\n")):
        writer.add(line, place)
    return replace(writer.extract(), encoding=source.encoding)


def _without_comments(text: str) -> str:
    """The text without comments; one that is never closed is none."""
    first, *rest = text.split(_COMMENT_START)
    open_from = next((at for at in range(len(rest), 0, -1) if _COMMENT_END in rest[at - 1]), 0)
    kept = [first]
    inside = False
    for number, piece in enumerate(rest, 1):
        inside = inside or number <= open_from
        comment, end, behind = piece.partition(_COMMENT_END)
        if inside and end:
            kept.append(behind)
            inside = False
        elif not inside:
            kept.append(_COMMENT_START + comment + end + behind)
    return "".join(kept)


def _lines(lines: list[str]) -> Iterator[tuple[str, Place]]:
    for number, line in enumerate(lines):
        following = _UNDERLINE.fullmatch(lines[number + 1]) if number + 1 < len(lines) else None
        heading = _HEADING.fullmatch(line)
        if heading:
            level = len(heading.group(1))
            yield _plain(heading.group(2)), Place("heading", level, why=f"Markdown heading {level}")
        elif following and line.strip() and "|" not in line and not _is_mark(line):
            level = 1 if following.group(1)[0] == "=" else 2
            yield _plain(line), Place("heading", level, why=f"Markdown heading {level}")
        elif not _is_mark(line):
            yield from _content(line)


def _is_mark(line: str) -> bool:
    """Whether a line is only a mark: a rule, an underline, a fence, the line under a table's head."""
    return any(mark.fullmatch(line) for mark in (_RULE, _UNDERLINE, _FENCE)) or (
        "|" in line and _TABLE_LINE.fullmatch(line) is not None
    )


def _content(line: str) -> Iterator[tuple[str, Place]]:
    for picture in _PICTURE.finditer(line):
        yield picture.group(1), Place("caption", why="a picture's text")
    line = _PICTURE.sub("", line)
    if line.strip().startswith("|") and line.strip().endswith("|"):
        cells = [_plain(cell).strip() for cell in line.strip().strip("|").split("|")]
        yield "\t".join(filter(None, cells)), Place("body", why="a row of a table")
    else:
        yield _plain(_LEADING.sub("", line, count=1)), NOWHERE


def _plain(text: str) -> str:
    """Text without the marks inside it.

    >>> _plain("**平安**建设见[公报](http://a.cn/b)，`12345`热线\\\\*<br>")
    '平安建设见公报，12345热线*'
    """
    held = _ESCAPE.sub(lambda match: chr(_HELD + ord(match.group(1))), text)
    bare = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _TAG.sub("", held))))
    return _HELD_CHARACTER.sub(lambda match: chr(ord(match.group()) - _HELD), bare)
