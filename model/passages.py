"""A report as the theme model sees it: paragraphs, their sentences, features and terms, all as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.clean import CleanText
from model.features import DIGIT, Ints, Occurrences, Words, classes, find_words, occurrences
from model.simplify import TABLE_SIZE, Codes
from model.terms import TermFinder, TermMatches
from model.words import Cut

# What ends a sentence, after NFKC; a run of these ends it once.
_ENDERS: Final = "。！？；!?;\n"
# A comma does, too, behind a clause of so many characters: one work of the many that a sentence may list.
CLAUSE: Final = 13
_COMMA: Final = ord(",")
# A paragraph of more than so many characters is read in pieces of about so many at most.
LONG: Final = 250
PIECE: Final = 200


@dataclass(frozen=True, slots=True)
class Passages:
    """One report: n paragraphs, s sentences, m feature occurrences, t terms.

    A sentence is what stands up to a full stop or the like, or to the comma behind a long clause.
    sentence_start: (s + 1,) first character of each sentence, and the end of the text.
    paragraph_of: (s,) the paragraph of each sentence. first_sentence: (n,) the first sentence of each paragraph.
    sentence_of: (m,) the sentence of each occurrence. term_sentence: (t,) that of each term.
    figures: (s,) whether a sentence holds a digit.
    """

    clean: CleanText
    words: Words
    occurrences: Occurrences
    terms: TermMatches
    sentence_start: Ints
    paragraph_of: Ints
    first_sentence: Ints
    sentence_of: Ints
    term_sentence: Ints
    figures: NDArray[np.bool_]

    @property
    def starts(self) -> Ints:
        """First character of each paragraph, and the end of the text, shape (n + 1,)."""
        starts: Ints = self.sentence_start[np.append(self.first_sentence, len(self.paragraph_of))]
        return starts

    @property
    def lengths(self) -> Ints:
        """Characters of each paragraph, shape (n,)."""
        return np.diff(self.starts) - 1


def read_passages(clean: CleanText, cut: Cut, finder: TermFinder) -> Passages:
    """Find sentences, words, features and terms of clean text."""
    words = find_words(clean.codes, cut(clean.text))
    features = occurrences(clean.codes, words)
    terms = finder.find(clean.codes)
    ends = _sentence_ends(clean)
    sentence = np.cumsum(_marks(ends, len(clean.codes) + 1))
    first = sentence[clean.bounds[:-1]]
    figures = np.zeros(len(ends) + 1, dtype=np.bool_)
    figures[sentence[np.flatnonzero(classes()[clean.codes] == DIGIT)]] = True
    return Passages(
        clean=clean,
        words=words,
        occurrences=features,
        terms=terms,
        sentence_start=np.concatenate(([0], ends)),
        paragraph_of=np.cumsum(_marks(first[1:], len(ends))),
        first_sentence=first,
        sentence_of=sentence[features.start],
        term_sentence=sentence[terms.start],
        figures=figures[:-1],
    )


def in_pieces(passages: Passages) -> tuple[Passages, Ints]:
    """The same text with pieces of long paragraphs as its paragraphs, and the paragraph of each piece.

    A paragraph of more than LONG characters is cut behind full stops and the like into as many pieces as PIECE
    characters go into it, all about as long.
    """
    starts, lengths = passages.starts, passages.lengths
    if not (lengths > LONG).any():
        return passages, np.arange(len(lengths))
    ends_at = passages.clean.codes[passages.sentence_start[1:] - 1]
    opens = np.flatnonzero(np.concatenate(([True], ends_at[:-1] != _COMMA)))
    paragraph = passages.paragraph_of[opens]
    edges = passages.sentence_start[np.append(opens, len(ends_at))]
    twice_the_middle = edges[:-1] + edges[1:] - 2 * starts[paragraph]
    pieces = np.where(lengths > LONG, -(-lengths // PIECE), 1)
    place = twice_the_middle * pieces[paragraph] // (2 * (lengths[paragraph] + 1))
    begins = (np.diff(paragraph, prepend=-1) != 0) | (np.diff(place, prepend=-1) != 0)
    first = opens[begins]
    piece_of = np.cumsum(_marks(first, len(ends_at))) - 1
    return replace(passages, paragraph_of=piece_of, first_sentence=first), paragraph[begins]


def _marks(places: Ints, size: int) -> Ints:
    """(size,) 1 at `places`, 0 elsewhere."""
    marks = np.zeros(size, dtype=np.int64)
    marks[places] = 1
    return marks


def _sentence_ends(clean: CleanText) -> Ints:
    """Where sentences end (exclusive); the end of every paragraph is one."""
    ends = _enders()[clean.codes]
    last = np.ones(len(ends), dtype=np.bool_)
    np.logical_not(ends[1:], out=last[:-1])
    # A newline always ends; before it, an ender that it follows does not.
    last[clean.bounds[1:] - 1] = True
    ends &= last
    places = np.flatnonzero(ends | _commas(clean.codes)) + 1
    return places[ends[places - 1] | (np.diff(places, prepend=0) >= CLAUSE)]


def _commas(codes: Codes) -> NDArray[np.bool_]:
    """(n,) which characters are commas, but for those inside a number."""
    commas: NDArray[np.bool_] = codes == _COMMA
    digits = classes()[codes] == DIGIT
    commas[1:-1] &= ~(digits[:-2] & digits[2:])
    return commas


@cache
def _enders() -> NDArray[np.bool_]:
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    table[[ord(char) for char in _ENDERS]] = True
    return table
