"""What the training report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.scheme import Scheme
from train.diagnosis import HeldOut
from train.learning_curve import CurvePoint
from train.stack import Stack
from train.succession import Predecessor
from train.themes import Trained


@dataclass(frozen=True, slots=True)
class Findings:
    """One training run, its model in `folder`.

    predecessor: None where there was no model before. curve: None where it was not asked for.
    """

    folder: Path
    manifest: Mapping[str, Any]
    scheme: Scheme
    stack: Stack
    trained: Trained
    held: HeldOut
    predecessor: Predecessor | None
    curve: tuple[CurvePoint, ...] | None
