"""A watch on regular expressions that do not come to an end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from aistatecraft.errors import ReadError

__all__ = ["RegexTimer", "watching"]

MAX_REGEX_SECONDS = 2.0


class RegexTimer:
    """Counts the rows judged; a tick that finds the count where the last one found it means that one row takes too long."""

    def __init__(self) -> None:
        self.count = 0
        self.doing = ""
        self._last = -1

    def tick(self, _signal: int, _frame: FrameType | None) -> None:
        """Called every few seconds, in the middle of whatever runs; Python's regular expressions let signals in."""
        if self.doing and self.count == self._last:
            raise ReadError(
                f"{self.doing}: it takes more than {MAX_REGEX_SECONDS:.0f} seconds on one row; a pattern with nested repetitions runs for ever on some texts, so write it without."
            )
        self._last = self.count


@contextmanager
def watching() -> Iterator[RegexTimer]:
    """A watch that runs while the block does, where the system has timers and this is the main thread."""
    watch = RegexTimer()
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield watch
        return
    before = signal.signal(signal.SIGALRM, watch.tick)
    signal.setitimer(signal.ITIMER_REAL, MAX_REGEX_SECONDS, MAX_REGEX_SECONDS)
    try:
        yield watch
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
