"""The tagger: a loaded model that turns text, files or sources into annotated reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from model.default import default_model
from model.documents import read_document
from model.folder import Model, load_model
from model.reading import read_report, reader_of
from model.source import Source, source_from_text
from predict.annotation import Report
from predict.build import build_report
from predict.inputs import Columns

if TYPE_CHECKING:
    import pandas as pd


class Tagger:
    """Annotates reports with one model; cheap to keep, made once a process."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._reader = reader_of(model.scheme)

    @classmethod
    def load(cls, folder: Path | None = None) -> Tagger:
        """The tagger of a model folder, of the default model without one; UserError where there is none."""
        return cls(load_model(folder or default_model()))

    def annotate(self, report: str | Path, *, name: str | None = None) -> Report:
        """Annotate a text, or the file at a `Path`; `name` is what its rows call it."""
        if isinstance(report, Path):
            return self.annotate_source(read_document(report, name))
        return self.annotate_source(source_from_text(report, name or "text"))

    def annotate_many(self, reports: Iterable[str | Path]) -> Iterator[Report]:
        """Annotate reports one after another, lazily."""
        return map(self.annotate, reports)

    def annotate_frame(
        self, frame: pd.DataFrame, *, text_column: str = "text", id_column: str | None = None
    ) -> pd.DataFrame:
        """Annotate the texts of a frame: a row a line, as in the table of lines, and the column `error`.

        Reports are called by `id_column`, by the frame's index without one. A text that cannot be annotated is one
        row with the reason in `error`. Raises UserError if a column is missing.
        """
        from predict.frame import annotate_frame

        return annotate_frame(self, frame, Columns(text_column, id_column))

    def annotate_source(self, source: Source, metadata: Mapping[str, str] | None = None) -> Report:
        """Annotate a read source; `metadata` wins over what the report says of itself."""
        return build_report(self.model, read_report(self.model, self._reader, source), metadata)
