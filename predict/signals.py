"""SIGTERM ends the program as Ctrl-C does: by an exception, so that nothing stays half-written."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

TERMINATED: Final = 143  # what a shell reports for SIGTERM


@contextmanager
def ending_well() -> Iterator[None]:
    """Within the block SIGTERM raises SystemExit with the status that a shell expects."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    # A second one must not break off the tidying up.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stderr.write("zhengfa: 已终止 / terminated\n")
    raise SystemExit(TERMINATED)
