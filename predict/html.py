"""One self-contained HTML page for any number of reports: no network, no fonts, no scripts from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final

from labels.scheme import NONE_COLOUR, Scheme
from predict.annotation import Report
from predict.formats import Format, Legend
from predict.html_report import ReportPage
from predict.html_text import bilingual, escape

_KEPT_IN_MEMORY: Final = 32_000_000
_DARK_LIFT: Final = 0.28
_NONE_COLOUR_DARK: Final = "#2c3038"


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write the page; the reports are kept on disk meanwhile, since their index stands before them."""
    entries: list[str] = []
    title = ""
    with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as articles:
        for number, report in enumerate(reports, 1):
            page = ReportPage(report, number, legend.scheme)
            title = page.title
            articles.write(page.article().encode())
            entries.append(page.entry())
        parts = _parts(legend.scheme, entries, title)
        articles.seek(0)
        for number, piece in enumerate(re.split(r"\{\{(\w+)\}\}", _asset("page.html"))):
            if number % 2 and piece == "reports":
                shutil.copyfileobj(articles, stream)
            else:
                stream.write((parts[piece] if number % 2 else piece).encode())


FORMAT: Final = Format(write)


def _parts(scheme: Scheme, entries: list[str], title: str) -> dict[str, str]:
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    several = len(entries) != 1
    return {
        "title": f"政法工作报告 · {len(entries)} 篇" if several else escape(title),
        "script_hash": f"sha256-{digest}",
        "script": script,
        "style": _asset("page.css"),
        "colours": _colours(scheme),
        "body_class": "paged" if several else "",
        "filters": "\n".join(_filters(scheme)),
        "index": _index(entries) if several else "",
    }


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _filters(scheme: Scheme) -> Iterable[str]:
    names = [(theme.id, theme.name_zh, theme.name_en) for theme in scheme.themes] + [("none", "无主题", "No theme")]
    for number, (theme, chinese, english) in enumerate(names, 1):
        color = f"c{number % len(names)}"
        key = f' title="{number}"' if number < 10 else ""
        yield (
            f'<button type="button" class="filter {color}" data-theme="t-{theme}" aria-pressed="false"{key}>'
            f'<span class="dot {color}" aria-hidden="true"></span>{bilingual(escape(chinese), escape(english))}'
            '<span class="count num"></span></button>'
        )


def _index(entries: list[str]) -> str:
    title = bilingual(f"{len(entries)} 篇报告", f"{len(entries)} reports")
    field = (
        '<input class="search" type="search" data-zh="按标题、地点查找" data-en="Find by title or place"'
        ' aria-label="查找 / Find">'
    )
    listed = f'<ol class="entries">\n{"".join(entries)}</ol>'
    return f'<section class="index" id="index"><h1>{title}</h1>{field}{listed}</section>'


def _colours(scheme: Scheme) -> str:
    """Variables for the colours of the themes, c1 and up, and of no theme, c0; lighter ones for the dark page."""
    colours = [NONE_COLOUR, *(theme.colour for theme in scheme.themes)]
    light = "".join(_variables(number, _rgb(colour), 0.1, 0.5) for number, colour in enumerate(colours))
    colours[0] = _NONE_COLOUR_DARK
    dark = "".join(_variables(number, _lifted(_rgb(colour)), 0.2, 0.6) for number, colour in enumerate(colours))
    classes = "".join(
        f".c{number}{{--c:var(--c{number});--tint:var(--tint{number});--line-c:var(--line{number})}}"
        for number in range(len(colours))
    )
    return f":root{{{light}}}html[data-mode=dark]{{{dark}}}{classes}"


def _variables(number: int, rgb: tuple[int, int, int], tint: float, line: float) -> str:
    values = ",".join(map(str, rgb))
    return f"--c{number}:rgb({values});--tint{number}:rgba({values},{tint});--line{number}:rgba({values},{line});"


def _rgb(colour: str) -> tuple[int, int, int]:
    """The parts of `#rrggbb`.

    >>> _rgb("#00a88f")
    (0, 168, 143)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _lifted(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (round(part + (255 - part) * _DARK_LIFT) for part in rgb)
    return red, green, blue
