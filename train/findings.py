"""What the training report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.scheme import Scheme
from train.diagnosis import HeldOut
from train.gate import Verdict
from train.learning_curve import CurvePoint
from train.stack import Stack
from train.themes import Trained


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict on this model against the one in the folder `previous`; `in_use`: whether this one took its place."""

    previous: Path
    verdict: Verdict
    in_use: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """One training run. comparison: None without a previous model. curve: None where it was not asked for."""

    scheme: Scheme
    stack: Stack
    trained: Trained
    held: HeldOut
    manifest: Mapping[str, Any]
    comparison: Comparison | None
    curve: tuple[CurvePoint, ...] | None
