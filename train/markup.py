"""Small pieces of HTML for the training report: nothing that comes from a text or a name is markup."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from labels.markup import both
from labels.scheme import Scheme

MOST_CHARACTERS: Final = 400
# Controls and bidirectional marks could hide or reorder what stands around them.
_CONTROL: Final = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the page; `body` is HTML, `hint` is its explanation, titles and hint in both languages."""

    id: str
    title: tuple[str, str]
    hint: tuple[str, str]
    body: str

    def html(self) -> str:
        return (
            f'<section class="part" id="{self.id}"><h2>{both(*self.title)}</h2>'
            f'<p class="hint">{both(*self.hint)}</p>{self.body}</section>\n'
        )


def escape(text: str) -> str:
    """Text as HTML, for content and for quoted attributes; controls become U+FFFD.

    >>> escape('<b title="x">\\u202e&')
    '&lt;b title=&quot;x&quot;&gt;\\ufffd&amp;'
    """
    return html.escape(_CONTROL.sub("\ufffd", text))


def theme_name(scheme: Scheme, theme: int) -> str:
    """A theme's dot and its names; the number after the last theme stands for none."""
    if theme == len(scheme.themes):
        return f'<span class="theme c0"><i class="dot"></i>{both("无主题", "No theme")}</span>'
    named = scheme.themes[theme]
    names = both(escape(named.name_zh), escape(named.name_en))
    return f'<span class="theme c{theme + 1}"><i class="dot"></i>{names}</span>'


def theme_names(scheme: Scheme, themes: Iterable[int]) -> str:
    """Several themes side by side; "no theme" for none."""
    return "".join(theme_name(scheme, theme) for theme in themes) or theme_name(scheme, len(scheme.themes))


def given(scheme: Scheme, *said: tuple[tuple[str, str], Iterable[int]]) -> str:
    """Who says which themes of a line, as a paragraph: pairs of a name in both languages and themes."""
    parts = (
        f'<span class="said"><small>{both(*who)}</small>{theme_names(scheme, themes)}</span>' for who, themes in said
    )
    return f'<p class="given">{"".join(parts)}</p>'


def chart_name(scheme: Scheme, theme: int) -> str:
    """What is read out for a theme's picture."""
    named = scheme.themes[theme]
    return escape(f"{named.name_zh} / {named.name_en}")


def place(report: str, line: int) -> str:
    """Where a line stands, as a paragraph of its own."""
    return f'<p class="where">{escape(report)} · {both(f"第 {line} 段", f"line {line}")}</p>'


def shortened(text: str) -> str:
    """A text, not longer than a reader bears."""
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def table(head: Iterable[str], rows: Iterable[Iterable[str]], kind: str = "") -> str:
    """A table that scrolls in a box of its own; all cells are HTML, the first of a row is its head."""
    columns = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="{kind}"><thead><tr>{columns}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def score(value: float) -> str:
    """A measure with three digits, a dash where there is none.

    >>> score(0.9346), score(float("nan"))
    ('0.935', '–')
    """
    return f"{value:.3f}" if math.isfinite(value) else "–"


def percent(share: float) -> str:
    """A share with one digit, a dash where there is none.

    >>> percent(0.9346), percent(float("nan"))
    ('93.5%', '–')
    """
    return f"{share:.1%}" if math.isfinite(share) else "–"


def signed(number: float, digits: int = 2) -> str:
    """A number with its sign, the minus as wide as the plus; a zero has none.

    >>> signed(1.314), signed(-0.2), signed(-0.0001)
    ('+1.31', '−0.20', '0.00')
    """
    rounded = round(number, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"
