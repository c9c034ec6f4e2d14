"""A comparison as pictures (PNG): shares with their intervals, a heat map, words that set themes apart."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from predict.colours import mixed, theme_colours
from predict.column_names import Names, theme_names
from predict.compare_tables import Findings
from predict.extras import extra
from predict.fonts import chinese_font

_DPI: Final = 150
_MOST_ROWS: Final = 240
_MOST_WORDS: Final = 12
_INK, _GREY, _MISSING = "#23211d", "#8a857b", "#f1eee7"


@dataclass(frozen=True, slots=True)
class Pictures:
    """PNG files by what their names end in, and what their reader should know."""

    files: dict[str, bytes]
    warning: str = ""


def draw(findings: Findings) -> Pictures:
    """Draw all pictures; without a Chinese font their labels are English, and places are numbered."""
    font = chinese_font()
    painter = _Painter(findings, font)
    style = {"font.family": font or "DejaVu Sans", "axes.unicode_minus": False, "text.color": _INK, "font.size": 9}
    with extra("matplotlib").rc_context(style):
        files = {
            "-shares.png": painter.shares(),
            "-heatmap.png": painter.heat_map(),
            "-words.png": painter.words(),
        }
    return Pictures(files, painter.warning)


class _Painter:
    """Draws one comparison."""

    def __init__(self, findings: Findings, font: str | None) -> None:
        self._comparison, self._groups = findings.comparison, findings.groups
        self._language = 0 if font else 1
        self._names = theme_names(self._comparison.scheme)
        self._colours = theme_colours(self._comparison.scheme)
        self._numbers = {place: number for number, place in enumerate(self._comparison.places, 1)}

    @property
    def warning(self) -> str:
        """What is not in the pictures as it should be."""
        if not self._language:
            return ""
        return (
            "没有找到中文字体，图中改用英文，地区用编号 / no Chinese font was found: labels of the pictures are "
            "English, places are numbered in the order of the CSV; install one, e.g. fonts-noto-cjk"
        )

    def shares(self) -> bytes:
        """A panel a theme: the share of every place and time with its interval."""
        cells = self._comparison.cells[:_MOST_ROWS]
        figure, axes = self._panels(len(self._comparison.themes), (11.5, 1.3 + 0.24 * len(cells)))
        rows = range(len(cells))
        for axis, theme in zip(axes, self._comparison.themes, strict=True):
            shares = [cell.shares[theme] for cell in cells]
            axis.barh(
                rows, [share.share for share in shares], height=0.62, color=mixed(self._colours[theme], "#ffffff", 0.25)
            )
            for row, share in enumerate(shares):
                axis.plot((share.low, share.high), (row, row), color=_INK, linewidth=0.9)
                axis.plot((share.low, share.high), (row, row), "|", color=_INK, markersize=4, markeredgewidth=0.9)
            axis.set_xlim(0, 1)
            self._title(axis, theme)
            self._percents(axis)
        labels = [f"{self._place(cell.place)}  {cell.when.names[self._language]}" for cell in cells]
        axes[0].set_yticks(list(rows), labels)
        axes[0].set_ylim(len(cells) - 0.4, -0.6)
        self._note(figure, ("占正文的比例；细线为 95% 区间", "Share of the body text; thin lines are 95% intervals"))
        return _png(figure)

    def heat_map(self) -> bytes:
        """A panel a theme: places down, time across; hatched where there is no report."""
        places, spans = self._comparison.places[:_MOST_ROWS], self._comparison.spans
        size = (max(11.5, 2.2 + 0.42 * len(spans) * len(self._comparison.themes)), 1.4 + 0.3 * len(places))
        figure, axes = self._panels(len(self._comparison.themes), size)
        for axis, theme in zip(axes, self._comparison.themes, strict=True):
            for row, place in enumerate(places):
                for column, when in enumerate(spans):
                    cell = self._comparison.by_key.get((place, when))
                    self._field(axis, (column, row), cell.shares[theme].share if cell else None, theme)
            axis.set_xlim(-0.5, len(spans) - 0.5)
            axis.set_xticks(range(len(spans)), [when.names[1] for when in spans], rotation=90 if len(spans) > 6 else 45)
            self._title(axis, theme)
        axes[0].set_yticks(range(len(places)), [self._place(place) for place in places])
        axes[0].set_ylim(len(places) - 0.5, -0.5)
        self._note(figure, ("占正文的百分比；斜线表示没有报告", "Percent of the body text; hatched: no report"))
        return _png(figure)

    def words(self) -> bytes:
        """A panel a theme: the words that set it apart, with the intervals of their log-odds."""
        groups = [group for group in self._groups if group.by == "theme"]
        figure, axes = self._panels(len(groups), (11.5, 1.4 + 0.25 * _MOST_WORDS), shared=False)
        for axis, group in zip(axes, groups, strict=True):
            words = group.words[:_MOST_WORDS] if not self._language else ()
            for row, word in enumerate(words):
                axis.plot((word.low, word.high), (row, row), color=self._colours[group.key], linewidth=1.4)
                axis.plot(word.log_odds, row, "o", color=self._colours[group.key], markersize=4.5)
            axis.axvline(0, color=_GREY, linewidth=0.6)
            axis.set_yticks(range(len(words)), [f"{word.word} ({word.places})" for word in words])
            axis.set_ylim(_MOST_WORDS - 0.4, -0.6)
            self._title(axis, group.key)
        note = (
            "加权对数几率（Monroe 等 2008）及 95% 区间；括号内为出现该词的地区数",
            "Weighted log-odds (Monroe et al. 2008) with 95% intervals; words need a Chinese font, see the CSV",
        )
        self._note(figure, note)
        return _png(figure)

    def _panels(self, count: int, size: tuple[float, float], *, shared: bool = True) -> tuple[Any, Sequence[Any]]:
        figure = extra("matplotlib.figure").Figure(figsize=size, dpi=_DPI, layout="constrained")
        axes = figure.subplots(1, count, sharey=shared, squeeze=False)[0]
        for axis in axes:
            for spine in axis.spines.values():
                spine.set_visible(False)
            axis.tick_params(length=0, colors=_INK, labelsize=8)
        return figure, axes

    def _field(self, axis: Any, at: tuple[int, int], share: float | None, theme: str) -> None:
        corner = (at[0] - 0.48, at[1] - 0.47)
        rectangle = extra("matplotlib.patches").Rectangle
        if share is None:
            axis.add_patch(
                rectangle(corner, 0.96, 0.94, facecolor="#ffffff", edgecolor="#d9d4c9", hatch="////", linewidth=0)
            )
            return
        colour = mixed("#ffffff", self._colours[theme], min(0.08 + share * 1.3, 1))
        axis.add_patch(rectangle(corner, 0.96, 0.94, facecolor=colour, linewidth=0))
        ink = "#ffffff" if share > 0.55 and theme != "none" else _INK
        axis.text(*at, f"{100 * share:.0f}", ha="center", va="center", fontsize=7.5, color=ink)

    def _title(self, axis: Any, theme: str) -> None:
        chinese, english = self._names[theme]
        shown = f"{chinese}\n{english}" if not self._language else english
        wrapped = "\n".join(_wrapped(shown))
        axis.set_title(wrapped, fontsize=9, loc="left", color=_INK)

    def _percents(self, axis: Any) -> None:
        axis.set_xticks([0, 0.25, 0.5, 0.75], ["0", "", "50%", ""])
        axis.grid(axis="x", color="#e7e3da", linewidth=0.6)
        axis.set_axisbelow(True)

    def _note(self, figure: Any, names: Names) -> None:
        cut = len(self._comparison.cells) > _MOST_ROWS
        more = (
            ("（只画前 240 行，全部见 CSV）", " (the first 240 rows; all are in the CSV)")[self._language]
            if cut
            else ""
        )
        figure.supxlabel(names[self._language] + more, fontsize=8, color=_GREY)

    def _place(self, place: str) -> str:
        return f"place {self._numbers[place]}" if self._language else _plain(place)


def _plain(text: str) -> str:
    """A label that matplotlib takes as it is: no formula, not too long."""
    return (text if len(text) <= 14 else f"{text[:13]}…").replace("$", "＄")


def _wrapped(text: str) -> list[str]:
    """Lines of a panel's title, none much longer than the panel is wide."""
    from textwrap import wrap

    return [piece for line in text.split("\n") for piece in wrap(line, 24)]


def _png(figure: Any) -> bytes:
    stream = io.BytesIO()
    extra("matplotlib.backends.backend_agg").FigureCanvasAgg(figure).print_png(stream, metadata={"Software": None})
    return stream.getvalue()
