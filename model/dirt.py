"""Damage and dirt of a report: characters lost for good, advertisements put into hacked pages, navigation come twice.

An advertisement is known by the trade's own words together with the words that sell. Reports speak of gambling and
pornography, too, where they tell how these are fought; a line with such a word is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.clean import CleanText
from model.simplify import Codes

# Every branch begins with a letter of its own, not a class: only so does re skip to where one may begin.
_TRADE: Final = re.compile(
    "百家乐|老虎机|时时彩|六合彩|葡京|娱乐城|博彩|赌场|赌球|菠菜网|北京赛车|P[Kk]10|p[Kk]10|太阳城(?:娱乐|集团|亚洲|申博)|威尼斯人(?:娱乐|赌|官)"
    "|皇冠(?:体育|现金|网)|真人(?:娱乐|荷官|视讯|棋牌)|棋牌(?:游戏|娱乐|平台|下载|官)|捕鱼(?:游戏|达人|平台)|体育投注|电子游艺|彩金|线上娱乐"
    "|无码|成人(?:电影|视频|小说|网站|影院|在线|社区|网|[Aa][Vv])|A[Vv](?:在线|女优|片|电影|天堂)|a[Vv](?:在线|女优|片|电影|天堂)|一区二区|三级片|黄片|毛片|情色|色情|激情(?:视频|电影|小说|文学)"
    "|裸聊|约炮|援交|招嫖|楼凤|一夜情|伦理(?:片|电影)|久久(?:热|精品|爱)|人妻|偷拍自拍|自拍偷拍|午夜福利|代开(?:增值税)?发票",
)
_SELLING: Final = re.compile(
    r"官网|官方网站|注册|开户|登录|登陆|入口|下载|app|在线|免费|高清|投注|充值|提现|返水|首存|网址|www\.|https?:|\.(?:com|vip|cc|net|top)"
    r"|微信号|加微|全国可飞|上门|最新版|手机版|信誉|娱乐|平台|观看|彩票|欧美|日韩|国产|亚洲|澳门",
    re.IGNORECASE,
)
_FOUGHT: Final = re.compile(
    "打击|查处|破获|抓获|查获|捣毁|打掉|端掉|涉案|涉嫌|犯罪|违法|整治|取缔|治理|嫌疑|判处|判决|举报|清理|侦办|专项|严禁|禁止|防范|反诈|诈骗|被骗|受骗"
    "|民警|公安|警方|法院|检察|处罚|刑|曝光|通报|宣传|受害|团伙|扫黄|黄赌毒|禁赌|案"
)
_BOX: Final = re.compile("(?<=[\u4e00-\u9fff,、;:“”(])□+(?=[\u4e00-\u9fff,。、;:“”)])")
_BLANK: Final = 0xE5E5  # private use, too, but a blank of old Chinese pages
_STOP: Final = ord("。")
_SHORT: Final = 60  # characters
_OUTSIDE: Final = "boilerplate"
SPAM: Final = "spam"
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Dirt:
    """What is wrong with a report.

    lost: characters lost for good. spam: lines of advertisement. mirrored: boilerplate lines that repeat another.
    score: of the characters of the report's own lines and its spam, the share that is neither lost nor spam.
    """

    lost: int
    spam: int
    mirrored: int
    score: float


def spam_lines(clean: CleanText) -> list[int]:
    """The numbers of the paragraphs that advertise gambling, pornography or forged receipts.

    Long paragraphs with a full stop, most of a report's text, are prose and are not searched.
    """
    stops = np.concatenate(([0], np.cumsum(clean.codes == _STOP)))[clean.bounds]
    short = np.diff(clean.bounds) <= _SHORT
    bounds = clean.bounds.tolist()
    candidates = np.flatnonzero(short | (np.diff(stops) == 0)).tolist()
    texts = [clean.text[bounds[number] : bounds[number + 1] - 1] for number in candidates]
    if not _TRADE.search("\n".join(texts)):
        return []
    return [number for number, text in zip(candidates, texts, strict=True) if _is_spam(text)]


def _is_spam(text: str) -> bool:
    """
    >>> _is_spam("澳门新葡京官网注册送彩金"), _is_spam("打掉利用“百家乐”平台开设赌场的团伙3个。")
    (True, False)
    """
    if not _TRADE.search(text):
        return False
    trade = {match.group().lower() for match in _TRADE.finditer(text)}
    return (len(trade) > 1 or _SELLING.search(text) is not None) and _FOUGHT.search(text) is None


def measure(clean: CleanText, roles: Sequence[str], why: Sequence[str], came_lost: int) -> Dirt:
    """Count what is wrong with a report; `came_lost`: characters lost when it was decoded."""
    texts = clean.text[:-1].split("\n")
    outside = [text for text, role in zip(texts, roles, strict=True) if role == _OUTSIDE]
    spam_count = why.count(SPAM)
    spam = sum(len(text) for text, reason in zip(texts, why, strict=True) if reason == SPAM) if spam_count else 0
    lost = came_lost + _private(clean.codes) + (_boxes(texts, roles) if "□" in clean.text else 0)
    every = len(clean.text) - len(texts)
    whole = every - sum(map(len, outside)) + spam or every
    score = 1 - min(lost + spam, whole) / max(whole, 1)
    repeatable = [text for text in outside if len(text) > 1]
    return Dirt(lost, spam_count, len(repeatable) - len(set(repeatable)), round(score, _DIGITS))


def _private(codes: Codes) -> int:
    """Characters of private use: what a font's maker meant by them, the text does not say."""
    if codes.max() < 0xE000:
        return 0
    private = codes[(codes >= 0xE000) & (codes <= 0xF8FF)]
    return int(np.count_nonzero(private != _BLANK))


def _boxes(texts: Sequence[str], roles: Sequence[str]) -> int:
    """Boxes in the midst of prose, which stand for characters that a program could not show."""
    return sum(
        len(match.group())
        for text, role in zip(texts, roles, strict=True)
        if role in ("heading", "body")
        for match in _BOX.finditer(text)
    )
