"""What the role model learns from besides the corpus as it is."""

from dataclasses import replace
from itertools import pairwise

import pytest

from labels.corpus import COPIES, CorpusLine, CorpusReport, load_corpus
from labels.errors import UserError
from labels.scheme import Scheme
from model.default import default_model
from model.folder import load_model
from model.roles import RoleModel, predict_roles
from train.roles import fit_roles, furnish
from train.stack import clean_report
from train.worn import LEAST_WORN


@pytest.fixture(scope="module")
def copies(scheme: Scheme) -> list[CorpusReport]:
    return load_corpus(COPIES, scheme=scheme)


def test_roles_do_not_hang_on_full_stops(small_corpus: list[CorpusReport]):
    """Of long paragraphs that end in a semicolon, as lists have them, hardly one is taken for anything else."""
    learned, asked = small_corpus[::2], small_corpus[1::2]
    model = fit_roles(learned)
    right = wrong = 0
    for report in asked:
        listed = replace(report, lines=tuple(map(as_item, report.lines)))
        for role, line, item in zip(
            predict_roles(clean_report(listed), model), report.lines, listed.lines, strict=True
        ):
            if line != item:
                right, wrong = right + (role == "body"), wrong + (role != "body")
    assert right > 20 * wrong


def as_item(line: CorpusLine) -> CorpusLine:
    long = line.role == "body" and len(line.text) >= LEAST_WORN
    return replace(line, text=line.text.rstrip("。") + "；") if long else line


PAGES = {
    "long headings": """
heading|一、坚持服务大局，充分发挥审判职能作用，依法惩治各类犯罪，全力护航辖区经济社会高质量发展
body|全年受理案件8123件，审结7902件，结案率97.3%，法定审限内结案率99.8%。
heading|二、坚持司法为民，健全一站式多元解纷机制，深化诉源治理，努力让群众感受到公平正义就在身边
body|诉前调解纠纷3120件，调解成功率71.5%，为困难当事人减免诉讼费42万元。
heading|三、坚持全面从严治院，持之以恒正风肃纪，加强司法能力建设，着力锻造忠诚干净担当的审判队伍
body|举办政治轮训6期，组织业务培训31场，选派年轻干警到基层法庭锻炼15人。
""",
    "long headings without numbers": """
title|云岚区政法工作情况汇报
body|今年以来，云岚区政法机关聚焦主责主业，主动作为，各项工作取得明显成效。
heading|抓牢抓实政治建设这个根本，引导政法干警坚定拥护“两个确立”、坚决做到“两个维护”，永葆忠诚本色
body|区委政法委召开党员大会5次，组织政法干警到红色教育基地开展党性锻炼，撰写心得体会380篇。
heading|紧紧围绕更高水平平安云岚建设目标，持续深化社会治安整体防控，严厉打击群众反映强烈的突出违法犯罪
body|全区八类主要刑事案件全部破获，盗抢案件同比下降31.6%，群众安全感达99.1%。
heading|始终坚持把非诉讼纠纷解决机制挺在前面，推动矛盾纠纷就地发现、就地受理、就地化解，实现案结事了人和
body|各调解组织排查纠纷2640件，化解2611件；成立个人调解工作室14个。
""",
    "contents": """
boilerplate|目 录
boilerplate|一、抓党建强根基1
boilerplate|二、防风险保平安3
boilerplate|三、下步打算6
heading|一、抓党建强根基
body|委机关召开党员大会5次，组织党员干警参观警示教育基地，撰写心得体会120篇。
heading|二、防风险保平安
body|全年破获刑事案件318起，打掉犯罪团伙9个，可防性案件同比下降12.4%。
heading|三、下步打算
body|继续深化平安建设，压实工作责任，推动各项任务落地见效。
""",
    "a title on every page": """
title|云川县政法工作2021年度总结材料
heading|一、队伍建设
body|县委政法委组织政治轮训4期，覆盖干警860人次，评选先进典型12名。
boilerplate|云川县政法工作2021年度总结材料
body|坚持以案促改，开展廉政谈话95人次，督促整改问题31个。
heading|二、治安防控
boilerplate|云川县政法工作2021年度总结材料
body|新增视频监控点位420处，组建义务巡逻队36支，侵财类案件下降两成。
boilerplate|云川县政法工作2021年度总结材料
body|全县八类严重暴力案件全部破获，命案连续三年保持零积案。
""",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_shapes_that_the_corpus_hardly_has(page: str, small_corpus: list[CorpusReport], role_model: RoleModel):
    """Headings of three clauses are headings; contents and a title that comes again and again are furniture."""
    lines = [line.split("|") for line in page.strip().splitlines()]
    text = small_corpus[0].lines[0]
    report = CorpusReport("page", tuple(replace(text, role=role, text=words, level=None) for role, words in lines))
    assert predict_roles(clean_report(report), role_model) == [role for role, _ in lines]


@pytest.fixture(scope="module")
def role_model() -> RoleModel:
    """The roles of the model in use; the small corpus has too few reports for shapes as rare as these."""
    try:
        return load_model(default_model()).roles
    except UserError as error:
        pytest.skip(f"{error}")


def test_in_the_furniture_of_a_copy_a_report_is_whole(small_corpus: list[CorpusReport], copies: list[CorpusReport]):
    """All of the report's own lines and all furniture of the copy are there, each in its order, and mixed."""
    mixed = 0
    for report, copy in zip(small_corpus, copies, strict=False):
        lines = furnish(report, copy).lines
        assert [line for line in lines if line.role != "boilerplate"] == own(report)
        assert [line for line in lines if line.role == "boilerplate"] == furniture(copy)
        is_furniture = [line.role == "boilerplate" for line in lines]
        changes = sum(one != two for one, two in pairwise(is_furniture))
        mixed += changes > 2
    assert mixed > 10


def own(report: CorpusReport) -> list[CorpusLine]:
    return [line for line in report.lines if line.role != "boilerplate"]


def furniture(report: CorpusReport) -> list[CorpusLine]:
    return [line for line in report.lines if line.role == "boilerplate"]


def test_copies_teach_furniture(small_corpus: list[CorpusReport], copies: list[CorpusReport]):
    """With half of the copies learned a fifth more of the lines of the others get their roles than without."""
    learned, asked = copies[::2], copies[1::2]
    before, after = fit_roles(small_corpus), fit_roles(small_corpus, learned)
    assert right(after, asked) > 1.2 * right(before, asked)


def right(model: RoleModel, reports: list[CorpusReport]) -> int:
    found = ((predict_roles(clean_report(report), model), report.lines) for report in reports)
    return sum(role == line.role for roles, lines in found for role, line in zip(roles, lines, strict=True))
