"""Systems made of stock parts: what a tutorial on Chinese text classification has, and fastText."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from model.features import Bools
from model.lexical import Floats
from model.themes import probability_of
from train.folds import report_folds
from train.measures import f1_scores
from train.systems import Predictor, UnavailableError
from train.trials import Part

# Those of fastText's own tutorial on several labels a text; one thread, so that runs are alike.
FASTTEXT: Final = {"loss": "ova", "lr": 0.5, "epoch": 25, "wordNgrams": 2, "bucket": 200_000, "dim": 50, "thread": 1}
_LABEL: Final = "__label__"


@dataclass(frozen=True, slots=True)
class Tutorial:
    """jieba's words, TF-IDF, a linear SVM a theme against the rest; with `pairs` 2-3 characters are features, too."""

    pairs: bool = False

    @property
    def name(self) -> str:
        return "tutorial-characters" if self.pairs else "tutorial"

    @property
    def title(self) -> str:
        return "教程方案加字组" if self.pairs else "教程方案"

    def fit(self, part: Part) -> Predictor:
        vectoriser = _vectoriser(self.pairs)
        try:
            matrix = vectoriser.fit_transform(part.texts)
        except ValueError as error:
            raise UnavailableError(f"语料里没有词 / nothing to learn from: {error}") from error
        columns = zip(part.labels.T, part.judged.T, strict=True)
        fits = [_against_the_rest(matrix[judged], wanted[judged]) for wanted, judged in columns]

        def predict(asked: Part) -> Bools:
            rows = vectoriser.transform(asked.texts)
            return np.column_stack([_with_theme(fit, rows) for fit in fits])

        return predict


@dataclass(frozen=True, slots=True)
class FastText:
    """fastText, a classifier a theme against the rest, each with the threshold that is best on a fifth held out."""

    name: str = "fasttext"
    title: str = "fastText"

    def fit(self, part: Part) -> Predictor:
        module = _fasttext()
        known: Bools = np.asarray(part.judged.all(axis=1))
        texts, labels = _words(part.texts), part.labels
        # Folds of other names than the reports' own, which may be those that the part lacks one of.
        folds = report_folds([f"{name}*" for name in part.stack.names])
        held = (folds[part.stack.examples.report_of] == 0)[part.rows]
        if not (known & ~held).any() or not (known & held).any():
            raise UnavailableError("报告太少 / too few reports that were judged for every theme")
        trial = _train(module, texts, labels, known & ~held)
        probability = _probability(trial, _chosen(texts, known & held), labels.shape[1])
        thresholds = [_best_threshold(*columns) for columns in zip(probability.T, labels[known & held].T, strict=True)]
        model = _train(module, texts, labels, known)
        return lambda asked: _probability(model, _words(asked.texts), labels.shape[1]) >= np.array(thresholds)


def _vectoriser(pairs: bool) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    words = TfidfVectorizer(preprocessor=_spaced)
    return make_union(words, TfidfVectorizer(analyzer="char", ngram_range=(2, 3))) if pairs else words


def _against_the_rest(matrix: Any, wanted: Bools) -> Any:
    """What OneVsRestClassifier fits for one theme, on the paragraphs judged for it; None where all are alike."""
    from sklearn.svm import LinearSVC

    return None if len(np.unique(wanted)) < 2 else LinearSVC(random_state=0).fit(matrix, wanted)


def _with_theme(fit: Any, rows: Any) -> Bools:
    return np.zeros(rows.shape[0], dtype=np.bool_) if fit is None else np.asarray(fit.predict(rows), dtype=np.bool_)


@cache
def _tokenizer() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@lru_cache(maxsize=1 << 16)
def _spaced(text: str) -> str:
    """The words of a text with blanks between them, as `jieba.lcut` cuts it."""
    return " ".join(_tokenizer().lcut(text.lower()))


def _best_threshold(probability: Floats, labels: Bools) -> float:
    """The threshold with the best F1, the middle one where several are as good."""
    grid = np.arange(0.05, 0.951, 0.01)
    f1 = f1_scores(np.broadcast_to(labels[:, None], (len(labels), len(grid))), probability[:, None] >= grid)
    return float(np.median(grid[f1 == f1.max()]))


def _words(texts: Sequence[str]) -> list[str]:
    """One line of words each, without what fastText takes for a label or a break."""
    return [" ".join(_spaced(text).replace(_LABEL, " ").split()) for text in texts]


def _chosen(texts: Sequence[str], marks: Bools) -> list[str]:
    return [texts[row] for row in np.flatnonzero(marks).tolist()]


def _fasttext() -> Any:
    try:
        return import_module("fasttext")
    except ImportError as error:
        raise UnavailableError("未安装 / not installed: pip install fasttext-wheel") from error


def _train(module: Any, texts: Sequence[str], labels: Bools, marks: Bools) -> Any:
    """Train on the marked lines; one without themes has a label, too, for fastText learns nothing from a bare line."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lines.txt"
        rows = (
            " ".join([*(f"{_LABEL}{theme}" for theme in _themes(labels[row])), texts[row]])
            for row in np.flatnonzero(marks).tolist()
        )
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return module.train_supervised(str(path), verbose=0, **FASTTEXT)


def _themes(marks: Bools) -> list[int]:
    """The numbers of a line's themes; of one without, the number after the last theme's."""
    return np.flatnonzero(marks).tolist() or [len(marks)]


def _probability(model: Any, texts: Sequence[str], themes: int) -> Floats:
    """(t, themes) probabilities; 0 for a theme that the model never met.

    From its vectors: `predict` fails with numpy 2, and for lists it gives all labels the first one's probability.
    """
    probability = np.zeros((len(texts), themes + 1))
    if texts:
        vectors = np.array([model.get_sentence_vector(text) for text in texts], dtype=np.float64)
        order = [int(label.removeprefix(_LABEL)) for label in model.labels]
        probability[:, order] = probability_of(vectors @ model.get_output_matrix().T.astype(np.float64))
    return probability[:, :themes]
