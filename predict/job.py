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
    from predict.workers import Annotates, Workers


@dataclass(frozen=True, slots=True)
class Job:
    """`tagger` is the one of this process; `workers` says how others get theirs."""

    workers: Workers
    tagger: Annotates
    found: Iterator[Document | Failure]
    metadata: Metadata
    legend: Legend
    tally: Tally
