"""Text without line breaks gets them back where wide blanks or counting markers show them, and nowhere else."""

from __future__ import annotations

import pytest

from model.breaks import LONG, lost_breaks
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


def texts(text: str) -> list[str]:
    return [joined(text, paragraph) for paragraph in split_paragraphs(text)]


@pytest.mark.parametrize("blanks", [INDENT, "　　　　", "    ", "\xa0\xa0\xa0\xa0", " 　　", "\ue5e5\ue5e5"])
def test_wide_blanks_were_line_breaks(blanks):
    """A report in one line falls into its paragraphs at the wide blanks, all marked as inferred, all of one line."""
    parts = ["某县政法工作总结", *HEADINGS, *BODY]
    text = blanks + blanks.join(parts) + "\n"
    paragraphs = split_paragraphs(text)
    assert [text[p.start : p.end] for p in paragraphs] == parts
    assert {(p.line, p.inferred) for p in paragraphs} == {(1, True)}


def test_pieces_without_full_stops_are_broken_too():
    """Where some wide blanks were line breaks for certain, all were: menus, titles and by-lines stand alone."""
    parts = ["首页", "要闻", "专题", "当前位置", "某县政法工作总结", "某县政法委", "二〇一八年", *BODY, "打印本页"]
    assert texts(INDENT.join(parts)) == parts


def test_blanks_behind_a_numbered_heading_were_a_line_break():
    """A numbered heading and the paragraph behind it fall apart even if no sentence ends between them."""
    parts = [HEADINGS[0], BODY[0] + BODY[1] + BODY[2]]
    assert texts(INDENT.join(parts)) == parts


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
