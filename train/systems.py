"""What a tagger is to a comparison, and the two that are our own: our model, and counting the scheme's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Final, Protocol

import numpy as np

from labels.scheme import Scheme
from model.features import Bools
from model.themes import score_themes
from train.stack import Document
from train.themes import train_themes
from train.trials import Part

LEAST_TERMS: Final = 2

# From a part to the themes (t, K) of its headings and body paragraphs.
Predictor = Callable[[Part], Bools]


class UnavailableError(Exception):
    """A system cannot take part here; the message says why and what to do."""


class System(Protocol):
    """Learns themes from labelled paragraphs: of all systems the same ones, headings and body text."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    def fit(self, part: Part) -> Predictor:
        """Learn from a part; raises UnavailableError."""


@dataclass(frozen=True, slots=True)
class OurModel:
    """Both stages, fitted on nothing but the part."""

    scheme: Scheme
    jobs: int = 2
    name: str = "ours"
    title: str = "本模型"

    def fit(self, part: Part) -> Predictor:
        model = train_themes(part.stack, self.scheme, part.reports, jobs=self.jobs).model

        def predict(asked: Part) -> Bools:
            return _of_documents(
                asked,
                lambda document: score_themes(model, document.passages, [line.role for line in document.lines]).has,
            )

        return predict


@dataclass(frozen=True, slots=True)
class TermCounting:
    """A theme where at least two different terms of it stand; learns nothing."""

    name: str = "terms"
    title: str = "主题词计数"

    def fit(self, part: Part) -> Predictor:
        themes = part.labels.shape[1]
        return lambda asked: _of_documents(asked, lambda document: _with_terms(document, themes))


def _of_documents(asked: Part, themes_of: Callable[[Document], Bools]) -> Bools:
    chosen = [document for document in compress(asked.stack.documents, asked.reports) if len(document.frame.themed)]
    return np.vstack([np.zeros((0, asked.labels.shape[1]), dtype=np.bool_), *map(themes_of, chosen)])


def _with_terms(document: Document, themes: int) -> Bools:
    """(t, themes) of one document."""
    counts = np.zeros((len(document.lines), themes), dtype=np.int64)
    for paragraph, theme, _ in set(_outer_terms(document)):
        counts[paragraph, theme] += 1
    found: Bools = counts[document.frame.themed] >= LEAST_TERMS
    return found


def _outer_terms(document: Document) -> Iterator[tuple[int, int, str]]:
    """Paragraph, theme and text of every term that does not stand inside a longer one of its theme."""
    passages, text = document.passages, document.passages.clean.text
    columns = (passages.terms.start, -passages.terms.end, passages.terms.theme, passages.term_sentence)
    last = dict.fromkeys(passages.terms.theme.tolist(), 0)
    for start, end, theme, sentence in sorted(zip(*(column.tolist() for column in columns), strict=True)):
        if -end > last[theme]:
            last[theme] = -end
            yield int(passages.paragraph_of[sentence]), theme, text[start:-end]
