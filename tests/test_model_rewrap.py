"""Hard-wrapped text is joined to the paragraphs it was, and nothing else is."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lines import BLANKS
from model.paragraphs import joined, split_paragraphs

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
        f"{town}镇调解委员会{INDENT}排查{n}件，化解{n}件。{INDENT}化解率百分之百"
        for n, town in enumerate("东西南北中上下左右", 10)
    ],
    "titles": [
        f"某县关于印发《{work}工作实施方案》的通知及任务分工表"
        for work in ("法治宣传", "矛盾化解", "社区矫正", "执行攻坚", "反诈宣传")
    ]
    + ["以上五件。", "均已存档。"],
    "log": [f"2018-06-{day:02} 08:30 值班员张三到岗，交接班正常，无重大警情。共接报{day}起" for day in range(10, 30)],
    "fields": [f"办件编号{n}，申请人某某，受理窗口第三号，承办人" for n in range(1000, 1020)],
}
PROSE = st.lists(st.sampled_from([*"平安建设法治政群众，。", "2018"]), min_size=1, max_size=300).map("".join)


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


def test_lines_of_many_widths_are_not_joined():
    """Items without full stops whose widths taper off, instead of piling up at an edge, stay lines."""
    clause = "压实责任链条，加强督导检查并健全工作机制和建强干部队伍以及夯实基层基础守护一方平安"
    items = [clause[: 20 + length] for length in (0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5)]
    assert texts("\n".join([*items, "完。", "完。"])) == [*items, "完。", "完。"]


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


def test_heading_that_nearly_fills_its_line_stays_alone():
    """Where every cut line is full, a line with room for one character more ends its paragraph."""
    heading = "坚持守护平安为民初心着力建设更高水平平安之县"
    assert len(heading) == 22
    parts = [*BODY, heading, *BODY]
    assert texts(document(parts, 46, "none")) == parts


def test_marker_behind_a_full_line_starts_a_paragraph():
    """Where a paragraph fills its last line, a marker behind its full stop starts the next one."""
    full = [body[:71] + "。" for body in BODY[1:]]
    parts = [f"{number}、{body[2:]}" for number, body in zip("一二三", full, strict=True)]
    assert texts(document(parts, 48, "none")) == parts


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


def test_prose_full_of_figures_is_joined():
    """Where a third of the lines begin in the middle of a figure it is prose yet, not rows of a table."""
    works = ("破获案件", "抓获人员", "排查隐患", "调解纠纷", "走访农户", "追回欠款", "发放手册", "巡查场所")
    paragraphs = ["，好转，".join(f"{work}{count}件" for work in works) + "。" for count in range(12340, 12348)]
    lines = [line for paragraph in paragraphs for line in cut(paragraph, 32, indent_counts=True).split("\n")]
    inside = [line for line in lines if not line.startswith(INDENT)]
    assert 0.3 < sum(line[0].isdigit() for line in inside) / len(inside) < 0.4
    assert texts("\n".join(lines)) == paragraphs


def test_latin_words_keep_a_blank_across_the_join():
    """Where a line ends between two Latin words, one blank stays; where Chinese meets anything, none does."""
    unit = "全县综治中心使用Smart Service Platform 2.0系统登记纠纷，网格员用mobile app上报，处理时限为三天。"
    bodies = [unit * 3, unit[10:] + unit * 2, unit[5:] * 3, unit * 4]
    lines = [line.strip(" ") for body in bodies for line in [*wrapped(body, 50, words=True), ""]]
    assert texts("\n".join(lines)) == bodies


def test_one_overlong_line_does_not_hide_wrapping():
    """An address that no wrapper cuts is a paragraph of its own, and the rest is joined all the same."""
    address = "https://example.org/" + "a" * 200
    text = document(report(), 48, "blank") + f"\n{address}\n收尾的一句话。"
    assert texts(text) == [*report(), address, "收尾的一句话。"]


@pytest.mark.parametrize("style", ["indent", "blank", "none"])
def test_what_a_site_adds_unwrapped_does_not_hide_wrapping(style):
    """Wrapped paragraphs between a site's own lines, a fourth of them beyond the edge, are joined; those are not."""
    added = [
        "首页 > 平安建设 > 工作动态",
        "本站所载内容均由网友上传或转自其他媒体，仅供学习交流，不代表本站立场，也不构成任何建议；如有侵权，请来信说明。",
        "打印　关闭",
        "网友留言：我们小区去年装了门禁，今年又修了路灯，巡逻的人也多了，晚上出门放心，希望河堤那一段也能早一点装上。",
    ]
    between = [part for pair in zip(report(), added * 2, strict=False) for part in pair]
    indent = INDENT if style == "indent" else ""
    lines = [
        line
        for part in between
        for line in [*([part] if part in added else wrapped(part, 48, indent=indent)), *[""] * (style == "blank")]
    ]
    assert texts("\n".join(lines)) == between


def of_the_genre(corpus) -> list:
    return [report for report in corpus if report.slice != "foreign"][::4]


def lines_of(report) -> list[str]:
    return [line.text.strip(BLANKS) for line in report.lines]


@pytest.mark.parametrize("cells", [48, 64, 76, 120])
@pytest.mark.parametrize("style", ["indent", "blank"])
def test_wrapped_corpus_comes_back(corpus, cells, style):
    """Of the labelled reports' paragraphs, wrapped at any usual width in either house style, 99 % come back exactly."""
    found = total = 0
    for labelled in of_the_genre(corpus):
        text = document(lines_of(labelled), cells, style)
        recovered = {re.sub(r"\s", "", text[p.start : p.end]) for p in split_paragraphs(text)}
        wanted = [re.sub(r"\s", "", line) for line in lines_of(labelled)]
        found += sum(line in recovered for line in wanted)
        total += len(wanted)
    assert found >= 0.99 * total


@pytest.mark.parametrize("characters", [24, 32, 38, 60])
@pytest.mark.parametrize("indent_counts", [True, False])
def test_corpus_cut_by_characters_comes_back(corpus, characters, indent_counts):
    """As a program cuts them, at so many characters whatever their width, 99 % of a report's paragraphs come back too.

    Not so of texts about something else: a dozen short paragraphs do not show how wide their lines are.
    """
    found = total = 0
    for labelled in of_the_genre(corpus):
        text = "\n".join(cut(line, characters, indent_counts=indent_counts) for line in lines_of(labelled))
        recovered = {re.sub(r"\s", "", text[p.start : p.end]) for p in split_paragraphs(text)}
        wanted = [re.sub(r"\s", "", line) for line in lines_of(labelled)]
        found += sum(line in recovered for line in wanted)
        total += len(wanted)
    assert found >= 0.99 * total


def cut(paragraph: str, characters: int, *, indent_counts: bool) -> str:
    """A paragraph in lines of so many characters, the first begun with two wide blanks, counted or not."""
    text = INDENT + paragraph if indent_counts else paragraph
    lines = [text[at : at + characters] for at in range(0, len(text), characters)]
    return "\n".join(lines) if indent_counts else INDENT + "\n".join(lines)


@given(st.lists(PROSE, min_size=1, max_size=12), st.integers(38, 170), st.sampled_from(["indent", "blank", "none"]))
def test_wrapped_prose_loses_nothing(paragraphs, cells, style):
    """However text is wrapped, joining loses no character and moves no offset."""
    text = document(paragraphs, cells, style)
    joined_text = "".join(joined(text, paragraph) for paragraph in split_paragraphs(text))
    assert re.sub(r"\s", "", joined_text) == re.sub(r"\s", "", text)
