"""Words: the segmenter of this process, with the terms of the scheme added to its dictionary."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from model.word_index import WordIndex

TERM_FREQUENCY: Final = 1000
SHORT: Final = 20_000  # characters; for longer texts an index saves no time

Cut = Callable[[str], list[str]]


@cache
def segmenter(terms: tuple[str, ...] = ()) -> Cut:
    """A function from text to its words in order (joined they are the text); HMM is off.

    rjieba where it is installed, else jieba: the same dictionary, the same words.
    """
    kind = _compiled()
    if kind is None:
        return _pure(terms)
    jieba = kind()
    for term in _new(terms, jieba.has_word):
        jieba.add_word(term, TERM_FREQUENCY, "n")
    return lambda text: jieba.cut(text, False)


def quick_segmenter(terms: tuple[str, ...], index: WordIndex) -> Cut:
    """The same function, but a short text that comes first does not wait until the dictionary is read."""
    kind = _compiled()
    if kind is None:
        return segmenter(terms)
    untried = True

    def cut(text: str) -> list[str]:
        nonlocal untried
        first, untried = untried, False
        if not first or len(text) > SHORT:
            return segmenter(terms)(text)
        jieba = kind.empty()
        for word, frequency in index.words_in(text):
            jieba.add_word(word, frequency, "n")
        return list(jieba.cut(text, False))

    return cut


def _compiled() -> Any:
    """The class of rjieba's segmenters, None where it is not installed."""
    package, name = find_spec("rjieba"), "rjieba.rjieba"
    if package is None:
        return None
    if name not in sys.modules:
        # Imported by its name the package builds a segmenter of its own first, which takes as long as ours.
        found = PathFinder.find_spec(name, package.submodule_search_locations)
        if found is None or found.loader is None:
            return import_module("rjieba").Jieba
        sys.modules[name] = module_from_spec(found)
        found.loader.exec_module(sys.modules[name])
    return sys.modules[name].Jieba


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
