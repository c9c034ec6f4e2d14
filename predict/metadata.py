"""What a report says about itself: title, source, date, place, year, period, organ, and where each was found.

Whatever is not said is null: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

from model.blocks import Said
from predict.dates import Date, date_in_path, dates, with_digits
from predict.places import place_in_path, place_in_prose, place_in_title, places
from predict.spans import Span, about, by_date, in_path, in_prose, in_title

FIELDS: Final = ("title", "source", "date", "place", "year", "period", "organ")
ORGANS: Final = ("政法委", "法院", "检察院", "公安", "司法", "国安", "综治", "政法")

_LONGEST_TITLE: Final = 200
_LONGEST_BYLINE: Final = 400
_LEAD_PARAGRAPHS: Final = 3
_LEAD_CHARS: Final = 1500
_SPACED: Final = re.compile(r"(?:\S\s+){2,}\S")
_LABEL: Final = re.compile(
    r"((?:信息|文章|稿件|新闻)?来源|稿源|出处|供稿单位|供稿|发布机构|报送单位|素材来源|[发成更录]?[布文新]?(?:时间|日期)|作者|记者|编辑|责任编辑|责编|审核"
    r"|审签|签发|撰稿|图文|文字|摄影|图片|制图|视频|浏览(?:次数|量)?|点击(?:次数|量)?|阅读|字体|字号|统筹|策划|[初终]审|录入|校核|主持人|发布人|地点|索引号|公开方式)"
    r"\s?[:：丨|/]"
)
_SOURCE_LABELS: Final = ("来源", "稿源", "出处", "发布机构", "供稿单位", "报送单位", "供稿")
_SOURCE_END: Final = re.compile(r"\s{2,}|[;；]|\s(?=\d{4})|(?<=.)\s*[(（【\[]|\s(?=本?报?记者|通讯员|作者|编辑)")
_NO_SOURCE: Final = frozenset(("本网", "本站", "本报", "原创", "网络", "互联网", "转载", "未知"))
_NAMED_PAPER: Final = re.compile("《([\u4e00-\u9fff]{2,12}(?:报|刊|法治|治理|社会|警苑|经验选编))》")
_MEDIA: Final = re.compile(
    "(?:^|[\\s□■◆(（])([\u4e00-\u9fff]{2,10}?(?:日报|晚报|晨报|时报|早报|法[治制]报|周报|新闻网|长安网|政法网|电视台|发布|融媒体?))"
    "(?:社?(?:全媒体|首席|见习|特约|融媒体|客户端)*(?:记者|评论员)|讯|客户端|\\s|\\d|$)"
)
# A line that names who helped or what was used is no signature.
_NO_SIGNATURE: Final = re.compile("提供|根据|综合|供稿|采写|记者|通讯员|撰稿|图片|摄影")
_ORGAN_WORDS: Final = re.compile(
    "(政法委(?!员(?!会)))|([法]院)|(检察)|(公安|派出所|民警|交警|特警|警察)|(司法(?:局|行政|所|厅|部))|(国家安全局|国安)"
)
_ORGAN_OF_GROUP: Final = ("政法委", "法院", "检察院", "公安", "司法", "国安")
_WHOLE_ORGANS: Final = re.compile("全[省市县区州盟旗](政法|法院|检察|公安|司法行政|综治)|(政法)(?:机关|系统|战线)")
_PROSE_ORGANS: Final = {"检察": "检察院", "司法行政": "司法"}

_Rule = Callable[["_Report"], Any]


@dataclass(frozen=True)
class _Report:
    """What the rules look at: clean text by role, and the path."""

    lines: Sequence[tuple[str, str]]
    path: str

    @cached_property
    def title(self) -> str | None:
        title = " ".join(islice(self._of("title"), 4))[:_LONGEST_TITLE].strip()
        return _SPACED.sub(lambda match: "".join(match.group().split()), title) or None

    @cached_property
    def dated_title(self) -> str:
        return with_digits(self.title or "")

    @cached_property
    def bylines(self) -> tuple[str, ...]:
        return tuple(with_digits(line[:_LONGEST_BYLINE]) for line in islice(self._of("byline"), 20))

    @cached_property
    def signatures(self) -> tuple[str, ...]:
        """Bylines in which an organ or a person signs; who published a report may sit elsewhere."""
        return tuple(line for line in self.bylines if not (_LABEL.search(line) or _NO_SIGNATURE.search(line)))

    @cached_property
    def lead(self) -> str:
        return "\n".join(islice(self._of("body"), _LEAD_PARAGRAPHS))[:_LEAD_CHARS]

    @cached_property
    def text(self) -> str:
        return "\n".join(text for role, text in self.lines if role in ("body", "heading"))

    @cached_property
    def date(self) -> tuple[Date, str] | None:
        """The report's date and where it was found; a title counts only with a day."""
        in_bylines = [date for line in self.bylines for date in dates(line)]
        to_the_day = [date for date in in_bylines if date.day]
        if in_bylines:
            return (to_the_day or in_bylines)[0], "byline"
        of_title = (date for date in dates(self.dated_title) if date.day)
        return next(((date, "title") for date in of_title), None)

    @cached_property
    def span(self) -> dict[str, tuple[Any, str]]:
        """Year and period, each with where it was found."""
        return about(self._spans())

    def _spans(self) -> Iterator[tuple[Span, str]]:
        date, origin = self.date or (None, "byline")
        yield in_title(self.dated_title, date, self.text), "title"
        yield in_prose(self.lead, self.text, date), "text"
        yield by_date(self.dated_title, self.lead, self.text, date), origin
        yield in_path(self.path), "path"

    def _of(self, role: str) -> Iterable[str]:
        return (text.strip() for of, text in self.lines if of == role)


def read_metadata(lines: Sequence[tuple[str, str]], report: str) -> dict[str, Any]:
    """Metadata of a report from its paragraphs as (role, clean text), in order, and its name.

    >>> lines = [("title", "龙硐县公安局2013年工作总结"), ("byline", "来源:龙硐日报时间:2014-01-09")]
    >>> meta = read_metadata(lines, "a.txt")
    >>> [meta[field] for field in FIELDS[1:]]
    ['龙硐日报', '2014-01-09', '龙硐县', 2013, 'year', '公安']
    >>> meta["from"]["source"]
    'byline'
    """
    known = _Report(lines, report)
    found = {field: hit for field in FIELDS if (hit := _FINDERS[field](known)) is not None}
    values = {field: found[field][0] if field in found else None for field in FIELDS}
    return {**values, "from": {field: origin for field, (_, origin) in found.items()}}


def with_page(meta: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """The metadata with what a document says outside its text where the text says nothing."""
    given = {"title": said.title, "source": said.source, "date": said.date}
    new = {field: value for field, value in given.items() if value and meta[field] is None}
    return {**meta, **new, "from": {**meta["from"], **dict.fromkeys(new, "page")}}


def with_table(meta: Mapping[str, Any], row: Mapping[str, str] | None) -> dict[str, Any]:
    """The metadata with a row of the user's table over it: known fields win, other columns pass through."""
    if not row:
        return dict(meta)
    given: dict[str, Any] = {key: int(value) if key == "year" else value for key, value in row.items()}
    values = {**{field: meta.get(field) for field in FIELDS}, **given}
    return {**values, "from": {**meta.get("from", {}), **dict.fromkeys(given, "table")}}


def _first(**rules: _Rule) -> Callable[[_Report], tuple[Any, str] | None]:
    """A finder that tries rules in order, each named after the place it looks at."""

    def find(report: _Report) -> tuple[Any, str] | None:
        values = ((rule(report), origin) for origin, rule in rules.items())
        return next(((value, origin) for value, origin in values if value), None)

    return find


def _date(report: _Report) -> tuple[str, str] | None:
    if report.date:
        return report.date[0].iso, report.date[1]
    in_path_name = date_in_path(report.path)
    return (in_path_name, "path") if in_path_name else None


def _source(report: _Report) -> str | None:
    labelled = dict(hit for line in reversed(report.bylines) for hit in _labelled(line))
    for label in _SOURCE_LABELS:
        for name, value in labelled.items():
            if name.endswith(label) and not name.startswith("素材"):
                return value
    hits = (match for line in report.bylines for pattern in (_NAMED_PAPER, _MEDIA) for match in pattern.finditer(line))
    return next((match.group(1) for match in hits), None)


def _labelled(line: str) -> Iterator[tuple[str, str]]:
    """Labels of a byline with what stands behind each: `来源:晋中日报时间:2025-02-21` has two."""
    labels = list(_LABEL.finditer(line))
    ends = [*(label.start() for label in labels[1:]), len(line)]
    for label, end in zip(labels, ends, strict=False):
        value = _SOURCE_END.split(line[label.end() : end].strip(), maxsplit=1)[0].strip(" ,，、《》")
        if value and not value[0].isdigit() and value not in _NO_SOURCE:
            yield label.group(1), value


def _place_in_bylines(report: _Report) -> str | None:
    return next((place for line in report.signatures for place in places(line)), None)


def _organ(text: str) -> str | None:
    """The one organ that a title or signature names; several together are the whole system."""
    named = {_ORGAN_OF_GROUP[match.lastindex - 1] for match in _ORGAN_WORDS.finditer(text) if match.lastindex}
    if len(named) == 1:
        return named.pop()
    return next((word for word in ("政法", "综治") if word in text), "政法" if named else None)


def _organ_in_prose(report: _Report) -> str | None:
    named = [first or second for first, second in _WHOLE_ORGANS.findall(report.lead)]
    if "政法" in named:
        return "政法"
    once_more = next((word for word in named if named.count(word) > 1), None)
    return _PROSE_ORGANS.get(once_more, once_more) if once_more else None


_FINDERS: Final[Mapping[str, Callable[[_Report], tuple[Any, str] | None]]] = {
    "title": _first(title=lambda report: report.title),
    "source": _first(byline=_source),
    "date": _date,
    "place": _first(
        title=lambda report: place_in_title(report.dated_title),
        byline=_place_in_bylines,
        text=lambda report: place_in_prose(report.lead, report.text),
        path=lambda report: place_in_path(report.path),
    ),
    "year": lambda report: report.span.get("year"),
    "period": lambda report: report.span.get("period"),
    "organ": _first(
        title=lambda report: _organ(report.title or ""),
        byline=lambda report: _organ(" ".join(report.signatures)),
        text=_organ_in_prose,
        path=lambda report: _organ(report.path),
    ),
}
