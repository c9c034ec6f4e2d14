"""The wording of the training report's sections, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from train.markup import Section

Both = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A section's title and its explanation; `{name}` stands for what the section fills in."""

    title: Both
    hint: Both


SECTIONS: Final = {
    "summary": Wording(
        ("总览", "Summary"),
        (
            "每段正文都由没有见过它的模型判断（按报告成组轮流留出）。方括号内是按报告重抽样得到的 95% 区间。",
            (
                "Every body line is judged by a model that had not seen it (groups of reports held out in turn). "
                "Brackets hold 95% intervals from resampling reports."
            ),
        ),
    ),
    "change": Wording(
        ("与上一个模型相比", "Against the previous model"),
        (
            ("两个模型都没见过的同一批段落，按现在的标注打分；按报告成对重抽样 1000 次。整个 95% 区间低于零才算变差。"),
            (
                "The same lines, seen by neither model, scored by the labels of now; 1000 paired resamples of reports. "
                "Worse only if the whole 95% interval is below zero."
            ),
        ),
    ),
    "curves": Wording(
        ("精确率与召回率", "Precision and recall"),
        (
            "圆点是所用的阈值：往右找得更全，往上判得更准。细线上各点 F1 相同。",
            (
                "The dot is the threshold in use: further right finds more, further up errs less. "
                "F1 is the same all along a thin line."
            ),
        ),
    ),
    "reliability": Wording(
        ("概率可信吗", "Are the probabilities true"),
        (
            (
                "概率分 15 档：点在对角线上，说八成就真有八成。竖线是 95% 区间，"
                "底部灰柱是各档段数（对数高度），ECE 是平均偏差。"
            ),
            (
                "Probabilities in 15 bins: on the diagonal, 80% means 80%. Whiskers are 95% intervals, "
                "the bars below count lines (log height), ECE is the mean gap."
            ),
        ),
    ),
    "bands": Wording(
        ("哪些不用再看", "What needs no second look"),
        (
            (
                "概率离阈值足够远的判断算有把握：在留出的段落上，离得这么远的至少 {least} 是对的。"
                "其余排进待核队列。整段有把握，要各主题都有把握。"
            ),
            (
                "Decisions far enough from the threshold are sure: of held-out lines that far, at least {least} "
                "are right. The rest goes to the review queue. A line is sure where every theme is."
            ),
        ),
    ),
    "confusion": Wording(
        ("混淆与同现", "Confusion and co-occurrence"),
        (
            (
                "数字是段数，都在同一段里数：行是漏掉的主题，列是那一段错给或给对的主题。"
                "末行是本无主题而多给的，末列是什么都没给的。"
            ),
            (
                "Numbers are lines, counted on one line at a time: the row is the theme missed, the column the theme "
                "given there, wrongly or rightly. The last row is what was given where there is no theme, the last "
                "column what got nothing."
            ),
        ),
    ),
    "words": Wording(
        ("凭什么词判断", "Which words decide"),
        (
            (
                "词在一句里出现一次带来的分量（权重 × 逆文档频率），句子越长摊得越薄，灰字是语料里的次数，# 是数字。"
                "主题方案里的主题词另计一列，不在其中。只在少数报告里有道理的词排在前面，说明语料在这里还窄。"
            ),
            (
                "What one occurrence brings to a sentence (weight × inverse document frequency), thinner in longer "
                "sentences; grey is how often it stands in the corpus, # is a figure. Terms of the scheme also count "
                "in a column of their own, which is not in these lists. A word on top that makes sense in a few "
                "reports only shows where the corpus is narrow."
            ),
        ),
    ),
    "wrong": Wording(
        ("错得最离谱的段落", "The lines it gets most wrong"),
        (
            (
                "共 {all} 段有错，这里是前 {shown} 段；错的也可能是标注。概率来自没见过该段的模型；"
                "着色的词和列出的分量来自最终模型，它学过这一段，所以概率不同（括号内）。"
            ),
            (
                "{all} lines have an error, here are the first {shown}; the label may be what is wrong. "
                "Probabilities are of a model that had not seen the line; tinted words and weights are of the final "
                "one, which has learned it, hence its other probability (in brackets)."
            ),
        ),
    ),
    "learning": Wording(
        ("再标多少才有用", "What more labels would bring"),
        (
            ("用一部分报告训练，同样轮流留出打分。粗线是宏平均，色带是它的 95% 区间，细线是各主题。"),
            (
                "Trained on part of the reports, scored held out in the same way. The thick line is the macro-F1, "
                "the band its 95% interval, thin lines are the themes."
            ),
        ),
    ),
}


def section(name: str, body: str, **values: str) -> Section:
    """The section `name` with its HTML; `values` fill its explanation."""
    wording = SECTIONS[name]
    chinese, english = (hint.format(**values) for hint in wording.hint)
    return Section(name, wording.title, (chinese, english), body)
