"""Changes to the text of `themes.toml`, which keep its comments and layout; every result is read back and compared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from labels.errors import UserError
from labels.scheme import Scheme, Theme, scheme_from

_TABLE = re.compile(r"^\[\[theme\]\][^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ThemesText:
    """A file of themes as text: what stands before the first table, and each table's own text."""

    head: str
    tables: tuple[str, ...]

    def joined(self) -> str:
        return self.head + "".join(self.tables)


def renamed(path: Path, scheme: Scheme, old: str, new: str) -> str:
    """The text with another id for a theme, also where it is a parent."""
    text = _read(path)
    tables = tuple(_with_id(table, old, new) for table in text.tables)
    return _checked(path, ThemesText(text.head, tables), [_renamed(theme, old, new) for theme in scheme.themes])


def merged(path: Path, scheme: Scheme, old: Sequence[str], new: str) -> str:
    """The text with the tables of `old` but for `new` taken out and their terms added to it."""
    text, gone = _read(path), [one for one in old if one != new]
    terms = tuple(chain.from_iterable(theme.terms for theme in scheme.themes if theme.id in gone))
    tables, themes = [], []
    for table, theme in zip(text.tables, scheme.themes, strict=True):
        if theme.id in gone:
            continue
        parent = new if theme.parent in gone and theme.id != new else theme.parent
        parent = None if theme.id == new and theme.parent in gone else parent
        own = _with_parent(table, theme.parent, parent)
        tables.append(_with_terms(own, terms) if theme.id == new else own)
        themes.append(replace(theme, parent=parent, terms=theme.terms + terms if theme.id == new else theme.terms))
    return _checked(path, ThemesText(text.head, tuple(tables)), themes)


def split(path: Path, scheme: Scheme, old: str, parts: Path) -> str:
    """The text with the tables of the file `parts` in the place of a theme's."""
    text, new = _read(path), _read(parts)
    at = scheme.ids.index(old)
    tables = (*text.tables[:at], *(table.rstrip() + "\n\n" for table in new.tables), *text.tables[at + 1 :])
    children = [theme.id for theme in scheme.themes if theme.parent == old]
    if children:
        raise UserError(f"{path}: {old} is the parent of {', '.join(children)}; give them another parent first")
    themes = [*scheme.themes[:at], *part_themes(parts), *scheme.themes[at + 1 :]]
    return _checked(path, ThemesText(text.head, tables), themes)


def part_themes(parts: Path) -> tuple[Theme, ...]:
    """The themes of a file that says what a theme is split into."""
    themes = scheme_from(tomllib.loads(_text(parts)).get("theme"), str(parts)).themes
    if len(themes) < 2:
        raise UserError(f"{parts}: it has one theme; a theme is split into two or more")
    return themes


def _text(path: Path) -> str:
    try:
        text = path.read_text("utf-8")
        tomllib.loads(text)
    except OSError as error:
        raise UserError(f"{path}: cannot read the themes ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid TOML: {error}") from error
    return text


def _read(path: Path) -> ThemesText:
    text = _text(path)
    starts = [match.start() for match in _TABLE.finditer(text)]
    ends = [*starts[1:], len(text)]
    head = text[: starts[0]] if starts else text
    return ThemesText(head, tuple(text[start:end] for start, end in zip(starts, ends, strict=True)))


def _with_id(table: str, old: str, new: str) -> str:
    return re.sub(rf'^((?:id|parent)\s*=\s*)"{old}"', rf'\g<1>"{new}"', table, flags=re.MULTILINE)


def _with_parent(table: str, old: str | None, new: str | None) -> str:
    if old == new:
        return table
    line = re.compile(rf'^parent\s*=\s*"{old}"[^\n]*\n', re.MULTILINE)
    return line.sub(f'parent = "{new}"\n' if new else "", table)


def _with_terms(table: str, terms: Sequence[str]) -> str:
    """The table with more terms before the bracket that closes its list."""
    if not terms:
        return table
    rows = [", ".join(f'"{term}"' for term in terms[at : at + 8]) for at in range(0, len(terms), 8)]
    added = "".join(f"  {row},\n" for row in rows)
    return re.sub(
        r"(^terms\s*=\s*\[.*?)(,?)(\s*)\]",
        lambda m: f"{m[1]},\n{added}]",
        table,
        count=1,
        flags=re.MULTILINE | re.DOTALL,
    )


def _renamed(theme: Theme, old: str, new: str) -> Theme:
    return replace(theme, id=new if theme.id == old else theme.id, parent=new if theme.parent == old else theme.parent)


def _checked(path: Path, text: ThemesText, themes: Sequence[Theme]) -> str:
    """The text, if it reads as exactly these themes."""
    changed = text.joined()
    try:
        same = scheme_from(tomllib.loads(changed).get("theme"), str(path)).themes == tuple(themes)
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise UserError(f"{path}: its layout is not understood well enough to change it; write it like the bundled one")
    return changed
