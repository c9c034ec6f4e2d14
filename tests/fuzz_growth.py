"""Texts made to take long: four times the text may take four times the time, not sixteen; part of `make fuzz`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time

from labels.errors import UserError
from model.documents import source_of
from predict.jsonl import encode
from predict.tagger import Tagger
from tests.fuzz_documents import package
from zhengfa import load

SIZE = 20_000
# Between four (linear) and sixteen (square); less than so many seconds are noise.
MOST, NOISE = 9.0, 0.4
UNITS = {
    "short lines": "平安建设。\n",
    "no breaks": "平安建设，",
    "one character": "长长长长长",
    "Latin": "aaaaa",
    "numbers": "（一）",
    "open brackets": "(((((",
    "headings": "一、平安\n",
    "numbers in a line": "　　一、平安 ",
    "pinyin": "現(xiàn)",
    "spaces": "     ",
    "blank lines": "\n\n\n",
    "Windows": "平安\r\n\r\n",
    "digits": "1234567890",
    "dates": "2023年1月1日",
    "zero width": "平\u200b安\u202e",
    "marks": "e\u0301\u0301\u0301",
    "signs": "㈠㎡\x85",
    "sentences": "全市调解120件。",
    "quotes": "“““““",
    "dashes": "————",
    "addresses": "http://a.b/",
    "wide spaces": "平\u3000\u3000",
    "points": "1.1.",
    "wrapped": "平安建设平安建设平安建设平安建设\n",
    "Hangul": "\u1112\u1161\u11ab",
}
PAGES = {
    "nested": "<div>",
    "closed": "</div>",
    "paragraphs": "<p>平安",
    "tables": "<table><tr><td>平安",
    "comments": "<!--",
    "tags": "<",
    "attributes": "<p a=",
    "entities": "&nbsp;&#",
    "line breaks": "平安<br>",
    "links": "<a href=x>平安</a>",
    "lists": "<ul><li>平安",
}
WORDS = {"paragraphs": "<w:p><w:r><w:t>平安</w:t></w:r></w:p>", "breaks": "<w:p><w:r><w:t>平</w:t><w:br/></w:r></w:p>"}


def main() -> int:
    tagger, steep = load(), []
    for name, run in _families(tagger).items():
        _seconds(run, SIZE // 8)
        small, large = _seconds(run, SIZE), _seconds(run, 4 * SIZE)
        slow = large > NOISE and large > MOST * small
        steep += [name] if slow else []
        print(f"{name:24} {small:6.2f} s {large:6.2f} s{'  steep' if slow else ''}", flush=True)
    print(f"{len(steep)} steep: {steep}")
    return 1 if steep else 0


def _families(tagger: Tagger) -> dict[str, Callable[[int], object]]:
    def text(unit: str) -> Callable[[int], object]:
        return lambda times: encode(tagger.annotate(f"{unit * times}平"))

    def page(unit: str) -> Callable[[int], object]:
        return lambda times: source_of(f"<html>{unit * times}平".encode(), "a.html")

    def word(unit: str) -> Callable[[int], object]:
        return lambda times: source_of(package(unit * times), "a.docx")

    return {
        **{name: text(unit) for name, unit in UNITS.items()},
        **{f"HTML, {name}": page(unit) for name, unit in PAGES.items()},
        **{f"DOCX, {name}": word(unit) for name, unit in WORDS.items()},
    }


def _seconds(run: Callable[[int], object], times: int) -> float:
    start = process_time()
    try:
        run(times)
    except UserError as error:
        del error
    return process_time() - start


if __name__ == "__main__":
    sys.exit(main())
