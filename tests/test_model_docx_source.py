"""Word files: order, lists, tables, boxes, notes, revisions, styles, and packages that are traps."""

from __future__ import annotations

import io
import zipfile

import pytest

from labels.errors import UserError
from model.blocks import Block
from model.documents import source_of
from model.docx_source import extract

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="a" w:default="1"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/></w:style>
<w:style w:type="paragraph" w:styleId="own"><w:name w:val="小标题"/><w:basedOn w:val="2"/></w:style>
<w:style w:type="paragraph" w:styleId="out"><w:name w:val="自定义"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="c"><w:name w:val="题注"/></w:style>
<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="round"><w:name w:val="x"/><w:basedOn w:val="round"/></w:style>
<w:style w:type="paragraph" w:styleId="h"><w:name w:val="批注"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="批注二"/><w:basedOn w:val="h"/></w:style>
<w:style w:type="character" w:styleId="hc"><w:name w:val="批注字"/><w:rPr><w:vanish w:val="true"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="l"><w:name w:val="列表"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def package(body: str, **parts: str) -> bytes:
    """A .docx of a body and other parts."""
    document = f'<w:document {W} xmlns:mc="m" xmlns:v="v"><w:body>{body}</w:body></w:document>'
    return packed({"word/document.xml": document, **{f"word/{name}.xml": xml for name, xml in parts.items()}})


def packed(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return stream.getvalue()


def p(text: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def number(list_id: int, level: int = 0) -> str:
    """The property that puts a paragraph into a list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def lines(body: str, **parts: str) -> list[str]:
    """The extracted lines."""
    return extract(package(body, styles=STYLES, numbering=NUMBERING, **parts), "a.docx").text.splitlines()


def blocks(body: str) -> tuple[Block, ...]:
    """The blocks."""
    return extract(package(body, styles=STYLES, numbering=NUMBERING), "a.docx").blocks


def row(left: str, right: str, properties: str = "") -> str:
    """A row of two cells."""
    return f"<w:tr>{properties}<w:tc>{left}</w:tc><w:tc>{right}</w:tc></w:tr>"


def table(*rows: str) -> str:
    """A table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


NESTED = "".join(p(text, number(1, level)) for text, level in zip("甲乙丙丁戊", (0, 1, 2, 0, 1), strict=True))
REVISIONS = (
    "<w:p><w:r><w:t>破案</w:t></w:r><w:ins><w:r><w:t>120</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText>119</w:delText></w:r></w:del>"
    "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>起</w:t></w:r></w:moveTo></w:p>"
)
BOX = (
    "<w:p><w:r><w:t>锚</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{0}</w:txbxContent></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r><w:r><w:t>点</w:t></w:r></w:p>"
)
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>'
    "<w:hyperlink><w:r><w:t>公报</w:t></w:r></w:hyperlink></w:p>"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("甲") + "<w:sdt><w:sdtContent>" + p("乙") + "</w:sdtContent></w:sdt>" + p("丙"), ["甲", "乙", "丙"]),
        (REVISIONS, ["破案120起"]),
        (p("前", "<w:rPr><w:del/></w:rPr>") + p("后") + p("另"), ["前后", "另"]),
        (p("末", "<w:rPr><w:del/></w:rPr>"), ["末"]),
        (BOX.format(p("框中")) + p("后"), ["锚点", "框中", "后"]),
        (FIELD, ["公报"]),
        ("<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>右</w:t></w:r></w:p>", ["上", "下\t右"]),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>显</w:t></w:r></w:p>", ["显"]),
        (p("隐", '<w:pStyle w:val="h"/>') + p("也隐", '<w:pStyle w:val="h2"/>') + p("显"), ["显"]),
        (('<w:p><w:pPr><w:pStyle w:val="h"/></w:pPr><w:r><w:t>隐</w:t></w:r>'
         '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r></w:p>'), ["显"]),
        ('<w:p><w:r><w:rPr><w:rStyle w:val="hc"/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>显</w:t></w:r></w:p>', ["显"]),
        ('<w:p><w:r><w:sym w:char="F06C"/><w:sym w:char="2460"/><w:t>甲</w:t></w:r></w:p>', ["①甲"]),
        (NESTED,
         ["一、甲", "（一）乙", "1.1.1 丙", "二、丁", "（一）戊"]),
        (p("甲", number(1)) + p("", number(1)) + p("乙", number(1)) + p("丙", number(3)),
         ["一、甲", "二、乙", "一、丙"]),
        (p("甲", number(2)) + p("乙", '<w:pStyle w:val="l"/>') + p("丙", '<w:pStyle w:val="l"/>' + number(0)),
         ["• 甲", "一、乙", "丙"]),
        (table(row(p("指标"), p("数")), row(p("旧"), p("旧"), "<w:trPr><w:del/></w:trPr>")), ["指标\t数"]),
        (table(row(p("左一") + p("左二"), p("右"))), ["左一", "左二", "右"]),
    ],
)  # fmt: skip
def test_lines(body: str, expected: list[str]):
    """Paragraphs come in the order of the body, as the document reads with every change accepted."""
    assert lines(body) == expected


def test_notes_come_last():
    """Footnotes and endnotes stand behind the body, without the lines that part them."""
    apart = f'<w:footnote w:type="separator">{p("线")}</w:footnote>'
    notes = f"<w:footnotes {W}>{apart}<w:footnote>{p('注一')}</w:footnote></w:footnotes>"
    ends = f"<w:endnotes {W}><w:endnote>{p('注二')}</w:endnote></w:endnotes>"
    assert lines(p("正文"), footnotes=notes, endnotes=ends) == ["正文", "注一", "注二"]


@pytest.mark.parametrize(
    ("style", "role", "level"),
    [("1", "heading", 1), ("2", "heading", 2), ("own", "heading", 2), ("out", "heading", 3), ("t", "title", None),
     ("c", "caption", None), ("toc1", "boilerplate", None), ("a", None, None), ("round", None, None),
     ("no", None, None)],
)  # fmt: skip
def test_styles_say_roles(style: str, role: str | None, level: int | None):
    """By their English or Chinese name, by the style they are based on, by their outline level."""
    (block,) = blocks(p("维护稳定", f'<w:pStyle w:val="{style}"/>'))
    assert (block.place.role, block.place.level) == (role, level)


def test_paragraphs_are_counted_as_in_the_document():
    """The number of a paragraph is its place among all w:p, those in boxes, tables and empty ones too."""
    rows = table(row(p("一"), p("二")), row(p("三"), p("四")))
    found = blocks(p("甲") + p("") + rows + BOX.format(p("框")) + p("乙"))
    assert [block.place.paragraph for block in found] == [0, 2, 4, 6, 7, 9]


def test_a_package_that_names_its_document_otherwise():
    """The part that holds the text is the one that the relations name."""
    relations = '<R><r Type="http://x/officeDocument" Target="/word/document2.xml"/></R>'
    raw = packed(
        {"_rels/.rels": relations, "word/document2.xml": f"<w:document {W}><w:body>{p('甲')}</w:body></w:document>"}
    )
    assert source_of(raw, "a.docx").text == "甲\n"


ENTITIES = (
    f'<!DOCTYPE w [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;">]><w:document {W}><w:body>{p("&b;")}</w:body></w:document>'
)
FILE = f'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document {W}><w:body>{p("&a;")}</w:body></w:document>'
DEEP = f"<w:document {W}><w:body>{'<w:sdt>' * 3000}{p('深')}{'</w:sdt>' * 3000}</w:body></w:document>"
HUGE = f"<w:document {W}><w:body>{' ' * 33_000_000}</w:body></w:document>"


@pytest.mark.parametrize(
    ("document", "message"),
    [(ENTITIES, "declares entities"), (FILE, "declares entities"), (DEEP, "is no sound XML"),
     ("<w:document", "is no sound XML"), (HUGE, "unpacks to more than 32,000,000 bytes"),
     ("<x/>", "it holds no Word document")],
    ids=["entities", "file", "deep", "cut", "huge", "other"],
)  # fmt: skip
def test_traps_are_refused_in_one_line(document: str, message: str):
    """Entities are never expanded, files never fetched, nothing huge or endless is unpacked."""
    with pytest.raises(UserError, match=message) as caught:
        extract(packed({"word/document.xml": document}), "a.docx")
    assert str(caught.value).startswith("a.docx: ")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("size", [4, 30, 200, -30])
def test_a_truncated_file_is_damaged(size: int):
    """A file cut anywhere is an error of the user's file."""
    with pytest.raises(UserError, match=r"^a\.docx: "):
        extract(package(p("平安建设"))[:size], "a.docx")


def test_a_locked_file_says_so():
    """A part with a password names the remedy."""
    raw = bytearray(package(p("平安")))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(magic)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(magic, at + 1)
    with pytest.raises(UserError, match="locked with a password"):
        extract(bytes(raw), "a.docx")
