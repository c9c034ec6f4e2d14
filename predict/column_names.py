"""What the columns of the tables and the values in them are called for people, in Chinese and English."""

from __future__ import annotations

from typing import Final

from labels.roles import ROLE_NAMES_ZH
from labels.scheme import Scheme

Names = tuple[str, str]

PERIOD_NAMES: Final[dict[str, Names]] = {
    "year": ("全年", "full year"),
    "H1": ("上半年", "first half"),
    "H2": ("下半年", "second half"),
    **{f"Q{number}": (f"{numeral}季度", f"quarter {number}") for number, numeral in enumerate("一二三四", 1)},
}
CONTEXT_NAMES: Final[dict[str, Names]] = {
    "heading": ("小标题", "heading"),
    "section": ("所在章节", "section"),
    "report": ("整篇报告", "whole report"),
}
NONE_NAMES: Final[Names] = ("无主题", "no theme")
_COLUMNS: Final[dict[str, Names]] = {
    "report": ("报告", "Report"),
    "line": ("行", "Line"),
    "role": ("角色", "Role"),
    "section": ("章节号", "Section"),
    "heading_path": ("所在章节", "Headings"),
    "text": ("文字", "Text"),
    "themes": ("主题编号", "Theme ids"),
    "themes_zh": ("主题", "Themes"),
    "evidence": ("依据", "Evidence"),
    "band": ("核对", "To check"),
    "decided_by": ("人工判定", "Decided by"),
    "margin": ("离阈值", "Margin"),
    "novelty": ("生疏度", "Novelty"),
    "start": ("起", "Start"),
    "end": ("止", "End"),
    "text_sha256": ("文字哈希", "Text hash"),
    "inferred": ("断行系推断", "Break inferred"),
    "heading_line": ("标题行", "Heading line"),
    "level": ("级", "Level"),
    "primary": ("主要主题", "Primary theme"),
    "title": ("标题", "Title"),
    "source": ("来源", "Source"),
    "date": ("日期", "Date"),
    "place": ("地区", "Place"),
    "year": ("年份", "Year"),
    "period": ("时段", "Period"),
    "organ": ("单位", "Organ"),
    "chars": ("字数", "Characters"),
    "lines": ("段数", "Lines"),
    "sections": ("章节数", "Sections"),
    "pinyin": ("拼音残留", "Pinyin damage"),
    "lost": ("丢失字符", "Lost characters"),
    "foreign": ("网页杂项", "Foreign lines"),
    "warnings": ("提醒", "Warnings"),
    "encoding": ("编码", "Encoding"),
    "sha256": ("文件哈希", "File hash"),
    "model": ("模型", "Model"),
    "schema": ("格式版本", "Schema"),
    "page": ("页", "Page"),
}
_VALUES: Final[dict[str, dict[str, str]]] = {
    "role": {role: f"{chinese} / {role}" for role, chinese in ROLE_NAMES_ZH.items()},
    "band": {"review": "待核 / check", "sure": ""},
    "decided_by": {"model": "", "human": "人工 / human"},
    "period": {period: " / ".join(names) for period, names in PERIOD_NAMES.items()},
}
_BOUNDS: Final = {"p": ("", ""), "share": ("占比", "share"), "low": ("下限", "low"), "high": ("上限", "high")}


def theme_names(scheme: Scheme) -> dict[str, Names]:
    """Names of every theme by its id, and of `none`."""
    return {**{theme.id: (theme.name_zh, theme.name_en) for theme in scheme.themes}, "none": NONE_NAMES}


def theme_column(column: str, scheme: Scheme) -> tuple[str, str] | None:
    """What a column of a theme holds and which theme it is of; None for any other column.

    >>> from labels.scheme import load_scheme
    >>> theme_column("low_security", load_scheme()), theme_column("low", load_scheme())
    (('low', 'security'), None)
    """
    value, _, theme = column.partition("_")
    return (value, theme) if value in _BOUNDS and theme in (*scheme.ids, "none") else None


def column_name(column: str, scheme: Scheme) -> Names:
    """What a column is called; a user's own column keeps its name.

    >>> from labels.scheme import load_scheme
    >>> column_name("share_security", load_scheme()), column_name("省份", load_scheme())
    (('平安稳定 占比', 'security share'), ('省份', ''))
    """
    of_theme = theme_column(column, scheme)
    if of_theme:
        value, theme = of_theme
        chinese, english = _BOUNDS[value]
        return f"{theme_names(scheme)[theme][0]} {chinese}".strip(), f"{theme} {english}".strip()
    return _COLUMNS.get(column, (column, ""))


def value_name(column: str, value: str) -> str:
    """What one of the program's own words is called in that column: `正文 / body`; any other text is left alone."""
    return _VALUES.get(column, {}).get(value, value)
