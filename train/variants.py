"""Variants of our model: what a row of the ablation table lacks, has instead, or has more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from labels.corpus import CorpusReport
from labels.rationales import NO_RATIONALES
from labels.scheme import Scheme
from model.context import CONTEXT, DRAFT_FEATURES, FEATURES
from model.features import DIGIT, OTHER, Hashes, Ints, Occurrences, classes, rows_of, spans_hash
from model.lexical import dense_columns, term_counts
from model.passages import Passages
from train.stack import Stack, _sentences, sentence_rationale, stack_reports

_TRIPLE, _WORD_PAIR = (np.uint64(salt * 0xA24BAED4963EE407 % 2**64) for salt in (4, 5))
_TERMS: Final = ("terms", "sentence_terms", "heading_terms", "other_terms")
_OTHERS: Final = ("other_terms", "other_sentence", "other_line", "other_section")
_LINE: Final = ("line", "other_line", "any_line")
_ALL_CONTEXT: Final = tuple(feature for features in CONTEXT.values() for feature in features)

Reader = Callable[[Sequence[CorpusReport], Scheme], Stack]


@dataclass(frozen=True, slots=True)
class Variant:
    """One row. reader: how reports are read. without: features that the second stage does not have.

    by_report: whether the second stage learns from first stages that lack the report's fold instead of its group of
    slices. in_pieces: whether long paragraphs are read in pieces.
    """

    name: str
    title: str
    reader: Reader = stack_reports
    without: tuple[str, ...] = ()
    by_report: bool = False
    in_pieces: bool = True


def without_terms(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Read with a scheme that has no terms: neither as features nor as words of the segmenter."""
    return stack_reports(reports, Scheme(tuple(replace(theme, terms=()) for theme in scheme.themes)))


def without_rationales(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Nothing is known of which passages give a paragraph its themes."""
    bare = [tuple(replace(line, rationales=NO_RATIONALES) for line in report.lines) for report in reports]
    return stack_reports([replace(report, lines=lines) for report, lines in zip(reports, bare, strict=True)], scheme)


def whole_paragraphs(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Every paragraph is one sentence."""
    return _changed(stack_reports(reports, scheme), lambda passages: _divided(passages, passages.clean.bounds[:-1]))


def whole_sentences(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """No sentence ends at a comma."""
    return _changed(stack_reports(reports, scheme), lambda passages: _divided(passages, _starts(passages)))


def without_pairs(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Words only, no character pairs."""
    return _changed(stack_reports(reports, scheme), _words_only)


def with_triples(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Three characters in a row are a feature, too."""
    return _changed(stack_reports(reports, scheme), _and_triples)


def with_word_pairs(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Two words in a row are a feature, too."""
    return _changed(stack_reports(reports, scheme), _and_word_pairs)


VARIANTS: Final = (
    Variant("full", "完整模型"),
    Variant("no-heading", "无小标题", without=CONTEXT["heading"]),
    Variant("no-section", "无章节上下文", without=CONTEXT["section"]),
    Variant("no-report", "无全文上下文", without=CONTEXT["report"]),
    Variant("no-context", "无任何上下文", without=_ALL_CONTEXT),
    Variant("draft-only", "只读一遍", without=FEATURES[len(DRAFT_FEATURES) :]),
    Variant("no-line", "无整段得分", without=_LINE),
    Variant("no-mass", "无得分总量与占比", without=("mass", "share")),
    Variant("no-second-terms", "第二级无主题词", without=_TERMS),
    Variant("no-others", "无其他主题", without=_OTHERS),
    Variant("no-any", "无“有无主题”", without=("any_sentence", "any_line")),
    Variant("no-length", "无长度与数字", without=("length", "figure")),
    Variant("line-only", "只有整段得分", without=tuple(name for name in FEATURES if name != "line")),
    Variant("sentence-only", "只有最佳句得分", without=tuple(name for name in FEATURES if name != "sentence")),
    Variant("no-pieces", "长段不分块", in_pieces=False),
    Variant("by-report", "第二级按报告留出", by_report=True),
    Variant("no-rationales", "无依据标注", without_rationales),
    Variant("no-terms", "完全不用主题词", without_terms),
    Variant("whole-paragraphs", "整段不分句", whole_paragraphs),
    Variant("no-pairs", "无字对", without_pairs),
    Variant("triples", "加三字组", with_triples),
    Variant("word-pairs", "加词对", with_word_pairs),
    Variant("whole-sentences", "不按逗号分句", whole_sentences),
)


def _changed(stack: Stack, change: Callable[[Passages], Passages]) -> Stack:
    """The stack with changed passages; what is known of whole paragraphs stays but for the counts."""
    documents = tuple(replace(document, passages=change(document.passages)) for document in stack.documents)
    every = [document.passages for document in documents]
    paragraph_of, counts = _sentences(documents)
    belongs = csr_matrix((np.ones(len(paragraph_of)), (paragraph_of, np.arange(len(paragraph_of)))))
    terms = np.concatenate([term_counts(each, stack.examples.labels.shape[1]) for each in every])
    figures = np.concatenate([each.figures for each in every])
    examples = replace(
        stack.examples,
        paragraph_of=paragraph_of,
        counts=counts,
        sums=csr_matrix(belongs @ counts),
        rationale=sentence_rationale(documents),
        sentence_dense=dense_columns(terms, figures),
    )
    return replace(stack, documents=documents, examples=examples)


def _divided(passages: Passages, start: Ints) -> Passages:
    """The same text with sentences that begin at `start` (s,)."""
    codes, bounds = passages.clean.codes, passages.clean.bounds

    def sentence(at: Ints) -> Ints:
        return np.searchsorted(start, at, side="right") - 1

    figures = np.zeros(len(start), dtype=np.bool_)
    figures[sentence(np.flatnonzero(classes()[codes] == DIGIT))] = True
    return replace(
        passages,
        sentence_start=np.append(start, len(codes)),
        paragraph_of=np.searchsorted(bounds, start, side="right") - 1,
        first_sentence=sentence(bounds[:-1]),
        sentence_of=sentence(passages.occurrences.start),
        term_sentence=sentence(passages.terms.start),
        figures=figures,
    )


def _starts(passages: Passages) -> Ints:
    """Where sentences begin that no comma ends."""
    starts = passages.sentence_start[:-1]
    return np.asarray(starts[(starts == 0) | (passages.clean.codes[starts - 1] != ord(","))])


def _words_only(passages: Passages) -> Passages:
    count, known = len(passages.words.start), passages.occurrences
    occurrences = Occurrences(known.rows[:count], known.start[:count], known.end[:count])
    return replace(passages, occurrences=occurrences, sentence_of=passages.sentence_of[:count])


def _and_triples(passages: Passages) -> Passages:
    letters = classes()[passages.clean.codes] != OTHER
    start = np.flatnonzero(letters[:-2] & letters[1:-1] & letters[2:])
    return _and_more(passages, start, start + 3, _TRIPLE)


def _and_word_pairs(passages: Passages) -> Passages:
    words = passages.words
    touching = np.flatnonzero(words.end[:-1] == words.start[1:])
    return _and_more(passages, words.start[touching], words.end[touching + 1], _WORD_PAIR)


def _and_more(passages: Passages, start: Ints, end: Ints, salt: np.uint64) -> Passages:
    """With further features, characters start to end, both (m,); digits count as one class there, too."""
    known, codes = passages.occurrences, passages.clean.codes
    masked = np.where(classes()[codes] == DIGIT, np.uint32(ord("0")), codes)
    hashes: Hashes = spans_hash(masked, start, end)
    occurrences = Occurrences(
        np.concatenate((known.rows, rows_of(hashes, salt))),
        np.concatenate((known.start, start)),
        np.concatenate((known.end, end)),
    )
    sentence = np.searchsorted(passages.sentence_start, occurrences.start, side="right") - 1
    return replace(passages, occurrences=occurrences, sentence_of=sentence)
