"""The scheme: which themes there are. Data in `themes.toml`, so a fifth theme is an edit of that file."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from labels.errors import UserError, suggestion

DEFAULT_THEMES: Final = Path(__file__).with_name("themes.toml")
NONE_COLOUR: Final = "#c9ced6"
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_REQUIRED: Final = ("id", "name_zh", "name_en", "description_zh", "description_en", "colour", "terms")
_OPTIONAL: Final = ("code", "parent")


@dataclass(frozen=True)
class Theme:
    """One theme: an English id for programs, two names for people, terms that speak for it."""

    id: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    colour: str
    terms: tuple[str, ...]
    code: str = ""
    parent: str | None = None


@dataclass(frozen=True)
class Scheme:
    """All themes, in the order of the file; that order is the order of every column and row."""

    themes: tuple[Theme, ...]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(theme.id for theme in self.themes)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Every term of every theme."""
        return tuple(term for theme in self.themes for term in theme.terms)

    @cached_property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of everything in the scheme."""
        canonical = json.dumps([asdict(theme) for theme in self.themes], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def check(self, theme: str, where: str) -> str:
        """Return `theme` if it is known, else raise with the place `where` it was found."""
        if theme not in self.ids:
            raise UserError(f'{where}: theme "{theme}" is unknown; {suggestion(theme, self.ids)}')
        return theme


def load_scheme(path: Path | None = None) -> Scheme:
    """Read a scheme; raises UserError that names the file, the theme and the remedy."""
    import tomllib  # a model has its scheme in its manifest; prediction need not wait for this

    path = path or DEFAULT_THEMES
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise UserError(f"{path}: cannot read the themes ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid TOML: {error}") from error
    return scheme_from(document.get("theme"), str(path))


def scheme_from(tables: object, where: str) -> Scheme:
    """Build a checked scheme from a list of tables, as read from TOML or a model's manifest."""
    if not isinstance(tables, list) or not tables:
        raise UserError(f"{where}: no [[theme]] tables; write at least one")
    themes = tuple(_theme(table, f"{where}, theme {number}") for number, table in enumerate(tables, 1))
    _check_between(themes, where)
    return Scheme(themes)


def check_id(theme: str, where: str) -> None:
    """Raise UserError where `theme` cannot be the id of a theme."""
    if not _ID.fullmatch(theme):
        raise UserError(f'{where}: id "{theme}" must be lower-case letters, digits and _, a letter first')


def _theme(table: Any, where: str) -> Theme:
    if not isinstance(table, dict):
        raise UserError(f"{where}: it is {table!r}; a table is wanted")
    _check_keys(table, where)
    check_id(table["id"], where)
    if not _COLOUR.fullmatch(table["colour"]):
        raise UserError(f'{where}: colour "{table["colour"]}" must be #rrggbb')
    return Theme(**{**table, "terms": _terms(table["terms"], f"{where} ({table['id']})")})


def _check_keys(table: dict[str, Any], where: str) -> None:
    for key, value in table.items():
        if key not in _REQUIRED + _OPTIONAL:
            raise UserError(f'{where}: unknown key "{key}"; {suggestion(key, _REQUIRED + _OPTIONAL)}')
        if key != "terms" and value is not None and not isinstance(value, str):
            raise UserError(f"{where}: {key} is {value!r}; it must be text")
    for key in _REQUIRED:
        if not table.get(key):
            raise UserError(f'{where}: key "{key}" is missing or empty; write it')


def _terms(terms: object, where: str) -> tuple[str, ...]:
    if not isinstance(terms, list | tuple):
        raise UserError(f"{where}: terms is {terms!r}; it must be a list of text")
    seen: set[str] = set()
    for term in terms:
        if not isinstance(term, str) or not 2 <= len(term) <= 12 or term != term.strip() or not term.isprintable():
            raise UserError(f"{where}: term {term!r} must be 2 to 12 printable characters without outer blanks")
        if term in seen:
            raise UserError(f"{where}: term {term!r} stands twice; take one out")
        seen.add(term)
    return tuple(terms)


def _check_between(themes: tuple[Theme, ...], where: str) -> None:
    owner: dict[str, str] = {}
    ids = [theme.id for theme in themes]
    for theme in themes:
        if ids.count(theme.id) > 1 or theme.id == "none":
            raise UserError(f'{where}: theme id "{theme.id}" is used twice or reserved; choose another')
        if theme.parent is not None and theme.parent not in ids:
            raise UserError(
                f'{where}: parent "{theme.parent}" of {theme.id} is unknown; {suggestion(theme.parent, ids)}'
            )
        for term in theme.terms:
            if term in owner:
                raise UserError(f"{where}: term {term!r} stands under {owner[term]} and {theme.id}; keep it in one")
            owner[term] = theme.id
