"""Pieces that the pages of every folder have in common: both languages, chances, the one script that may run."""

from __future__ import annotations

import base64
import hashlib
import html


def both(chinese: str, english: str) -> str:
    """Both wordings; the page shows one. They are HTML, so texts of others have to be escaped before."""
    return f'<span class="zh">{chinese}</span><span class="en">{english}</span>'


def chance(probability: float) -> str:
    """A probability as a whole percentage that never claims to be sure, as plain text.

    >>> chance(0.974), chance(1.0), chance(0.0)
    ('97%', '>99%', '<1%')
    """
    return ">99%" if probability >= 0.995 else "<1%" if probability < 0.005 else f"{probability:.0%}"


def html_chance(probability: float) -> str:
    """`chance` as HTML.

    >>> html_chance(0.9999)
    '&gt;99%'
    """
    return html.escape(chance(probability))


def script_hash(script: str) -> str:
    """What a page's policy calls the only script that it lets run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
