"""One report as HTML: its head with the shares, its outline, its paragraphs with their tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile
from typing import Any, Final

from labels.markup import both, html_chance
from labels.roles import ROLE_NAMES_ZH
from labels.scheme import Scheme
from predict.annotation import LineRow, Report, SectionRow, ThemeScore
from predict.column_names import CONTEXT_NAMES, NONE_NAMES, PERIOD_NAMES
from predict.html_text import escape, ink, marked, percent, signed
from predict.prose import below_title, strongest_words

_SHOWN_ELSEWHERE: Final = frozenset(("title", "place", "year", "period", "from"))
_SPEAKS_FOR_ITSELF: Final = frozenset(("organ", "source", "date"))


class ReportPage:
    """Writes one report; `number` counts the reports of the page from 1."""

    def __init__(self, report: Report, number: int, scheme: Scheme) -> None:
        self._report = report
        self._id = f"r{number}"
        self._names = {theme.id: (escape(theme.name_zh), escape(theme.name_en)) for theme in scheme.themes}
        self._names["none"] = NONE_NAMES
        self._classes = {theme: f"c{number}" for number, theme in enumerate(scheme.ids, 1)} | {"none": "c0"}
        self._levels = {section.section: section.level for section in report.sections}
        self._below = _sections_below(report.sections)

    @property
    def title(self) -> str:
        """The report's title, else its name; plain text."""
        return str(self._report.row.meta.get("title") or self._report.row.report)

    def article(self) -> str:
        """The whole report."""
        return (
            f'<article class="report" id="{self._id}">{self._outline()}<div class="sheet">{self._head()}'
            f"{''.join(self._paragraphs())}{self._pager()}</div></article>\n"
        )

    def entry(self) -> str:
        """The report's line in the index of the page."""
        row = self._report.row
        path = [escape(row.report)] if row.report != self.title else []
        where = " · ".join([*self._when_and_where(), *path])
        return (
            f'<li><a href="#{self._id}"><span><span class="name">{ink(self.title)}</span><br>'
            f'<span class="where">{where}</span></span>{self._stack()}'
            f'<span class="main">{self._dot(row.primary)}{self._name(row.primary or "none")}</span></a></li>\n'
        )

    def _head(self) -> str:
        row = self._report.row
        others = [
            escape(str(value)) if key in _SPEAKS_FOR_ITSELF else f"{escape(str(key))}: {escape(str(value))}"
            for key, value in row.meta.items()
            if value is not None and key not in _SHOWN_ELSEWHERE
        ]
        facts = [*self._when_and_where(), *others, both(f"{row.chars:,} 字", f"{row.chars:,} characters")]
        to_check = sum(line.band == "review" for line in self._report.lines)
        if to_check:
            facts.append(both(f"{to_check} 段待核", f"{to_check} to check"))
        notices = "".join(f'<p class="notice">{ink(warning)}</p>' for warning in row.warnings)
        return (
            f'<header class="head"><h1>{ink(self.title)}</h1><ul class="facts">'
            f"{''.join(f'<li>{fact}</li>' for fact in facts)}</ul>{notices}{self._summary()}</header>"
        )

    def _when_and_where(self) -> list[str]:
        meta: dict[str, Any] = self._report.row.meta
        facts = [escape(str(meta["place"]))] if meta.get("place") else []
        period = PERIOD_NAMES.get(str(meta.get("period")), ("", ""))
        if meta.get("year"):
            facts.append(both(f"{meta['year']}年{period[0]}", f"{meta['year']} {period[1]}".strip()))
        elif period[0]:
            facts.append(both(*period))
        return facts

    def _summary(self) -> str:
        rows = []
        for theme, share in self._report.row.shares.items():
            color = self._classes.get(theme, "c0")
            whisker = f'<i style="left:{share.low:.2%};width:{max(share.high - share.low, 0):.2%}"></i>'
            rows.append(
                f'<div class="{color}"><dt>{self._dot(theme)}{self._name(theme)}</dt>'
                f'<dd class="graph track"><b style="width:{share.share:.2%}"></b>{whisker}</dd>'
                f'<dd class="share num">{percent(share.share)}</dd>'
                f'<dd class="range num">{percent(share.low).rstrip("%")}–{percent(share.high)}</dd></div>'
            )
        hint = both(
            "占正文字数的比例；细线为 95% 区间，按段落重抽样而得。",
            "Share of the body text; the thin line is a 95% interval from resampling paragraphs.",
        )
        legend = f'<dl class="legend">{"".join(rows)}</dl><p class="hint">{hint}</p>'
        return f'<section class="summary">{self._stack()}{legend}</section>'

    def _stack(self) -> str:
        parts = (
            f'<i class="{self._classes.get(theme, "c0")}" style="flex-grow:{share.share}"></i>'
            for theme, share in self._report.row.shares.items()
            if share.share
        )
        return f'<span class="stack" aria-hidden="true">{"".join(parts)}</span>'

    def _outline(self) -> str:
        anchors = {line.section: f"{self._id}p{at}" for at, line in self._headings()}
        items = []
        for section in self._report.sections:
            if section.section not in anchors:
                continue
            link = f'href="#{anchors[section.section]}" class="deep{min(max(section.level - 1, 0), 3)}"'
            name = f"{self._dot(section.primary)}<span>{ink(section.heading_path[-1])}</span>"
            items.append(f'<li data-sections="{self._below[section.section]}"><a {link}>{name}</a></li>')
        if not items:
            return '<nav class="outline"></nav>'
        title = both("章节", "Sections")
        return f'<nav class="outline"><details open><summary>{title}</summary><ol>{"".join(items)}</ol></details></nav>'

    def _headings(self) -> Iterator[tuple[int, LineRow]]:
        seen: set[int] = set()
        for at, line in enumerate(self._report.lines):
            if line.role == "heading" and line.section not in seen:
                seen.add(line.section)
                yield at, line

    def _paragraphs(self) -> Iterator[str]:
        number = {line.start: at for at, line in enumerate(self._report.lines)}
        lines = [(number[line.start], line) for line in below_title(self._report)]
        for from_web, group in groupby(lines, lambda item: item[1].role == "boilerplate"):
            paragraphs = [self._paragraph(at, line) for at, line in group]
            if from_web:
                count = len(paragraphs)
                name = both(f"{ROLE_NAMES_ZH['boilerplate']} {count} 段", f"{count} lines of the web page")
                yield f'<details class="web"><summary>{name}</summary>{"".join(paragraphs)}</details>'
            else:
                yield from paragraphs

    def _paragraph(self, at: int, line: LineRow) -> str:
        level = min(max(self._levels.get(line.section, 1), 1), 5)
        classes = ["para", line.role, *(f"t-{theme.id}" for theme in line.themes)]
        tag, sections = "p", ""
        if line.role == "heading":
            tag, sections = f"h{level + 1}", f' data-sections="{self._below.get(line.section, line.section)}"'
            classes.append(f"level{level}")
        elif line.role == "body" and not line.themes:
            classes.append("t-none")
        bar = f' style="--bar:{self._bar(line.themes)}"' if line.themes and line.role == "body" else ""
        return (
            f'<div class="{" ".join(classes)}" id="{self._id}p{at}" data-section="{line.section}"{sections}>'
            f'<{tag} class="text"{bar}>{marked(line, self._report, self._classes)}</{tag}>'
            f'<div class="tags">{self._tags(line)}</div></div>\n'
        )

    def _bar(self, themes: tuple[ThemeScore, ...]) -> str:
        step = 100 / len(themes)
        stops = (
            f"var(--{self._classes.get(theme.id, 'c0')}) {number * step:.4g}% {(number + 1) * step:.4g}%"
            for number, theme in enumerate(themes)
        )
        return f"linear-gradient({','.join(stops)})"

    def _tags(self, line: LineRow) -> str:
        tags = [self._tag(theme) for theme in line.themes]
        if line.decided_by == "human":
            tags.append(f'<span class="flag">{both("人工认定", "decided by a person")}</span>')
        elif line.band == "review":
            tags.append(f'<span class="flag">{both("待核", "to check")}</span>')
        return "".join(tags)

    def _tag(self, theme: ThemeScore) -> str:
        return (
            f'<details class="tag {self._classes.get(theme.id, "c0")}"><summary>{self._dot(theme.id)}'
            f'<span>{self._name(theme.id)}</span><span class="p num">{html_chance(theme.probability)}</span></summary>'
            f'<div class="why">{self._why(theme)}</div></details>'
        )

    def _why(self, theme: ThemeScore) -> str:
        """The sum behind a theme: words, context, rest, in log-odds."""
        words, others = strongest_words(theme)
        shown = [(ink(term), weight) for term, weight in words]
        if others:
            shown.append((both("其他词语", "other words"), others))
        shown += [
            (both(*CONTEXT_NAMES.get(name, (escape(name),) * 2)), weight) for name, weight in theme.context.items()
        ]
        shown.append((both("其余", "the rest"), theme.rest))
        rows = "".join(
            f'<div{" class=against" * (weight < 0)}><dt>{name}</dt><dd class="num">{signed(weight)}</dd></div>'
            for name, weight in shown
        )
        total = f'<div class="total"><dt>{both("得分", "score")}</dt><dd class="num">{signed(theme.score)}</dd></div>'
        odds = both(
            f"概率 {html_chance(theme.probability)}，阈值 {percent(theme.threshold)}",
            f"probability {html_chance(theme.probability)}, threshold {percent(theme.threshold)}",
        )
        return f'<p class="num">{odds}</p><dl class="sum">{rows}{total}</dl>'

    def _pager(self) -> str:
        everything = f'<a href="#index">{both("全部报告", "all reports")}</a>'
        return f'<nav class="pager"><a class="prev"></a>{everything}<a class="next"></a></nav>'

    def _name(self, theme: str) -> str:
        return both(*self._names.get(theme, (escape(theme),) * 2))

    def _dot(self, theme: str | None) -> str:
        color = self._classes.get(theme, "c0") if theme else "hollow"
        return f'<span class="dot {color}" aria-hidden="true"></span>'


def _sections_below(sections: Sequence[SectionRow]) -> dict[int, str]:
    """For each section the numbers of itself and all sections under it, as the page's script wants them."""
    below: dict[int, str] = {}
    for at, section in enumerate(sections):
        under = takewhile(lambda other, level=section.level: other.level > level, sections[at + 1 :])  # type: ignore[misc]
        inside = [section.section, *(other.section for other in under)] if section.section else [0]
        below[section.section] = " ".join(map(str, inside))
    return below
