"""The labelled corpus as stacked arrays: every report read exactly as prediction reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from labels.corpus import CorpusLine, CorpusReport
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme
from model.clean import clean_paragraphs
from model.context import Frame, frame_of
from model.features import ROWS, Ints
from model.lexical import dense_columns, term_counts
from model.paragraphs import Paragraph
from model.passages import Passages, read_passages
from model.terms import TermFinder
from model.words import segmenter

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Document:
    """One labelled report, read: all its paragraphs, and where the themed ones stand."""

    name: str
    slice: str
    passages: Passages
    frame: Frame
    lines: tuple[CorpusLine, ...]


@dataclass(frozen=True)
class Stack:
    """All reports of a corpus under one numbering of sentences and paragraphs.

    labels, judged: (n, themes) whether a paragraph has a theme, and whether somebody looked for it.
    report_of: (n,) the report of each paragraph. paragraph_of: (s,) that of each sentence.
    counts: (s, ROWS) occurrences of every feature in every sentence.
    terms: (s, themes). figures: (s,).
    """

    documents: tuple[Document, ...]
    labels: Bools
    judged: Bools
    themed: Bools
    report_of: Ints
    paragraph_of: Ints
    counts: csr_matrix
    terms: Ints
    figures: Bools

    @cached_property
    def slices(self) -> NDArray[np.str_]:
        return np.array([document.slice for document in self.documents])

    @cached_property
    def lengths(self) -> Ints:
        return np.concatenate([document.passages.lengths for document in self.documents])

    @cached_property
    def body(self) -> Bools:
        """(n,) whether a paragraph is body text."""
        return np.array([line.role == "body" for document in self.documents for line in document.lines])

    @cached_property
    def sums(self) -> csr_matrix:
        """(n, ROWS) occurrences of every feature in every paragraph."""
        size = len(self.paragraph_of)
        belongs = csr_matrix(
            (np.ones(size), (self.paragraph_of, np.arange(size))),
            shape=(len(self.report_of), size),
        )
        return csr_matrix(belongs @ self.counts)

    @cached_property
    def sentence_dense(self) -> NDArray[np.float64]:
        return dense_columns(self.terms, self.figures)

    @cached_property
    def line_terms(self) -> Ints:
        """(n, themes) terms in every paragraph."""
        first = np.flatnonzero(np.diff(self.paragraph_of, prepend=-1))
        return np.asarray(np.add.reduceat(self.terms, first, axis=0))

    @cached_property
    def line_dense(self) -> NDArray[np.float64]:
        first = np.flatnonzero(np.diff(self.paragraph_of, prepend=-1))
        return dense_columns(self.line_terms, np.maximum.reduceat(self.figures, first))


def read_document(report: CorpusReport, scheme: Scheme, finder: TermFinder) -> Document:
    """Read one labelled report through the same steps as prediction, with its labelled roles."""
    text = "\n".join(line.text for line in report.lines)
    ends = np.cumsum([len(line.text) + 1 for line in report.lines]).tolist()
    paragraphs = [
        Paragraph(end - 1 - len(line.text), end - 1, number)
        for number, (line, end) in enumerate(zip(report.lines, ends, strict=True), 1)
    ]
    passages = read_passages(clean_paragraphs(text, paragraphs), segmenter(all_terms(scheme)), finder)
    return Document(
        report.name, report.slice, passages, frame_of([line.role for line in report.lines]), report.lines
    )


def all_terms(scheme: Scheme) -> tuple[str, ...]:
    """Every term of the scheme, in its order."""
    return tuple(term for theme in scheme.themes for term in theme.terms)


def term_finder(scheme: Scheme) -> TermFinder:
    """The finder of the scheme's terms, themes numbered in its order."""
    return TermFinder([theme.terms for theme in scheme.themes])


def stack_reports(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Read and stack labelled reports."""
    finder = term_finder(scheme)
    documents = tuple(read_document(report, scheme, finder) for report in reports)
    sizes = [len(document.lines) for document in documents]
    sentences = [len(document.passages.paragraph_of) for document in documents]
    paragraph_start = np.cumsum([0, *sizes[:-1]])
    sentence_start = np.cumsum([0, *sentences[:-1]])
    rows = np.concatenate([document.passages.occurrences.rows for document in documents])
    sentence = np.concatenate(
        [document.passages.sentence_of + start for document, start in zip(documents, sentence_start, strict=True)]
    )
    lines = [line for document in documents for line in document.lines]
    return Stack(
        documents=documents,
        labels=np.array([[theme in line.themes for theme in scheme.ids] for line in lines]),
        judged=np.array(
            [[line.role in THEMED_ROLES and theme in (line.considered or ()) for theme in scheme.ids] for line in lines]
        ),
        themed=np.array([line.role in THEMED_ROLES for line in lines]),
        report_of=np.repeat(np.arange(len(documents)), sizes),
        paragraph_of=np.concatenate(
            [document.passages.paragraph_of + start for document, start in zip(documents, paragraph_start, strict=True)]
        ),
        counts=csr_matrix((np.ones(len(rows)), (sentence, rows)), shape=(sum(sentences), ROWS)),
        terms=np.concatenate([term_counts(document.passages, len(scheme.ids)) for document in documents]),
        figures=np.concatenate([document.passages.figures for document in documents]),
    )
