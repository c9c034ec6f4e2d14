"""What the project's own files promise: one way of imports, a complete lock, a reason for every dependency."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FOLDERS = ("labels", "model", "train", "predict")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("folder", "line", "kept"),
    [
        ("labels", "import os", True),
        ("model", "from labels.some import a", True),
        ("train", "from model.some import a", True),
        ("predict", "from labels.some import a", True),
        ("labels", "from model.some import a", False),
        ("model", "def f():\n    from train.some import a", False),
        ("train", "from predict.some import a", False),
        ("predict", "from train.some import a", False),
        ("labels", "from zhengfa import load", False),
    ],
)
def test_imports_go_one_way(tmp_path: Path, folder: str, line: str, kept: bool):
    """import-linter, with this project's contracts, lets right imports pass and refuses wrong ones."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "some.py").write_text("a = 1\n")
    (tmp_path / "zhengfa.py").touch()
    (tmp_path / folder / "other.py").write_text(line + "\n")
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"
    command = [sys.executable, "-c", code, str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert ("2 kept, 0 broken" in done.stdout) is kept, done.stdout + done.stderr
    assert (done.returncode == 0) is kept


def test_every_dependency_has_its_reason(project: dict[str, Any]):
    """docs/dependencies.md names each declared package once, under its extra, and no other."""
    declared = {
        "Prediction": project["project"]["dependencies"],
        **project["project"]["optional-dependencies"],
        "dev": project["dependency-groups"]["dev"],
    }
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    for name, requirements in declared.items():
        section = next(part for part in text.split("\n## ")[1:] if name in part.partition("\n")[0])
        rows = re.findall(r"^\| (\S+) \| [^|]+ \| [^|]+ \|$", section, re.MULTILINE)[2:]
        assert sorted(rows) == sorted(Requirement(each).name for each in requirements)


def test_the_lock_holds_what_the_environment_needs(project: dict[str, Any]):
    """Every package of base, train and dev is pinned there with hashes, the build's own packages among them."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^([a-z0-9-]+)==\S+ .*\\\n    --hash=sha256:", lock, re.MULTILINE)
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["train"],
        *project["dependency-groups"]["dev"],
    ]
    assert {canonicalize_name(Requirement(each).name) for each in wanted} <= set(pinned)
    assert {"hatchling", "editables"} <= set(pinned)


def test_the_lock_names_no_place():
    """The lock says what is wanted, not where from: no address, no path."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.findall(r"^.*(?:://|@ |--index|--find-links|(?:^|\s)/\w).*$", lock, re.MULTILINE)
