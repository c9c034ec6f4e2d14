"""The command: its help, its errors, its exit statuses."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import zhengfa

ROOT = Path(__file__).parent.parent
HEAVY = ("numpy", "scipy", "sklearn", "pandas", "joblib", "jieba", "rjieba")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[argparse.Namespace], int]], int]:
    """Runs `zhengfa act` with the given function as the command's work."""

    def run(work: Callable[[argparse.Namespace], int]) -> int:
        def add(commands):
            commands.add_parser("act").set_defaults(run=work)

        monkeypatch.setattr("labels.command.add_commands", add)
        return zhengfa.main(["act"])

    return run


@pytest.mark.parametrize("status", [0, 2, 3])
def test_the_exit_status_is_the_commands(command, status: int):
    """0 done, 2 nothing done, 3 done in part: as the command says."""
    assert command(lambda _: status) == status


def test_what_a_user_can_mend_is_one_line(command, capsys: pytest.CaptureFixture[str]):
    """A UserError is one line on stderr and exit status 2, even where a file's name holds a line break."""
    assert command(_raise(zhengfa.UserError("a\nb.txt: cannot read it"))) == 2
    assert capsys.readouterr() == ("", "zhengfa: a b.txt: cannot read it\n")


def test_an_interrupt_is_one_line(command, capsys: pytest.CaptureFixture[str]):
    """Ctrl-C ends with the status that a shell expects and without a traceback."""
    assert command(_raise(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "zhengfa: 已中断 / interrupted\n")


def test_a_bug_keeps_its_traceback(command):
    """What is nobody's mistake but ours is not dressed up."""
    with pytest.raises(ZeroDivisionError):
        command(lambda _: 1 // 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["no-such"], "invalid choice: 'no-such'"), ([], "required: COMMAND"), (["labels", "check", "--no"], "--no")],
)
def test_a_wrong_command_line_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str):
    """Usage errors look like all others, and lead to the help."""
    assert zhengfa.main(arguments) == 2
    output, errors = capsys.readouterr()
    assert (output, errors.count("\n")) == ("", 1)
    assert said in errors
    assert "see: zhengfa" in errors


def test_version(capsys: pytest.CaptureFixture[str]):
    """`--version` names the program and the version that the package was built as."""
    with pytest.raises(SystemExit, match=r"^0$"):
        zhengfa.main(["--version"])
    assert capsys.readouterr().out == f"zhengfa {zhengfa.__version__}\n"


def test_help_is_bilingual_and_light():
    """`--help` speaks Chinese and English and imports nothing that is slow to import."""
    code = (
        "import sys, zhengfa\ntry: zhengfa.main(['--help'])\n"
        f"except SystemExit: print([name for name in {HEAVY} if name in sys.modules])"
    )
    *text, heavy = _python("-c", code).stdout.splitlines()
    assert "读政法工作报告：找出章节与段落，为每段标注主题。" in text
    assert "Reads Chinese political-legal work reports" in "\n".join(text)
    assert heavy == "[]"


def test_prediction_does_not_wait_for_other_commands():
    """Neither labels nor training are imported for a command of prediction; every such command is named."""
    code = (
        "import argparse, sys, zhengfa\nfrom predict import command\n"
        "for name in command.NAMES: zhengfa._parser(name)\n"
        "print(*(name for name in sys.modules if name in ('labels.command', 'train.command')))\n"
        "commands = argparse.ArgumentParser().add_subparsers()\ncommand.add_commands(commands)\n"
        "print(*commands.choices)\nprint(*command.NAMES)"
    )
    others, added, names = _python("-c", code).stdout.splitlines()
    assert others == ""
    assert added == names


def test_a_closed_pipe_is_quiet():
    """`zhengfa … | head` ends without a word when head has seen enough."""
    code = (
        "import sys, zhengfa\nfrom labels import command\n"
        "def work(_):\n    while True: print('x' * 1000)\n"
        "command.add_commands = lambda commands: commands.add_parser('act').set_defaults(run=work)\n"
        "sys.exit(zhengfa.main(['act']))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=-1, stderr=-1) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_names_beyond_the_encoding_can_be_printed():
    """A terminal that lacks a character gets its escape, not a traceback."""
    done = _python("-c", "import zhengfa; zhengfa.main(['政'])", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "zhengfa: " in done.stderr


def test_module_and_command_are_one():
    """`python -m zhengfa` is the command."""
    assert _python("-m", "zhengfa", "--version").stdout == f"zhengfa {zhengfa.__version__}\n"


def _raise(error: BaseException) -> Callable[[argparse.Namespace], int]:
    def work(_: argparse.Namespace) -> int:
        raise error

    return work


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, encoding="utf-8", check=False
    )
