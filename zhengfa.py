"""The one command and the public import surface; it only joins the folders."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from labels.errors import UserError

if TYPE_CHECKING:
    from predict.tagger import Tagger

__version__ = "0.1.0"
__all__ = ["UserError", "__version__", "load", "main"]

NOTHING_DONE = 2
INTERRUPTED = 130  # what a shell reports for SIGINT
PIPE_CLOSED = 141  # and for SIGPIPE

DESCRIPTION = """\
读政法工作报告：找出章节与段落，为每段标注主题。
Reads Chinese political-legal work reports, finds their sections and tags every paragraph with its themes."""


def load(model: str | Path | None = None) -> Tagger:
    """A tagger with the model folder `model`, or with the default model; UserError where there is none."""
    from predict.tagger import Tagger

    return Tagger.load(None if model is None else Path(model))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (the process's own where None) and return its exit status.

    0 done, 2 nothing done, 3 done in part; a bug keeps its traceback. `--help` and `--version` raise SystemExit.
    """
    _print_anything()
    # Threads of BLAS cost more at the start than they save on matrices as small as ours.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        words = sys.argv[1:] if argv is None else argv
        arguments = _parser(*words[:1]).parse_args(words)
        status: int = arguments.run(arguments)
        print(end="", flush=True)
    except UserError as error:
        return _fail(" ".join(str(error).splitlines()), NOTHING_DONE)
    except KeyboardInterrupt:
        return _fail("已中断 / interrupted", INTERRUPTED)
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    return status


class _Parser(argparse.ArgumentParser):
    """Reports a wrong command line as every other error: in one line."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see: {self.prog} --help")


def _parser(first: str = "") -> argparse.ArgumentParser:
    """The parser of all commands; of prediction's alone where the first word is one of them, to be there sooner."""
    from predict import command as predict_command

    folders: list[ModuleType] = [predict_command]
    if first not in predict_command.NAMES:
        from labels import command as labels_command
        from train import command as train_command

        folders += [train_command, labels_command]

    parser = _Parser(prog="zhengfa", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}", help="版本 / the version")
    commands = parser.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)
    for folder in folders:
        folder.add_commands(commands)
    return parser


def _print_anything() -> None:
    # A file name may hold bytes that the terminal's encoding has no character for.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _fail(message: str, status: int) -> int:
    print(f"zhengfa: {message}", file=sys.stderr)
    return status


def _drop_output() -> None:
    # The interpreter flushes stdout once more at exit; into nothing it cannot fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
