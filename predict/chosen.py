"""Annotating with a choice: reports of too low a quality are refused, the texts of the others saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labels.errors import UserError
from predict.keep_text import keep_text

if TYPE_CHECKING:
    from model.source import Source
    from predict.annotation import Report
    from predict.workers import Annotates, HasScheme, Load


@dataclass(frozen=True, slots=True)
class ChosenLoad:
    """Loads taggers that refuse reports below a quality and keep texts in a folder, in whatever process."""

    load: Load
    least: float
    folder: Path | None

    def __call__(self, model: Path | None) -> Annotates:
        return _Chosen(self.load(model), self.least, self.folder)


@dataclass(frozen=True, slots=True)
class _Chosen:
    tagger: Annotates
    least: float
    folder: Path | None

    @property
    def model(self) -> HasScheme:
        return self.tagger.model

    def annotate_source(self, source: Source, metadata: Mapping[str, str] | None = None) -> Report:
        """Annotate; raises UserError for a report below the least quality."""
        report = self.tagger.annotate_source(source, metadata)
        score = report.row.quality.get("score", 1.0)
        if score < self.least:
            raise UserError(
                f"{source.name}: its quality {score} is below {self.least}; get a better copy, or ask for less"
            )
        if self.folder is not None:
            keep_text(report, self.folder)
        return report
