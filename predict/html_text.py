"""Text of reports as HTML: nothing in it is markup, what is invisible shows, evidence is marked."""

from __future__ import annotations

import html
from collections.abc import Mapping

from labels.flowing import flowing
from predict.annotation import LineRow, Report
from predict.prose import CONTROL, pieces

Classes = Mapping[str, str]


def escape(text: str) -> str:
    """Text as HTML, for content and for quoted attributes; controls become U+FFFD.

    >>> escape('<b title="x">\\u202e&')
    '&lt;b title=&quot;x&quot;&gt;\\ufffd&amp;'
    """
    return html.escape(CONTROL.sub("\ufffd", text))


def ink(text: str) -> str:
    """Text as HTML content: line breaks inside a paragraph go, controls show their code.

    >>> ink("平安\\n　建设 <i>\\u202e")
    '平安建设 &lt;i&gt;<span class="control">U+202E</span>'
    """
    escaped = html.escape(flowing(text))
    return CONTROL.sub(lambda match: f'<span class="control">U+{ord(match.group()):04X}</span>', escaped)


def marked(line: LineRow, report: Report, classes: Classes) -> str:
    """A paragraph as HTML, the words that speak for a theme marked with the theme's class."""
    shown: list[str] = []
    for piece in pieces(line, report):
        text = ink(piece.text)
        if piece.theme is not None:
            weak = " weak" if piece.weak else ""
            text = f'<mark class="{classes.get(piece.theme, "c0")}{weak}" title="{signed(piece.weight)}">{text}</mark>'
        shown.append(text)
    return "".join(shown)


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
