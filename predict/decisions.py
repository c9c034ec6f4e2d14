"""Annotating with people's decisions: where somebody decided on a line, their answer stands, the model's beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

import orjson

from labels.corpus import text_hash
from labels.item import Item
from labels.standing import Answer, answer_of
from labels.store import Store
from model.default import default_model
from model.folder import Model, load_model
from model.overrule import Answers
from model.paragraphs import Paragraph
from model.source import Source
from predict.annotation import LineRow, Report
from predict.encoded_rows import Rows, waiting_rows
from predict.tagger import Tagger

# A text of so many characters means the same in another report; a short heading need not.
SAME_ANYWHERE: Final = 20


@dataclass(frozen=True, slots=True)
class Decisions:
    """The accepted answers of a store: by report, line and text, by report and text, by text (long ones only)."""

    by_place: Mapping[tuple[str, int, str], Answer]
    by_report: Mapping[tuple[str, str], Answer]
    by_text: Mapping[str, Answer]

    @classmethod
    def load(cls, path: Path) -> Decisions:
        """Read a store; UserError where there is none. What is disputed, skipped or taken back is no answer."""
        store = Store.open(path, create=False)
        held = store.standings()
        accepted = [(item, answer) for item in store.items() if (answer := answer_of(held[item.item]))]
        return decisions_from(accepted)

    def find(self, report: str, line: int, text_sha256: str) -> Answer | None:
        """The answer for a line: of this very place, else of this text in its report, else of this text anywhere."""
        return (
            self.by_place.get((report, line, text_sha256))
            or self.by_report.get((report, text_sha256))
            or self.by_text.get(text_sha256)
        )


def decisions_from(accepted: Iterable[tuple[Item, Answer]]) -> Decisions:
    """The decisions of some answers; where places differ about a text, it has none but theirs."""
    places: dict[tuple[str, int, str], Answer] = {}
    reports: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    texts: defaultdict[str, list[Answer]] = defaultdict(list)
    for item, answer in accepted:
        places[item.report, item.line, item.text_sha256] = answer
        reports[item.report, item.text_sha256].append(answer)
        if len(item.text) >= SAME_ANYWHERE:
            texts[item.text_sha256].append(answer)
    by_report = {place: answers[0] for place, answers in reports.items() if _agree(answers)}
    return Decisions(places, by_report, {text: answers[0] for text, answers in texts.items() if _agree(answers)})


class DecidedTagger(Tagger):
    """A tagger whose answers people may have overruled."""

    def __init__(self, model: Model, decisions: Decisions) -> None:
        super().__init__(model)
        self._decisions = decisions

    def annotate_source(self, source: Source, metadata: Mapping[str, str] | None = None) -> Report:
        """Annotate a read source; lines that people decided on say so, and what the model would have said."""
        decided: set[int] = set()

        def find(paragraphs: Sequence[Paragraph]) -> Answers:
            answers = self._answers(source, paragraphs)
            decided.update(paragraphs[number].start for number in answers)
            return answers

        report = self._annotated(source, metadata, find)
        return _beside(report, self._annotated(source, metadata), decided) if decided else report

    def annotate_sources(self, sources: Iterable[tuple[Source, Mapping[str, str] | None]]) -> Iterator[Report]:
        """The same for many, one by one."""
        return (self.annotate_source(source, metadata) for source, metadata in sources)

    def _answers(self, source: Source, paragraphs: Sequence[Paragraph]) -> Answers:
        answers = {}
        for number, paragraph in enumerate(paragraphs):
            text = source.text[paragraph.start : paragraph.end]
            answer = self._decisions.find(source.name, paragraph.line, text_hash(text))
            if answer is not None:
                answers[number] = answer
        return answers


@dataclass(frozen=True, slots=True)
class DecidedLoad:
    """Loads taggers with the decisions of one store; small enough to travel to other processes."""

    store: Path

    def __call__(self, folder: Path | None = None) -> DecidedTagger:
        """The tagger of a model folder, of the default model without one."""
        return DecidedTagger(load_model(folder or default_model()), Decisions.load(self.store))


def _beside(report: Report, plain: Report, decided: Container[int]) -> Report:
    """The report with what the model says in `plain` on the lines that begin at a place that was decided."""
    lines = waiting_rows()
    for row, said in zip(_encoded(report), _encoded(plain), strict=True):
        line = orjson.loads(row)
        if line["start"] in decided:
            model = orjson.loads(said)
            model_said = {"role": model["role"], "themes": [theme["id"] for theme in model["themes"]]}
            lines.write(orjson.dumps({**line, "decided_by": "human", "model_said": model_said}) + b"\n")
        else:
            lines.write(row + b"\n")
    return replace(report, lines=Rows(lines, len(report.lines), LineRow))


def _encoded(report: Report) -> Iterator[bytes]:
    return cast("Rows[LineRow]", report.lines).encoded()


def _agree(answers: list[Answer]) -> bool:
    return len({(answer.role, frozenset(answer.themes), frozenset(answer.considered)) for answer in answers}) == 1
