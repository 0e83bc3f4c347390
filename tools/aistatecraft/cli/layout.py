"""Tables for a terminal: fitted to its width, with one record below the other if it is too narrow for the columns."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import chain, groupby

from aistatecraft.package.escape import printable

__all__ = ["blocks", "laid_out"]

_NARROWEST = 12
"""Columns of the terminal that a cell gets at least: in fewer, texts fall into syllables."""
_WIDEST_WORD = 30
"""A word of up to so many characters, such as an identifier, is not broken to save space."""
_WRAPPED = 5
"""Rows that take more lines than this on average are read more easily as blocks."""
_SAMPLE = 100
"""Of a longer table about so many rows decide how wide its columns are."""
_LIMIT = 10_000
_PIPE = 100_000
"""Width of a line in a pipe or a file: as long as it needs to be, whoever reads it cuts."""


def at_terminal() -> bool:
    """Whether the output goes to a terminal."""
    return sys.stdout.isatty()


def laid_out(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text; on a terminal without the columns that are blank throughout, and as blocks where it does not fit."""
    from rich.console import Console

    console = Console(highlight=False, width=None if at_terminal() else _PIPE)
    if not at_terminal():
        return _table(console, names, rows, None)
    shown = [at for at in range(len(names)) if any(row[at] for row in rows)] or list(range(len(names)))
    names, rows = [names[at] for at in shown], [[row[at] for at in shown] for row in rows]
    widths = _widths(names, rows, console.width)
    if widths is None or _lines_a_row(rows, widths) > _WRAPPED:
        return blocks(names, rows)
    return _table(console, names, rows, widths)


def _table(console: object, names: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] | None) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    assert isinstance(console, Console)
    table = Table(
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1) if widths is None else (0, 1, 0, 0),
        show_edge=widths is None,
        header_style="" if console.no_color else "bold",
    )
    for at, name in enumerate(names):
        table.add_column(Text(printable(name, _LIMIT)), overflow="fold", width=None if widths is None else widths[at])
    for row in rows:
        table.add_row(*(Text(printable(cell, _LIMIT)) for cell in row))
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def _widths(names: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Widths of the columns; None where the terminal has no room for them."""
    from rich.cells import cell_len

    needed, least = [], []
    for at, name in enumerate(names):
        cells = [printable(cell, _LIMIT) for cell in chain([name], (row[at] for row in rows))]
        needed.append(max(map(cell_len, cells)))
        word = max((cell_len(word) for cell in cells for word in cell.split(" ") if len(word) <= _WIDEST_WORD), default=0)
        least.append(min(needed[-1], max(word, _NARROWEST)))
    room -= 2 * (len(names) - 1)
    if sum(least) > room:
        return None
    lengths = [[cell_len(cell) for cell in row] for row in rows[:: max(len(rows) // _SAMPLE, 1)]]
    return _shared_out(room, least, needed, lengths)


def _shared_out(room: int, least: Sequence[int], needed: Sequence[int], lengths: Sequence[Sequence[int]]) -> list[int]:
    """The room given, one by one, to the column that makes most rows shorter: that of the longest texts."""
    widths = list(least)
    for _ in range(room - sum(widths)):
        gains = [0.0] * len(widths)
        for row in lengths:
            lines, tallest = max((length / width, at) for at, (length, width) in enumerate(zip(row, widths, strict=True)))
            if lines > 1:
                gains[tallest] += lines / (widths[tallest] + 1)
        open_to = [at for at, width in enumerate(widths) if width < needed[at]]
        if not open_to:
            break
        widths[max(open_to, key=lambda at: (gains[at], needed[at] - widths[at]))] += 1
    return widths


def _lines_a_row(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> float:
    from rich.cells import cell_len

    return sum(max(-(-cell_len(cell) // width) for cell, width in zip(row, widths, strict=True)) for row in rows) / max(len(rows), 1)


def blocks(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """One record under the other: the first cell as its heading, then a line or more for each field that is not blank.

    Records that follow each other under the same heading have it once, with what all of them have in common.
    """
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False, width=None if at_terminal() else _PIPE)

    def line(indent: int, at: int, cell: str) -> None:
        console.print(Padding(Text(printable(f"{names[at]}: {cell}", _LIMIT)), (0, 0, 0, indent)))

    with console.capture() as captured:
        for number, (heading, group) in enumerate(groupby(rows, key=lambda row: row[0])):
            if number:
                console.print()
            console.print(Text(printable(heading, _LIMIT) or "(blank)", style="" if console.no_color else "bold"))
            records = list(group)
            alike = {at for at in range(1, len(names)) if len(records) == 1 or len({row[at] for row in records}) == 1}
            for at in sorted(alike):
                if records[0][at]:
                    line(2, at, records[0][at])
            for row in records:
                own = [at for at in range(1, len(names)) if at not in alike and row[at]]
                for at in own:
                    line(2 if at == own[0] else 4, at, row[at])
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))
