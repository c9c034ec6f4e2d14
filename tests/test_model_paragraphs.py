"""Paragraphs: one a line in ordinary text; hard-wrapped text is re-joined, text without line breaks gets them back."""

from __future__ import annotations

import random
import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.breaks import LONG, lost_breaks
from model.lines import BLANKS
from model.paragraphs import Paragraph, joined, split_paragraphs

INDENT = "　　"
BODY = [
    (
        "今年以来，全县政法各单位把排查化解矛盾纠纷摆在突出位置，村里的调解员每周走访一遍农户，乡镇综治中心每半月会商一次，"
        "县里每季度通报一回。上半年共排查各类纠纷一千三百余件，化解一千二百余件，没有一件因处置不及时而激化。"
    ),
    (
        "县公安局把警力放到街面上，在学校、医院、车站周边设立护学岗和巡逻点，夜间巡逻时间延长到凌晨两点。盗窃电动车的警情"
        "同比下降三成，群众送来的锦旗挂满了接待室的一面墙。"
    ),
    (
        "法院推行繁简分流，简单案件当天立案、当月审结，复杂案件由资深法官带着助理精审细判，平均审理天数缩短到二十一天。"
        "执行干警白天查线索、晚上堵门口，为务工人员追回欠薪六百余万元。"
    ),
    (
        "司法局组织律师、公证员和法治副校长走进校园和工地，用身边的案例讲法律，一年办了一百二十场讲座，发放手册两万余册，"
        "听众最多的一场坐满了整个操场。"
    ),
]
HEADINGS = ["一、守护一方平安", "二、护航发展大局", "三、化解矛盾纠纷", "四、普及法律知识"]
SHORT_LISTS = {
    "headlines": [
        "全市政法工作会议召开 部署全年重点任务",
        "我市举行扫黑除恶专项斗争新闻发布会",
        "市法院开展集中执行行动 十二人被拘留",
        "市检察院举办公众开放日活动迎接代表",
        "司法局组织律师进乡村开展法治宣传活动",
        "交警支队发布假期出行提示请市民留意",
        "社区矫正对象集中学习教育活动顺利举行",
        "全市平安建设表彰大会在市会议中心召开",
    ],
    "plaques": [
        "全省优秀公安基层单位",
        "全国模范人民调解委员会",
        "全市平安建设先进集体",
        "人民满意的政法单位",
        "某省公安厅",
    ],
    "poem": ["街头巡逻到三更，风雪不辞万里程，", "化解纠纷千百件，春风送暖入寻常，"] * 6,
    "couplets": ["街头巡逻到三更，风雪不辞万里程，化解纠纷千百件，", "田间普法进万家，老少欢声笑语盈，平安锦旗挂满墙。"]
    * 4,
    "items": [
        f"{verb}，确保各项任务按时限要求落到实处见到成效；"
        for verb in ("压实责任链条", "加强督导检查", "健全工作机制", "建强干部队伍")
    ]
    * 2,
    "table": [
        f"{town}镇{INDENT}排查纠纷{n}件{INDENT}化解纠纷{n}件，化解率{INDENT}百分之百"
        for n, town in enumerate("东西南北中上下左右", 10)
    ],
    "log": [f"2018-06-{day:02} 08:30 值班员张三到岗，交接班正常，无重大警情。共接报{day}起" for day in range(10, 30)],
    "fields": [f"办件编号{n}，申请人某某，受理窗口第三号，承办人" for n in range(1000, 1020)],
}


def texts(text: str) -> list[str]:
    return [joined(text, paragraph) for paragraph in split_paragraphs(text)]


def width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def wrapped(paragraph: str, cells: int, *, indent: str = "", margin: str = "", words: bool = False) -> list[str]:
    """A paragraph cut into lines of at most `cells` cells, anywhere or only between words."""
    lines, line = [], margin + indent
    for piece in re.findall(r"[!-~]+|.", paragraph) if words else paragraph:
        if sum(map(width, line + piece)) > cells:
            lines.append(line)
            line = margin
        line += piece
    return [*lines, line]


def document(paragraphs: list[str], cells: int, style: str) -> str:
    """Paragraphs in a house style: `indent` begins each with two wide blanks, `blank` puts a blank line behind each."""
    indent = INDENT if style == "indent" else ""
    lines = [line for paragraph in paragraphs for line in [*wrapped(paragraph, cells, indent=indent), ""]]
    return "\n".join(lines if style == "blank" else filter(None, lines))


def report() -> list[str]:
    return [part for heading, body in zip(HEADINGS, BODY, strict=True) for part in (heading, body)]


# Ordinary text


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_a_paragraph_is_a_line(line_break):
    """In ordinary text every non-blank line is a paragraph; blank lines do not count."""
    text = f"标题{line_break}{line_break}{INDENT}第一段。 {line_break}　{line_break}第二段。"
    paragraphs = split_paragraphs(text)
    assert [(text[p.start : p.end], p.line, p.inferred) for p in paragraphs] == [
        ("标题", 1, False),
        ("第一段。", 2, False),
        ("第二段。", 3, False),
    ]


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_nothing_else_breaks_a_line(char):
    """Page breaks, NEL and the line separators of Unicode break no line."""
    assert split_paragraphs(f"平安{char}建设") == [Paragraph(0, 5, 1)]


@pytest.mark.parametrize(
    "blank", [" ", "\t", "\u3000", "\xa0", "\u200b", "\ufeff", "\u2003", "\xad", "\ue5e5", "\x00", "\x1f"]
)
def test_blanks_at_the_ends_are_no_part(blank):
    """Blanks of any width and invisible characters are cut at both ends, kept inside; a line of them is blank."""
    text = f"{blank}\n{blank}平{blank}安{blank}\n{blank * 3}"
    assert split_paragraphs(text) == [Paragraph(3, 6, 1)]


@pytest.mark.parametrize("text", ["", "\n", " \r\n\u3000\r\u200b"])
def test_blank_text_has_no_paragraphs(text):
    """Text without ink has no paragraphs."""
    assert split_paragraphs(text) == []


@pytest.mark.parametrize("name", SHORT_LISTS)
def test_short_lines_are_not_joined(name):
    """Headlines, plaques, verses, items, tables and logs of one width stay lines, alone and beside long ones."""
    lines = SHORT_LISTS[name]
    assert texts("\n".join(lines)) == lines
    assert texts("\n".join([*lines, *BODY])) == [*lines, *BODY]


@pytest.mark.parametrize(
    "lines", [["警民同心", "全市平安建设表彰大会", "二〇二三年三月"], HEADINGS, BODY, HEADINGS + BODY]
)
def test_short_documents_are_not_joined(lines):
    """A few lines are no evidence of wrapping."""
    assert texts("\n".join(lines)) == lines


def test_sentences_on_lines_of_their_own_are_not_joined():
    """Lines of about one width that end in full stops are sentences or items, not wrapped text."""
    chance = random.Random(3)
    clauses = [clause for body in BODY for clause in re.split("[，。、]", body) if 8 <= len(clause) <= 14]
    lines = ["，".join(chance.sample(clauses, 2)) + "。" for _ in range(40)]
    assert texts("\n".join(lines)) == lines


# Hard-wrapped text


@pytest.mark.parametrize("cells", [40, 48, 64, 76, 100])
@pytest.mark.parametrize("style", ["indent", "blank"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_wrapped_text_is_joined(cells, style, line_break):
    """Lines cut at one width are joined, headings stay apart, and the slice of the source keeps its line breaks."""
    text = document(report(), cells, style).replace("\n", line_break)
    assert texts(text) == report()
    for paragraph, wanted in zip(split_paragraphs(text), report(), strict=True):
        assert re.sub(r"\s", "", text[paragraph.start : paragraph.end]) == wanted
        assert not paragraph.inferred


def test_line_of_a_joined_paragraph_is_its_first():
    """Lines are numbered as they stand in the source, so the numbers jump over joined lines."""
    text = document(report(), 48, "indent")
    lines = text.split("\n")
    for paragraph in split_paragraphs(text):
        assert lines[paragraph.line - 1].strip() == text[paragraph.start : paragraph.end].split("\n")[0]


@pytest.mark.parametrize("cells", [40, 64, 76])
def test_wrapped_text_without_marks_is_joined(cells):
    """Without indentation and blank lines a short line ends a paragraph."""
    assert texts(document(report(), cells, "none")) == report()


@pytest.mark.parametrize("margin", ["", "  ", "    "])
@pytest.mark.parametrize("indent", ["  ", "    ", INDENT, "\t"])
def test_margin_and_indentation_are_told_apart(margin, indent):
    """A margin before every line is no start of a paragraph, a further indentation is one."""
    lines = [line for part in report() for line in wrapped(part, 64, indent=indent, margin=margin)]
    assert texts("\n".join(lines)) == report()


def test_flush_headings_are_not_joined_with_indented_bodies():
    """A heading without indentation before an indented paragraph stays alone."""
    lines = [
        line
        for heading, body in zip(HEADINGS, BODY, strict=True)
        for line in [heading, *wrapped(body, 48, indent=INDENT)]
    ]
    assert texts("\n".join(lines)) == report()


def test_latin_words_keep_a_blank_across_the_join():
    """Where a line ends between two Latin words, one blank stays; where Chinese meets anything, none does."""
    unit = "全县综治中心使用Smart Service Platform 2.0系统登记纠纷，网格员用mobile app上报，处理时限为三天。"
    bodies = [unit * 3, unit[10:] + unit * 2, unit[5:] * 3, unit * 4]
    lines = [line.strip(" ") for body in bodies for line in [*wrapped(body, 50, words=True), ""]]
    assert texts("\n".join(lines)) == bodies


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("平安\n建设", "平安建设"),
        ("平安　\r\n　　建设", "平安建设"),
        ("smart\ncity", "smart city"),
        ("smart \r\r\n\t city", "smart city"),
        ("上报App\n系统", "上报App系统"),
        ("共2\n件", "共2件"),
        ("one line 平安", "one line 平安"),
    ],
)
def test_joined_is_one_line(text, wanted):
    """Inner line breaks go with the blanks around them; between Latin letters or digits one blank stays."""
    assert joined(f"前{text}后", Paragraph(1, 1 + len(text), 1)) == wanted


def test_one_overlong_line_does_not_hide_wrapping():
    """An address that no wrapper cuts is a paragraph of its own, and the rest is joined all the same."""
    address = "https://example.org/" + "a" * 200
    text = document(report(), 48, "blank") + f"\n{address}\n收尾的一句话。"
    assert texts(text) == [*report(), address, "收尾的一句话。"]


# The corpus


def lines_of(report) -> list[str]:
    return [line.text.strip(BLANKS) for line in report.lines]


def test_corpus_comes_back_line_by_line(corpus):
    """Not one paragraph of the labelled reports is joined or broken, nor of what is left without the long ones."""
    for labelled in corpus:
        for longest in (10_000, 80, 50, 30):
            lines = [line for line in lines_of(labelled) if len(line) <= longest]
            assert texts("\n".join(lines)) == lines, labelled.name


@pytest.mark.parametrize("cells", [48, 64, 76, 120])
@pytest.mark.parametrize("style", ["indent", "blank"])
def test_wrapped_corpus_comes_back(corpus, cells, style):
    """Of the labelled reports' paragraphs, wrapped at any usual width in either house style, 99 % come back exactly."""
    found = total = 0
    for labelled in corpus[::4]:
        text = document(lines_of(labelled), cells, style)
        recovered = {re.sub(r"\s", "", text[p.start : p.end]) for p in split_paragraphs(text)}
        wanted = [re.sub(r"\s", "", line) for line in lines_of(labelled)]
        found += sum(line in recovered for line in wanted)
        total += len(wanted)
    assert found >= 0.99 * total


def test_real_reports_come_back_line_by_line(shared):
    """Every non-blank line of the real reports is a paragraph."""
    for path in sorted((shared / "reports").glob("*.txt")):
        text = path.read_bytes().decode()
        lines = [line.strip(BLANKS) for line in re.split("\r\n|\r|\n", text)]
        paragraphs = split_paragraphs(text)
        assert [text[p.start : p.end] for p in paragraphs] == [line for line in lines if line]
        assert [p.line for p in paragraphs] == list(range(1, len(paragraphs) + 1))


# Lost line breaks


@pytest.mark.parametrize("blanks", [INDENT, "　　　　", "    ", "\xa0\xa0\xa0\xa0", " 　　", "\ue5e5\ue5e5"])
def test_wide_blanks_were_line_breaks(blanks):
    """A report in one line falls into its paragraphs at the wide blanks, all marked as inferred, all of one line."""
    parts = ["某县政法工作总结", *report()]
    text = blanks + blanks.join(parts) + "\n"
    paragraphs = split_paragraphs(text)
    assert [text[p.start : p.end] for p in paragraphs] == parts
    assert {(p.line, p.inferred) for p in paragraphs} == {(1, True)}


def test_markers_behind_full_stops_were_line_breaks():
    """Without blanks the markers that count up behind full stops begin paragraphs, at both levels."""
    parts = [
        "一年来，工作取得新成效。",
        "一、守护平安。" + BODY[0],
        "二、服务发展。",
        "（一）提速。" + BODY[2],
        "（二）普法。" + BODY[3],
        "三、建强队伍。",
        "（一）练兵。" + BODY[1],
        "（二）暖警。" + BODY[1],
    ]
    assert texts("".join(parts)) == parts
    assert texts("标题\n" + "".join(parts)) == ["标题", *parts]


@pytest.mark.parametrize(
    "line",
    [
        "一是" + BODY[0] + "二是" + BODY[1] + "三是" + BODY[2],
        "1." + BODY[0] + "2." + BODY[1] + "3." + BODY[2],
        "工作有三：一、" + BODY[0].replace("。", "；") + "二、" + (BODY[1] + BODY[2]).replace("。", "；"),
        BODY[0] + "二、" + BODY[1] + BODY[2],
        BODY[0] + "二、" + BODY[1] + "二、" + BODY[2],
        BODY[0] + BODY[1] + "统一、协调" + BODY[2] + "单一、重复",
        "委员名单：" + "".join(f"张{name}{INDENT}" for name in "一二三四五六七八九" * 8),
        BODY[0] + f"于二〇一八年{INDENT}月{INDENT}日签字，代表{INDENT}签字，" + BODY[1] + BODY[2],
    ],
    ids=["run-ins", "figures", "semicolons", "lone", "not counting", "words", "names", "form"],
)
def test_long_lines_that_lost_nothing_stay_whole(line):
    """Numbered run-ins, lists of names and forms to fill in are one paragraph."""
    assert len(line) > LONG
    assert texts(line) == [line.strip(BLANKS)]


def test_markers_in_a_document_with_line_breaks_are_run_ins():
    """In a document of more than three lines a marker inside a line breaks nothing, unless the line has wide blanks."""
    run_in = "一、守护平安。" + BODY[0] + "二、服务发展。" + BODY[1]
    assert texts("\n".join([*HEADINGS, run_in])) == [*HEADINGS, run_in]
    pieces = ["一、守护平安。" + BODY[0], "二、服务发展。" + BODY[1], BODY[2]]
    assert texts("\n".join([*HEADINGS, pieces[0] + pieces[1] + INDENT + pieces[2]])) == [*HEADINGS, *pieces]


def test_short_lines_lose_no_breaks():
    """A line of 200 characters or fewer is never broken."""
    line = ("平安。" + INDENT) * 40
    assert lost_breaks(line, 1) == []
    assert len(lost_breaks(line + "安", 1)) == 41


# What holds for any text

ALPHABET = st.sampled_from(
    [
        *"平安建设法治，。；、一二三（）1a ",
        "\n",
        "\n",
        "\r",
        "\r\n",
        INDENT,
        "    ",
        "\u200b",
        "\x85",
        "\u2028",
        "一、",
        "。二、",
    ]
)
ANY_TEXT = st.one_of(st.text(), st.lists(ALPHABET, max_size=200).map("".join))
PROSE = st.lists(st.sampled_from([*"平安建设法治政群众，。", "2018"]), min_size=1, max_size=300).map("".join)


def check(text: str) -> list[Paragraph]:
    """What holds for the paragraphs of any text."""
    paragraphs = split_paragraphs(text)
    rest, before = [], 0
    for paragraph in paragraphs:
        assert before <= paragraph.start < paragraph.end
        piece = text[paragraph.start : paragraph.end]
        assert piece == piece.strip(BLANKS)
        rest.append(text[before : paragraph.start])
        before = paragraph.end
        one_line = joined(text, paragraph)
        assert "\n" not in one_line
        assert "\r" not in one_line
    assert not "".join([*rest, text[before:]]).strip(BLANKS)
    assert all(a.line <= b.line for a, b in pairwise(paragraphs))
    assert all(a.line < b.line or (a.inferred and b.inferred) for a, b in pairwise(paragraphs))
    return paragraphs


@given(ANY_TEXT)
@example(("平安，建设。" + INDENT) * 60)
@example("（一）" * 100)
@example("）" + "一、。" * 100)
@example("\udc80\n" * 9)
def test_every_character_with_ink_is_in_one_paragraph(text):
    """Paragraphs are in order, do not overlap, begin and end with ink, and leave out nothing but blanks."""
    check(text)


@given(st.lists(PROSE, min_size=1, max_size=12), st.integers(38, 170), st.sampled_from(["indent", "blank", "none"]))
def test_wrapped_prose_loses_nothing(paragraphs, cells, style):
    """However text is wrapped, joining loses no character and moves no offset."""
    text = document(paragraphs, cells, style)
    joined_text = "".join(joined(text, paragraph) for paragraph in check(text))
    assert re.sub(r"\s", "", joined_text) == re.sub(r"\s", "", text)


@given(
    st.lists(st.text(st.sampled_from("平安建设法治，。一二 　"), min_size=1, max_size=60), max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_few_lines_are_their_own_paragraphs(lines, line_break):
    """Text without wrapping gives its non-blank lines, stripped."""
    assert texts(line_break.join(lines)) == [bare for line in lines if (bare := line.strip(BLANKS))]


# Time

LARGE = {
    "one line": "平" * 5_000_000,
    "one line of blanks": "平" + " " * 5_000_000 + "安",
    "one line of wide runs": f"平{INDENT}" * 1_600_000,
    "one line of markers": "。一、平。二、安" * 300_000,
    "one line of brackets": "（（一" * 1_600_000,
    "closing quotes": "。" + "”" * 5_000_000,
    "line breaks": "\r\n\n" * 1_600_000,
    "short lines": "平安\n" * 500_000,
    "wrapped lines": ("全县政法各单位把排查化解矛盾纠纷，摆在突出位置。村里的调解\n" * 150_000),
    "deep indentation": (" " * 2000 + "平安建设，法治建设。" * 3 + "\n") * 2000,
}


@pytest.mark.parametrize("name", LARGE)
def test_large_text_takes_linear_time(name):
    """Millions of characters of any shape take seconds."""
    text = LARGE[name]
    started = time.perf_counter()
    paragraphs = split_paragraphs(text)
    for paragraph in paragraphs[:100_000]:
        joined(text, paragraph)
    assert time.perf_counter() - started < 20


def test_ordinary_text_is_quick(corpus):
    """A paragraph of ordinary text takes some microseconds; the bound is wide for slow machines."""
    reports = ["\n".join(lines_of(labelled)) for labelled in corpus]
    count = sum(map(len, map(split_paragraphs, reports)))
    times = []
    for _ in range(3):
        started = time.perf_counter()
        for text in reports:
            split_paragraphs(text)
        times.append(time.perf_counter() - started)
    assert min(times) / count < 40e-6
