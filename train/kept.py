"""What was fitted is kept: the same corpus, themes, code and libraries are never fitted twice.

joblib sees only whether a function itself has changed, so what is kept is found by a key of all that it depends on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from joblib import Memory

from model.default import ARTIFACTS

FOLDER: Final = ARTIFACTS.parent / ".cache" / "train"
_MOST: Final = 8

Result = TypeVar("Result")


def kept(folder: Path | None, what: str, key: str, work: Callable[[], Result]) -> Result:
    """What `work` gives, or what it gave before for the same `what` and `key`; without a folder nothing is kept."""
    memory = Memory(folder, verbose=0)
    result: Result = memory.cache(_done, ignore=["work"])(what, key, work)
    if folder is not None:
        memory.reduce_size(items_limit=_MOST)
    return result


def _done(what: str, key: str, work: Callable[[], Result]) -> Result:
    del what, key
    return work()
