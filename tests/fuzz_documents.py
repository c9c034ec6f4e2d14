"""Seeds and targets for documents: pages, office packages and PDF, damaged in their bytes and in their structure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from model import docx_source, html_source, markdown_source, mhtml_source, pdf_source
from model.blocks import Extract
from predict.input_zips import members
from predict.inputs import Document, Failure

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXTS: Final = (
    "云江市政法工作总结",
    "一、维护稳定",
    "（一）扫黑除恶",
    "全市打掉团伙3个。",
    "图为现场",
    " ",
    "\u200b",
    "=1",
    "长" * 60,
)
_TAGS: Final = (
    *(
        "p",
        "div",
        "br",
        "h1",
        "h3",
        "table",
        "tr",
        "td",
        "li",
        "ul",
        "a",
        "span",
        "b",
        "img",
        "script",
        "style",
        "title",
    ),
    *("article", "nav", "footer", "pre", "textarea", "svg", "template", "blockquote", "center", "noscript"),
)
HTML: Final = (
    *(f"<{tag}>" for tag in _TAGS),
    *(f"</{tag}>" for tag in _TAGS),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "&nbsp;",
        "&#x0;",
        "&#99999999;",
        "&amp",
        '<p class="title" style="text-align:center">',
    ),
    *('<meta charset="gb2312">', "<base href=x>", "<p", '="', "'>", "\n", "\r", "\x0b", *TEXTS),
)
WORD: Final = (
    *("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>"),
    *(
        "</w:tc>",
        "<w:br/>",
        "<w:tab/>",
        "<w:ins>",
        "</w:ins>",
        "<w:del>",
        "</w:del>",
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>',
    ),
    *(
        '<w:pPr><w:pStyle w:val="1"/><w:numPr><w:ilvl w:val="9"/><w:numId w:val="x"/></w:numPr></w:pPr>',
        "<w:txbxContent>",
    ),
    *("</w:txbxContent>", '<w:footnoteReference w:id="1"/>', "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    *("<w:p><w:r><w:t>正文。</w:t></w:r></w:p>", '<w:gridSpan w:val="-1"/>', "<w:vMerge/>", *TEXTS),
)
PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 98>>stream\nBT /F 14 Tf 60 780 Td (Report of 2023) Tj 0 -20 Td (All is well.) Tj "
    b"0 -20 Td (Page 1) Tj ET\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_MHTML: Final = (
    b'From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
    b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"<p>=E5=B9=B3=E5=AE=89</p>\n--b--\n"
)

Target = tuple[Callable[[bytes], object], tuple[bytes, ...]]


def document_targets(folder: Path) -> dict[str, Target]:
    """What is run on any bytes, and the seeds of it, by name."""
    page = "<html><title>总结</title><body><h1>总结</h1><p>　　一、维护稳定</p><p>全市打掉团伙3个。<br>图为现场"
    picks = (bytes(range(0, 240, 3)), bytes([60, 61, 62, 20] * 9))
    return {
        "html": (lambda data: _extract(html_source.extract, data), (page.encode(), page.encode("gb18030"))),
        "html_tags": (lambda data: _extract(html_source.extract, _picked(HTML, data).encode()), picks),
        "mhtml": (lambda data: _extract(mhtml_source.extract, data), (_MHTML,)),
        "markdown": (lambda data: _extract(markdown_source.extract, data), ("# 题\n\n- 一\n|a|b|\n".encode(),)),
        "docx": (lambda data: _extract(docx_source.extract, data), (package("<w:p><w:r><w:t>平安</w:t></w:r></w:p>"),)),
        "docx_tags": (lambda data: _extract(docx_source.extract, package(_picked(WORD, data))), picks),
        "pdf": (lambda data: _extract(pdf_source.extract, data), (PDF,)),
        "zip": (lambda data: _members(data, folder / "reports.zip"), (_archive(),)),
    }


def package(body: str) -> bytes:
    """A Word file whose document has a body."""
    packed = io.BytesIO()
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}"/>')
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def _picked(pieces: tuple[str, ...], data: bytes) -> str:
    return "".join(pieces[byte % len(pieces)] for byte in data[:300])


def _extract(extract: Callable[[bytes, str], Extract], data: bytes) -> None:
    found, end = extract(data, "a"), 0
    found.text.encode()
    for block in found.blocks:
        assert end <= block.start < block.end <= len(found.text)
        assert "\n" not in found.text[block.start : block.end]
        end = block.end


def _members(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    for member in members(path, "a/"):
        assert isinstance(member, Document | Failure)
        if isinstance(member, Document):
            assert ".." not in member.name.split("/")


def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../总结.txt", "平安。" * 20)
        archive.writestr("b/c.html", "<p>平安</p>")
    return packed.getvalue()
