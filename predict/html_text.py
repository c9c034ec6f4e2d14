"""Text of reports as HTML: nothing in it is markup, what is invisible shows, evidence is marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from predict.annotation import LineRow, Report, ThemeScore

# Controls and bidirectional marks could hide or reorder what stands around them.
_CONTROL: Final = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAK: Final = re.compile("[ \t\u3000]*[\r\n]+[ \t\u3000]*")
# Evidence weaker than this part of the strongest of its theme is tinted without a line under it.
_WEAK: Final = 0.34

Classes = Mapping[str, str]


def escape(text: str) -> str:
    """Text as HTML, for content and for quoted attributes; controls become U+FFFD.

    >>> escape('<b title="x">\\u202e&')
    '&lt;b title=&quot;x&quot;&gt;\\ufffd&amp;'
    """
    return html.escape(_CONTROL.sub("\ufffd", text))


def ink(text: str) -> str:
    """Text as HTML content: line breaks inside a paragraph go, controls show their code.

    >>> ink("平安\\n　建设 <i>\\u202e")
    '平安建设 &lt;i&gt;<span class="control">U+202E</span>'
    """
    if "\n" in text or "\r" in text:
        text = _BREAK.sub(_joint, text)
    escaped = html.escape(text)
    return _CONTROL.sub(lambda match: f'<span class="control">U+{ord(match.group()):04X}</span>', escaped)


def bilingual(chinese: str, english: str) -> str:
    """Both wordings; the page shows one. They are HTML, so texts of others have to be escaped before."""
    return f'<span class="zh">{chinese}</span><span class="en">{english}</span>'


def marked(line: LineRow, report: Report, classes: Classes) -> str:
    """A paragraph as HTML, the words that speak for a theme marked with the theme's class."""
    text = report.text[line.start : line.end] or line.text
    pieces: list[str] = []
    for start, end, mark in _segments(len(text), list(_spans(line, len(text), classes))):
        piece = ink(text[start:end])
        pieces.append(f"<mark {mark}>{piece}</mark>" if mark else piece)
    return "".join(pieces)


def signed(number: float) -> str:
    """A number with its sign and two digits, the minus as wide as the plus.

    >>> signed(1.314), signed(-0.2)
    ('+1.31', '−0.20')
    """
    return f"{number:+.2f}".replace("-", "−")


def percent(share: float) -> str:
    """A share as a whole percentage, as HTML.

    >>> percent(0.974), percent(0.002), percent(0)
    ('97%', '&lt;1%', '0%')
    """
    return "&lt;1%" if 0 < share < 0.005 else f"{share:.0%}"


def chance(probability: float) -> str:
    """A probability as a whole percentage that never claims to be sure, as HTML.

    >>> chance(0.974), chance(1.0), chance(0.0)
    ('97%', '&gt;99%', '&lt;1%')
    """
    return "&gt;99%" if probability >= 0.995 else "&lt;1%" if probability < 0.005 else f"{probability:.0%}"


def _joint(match: re.Match[str]) -> str:
    text, start, end = match.string, *match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    return " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""


def _spans(line: LineRow, length: int, classes: Classes) -> Iterator[tuple[float, int, int, str]]:
    """Evidence for themes as (weight, start, end, attributes), relative to the paragraph."""
    for theme in line.themes:
        strongest = max((word.weight for word in theme.evidence), default=0)
        for word in theme.evidence:
            start, end = max(word.start - line.start, 0), min(word.end - line.start, length)
            if word.weight > 0 and start < end:
                weak = " weak" if word.weight < _WEAK * strongest else ""
                yield word.weight, start, end, f'class="{_class(theme, classes)}{weak}" title="{signed(word.weight)}"'


def _class(theme: ThemeScore, classes: Classes) -> str:
    return classes.get(theme.id, "c0")


def _segments(length: int, spans: Iterable[tuple[float, int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Cut a paragraph so that every piece has one mark or none: that of the strongest span over it."""
    owner = [""] * length
    for _, start, end, mark in sorted(spans):
        owner[start:end] = [mark] * (end - start)
    start = 0
    for at in range(1, length + 1):
        if at == length or owner[at] != owner[start]:
            yield start, at, owner[start]
            start = at
