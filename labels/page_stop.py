"""Advice when to stop: how right the model is on lines drawn at random, how little successive models differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, isnan
from pathlib import Path
from typing import Any, Final

import orjson

from labels.agreement import cohen_kappa
from labels.item import Item
from labels.page_figures import Standings, interval
from labels.standing import answer_of

RANDOM: Final = ("random", "blind")
# Bloodgood and Vijay-Shanker (CoNLL 2009) stop where successive models agree at a kappa of 0.99.
STABLE_KAPPA: Final = 0.99
WANTED_HALF_WIDTH: Final = 0.05
FEWEST_LINES: Final = 30


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of all lines on which the model's themes are a person's, weighted by copies / inclusion.

    n: answered lines drawn at random; low, high: 95 %; more: lines still wanted for an interval of ±0.05.
    """

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    more: int | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """How far two models agree on the same lines: their versions and the mean kappa of the themes."""

    earlier: str
    later: str
    lines: int
    kappa: float


def estimate(items: Sequence[Item], standings: Standings) -> Estimate:
    """The model's share of right lines from the accepted answers to lines drawn at random (Hájek's estimator)."""
    answered = [
        (item.copies / item.inclusion, set(answer.themes) == set(item.themes))
        for item in items
        if item.stratum in RANDOM and (answer := answer_of(standings[item.item]))
    ]
    n = len(answered)
    if not n:
        return Estimate(0)
    weights = sum(weight for weight, _ in answered)
    rate = sum(weight for weight, right in answered if right) / weights
    # Unequal weights make n lines worth fewer (Kish 1965).
    effective = weights**2 / sum(weight**2 for weight, _ in answered)
    low, high = interval(rate, effective)
    enough = next(draws for draws in count(1) if _half_width(rate, draws) <= WANTED_HALF_WIDTH)
    wanted = max(ceil(enough * n / effective), FEWEST_LINES)
    return Estimate(n, round(rate, 4), round(low, 4), round(high, 4), max(wanted - n, 0))


def succession(artifacts: Path) -> Succession | None:
    """The two models trained last, compared on lines that neither had seen; None where there are no two."""
    folders = [path.parent for path in artifacts.glob("*/oof.jsonl") if not path.parent.is_symlink()]
    if len(folders) < 2:
        return None
    earlier, later = sorted(folders, key=lambda folder: (folder / "oof.jsonl").stat().st_mtime)[-2:]
    before, after = _said(earlier), _said(later)
    common = sorted(before.keys() & after.keys())
    themes = {theme for key in common for theme in before[key].keys() & after[key].keys()}
    kappas = [
        cohen_kappa([before[key].get(theme) for key in common], [after[key].get(theme) for key in common])
        for theme in sorted(themes)
    ]
    defined = [kappa for kappa in kappas if not isnan(kappa)]
    mean = round(sum(defined) / len(defined), 4) if defined else None
    return None if mean is None else Succession(earlier.name, later.name, len(common), mean)


def _said(folder: Path) -> dict[tuple[str, str], dict[str, bool]]:
    """What a model said of each line (hash of its text, role) by models of its folds that had not seen it."""
    try:
        thresholds = orjson.loads((folder / "manifest.json").read_bytes())["thresholds"]
        rows = [orjson.loads(raw) for raw in (folder / "oof.jsonl").read_bytes().splitlines()]
        return {
            (row["text_sha256"], row["role"]): {
                theme: chance >= thresholds[theme] for theme, chance in row["probabilities"].items()
            }
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # a folder that is being written, or of another version, has nothing to compare


def advice(found: Estimate, models: Succession | None) -> dict[str, Any]:
    """What to do: `measure` (too few random lines), `train` (no two models), `stop`, or `go_on`."""
    if found.n < FEWEST_LINES or found.more:
        return {"advice": "measure"}
    if models is None:
        return {"advice": "train"}
    return {"advice": "stop" if models.kappa >= STABLE_KAPPA else "go_on"}


def _half_width(rate: float, n: float) -> float:
    low, high = interval(rate, n)
    return (high - low) / 2
