"""Printing the frame of a view."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aistatecraft.cli.output import TableFormat, aside, emit, emit_table, terminal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["show_frame"]


def show_frame(frame: pd.DataFrame, form: TableFormat) -> None:
    """Print a view: in the form for reading as a table or Markdown, as tidy rows as CSV or JSON. That it is empty is said on standard error."""
    from aistatecraft.package.escape import printable
    from aistatecraft.views.catalogue import view_of
    from aistatecraft.views.frame import numbers_of
    from aistatecraft.views.readable_frames import texts_of

    view = view_of(frame)
    if not len(frame):
        aside(f"aistatecraft: {view.nothing}.")
        if form in (TableFormat.table, TableFormat.md):
            return
    names = [str(name) for name in frame.columns]
    if form is TableFormat.json:
        rows = numbers_of(frame)
        emit_table(names, rows, form, lambda row: row)
    elif form is TableFormat.csv:
        emit_table(names, texts_of(frame), form)
    elif view.text is not None:
        text = view.text(frame)
        # Indentation makes nested lists in Markdown, too.
        emit("\n".join(printable(line, 10_000) if form is TableFormat.table else _item(line) for line in text.split("\n")))
    else:
        read_names, read_rows = view.read(frame)
        if form is TableFormat.table and _too_narrow(read_names, read_rows):
            _blocks(read_names, read_rows)
        else:
            emit_table(read_names, read_rows, form)


def _too_narrow(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the terminal has so few columns for each of the table's that words would be broken."""
    width, _ = terminal()
    wide = [max((len(row[at]) for row in rows), default=0) for at in range(len(names))]
    return sys.stdout.isatty() and sum(min(most, 14) + 3 for most in wide) > width


def _blocks(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """One record under the other, a line or more a field."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from aistatecraft.package.escape import printable

    console = Console(highlight=False)
    with console.capture() as captured:
        for row in rows:
            console.print(Text(printable(row[0], 10_000), style="" if console.no_color else "bold"))
            for name, cell in zip(names[1:], row[1:], strict=True):
                if cell:
                    console.print(Padding(Text(printable(f"{name}: {cell}", 10_000)), (0, 0, 0, 2)))
    emit(captured.get(), styled=True)


def _item(line: str) -> str:
    from aistatecraft.package.escape import escape_markdown

    bare = line.lstrip(" ")
    return f"{' ' * (len(line) - len(bare))}- {escape_markdown(bare, 2_000)}"
