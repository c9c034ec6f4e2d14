"""The labelled corpus as stacked arrays: every report read exactly as prediction reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from labels.corpus import CorpusLine, CorpusReport
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme
from model.clean import CleanText, clean_paragraphs
from model.context import Frame, frame_of
from model.features import ROWS, Bools, Ints
from model.lexical import dense_columns, term_counts
from model.paragraphs import Paragraph
from model.passages import Passages, read_passages
from model.terms import TermFinder
from model.words import segmenter


@dataclass(frozen=True, slots=True)
class Document:
    """One labelled report, read: all its paragraphs, and where the themed ones stand.

    rationale: (characters, themes) what of the clean text somebody marked as giving its paragraph a theme.
    """

    name: str
    slice: str
    passages: Passages
    frame: Frame
    lines: tuple[CorpusLine, ...]
    rationale: Bools


@dataclass(frozen=True, slots=True)
class Examples:
    """What the first stage learns from: n paragraphs of all reports, s sentences, under one numbering.

    labels, judged: (n, themes) whether a paragraph has a theme, and whether somebody looked for it.
    rationale: (s, themes) whether a sentence holds some of what gives its paragraph a theme, as somebody marked it.
    explained: (n, themes) whether somebody did so for a paragraph. weight: (n, themes) how much a label counts.
    themed: (n,) whether it is a heading or body. report_of: (n,) its report. paragraph_of: (s,).
    counts: (s, ROWS) and sums: (n, ROWS) occurrences of every feature. sentence_dense, line_dense:
    the dense columns of both.
    """

    labels: Bools
    judged: Bools
    rationale: Bools
    explained: Bools
    weight: NDArray[np.float64]
    themed: Bools
    report_of: Ints
    paragraph_of: Ints
    counts: csr_matrix
    sums: csr_matrix
    sentence_dense: NDArray[np.float64]
    line_dense: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stack:
    """All reports of a corpus: as documents, and as examples. body: (n,) whether a paragraph is body text."""

    documents: tuple[Document, ...]
    examples: Examples
    body: Bools

    @property
    def names(self) -> list[str]:
        """The names of the reports."""
        return [document.name for document in self.documents]

    @property
    def slices(self) -> list[str]:
        """The slice of each report."""
        return [document.slice for document in self.documents]


def clean_report(report: CorpusReport) -> CleanText:
    """The clean text of a labelled report, its lines as the paragraphs."""
    text = "\n".join(line.text for line in report.lines)
    ends = np.cumsum([len(line.text) + 1 for line in report.lines]).tolist()
    paragraphs = [
        Paragraph(end - 1 - len(line.text), end - 1, number)
        for number, (line, end) in enumerate(zip(report.lines, ends, strict=True), 1)
    ]
    return clean_paragraphs(text, paragraphs)


def read_document(report: CorpusReport, scheme: Scheme, finder: TermFinder) -> Document:
    """Read one labelled report through the same steps as prediction, with its labelled roles."""
    passages = read_passages(clean_report(report), segmenter(scheme.terms), finder)
    frame = frame_of([line.role for line in report.lines])
    rationale = _rationale(report.lines, scheme, passages.clean)
    return Document(report.name, report.slice, passages, frame, report.lines, rationale)


def _rationale(lines: Sequence[CorpusLine], scheme: Scheme, clean: CleanText) -> Bools:
    """(characters, themes) what was marked for a theme."""
    starts = np.cumsum([0, *(len(line.text) + 1 for line in lines)]).tolist()
    marks = np.zeros((starts[-1], len(scheme.ids)), dtype=np.bool_)
    for line, start in zip(lines, starts, strict=False):
        for theme, passages in line.rationales.items():
            for first, last in passages:
                marks[start + first : start + last, scheme.ids.index(theme)] = True
    return marks[clean.origin]


def sentence_rationale(documents: Sequence[Document]) -> Bools:
    """(s, themes) which sentences of all documents hold some of what was marked for a theme."""
    return np.concatenate(
        [
            np.logical_or.reduceat(document.rationale, document.passages.sentence_start[:-1], axis=0)
            for document in documents
        ]
    )


def term_finder(scheme: Scheme) -> TermFinder:
    """The finder of the scheme's terms, themes numbered in its order."""
    return TermFinder([theme.terms for theme in scheme.themes])


def stack_reports(reports: Sequence[CorpusReport], scheme: Scheme) -> Stack:
    """Read and stack labelled reports."""
    finder = term_finder(scheme)
    documents = tuple(read_document(report, scheme, finder) for report in reports)
    lines = [line for document in documents for line in document.lines]
    paragraph_of, counts = _sentences(documents)
    belongs = csr_matrix((np.ones(len(paragraph_of)), (paragraph_of, np.arange(len(paragraph_of)))))
    terms = np.concatenate([term_counts(document.passages, len(scheme.ids)) for document in documents])
    figures = np.concatenate([document.passages.figures for document in documents])
    first = np.flatnonzero(np.diff(paragraph_of, prepend=-1))
    examples = Examples(
        labels=np.array([[theme in line.themes for theme in scheme.ids] for line in lines]),
        judged=np.array([[_judged(line, theme) for theme in scheme.ids] for line in lines]),
        rationale=sentence_rationale(documents),
        explained=np.array([[theme in line.rationales for theme in scheme.ids] for line in lines]),
        weight=np.ones((len(lines), len(scheme.ids))),
        themed=np.array([line.role in THEMED_ROLES for line in lines]),
        report_of=np.repeat(np.arange(len(documents)), [len(document.lines) for document in documents]),
        paragraph_of=paragraph_of,
        counts=counts,
        sums=csr_matrix(belongs @ counts),
        sentence_dense=dense_columns(terms, figures),
        line_dense=dense_columns(np.add.reduceat(terms, first, axis=0), np.maximum.reduceat(figures, first)),
    )
    return Stack(documents, examples, np.array([line.role == "body" for line in lines]))


def _sentences(documents: Sequence[Document]) -> tuple[Ints, csr_matrix]:
    """Of all sentences the paragraph (s,) and the occurrences of every feature (s, ROWS), under one numbering."""
    passages = [document.passages for document in documents]
    ends = np.cumsum([len(own.paragraph_of) for own in passages])
    paragraph_start = np.cumsum([0, *(len(document.lines) for document in documents[:-1])])
    starts = list(zip(passages, [0, *ends[:-1]], paragraph_start, strict=True))
    paragraph_of = np.concatenate([own.paragraph_of + paragraph for own, _, paragraph in starts])
    sentence = np.concatenate([own.sentence_of + first for own, first, _ in starts])
    rows = np.concatenate([own.occurrences.rows for own in passages])
    return paragraph_of, csr_matrix((np.ones(len(rows)), (sentence, rows)), shape=(int(ends[-1]), ROWS))


def _judged(line: CorpusLine, theme: str) -> bool:
    return line.role in THEMED_ROLES and theme in (line.considered or ())
