"""One self-contained HTML page for any number of reports: no network, no fonts, no scripts from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final

from labels.markup import both, script_hash
from labels.scheme import NONE_COLOUR, Scheme
from predict.annotation import Report
from predict.colours import Rgb, mixed, rgb
from predict.formats import Format, Legend
from predict.html_report import ReportPage
from predict.html_text import escape

_KEPT_IN_MEMORY: Final = 32_000_000
_NOSCRIPT: Final = (
    '<noscript><p class="notice">本页含多篇报告，须允许脚本方可阅读。'
    " / This page holds several reports; allow its script to read them.</p></noscript>"
)
_DARK_LIFT: Final = 0.28
_NONE_COLOUR_DARK: Final = "#565a62"


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write the page; the reports are kept on disk meanwhile, since their index stands before them."""
    entries: list[str] = []
    sizes: list[int] = []
    title = ""
    with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as articles:
        for number, report in enumerate(reports, 1):
            page = ReportPage(report, number, legend.scheme)
            title = page.title
            sizes.append(articles.write(page.article().encode()))
            entries.append(page.entry())
        articles.seek(0)
        parts = _parts(legend.scheme, entries, title)
        for number, piece in enumerate(re.split(r"\{\{(\w+)\}\}", asset("page.html"))):
            if not number % 2:
                stream.write(piece.encode())
            elif piece == ("held" if len(sizes) > 1 else "report"):
                stream.writelines(_articles(articles, sizes))
            else:
                stream.write(parts.get(piece, "").encode())


FORMAT: Final = Format(write)


def _articles(articles: IO[bytes], sizes: list[int]) -> Iterator[bytes]:
    """The report; of several each as a text that the script makes a part of the page when it is wanted.

    A browser takes 30 ms to lay out a report, and hardly any time for its text. Nothing in it can end the element
    that holds it: no article has a script or a comment, and what a report says of them is escaped.
    """
    for number, size in enumerate(sizes, 1):
        article = articles.read(size)
        yield b'<script type="text/html" id="held-r%d">%b</script>\n' % (number, article) if len(sizes) > 1 else article


def _parts(scheme: Scheme, entries: list[str], title: str) -> dict[str, str]:
    script = asset("page.js")
    several = len(entries) != 1
    return {
        "title": f"政法工作报告 · {len(entries)} 篇" if several else escape(title),
        "script_hash": script_hash(script),
        "script": script,
        "style": asset("base.css") + asset("page.css"),
        "colours": colours(scheme),
        "body_class": "paged" if several else "",
        "filters": "\n".join(_filters(scheme)),
        "index": _index(entries) if several else "",
        "noscript": _NOSCRIPT if several else "",
    }


def asset(name: str) -> str:
    """The text of a file beside this one."""
    return Path(__file__).with_name(name).read_text("utf-8")


def _filters(scheme: Scheme) -> Iterable[str]:
    names = [(theme.id, theme.name_zh, theme.name_en) for theme in scheme.themes] + [("none", "无主题", "No theme")]
    for number, (theme, chinese, english) in enumerate(names, 1):
        color = f"c{number % len(names)}"
        key = f' title="{number}"' if number < 10 else ""
        yield (
            f'<button type="button" class="filter {color}" data-theme="t-{theme}" aria-pressed="false"{key}>'
            f'<span class="dot {color}" aria-hidden="true"></span>{both(escape(chinese), escape(english))}'
            '<span class="count num"></span></button>'
        )


def _index(entries: list[str]) -> str:
    title = both(f"{len(entries)} 篇报告", f"{len(entries)} reports")
    field = (
        '<input class="search" type="search" data-zh="按标题、地点查找" data-en="Find by title or place"'
        ' aria-label="查找 / Find">'
    )
    listed = f'<ol class="entries">\n{"".join(entries)}</ol>'
    return f'<section class="index" id="index"><h1>{title}</h1>{field}{listed}</section>'


def colours(scheme: Scheme) -> str:
    """Variables for the colours of the themes, c1 and up, and of no theme, c0; lighter ones for the dark page."""
    listed = [NONE_COLOUR, *(theme.colour for theme in scheme.themes)]
    light = "".join(_variables(number, rgb(colour), 0.1, 0.5) for number, colour in enumerate(listed))
    lifted = [_NONE_COLOUR_DARK, *(mixed(colour, "#ffffff", _DARK_LIFT) for colour in listed[1:])]
    dark = "".join(_variables(number, rgb(colour), 0.2, 0.6) for number, colour in enumerate(lifted))
    classes = "".join(
        f".c{number}{{--c:var(--c{number});--tint:var(--tint{number});--line-c:var(--line{number})}}"
        for number in range(len(listed))
    )
    return f":root{{{light}}}@media screen{{html[data-mode=dark]{{{dark}}}}}{classes}"


def _variables(number: int, parts: Rgb, tint: float, line: float) -> str:
    values = ",".join(map(str, parts))
    return f"--c{number}:rgb({values});--tint{number}:rgba({values},{tint});--line{number}:rgba({values},{line});"
