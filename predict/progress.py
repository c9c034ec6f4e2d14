"""A line on the terminal that says how far the work is: count, rate, time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TextIO

_INTERVAL: Final = 0.2
_ERASE: Final = "\r\x1b[2K"


class Progress:
    """Counts finished reports and rewrites one line; silent where the stream is no terminal or the reports are few.

    total: how many there are, None where nobody knows.
    """

    def __init__(self, total: int | None, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._stream, self._clock = total, stream, clock
        self._silent = not stream.isatty() or (total is not None and total < 10)
        self._start = self._shown = clock()
        self._done = 0

    def step(self, count: int = 1) -> None:
        """So many reports more are done."""
        self._done += count
        now = self._clock()
        if not self._silent and now - self._shown >= _INTERVAL:
            self._shown = now
            self._stream.write(_ERASE + describe(self._done, self._total, now - self._start))
            self._stream.flush()

    def skip(self, count: int) -> None:
        """So many reports were done before: they are not to do, and say nothing of the rate."""
        if self._total is not None:
            self._total = max(self._total - count, 0)

    def close(self) -> None:
        """Take the line away."""
        if not self._silent and self._shown != self._start:
            self._stream.write(_ERASE)
            self._stream.flush()


def describe(done: int, total: int | None, seconds: float) -> str:
    """The line's text.

    >>> describe(120, 4000, 2.0), describe(120, None, 2.0)
    ('120/4,000 篇  60/s  1:05', '120 篇  60/s')
    """
    rate = done / seconds if seconds else 0.0
    speed = f"{done:,}{f'/{total:,}' if total else ''} 篇  {rate:.{0 if rate >= 10 else 1}f}/s"
    if not total or not rate or total < done:
        return speed
    left = round((total - done) / rate)
    clock = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}" if left >= 3600 else f"{left // 60}:{left % 60:02}"
    return f"{speed}  {clock}"
