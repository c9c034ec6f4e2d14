"""How a new model takes the place of the one in use, or does not; both stay where they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

from labels.files import write_whole
from model.default import MANIFEST
from model.folder import make_current
from train.gate import Verdict, compare

VERDICT_FILE: Final = "comparison.json"


@dataclass(frozen=True, slots=True)
class Before:
    """What stood there before a training: the folder in use, and the one that this had been compared with."""

    in_use: Path | None
    earlier: Path | None


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The folder of the model before, the verdict on the new one against it, and whether the new one is in use."""

    folder: Path
    verdict: Verdict
    replaced: bool


def before_training(parent: Path) -> Before:
    """What `current` in `parent` leads to; asked before a model is saved, which may write the same folder anew."""
    folder = (parent / "current").resolve()
    if not (folder / MANIFEST).is_file():
        return Before(None, None)
    return Before(folder, _compared_with(folder))


def succeed(folder: Path, before: Before, *, force: bool = False) -> Predecessor | None:
    """Put the model in `folder` to use, unless it is worse than the one in use and `force` is not given.

    A model that came out the same again stays in use and is compared with what it had been compared with.
    """
    same = before.in_use == folder.resolve()
    old = before.earlier if same else before.in_use
    verdict = None if old is None else compare(old, folder)
    replaced = same or force or verdict is None or not verdict.worse
    if verdict is not None:
        _write_verdict(folder, verdict)
    if replaced:
        make_current(folder)
    return None if old is None or verdict is None else Predecessor(old, verdict, replaced)


def _write_verdict(folder: Path, verdict: Verdict) -> None:
    write_whole(folder / VERDICT_FILE, orjson.dumps(asdict(verdict), option=orjson.OPT_INDENT_2) + b"\n")


def _compared_with(folder: Path) -> Path | None:
    """The model folder beside this one that it was compared with, if it is still there."""
    try:
        previous = folder.parent / Path(orjson.loads((folder / VERDICT_FILE).read_bytes())["previous"]).name
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return previous if previous != folder and (previous / MANIFEST).is_file() else None
