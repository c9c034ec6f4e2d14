"""The part of a comparison's page about words: what sets groups apart, and what is new against the year before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from labels.markup import both
from model.rollup import Share
from predict.column_names import theme_names
from predict.compare import Comparison, When
from predict.compare_new import NewParagraph, News, new_in_places
from predict.compare_tables import Findings
from predict.compare_words import Group, WordScore
from predict.html_text import escape, ink, signed

_WIDEST: Final = 6.0  # log-odds at the right end of a line
_BY: Final = {"place": ("各地区的特征词", "Words of each place"), "year": ("各年份的特征词", "Words of each year")}


def words_html(findings: Findings) -> str:
    """Words of each theme, open; those of places and of years folded away."""
    writer = _Words(findings.comparison)
    themes = writer.groups(group for group in findings.groups if group.by == "theme")
    folded = (
        f'<details class="more"><summary>{both(*names)}</summary>{writer.groups(chosen)}</details>'
        for by, names in _BY.items()
        if (chosen := [group for group in findings.groups if group.by == by])
    )
    return themes + "".join(folded)


def news_html(findings: Findings) -> str:
    """What several places have at once, then what is new in each."""
    if not findings.news:
        return f'<p class="hint">{both("没有相邻两年的报告", "no reports of two years in a row")}</p>'
    shared = "".join(_shared(when, words) for when, words in new_in_places(findings.news).items())
    writer = _Words(findings.comparison)
    return shared + "".join(map(writer.news, findings.news))


class _Words:
    """Writes groups of words and news, with the names and colours of a comparison's themes."""

    def __init__(self, comparison: Comparison) -> None:
        self._spans = {when.names[1]: when.names for when in comparison.spans}
        self._names = {theme: (escape(zh), escape(en)) for theme, (zh, en) in theme_names(comparison.scheme).items()}
        self._classes = {theme: f"c{number}" for number, theme in enumerate(comparison.scheme.ids, 1)} | {"none": "c0"}

    def groups(self, groups: Iterable[Group]) -> str:
        return f'<div class="groups">{"".join(map(self._group, groups))}</div>'

    def news(self, news: News) -> str:
        moved = [theme for theme, share in news.changes.items() if share.low > 0 or share.high < 0]
        moves = "，".join(f"{self._name(theme)} {_points(news.changes[theme].share)}" for theme in moved)
        changes = "".join(self._change(theme, share) for theme, share in news.changes.items())
        chips = "".join(_chip(word.word, f"×{word.count}") for word in news.words)
        return (
            f'<details class="new card"><summary>{ink(news.cell.place)} · {both(*news.cell.when.names)}'
            f'<span class="moves">{moves}</span></summary><dl>{changes}</dl><p>{chips}</p>'
            f"{''.join(map(self._paragraph, news.paragraphs))}</details>\n"
        )

    def _group(self, group: Group) -> str:
        color = self._classes.get(group.key, "") if group.by == "theme" else ""
        title = (
            self._name(group.key) if group.by == "theme" else both(*self._spans.get(group.key, (ink(group.key),) * 2))
        )
        dot = f'<span class="dot {color}"></span>' if color else ""
        head = "".join(
            f"<th>{both(*names)}</th>"
            for names in (("词", "Word"), ("对数几率", "Log-odds"), ("z", "z"), ("次数", "Count"), ("地区", "Places"))
        )
        rows = "".join(map(_word, group.words)) or f'<tr><td colspan="5">{both("没有", "none")}</td></tr>'
        return (
            f'<div class="group card {color}"><h3>{dot}<span>{title}</span></h3>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def _change(self, theme: str, share: Share) -> str:
        shown = f"{_points(share.share)} ({_points(share.low)}, {_points(share.high)})"
        dot = f'<span class="dot {self._classes[theme]}"></span>'
        value = f"<b>{shown}</b>" if share.low > 0 or share.high < 0 else shown
        return f'<dt>{dot}{self._name(theme)}</dt><dd class="num">{value}</dd>'

    def _paragraph(self, new: NewParagraph) -> str:
        themes = "、".join(self._name(theme) for theme in new.paragraph.themes)
        line = both(f"第 {new.paragraph.line} 行", f"line {new.paragraph.line}")
        part = both(f"新 {new.new:.0%}", f"{new.new:.0%} new")
        where = " · ".join(filter(None, (escape(new.paragraph.report), line, themes, part)))
        return f"<blockquote>{ink(new.paragraph.text)}<cite>{where}</cite></blockquote>"

    def _name(self, theme: str) -> str:
        return both(*self._names.get(theme, (escape(theme),) * 2))


def _shared(when: When, words: Iterable[tuple[str, int]]) -> str:
    title = both(f"{when.names[0]}多地同时新出现：", f"New in several places in {when.names[1]}: ")
    chips = "".join(_chip(word, both(f"{count} 地", f"{count} places")) for word, count in words)
    return f'<p class="shared">{title}{chips}</p>'


def _word(word: WordScore) -> str:
    at, low, high = (f"{min(max(value / _WIDEST, 0), 1):.2%}" for value in (word.log_odds, word.low, word.high))
    line = f'<i style="left:{low};width:calc({high} - {low})"></i><b style="left:{at}"></b>'
    interval = f"{signed(word.log_odds)} ({signed(word.low)}, {signed(word.high)})"
    numbers = "".join(f'<td class="num">{number}</td>' for number in (f"{word.z:.1f}", word.count, word.places))
    return f'<tr><td>{ink(word.word)}</td><td title="{interval}"><span class="odds">{line}</span></td>{numbers}</tr>'


def _chip(word: str, note: str) -> str:
    return f'<span class="chip">{ink(word)} <span class="num">{note}</span></span>'


def _points(share: float) -> str:
    """A change of a share in percentage points.

    >>> _points(0.0512), _points(-0.2)
    ('+5.1', '−20.0')
    """
    return f"{100 * share:+.1f}".replace("-", "−")
