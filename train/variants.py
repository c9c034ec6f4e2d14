"""Variants of our model: what a row of the ablation table lacks, has instead, or has more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from labels.corpus import CorpusReport
from labels.scheme import Scheme
from model.context import CONTEXT
from model.features import OTHER, ROWS, Ints, Occurrences, classes, rows_of, spans_hash
from model.passages import Passages
from train.stack import Stack, stack_reports

LONGEST_CLAUSE: Final = 40
_TRIPLE, _WORD_PAIR = (np.uint64(salt * 0xA24BAED4963EE407 % 2**64) for salt in (4, 5))
_COMMA: Final = ord(",")

Reader = Callable[[Sequence[CorpusReport], Scheme], Stack]


@dataclass(frozen=True, slots=True)
class Variant:
    """One row. reader: how reports are read. without: features that the second stage does not have.

    tuned: whether thresholds are chosen, or 0.5. by_report: whether the second stage learns from
    first stages that lack the report's fold instead of its group of slices.
    """

    name: str
    title: str
    reader: Reader = stack_reports
    without: tuple[str, ...] = ()
    tuned: bool = True
    by_report: bool = False


def without_terms(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """The stack of reports whose scheme has no terms, neither as features nor as words of the segmenter."""
    bare = Scheme(tuple(replace(theme, terms=()) for theme in scheme.themes))
    return stack_reports(reports, bare)


def whole_paragraphs(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Every paragraph is one sentence."""
    return _changed(stack_reports(reports, scheme), lambda passages: _divided(passages, passages.clean.bounds[1:-1]))


def clauses(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Sentences also end at the first comma behind LONGEST_CLAUSE characters."""
    return _changed(stack_reports(reports, scheme), lambda passages: _divided(passages, _clause_starts(passages)))


def without_pairs(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Words only."""

    def words_only(passages: Passages) -> Passages:
        count, known = len(passages.words.start), passages.occurrences
        return _with_occurrences(passages, Occurrences(known.rows[:count], known.start[:count], known.end[:count]))

    return _changed(stack_reports(reports, scheme), words_only)


def with_triples(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Three characters without punctuation between them are a feature, too."""

    def more(passages: Passages) -> Passages:
        kinds = classes()[passages.clean.codes] != OTHER
        start = np.flatnonzero(kinds[:-2] & kinds[1:-1] & kinds[2:])
        return _with_more(passages, start, start + 3, _TRIPLE)

    return _changed(stack_reports(reports, scheme), more)


def with_word_pairs(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Two words that touch are a feature, too."""

    def more(passages: Passages) -> Passages:
        words = passages.words
        touching = np.flatnonzero(words.end[:-1] == words.start[1:])
        return _with_more(passages, words.start[touching], words.end[touching + 1], _WORD_PAIR)

    return _changed(stack_reports(reports, scheme), more)


def _changed(stack: Stack, change: Callable[[Passages], Passages]) -> Stack:
    """The stack with other passages in its documents, and counted anew."""
    documents = tuple(replace(document, passages=change(document.passages)) for document in stack.documents)
    passages = [document.passages for document in documents]
    paragraph_of = _numbered([(each.paragraph_of, len(each.first_sentence)) for each in passages])
    sentence = _numbered([(each.sentence_of, len(each.paragraph_of)) for each in passages])
    rows = np.concatenate([each.occurrences.rows for each in passages])
    counts = csr_matrix((np.ones(len(rows)), (sentence, rows)), shape=(len(paragraph_of), ROWS))
    ...
