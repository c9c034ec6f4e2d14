"""Near-duplicates: the filter finds exactly what comparing all with all finds."""

from __future__ import annotations

import random

import pytest

from labels.near_duplicates import letters, near_pairs


def pieces(text: str) -> set[str]:
    bare = letters(text)
    return {bare[at : at + 4] for at in range(max(len(bare) - 3, 1))} if bare else set()


@pytest.mark.parametrize("least", [0.3, 0.5, 0.8, 1.0])
def test_no_pair_is_missed(least: float):
    """On random texts of few letters, changed copies among them, it is the pairs with that Jaccard index."""
    rng = random.Random(0)
    texts = ["".join(rng.choices("甲乙丙丁", k=rng.randint(0, 30))) for _ in range(60)]
    texts += [text[: rng.randint(0, len(text))] + rng.choice("甲乙！") + text[3:] for text in texts]
    sets = [pieces(text) for text in texts]
    wanted = {
        (one, other)
        for other in range(len(sets))
        for one in range(other)
        if sets[one] and sets[other] and len(sets[one] & sets[other]) / len(sets[one] | sets[other]) >= least
    }
    found = list(near_pairs(texts, least))
    assert wanted
    assert {(pair.first, pair.second) for pair in found} == wanted
    assert len(found) == len(wanted)


@pytest.mark.parametrize("text", ["", "……！", "　"])
def test_a_text_without_letters_is_like_nothing(text: str):
    """Two lines of dots are no duplicates of each other."""
    assert list(near_pairs([text, text, "全市排查纠纷"])) == []
