"""Words that people pick from lists and type into cells: what is shown of a theme, a role, a state, and its meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from labels.errors import UserError, suggestion
from labels.exchange import ADJUDICATED, DECIDED, SKIPPED
from labels.item import Item
from labels.roles import ROLE_NAMES_ZH
from labels.scheme import Scheme

YES: Final = "是"
_YES: Final = frozenset({"是", "有", "y", "yes", "true", "1", "1.0", "x", "√", "✓", "✔", "☑", "对"})
_NO: Final = frozenset({"", "否", "无", "n", "no", "false", "0", "0.0", "×", "✗", "✘", "☐"})
ROLE_LABELS: Final = {role: f"{name} / {role}" for role, name in ROLE_NAMES_ZH.items()}
STATE_LABELS: Final = {DECIDED: "已审 / reviewed", SKIPPED: "跳过 / skipped", ADJUDICATED: "裁定 / adjudicated"}


def theme_labels(scheme: Scheme) -> dict[str, str]:
    """What reviewers read, by the id of each theme."""
    return {theme.id: f"{theme.name_zh} / {theme.id}" for theme in scheme.themes}


def is_yes(word: str, where: str) -> bool:
    """Whether a cell says yes; raises UserError for what is neither yes nor no.

    >>> is_yes("√", ""), is_yes(" Ｙ", ""), is_yes("", "")
    (True, True, False)
    """
    folded = _folded(word)
    if folded not in _YES | _NO:
        raise UserError(f'{where}: "{word}" is neither yes nor no; write {YES} or leave it empty')
    return folded in _YES


def meant(word: str, labels: Mapping[str, str], where: str, what: str) -> str:
    """The id that a word means: itself, its label, or one of the label's two parts; UserError for another word.

    >>> meant("正文", ROLE_LABELS, "row 2", "role"), meant("Body", ROLE_LABELS, "row 2", "role")
    ('body', 'body')
    """
    folded = _folded(word)
    for name, label in labels.items():
        if folded in {_folded(part) for part in (name, label, *label.split(" / "))}:
            return name
    raise UserError(f'{where}: {what} "{word}" is unknown; {suggestion(word, labels.values())}')


def said_by_model(item: Item, scheme: Scheme) -> str:
    """The model's answer for people, the likeliest theme first; empty for an item that is shown blind."""
    if item.blind:
        return ""
    names = {theme.id: theme.name_zh for theme in scheme.themes}
    likely = sorted(item.probabilities.items(), key=lambda one: -one[1])
    return "\n".join(f"{names.get(theme, theme)} {chance:.0%}" for theme, chance in likely)


def heading(item: Item) -> str:
    """The headings above an item on one line."""
    return " > ".join(item.heading_path)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
