"""The tagger: a loaded model that turns text, files or sources into annotated reports."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError
from model.default import default_model
from model.documents import read_document
from model.folder import Model, load_model
from model.overrule import FindAnswers
from model.parts import LONGEST, is_long, longest
from model.reading import read_in_parts, read_report, read_reports, reader_of
from model.source import Source, source_from_text
from predict.annotation import Report
from predict.build import build_long_report, build_report, build_reports
from predict.inputs import Columns

if TYPE_CHECKING:
    import pandas as pd

# Characters that are read together: enough that a call of numpy pays, in no more memory than a part of a long report.
TOGETHER: Final = LONGEST
MOST_TOGETHER: Final = 128

Metadata = Mapping[str, str] | None


class Tagger:
    """Annotates reports with one model; cheap to keep, made once a process."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._reader = reader_of(model)

    @classmethod
    def load(cls, folder: Path | None = None) -> Tagger:
        """The tagger of a model folder, of the default model without one; UserError where there is none."""
        return cls(load_model(folder or default_model()))

    def annotate(self, report: str | Path, *, name: str | None = None) -> Report:
        """Annotate a text, or the file at a `Path`; `name` is what its rows call it."""
        made = self.annotate_source(_source(report, name))
        return replace(made, origin=report) if isinstance(report, Path) else made

    def annotate_many(self, reports: Iterable[str | Path]) -> Iterator[Report]:
        """Annotate reports, each a text or the file at a `Path`, lazily, some at a time, in their order."""
        origins: deque[Path | None] = deque()

        def sources() -> Iterator[tuple[Source, Metadata]]:
            for report in reports:
                source = _source(report)
                origins.append(report if isinstance(report, Path) else None)
                yield source, None

        for report in self.annotate_sources(sources()):
            yield replace(report, origin=origins.popleft())

    def annotate_frame(
        self, frame: pd.DataFrame, *, text_column: str = "text", id_column: str | None = None
    ) -> pd.DataFrame:
        """Annotate the texts of a frame: a row a line, as in the table of lines, and the column `error`.

        Reports are called by `id_column`, by the frame's index without one. A text that cannot be annotated is one
        row with the reason in `error`. Raises UserError if a column is missing.
        """
        from predict.frame import annotate_frame

        return annotate_frame(self, frame, Columns(text_column, id_column))

    def annotate_source(self, source: Source, metadata: Metadata = None) -> Report:
        """Annotate a read source; `metadata` wins over what the report says of itself."""
        return self._annotated(source, metadata)

    def annotate_sources(self, sources: Iterable[tuple[Source, Metadata]]) -> Iterator[Report]:
        """The same for many, several at a time, which is quicker; the reports come in the order of the sources."""
        for batch in _batches(sources):
            if len(batch) == 1:
                yield self.annotate_source(*batch.pop())
                continue
            reading = read_reports(self.model, self._reader, [source for source, _ in batch])
            yield from build_reports(self.model, reading, [metadata for _, metadata in batch])

    def _annotated(self, source: Source, metadata: Metadata, find: FindAnswers | None = None) -> Report:
        """The same where people's answers, which `find` gives, outrank the model's."""
        if is_long(source.text):
            parts = read_in_parts(self.model, self._reader, source, find)
            return build_long_report(self.model, source, parts, metadata)
        return build_report(self.model, read_report(self.model, self._reader, source, find), metadata)


def _batches(sources: Iterable[tuple[Source, Metadata]]) -> Iterator[list[tuple[Source, Metadata]]]:
    """Sources that are read together: in all at most TOGETHER characters, a longer one alone.

    Of long ones there are never two in memory: nothing here holds what was yielded, nor asks for one ahead.
    """
    batch: list[tuple[Source, Metadata]] = []
    waiting = 0
    try:
        for given in sources:
            # A text that cleaning makes longer counts for more, as it does where long texts are parted.
            size = len(given[0].text) * LONGEST // longest(given[0].text)
            if batch and waiting + size > TOGETHER:
                yield batch
                batch, waiting = [], 0
            batch.append(given)
            del given
            waiting += size
            if waiting >= TOGETHER or len(batch) == MOST_TOGETHER:
                yield batch
                batch, waiting = [], 0
    except UserError:
        # Who gives a bad source still gets the reports of those before it.
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _source(report: str | Path, name: str | None = None) -> Source:
    return read_document(report, name) if isinstance(report, Path) else source_from_text(report, name or "text")
