"""DOCX: what readers of Word see of a report, and that nothing in it runs or leads out of its folder."""

# ruff: noqa: SLF001 - python-docx has no other door to shades and borders

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, fields, replace
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.scheme import load_scheme
from predict.annotation import LineRow, ModelSaid, Report
from predict.docx import write
from predict.file_names import FileNames
from predict.formats import Legend, write_reports
from tests.stand_in import stand_in_report

LEGEND = Legend(load_scheme())
TEXT = """云江市2023年政法工作总结
来源：云江日报
全市政法机关忠诚履职。
一、维护平安稳定
开展扫黑除恶专项斗争，人民调解成功率98%。
版权所有
"""


def raw(*reports: Report) -> bytes:
    stream = io.BytesIO()
    write(iter(reports), stream, LEGEND)
    return stream.getvalue()


def document(*reports: Report):
    return docx.Document(io.BytesIO(raw(*reports)))


def paragraph_of(found, start: str):
    return next(paragraph for paragraph in found.paragraphs if paragraph.text.startswith(start))


def fill(properties) -> str | None:
    shade = properties.find(qn("w:shd")) if properties is not None else None
    return None if shade is None else shade.get(qn("w:fill"))


def test_paragraphs_are_shaded_by_theme():
    """A paragraph has the tint and the bar of its most probable theme, the words that decided their themes' colours."""
    found = document(stand_in_report(TEXT))
    themed, plain = paragraph_of(found, "开展扫黑"), paragraph_of(found, "全市政法")
    assert fill(themed._p.pPr)
    assert themed._p.pPr.find(qn("w:pBdr")) is not None
    assert fill(plain._p.pPr) is None
    shaded = {run.text: fill(run._r.rPr) for run in themed.runs if fill(run._r.rPr)}
    assert shaded["扫黑除恶"] != shaded["调解成功率"]


def test_comments_say_why():
    """A comment beside a paragraph names each theme in both languages, its probability, its words and their weights."""
    found = document(stand_in_report(TEXT))
    comment = next(comment for comment in found.comments if "矛盾化解" in comment.text)
    assert comment.author == "zhengfa"
    for expected in ("平安稳定", "Public security", "%", "扫黑除恶 +1.5", "小标题 heading +0.80", "其余 rest −0.20"):
        assert expected in comment.text
    assert paragraph_of(found, "开展扫黑")._p.findall(qn("w:commentRangeStart"))


def test_doubt_and_a_persons_decision_are_commented():
    """A paragraph to check and one decided by a person say so, the latter with what the model would have said."""
    report, said = stand_in_report(TEXT), ModelSaid("body", ("rule_of_law",))
    lines = (replace(report.lines[2], band="review"), replace(report.lines[4], decided_by="human", model_said=said))
    texts = [comment.text for comment in document(replace(report, lines=lines)).comments]
    assert "待核" in texts[0]
    assert "人工认定" in texts[1]
    assert "the model said: 法治环境" in texts[1]


def test_the_head_shows_the_shares():
    """The title stands once, under it a three-line table with the share and interval of every theme."""
    found = document(stand_in_report(TEXT))
    assert [paragraph.text for paragraph in found.paragraphs].count("云江市2023年政法工作总结") == 1
    table = found.tables[0]
    assert len(table.rows) == len(LEGEND.scheme.ids) + 2
    borders = table.rows[0].cells[0]._tc.tcPr.find(qn("w:tcBorders"))
    assert [border.tag for border in borders] == [qn("w:top"), qn("w:bottom")]
    assert paragraph_of(found, "一、维护").style.name == "Heading 1"


@given(st.text(alphabet="平安<>&\"'\0\x0b\ud800\ufffe\u202e=\n]", min_size=1, max_size=30))
@settings(max_examples=25)
def test_any_text_can_be_written(text: str):
    """Nothing in a report is markup; what XML can't hold, and what turns the order of text, is replaced."""
    report = stand_in_report("扫黑除恶。")
    line = replace(report.lines[0], text=text, start=0, end=len(text))
    report = replace(report, lines=(line,), text=text, row=replace(report.row, report=text))
    shown = "".join(paragraph.text for paragraph in document(report).paragraphs)
    assert not set("\0\x0b\ufffe\u202e\ud800") & set(shown)
    assert shown.count("<") == 2 * text.count("<")


def test_a_folder_holds_a_document_for_each_report(tmp_path: Path):
    """Documents are called as their reports; a name that leads out of the folder does not."""
    reports = [stand_in_report(TEXT, name) for name in ("2018/云江.txt", "2018/云江.html", "../../evil.txt")]
    write_reports(reports, tmp_path / "out", LEGEND, "docx")
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.docx"))
    assert written == ["out/2018/云江 2.docx", "out/2018/云江.docx", "out/evil.docx"]


@given(st.lists(st.text(alphabet="./\\:aA·con\0 ", max_size=12), max_size=6))
def test_every_name_is_a_file_of_its_own_inside_the_folder(reports: list[str]):
    """Whatever reports are called, no path is absolute, climbs, or is given twice."""
    names = FileNames(".docx")
    paths = [names.path(report) for report in reports]
    assert len({path.lower() for path in paths}) == len(paths)
    for path in paths:
        assert not path.startswith("/")
        assert not {"", ".", ".."} & set(path.split("/"))
        assert not set("\0:\\") & set(path)


def test_the_same_reports_give_the_same_bytes():
    """No time of writing is in the file, nor in its comments."""
    report = stand_in_report(TEXT)
    first = raw(report, report)
    assert first == raw(report, report)
    assert b"w:date" not in ZipFile(io.BytesIO(first)).read("word/comments.xml")


def word_file(path: Path) -> Path:
    """A document with formatting of its own: a bold run, a link's run, a table, a header, an old comment."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "内部资料"
    made.add_heading("一、维护平安稳定", 1)
    paragraph = made.add_paragraph("开展")
    paragraph.add_run("扫黑除恶").bold = True
    paragraph.add_run("专项斗争，人民调解成功率98%。")
    made.add_comment(paragraph.runs, "旧批注", "甲")
    made.add_table(1, 1).rows[0].cells[0].text = "人民调解进网格。"
    made.add_paragraph("天气晴好。")
    made.core_properties.author = "原作者"
    made.save(str(path))
    return path


@dataclass(frozen=True, slots=True)
class NumberedLine(LineRow):
    """A line as a reader of Word files gives it, with the number of its w:p."""

    paragraph: int | None = None


def read_from(path: Path) -> Report:
    """The stand-in's annotation of a document, each line at its paragraph."""
    texts = [text for p in docx.Document(str(path)).element.iter(qn("w:p")) if (text := "".join(p.itertext()).strip())]
    report = stand_in_report("\n".join(texts), path.name)
    values = [{field.name: getattr(line, field.name) for field in fields(line)} for line in report.lines]
    numbered = tuple(NumberedLine(**{**given, "paragraph": number}) for number, given in enumerate(values))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(report, row=replace(report.row, sha256=digest), lines=numbered, origin=path)


def test_a_word_document_keeps_its_own_formatting(tmp_path: Path):
    """What came as a document goes out as it was, with shades and comments at the right paragraphs, also in tables."""
    found = document(read_from(word_file(tmp_path / "a.docx")))
    themed = paragraph_of(found, "开展扫黑")
    assert [run.bold for run in themed.runs[:2]] == [None, True]
    assert fill(themed._p.pPr)
    assert fill(found.tables[0].rows[0].cells[0].paragraphs[0]._p.pPr)
    assert fill(paragraph_of(found, "天气")._p.pPr) is None
    assert found.sections[0].header.paragraphs[0].text == "内部资料"
    assert found.core_properties.author == "原作者"
    texts = [comment.text for comment in found.comments]
    assert texts[0] == "旧批注"
    assert sum("矛盾化解" in text for text in texts) == 2
    assert len(themed._p.findall(qn("w:commentRangeStart"))) == 2


def test_a_document_that_changed_since_is_written_anew(tmp_path: Path):
    """A document that is no longer what was read, or was never a document, gets a page of our own."""
    path = word_file(tmp_path / "a.docx")
    report = read_from(path)
    path.write_bytes(path.read_bytes() + b"x")
    assert "95% 区间" in document(report).tables[0].rows[0].cells[2].text
    path.unlink()
    assert len(document(report).tables) == 1
    assert len(document(report, report).tables) == 2


@pytest.mark.slow
def test_libreoffice_opens_it(tmp_path: Path, office):
    """LibreOffice reads the document and shows every paragraph."""
    (tmp_path / "a.docx").write_bytes(raw(stand_in_report(TEXT)))
    office(tmp_path / "a.docx", "txt:Text (encoded):UTF8")
    shown = (tmp_path / "a.txt").read_text("utf-8-sig")
    assert all(line in shown for line in TEXT.split())
