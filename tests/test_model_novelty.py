"""Novelty tells text that is unlike the corpus."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import orjson
import pytest

from labels.corpus import load_corpus
from labels.scheme import Scheme
from predict.tagger import Tagger

TESTS = Path(__file__).parent
UNLIKE = orjson.loads((TESTS / "data" / "unlike.json").read_bytes())


def novelty(tagger: Tagger, paragraphs: list[str]) -> float:
    """The median over paragraphs."""
    return median(line.novelty for line in tagger.annotate("\n".join(paragraphs)).lines)


@pytest.fixture(scope="module")
def usual(small_tagger: Tagger, scheme: Scheme) -> float:
    """The novelty of reports of the genre that the model has not seen: the highest of all of them."""
    reports = load_corpus(TESTS.parent / "labels" / "development", scheme=scheme)
    return max(novelty(small_tagger, [line.text for line in report.lines if line.role == "body"]) for report in reports)


@pytest.mark.parametrize("kind", UNLIKE)
def test_novelty_rises_on_text_unlike_the_corpus(small_tagger: Tagger, usual: float, kind: str):
    """A law, a story, news of other things: each is newer than every unseen report of the genre."""
    assert novelty(small_tagger, UNLIKE[kind]) > usual
