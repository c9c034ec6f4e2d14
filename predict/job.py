"""What a command line of `annotate` comes to: the reports to annotate, with what, and who counts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from predict.batch import Metadata
from predict.formats import Legend
from predict.inputs import Document, Failure
from predict.tally import Tally

if TYPE_CHECKING:
    from predict.workers import Crew


@dataclass(frozen=True, slots=True)
class Job:
    """The reports are `found` while the `crew` works."""

    crew: Crew
    found: Iterator[Document | Failure]
    metadata: Metadata
    legend: Legend
    tally: Tally
