"""The wheel: imports moved under `zhengfa`, and a build that works beside a stranger's files."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from build_hook import ROOTS, ImportFormError, default_model_folder, moved_imports

ROOT = Path(__file__).parent.parent
STRANGERS = ("train.py", "labels.py", "predict.py", "model/__init__.py")
# A module may need an extra; what it may not need is the flat layout.
IMPORT_ALL = """
import importlib, pkgutil, zhengfa
for module in pkgutil.walk_packages(zhengfa.__path__, "zhengfa."):
    if module.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] in ("zhengfa", "labels", "model", "train", "predict"):
            raise
    print(module.name)
"""


@pytest.mark.parametrize(
    ("source", "moved"),
    [
        ("from labels.errors import UserError", "from zhengfa.labels.errors import UserError"),
        ("from model import words, lines", "from zhengfa.model import words, lines"),
        ("def f():\n    from  train.fit import fit\n", "def f():\n    from  zhengfa.train.fit import fit\n"),
        ("from predict.rows import (\n  a,\n  b,\n)", "from zhengfa.predict.rows import (\n  a,\n  b,\n)"),
        ("名 = '政'; from model import a; from labels import b", None),
        ("if x: from labels.a import b\r\nelse: y = 1\r\n", "if x: from zhengfa.labels.a import b\r\nelse: y = 1\r\n"),
        ("from labelset import a\nimport model_zoo, os", "from labelset import a\nimport model_zoo, os"),
        ("from . import labels\nfrom .labels import a", "from . import labels\nfrom .labels import a"),
        (
            "text = 'from labels import a'\n# from labels import a",
            "text = 'from labels import a'\n# from labels import a",
        ),
        ("", ""),
    ],
)
def test_imports_of_the_four_are_moved(source: str, moved: str | None):
    """Import statements are found as Python finds them; strings, comments and like names stay as they are."""
    if moved is None:
        moved = source.replace("from ", "from zhengfa.")
    assert moved_imports(source.encode()).decode() == moved


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\nimport labels.errors", r"line 2: write `from labels.errors import …`"),
        ("import os, model as m", r"line 1: write `from"),
        ("from \\\n  labels import a", r"line 1: write `from` and the module on one line"),
    ],
)
def test_an_import_that_cannot_be_moved_stops_the_build(source: str, message: str):
    """The other forms bind the bare name, so they fail with the line rather than break in the wheel."""
    with pytest.raises(ImportFormError, match=message):
        moved_imports(source.encode())


@pytest.mark.parametrize("folder", [*ROOTS, "zhengfa.py"])
def test_every_file_can_be_moved(folder: str):
    """No file of the project uses an import that the wheel cannot have."""
    path = ROOT / folder
    for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
        moved_imports(file.read_bytes())


def test_a_wheel_needs_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without a trained model the build stops and says what to run; the environment can name another folder."""
    monkeypatch.delenv("ZHENGFA_DEFAULT_MODEL", raising=False)
    with pytest.raises(SystemExit, match=r"no model here for the wheel to carry; run `make train` first"):
        default_model_folder(tmp_path)
    monkeypatch.setenv("ZHENGFA_DEFAULT_MODEL", str(_fake_model(tmp_path)))
    assert default_model_folder(tmp_path).name == "fake"


@pytest.mark.slow
def test_the_wheel_works_beside_a_strangers_files(bare_python: Path, tmp_path: Path):
    """With the base dependencies alone, started where another `train.py`, `labels.py`, … stand, none of those runs."""
    folder = tmp_path / "stranger"
    for name in STRANGERS:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("raise RuntimeError('a stranger was imported')\n", "utf-8")
    assert "Reads Chinese" in _run([bare_python.with_name("zhengfa"), "--help"], folder)
    assert "Reads Chinese" in _run([bare_python, "-m", "zhengfa", "--help"], folder)
    assert "zhengfa.predict.command" in _run([bare_python, "-c", IMPORT_ALL], folder).splitlines()
    code = "import sys, zhengfa; from zhengfa.model.default import default_model as d; print(d(), zhengfa.load)"
    assert "default_model" in _run([bare_python, "-c", code], folder)


@pytest.mark.slow
def test_the_wheel_carries_what_the_program_reads(wheel: Path):
    """Themes, readings, corpus and model are inside; nothing stands outside `zhengfa/`; no file twice."""
    names = zipfile.ZipFile(wheel).namelist()
    inside = ("labels/themes.toml", "model/pinyin.txt", "default_model/manifest.json", "__init__.py", "__main__.py")
    assert {f"zhengfa/{name}" for name in inside} <= set(names)
    assert any(name.startswith("zhengfa/labels/corpus/") for name in names)
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"zhengfa"}
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, with a model folder that is enough for a build."""
    folder = tmp_path_factory.mktemp("wheel")
    environment = os.environ | {"ZHENGFA_DEFAULT_MODEL": str(_fake_model(folder))}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def bare_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel and links to its base dependencies, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    packages = Path(_run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    for name in _base_dependencies(packages):
        for entry in {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}:
            (packages / entry).symlink_to(Path(str(distribution(name).locate_file(entry))))
    return python


def _base_dependencies(packages: Path) -> list[str]:
    metadata = next(packages.glob("zhengfa_themes-*.dist-info")) / "METADATA"
    lines = metadata.read_text("utf-8").splitlines()
    wanted = [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist:")]
    return [each.name for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]


def _fake_model(folder: Path) -> Path:
    (folder / "fake").mkdir()
    (folder / "fake" / "manifest.json").write_text("{}", "utf-8")
    return folder / "fake"


def _run(command: list[str | Path], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
