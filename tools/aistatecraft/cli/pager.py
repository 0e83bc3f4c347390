"""Long output at a terminal goes through the pager of the user."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["paged", "switch_off", "write"]

_waiting: list[str] | None = None
"""Output that waits for the end of the command; None where nothing is paged."""


def switch_off() -> None:
    """Write what waits, and page nothing from here on."""
    global _waiting
    held, _waiting = _waiting, None
    _send("".join(held or ()))


def write(text: str) -> None:
    """Write text that is escaped for the terminal: now, or at the end of the command where it may need the pager."""
    if _waiting is None:
        _send(text)
    else:
        _waiting.append(text)


def _send(text: str) -> None:
    if text:
        # A guarded terminal escapes what is written to it, and this text is escaped already.
        out: Any = sys.stdout
        getattr(out, "write_styled", out.write)(text)
        out.flush()


@contextlib.contextmanager
def paged() -> Iterator[None]:
    """While a command runs its output is kept, and then shown in the pager where the terminal has too few lines for it.

    Nothing is kept where the output goes to a pipe or a file, nobody is at the keyboard, or the user wants no pager: that
    is, ``PAGER`` is empty or ``cat``, or ``NO_PAGER`` is set. The pager is what ``PAGER`` of the environment says, else ``less -FRX``.
    """
    global _waiting
    words = _pager()
    _waiting = [] if words else None
    try:
        yield
    finally:
        held, _waiting = "".join(_waiting or ()), None
        if held and not (_is_long(held) and _show(words, held)):
            _send(held)


def _pager() -> list[str]:
    """The words that start the pager; empty for none."""
    if not (sys.stdout.isatty() and hasattr(sys.stdout, "write_styled") and sys.stdin is not None and sys.stdin.isatty()):
        return []
    if os.environ.get("NO_PAGER") or os.environ.get("TERM", "dumb") == "dumb":
        return []
    chosen = os.environ.get("PAGER")
    if chosen is None:
        # Windows would look for it in the current directory, too, where it could come from a package.
        found = shutil.which("less") if os.name != "nt" else None
        return [found, "-FRX"] if found else []
    try:
        words = shlex.split(chosen)
    except ValueError:
        return []
    return [] if words[:1] == ["cat"] else words


def _is_long(text: str) -> bool:
    import re

    columns, lines = shutil.get_terminal_size()
    bare = re.sub("\x1b\\[[0-9;]*m", "", text).split("\n")
    return sum(max(-(-len(line) // max(columns, 1)), 1) for line in bare) > lines


def _show(words: list[str], text: str) -> bool:
    """Show the text in the pager; False where it cannot be started."""
    from aistatecraft.package.escape import escape_terminal

    data = escape_terminal(text, styled=True).encode(sys.stdout.encoding or "utf-8", sys.stdout.errors or "backslashreplace")
    # Ctrl-C belongs to the pager while it runs.
    before = signal.getsignal(signal.SIGINT)
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # Colours, and no keys that start an editor or a shell, where the user has set nothing else.
        settings = {"LESS": "FRX", "LESSSECURE": "1", "LV": "-c", **os.environ}
        with subprocess.Popen(words, stdin=subprocess.PIPE, env=settings) as pager:
            assert pager.stdin is not None
            with contextlib.suppress(OSError):  # left before the end
                pager.stdin.write(data)
                pager.stdin.close()
            pager.wait()
        return True
    except OSError:
        return False
    finally:
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGINT, before)
