"""The line that says how far the work is."""

from __future__ import annotations

import io

from predict.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, total: int | None, seconds: float = 0.125) -> str:
    """What 20 steps write, each taking `seconds`."""
    times = iter(number * seconds for number in range(1000))
    progress = Progress(total, stream, clock=lambda: next(times))
    for _ in range(20):
        progress.step()
    progress.close()
    return stream.getvalue()


def test_the_line_is_rewritten_and_taken_away():
    """Count, rate and time left, a few times a second; nothing of it stays."""
    text = shown(Terminal(), 1000)
    assert "20/1,000 篇  8.0/s  2:02" in text
    assert text.count("篇") == 10
    assert text.endswith("\r\x1b[2K")


def test_silent_in_a_file_and_for_few_reports():
    """A log has no progress lines, and a few reports need none."""
    assert shown(io.StringIO(), 1000) == ""
    assert shown(Terminal(), 9) == ""


def test_an_unknown_total_shows_no_time_left():
    """Rows of a table are not counted beforehand."""
    assert "20 篇  8.0/s" in shown(Terminal(), None)


def test_what_was_done_before_is_not_to_do():
    """A run that goes on counts what is left, and its rate is that of the work it does itself."""
    stream = Terminal()
    times = iter(number * 1.0 for number in range(1000))
    progress = Progress(1000, stream, clock=lambda: next(times))
    progress.skip(600)
    progress.step(100)
    assert "100/400 篇  100/s  0:03" in stream.getvalue()
