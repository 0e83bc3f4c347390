"""What the fixes change in a file, as a unified diff that is safe to print."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from aistatecraft.fixing.tables import FixedTable
from aistatecraft.package.escape import printable

__all__ = ["differences"]

MAX_LINES = 20_000
_LINE = 10_000


def differences(table: FixedTable) -> Iterator[str]:
    """The lines of a unified diff from the file to its canonical form.

    Control characters are written out, so that a carriage return or a byte order mark is seen. Where more than 20,000 lines
    differ, they are only counted: comparing all with all would take too long.
    """
    before, after = _lines(table.before.decode("utf-8")), _lines(table.after.decode("utf-8"))
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    most = max(len(before), len(after)) - start - end
    yield f"--- {printable(table.path)}"
    yield f"+++ {printable(table.path)} (canonical)"
    if most > MAX_LINES:
        yield f"@@ {most:,} lines differ, from line {start + 1:,} on @@"
        return
    for line in list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]:
        yield line[:1] + printable(line[1:], _LINE)


def _lines(text: str) -> list[str]:
    """Lines without their line feeds; other line ends stay, as they are what differs."""
    lines = (text if "\n" in text else text.replace("\r", "\r\n")).split("\n")
    if lines[-1]:
        lines[-1] += " (no line break at the end)"
    else:
        del lines[-1]
    return lines
