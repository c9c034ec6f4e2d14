"""Evidence: the parts of a score sum to it, and each is what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from labels.scheme import Scheme
from model.clean import clean_paragraphs
from model.context import CONTEXT, FEATURES
from model.evidence import MOST_WORDS, Explanation, explain
from model.lexical import Lexical
from model.paragraphs import split_paragraphs
from model.passages import Passages, read_passages
from model.themes import ThemeModel, ThemeScores, score_themes
from model.words import segmenter
from train.stack import Stack, term_finder
from train.themes import Trained


@dataclass(frozen=True)
class Explained:
    """One report with the explanations of all its themes."""

    model: ThemeModel
    passages: Passages
    scores: ThemeScores
    why: dict[tuple[int, int], Explanation]


@pytest.fixture(scope="module")
def explained(small_stack: Stack, small_trained: Trained) -> list[Explained]:
    return [
        explain_passages(small_trained.model, document.passages, [line.role for line in document.lines])
        for document in small_stack.documents
    ]


def explain_passages(model: ThemeModel, passages: Passages, roles: list[str]) -> Explained:
    scores = score_themes(model, passages, roles)
    return Explained(model, scores.passages, scores, explain(model, scores))


def explain_text(model: ThemeModel, scheme: Scheme, text: str) -> Explained:
    """Explain a text, all of it body."""
    paragraphs = split_paragraphs(text)
    passages = read_passages(clean_paragraphs(text, paragraphs), segmenter(scheme.terms), term_finder(scheme))
    return explain_passages(model, passages, ["body"] * len(paragraphs))


def total(why: Explanation) -> float:
    return sum(weight for _, _, weight in why.words) + sum(why.context.values()) + why.rest


def cells(explained: list[Explained]) -> Iterator[tuple[Explained, int, int, Explanation]]:
    return ((one, row, theme, why) for one in explained for (row, theme), why in one.why.items())


def test_every_theme_found_is_explained(explained: list[Explained]):
    """There is an explanation for every theme of every paragraph, and for nothing else."""
    for one in explained:
        assert set(one.why) == set(zip(*(place.tolist() for place in np.nonzero(one.scores.has)), strict=True))


def test_parts_sum_to_the_score(explained: list[Explained]):
    """Words, context and rest sum to the log-odds, to the rounding of the latter."""
    checked = 0
    for one, row, theme, why in cells(explained):
        assert total(why) == pytest.approx(round(float(one.scores.log_odds[row, theme]), 4), abs=1e-6)
        checked += 1
    assert checked > 500


def test_the_rest_is_a_sum_of_its_own(explained: list[Explained]):
    """The rest is the bias, the features without a name, what the two scores hold besides words, and the small words.

    All but the small words are added up here from the model; what is left over is the sum of words
    each too small to show.
    """
    named = {"sentence", "line", *(part for parts in CONTEXT.values() for part in parts)}
    others = [number for number, name in enumerate(FEATURES) if name not in named]
    for one, row, theme, why in cells(explained):
        final = one.model.decision.readings.final
        kind = int(not one.scores.frame.body[row])
        known = final.bias[kind, theme]
        known += (
            one.scores.features[one.scores.deciding[row, theme], theme, others] @ final.weights[kind, theme, others]
        )
        known += constants(one, row, theme)
        small = small_words(one, row, theme, why)
        assert why.rest == pytest.approx(known + small, abs=0.001)


def constants(one: Explained, row: int, theme: int) -> float:
    """Bias, missing terms and figures of the best sentence and of the paragraph, as they count in the log-odds."""
    piece, lexical = piece_of(one, row, theme), one.scores.lexical
    own = np.flatnonzero(one.passages.paragraph_of == piece)
    best = int(own[lexical.sentence.scores[own, theme].argmax()])
    weights = weights_of(one, row, theme)
    return weights[FEATURES.index("sentence")] * constant(
        one.model.sentence, lexical.sentence.dense[best], theme
    ) + weights[FEATURES.index("line")] * constant(one.model.line, lexical.line.dense[piece], theme)


def piece_of(one: Explained, row: int, theme: int) -> int:
    """The number of the piece of a paragraph that decided."""
    return int(one.scores.pieces.themed[one.scores.deciding[row, theme]])


def weights_of(one: Explained, row: int, theme: int) -> np.ndarray:
    return one.model.decision.readings.final.weights[int(not one.scores.frame.body[row]), theme]


def constant(model: Lexical, dense: np.ndarray, theme: int) -> float:
    return float(dense[-2:] @ model.dense[-2:, theme] + model.bias[theme])


def small_words(one: Explained, row: int, theme: int, why: Explanation) -> float:
    """What the two scores give to words, less the words shown."""
    piece, lexical = piece_of(one, row, theme), one.scores.lexical
    features = one.scores.features[one.scores.deciding[row, theme], theme]
    parts = features * weights_of(one, row, theme)
    words = parts[FEATURES.index("sentence")] + parts[FEATURES.index("line")] - constants(one, row, theme)
    assert lexical.line.scores[piece, theme] == pytest.approx(features[FEATURES.index("line")])
    return float(words) - sum(weight for _, _, weight in why.words)


def test_words_are_the_strongest_in_order(explained: list[Explained]):
    """At most eight words are shown, in the order of the text, inside the piece that decided, none of little weight."""
    for one, row, theme, why in cells(explained):
        bounds = one.passages.clean.bounds
        paragraph = one.scores.frame.themed[row]
        first, last = one.passages.starts[piece_of(one, row, theme) :][:2]
        assert bounds[paragraph] <= first < last <= bounds[paragraph + 1]
        places = [place for start, end, _ in why.words for place in (start, end)]
        assert len(why.words) <= MOST_WORDS
        assert places == sorted(places)
        assert all(first <= place <= last for place in places)
        assert all(abs(weight) >= 0.05 for _, _, weight in why.words)
        assert list(why.context) == list(CONTEXT)


def test_a_clear_sentence_is_explained_by_its_words(small_trained: Trained, scheme: Scheme):
    """The words that speak for a theme are those a reader would name."""
    one = explain_text(small_trained.model, scheme, "各级人民调解组织排查化解矛盾纠纷120件，调解成功率达98%。")
    why = one.why[0, scheme.ids.index("mediation")]
    shown = {one.passages.clean.text[start:end]: weight for start, end, weight in why.words}
    assert any("调解" in word and weight > 0 for word, weight in shown.items())


def test_a_term_that_begins_with_a_mark(small_trained: Trained, scheme: Scheme):
    """What stands outside of words, as the marks of a term do, is part of the rest: the sum holds."""
    security = scheme.ids.index("security")
    themes = list(scheme.themes)
    themes[security] = replace(themes[security], terms=(*themes[security].terms, "“扫黑”", "《扫恶》"))
    text = "“扫黑”《扫恶》专项斗争打掉团伙3个。\n“扫黑”专项斗争扫黑除恶打击犯罪。"
    one = explain_text(small_trained.model, Scheme(tuple(themes)), text)
    assert len(one.passages.terms.start) > 3
    assert {theme for _, theme in one.why} >= {security}
    for (row, theme), why in one.why.items():
        assert total(why) == pytest.approx(float(one.scores.log_odds[row, theme]), abs=1e-4)


def test_a_word_said_thousands_of_times(small_trained: Trained, scheme: Scheme):
    """However often a word stands in one paragraph, scores stay numbers and sum up."""
    one = explain_text(small_trained.model, scheme, "人民调解" * 20_000 + "。" + "扫黑除恶、" * 20_000)
    assert np.isfinite(one.scores.log_odds).all()
    for (row, theme), why in one.why.items():
        assert total(why) == pytest.approx(float(one.scores.log_odds[row, theme]), rel=1e-6, abs=1e-4)
