"""The wheel's build hook: there the four folders stand under `zhengfa/`, with the default model beside them.

`from labels.scheme import Scheme` becomes `from zhengfa.labels.scheme import Scheme`. That form, absolute
and with `from`, is the only one that can be rewritten line by line; any other import of the four fails the build.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE: Final = "zhengfa"
ROOTS: Final = ("labels", "model", "train", "predict")
MODEL_VARIABLE: Final = "ZHENGFA_DEFAULT_MODEL"
MAIN: Final = '''"""`python -m zhengfa`: the command."""

import sys

from zhengfa import main

sys.exit(main())
'''
_FROM_ROOT: Final = re.compile(rb"from[ \t]+(?=[a-z])")


class ImportFormError(Exception):
    """An import that cannot be moved under `zhengfa`; the message names its line."""


class WheelHook(BuildHookInterface[Any]):
    """Adds rewritten copies of the Python files and the default model to a wheel; leaves editable installs alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._staging = TemporaryDirectory(prefix="zhengfa-wheel-")
        forced: dict[str, str] = build_data["force_include"]
        model = default_model_folder(Path(self.root))
        # What prediction reads; the training report and its rows hold the corpus a second time.
        for name in ("manifest.json", "arrays.npz"):
            if (model / name).is_file():
                forced[str(model / name)] = f"{PACKAGE}/default_model/{name}"
        for target, source in self._python_files():
            forced[str(self._stage(target, source))] = target

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 hatchling's
        if version != "editable":
            self._staging.cleanup()

    def _python_files(self) -> Iterator[tuple[str, bytes]]:
        """Place in the wheel and rewritten content of every Python file."""
        chosen = [
            (file.distribution_path, Path(file.path))
            for file in self.build_config.builder.recurse_included_files()
            if file.path.endswith(".py")
        ]
        for target, path in [*chosen, (f"{PACKAGE}/__init__.py", Path(self.root, f"{PACKAGE}.py"))]:
            try:
                yield target, moved_imports(path.read_bytes())
            except ImportFormError as error:
                raise SystemExit(f"{path.relative_to(self.root)}, {error}") from error
        yield f"{PACKAGE}/__main__.py", MAIN.encode()

    def _stage(self, target: str, content: bytes) -> Path:
        path = Path(self._staging.name, target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


def default_model_folder(root: Path) -> Path:
    """The model that the wheel carries: the environment's choice, else the checkout's current one."""
    folder = Path(os.environ.get(MODEL_VARIABLE) or root / "artifacts" / "current").resolve()
    if not (folder / "manifest.json").is_file():
        raise SystemExit(f"{folder}: no model here for the wheel to carry; run `make train` first")
    return folder


def moved_imports(source: bytes) -> bytes:
    r"""`source` with its imports of the four folders moved under `zhengfa`; all else stays byte for byte.

    >>> moved_imports(b"from labels.errors import (\n    UserError,\n)\nfrom labelset import a\n")
    b'from zhengfa.labels.errors import (\n    UserError,\n)\nfrom labelset import a\n'
    """
    lines = source.splitlines(keepends=True)
    # From the end, so that two imports on one line do not move each other.
    for line, column in sorted(_places(ast.parse(source)), reverse=True):
        start = _FROM_ROOT.match(lines[line - 1], column)
        if start is None:
            raise ImportFormError(f"line {line}: write `from` and the module on one line, with blanks between them")
        lines[line - 1] = lines[line - 1][: start.end()] + PACKAGE.encode() + b"." + lines[line - 1][start.end() :]
    return b"".join(lines)


def _places(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Line (from 1) and column (in bytes) of every `from` that imports from one of the four."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and _is_ours(node.module or ""):
            yield node.lineno, node.col_offset
        elif isinstance(node, ast.Import) and any(_is_ours(alias.name) for alias in node.names):
            raise ImportFormError(f"line {node.lineno}: write `from {node.names[0].name} import …`")


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ROOTS
