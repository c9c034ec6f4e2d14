"""Sections of the training report that show where the model errs: matrices, words, and the lines it gets most wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from labels.markup import both, html_chance
from model.features import Ints
from train.diagnosis import confusion
from train.findings import Findings
from train.markup import (
    MOST_CHARACTERS,
    Section,
    escape,
    given,
    place,
    shortened,
    signed,
    theme_name,
)
from train.report_texts import section
from train.top_words import TopWord, top_words
from train.wrong_lines import MOST_LINES, Fault, Word, WrongLine, describe, most_wrong

_CONTEXT: Final = {"heading": ("小标题", "heading"), "section": ("所在章节", "section"), "report": ("全文", "report")}
_DARKEST: Final = 0.5


def matrices(findings: Findings) -> Section:
    """Which theme is given for, missed beside, found together with which."""
    counts = confusion(findings.held)
    instead = _matrix(
        findings,
        counts.instead,
        ("张冠李戴", "One in place of another"),
        ("漏掉 ↓　错给 →", "missed ↓ wrongly given →"),
    )
    beside = _matrix(
        findings,
        counts.beside,
        ("顾此失彼", "One missed beside another"),
        ("漏掉 ↓　给对 →", "missed ↓ rightly given →"),
    )
    together = _matrix(
        findings, counts.together, ("标注里的同现", "Together in the labels"), ("有 ↓　又有 →", "has ↓ has too →")
    )
    return section("confusion", f'<div class="matrices">{instead}{beside}{together}</div>')


def words(findings: Findings) -> Section:
    """What each theme hangs on."""
    columns = []
    for number, top in enumerate(top_words(findings.trained.model, findings.stack.documents)):
        lists = _word_list(("说明是", "speaks for"), top.speak_for, "for")
        lists += _word_list(("说明不是", "speaks against"), top.against, "against")
        name = theme_name(findings.scheme, number)
        columns.append(f'<div class="words c{number + 1}"><h3>{name}</h3><div class="pair">{lists}</div></div>')
    return section("words", f'<div class="columns">{"".join(columns)}</div>')


def wrong_lines(findings: Findings) -> Section:
    """The lines whose labels surprise the model most."""
    rows = most_wrong(findings.held)
    lines = describe(rows[:MOST_LINES], findings.held, findings.stack, findings.trained.model)
    body = f'<ol class="lines">{"".join(_wrong_line(findings, line) for line in lines)}</ol>'
    if not lines:
        body = f'<p class="notice">{both("没有判错的段落。", "No line is wrong.")}</p>'
    return section("wrong", body, all=f"{len(rows):,}", shown=str(len(lines)))


def _matrix(findings: Findings, counts: Ints, title: tuple[str, str], corner: tuple[str, str]) -> str:
    """A table of counts, a cell tinted by its part of the largest of its table, in the colour of its row's theme."""
    themes = len(findings.scheme.themes)
    names = [theme_name(findings.scheme, number) for number in range(len(counts))]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    most = int(counts.max(initial=1))
    rows = "".join(
        f'<tr class="c{(number + 1) % (themes + 1)}"><th scope="row">{name}</th>'
        f"{''.join(_cells(row.tolist(), most, number))}</tr>"
        for number, (name, row) in enumerate(zip(names, counts, strict=True))
    )
    return (
        f'<div><h3>{both(*title)}</h3><div class="scroll" tabindex="0"><table class="matrix"><thead><tr>'
        f"<th>{both(*corner)}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>"
    )


def _cells(counts: list[int], most: int, own: int) -> Iterator[str]:
    for column, count in enumerate(counts):
        if column == own and not count:
            yield '<td class="own">·</td>'
        else:
            yield f'<td style="--a:{_DARKEST * count / most:.3f}">{f"{count:,}" if count else ""}</td>'


def _word_list(title: tuple[str, str], words: Sequence[TopWord], kind: str) -> str:
    most = max((abs(word.weight) for word in words), default=1.0)
    rows = "".join(
        f'<li><span class="word">{escape(word.text)}</span>'
        f'<span class="amount"><i style="width:{abs(word.weight) / most:.1%}"></i></span>'
        f'<span class="num">{signed(word.weight, 1)}</span><span class="num count">{word.count}</span></li>'
        for word in words
    )
    return f'<div class="{kind}"><h4>{both(*title)}</h4><ol>{rows}</ol></div>'


def _wrong_line(findings: Findings, line: WrongLine) -> str:
    worst = line.faults[0]
    themes = given(findings.scheme, (("标注", "label"), line.labels), (("模型", "model"), line.found))
    return (
        f'<li>{place(line.report, line.line)}<p class="text c{worst.theme + 1}">{_marked(line.text, worst)}</p>'
        f"{themes}{''.join(_fault(findings, line.text, fault) for fault in line.faults)}</li>"
    )


def _fault(findings: Findings, text: str, fault: Fault) -> str:
    what = both("漏了", "missed") if fault.missed else both("多给", "given wrongly")
    threshold = f"{findings.trained.model.decision.threshold[fault.theme]:.0%}"
    chance = html_chance(fault.probability)
    final = f"{both('最终模型', 'final model')} {html_chance(fault.final)}"
    reasons = "".join((*_word_reasons(text, fault.words), *_context_reasons(fault.context)))
    return (
        f'<div class="fault"><span class="verdict">{what}{theme_name(findings.scheme, fault.theme)}'
        f"<b>{chance}</b> {both('阈值', 'threshold')} {threshold} <small>({final})</small></span>"
        f'<span class="reasons">{reasons}</span></div>'
    )


def _word_reasons(text: str, found: Sequence[Word]) -> Iterator[str]:
    """Words with their weights, the strongest first; the same word counts once, with all its weight."""
    weights: dict[str, float] = {}
    for word in found:
        name = text[word.start : word.end]
        weights[name] = weights.get(name, 0.0) + word.weight
    for name, weight in sorted(weights.items(), key=lambda item: -abs(item[1])):
        yield _reason(escape(name), weight)


def _context_reasons(context: dict[str, float]) -> Iterator[str]:
    for name, weight in context.items():
        if round(weight, 1):
            yield _reason(both(*_CONTEXT.get(name, (escape(name),) * 2)), weight, " context")


def _reason(name: str, weight: float, kind: str = "") -> str:
    side = "for" if weight > 0 else "against"
    return f'<span class="reason {side}{kind}">{name} <span class="num">{signed(weight, 1)}</span></span>'


def _marked(text: str, fault: Fault) -> str:
    """The text, no longer than can be read, the words of a fault marked."""
    shown, pieces, at = shortened(text), [], 0
    for word in _apart(fault.words, min(len(text), MOST_CHARACTERS)):
        kind = "" if word.weight > 0 else ' class="against"'
        pieces += [escape(shown[at : word.start]), f"<mark{kind}>{escape(shown[word.start : word.end])}</mark>"]
        at = word.end
    return "".join((*pieces, escape(shown[at:])))


def _apart(found: Sequence[Word], length: int) -> Iterator[Word]:
    """Words in the order of the text, without those that overlap one before or reach beyond `length`."""
    at = 0
    for word in sorted(found, key=lambda word: (word.start, -word.end)):
        if at <= word.start < word.end <= length:
            yield word
            at = word.end
