"""doccano: what its exports can tell is taken; what they cannot is said, not guessed."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from labels.errors import UserError
from labels.exchange import Entry
from labels.exchange_doccano import FORMAT
from labels.exchange_import import Taken, Terms, import_file
from labels.scheme import Scheme
from labels.store import Store
from tests.exchange_items import decision_on, queue_item

ITEM, BLIND = queue_item("全市打掉团伙3个。", 2), queue_item("盲审。", 3, blind=True)
Row = dict[str, Any]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store.db")
    store.add_items([ITEM, BLIND])
    return store


@pytest.fixture
def rows(tmp_path: Path, scheme: Scheme) -> list[Row]:
    """The rows of an export from doccano of two items that nobody touched."""
    FORMAT.write([Entry(ITEM), Entry(BLIND)], tmp_path / "in.jsonl", scheme)
    return [returned(row) for row in map(orjson.loads, (tmp_path / "in.jsonl").read_bytes().splitlines())]


def returned(row: Row) -> Row:
    return {"id": 12, **row, "Comments": []}


def lines(rows: list[Row]) -> bytes:
    return b"\n".join(map(orjson.dumps, rows))


def take(path: Path, rows: list[Row], store: Store, scheme: Scheme, *, confirmed: bool = False) -> Taken:
    path.write_bytes(lines(rows))
    return import_file(path, store, Terms(scheme, "王芳", confirmed))


def test_rows_are_doccanos(rows: list[Row]):
    """Text and labels have the names doccano expects; no other key is one of its own."""
    assert [row["label"] for row in rows] == [["security"], []]
    assert set(rows[0]) - {"id", "text", "label", "Comments"} == {"zhengfa_heading", "zhengfa_key", "zhengfa_was"}
    assert all(isinstance(value, str) for name, value in rows[0].items() if name.startswith("zhengfa"))


def test_unlabelled_is_not_reviewed_none(tmp_path: Path, rows: list[Row], store: Store, scheme: Scheme):
    """Texts that are as they were sent tell nothing; exported as confirmed ones they are decisions."""
    taken = take(tmp_path / "a.jsonl", rows, store, scheme)
    assert (taken.rows, taken.events) == ({"unclear": 2}, {})
    assert any("doccano cannot tell no theme from not reviewed" in line for line in taken.loses)
    taken = take(tmp_path / "a.jsonl", rows, store, scheme, confirmed=True)
    assert (taken.rows, taken.events) == ({"reviewed_themes": 1, "reviewed_none": 1}, {"new": 2})
    assert [event.themes for event in store.events()] == [("security",), ()]
    assert {event.source for event in store.events()} == {"doccano"}
    assert take(tmp_path / "a.jsonl", rows, store, scheme, confirmed=True).events == {"known": 2}


def test_a_changed_label_is_an_answer(tmp_path: Path, rows: list[Row], store: Store, scheme: Scheme):
    """Labels that differ from those sent are somebody's work; comments become the note."""
    rows[0] |= {"label": ["mediation", "security"], "Comments": ["看第三行", "对"]}
    assert take(tmp_path / "a.jsonl", rows, store, scheme).events == {"new": 1}
    (event,) = store.events()
    assert (event.themes, event.note, event.role) == (("security", "mediation"), "看第三行\n对", "body")


def test_members_of_a_project(tmp_path: Path, rows: list[Row], store: Store, scheme: Scheme):
    """In doccano's ZIP every member's file is that member's word; `all` is the reviewer's that the command names."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("li.jsonl", lines([rows[0] | {"label": ["mediation"]}]))
        archive.writestr("../../wang.jsonl", lines([rows[0] | {"label": []}]))
        archive.writestr("all.jsonl", lines([rows[0] | {"label": ["rule_of_law"]}]))
        archive.writestr("readme.txt", "x")
    taken = import_file(tmp_path / "a.zip", store, Terms(scheme, "组长"))
    assert taken.lost == []
    assert {name: word.themes for name, word in store.latest(ITEM.item).items()} == {
        "li": ("mediation",),
        "wang": (),
        "组长": ("rule_of_law",),
    }
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".jsonl") == ["in.jsonl"]


def test_decisions_that_travelled(tmp_path: Path, store: Store, scheme: Scheme):
    """Sent and not touched, decisions, skips among them, are known when they come back, whoever exports."""
    made = [store.record(decision_on(ITEM, "mediation")), store.record(decision_on(BLIND, action="skip"))]
    FORMAT.write([Entry(ITEM, made[0]), Entry(BLIND, made[1])], tmp_path / "b.jsonl", scheme)
    sent = [returned(orjson.loads(line)) for line in (tmp_path / "b.jsonl").read_bytes().splitlines()]
    assert take(tmp_path / "a.jsonl", sent, store, scheme, confirmed=True).events == {"known": 2}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"label": "security#mediation"}, "line 1: label is 'security#mediation'; a list of themes is wanted, from a"),
        ({"label": [[0, 3, "security"]]}, "line 1: label is [[0, 3, 'security']]; a list of themes is wanted, from a"),
        ({"label": ["A#B"]}, 'line 1: label "A#B" is unknown'),
        ({"label": None}, "line 1: label is None; a list of themes is wanted"),
        (
            {"text": "另一段"},
            "line 1: its text was changed, so its labels are not those of the text that was asked about",
        ),
        ({"zhengfa_key": None}, "line 1: it has no key; keep the rows as they were exported"),
    ],
)
def test_what_cannot_be_taken(
    *, tmp_path: Path, rows: list[Row], store: Store, scheme: Scheme, spoil: Row, message: str
):
    """A row that tells nothing sure is named, and the next one taken."""
    rows[1]["label"] = ["security"]
    taken = take(tmp_path / "a.jsonl", [rows[0] | spoil, rows[1]], store, scheme)
    assert [lost.partition("a.jsonl, ")[2][: len(message)] for lost in taken.lost] == [message]
    assert taken.events == {"new": 1}


def test_rows_that_are_no_json(tmp_path: Path, rows: list[Row], store: Store, scheme: Scheme):
    """Lines that are no objects are named one by one; blank ones and a byte order mark do not matter."""
    rows[0]["label"] = ["mediation"]
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + lines([rows[0]]) + b"\n\n[1]\n{\n")
    taken = import_file(tmp_path / "a.jsonl", store, Terms(scheme, "王芳"))
    assert taken.events == {"new": 1}
    assert [lost.partition(", ")[2][:16] for lost in taken.lost] == ["line 3: it is no", "line 4: not JSON"]


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 and then nothing", b"PK\x05\x06" + bytes(18)])
def test_a_zip_that_is_none(tmp_path: Path, scheme: Scheme, raw: bytes):
    """A damaged or empty archive gives one line."""
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(UserError, match=r"a\.zip: (not readable as a ZIP|no \.jsonl file in it)"):
        list(FORMAT.read(tmp_path / "a.zip", scheme))


def test_a_zip_bomb(tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch):
    """An archive that unpacks to more than an export can be is not unpacked."""
    monkeypatch.setattr("labels.exchange_doccano.SIZE_LIMIT", 1000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", bytes(2000))
    with pytest.raises(UserError, match="more than 1,000 bytes unpacked; split it"):
        list(FORMAT.read(tmp_path / "a.zip", scheme))


def test_only_jsonl_is_written(tmp_path: Path, scheme: Scheme):
    """doccano imports no archive, so none is written."""
    with pytest.raises(UserError, match=r"a\.zip: doccano imports \.jsonl, not \.zip; change the suffix"):
        FORMAT.write([], tmp_path / "a.zip", scheme)
