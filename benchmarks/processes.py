"""Whole processes, timed: what the benchmarks share."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

# Modules are compiled once, as pip does when it installs, also where the machine's settings forbid it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Run(NamedTuple):
    """One process: seconds by the clock and of the processor, MiB, and what it printed, which is None where it did not end well."""

    wall: float
    cpu: float
    memory: float
    output: str | None


def run(*words: str, python: str = sys.executable, codes: tuple[int, ...] = (0,)) -> Run:
    """Run Python with some arguments; `codes` are the exit codes of a good end."""
    begun = time.perf_counter()
    # Linux counts the memory of the process that starts another as the other's until it runs its own program: keep the starter small.
    process = subprocess.Popen([python, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    output = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
    ended = os.waitstatus_to_exitcode(status)
    return Run(taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output.decode() if ended in codes else None)


def medians(runs: list[Run]) -> tuple[float, float]:
    """Median seconds by the clock and of the processor."""
    return statistics.median(each.wall for each in runs), statistics.median(each.cpu for each in runs)
