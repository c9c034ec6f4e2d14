"""The commands of labels: they translate a command line into one call each."""

from __future__ import annotations

import argparse

from labels import command_loop, command_review, command_theme, command_trust


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this folder; each action sets `run`, from its arguments to an exit status."""
    command_review.add_review(commands)
    labels = commands.add_parser("labels", help="主题与标注语料 / themes and labelled reports")
    actions = labels.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)
    command_trust.add_commands(actions)
    command_theme.add_commands(actions)
    command_loop.add_commands(actions)
