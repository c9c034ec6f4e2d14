"""Near-duplicates: found whatever their figures and punctuation, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from labels.corpus import CorpusReport
from labels.minhash import leaders, letters, signature

TEXT = "全县共排查矛盾纠纷1234件，化解1200件，化解率达到97%，群众满意度明显提高，没有发生群体性事件。"


def found(*texts: str) -> list[int]:
    return leaders(np.array([signature(text) for text in texts])).tolist()


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.replace("1234", "9").replace("1200", "8").replace("97", "99.5"),
        TEXT.replace("，", ", ").replace("1234", "１２３４"),
        f"　　{TEXT}\n",
        TEXT.removesuffix("件。"),
    ],
)
def test_near_duplicates(other: str):
    """New figures, other punctuation, blanks or a letter less: the first stands for both."""
    assert found("打掉恶势力团伙三个。", TEXT, other) == [0, 1, 1]


def test_others_are_left_apart():
    """Lines that share words, and lines without letters beside lines with some, are lines of their own."""
    texts = (TEXT, "全县共打掉恶势力团伙3个，群众满意度明显提高。", "化解率", "化解", "——", "平安")
    assert found(*texts) == [0, 1, 2, 3, 4, 5]
    assert found("——", "", "…") == [0, 0, 0]
    assert found("长" * 2_000_000, "短") == [0, 1]
    assert leaders(np.empty((0, 64), np.uint16)).tolist() == []


def test_every_similar_line_of_the_corpus_is_found(corpus: list[CorpusReport]):
    """Against exact Jaccard indices of all pairs: at 0.9 and more all are found, and none below 0.6 is."""
    texts = [line.text for report in corpus[::18] for line in report.lines]
    texts += [f"据悉，{text[:-2]}" for text in texts if len(text) > 90]
    first = found(*texts)
    pieces = [{letters(text)[at : at + 4] for at in range(max(len(letters(text)) - 3, 1))} for text in texts]
    holders: dict[str, list[int]] = {}
    for number, own in enumerate(pieces):
        near = {other for piece in own for other in holders.get(piece, ())}
        best = max((len(own & pieces[other]) / len(own | pieces[other]) for other in near), default=0.0)
        assert first[number] < number or best < 0.9, texts[number]
        assert first[number] == number or best > 0.6, texts[number]
        for piece in own:
            holders.setdefault(piece, []).append(number)
    assert sum(leader < number for number, leader in enumerate(first)) > 50
