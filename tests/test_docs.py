"""The documents cannot drift: what they name exists, what exists they name, and their code runs."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import zhengfa
from labels.errors import UserError
from model.default import default_model

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "labels/*.md", "labels/*/*.md")
    for path in ROOT.glob(pattern)
)
# What a command writes when there is something to write.
MADE = ("labels/theme_changes.jsonl",)
# Code blocks need a network or a fresh machine (make), or files of the reader's own.
NOT_RUN = ("make ", "zhengfa train", "activate", "table.csv", "--gold", "baselines", "ablation", "eras")


def commands() -> Iterator[str]:
    """Every command as a reader types it, `zhengfa labels check` for one inside another."""
    for name, parser in _choices(zhengfa._parser()):  # noqa: SLF001 - what the command really offers
        inner = list(_choices(parser))
        yield from (f"zhengfa {name} {below}" for below, _ in inner) if inner else (f"zhengfa {name}",)


def _choices(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public list of commands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices.items()


def targets() -> list[str]:
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def blocks(language: str, document: str = "README.md") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_named(readme: str) -> None:
    """A reader finds every command and every Make target in the README of either language."""
    text = (ROOT / readme).read_text("utf-8")
    assert [command for command in commands() if command not in text] == []
    assert [target for target in targets() if f"make {target}" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_files_exist(document: str) -> None:
    """Every link leads somewhere, every file of ours in backticks is there, and no figure is left to be filled."""
    text = (ROOT / document).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    named = re.findall(r"`((?:labels|model|train|predict|tests|docs)/[\w./*-]+)`", text)
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []
    assert [name for name in named if name not in MADE and not any(ROOT.glob(name))] == []
    assert "TODO" not in text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_are_understood(document: str) -> None:
    """Every command in a shell block has the options and arguments that the program takes."""
    for line in re.findall(r"^zhengfa .+$", "".join(blocks("sh", document)), re.MULTILINE):
        zhengfa._parser().parse_args(shlex.split(line, comments=True)[1:])  # noqa: SLF001 - it raises UserError


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with what the README's commands name: the sample, and a folder of reports."""
    try:
        default_model()
    except UserError as error:
        pytest.skip(f"{error}")
    for name in ("predict/sample.txt", "reports/a/2018.txt", "reports/b/2018.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "predict/sample.txt", tmp_path / name)
    return tmp_path


def test_commands_run(workplace: Path) -> None:
    """The README's shell commands, typed as they stand, end well and leave their files."""
    lines = [line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    typed = [line for line in lines if line.startswith("zhengfa ") and not any(word in line for word in NOT_RUN)]
    assert len(typed) >= 5
    for line in typed:
        done = subprocess.run(
            [sys.executable, ROOT / "zhengfa.py", *line.split()[1:]], cwd=workplace, capture_output=True, check=False
        )
        assert done.returncode == 0, (line, done.stderr.decode())
    assert (workplace / "out.html").is_file()


def test_python_runs(workplace: Path) -> None:
    """The README's Python, pasted as it stands, runs."""
    (block,) = blocks("python")
    (workplace / "pasted.py").write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{block}", "utf-8")
    done = subprocess.run(
        [sys.executable, "pasted.py"], cwd=workplace, capture_output=True, check=False, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "2018.txt" in done.stdout
