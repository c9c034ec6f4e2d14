"""Word comments: the themes of a paragraph, how probable they are, and the words that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from labels.flowing import flowing
from labels.markup import chance
from predict.annotation import LineRow, ThemeScore
from predict.column_names import CONTEXT_NAMES, Names
from predict.docx_parts import Face, write_run
from predict.html_text import signed
from predict.package import xml_text
from predict.prose import strongest_words

_BOLD: Final = Face(bold=True)
_AUTHOR: Final = "zhengfa"
_INITIALS: Final = "ZF"
_FLAGS: Final = {
    "human": "人工认定 / decided by a person",
    "review": "待核：模型把握不足 / to check: the model is not sure",
}


def comment_on(document: Any, runs: Sequence[Any], line: LineRow, names: Mapping[str, Names]) -> None:
    """Comment a paragraph's runs with its themes, or with its doubt; nothing where there is neither."""
    flag = _flag(line, names)
    if not runs or not (line.themes or flag):
        return
    comment = document.add_comment(runs, author=_AUTHOR, initials=_INITIALS)
    # The same report gives the same file, whenever it is written.
    comment._comment_elm.date = None  # noqa: SLF001 - the date is read-only
    paragraphs = [comment.paragraphs[0], *(comment.add_paragraph() for _ in line.themes[1:])]
    for paragraph, theme in zip(paragraphs, line.themes, strict=False):
        _write(paragraph, theme, names)
    if flag:
        write_run(comment.add_paragraph() if line.themes else paragraphs[0], flag)


def _flag(line: LineRow, names: Mapping[str, Names]) -> str:
    """Who decided, with what the model would have said, or that the model is in doubt; empty for neither."""
    if line.decided_by != "human":
        return _FLAGS.get(line.band, "")
    if line.model_said is None:
        return _FLAGS["human"]
    said = "、".join(names.get(theme, (theme,))[0] for theme in line.model_said.themes) or "无主题 none"
    return f"{_FLAGS['human']}；模型原判 the model said: {said}"


def _write(paragraph: Any, theme: ThemeScore, names: Mapping[str, Names]) -> None:
    chinese, english = names.get(theme.id, (theme.id, ""))
    write_run(paragraph, f"{chinese} {chance(theme.probability)}", _BOLD)
    write_run(paragraph, f"　{english}\n阈值 threshold {theme.threshold:.0%}\n依据 evidence: {_evidence(theme)}")


def _evidence(theme: ThemeScore) -> str:
    """The sum behind a theme, in log-odds."""
    words, others = strongest_words(theme)
    parts = [(flowing(xml_text(word)), weight) for word, weight in words]
    parts += [("其他词语 other words", others)] if others else []
    parts += [(" ".join(CONTEXT_NAMES.get(name, (name,))), weight) for name, weight in theme.context.items()]
    parts.append(("其余 rest", theme.rest))
    listed = "，".join(f"{name} {signed(weight)}" for name, weight in parts)
    return f"{listed}；得分 score {signed(theme.score)}"
