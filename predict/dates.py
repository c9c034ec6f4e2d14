"""Dates as reports write them: `2025-02-21`, `2016/1/15`, `2022年1月`, `二〇二四年五月`."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ZEROS: Final = "〇零○O0"
_NUMERALS: Final = {
    **dict.fromkeys(_ZEROS, "0"),
    **{char: str(value) for value, char in enumerate("一二三四五六七八九", 1)},
}
_YEAR_NUMERALS: Final = re.compile(f"(?:一九|二[{_ZEROS}])[{_ZEROS}一二三四五六七八九]{{2}}")
_SMALL_NUMERALS: Final = re.compile("(?<=[年月])([一二三四五六七八九十廿]{1,3})(?=[月日号])")
_DATE: Final = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)"
    r"(?:\s?年\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?[日号])?|([-/.])(\d{1,2})\4(\d{1,2})(?!\d))"
)
_COMPACT: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE_LIMIT: Final = re.compile(r"(?:截[至止]到?|自|从|[\d年月日]\s?(?:至|到|—{1,2}|-|~))\s?$")
_BEHIND_START: Final = re.compile(r"\s?(?:至|到|—|-|~|起|前|以前|之前)")


@dataclass(frozen=True, slots=True)
class Date:
    """A date known to the day, or only to the month; `start`, `end`: where it stood in the text."""

    year: int
    month: int
    day: int | None
    start: int
    end: int

    @property
    def iso(self) -> str:
        day = "" if self.day is None else f"-{self.day:02}"
        return f"{self.year}-{self.month:02}{day}"


def with_digits(text: str) -> str:
    """The text with the numerals of years, and of months and days behind them, as digits.

    >>> with_digits("二〇二四年十二月二十一日"), with_digits("二0一八年度"), with_digits("五年来")
    ('2024年12月21日', '2018年度', '五年来')
    """
    text = _YEAR_NUMERALS.sub(lambda match: "".join(map(_NUMERALS.__getitem__, match.group())), text)
    for _ in range(2 if "年" in text or "月" in text else 0):
        text = _SMALL_NUMERALS.sub(lambda match: str(_small(match.group())), text)
    return text


def dates(text: str) -> Iterator[Date]:
    """Dates in a text that `with_digits` has seen; the bounds of a span of time are left out.

    >>> [date.iso for date in dates("时间:2025-02-21 2022年1月 截至2024年12月20日 2024-13-01")]
    ['2025-02-21', '2022-01']
    """
    for match in _DATE.finditer(text):
        year, month, day, _, month_too, day_too = match.groups()
        date = _date(match, year, month or month_too, day or day_too)
        bound = _BEFORE_LIMIT.search(text, max(match.start() - 6, 0), match.start()) or _BEHIND_START.match(
            text, match.end()
        )
        if date and not bound:
            yield date


def date_in_path(path: str) -> str | None:
    """The ISO date that a path names to the day.

    >>> date_in_path("news/20250221-jinzhong.txt"), date_in_path("a/2025-2-1.txt"), date_in_path("a/2018.txt")
    ('2025-02-21', '2025-02-01', None)
    """
    compact = (_date(match, *match.groups()) for match in _COMPACT.finditer(path))
    found = [*dates(path.replace("_", "-")), *compact]
    return next((date.iso for date in found if date and date.day), None)


def is_iso(text: str) -> bool:
    """Whether a text is an ISO date to the year, the month or the day.

    >>> [is_iso(text) for text in ("2025", "2025-02", "2025-02-21", "2025-2-21", "2025-02-30")]
    [True, True, True, False, False]
    """
    match = re.fullmatch("((?:19|20)[0-9]{2})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    return match is not None and _date(match, match.group(1), match.group(2) or "01", match.group(3)) is not None


def _date(match: re.Match[str], year: str, month: str, day: str | None) -> Date | None:
    legal = 1 <= int(month) <= 12 and (day is None or 1 <= int(day) <= _days(int(year), int(month)))
    return Date(int(year), int(month), int(day) if day else None, *match.span()) if legal else None


def _days(year: int, month: int) -> int:
    return _DAYS[month - 1] - (month == 2 and not isleap(year))


def _small(numerals: str) -> int:
    """The value of a month or day in Chinese numerals, 0 for what is none.

    >>> [_small(numerals) for numerals in ("五", "十", "十二", "二十", "二十一", "廿三", "三一")]
    [5, 10, 12, 20, 21, 23, 0]
    """
    numerals = numerals.replace("廿", "二十")
    tens, ten, ones = numerals.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not all(char in _NUMERALS for char in tens + ones):
        return 0
    return (10 * int(_NUMERALS[tens] if tens else 1) if ten else 0) + int(_NUMERALS[ones] if ones else 0)
