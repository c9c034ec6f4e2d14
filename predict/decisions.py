"""Annotating with people's decisions: where somebody decided on a line, their answer stands, the model's beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from model.paragraphs import Paragraph, split_paragraphs
from model.parts import is_long
from model.reading import read_in_parts, read_report
from model.source import Source
from predict.annotation import LineRow, ModelSaid, Report
from predict.build import build_long_report, build_report
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
        if is_long(source.text):
            return self._annotate_long(source, metadata)
        answers = self._answers(source, split_paragraphs(source.text))
        if not answers:
            return super().annotate_source(source, metadata)
        plain = build_report(self.model, read_report(self.model, self._reader, source), metadata)
        reading = read_report(self.model, self._reader, source, answers)
        report = build_report(self.model, reading, metadata)
        lines = (
            _decided(line, said) if number in answers else line
            for number, (line, said) in enumerate(zip(report.lines, plain.lines, strict=True))
        )
        return replace(report, lines=tuple(lines))

    def annotate_sources(self, sources: Iterable[tuple[Source, Mapping[str, str] | None]]) -> Iterator[Report]:
        """The same for many, one by one."""
        return (self.annotate_source(source, metadata) for source, metadata in sources)

    def _annotate_long(self, source: Source, metadata: Mapping[str, str] | None) -> Report:
        """The same part by part; what the model would have said takes a second reading, if anybody decided."""
        decided: set[int] = set()

        def find(paragraphs: list[Paragraph]) -> Answers:
            answers = self._answers(source, paragraphs)
            decided.update(paragraphs[number].start for number in answers)
            return answers

        parts = read_in_parts(self.model, self._reader, source, find)
        report = build_long_report(self.model, source, parts, metadata)
        if not decided:
            return report
        plain = build_long_report(self.model, source, read_in_parts(self.model, self._reader, source))
        lines = waiting_rows()
        for row, said in zip(_encoded(report), _encoded(plain), strict=True):
            line = orjson.loads(row)
            if line["start"] in decided:
                model = orjson.loads(said)
                themes = [theme["id"] for theme in model["themes"]]
                row = orjson.dumps(  # noqa: PLW2901 the same row, decided
                    {**line, "decided_by": "human", "model_said": {"role": model["role"], "themes": themes}}
                )
            lines.write(row + b"\n")
        return replace(report, lines=Rows(lines, len(report.lines), LineRow))

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


def _encoded(report: Report) -> Iterator[bytes]:
    return cast("Rows[LineRow]", report.lines).encoded()


def _decided(line: LineRow, said: LineRow) -> LineRow:
    model = ModelSaid(said.role, tuple(theme.id for theme in said.themes))
    return replace(line, decided_by="human", model_said=model)


def _agree(answers: list[Answer]) -> bool:
    return len({(answer.role, frozenset(answer.themes), frozenset(answer.considered)) for answer in answers}) == 1
