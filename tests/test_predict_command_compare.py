"""`zhengfa compare`: the page and what lies beside it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from playwright.sync_api import sync_playwright

import zhengfa
from labels.errors import UserError
from labels.scheme import load_scheme
from predict import compare_pictures
from predict.annotation import Report
from predict.compare import compare
from predict.compare_input import Members, is_annotated
from predict.compare_page import comparison_page
from predict.compare_pictures import draw
from predict.compare_tables import Findings, findings_of
from predict.jsonl import encode
from tests.stand_in import content, stand_in_report

SCHEME = load_scheme()
TEXT = """{place}{year}年政法工作总结
开展扫黑除恶专项斗争，破获盗窃案件。
人民调解进网格，调解员化解邻里纠纷{year}。
天气晴好。
"""
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e=1+1"


def reports() -> Iterator[Report]:
    """Two places; one of them lacks a year."""
    for place, year in (("云江市", 2019), ("云江市", 2020), ("澜阳市", 2020)):
        yield stand_in_report(TEXT.format(place=place, year=year), f"{place}{year}.txt")


def findings(*chosen: Report) -> Findings:
    members = Members(SCHEME)
    found = [members.of_report(report) for report in chosen or reports()]
    return findings_of(compare(found, SCHEME, members.vocabulary.listed, members.models))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """JSON Lines as annotate writes them."""
    path = tmp_path / "all.jsonl"
    path.write_bytes(b"".join(map(encode, reports())))
    return path


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that a comparison writes."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "all.jsonl").write_bytes(b"".join(map(encode, reports())))
    assert zhengfa.main(["compare", str(folder / "all.jsonl"), "--out", str(folder / "out/page.html")]) == 0
    return folder / "out"


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_everything_lies_beside_the_page(compared: Path):
    """A page, four tables, three pictures and a table for Word; the page links to all of them."""
    names = sorted(path.name for path in compared.iterdir())
    assert names == sorted([
        *("page.html", "page.csv", "page-words.csv", "page-new.csv", "page-paragraphs.csv"),
        *("page-shares.png", "page-heatmap.png", "page-words.png", "page.docx"),
    ])  # fmt: skip
    page = (compared / "page.html").read_text("utf-8")
    assert all(f'href="./{name}"' in page for name in names if name != "page.html")
    assert all((compared / name).read_bytes().startswith(b"\x89PNG") for name in names if name.endswith("png"))


def test_the_tables_say_what_the_page_says(compared: Path):
    """A row for each place, time and theme that there is; the change against the year before where there is one."""
    shares = read(compared / "page.csv")
    assert len(shares) == 3 * 5
    assert {(row["place"], row["year"]) for row in shares if row["change"]} == {("云江市", "2020")}
    assert sum(float(row["share"]) for row in shares if row["place"] == "澜阳市") == pytest.approx(1, abs=1e-3)
    assert {row["theme"] for row in read(compared / "page-paragraphs.csv")} == {"security", "mediation"}


def test_missing_is_not_zero(compared: Path):
    """A place without a report of a year has a hatched field in every heat map, a dash in the three-line table."""
    page = (compared / "page.html").read_text("utf-8")
    assert len(re.findall('<td class="missing"', page)) == 5
    table = docx.Document(str(compared / "page.docx")).tables[0]
    row = next(row for row in table.rows if row.cells[0].text == "澜阳市")
    assert [cell.text for cell in row.cells][1:] == ["2019年", *"—————"]


def test_reports_and_rows_give_the_same(rows: Path):
    """Whether reports are annotated just now or were before makes no difference."""
    members = Members(SCHEME)
    read_again = compare(list(members.of_file(rows)), SCHEME, members.vocabulary.listed, members.models)
    assert comparison_page(findings_of(read_again), []) == comparison_page(findings(), [])


def test_a_table_of_metadata_goes_over_rows_that_were_annotated_before(rows: Path):
    """A place and a year that somebody gives stand over those that the annotation found."""
    first = next(Members(SCHEME).of_file(rows))
    members = Members(SCHEME, {first.report: {"place": "云江市", "year": "1999"}})
    given = next(members.of_file(rows))
    assert (given.place, given.when) != (first.place, first.when)
    assert (given.place, given.when.year) == ("云江市", 1999)


def test_rows_are_told_from_tables(rows: Path, tmp_path: Path):
    """A table of texts in JSON Lines is no annotation."""
    table = tmp_path / "table.jsonl"
    table.write_text('{"text": "平安"}\n', "utf-8")
    assert is_annotated(str(rows))
    assert not is_annotated(str(table))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"all\.jsonl, line 2: it is no JSON"),
        ("[]", r"all\.jsonl, line 2: it is no row of an annotation"),
        ('{"kind": "line"}', r"all\.jsonl, line 2: it is no row of an annotation \(KeyError\('role'\)\)"),
        ('{"kind": "report", "report": "x", "shares": {}, "model": "m"}', r"line 2: it is no row .*'meta'"),
        ('{"kind": "report", "shares": {"securty": {}}}', r'line 2: theme "securty" is unknown; did you mean security'),
    ],
)
def test_broken_rows_are_named(rows: Path, line: str, message: str):
    """What is no row of an annotation is named by its line, with what to do."""
    first = rows.read_text("utf-8").splitlines()[0]
    rows.write_text(f"{first}\n{line}\n", "utf-8")
    with pytest.raises(UserError, match=message):
        list(Members(SCHEME).of_file(rows))


@pytest.mark.parametrize(("out", "message"), [("a.csv", "ends in .html"), ("a.html", "no report has body text")])
def test_what_cannot_be_compared_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, message: str):
    """A wrong name and reports without text are one line on stderr, and nothing is written."""
    path = tmp_path / "empty.jsonl"
    path.write_bytes(encode(stand_in_report("云江市工作总结")))
    assert zhengfa.main(["compare", str(path), "--out", str(tmp_path / out)]) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["empty.jsonl"]


def test_what_is_compared_is_not_written_over(tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]):
    """Neither the tables nor the document beside the page replace an input."""
    given = tmp_path / "given"
    given.mkdir()
    shutil.copy(rows, given / "all.jsonl")
    (given / "all.csv").write_text("report,place\n", "utf-8")
    before = content(given)
    table = ("--metadata", str(given / "all.csv"))
    assert zhengfa.main(["compare", str(given / "all.jsonl"), *table, "--out", str(given / "all.html")]) == 2
    assert "all.csv: it is an input, too" in capsys.readouterr().err
    assert content(given) == before


def test_several_jobs_give_the_same_bytes(small_model: Path, tmp_path: Path):
    """Page, tables and pictures do not show how many processes annotated."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for place, year in (("云江市", 2019), ("云江市", 2020), ("澜阳市", 2020)):
        (folder / f"{place}{year}.txt").write_text(TEXT.format(place=place, year=year), "utf-8")
    for jobs in "12":
        out = tmp_path / jobs / "page.html"
        assert zhengfa.main(["compare", *map(str, (folder, "--out", out, "--model", small_model, "--jobs", jobs))]) == 0
    assert content(tmp_path / "1") == content(tmp_path / "2")


def test_nothing_in_a_report_is_markup():
    """Names, places and texts of reports are plain text on the page, and no formulas in the tables."""
    report = stand_in_report(f"{EVIL}开展扫黑除恶专项斗争。", EVIL, {"place": EVIL})
    page = comparison_page(findings(report), ["a&b.csv"]).decode()
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "\u202e" not in page
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<link", page)


def test_without_a_chinese_font_labels_are_english(monkeypatch: pytest.MonkeyPatch):
    """Pictures have no empty boxes: places are numbered, and a warning says what to install."""
    monkeypatch.setattr(compare_pictures, "chinese_font", lambda: None)
    pictures = draw(findings())
    assert "no Chinese font" in pictures.warning
    assert len(pictures.files) == 3


def test_models_that_differ_are_told():
    """Shares of different models are hardly to be compared: the page says so."""
    first, second, _ = reports()
    page = comparison_page(findings(first, replace(second, row=replace(second.row, model="themes-other"))), []).decode()
    assert "compare with care" in page
    assert json.dumps("themes-other")[1:-1] in page


@pytest.mark.slow
def test_the_page_opens_in_a_browser(compared: Path):
    """Its script runs, switches the language, and nothing is fetched."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium here")
    problems: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(locale="zh-CN")
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.goto((compared / "page.html").as_uri())
        assert page.locator("h1 .zh").is_visible()
        page.keyboard.press("e")
        assert page.locator("h1 .en").is_visible()
        page.locator(".new summary").first.click()
        assert page.locator(".new dl").first.is_visible()
        browser.close()
    assert problems == []


@pytest.mark.slow
def test_libreoffice_opens_the_table(compared: Path, tmp_path: Path, office):
    """The three-line table opens in LibreOffice with its places and shares."""
    shutil.copy(compared / "page.docx", tmp_path)
    office(tmp_path / "page.docx", "txt:Text (encoded):UTF8")
    assert "云江市" in (tmp_path / "page.txt").read_text("utf-8-sig")
