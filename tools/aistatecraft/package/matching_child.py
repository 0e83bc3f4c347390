"""The second interpreter of `matching`: it reads a pattern and texts, and says y where all match, else n.

It is run as a program of its own and imports nothing of this package. A watch that needs no turn of the interpreter ends it
where it makes no progress, whoever waits for it, and also where nobody does any more.
"""

import faulthandler
import marshal
import os
import re
import struct
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

STEP = 64
"""Texts between two looks at the clock."""
MEMORY = 1024**3
PER_TEXT = 0.001
"""Seconds that a text may take on average."""


def main() -> None:
    """Answer until there are no more questions."""
    warnings.simplefilter("ignore")
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        while len(head := questions.read(8)) == 8:
            question = questions.read(struct.unpack("<Q", head)[0])
            pattern, texts, seconds = marshal.loads(question)
            bound_memory(MEMORY + 8 * len(question))
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            try:
                match = re.compile(pattern).fullmatch
            except (re.error, OverflowError, RecursionError):
                answer = b"e"
            else:
                answer = b"y" if matched(match, texts, seconds, nowhere) else b"n"
            answers.write(answer)
            answers.flush()
            faulthandler.cancel_dump_traceback_later()


def bound_memory(most: int) -> None:
    """No more memory than that, on systems that have such a limit: some patterns keep a note of every step."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def matched(match: Callable[[str], object], texts: list[str], seconds: float, nowhere: TextIO) -> bool:
    """Whether all texts match; does not come back where that takes too long."""
    begun = armed = time.monotonic()
    for at in range(0, len(texts), STEP):
        if not all(map(match, texts[at : at + STEP])):
            return False
        now = time.monotonic()
        if now - begun > seconds + (at + STEP) * PER_TEXT:
            os._exit(1)
        if now - armed > seconds / 4:
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            armed = now
    return True


if __name__ == "__main__":
    main()
