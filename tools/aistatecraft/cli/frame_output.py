"""Printing the frame of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aistatecraft.cli.output import TableFormat, aside, emit, emit_table

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
        emit_table(read_names, read_rows, form)


def _item(line: str) -> str:
    from aistatecraft.package.escape import escape_markdown

    bare = line.lstrip(" ")
    return f"{' ' * (len(line) - len(bare))}- {escape_markdown(bare, 2_000)}"
