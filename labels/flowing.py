"""A paragraph that was wrapped, as one line."""

from __future__ import annotations

import re
from typing import Final

_BREAK: Final = re.compile("[ \t\u3000]*[\r\n]+[ \t\u3000]*")


def flowing(text: str) -> str:
    """The text without line breaks; between Latin words a blank takes their place.

    >>> flowing("平安\\n　建设"), flowing("work\\nreport")
    ('平安建设', 'work report')
    """
    return _BREAK.sub(_joint, text) if "\n" in text or "\r" in text else text


def _joint(match: re.Match[str]) -> str:
    text, start, end = match.string, *match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    return " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""
