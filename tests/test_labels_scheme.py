"""The scheme: themes are data, and every mistake in them is named with its place and its remedy."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from labels.errors import UserError
from labels.scheme import DEFAULT_THEMES, Scheme, load_scheme, scheme_from

PRISONS = """
[[theme]]
id = "prisons"
name_zh = "监狱管理"
name_en = "Prisons"
description_zh = "讲监狱和戒毒场所的管理。"
description_en = "How prisons and rehabilitation centres are run."
colour = "#117733"
terms = ["监管改造", "戒毒场所", "狱务公开"]
"""


def theme(**changes: object) -> dict[str, object]:
    """A right theme with some of its keys changed; None takes a key out."""
    table: dict[str, object] = {
        "id": "prisons",
        "name_zh": "监狱管理",
        "name_en": "Prisons",
        "description_zh": "讲监狱的管理。",
        "description_en": "How prisons are run.",
        "colour": "#117733",
        "terms": ["监管改造"],
    }
    return {key: value for key, value in (table | changes).items() if value is not None}


def failure(tables: object) -> str:
    with pytest.raises(UserError) as caught:
        scheme_from(tables, "themes.toml")
    return str(caught.value)


def test_the_bundled_themes_are_four(scheme: Scheme):
    """The bundled file is right and has the four themes, in its order."""
    assert scheme.ids == ("party_building", "security", "mediation", "rule_of_law")
    assert all(theme.terms for theme in scheme.themes)


def test_a_fifth_theme_is_an_edit_of_the_file(tmp_path: Path, scheme: Scheme):
    """A table more in the file is a theme more at the end, and another hash; nothing else changes."""
    path = tmp_path / "themes.toml"
    path.write_text(DEFAULT_THEMES.read_text("utf-8") + PRISONS, "utf-8")
    five = load_scheme(path)
    assert five.ids == (*scheme.ids, "prisons")
    assert five.themes[:4] == scheme.themes
    assert five.hash != scheme.hash


def test_comments_and_order_of_keys_make_no_other_scheme(tmp_path: Path):
    """The hash is of what is said, not of how it is written."""
    path = tmp_path / "themes.toml"
    lines = PRISONS.strip().splitlines()
    path.write_text("\n".join([lines[0], "# a remark", *reversed(lines[1:])]), "utf-8")
    assert load_scheme(path).hash == scheme_from([load_table(PRISONS)], "").hash


def load_table(text: str) -> object:
    import tomllib

    return tomllib.loads(text)["theme"][0]


def test_a_model_s_copy_is_the_scheme(scheme: Scheme):
    """What a manifest keeps of a scheme gives the same scheme again."""
    again = scheme_from([asdict(one) | {"terms": list(one.terms)} for one in scheme.themes], "manifest.json")
    assert (again, again.hash) == (scheme, scheme.hash)


def test_an_unknown_theme_is_named_with_the_nearest(scheme: Scheme):
    """A wrong theme is reported where it stands, with what was probably meant."""
    assert scheme.check("security", "here") == "security"
    with pytest.raises(UserError, match=r'^a.csv, row 3: theme "securty" is unknown; did you mean security\?$'):
        scheme.check("securty", "a.csv, row 3")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (None, "themes.toml: no [[theme]] tables; write at least one"),
        ([], "themes.toml: no [[theme]] tables; write at least one"),
        ({"id": "prisons"}, "themes.toml: no [[theme]] tables; write at least one"),
        ([theme(), "prisons"], "themes.toml, theme 2: it is 'prisons'; a table is wanted"),
        ([theme(color="#117733")], 'themes.toml, theme 1: unknown key "color"; did you mean colour?'),
        ([theme(name_zh=None)], 'themes.toml, theme 1: key "name_zh" is missing or empty; write it'),
        ([theme(terms=[])], 'themes.toml, theme 1: key "terms" is missing or empty; write it'),
        ([theme(name_en=7)], "themes.toml, theme 1: name_en is 7; it must be text"),
        (
            [theme(id="Prisons")],
            'themes.toml, theme 1: id "Prisons" must be lower-case letters, digits and _, a letter first',
        ),
        ([theme(colour="green")], 'themes.toml, theme 1: colour "green" must be #rrggbb'),
        ([theme(terms="监狱")], "themes.toml, theme 1 (prisons): terms is '监狱'; it must be a list of text"),
        (
            [theme(terms=["监"])],
            "themes.toml, theme 1 (prisons): term '监' must be 2 to 12 printable characters without outer blanks",
        ),
        (
            [theme(terms=["监狱 "])],
            "themes.toml, theme 1 (prisons): term '监狱 ' must be 2 to 12 printable characters without outer blanks",
        ),
        (
            [theme(terms=["监\n狱"])],
            "themes.toml, theme 1 (prisons): term '监\\n狱' must be 2 to 12 printable characters without outer blanks",
        ),
        (
            [theme(terms=["监狱", "监狱"])],
            "themes.toml, theme 1 (prisons): term '监狱' stands twice; take one out",
        ),
        ([theme(), theme()], 'themes.toml: theme id "prisons" is used twice or reserved; choose another'),
        ([theme(id="none")], 'themes.toml: theme id "none" is used twice or reserved; choose another'),
        ([theme(parent="prison")], 'themes.toml: parent "prison" of prisons is unknown; did you mean prisons?'),
        (
            [theme(), theme(id="jails")],
            "themes.toml: term '监管改造' stands under prisons and jails; keep it in one",
        ),
    ],
)
def test_every_mistake_is_named(tables: object, message: str):
    """A wrong scheme gives one message: the file, the theme, what is wrong, what to do."""
    assert failure(tables) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read the themes (No such file or directory)"),
        (b"[[theme]\n", "not valid TOML: "),
        ("[[theme]]\nid = '监'".encode("gbk"), "not valid TOML: "),
        (b"[[themes]]\nid = 'prisons'", "no [[theme]] tables; write at least one"),
    ],
    ids=["missing", "syntax", "encoding", "other tables"],
)
def test_a_file_that_is_no_scheme(tmp_path: Path, content: bytes | None, message: str):
    """A file that cannot be read as themes is named."""
    path = tmp_path / "themes.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match="^" + re.escape(f"{path}: {message}")):
        load_scheme(path)
