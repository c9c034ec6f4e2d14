"""Names of places as reports write them: 龙硐县, 中曜市河沿区, 都水苗族侗族自治县, or 苏州 in 平安苏州."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

_SUFFIX: Final = (
    "自治[州县旗区]|经济技术开发区|高新技术产业开发区|经济开发区|[高经]开区|高新区|开发区|新区"
    "|省(?![级去时钱心力道])|市(?![场民值容面井])|县(?!市)|州(?!市|县|区|湾|新区)|盟(?![友军])|旗(?![帜下舰县区])"
    "|区(?![域别分间块])|街道|镇(?![守压定痛市县区])|乡(?![村镇亲土愁贤市县区])"
)
# What may stand before a name without being part of it; anything that is no Han character may, too.
_OPENERS: Final = (
    "关于|中共|中国共产党|对话|走进|聚焦|来自|喜看|读懂|探访|扎根|打造|记|看|访|[日月]?在|年度?的?|周年|时期|以来|代表"
    "|全省|全国|认真|落实|贯彻|执行|按照|根据|提交|发至|完成|来源|时间|作者|供稿|文|图片?|我省|我市|丨"
)
_UNIT: Final = re.compile(f"([\u4e00-\u9fff]{{1,12}}?)({_SUFFIX})")
# Up to the last character that ends a suffix: what begins behind it is no name.
_UP_TO_SUFFIX: Final = re.compile("(?s:.*)[省市县州盟旗区道镇乡]")
_OPENING: Final = re.compile(f"(?:(?:^|(?<=[^\u4e00-\u9fff]))(?:{_OPENERS})*|(?:{_OPENERS})+)(?=[\u4e00-\u9fff])")
_ONLY_OPENERS: Final = re.compile(f"(?:{_OPENERS})+")
_LONGEST_NAME: Final = 5
# Common words that end like a name: 社区, 乡镇, 全市.
_COMMON_ENDINGS: Final = frozenset(
    char + suffix
    for suffix, chars in {
        "区": "社景辖校街小地片灾牧战禁误盲园特专选老营厢防样",
        "市": "上超股集早夜菜楼全各我本该地县省两邻外",
        "县": "全各我本该区市两邻外省",
        "省": "全各我本该外跨反节邻",
        "镇": "城集乡村重小各县全",
        "乡": "城家下故返老水侨各全",
        "旗": "红党国锦军各全",
        "盟": "联同结",
        "州": "全各我本该神九",
    }.items()
    for char in chars
)
_NO_NAME: Final = re.compile(
    "[的和与及为了是等把让级这那某每委局厅由以在负丨]|平安|法治|建设|全面|工作|人民|加强|推进|政法|公安|司法|检察|法院|听取|会议|过去"
    "|今年|去年|开展|创建|贫困|偏远|省市|市县|县市|日在|一座|一个|工业|半年|承办|[大小主老文明智慧]城$|中心城$|..城$|互$|[省市县区]$"
)
_PRONOUNS: Final = frozenset("全各我本该两多邻外每某此市省")
_FURTHER_SUFFIX: Final = frozenset(
    ("市", "州", "盟", "旗", "县", "区", "镇", "乡", "街道", "新区", "开发区", "高新区", "经开区")
)
_ALL_OF: Final = re.compile("全([市县区州盟旗镇乡]|街道)")
_SAFE_AND_LAWFUL: Final = re.compile('(平安|法治)([\u4e00-\u9fff]{2,4}?)(?=[、,，;；。”"』」)）和与及建]|$)')
_SLOGAN: Final = re.compile(
    "(?:建设|[谱书]写|贡献|打造|展现|作出|彰显)([\u4e00-\u9fff]{2,4}?)(?:新?篇章|新?实践|样板|力量|答卷|担当|贡献|经验|模式)"
)
_NO_MOTTO: Final = re.compile("中国|校园|医院|和谐|稳定|社区|乡村|政府|社会|单位|机关|环境|建设|工作|创建|宣传")
_PATH_NOISE: Final = re.compile(
    r"[\W\d_a-zA-Z]|年度?|上半|下半|[一二三四]季度|第|政法委?|工作|总结|报告|综述|综治|情况|公安局?|法院|检察院|司法局?"
)


def places(text: str) -> Iterator[str]:
    """Names of places that stand where a name can begin, in order.

    >>> list(places("关于梧江市2023年法治政府建设情况的报告"))
    ['梧江市']
    >>> list(places("——中曜市河沿区构建社会治安防控体系, 全市各县区、平安社区"))
    ['中曜市河沿区']
    """
    end, last = 0, _UP_TO_SUFFIX.match(text)
    for opening in _OPENING.finditer(text, 0, last.end() - 1) if last else ():
        if opening.end() < end:
            continue
        unit = _UNIT.match(text, opening.end())
        if unit and _is_name(unit):
            end = _with_further(text, unit)
            yield text[opening.end() : end]


def place_in_title(title: str) -> str | None:
    """The first place that a title names, in its longest form: 毕州市 where it says both 看毕州 and 毕州市."""
    named = list(places(title))
    return max((name for name in named if name.startswith(named[0])), key=len, default=None)


def place_in_prose(lead: str, text: str) -> str | None:
    """The place that a report is about, by its first paragraphs (`lead`) and by how often its text names it.

    The report says 全市 and its lead names a city; or it has the mottos 平安X and 法治X with the same
    X; or it says 全市, a slogan has the name (建设张家港实践) and 张家港市 stands somewhere, too. How often a
    city is named is no sign: a county names the city above it whenever it compares itself.
    """
    levels = Counter(_ALL_OF.findall(lead)).most_common(1)
    level = levels[0][0] if levels else ""
    if level:
        named = dict.fromkeys(name for name in places(lead) if name.endswith(level))
        first = lead.partition("\n")[0]
        counts = {name: count for name in named if (count := text.count(name)) > 1 or name in first}
        if counts:
            return max(counts, key=counts.__getitem__)
    return _in_mottos(lead) or (_praised(text, level) if level else None)


def place_in_path(path: str) -> str | None:
    """The place in a path: a name with its suffix, or what is left of two to four characters.

    >>> place_in_path("2018/苏州-2018上半年.txt"), place_in_path("晋中市政法工作总结.txt"), place_in_path("a/b.txt")
    ('苏州', '晋中市', None)
    """
    for part in reversed(path.split("/")):
        found = next(places(part), None)
        if found:
            return found
        bare = _PATH_NOISE.sub("", part)  # suffixes of files are noise, too
        if 2 <= len(bare) <= 4 and re.fullmatch("[\u4e00-\u9fff]+", bare) and not _NO_NAME.search(bare):
            return bare
    return None


def _in_mottos(lead: str) -> str | None:
    mottos: dict[str, set[str]] = {}
    for word, name in _SAFE_AND_LAWFUL.findall(lead):
        mottos.setdefault(name, set()).add(word)
    return next((name for name, words in mottos.items() if len(words) > 1 and not _NO_MOTTO.search(name)), None)


def _praised(text: str, level: str) -> str | None:
    names = (f"{match.group(1)}{level}" for match in _SLOGAN.finditer(text))
    return next((name for name in names if name in text and not _NO_NAME.search(name[:-1])), None)


def _is_name(unit: re.Match[str]) -> bool:
    name, suffix = unit.groups()
    if name[0] in "全各我本该" or name in _PRONOUNS or (len(name) == 1 and suffix not in "县州"):
        return False
    if len(name) > _LONGEST_NAME and not suffix.startswith("自治"):
        return False
    if _NO_NAME.search(name) or _ONLY_OPENERS.fullmatch(name):
        return False
    return unit.group()[-2:] not in _COMMON_ENDINGS


def _with_further(text: str, unit: re.Match[str]) -> int:
    """Where the name ends, with the smaller units that follow the first one directly."""
    end = unit.end()
    while (further := _UNIT.match(text, end)) is not None:
        name, suffix = further.groups()
        if not (2 <= len(name) <= 3 and suffix in _FURTHER_SUFFIX and _is_name(further)):
            break
        end = further.end()
    return end
