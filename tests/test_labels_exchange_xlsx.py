"""The workbook for reviewers: it guides, it holds, and a real spreadsheet program keeps it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from labels.decision import Decision
from labels.errors import UserError
from labels.exchange import entries, format_of
from labels.exchange_table import columns
from labels.scheme import Scheme
from labels.store import Store
from tests.exchange_items import hard_queue, reviewed_store
from tests.exchange_tables import QUEUE, edit_xlsx, exported, take


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store.db")
    store.add_items(QUEUE)
    return store


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


def test_a_bomb(tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch):
    """A workbook that unpacks to more than a queue can be is not unpacked."""
    path = exported(tmp_path / "a.xlsx", scheme)
    monkeypatch.setattr("labels.exchange_xlsx.SIZE_LIMIT", 100)
    with pytest.raises(UserError, match="more than 100 bytes unpacked; split it"):
        list(format_of(path).read(path, scheme))


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
    assert {said(word) for word in other.events()} == {said(word) for word in store.events()}


def said(word: Decision) -> tuple[object, ...]:
    return word.reviewer, word.item, word.action, word.role, word.themes, word.note, word.at, word.source
