"""The review queue: lines of a run that are worth a person's minute, each with its reason and its chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np

from labels.corpus import CorpusReport, text_hash
from labels.errors import UserError
from labels.item import Item, Neighbour, item_id
from labels.population import Population, population
from labels.queue_corpus import suspected
from labels.reasons import reason
from labels.run_rows import RunLine, RunReport, read_runs
from labels.strata import Drawn, draw
from labels.trained import Trained

SIZE: Final = 200
STRATA: Final = ("doubtful", "label_error", "conflict", "novel", "random", "blind")
# Of the whole queue; the doubtful take what is left, and what another stratum cannot fill.
_PARTS: Final = {"label_error": 0.15, "conflict": 0.15, "novel": 0.1, "random": 0.2, "blind": 0.1}
NEIGHBOURS: Final = 3


def make_queue(
    runs: Sequence[Path], trained: Trained, corpus: Sequence[CorpusReport], size: int = SIZE, seed: int = 0
) -> list[Item]:
    """Draw a queue of `size` items from the outputs of annotate and from the corpus.

    Lines that a person decided or that the corpus has judged for every theme are not asked again. The same input, size
    and seed give the same queue. UserError where there is nothing to ask.
    """
    if size < len(STRATA):
        raise UserError(f"--size {size}: a queue has {len(STRATA)} kinds of lines; ask for {len(STRATA)} or more")
    sizes = {stratum: round(size * part) for stratum, part in _PARTS.items()}
    suspects = suspected(trained, corpus, sizes.pop("label_error"))
    sizes["doubtful"] = size - len(suspects) - sum(sizes.values())
    themes = trained.scheme.ids
    lines = population(read_runs(runs), themes, trained.version, _labelled(corpus, themes), seed)
    thresholds = np.array([trained.thresholds[theme] for theme in themes])
    drawn = draw(lines, thresholds, sizes)
    items = [*_items(runs, lines, drawn, trained), *suspects]
    if not items:
        raise UserError(f"{', '.join(map(str, runs))}: every line is labelled already; annotate other reports")
    return _mixed(items)


def _labelled(corpus: Iterable[CorpusReport], themes: Sequence[str]) -> set[str]:
    """Hashes of the texts that were judged for every theme."""
    return {
        text_hash(line.text)
        for report in corpus
        for line in report.lines
        if line.considered is not None and set(themes) <= set(line.considered)
    }


def _items(runs: Sequence[Path], lines: Population, drawn: Sequence[Drawn], trained: Trained) -> list[Item]:
    """The items of the drawn lines in the order drawn; reads the runs again for their texts."""
    copies, wanted = lines.copies(), sorted((*lines.place[one.line], rank) for rank, one in enumerate(drawn))
    by_report = {report: list(group) for report, group in groupby(wanted, key=lambda entry: entry[0])}
    found: dict[int, Item] = {}
    for report in read_runs(runs):
        for _, number, rank in by_report.get(report.report, ()):
            one = drawn[rank]
            found[rank] = _item(report, number, one, int(copies[one.line]), trained)
    return [found[rank] for rank in range(len(drawn))]


def _item(report: RunReport, number: int, drawn: Drawn, copies: int, trained: Trained) -> Item:
    line = report.lines[number]
    above = len(line.heading_path) - (line.role == "heading")
    return Item(
        item=item_id(report.report, line.line, line.text_sha256),
        report=report.report,
        line=line.line,
        text=line.text,
        text_sha256=line.text_sha256,
        role=line.role,
        section=line.section,
        heading_path=line.heading_path[:above],
        heading_lines=report.heading_lines.get(line.section, (0,) * above)[:above],
        before=_neighbours(report.lines[max(number - NEIGHBOURS, 0) : number]),
        after=_neighbours(report.lines[number + 1 : number + 1 + NEIGHBOURS]),
        themes=line.themes,
        probabilities=line.probabilities,
        thresholds=trained.thresholds,
        evidence=line.evidence,
        reason=_reason(line, drawn, trained),
        stratum=drawn.stratum,
        inclusion=drawn.inclusion,
        blind=drawn.stratum == "blind",
        model=report.model,
        meta=report.meta,
        copies=copies,
    )


def _reason(line: RunLine, drawn: Drawn, trained: Trained) -> str:
    if drawn.theme is None:
        return reason(drawn.kind, novelty=line.novelty)
    theme = trained.scheme.themes[drawn.theme]
    figures = {"probability": line.probabilities[theme.id], "threshold": trained.thresholds[theme.id]}
    return reason(drawn.kind, theme, **figures)


def _neighbours(lines: Iterable[RunLine]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(line.line, line.role, line.text) for line in lines)


def _mixed(items: Iterable[Item]) -> list[Item]:
    """All strata mixed evenly, each in its own order: wherever a reviewer stops, all have had their share."""
    items = list(items)
    sizes, ranks = Counter(item.stratum for item in items), Counter[str]()
    order: list[tuple[float, int, int]] = []
    for number, item in enumerate(items):
        order.append(((ranks[item.stratum] + 0.5) / sizes[item.stratum], STRATA.index(item.stratum), number))
        ranks[item.stratum] += 1
    return [items[number] for _, _, number in sorted(order)]


def summary(items: Iterable[Item]) -> Iterator[str]:
    """How many items of each stratum, as lines for people."""
    counts: Mapping[str, int] = Counter(item.stratum for item in items)
    for stratum in STRATA:
        yield f"{_NAMES[stratum]:<32}{counts.get(stratum, 0):>6}"


_NAMES: Final[dict[str, Any]] = {
    "doubtful": "没有把握 / doubtful",
    "label_error": "疑似标错 / probable label errors",
    "conflict": "词语与模型矛盾 / terms against model",
    "novel": "新奇 / novel",
    "random": "随机 / random",
    "blind": "盲审 / blind",
}
