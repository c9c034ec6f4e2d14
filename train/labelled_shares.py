"""The shares that themes have of a labelled report, by the passages that were marked for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labels.corpus import CorpusReport
from labels.scheme import Scheme
from model.lexical import Floats
from model.rollup import shares, weigh
from train.stack import Document, read_document, sentence_rationale, term_finder


def labelled_shares(reports: Sequence[CorpusReport], scheme: Scheme) -> list[Floats | None]:
    """Of each report the share of each theme and of none, (themes + 1,), counted as the roll-up counts them.

    A sentence has the themes that were marked in it; where nobody marked why a paragraph has a theme, all of its
    sentences have it. None for a report in which no passage was marked.
    """
    finder = term_finder(scheme)
    documents = (read_document(report, scheme, finder) for report in reports)
    return [_shares(document, scheme.ids) for document in documents]


def _shares(document: Document, ids: Sequence[str]) -> Floats | None:
    if not document.rationale.any():
        return None
    lines, passages = document.lines, document.passages
    labelled = np.array([[theme in line.themes for theme in ids] for line in lines])
    marked = np.array([[theme in line.rationales for theme in ids] for line in lines])
    body = np.array([line.role == "body" for line in lines])[passages.paragraph_of]
    paragraph = passages.paragraph_of[body]
    has = labelled[paragraph] & (sentence_rationale([document])[body] | ~marked[paragraph])
    return shares(weigh(np.diff(passages.sentence_start)[body], has, paragraph, len(lines)))
