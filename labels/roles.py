"""The six roles that a paragraph of a report can have, with their names for people."""

from __future__ import annotations

from typing import Final

ROLES: Final = ("title", "byline", "heading", "body", "caption", "boilerplate")
THEMED_ROLES: Final = frozenset({"heading", "body"})
ROLE_NAMES_ZH: Final = {
    "title": "标题",
    "byline": "署名",
    "heading": "小标题",
    "body": "正文",
    "caption": "图注",
    "boilerplate": "网页杂项",
}
