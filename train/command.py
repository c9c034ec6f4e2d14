"""The commands of training: they translate a command line into one call each."""

from __future__ import annotations

import argparse
from pathlib import Path

from labels.corpus import DEFAULT_CORPUS
from labels.errors import UserError


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this folder; each sets `run`, from its arguments to an exit status."""
    parser = commands.add_parser("train", help="用标注语料训练模型 / train a model from the labelled corpus")
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS, help="标注语料文件夹 / labelled reports")
    parser.set_defaults(run=_train)


def _train(arguments: argparse.Namespace) -> int:
    raise UserError(f"{arguments.corpus}: training is not part of this version")
