"""The same report as text, page, Word file and PDF: the same paragraphs with the same roles and themes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from labels.corpus import CorpusReport
from predict.annotation import Report
from predict.tagger import Tagger
from tests.formats_of_one import convert, paper_page, plain, plain_word, site_page, styled_word, wechat_page

ALIKE = 0.98
# Of every slice of hand and register, two of pages copied with all their navigation.
NAMES = (
    "annual-05", "page-01", "page-05", "press-02", "outline-03", "police-04", "county-11", "bench-03", "plan-02",
    "daily-09", "local-08", "city-02", "justice-07",
)  # fmt: skip


@pytest.fixture(scope="module")
def reports(corpus: list[CorpusReport]) -> list[CorpusReport]:
    """The originals."""
    return [report for report in corpus if report.name in NAMES]


def seen(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    """Of every paragraph the text without blanks, the role, the themes."""
    return [("".join(line.text.split()), line.role, tuple(theme.id for theme in line.themes)) for line in report.lines]


def alike(text: Report, other: Report) -> tuple[int, int]:
    """How many paragraphs of a text the other has with the same role and themes, of how many.

    They are aligned by their text. One that only the other has counts as wrong, too, unless it is boilerplate.
    """
    ours, theirs = seen(text), seen(other)
    matcher = SequenceMatcher(None, [line[0] for line in ours], [line[0] for line in theirs], autojunk=False)
    pairs = [(a + n, b + n) for a, b, size in matcher.get_matching_blocks() for n in range(size)]
    matched = {b for _, b in pairs}
    extra = sum(line[1] != "boilerplate" for number, line in enumerate(theirs) if number not in matched)
    return sum(ours[a] == theirs[b] for a, b in pairs), len(ours) + extra


def share(pairs: Iterable[tuple[int, int]]) -> float:
    """All paragraphs that are alike, of all."""
    right, every = map(sum, zip(*pairs, strict=True))
    return right / every


def test_the_originals_are_many(reports: list[CorpusReport]):
    """At least twelve reports, messy ones among them."""
    assert len(reports) == len(NAMES) >= 12
    assert sum(line.role == "boilerplate" for report in reports for line in report.lines) > 50


@pytest.mark.parametrize("page", [site_page, paper_page, wechat_page])
def test_pages_are_read_like_text(page, reports: list[CorpusReport], small_tagger: Tagger, tmp_path: Path):
    """Pages as sites, e-papers and WeChat build them, in encodings declared, misdeclared and not declared."""
    pairs = []
    for report in reports:
        path = tmp_path / f"{report.name}.html"
        path.write_bytes(page(report.lines))
        pairs.append(alike(small_tagger.annotate(plain(report.lines)), small_tagger.annotate(path)))
    assert share(pairs) >= ALIKE


@pytest.mark.parametrize("write", [plain_word, styled_word])
def test_word_files_are_read_like_text(write, reports: list[CorpusReport], small_tagger: Tagger, tmp_path: Path):
    """Word files with styles and lists that Word counts, and without either but with revisions."""
    pairs = []
    for report in reports:
        path = tmp_path / f"{report.name}.docx"
        write(report.lines, path)
        pairs.append(alike(small_tagger.annotate(plain(report.lines)), small_tagger.annotate(path)))
    assert share(pairs) >= ALIKE


@pytest.mark.slow
def test_pdfs_of_an_office_program_are_read_like_text(
    reports: list[CorpusReport], small_tagger: Tagger, tmp_path: Path
):
    """Word files printed by LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    files = [tmp_path / f"{report.name}.docx" for report in reports]
    for report, path in zip(reports, files, strict=True):
        plain_word(report.lines, path, revised=False)
    convert(office, files, "pdf", tmp_path)
    pairs = [
        alike(small_tagger.annotate(plain(report.lines)), small_tagger.annotate(path.with_suffix(".pdf")))
        for report, path in zip(reports, files, strict=True)
    ]
    assert share(pairs) >= ALIKE


@pytest.mark.slow
def test_pdfs_of_a_browser_are_read_like_text(reports: list[CorpusReport], small_tagger: Tagger, tmp_path: Path):
    """Pages printed by Chromium, with the headers and footers that it adds."""
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("Chromium is not installed")
    pairs = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        for report in reports:
            page.set_content(printable(report))
            path = tmp_path / f"{report.name}.pdf"
            page.pdf(path=str(path), format="A4", display_header_footer=True, margin={"top": "20mm", "bottom": "20mm"})
            pairs.append(alike(small_tagger.annotate(plain(report.lines)), small_tagger.annotate(path)))
        chromium.close()
    assert share(pairs) >= ALIKE


def printable(report: CorpusReport) -> str:
    """A page for printing."""
    lines = "".join(
        f"<h1>{line.text}</h1>" if line.role == "title" else f"<p>{line.text.replace('<', '&lt;')}</p>"
        for line in report.lines
    )
    style = "body{font:16px/1.8 serif}h1{text-align:center}p{text-indent:2em;text-align:justify}"
    return f"<html><title>{report.name}</title><style>{style}</style><body>{lines}</body></html>"
