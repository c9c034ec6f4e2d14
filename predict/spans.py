"""The span of time that a report is about: its year, and the part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from predict.dates import Date, dates

PERIODS: Final = ("year", "H1", "H2", "Q1", "Q2", "Q3", "Q4")

_YEAR: Final = r"(?<![\d.〔\[第])((?:19|20)\d\d)"
_NAMED_YEAR: Final = re.compile(_YEAR + r"\s?年(?!\s?\d{1,2}\s?月|第\s?\d+\s?期)")
_BARE_YEAR: Final = re.compile(_YEAR + r"(?![\d.%万亿余多件起人名次个〕\]]|\s?年)")
_YEAR_TO_YEAR: Final = r"(?:19|20)\d\d\s?年?\s?(?:至|到|—{1,2}|-|~)\s?(?:19|20)\d\d"
_TWO_YEARS: Final = re.compile(_YEAR_TO_YEAR)
_SEVERAL_YEARS: Final = re.compile(
    _YEAR_TO_YEAR + r"|[二两三四五六七八九十]年(?:来|间)?[,，、\s—]|[二三四五六七八九十]周年|“?十[二三四五]五”?时?期?"
)
_REPORTING: Final = re.compile("总结|情况|工作报告|综述|回[顾眸望]|盘点|巡礼|纪实|扫描|述职|述廉|掠影|亮点")
_ISSUE: Final = re.compile(r"第\s?\d+\s?期|一周|\d\s?月|前三季度|[一二三四五六七八九十]+月|百日")
_HALF: Final = re.compile("([上下])半年")
_HALF_REVIEW: Final = re.compile("半年(?:答卷|报|观察|盘点|考|“|平安)")
_QUARTER: Final = re.compile("第?([一二三四1-4])季度")
_QUARTERS: Final = {
    **dict(zip("一二三四", ("Q1", "Q2", "Q3", "Q4"), strict=True)),
    **{str(n): f"Q{n}" for n in range(1, 5)},
}
_SENTENCE_YEAR: Final = re.compile(
    r"(?:^|[。！!？?;；:：,，]\s?)(?:回[望首顾眸]|翻开|走过)?(?:刚刚过去的|即将过去的)?((?:19|20)\d\d)年度?"
    r"(?=是|全|极不|注定|上半年|各|[省市县区州盟旗][委级政]|[我市县区]局|\s?[,，])",
    re.MULTILINE,
)
_FOUR_DIGITS: Final = re.compile(r"(?:19|20)\d\d年")
_YEAR_ROUND: Final = re.compile("一年来|过去一年|过去的一年|这一年|全年|的一年")
_FIRST_HALF: Final = re.compile(r"(?:今年|\d年)上半年[,，全]|半年来[,，]|^上半年[,，全]")
_LAST_YEAR: Final = re.compile("去年|过去一年|过去的一年|上年度?|一年来")
_COMING_HALF: Final = re.compile("下半年(?:[^。]{0,30}将|工作(?:打算|安排|计划))")
_PATH_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_PATH_PERIOD: Final = re.compile(r"(?<![A-Za-z])([HhQq])([1-4])(?![A-Za-z\d])")


@dataclass(frozen=True, slots=True)
class Span:
    """What one part of a report says; `closed`: nothing less sure may fill what is missing."""

    year: int | None = None
    period: str | None = None
    closed: bool = False


def about(spans: Iterable[tuple[Span, str]]) -> dict[str, tuple[Any, str]]:
    """The first year and the first period among spans, each with where it comes from.

    >>> about([(Span(period="H1"), "title"), (Span(2018, "year"), "text")])
    {'period': ('H1', 'title'), 'year': (2018, 'text')}
    """
    found: dict[str, tuple[Any, str]] = {}
    for span, origin in spans:
        if span.year is not None:
            found.setdefault("year", (span.year, origin))
        if span.period is not None:
            found.setdefault("period", (span.period, origin))
        if span.closed or len(found) == 2:
            break
    return found


def in_title(title: str, date: Date | None, text: str) -> Span:
    """The span that a title names.

    >>> in_title("2013年工作总结暨2014年工作打算", None, "")
    Span(year=2013, period='year', closed=False)
    >>> in_title("2012至2017年平安法治建设巡礼", None, "").closed
    True
    """
    undated = _without_dates(title)
    year = _year_in_title(undated)
    period = _period(undated, date)
    if year is None:
        return Span(None, period, closed=bool(_SEVERAL_YEARS.search(f"{undated} ")))
    if "工作报告" in title and date and date.month <= 3 and year == date.year:
        # A report to a congress at the start of a year bears that year and tells of the one before.
        year -= _tells_of(year - 1, text)
    if period is None and not _ISSUE.search(undated):
        period = "year"
    return Span(year, period)


def in_prose(lead: str, text: str, date: Date | None) -> Span:
    """The span that the first paragraphs speak of.

    >>> in_prose("2024年,全市政法机关深入贯彻习近平法治思想。一年来,成效明显。", "", None)
    Span(year=2024, period='year', closed=False)
    """
    match = _SENTENCE_YEAR.search(lead) if _FOUR_DIGITS.search(lead) else None
    year = int(match.group(1)) if match else None
    if year and date and not date.year - 1 <= year <= date.year:
        year = None  # it looks back at something
    if _FIRST_HALF.search(lead) or ("下半年" in text and _COMING_HALF.search(text)):
        return Span(year, "H1")
    return Span(year, "year" if year and _YEAR_ROUND.search(lead) else None)


def by_date(title: str, lead: str, text: str, date: Date | None) -> Span:
    """The span that a report's date gives to 今年, 去年, 上半年 and 年终.

    >>> by_date("", "今年以来,全市政法机关", "", Date(2019, 7, 3, 0, 0))
    Span(year=2019, period=None, closed=False)
    >>> by_date("年终盘点", "", "", Date(2019, 1, 3, 0, 0))
    Span(year=2018, period='year', closed=False)
    """
    if date is None:
        return Span()
    if "年终" in title or "年度盘点" in title:
        near_the_end = {12: date.year, 1: date.year - 1, 2: date.year - 1}
        return Span(near_the_end.get(date.month), "year")
    if "今年" in lead or (6 <= date.month <= 10 and _period(title, date) == "H1"):
        return Span(date.year)
    if date.month <= 3 and (_LAST_YEAR.search(lead) or ("工作报告" in title and _tells_of(date.year - 1, text))):
        return Span(date.year - 1, "year")
    return Span(date.year, "year") if date.month == 12 and _YEAR_ROUND.search(lead) else Span()


def in_path(path: str) -> Span:
    """The span that a path names.

    >>> in_path("2018/suzhou-h1.txt")
    Span(year=2018, period='H1', closed=False)
    >>> in_path("晋中2024年一季度.txt")
    Span(year=2024, period='Q1', closed=False)
    """
    years = _PATH_YEAR.findall(path)
    marked = _PATH_PERIOD.search(path.replace("_", "-")) or re.search(r"\d(?:[hH][12]|[qQ][1-4])(?![A-Za-z\d])", path)
    period = marked.group().lstrip("0123456789").upper() if marked else _period(path, None)
    return Span(int(years[-1]) if years else None, period if period in PERIODS else None)


def _tells_of(last_year: int, text: str) -> bool:
    return f"{last_year}年" in text or _LAST_YEAR.search(text, 0, 3000) is not None


def _without_dates(title: str) -> str:
    for date in reversed(list(dates(title))):
        title = f"{title[: date.start]} {title[date.end :]}"
    return title


def _year_in_title(title: str) -> int | None:
    if _TWO_YEARS.search(title):
        return None
    named = list(_NAMED_YEAR.finditer(title))
    if not named:
        # A yearbook bears the year in which it is printed.
        bare = None if "年鉴" in title else _BARE_YEAR.search(title)
        return int(bare.group(1)) if bare else None
    ends = [match.start() for match in named[1:]] + [len(title)]
    reporting = (m for m, end in zip(named, ends, strict=True) if _REPORTING.search(title, m.end(), end))
    return int(next(reporting, named[0]).group(1))


def _period(text: str, date: Date | None) -> str | None:
    half = _HALF.search(text)
    if half:
        return "H1" if half.group(1) == "上" else "H2"
    quarter = _QUARTER.search(text)
    if quarter and "前三季度" not in text:
        return _QUARTERS[quarter.group(1)]
    return "H1" if _HALF_REVIEW.search(text) and date and 6 <= date.month <= 9 else None
