"""What a trained model's folder says to whoever deals with labels: its version, themes and thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from labels.errors import UserError
from labels.rows import is_kind
from labels.scheme import Scheme, scheme_from

MANIFEST: Final = "manifest.json"
_ROOT: Final = Path(__file__).parent.parent
# In a checkout the model trained last, in a wheel the one that came with it.
PLACES: Final = (_ROOT / "artifacts" / "current", _ROOT / "default_model")


@dataclass(frozen=True, slots=True)
class Trained:
    """A model's folder; `thresholds` are in the order of the scheme."""

    folder: Path
    version: str
    scheme: Scheme
    thresholds: dict[str, float]


def read_trained(folder: Path | None = None) -> Trained:
    """Read the manifest of `folder`, of the model in use without one."""
    folder = folder or next((place for place in PLACES if (place / MANIFEST).is_file()), PLACES[0])
    path = folder / MANIFEST
    try:
        manifest = orjson.loads(path.read_bytes())
    except OSError as error:
        raise UserError(
            f"{path}: cannot read it ({error.strerror}); give a model's folder or run zhengfa train"
        ) from error
    except orjson.JSONDecodeError as error:
        raise UserError(f"{path}: not JSON ({error}); train again or take a whole copy") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("version"), str):
        raise UserError(f"{path}: it names no version; train again or take a whole copy")
    scheme = scheme_from(manifest.get("themes"), str(path))
    return Trained(folder, manifest["version"], scheme, _thresholds(manifest.get("thresholds"), scheme, path))


def _thresholds(found: object, scheme: Scheme, path: Path) -> dict[str, float]:
    if not isinstance(found, dict) or not all(is_kind(found.get(theme), float) for theme in scheme.ids):
        raise UserError(f"{path}: it has no threshold for every theme; train again")
    return {theme: float(found[theme]) for theme in scheme.ids}
