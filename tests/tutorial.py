"""What a tutorial on Chinese text classification leads to, to measure against: OpenCC, jieba, a scikit-learn pipeline.

As a program: `python -m tests.tutorial MODEL REPORT` tags the lines of a report with a model that `fit` saved.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import joblib


def words(text: str) -> list[str]:
    """Simplified words."""
    import jieba

    return jieba.lcut(_converter().convert(text))


@cache
def _converter():
    from opencc import OpenCC

    return OpenCC("t2s")


def fit(path: Path) -> None:
    """Fit the pipeline on the bundled corpus and save it."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    from labels.corpus import load_corpus
    from labels.scheme import load_scheme

    scheme = load_scheme()
    lines = [line for report in load_corpus(scheme=scheme) for line in report.lines if line.role == "body"]
    marks = [[int(theme in line.themes) for theme in scheme.ids] for line in lines]
    pipeline = make_pipeline(TfidfVectorizer(tokenizer=words, token_pattern=None), OneVsRestClassifier(LinearSVC()))
    joblib.dump(pipeline.fit([line.text for line in lines], np.array(marks)), path)


def rows(pipeline, text: str) -> list[str]:
    """A row of JSON for every line of a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = zip(lines, pipeline.predict(lines).tolist(), strict=True)
    return [json.dumps({"text": line, "themes": themes}, ensure_ascii=False) for line, themes in found]


if __name__ == "__main__":
    model, report = map(Path, sys.argv[1:])
    sys.stdout.write("\n".join(rows(joblib.load(model), report.read_text("utf-8"))))
