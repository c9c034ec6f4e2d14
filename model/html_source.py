"""HTML: saved pages of governments' sites, newspapers' e-papers, WeChat articles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from labels.errors import UserError
from model.blocks import BlockWriter, Extract, Said
from model.html_places import placed_lines
from model.html_walk import PageWalk
from model.source import SIZE_LIMIT, check_size, decode

_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*(gbk|gb2312|gb18030|big5|utf-?8)", re.IGNORECASE
)
_SUPERSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
# Pictures inside the page, the bulk of a page saved as one file.
_DATA: Final = re.compile(rb"data:[a-z]{1,20}/[^\"'()<>\s]{100,}")
# What is looked at for metadata: the head and the beginning of the article.
_METADATA_CHARS: Final = 100_000


def extract(raw: bytes, name: str) -> Extract:
    """The lines of a page in its order; raises UserError if it is no text or too large."""
    raw = _DATA.sub(b"", raw)
    check_size(len(raw), name, SIZE_LIMIT)
    text, encoding = _decoded(raw, name)
    walk = _walked(text, name)
    writer = BlockWriter(name)
    for line, place in placed_lines(walk):
        writer.add(line, place)
    return replace(writer.extract(), said=_said(text), encoding=encoding)


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    """The page's text and encoding: what its bytes say, and only where they fit nothing, what it declares."""
    raw = raw.replace(b"\0", b"") if raw[:64].count(b"\0") < 2 else raw
    try:
        source = decode(raw, name)
    except UserError:
        found = _DECLARED.search(raw[:4096])
        if not found:
            raise
        declared = found.group(1).decode().lower()
        return raw.decode(_SUPERSETS.get(declared, declared), "replace"), declared
    return source.text, source.encoding


def _walked(text: str, name: str) -> PageWalk:
    from lxml import etree

    walk = PageWalk(name)
    parser = etree.HTMLParser(target=walk, encoding="utf-8", huge_tree=True)
    parser.feed(text.encode())
    parser.close()
    return walk


def _said(text: str) -> Said:
    """Title, source and date as the page's head and its well-known elements tell them."""
    from trafilatura.metadata import extract_metadata

    try:
        found = extract_metadata(text[:_METADATA_CHARS].encode(), date_config={"extensive_search": False})
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        # Its rules are many; a page on which one stumbles is a report all the same.
        return Said()
    if found is None:
        return Said()
    site = found.sitename if found.sitename and "." not in found.sitename else None
    return Said(found.title or None, site, found.date or None)
