"""Words: the segmenter of this process, with the terms of the scheme added to its dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

TERM_FREQUENCY: Final = 1000

Cut = Callable[[str], list[str]]


@cache
def segmenter(terms: tuple[str, ...] = ()) -> Cut:
    """A function from text to its words in order (joined they are the text); HMM is off.

    rjieba where it is installed, else jieba: the same dictionary, the same words.
    """
    try:
        import rjieba
    except ImportError:
        return _pure(terms)
    jieba = rjieba.Jieba()
    for term in _new(terms, jieba.has_word):
        jieba.add_word(term, TERM_FREQUENCY, "n")
    return lambda text: jieba.cut(text, False)


def _pure(terms: Iterable[str]) -> Cut:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for term in _new(terms, lambda word: bool(tokenizer.FREQ.get(word))):
        tokenizer.add_word(term, TERM_FREQUENCY)
    return lambda text: tokenizer.lcut(text, HMM=False)


def _new(terms: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    # A term that the dictionary has keeps its frequency there: adding it again makes the two segmenters differ.
    return [term for term in terms if not known(term)]
