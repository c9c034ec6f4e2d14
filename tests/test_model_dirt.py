"""Damage and dirt: what is counted, what is an advertisement, the number that sums it up."""

from __future__ import annotations

import pytest

from labels.corpus import CorpusReport
from model.clean import clean, clean_paragraphs
from model.dirt import SPAM, measure, spam_lines
from model.paragraphs import split_paragraphs
from predict.tagger import Tagger

ADVERTISEMENTS = (
    "澳门新葡京官网_注册即送彩金88元",
    "百家乐真人娱乐 首存优惠 信誉平台",
    "老虎机手机版下载，时时彩投注技巧",
    "亚洲无码在线观看免费高清",
    "久久热精品视频一区二区三区",
    "成人电影在线免费观看网站",
    "同城约炮上门服务加微信号abc123",
    "威尼斯人娱乐城开户网址www.example.com",
    "代开增值税发票，加微信号1234",
    "六合彩特码资料最新版",
    "線上娛樂城註冊送彩金，真人視訊百家樂",
    "皇冠体育投注官方网站入口",
    "棋牌游戏平台下载 注册送18元",
)
REPORTS = (
    "打掉利用“百家乐”“老虎机”平台开设赌场的犯罪团伙3个，抓获47人。",
    "严厉查处线上娱乐城网络赌博平台。",
    "开展“扫黄打非”，清理色情网站120个。",
    "公安机关端掉赌场12处，收缴老虎机86台。",
    "体育彩票公益金支持社区建设。",
    "依托平台免费为群众提供在线法律咨询。",
    "太阳城小区平安建设工作站挂牌。",
    "新建棋牌室、阅览室，丰富居民生活。",
    "扫码下载反诈app，谨防“注册送彩金”骗局被骗。",
)


def found(text: str) -> list[int]:
    """Numbers of the lines that are spam."""
    return spam_lines(clean_paragraphs(text, split_paragraphs(text)))


@pytest.mark.parametrize("line", ADVERTISEMENTS)
def test_advertisements_are_known(line: str):
    """Gambling, pornography and forged receipts, in simplified and traditional characters."""
    assert found(f"平安建设。\n{line}\n法治建设。") == [1]


@pytest.mark.parametrize("line", REPORTS)
def test_how_they_are_fought_is_no_advertisement(line: str):
    """Reports speak of gambling and pornography all the time."""
    assert found(line) == []


def test_a_long_line_of_catchwords_is_spam():
    """Keywords for search engines, longer than any heading, have no full stop."""
    assert found("，".join(ADVERTISEMENTS)) == [0]


def test_no_line_of_the_corpus_is_spam(corpus: list[CorpusReport]):
    """Thousands of lines about police work hold none."""
    spam = [line.text for report in corpus for line in report.lines if found(line.text or "x")]
    assert spam == []


def test_spam_becomes_boilerplate_and_is_counted(small_tagger: Tagger):
    """It has no themes, says why, and the rest of the report reads as without it."""
    text = "青澜市政法工作总结\n全市公安机关严厉打击各类违法犯罪，破获刑事案件120起，社会治安持续向好。\n"
    plain = small_tagger.annotate(text)
    dirty = small_tagger.annotate(f"{ADVERTISEMENTS[0]}\n{text}{ADVERTISEMENTS[3]}\n")
    assert [line.role for line in dirty.lines[1:-1]] == [line.role for line in plain.lines]
    assert [(line.role, line.role_by, line.themes) for line in (dirty.lines[0], dirty.lines[-1])] == [
        ("boilerplate", SPAM, ())
    ] * 2
    assert (dirty.row.quality["spam"], plain.row.quality["spam"]) == (2, 0)
    assert plain.row.quality["score"] == 1
    spam = len(clean(ADVERTISEMENTS[0])) + len(clean(ADVERTISEMENTS[3]))
    own = sum(len(line.text) for line in plain.lines if line.role != "boilerplate")
    assert dirty.row.quality["score"] == round(own / (own + spam), 4)


@pytest.mark.parametrize(
    ("text", "lost"),
    [("调解\ufffd纷", 1), ("调解□□纷", 2), ("调解\ue123纷", 1), ("□ 记者", 0), ("调解\ue5e5纷", 0), ("是□", 0)],
)
def test_characters_lost_for_good(text: str, lost: int):
    """Replacement characters, boxes in the midst of prose and private codes; a box as a bullet is none."""
    cleaned = clean_paragraphs(text, split_paragraphs(text))
    assert measure(cleaned, ["body"], [""], int(cleaned.lost[0])).lost == lost


def test_mirrored_navigation_is_counted():
    """Boilerplate lines that repeat another; the same words in the text are no navigation."""
    text = "首页\n机构\n平安建设。\n首页\n机构\n平安建设。"
    cleaned = clean_paragraphs(text, split_paragraphs(text))
    roles = ["boilerplate", "boilerplate", "body", "boilerplate", "boilerplate", "body"]
    dirt = measure(cleaned, roles, [""] * 6, 0)
    assert (dirt.mirrored, dirt.score) == (2, 1.0)


def test_a_report_of_nothing_else_scores_nothing():
    """The score is 0 where all is lost, and never below."""
    cleaned = clean_paragraphs("\ufffd\ufffd", split_paragraphs("\ufffd\ufffd"))
    assert measure(cleaned, ["body"], [""], 5).score == 0
