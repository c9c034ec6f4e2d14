"""Tables for reviewers: nothing in them runs, and what people type in CSV and XLSX is understood or named."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from labels.errors import UserError
from labels.exchange import entries, format_of
from labels.scheme import Scheme
from labels.store import Store
from tests.exchange_items import decision_on, reviewed_store
from tests.exchange_tables import QUEUE, answer, edit_csv, edit_xlsx, exported, take


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store.db")
    store.add_items(QUEUE)
    return store


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
