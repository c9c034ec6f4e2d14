"""How long a paragraph takes on its whole way from text to rows, over the bundled reports: `make bench`."""

from __future__ import annotations

import statistics
from time import perf_counter

from labels.corpus import load_corpus
from labels.scheme import load_scheme
from zhengfa import load

ROUNDS = 5


def main() -> None:
    reports = load_corpus(scheme=load_scheme())
    paragraphs = sum(len(report.lines) for report in reports)
    texts = ["\n".join(line.text for line in report.lines) for report in reports]
    start = perf_counter()
    tagger = load()
    tagger.annotate(texts[0])
    print(f"ready after {perf_counter() - start:.2f} s; {len(texts)} reports, {paragraphs} paragraphs")
    rounds = [_seconds(tagger.annotate, texts) * 1e6 / paragraphs for _ in range(ROUNDS)]
    print(
        f"{statistics.median(rounds):.1f} µs a paragraph (of {ROUNDS} rounds: {min(rounds):.1f} to {max(rounds):.1f})"
    )


def _seconds(annotate, texts: list[str]) -> float:
    start = perf_counter()
    for text in texts:
        annotate(text)
    return perf_counter() - start


if __name__ == "__main__":
    main()
