"""Sections of the training report that show where the model errs: matrices, words, and the lines it gets most wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from model.features import Ints
from train.diagnosis import confusion
from train.findings import Findings
from train.markup import Section, both, chance, escape, signed, theme_name, theme_names
from train.top_words import TopWord, top_words
from train.wrong_lines import MOST_LINES, Fault, Word, WrongLine, describe, most_wrong

_MOST_CHARACTERS: Final = 400
_CONTEXT: Final = {"heading": ("小标题", "heading"), "section": ("所在章节", "section"), "report": ("全文", "report")}


def matrices(findings: Findings) -> Section:
    """Which theme is given for, missed beside, found together with which."""
    counts = confusion(findings.held)
    most = counts.instead.max(initial=1), counts.beside.max(initial=1)
    blocks = (
        _matrix(
            findings,
            ("张冠李戴", "One in place of another"),
            ("漏掉 ↓　错给 →", "missed ↓ wrongly given →"),
            counts.instead,
            np.full(len(counts.instead), most[0]),
        ),
        _matrix(
            findings,
            ("顾此失彼", "One missed beside another"),
            ("漏掉 ↓　给对 →", "missed ↓ rightly given →"),
            counts.beside,
            np.full(len(counts.beside), most[1]),
        ),
        _matrix(
            findings,
            ("标注里的同现", "Together in the labels"),
            ("有 ↓　又有 →", "has ↓ has too →"),
            counts.together,
            np.diag(counts.together),
        ),
    )
    return Section(
        "confusion",
        ("混淆与同现", "Confusion and co-occurrence"),
        (
            "数字是段数，都在同一段里数：行是漏掉的主题，列是那一段错给或给对的主题。“无主题”一行是本无主题而多给的，一列是什么都没给的。",
            "Numbers are lines, counted on one line at a time: the row is the theme missed, the column the theme given "
            "there, wrongly or rightly. The row “No theme” holds themes given where there is none, the column lines that "
            "got nothing.",
        ),
        f'<div class="matrices">{"".join(blocks)}</div>',
    )


def words(findings: Findings) -> Section:
    """What each theme hangs on."""
    columns = []
    for number, top in enumerate(top_words(findings.trained.model, findings.stack.documents)):
        lists = _word_list(("说明是", "speaks for"), top.speak_for, "for")
        lists += _word_list(("说明不是", "speaks against"), top.against, "against")
        name = theme_name(findings.scheme, number)
        columns.append(f'<div class="words c{number + 1}"><h3>{name}</h3><div class="pair">{lists}</div></div>')
    return Section(
        "words",
        ("凭什么词判断", "Which words decide"),
        (
            "一句里出现一次带来的分量（权重 × 逆文档频率），句子越长摊得越薄；# 是数字。主题方案里的主题词另计一列，不在其中。"
            "只在少数报告里有道理的词排在前面，说明语料在这里还窄。",
            "What one occurrence brings to a sentence (weight × inverse document frequency), thinner in longer "
            "sentences; # is a figure. Terms of the scheme also count in a column of their own, which is not in these "
            "lists. A word on top that makes sense in few reports only shows where the corpus is narrow.",
        ),
        f'<div class="columns">{"".join(columns)}</div>',
    )


def wrong_lines(findings: Findings) -> Section:
    """The lines whose labels surprise the model most."""
    rows = most_wrong(findings.held)
    lines = describe(rows[:MOST_LINES], findings.held, findings.stack, findings.trained.model)
    listed = f'<ol class="lines">{"".join(_wrong_line(findings, line) for line in lines)}</ol>'
    if not lines:
        listed = f'<p class="notice">{both("没有判错的段落。", "No line is wrong.")}</p>'
    return Section(
        "wrong",
        ("错得最离谱的段落", "The lines it gets most wrong"),
        (
            f"共 {len(rows):,} 段有错，这里是前 {len(lines)} 段；错的也可能是标注。概率来自没见过该段的模型；"
            "着色的词和右边的分量来自最终模型，它学过这一段，所以概率不同（括号内）。",
            f"{len(rows):,} lines have an error, here are the first {len(lines)}; the label may be what is wrong. "
            "Probabilities are of a model that had not seen the line; tinted words and weights are of the final one, "
            "which has learned it, hence its other probability (in brackets).",
        ),
        listed,
    )


def place_of(findings: Findings, paragraph: int) -> tuple[str, int, str]:
    """Report, line and text of a paragraph of the stack."""
    report = int(findings.stack.examples.report_of[paragraph])
    first = int(np.searchsorted(findings.stack.examples.report_of, report))
    document = findings.stack.documents[report]
    return document.name, paragraph - first + 1, document.lines[paragraph - first].text


def shortened(text: str) -> str:
    """A text that is never longer than a reader bears."""
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _matrix(findings: Findings, title: tuple[str, str], corner: tuple[str, str], counts: Ints, full: Ints) -> str:
    """A table of counts; a cell is tinted by its part of `full` (rows,)."""
    names = [theme_name(findings.scheme, number) for number in range(len(counts))]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(_cells(row.tolist(), int(most), number))}</tr>'
        for number, (name, row, most) in enumerate(zip(names, counts, full, strict=True))
    )
    return (
        f'<div class="block"><h3>{both(*title)}</h3><div class="scroll" tabindex="0"><table class="matrix"><thead><tr>'
        f"<th>{both(*corner)}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>"
    )


def _cells(counts: list[int], most: int, own: int) -> Iterator[str]:
    for column, count in enumerate(counts):
        tint = 0.75 * count / max(most, 1)
        yield (
            '<td class="own">·</td>'
            if column == own and not count
            else f'<td style="--a:{tint:.3f}">{count or ""}</td>'
        )


def _word_list(title: tuple[str, str], listed: Iterable[TopWord], kind: str) -> str:
    items = list(listed)
    most = max((abs(word.weight) for word in items), default=1)
    rows = "".join(
        f'<li><span class="word">{escape(word.text)}</span><span class="amount">'
        f'<i style="width:{abs(word.weight) / most:.1%}"></i></span><span class="num">{signed(word.weight, 1)}</span>'
        f'<span class="num count">{word.count}</span></li>'
        for word in items
    )
    return f'<div class="{kind}"><h4>{both(*title)}</h4><ol>{rows}</ol></div>'


def _wrong_line(findings: Findings, line: WrongLine) -> str:
    labels, found = theme_names(findings.scheme, line.labels), theme_names(findings.scheme, line.found)
    marked = _marked(line.text, line.faults[0])
    return (
        f'<li><p class="where">{escape(line.report)} · {both(f"第 {line.line} 段", f"line {line.line}")}</p>'
        f'<p class="text c{line.faults[0].theme + 1}">{marked}</p>'
        f'<p class="given"><span>{both("标注", "label")}</span>{labels}<span>{both("模型", "model")}</span>{found}</p>'
        f"{''.join(_fault(findings, line.text, fault) for fault in line.faults)}</li>"
    )


def _fault(findings: Findings, text: str, fault: Fault) -> str:
    threshold = float(findings.trained.model.decision.threshold[fault.theme])
    what = both("漏了", "missed") if fault.missed else both("多给", "given wrongly")
    chances = (
        f"<b>{chance(fault.probability)}</b> {both('阈值', 'threshold')} {threshold:.0%}"
        f" <small>({both('最终模型', 'final model')} {chance(fault.final)})</small>"
    )
    ranked = sorted(fault.words, key=lambda word: -abs(word.weight))
    reasons = [_reason(escape(text[word.start : word.end]), word.weight) for word in ranked]
    reasons += [
        _reason(both(*_CONTEXT.get(name, (escape(name),) * 2)), weight, " context")
        for name, weight in fault.context.items()
        if round(weight, 1)
    ]
    kind = "missed" if fault.missed else "extra"
    return (
        f'<div class="fault {kind}"><span class="verdict">{what}{theme_name(findings.scheme, fault.theme)}{chances}</span>'
        f'<span class="reasons">{"".join(reasons)}</span></div>'
    )


def _reason(name: str, weight: float, kind: str = "") -> str:
    side = "for" if weight > 0 else "against"
    return f'<span class="reason {side}{kind}">{name} <span class="num">{signed(weight, 1)}</span></span>'


def _marked(text: str, fault: Fault) -> str:
    """The text, cut to what can be read, with the words of a fault tinted; `<mark class="against">` speaks against."""
    shown, pieces, at = shortened(text), [], 0
    for word in _apart(fault.words, min(len(text), _MOST_CHARACTERS)):
        kind = "" if word.weight > 0 else ' class="against"'
        pieces += [escape(shown[at : word.start]), f"<mark{kind}>{escape(shown[word.start : word.end])}</mark>"]
        at = word.end
    return "".join((*pieces, escape(shown[at:])))


def _apart(found: Iterable[Word], length: int) -> Iterator[Word]:
    """Words in the order of the text, without those that overlap another or reach beyond `length`."""
    at = 0
    for word in sorted(found, key=lambda word: (word.start, -word.end)):
        if at <= word.start < word.end <= length:
            yield word
            at = word.end
