"""Where the model in use is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from labels.errors import UserError
from model.default import default_model


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "artifacts" / "current", tmp_path / "default_model"


def _make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    return folder


def test_the_model_trained_last_comes_first(places: tuple[Path, Path]):
    """A checkout's own model is used even where one came with the package."""
    _make(places[1])
    assert default_model(places) == places[1]
    _make(places[0])
    assert default_model(places) == places[0]


def test_a_link_to_a_model_is_a_model(places: tuple[Path, Path], tmp_path: Path):
    """`artifacts/current` may be a link to the folder in use."""
    trained = _make(tmp_path / "artifacts" / "themes-1")
    places[0].symlink_to(trained, target_is_directory=True)
    assert default_model(places).resolve() == trained.resolve()


def test_a_folder_without_manifest_is_no_model(places: tuple[Path, Path]):
    """Half a model counts as none, and the message says what to run."""
    places[0].mkdir(parents=True)
    with pytest.raises(UserError, match=r"^no model yet: run `make train`$"):
        default_model(places)
