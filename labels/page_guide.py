"""The labelling guide as HTML: its Markdown rendered, any HTML in it escaped, its links made plain text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

_FILES: Final = {"zh": "guide.zh.md", "en": "guide.md"}
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ONLY_LINK: Final = re.compile(rf"^{_LINK.pattern}$\n?", re.MULTILINE)


@cache
def guide_html(language: str) -> str:
    """The guide in `zh` or `en`."""
    import markdown2

    text = Path(__file__).with_name(_FILES[language]).read_text("utf-8")
    # What the links lead to is not served.
    rendered = markdown2.markdown(
        _LINK.sub(r"\1", _ONLY_LINK.sub("", text)), safe_mode="escape", extras=["tables", "fenced-code-blocks"]
    )
    return str(rendered)
