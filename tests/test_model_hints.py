"""What a document says of its blocks, beside the role model; and which kind of document bytes are."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from labels.errors import UserError
from model.blocks import TEXT_LIMIT, BlockWriter, Place
from model.documents import KINDS, kind_of, source_of
from model.hints import styled_levels
from predict.tagger import Tagger

PROSE = "全市公安机关严厉打击各类违法犯罪，破获刑事案件120起，抓获犯罪嫌疑人230名，社会治安持续向好。"
LONG = "一、" + "扎实推进平安建设" * 8


def rows(tagger: Tagger, page: str) -> dict[str, tuple[str, str]]:
    """Role, and what said it, of every line of a page."""
    report = tagger.annotate_source(source_of(f"<html><body>{page}".encode(), "a.html"))
    return {line.text: (line.role, line.role_by) for line in report.lines}


def test_strong_hints_decide(small_tagger: Tagger):
    """Navigation and captions are what the page says, whatever their words; others are the model's."""
    found = rows(small_tagger, f"<nav>一、平安建设</nav><h2>小标题</h2><p>{PROSE}</p><figcaption>走访</figcaption>")
    assert found["一、平安建设"] == ("boilerplate", "in nav")
    assert found["小标题"] == ("heading", "h2")
    assert found[PROSE] == ("body", "")
    assert found["走访"] == ("caption", "figcaption")


@pytest.mark.parametrize("text", [PROSE, LONG])
def test_a_paragraph_in_a_headings_style_stays_one(small_tagger: Tagger, text: str):
    """Styles are misused: what ends a sentence or is long is no heading by its style."""
    assert rows(small_tagger, f"<h2>{text}</h2><p>{PROSE}平安。</p>")[text][1] == ""


def test_navigation_does_not_disturb_the_rest(small_tagger: Tagger):
    """A page with a hundred links reads as one without."""
    article = f"<h1>青澜市政法工作总结</h1><p>来源：青澜日报 2024-01-12</p><p>{PROSE}</p>"
    links = "".join(f"<li><a href=x>第{number}条动态</a></li>" for number in range(100))
    bare, whole = rows(small_tagger, article), rows(small_tagger, f"<ul>{links}</ul>{article}<footer>{links}</footer>")
    assert {text: whole[text] for text in bare} == bare
    assert {role for text, (role, _) in whole.items() if text not in bare} == {"boilerplate"}


@pytest.mark.parametrize(
    ("levels", "styles", "expected"),
    [
        ([1, 2, None, 1], [None] * 4, [1, 2, None, 1]),
        ([1, 1, 1, 1], [2, 3, 3, 2], [1, 2, 2, 1]),
        ([1, 1, 2, 1], [1, None, None, 1], [1, 2, 3, 1]),
        ([1, 1], [None, 1], [1, 1]),
        ([1, 1, 1], [5, 1, 2], [1, 1, 2]),
    ],
)
def test_levels_of_styles(levels: list[int | None], styles: list[int | None], expected: list[int | None]):
    """Styled headings nest by their styles, the others below them by their texts."""
    roles = ["body" if level is None else "heading" for level in levels]
    places = [Place("heading", style) if style else Place() for style in styles]
    assert styled_levels(levels, roles, places) == expected


def test_extracted_text_and_blocks_fit():
    """Every block is a line of the text; nothing breaks a line inside it, no half characters."""
    writer = BlockWriter("a")
    for text in ("　平安\r\n建设\x0b\x0c ", " \u200b ", "\ud800法治\t12", "\x00"):
        writer.add(text)
    found = writer.extract()
    assert found.text.splitlines() == ["平安 建设", "\ufffd法治\t12"]
    assert [found.text[block.start : block.end] for block in found.blocks] == found.text.splitlines()


def test_too_much_text_is_refused():
    """The limit is that of plain text."""
    writer = BlockWriter("a.docx")
    writer.add("安" * (TEXT_LIMIT - 1))
    with pytest.raises(UserError, match=r"^a\.docx: it has more than 8,000,000 characters of text"):
        writer.add("安")


@pytest.mark.parametrize(
    ("raw", "name", "kind"),
    [
        (b"%PDF-1.7", "a.txt", "pdf"),
        (b"\n<!doctype HTML><p>", "a.txt", "html"),
        (b"<p>x", "a.txt", None),
        (b"<p>x", "a.SHTML", "html"),
        (b"{\\rtf1", "a.doc", "office"),
        (b"MIME-Version: 1.0", "a.doc", "mhtml"),
        (b"<html>", "a.doc", "html"),
        (b"plain", "a.pdf", None),
        (b"# x", "a.markdown", "markdown"),
        (b"PK\x03\x04 xl/workbook.xml [Content_Types].xml", "a.docx", None),
        (b"", "", None),
    ],
)
def test_kinds(raw: bytes, name: str, kind: str | None):
    """The content decides, then the suffix."""
    found = kind_of(raw, name)
    assert (found.name if found else None) == kind


def test_no_suffix_belongs_to_two_kinds():
    """Or the order of the list would decide."""
    suffixes = [suffix for kind in KINDS for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_plain_text_loads_no_reader(tmp_path: Path):
    """Reading plain text imports neither lxml nor any reader."""
    path = tmp_path / "a.txt"
    path.write_text("平安建设。", "utf-8")
    code = (
        "import sys; from pathlib import Path; from model.documents import read_document;"
        f"read_document(Path({str(path)!r}));"
        "print([name for name in sys.modules if name.split('.')[0] in ('lxml', 'pypdfium2', 'docx', 'trafilatura')"
        " or name.endswith('_source')])"
    )
    found = run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert found.stdout.strip() == "[]"


def test_a_missing_library_names_the_remedy(monkeypatch: pytest.MonkeyPatch):
    """Without the extra of documents, the error says how to get it."""
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.delitem(sys.modules, "model.pdf_source", raising=False)
    with pytest.raises(
        UserError, match=r'reading pdf needs pypdfium2; install it: pip install "zhengfa-themes\[documents\]"'
    ):
        source_of(b"%PDF-1.7", "a.pdf")
