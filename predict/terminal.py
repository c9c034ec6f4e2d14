"""A summary for the terminal: title, shares, and, where there are few reports, sections and lines with their themes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Final

from labels.roles import ROLE_NAMES_ZH
from labels.scheme import NONE_COLOUR, Scheme
from labels.tables import cells
from predict.annotation import LineRow, Report
from predict.formats import Format, Legend

# Up to so many reports are shown with their lines, more only with their shares.
_SHOWN_WHOLE: Final = 3
_WIDTH_WITHOUT_TERMINAL: Final = 100
_NARROWEST: Final = 40
_WIDEST: Final = 120
# Where tags leave less room than this to the text, they stand under it.
_LEAST_TEXT: Final = 24
# Everything that could steer a terminal or turn the order of what stands around it.
_CONTROL: Final = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_PERIODS: Final = {"year": "全年", "H1": "上半年", "H2": "下半年", **{f"Q{n}": f"{n}季度" for n in range(1, 5)}}


@dataclass(frozen=True, slots=True)
class Screen:
    """What the summary is written for: `width` in cells of a Latin letter; `colours` is 0, 256 or 2 ** 24."""

    width: int
    colours: int

    def paint(self, text: str, colour: str, *, bold: bool = False) -> str:
        """The text in a colour `#rrggbb`, or as it is where there are no colours."""
        if not self.colours:
            return text
        parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        if self.colours > 256:
            code = f"38;2;{';'.join(map(str, parts))}"
        else:
            red, green, blue = (round(part / 51) for part in parts)
            code = f"38;5;{16 + 36 * red + 6 * green + blue}"
        return f"\x1b[{'1;' * bold}{code}m{text}\x1b[0m"

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colours else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.colours else text


def screen_of(stream: BinaryIO) -> Screen:
    """The screen behind a stream; no colours if it is no terminal, or NO_COLOR is set, or the terminal is dumb."""
    if not stream.isatty():
        return Screen(_WIDTH_WITHOUT_TERMINAL, 0)
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return Screen(width, 0)
    return Screen(width, 2**24 if os.environ.get("COLORTERM") in ("truecolor", "24bit") else 256)


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write a summary of every report."""
    screen, remaining = screen_of(stream), iter(reports)
    first = list(islice(remaining, _SHOWN_WHOLE + 1))
    whole = len(first) <= _SHOWN_WHOLE
    for report in chain(first, remaining):
        stream.write("".join(f"{row}\n" for row in summary(report, legend.scheme, screen, whole=whole)).encode())
        stream.flush()


FORMAT: Final = Format(write)


def summary(report: Report, scheme: Scheme, screen: Screen, *, whole: bool) -> Iterator[str]:
    """The rows of a report's summary, none wider than the screen; `whole`: with its sections and lines."""
    view = _View(scheme, screen)
    yield from view.head(report)
    if whole:
        yield from view.sections(report)
    yield ""


def cut(text: str, width: int) -> str:
    """The text on one line in at most `width` cells, an ellipsis where something is left out.

    >>> cut("政法工作报告", 7), cut("政法\\n工作", 20)
    ('政法工…', '政法 工作')
    """
    text = _CONTROL.sub(" ", text[: 2 * max(width, 0) + 2]).strip()
    if cells(text) <= width:
        return text
    taken, used = [], 1
    for char in text:
        used += cells(char)
        if used > width:
            break
        taken.append(char)
    return "".join(taken).rstrip() + "…"


class _View:
    """Writes the parts of a summary."""

    def __init__(self, scheme: Scheme, screen: Screen) -> None:
        self._screen = screen
        self._names = {theme.id: theme.name_zh for theme in scheme.themes} | {"none": "无主题"}
        self._colours = {theme.id: theme.colour for theme in scheme.themes} | {"none": NONE_COLOUR}

    def head(self, report: Report) -> Iterator[str]:
        row, screen = report.row, self._screen
        meta = row.meta
        yield screen.bold(cut(str(meta.get("title") or row.report), screen.width))
        when = f"{meta['year']}年{_PERIODS.get(str(meta.get('period')), '')}" if meta.get("year") else None
        name = row.report if meta.get("title") else None
        facts = [meta.get("place"), when, meta.get("organ"), meta.get("source"), f"{row.chars:,} 字", name]
        yield screen.dim(cut(" · ".join(str(fact) for fact in facts if fact), screen.width))
        yield from (screen.paint(cut(f"! {warning}", screen.width), "#c07000") for warning in row.warnings)
        if screen.colours:
            yield self._bar(report)
        for theme, share in row.shares.items():
            percent = f"{share.share:4.0%}  ({share.low:.0%}–{share.high:.0%})"
            name = self._names.get(theme, theme)
            yield f"{self._paint('■', theme)} {name}{' ' * max(22 - cells(name), 1)}{percent}"

    def sections(self, report: Report) -> Iterator[str]:
        sections = {section.section: section for section in report.sections}
        for at, line in enumerate(report.lines):
            if line.role == "heading":
                section = sections.get(line.section)
                yield ""
                yield self._heading(line.text, section.level if section else 1, section.primary if section else None)
            else:
                yield from [""] * (at == 0)
                yield from self._line(line)

    def _heading(self, text: str, level: int, primary: str | None) -> str:
        indent = "  " * max(level - 1, 0)
        name = self._names.get(primary, primary) if primary else ""
        heading = cut(text, self._screen.width - cells(f"{indent}▍  {name}"))
        theme = primary or "none"
        return f"{indent}{self._paint('▍', theme)}{self._screen.bold(heading)}  {self._paint(name, theme)}".rstrip()

    def _line(self, line: LineRow) -> Iterator[str]:
        tags = [(f"{self._names.get(theme.id, theme.id)} {theme.probability:.0%}", theme.id) for theme in line.themes]
        flag = "人工" if line.decided_by == "human" else "待核" if line.band == "review" else ""
        number = f"{line.line:>4} "
        room = self._screen.width - len(number)
        if line.role != "body":
            yield self._screen.dim(f"{number}{cut(f'[{ROLE_NAMES_ZH.get(line.role, line.role)}] {line.text}', room)}")
            return
        shown = "  ".join(
            [*(self._paint(tag, theme) for tag, theme in tags), *([self._screen.dim(flag)] if flag else [])]
        )
        taken = sum(cells(tag) + 2 for tag, _ in tags) + (cells(flag) + 2 if flag else 0)
        if room - taken >= _LEAST_TEXT:
            text = cut(line.text, room - taken)
            gap = " " * (room - taken - cells(text) + 2) if shown else ""
            yield f"{self._screen.dim(number)}{text}{gap}{shown}"
            return
        yield f"{self._screen.dim(number)}{cut(line.text, room)}"
        yield from (f"     {self._paint(cut(tag, room), theme)}" for tag, theme in tags)
        yield from [f"     {self._screen.dim(flag)}"] * bool(flag)

    def _bar(self, report: Report) -> str:
        """The shares as one bar, whole cells, rounded so that the bar is always as wide as it should be."""
        width, total, pieces, drawn = self._screen.width - 2, 0.0, [], 0
        for theme, share in report.row.shares.items():
            total += share.share
            end = round(total * width)
            pieces.append(self._paint("█" * (end - drawn), theme))
            drawn = end
        return "".join(pieces)

    def _paint(self, text: str, theme: str) -> str:
        return self._screen.paint(text, self._colours.get(theme, NONE_COLOUR)) if text else ""
