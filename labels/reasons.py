"""Why a line is in the queue, said in Chinese and English."""

from __future__ import annotations

from typing import Final

from labels.scheme import Theme

_REASONS: Final = {
    "random": ("随机抽取，用于估计准确率", "drawn at random, to estimate how good the model is"),
    "blind": ("随机抽取，不显示模型的判断", "drawn at random, shown without the model's answer"),
    "doubtful": (
        "对“{zh}”没有把握：概率 {probability:.2f}，界限 {threshold:.2f}",
        "unsure of {en}: probability {probability:.2f}, threshold {threshold:.2f}",
    ),
    "terms_without_theme": (
        "有“{zh}”的词语，模型却认为没有（概率 {probability:.2f}）",
        "has terms of {en}, the model says it is not there (probability {probability:.2f})",
    ),
    "theme_without_terms": (
        "没有“{zh}”的词语，模型却认为有（概率 {probability:.2f}）",
        "has no term of {en}, the model says it is there (probability {probability:.2f})",
    ),
    "novel": (
        "与标注过的段落差别大：{novelty:.0%} 的词语没见过",
        "unlike what was labelled: {novelty:.0%} of its words are new",
    ),
    "extra_label": (
        "已标“{zh}”，模型认为没有（概率 {probability:.2f}）",
        "labelled {en}, the model says it is not there (probability {probability:.2f})",
    ),
    "missing_label": (
        "未标“{zh}”，模型认为有（概率 {probability:.2f}）",
        "not labelled {en}, the model says it is there (probability {probability:.2f})",
    ),
}


def reason(kind: str, theme: Theme | None = None, **figures: float) -> str:
    """The reason of a kind as `中文 / English`, with the theme's names and the figures in it.

    >>> reason("random")
    '随机抽取，用于估计准确率 / drawn at random, to estimate how good the model is'
    """
    names = {"zh": theme.name_zh, "en": theme.name_en} if theme else {}
    return " / ".join(text.format(**names, **figures) for text in _REASONS[kind])
