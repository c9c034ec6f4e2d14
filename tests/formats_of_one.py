"""One report in many formats: pages as sites, papers and WeChat build them, Word files with styles and without."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from labels.corpus import CorpusLine

Lines = Sequence[CorpusLine]
_NUMBER = re.compile("[一二三四五六七八九十]{1,3}、")


def plain(lines: Lines) -> str:
    """The report as text: what the other formats are held against."""
    return "".join(f"{line.text}\n" for line in lines)


def site_page(lines: Lines) -> bytes:
    """A page of a government's site: navigation, a title, indented paragraphs, related links; says gb2312, is GBK."""
    title = next((line.text for line in lines if line.role == "title"), "政法工作")
    links = "".join(
        f'<li><a href="/{n}.html">{word}</a></li>' for n, word in enumerate(("首页", "机构", "公开", "互动"))
    )
    body = "\n".join(map(_site_line, lines))
    news = "".join(f"<li><a href=#>平安建设动态第{n}期：各地抓好落实</a></li>" for n in range(6))
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{html.escape(title)}_长安网</title>"
        f"<script>var a='<p>不是正文</p>';</script><style>p{{text-indent:2em}}</style></head><body>"
        f'<div class="top-nav"><ul>{links}</ul></div><div style="display:none">看不见的字</div>'
        f'<div class="crumb">当前位置：<a>首页</a>&gt;<a>工作总结</a></div><div class="content">{body}</div>'
        f"<ul>{news}</ul><footer><p>版权所有：某某长安网</p></footer></body></html>"
    ).encode("gb18030")


def _site_line(line: CorpusLine) -> str:
    if line.role == "title":
        return f'<h1 style="text-align:center">{_entities(line.text)}</h1>'
    if line.role == "heading":
        return f"<p>　　<strong>{_entities(line.text)}</strong></p>"
    half = len(line.text) // 2
    first, second = _entities(line.text[:half]), _entities(line.text[half:])
    # Editors leave spans everywhere, and line ends in the source.
    return f'<p class="MsoNormal"><span lang="EN-US"></span>　　{first}<!-- x --><font>{second}</font>\n</p>'


def _entities(text: str) -> str:
    return html.escape(text).replace("“", "&ldquo;").replace("”", "&#8221;")


def paper_page(lines: Lines) -> bytes:
    """A page of an e-paper: tables for layout, paragraphs parted by <br>, tags never closed; declares nothing."""
    body = "<br>\r\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{html.escape(line.text)}" for line in lines)
    listed = "".join(f'<tr><td><a href="node_{n}.htm">第{n:02}版：要闻</a></td></tr>' for n in range(1, 6))
    return (
        f"<html><head><title>某某日报数字报</title></head><body><table width=100%><tr><td>"
        f"<table class=menu>{listed}</table></td><td><founder-content><P><FONT size=3>{body}</founder-content></td>"
    ).encode("gb18030")


def wechat_page(lines: Lines) -> bytes:
    """A saved WeChat article: nested sections and spans, the article invisible until a script shows it."""
    body = "".join(
        f'<section style="margin:0"><section><span style="font-size:15px"><span>{html.escape(line.text)}</span></span>'
        f"</section></section><p><br></p>"
        for line in lines
    )
    return (
        f'<html><head><meta charset="utf-8"><meta property="og:title" content="总结"/></head><body>'
        f'<div id="js_content" class="rich_media_content" style="visibility: hidden; opacity: 0;">{body}</div>'
        f'<div style="display:none"><p>预览时标签不可点</p></div><script>show()</script></body></html>'
    ).encode()


def plain_word(lines: Lines, path: Path, *, revised: bool = True) -> None:
    """A Word file as offices write it: no styles, indentation, a title in the middle, revisions (they print, too)."""
    document = _empty()
    for number, line in enumerate(lines):
        paragraph = document.add_paragraph()
        if line.role == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(line.text).font.size = Pt(22)
            continue
        paragraph.paragraph_format.first_line_indent = Pt(32)
        if number % 5 or not revised:
            paragraph.add_run(line.text)
        else:
            _revise(paragraph, line.text)
    document.save(str(path))


def _revise(paragraph: docx.text.paragraph.Paragraph, text: str) -> None:
    half = len(text) // 2
    paragraph.add_run(text[:half])
    word, author = nsdecls("w"), 'w:id="1" w:author="校对" w:date="2024-01-01T00:00:00Z"'
    escaped = html.escape(text[half:])
    for change in (
        f"<w:del {word} {author}><w:r><w:delText>删去的字</w:delText></w:r></w:del>",
        f'<w:ins {word} {author}><w:r><w:t xml:space="preserve">{escaped}</w:t></w:r></w:ins>',
    ):
        paragraph._p.append(parse_xml(change))  # noqa: SLF001 - python-docx has no other way to revisions


def styled_word(lines: Lines, path: Path) -> None:
    """A Word file as it should be: title and heading styles, and 一、 二、 counted by Word where they count up."""
    document = _empty()
    numbering = _chinese_numbering(document)
    counted = _counted(lines)
    for number, line in enumerate(lines):
        if line.role == "title":
            document.add_paragraph(line.text, style="Title")
        elif line.role == "heading":
            text = _NUMBER.sub("", line.text) if number in counted else line.text
            heading = document.add_heading(text, min(line.level or 1, 9))
            if number in counted:
                heading._p.get_or_add_pPr().append(parse_xml(numbering))  # noqa: SLF001 - nor to numbering
        else:
            document.add_paragraph(line.text)
    document.save(str(path))


def _counted(lines: Lines) -> set[int]:
    """Headings that begin with the Chinese number that is next."""
    numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
    found: set[int] = set()
    for number, line in enumerate(lines):
        if line.role == "heading" and len(found) < len(numerals) and line.text.startswith(f"{numerals[len(found)]}、"):
            found.add(number)
    return found


def _chinese_numbering(document: docx.document.Document) -> str:
    """Define a list of 一、 二、 and return the paragraph property that puts a paragraph into it."""
    root = document.part.numbering_part.element
    root.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
            "</w:abstractNum>"
        ),
    )
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'


def _empty() -> docx.document.Document:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name = "Noto Serif CJK SC"
    normal.font.size = Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    return document


def convert(office: str, files: Sequence[Path], to: str, folder: Path) -> None:
    """Let LibreOffice write the files anew in another format."""
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", to]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=200)
