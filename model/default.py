"""Where the model in use stands: in a checkout the one trained last, in a wheel the one that came with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from labels.errors import UserError

MANIFEST: Final = "manifest.json"
_ROOT: Final = Path(__file__).parent.parent
ARTIFACTS: Final = _ROOT / "artifacts"
_PLACES: Final = (ARTIFACTS / "current", _ROOT / "default_model")


def default_model(places: tuple[Path, ...] = _PLACES) -> Path:
    """The first of `places` that holds a model folder (or leads to one); raises UserError if none does."""
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    raise UserError("no model yet: run `make train`")
