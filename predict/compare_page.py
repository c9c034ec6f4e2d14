"""A comparison as one self-contained HTML page: no network, one script of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from labels.markup import both, html_chance, script_hash
from predict.column_names import theme_names
from predict.compare import Cell, Comparison, Paragraph, strongest
from predict.compare_page_words import news_html, words_html
from predict.compare_tables import Findings
from predict.html import asset, colours
from predict.html_text import escape, ink, percent

_NAMES_WIDE, _FIELD_WIDE = 6.5, 2.75  # rem that a heat map needs for its places, and for each time
_FULL: Final = 0.75  # share at which a field of the heat map has the theme's whole colour


def comparison_page(findings: Findings, files: Sequence[str]) -> bytes:
    """The page; `files`: names of the tables and pictures that lie beside it."""
    page = _Page(findings.comparison)
    script = asset("compare.js")
    parts = {
        "script": script,
        "script_hash": script_hash(script),
        "colours": colours(findings.comparison.scheme),
        "style": asset("base.css") + asset("compare.css"),
        "facts": page.facts(),
        "shares": page.shares(),
        "heat": page.heat_maps(),
        "strongest": page.strongest(),
        "words": words_html(findings),
        "news": news_html(findings),
        "files": _files(files),
    }
    pieces = re.split(r"\{\{(\w+)\}\}", asset("compare.html"))
    return "".join(parts[piece] if number % 2 else piece for number, piece in enumerate(pieces)).encode()


class _Page:
    """Writes what needs only the comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._names = {theme: tuple(map(escape, names)) for theme, names in theme_names(comparison.scheme).items()}
        self._classes = {theme: f"c{number}" for number, theme in enumerate(comparison.scheme.ids, 1)} | {"none": "c0"}

    def facts(self) -> str:
        comparison = self._comparison
        reports, places, spans = len(comparison.members), len(comparison.places), comparison.spans
        first, last = spans[0].names, spans[-1].names
        span = [first[number] if first == last else f"{first[number]}–{last[number]}" for number in (0, 1)]
        counted = both(
            f"{reports} 篇报告，{places} 个地区，{span[0]}", f"{reports} reports, {places} places, {span[1]}"
        )
        models = "、".join(map(escape, comparison.models))
        several = both("（由不同模型标注，不宜直接相比）", " (different models: compare with care)")
        return f"{counted} · {models}{several if len(comparison.models) > 1 else ''}"

    def shares(self) -> str:
        heads = "".join(
            f'<th class="{self._classes[theme]}">{self._title(theme)}</th>' for theme in self._comparison.themes
        )
        head = f"<th>{both('地区', 'Place')}</th><th>{both('年份', 'Year')}</th>{heads}"
        rows = "".join(self._rows_of_places())
        return (
            f'<div class="shares card scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        )

    def heat_maps(self) -> str:
        width = _NAMES_WIDE + _FIELD_WIDE * len(self._comparison.spans)
        return f'<div class="maps" style="--w:{width}rem">{"".join(map(self._heat_map, self._comparison.themes))}</div>'

    def strongest(self) -> str:
        cards = []
        for theme in self._comparison.scheme.ids:
            quotes = "".join(self._quote(theme, *found) for found in strongest(self._comparison, theme))
            nothing = f'<p class="hint">{both("没有段落", "no paragraph")}</p>'
            cards.append(
                f'<div class="theme card {self._classes[theme]}"><h3>{self._title(theme)}</h3>{quotes or nothing}</div>'
            )
        return "".join(cards)

    def _rows_of_places(self) -> Iterator[str]:
        for place in self._comparison.places:
            cells = [cell for cell in self._comparison.cells if cell.place == place]
            for number, cell in enumerate(cells):
                name = f'<th class="place" rowspan="{len(cells)}">{ink(place)}</th>' if number == 0 else ""
                shares = "".join(self._share(cell, theme) for theme in self._comparison.themes)
                first = ' class="first"' if number == 0 else ""
                yield f'<tr{first}>{name}<th class="when">{both(*cell.when.names)}</th>{shares}</tr>\n'

    def _share(self, cell: Cell, theme: str) -> str:
        share = cell.shares[theme]
        whisker = f'<i style="left:{share.low:.2%};width:{max(share.high - share.low, 0):.2%}"></i>'
        interval = f"{share.low:.0%} – {share.high:.0%}"
        track = f'<div class="track"><b style="width:{share.share:.2%}"></b>{whisker}</div>'
        return (
            f'<td class="{self._classes[theme]}" title="{interval}"><div class="share">{track}'
            f'<span class="num">{percent(share.share)}</span></div></td>'
        )

    def _heat_map(self, theme: str) -> str:
        spans = self._comparison.spans
        head = "".join(f"<th>{both(when.names[0].removesuffix('年'), when.names[1])}</th>" for when in spans)
        rows = []
        for place in self._comparison.places:
            cells = (self._comparison.by_key.get((place, when)) for when in spans)
            fields = "".join(self._field(cell, theme) for cell in cells)
            rows.append(f'<tr><th title="{escape(place)}">{ink(place)}</th>{fields}</tr>')
        table = f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        return f'<div class="map card {self._classes[theme]}"><h3>{self._title(theme)}</h3>{table}</div>'

    def _field(self, cell: Cell | None, theme: str) -> str:
        if cell is None:
            return '<td class="missing" title="没有报告 / no report"></td>'
        share = cell.shares[theme].share
        depth = min(share / _FULL, 1) * 0.85
        return f'<td class="num"><i style="opacity:{depth:.3f}"></i><span>{100 * share:.0f}</span></td>'

    def _quote(self, theme: str, cell: Cell, paragraph: Paragraph) -> str:
        where = f"{ink(cell.place)} · {both(*cell.when.names)} · {escape(paragraph.report)}"
        line = both(f"第 {paragraph.line} 行", f"line {paragraph.line}")
        return (
            f"<blockquote>{ink(paragraph.text)}<cite>{where} · {line} · "
            f"{html_chance(paragraph.themes[theme][0])}</cite></blockquote>"
        )

    def _title(self, theme: str) -> str:
        dot = f'<span class="dot {self._classes[theme]}" aria-hidden="true"></span>'
        return f"{dot}<span>{both(*self._names[theme])}</span>"


def _files(files: Iterable[str]) -> str:
    links = " · ".join(f'<a href="./{quote(name)}">{escape(name)}</a>' for name in files)
    return f"{both('同时写出的文件：', 'Written beside this page: ')}{links}"
