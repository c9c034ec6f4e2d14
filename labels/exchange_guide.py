"""What a reviewer with only a spreadsheet has to know: the sheet behind the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from labels.exchange import DECIDED
from labels.exchange_words import ROLE_LABELS, STATE_LABELS, YES, theme_labels
from labels.scheme import Scheme

_DECIDED: Final = STATE_LABELS[DECIDED]
_TEXTS: Final = (
    (
        "怎么做 / What to do",
        f"逐行看“段落”，在黄色各列作答：属于哪个主题就选“{YES}”，不属于就留空；看完一行，状态选“{_DECIDED}”。",
        "一个主题也没有也是答案：主题全部留空，状态照选。拿不准就选跳过。",
        f"Read each row's text and answer in the yellow columns: choose {YES} for every theme that the text is about,",
        f"leave the others empty, then set the status to “{_DECIDED}”.",
        "No theme at all is an answer, too: leave all empty and set the status. Skip what you cannot judge.",
    ),
    (
        "状态 / status",
        "状态为空的行视为没看过，即使已预填主题。预填的是模型的建议，可能是错的；没有预填的行是盲审。",
        "A row without a status counts as not reviewed, whatever is filled in. What is filled in is the model's",
        "suggestion, which may be wrong; rows without one are shown blind.",
    ),
    (
        "请勿 / please do not",
        "不要改动其他列、表头和隐藏的列，不要增删列；可以筛选。存为 .xlsx（或 CSV UTF-8），文件名可改。",
        "Do not change other columns, the header row or the hidden columns; filtering is fine.",
        "Save as .xlsx (or CSV UTF-8); the file may be renamed.",
    ),
)


def guide(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Rows of a heading and its explanation, Chinese and English."""
    for head, *lines in _TEXTS:
        yield head, "\n".join(lines)
    labels = theme_labels(scheme)
    for theme in scheme.themes:
        yield labels[theme.id], f"{theme.description_zh}\n{theme.name_en}: {theme.description_en}"
    roles = "；".join(ROLE_LABELS.values())
    yield "角色 / role", f"{roles}\n只有正文和小标题有主题。Only body and headings have themes."
