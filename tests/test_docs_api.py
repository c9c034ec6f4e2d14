"""docs/api.md and docs/scale.md: their Python holds, in the checkout and from the wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def python_of(document: str) -> str:
    """All Python blocks of a document, one after another."""
    return "\n".join(re.findall(r"```python\n(.*?)```", (ROOT / document).read_text("utf-8"), re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds the sample, and nothing of the project."""
    shutil.copy(ROOT / "predict/sample.txt", tmp_path)
    return tmp_path


def run(code: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_run_in_the_checkout(folder: Path, small_model: Path):
    """Pasted as they stand; only the model is a small one."""
    code = python_of("docs/api.md").replace("zhengfa.load()", f"zhengfa.load({str(small_model)!r})")
    assert "it is empty" in run(code, folder, PYTHONPATH=str(ROOT))


def test_the_example_for_spark_is_sound():
    """Spark is not there to run it; it compiles, and what it takes from us is there."""
    (block,) = re.findall(r"```py\n(.*?)```", (ROOT / "docs/scale.md").read_text("utf-8"), re.DOTALL)
    compile(block, "docs/scale.md", "exec")
    for module, name in re.findall(r"from zhengfa\.(\S+) import (\S+)", block):
        assert hasattr(import_module(module), name)


@pytest.mark.slow
def test_the_examples_run_from_the_wheel(folder: Path, small_model: Path, tmp_path: Path):
    """Word for word, with the model that the wheel carries; nothing of the checkout is imported."""
    environment = os.environ | {"ZHENGFA_DEFAULT_MODEL": str(small_model)}
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, env=environment, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target"]
    subprocess.run([*pip, str(tmp_path / "site"), str(wheel)], check=True)
    code = python_of("docs/api.md") + "\nprint(zhengfa.__file__)"
    printed = run(code, folder, PYTHONPATH=str(tmp_path / "site"))
    assert printed.splitlines()[-1] == str(tmp_path / "site/zhengfa/__init__.py")
