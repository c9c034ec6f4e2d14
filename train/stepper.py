"""A line on the terminal that says how far the work is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TextIO

_ERASE: Final = "\r\x1b[2K"


def stepper(stream: TextIO) -> Callable[[str], None]:
    """A function that shows a text in place of the one before, and takes it away for ""; silent off a terminal."""

    def step(text: str) -> None:
        if stream.isatty():
            stream.write(_ERASE + text)
            stream.flush()

    return step
