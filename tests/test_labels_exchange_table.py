"""Tables for reviewers: nothing in them runs, and what people type in CSV and XLSX is understood or named."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.decision import Decision
from labels.errors import UserError
from labels.exchange import Entry, entries, format_of
from labels.exchange_import import Taken, Terms, import_file
from labels.exchange_table import columns
from labels.scheme import Scheme
from labels.spreadsheet import CELL_LIMIT, cell_text, coded, decoded, from_plain, plain_text
from labels.store import Store
from tests.exchange_items import decision_on, hard_queue, queue_item, reviewed_store

QUEUE = [queue_item("全市打掉团伙3个。"), queue_item("调解纠纷120件。", 3), queue_item("盲审。", 4, blind=True)]
Edit = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store.db")
    store.add_items(QUEUE)
    return store


def exported(path: Path, scheme: Scheme, reviewer: str = "") -> Path:
    format_of(path).write([Entry(item, None, reviewer) for item in QUEUE], path, scheme)
    return path


def edit_csv(path: Path, edit: Edit, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    names = [cell.rpartition(" / ")[2] for cell in rows[0]]
    named = [dict(zip(names, row, strict=True)) for row in rows[1:]]
    edit(named)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([rows[0], *(row.values() for row in named)])
    path.write_bytes(text.getvalue().encode(encoding))


def edit_xlsx(path: Path, edit: Edit) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [str(cell.value).rpartition(" / ")[2] for cell in sheet[1]]
    rows: list[dict[str, Any]] = [
        dict(zip(names, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)
    ]
    edit(rows)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row.values(), 1):
            sheet.cell(number, column).value = value
    book.save(path)


def answer(rows: list[dict[str, str]]) -> None:
    """The first row is accepted, the second gets another theme, the third, blind, none."""
    rows[0]["state"] = "已审 / reviewed"
    rows[1] |= {"security": "", "mediation": "是", "state": "reviewed", "note": "改"}
    rows[2]["state"] = "已审"


def take(path: Path, store: Store, scheme: Scheme, reviewer: str = "王芳") -> Taken:
    return import_file(path, store, Terms(scheme, reviewer))


def check_answers(store: Store) -> None:
    accepted, changed, blind = (store.latest(item.item)["王芳"] for item in QUEUE)
    assert (accepted.themes, changed.themes, changed.note, blind.themes) == (("security",), ("mediation",), "改", ())
    assert accepted.shown == changed.shown
    assert accepted.shown is not None
    assert accepted.shown.probabilities == QUEUE[0].probabilities
    assert (blind.shown, accepted.source, accepted.model) == (None, "spreadsheet", "themes-0001")
    assert accepted.considered == changed.considered == blind.considered != ()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_answers_are_taken(tmp_path: Path, store: Store, scheme: Scheme, name: str):
    """Rows with a status become decisions, with what their reviewer was shown; a blind row shows nothing."""
    path = exported(tmp_path / name, scheme, "王芳")
    (edit_csv if name == "a.csv" else edit_xlsx)(path, answer)
    taken = take(path, store, scheme, reviewer="")
    assert (taken.lost, taken.events) == ([], {"new": 3})
    assert taken.rows == {"reviewed_themes": 2, "reviewed_none": 1}
    check_answers(store)


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-16", "\t"), ("gb18030", ","), ("utf-8-sig", ";")],
)
def test_however_a_spreadsheet_saves_it(tmp_path: Path, store: Store, scheme: Scheme, encoding: str, delimiter: str):
    """CSV comes back in Excel's old encodings and with the delimiters of its countries."""
    path = exported(tmp_path / "a.csv", scheme)
    edit_csv(path, answer, encoding, delimiter)
    assert take(path, store, scheme).lost == []
    check_answers(store)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mediation": "是"}, "a.csv, line 2: it was changed, but its status is empty; choose 已审 / reviewed or 跳过"),
        ({"note": "?"}, "a.csv, line 2: it was changed, but its status is empty"),
        ({"state": "好"}, 'a.csv, line 2: status "好" is unknown; known: 已审 / reviewed, 跳过 / skipped'),
        ({"state": "已审", "security": "也许"}, 'a.csv, line 2, security: "也许" is neither yes nor no; write 是'),
        ({"state": "已审", "role": "正经"}, 'a.csv, line 2: role "正经" is unknown'),
        ({"state": "已审", "role": "标题"}, "a.csv, line 2: a title has themes; only heading and body have themes"),
        ({"state": "已审", "key": ""}, "a.csv, line 2: it has no key; keep the rows as they were exported"),
        ({"state": "已审", "key": "{"}, "a.csv, line 2: its key is damaged"),
        ({"state": "已审", "key": "[]"}, "a.csv, line 2, key: it is []; a JSON object is wanted"),
        ({"state": "已审", "was": "1"}, "a.csv, line 2, past decision: it is 1; a JSON object is wanted"),
    ],
)
def test_what_cannot_be_taken(tmp_path: Path, store: Store, scheme: Scheme, change: dict[str, str], message: str):
    """A row that contradicts itself is named with its line and what to do; no other row suffers."""
    path = exported(tmp_path / "a.csv", scheme)
    edit_csv(path, lambda rows: rows[0].update(change) or rows[1].update(state="跳过"))
    taken = take(path, store, scheme)
    assert [lost.replace(str(tmp_path), "").lstrip("/")[: len(message)] for lost in taken.lost] == [message]
    assert (taken.events, store.latest(QUEUE[1].item)["王芳"].action) == ({"new": 1}, "skip")


def test_nobody_answered(tmp_path: Path, store: Store, scheme: Scheme):
    """A decision needs a name, from the row or from the command."""
    path = exported(tmp_path / "a.csv", scheme)
    edit_csv(path, answer)
    lost = take(path, store, scheme, reviewer="").lost
    assert len(lost) == 3
    assert lost[0].endswith("line 2: no reviewer; write the name in its column or give --reviewer NAME")


def test_a_key_of_another_row(tmp_path: Path, store: Store, scheme: Scheme):
    """A key that somebody edited is refused: an answer never moves to another text."""
    path = exported(tmp_path / "a.csv", scheme)
    edit_csv(path, lambda rows: rows[0].update(state="已审", key=rows[0]["key"].replace('"line":2', '"line":3')))
    assert "its key was edited" in take(path, store, scheme).lost[0]
    assert store.events() == []


def test_a_row_copied_and_answered_twice(tmp_path: Path, store: Store, scheme: Scheme):
    """Two answers of one person to one text in a file are both left out and named; the same answer counts once."""
    path = exported(tmp_path / "a.csv", scheme)

    def copy(rows: list[dict[str, str]]) -> None:
        answer(rows)
        rows += [rows[0] | {"security": ""}, dict(rows[1])]

    edit_csv(path, copy)
    taken = take(path, store, scheme)
    assert len(taken.lost) == 1
    assert f"it answers otherwise than {path}, line 2 for the same text; keep one of them" in taken.lost[0]
    assert taken.events == {"new": 2, "known": 1}


def test_changed_again_and_back(tmp_path: Path, store: Store, scheme: Scheme):
    """Saved anew, a file updates; a row it did not touch does not undo what its reviewer did on the page since."""
    path = exported(tmp_path / "a.csv", scheme, "王芳")
    for second, themes in enumerate(("是", "否", "是"), 1):
        edit_csv(path, lambda rows, themes=themes: rows[0].update(state="已审", security=themes))
        os.utime(path, (second, second))
        assert take(path, store, scheme).events == {"new" if second == 1 else "updated": 1}
    assert store.latest(QUEUE[0].item)["王芳"].themes == ("security",)
    store.record(decision_on(QUEUE[0], "rule_of_law"))
    path.touch()
    assert take(path, store, scheme).events == {"known": 1}
    assert store.latest(QUEUE[0].item)["王芳"].themes == ("rule_of_law",)


def test_a_status_taken_out(tmp_path: Path, scheme: Scheme):
    """To clear the status of a decided row undoes nothing, and the import says so."""
    store, path = reviewed_store(tmp_path / "reviewed.db"), tmp_path / "a.csv"
    format_of(path).write(entries(store.path), path, scheme)
    edit_csv(path, lambda rows: rows[0].update(state=""))
    assert "its status was taken out; choose 已审 / reviewed or 跳过 / skipped" in take(path, store, scheme).lost[0]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_no_cell_runs(tmp_path: Path, scheme: Scheme, name: str):
    """No text of a report, a reviewer or a note is a formula in any cell."""
    store, path = reviewed_store(tmp_path / "reviewed.db"), tmp_path / name
    format_of(path).write(entries(store.path), path, scheme)
    if name == "a.csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if cell[:1] in "=+-@\t\r＝＋－＠" and cell] == []
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)
        return
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n" and cell.value is not None] == []
    (link,) = (cell for cell in cells if str(cell.value).startswith("=HYPERLINK"))
    assert link.quotePrefix
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in b"".join(archive.read(member) for member in archive.namelist())


def test_the_workbook_guides_its_reader(tmp_path: Path, scheme: Scheme):
    """Lists to choose from, all but the answers locked, keys hidden, headers in both languages, a guide."""
    book = openpyxl.load_workbook(exported(tmp_path / "a.xlsx", scheme))
    sheet, order = book.worksheets[0], columns(scheme)
    assert [cell.value for cell in sheet[1]] == [column.header for column in order]
    assert all(" / " in column.header for column in order)
    unlocked = {column.name for cell, column in zip(sheet[2], order, strict=True) if not cell.protection.locked}
    assert unlocked == {*scheme.ids, "role", "state", "note", "reviewer"}
    assert sheet.protection.sheet
    hidden = [
        column.name
        for column in order
        if sheet.column_dimensions[sheet.cell(1, order.index(column) + 1).column_letter].hidden
    ]
    assert hidden == ["key", "was"]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(rules) == len(scheme.ids) + 2
    assert '"已审 / reviewed,跳过 / skipped"' in rules.values()
    assert all(len(rule) <= 257 for rule in rules.values())
    guide = "\n".join(str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)
    assert all(theme.description_zh in guide and theme.description_en in guide for theme in scheme.themes)


def test_a_blind_row_tells_nothing(tmp_path: Path, scheme: Scheme):
    """The row of a blind item has neither the model's answer nor the reason for asking, and no theme filled in."""
    path = exported(tmp_path / "a.csv", scheme)
    seen: list[dict[str, str]] = []
    edit_csv(path, seen.extend)
    assert {seen[2][name] for name in ("model", "reason", *scheme.ids)} == {""}
    assert '"shown":null' in seen[2]["key"]
    assert seen[0]["security"] == "是"
    assert "90%" in seen[0]["model"]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", b"PK\x03\x04", b"\xff\xfe\x00", b"PK\x05\x06" + bytes(18)])
def test_another_file(tmp_path: Path, scheme: Scheme, name: str, raw: bytes):
    """What is no table of ours gives one line that says so."""
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(UserError, match=rf"{name}: (not|no sheet)") as caught:
        list(format_of(Path(name)).read(tmp_path / name, scheme))
    assert "\n" not in str(caught.value)


def test_a_column_taken_out(tmp_path: Path, scheme: Scheme):
    """A column that is missing is named."""
    path = exported(tmp_path / "a.csv", scheme)
    path.write_text(path.read_text("utf-8-sig").replace("备注 / note", "说明"), "utf-8-sig")
    with pytest.raises(UserError, match=r"a\.csv, line 1: no column note; keep the header row and all columns"):
        list(format_of(path).read(path, scheme))


def test_a_bomb(tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch):
    """A workbook that unpacks to more than a queue can be is not unpacked."""
    path = exported(tmp_path / "a.xlsx", scheme)
    monkeypatch.setattr("labels.exchange_xlsx.SIZE_LIMIT", 100)
    with pytest.raises(UserError, match="more than 100 bytes unpacked; split it"):
        list(format_of(path).read(path, scheme))


@settings(deadline=None)
@given(st.text())
def test_any_text_survives_a_cell(text: str):
    """What a cell holds comes back, but for characters that no cell can hold."""
    held = cell_text(text)
    assert from_plain(plain_text(held)) == held
    assert decoded(coded(held)) == held.replace("\r\n", "\n")
    assert cell_text(held) == held
    assert plain_text(text)[:1] not in set("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("text", ["长" * 40_000, "𠮷" * 20_000, "长" * CELL_LIMIT])
def test_a_cell_is_never_too_long(text: str):
    """A cell holds at most what Excel keeps, counted in UTF-16, and ends with whole characters."""
    held = cell_text(text)
    assert len(held.encode("utf-16-le")) <= 2 * CELL_LIMIT
    assert (held == text) == (len(text) == CELL_LIMIT)


def test_without_the_library(tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch):
    """Where the library for workbooks is not installed, one line says how to get it and what does without."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    message = r'a\.xlsx: \.xlsx needs openpyxl; pip install "zhengfa-themes\[documents\]", or use \.csv$'
    with pytest.raises(UserError, match=message):
        exported(tmp_path / "a.xlsx", scheme)
    with pytest.raises(UserError, match=message):
        list(format_of(Path("a.xlsx")).read(tmp_path / "a.xlsx", scheme))


def test_a_note_keeps_its_content(tmp_path: Path, store: Store, scheme: Scheme):
    """Codes and line ends that a spreadsheet writes into a cell are read as it means them."""
    path = exported(tmp_path / "a.xlsx", scheme)
    edit_xlsx(path, lambda rows: rows[0].update(state="已审", note="一_x000D_\n二 _x005F_x0041_"))
    take(path, store, scheme)
    (decision,) = store.events()
    assert decision.note == "一\n二 _x0041_"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "name"), [("xlsx", "a.xlsx"), ("csv:Text - txt - csv (StarCalc):44,34,76,1", "a.csv")]
)
def test_a_real_spreadsheet_program_keeps_it(tmp_path: Path, scheme: Scheme, kind: str, name: str):
    """Opened and saved by LibreOffice, a table brings back every decision, and ran nothing."""
    store, path = reviewed_store(tmp_path / "reviewed.db"), tmp_path / "in" / "a.xlsx"
    format_of(path).write(entries(store.path), path, scheme)
    assert shutil.which("soffice"), "LibreOffice is needed"
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        kind,
    ]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    other = Store.open(tmp_path / "other.db")
    other.add_items(hard_queue())
    taken = take(tmp_path / name, other, scheme, reviewer="")
    assert (taken.lost, taken.events) == ([], {"new": 9})
    assert {key(word) for word in other.events()} == {key(word) for word in store.events()}


def key(word: Decision) -> tuple[object, ...]:
    return word.reviewer, word.item, word.action, word.role, word.themes, word.note, word.at, word.source
