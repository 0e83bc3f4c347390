"""What the commands share: printing tables and texts, and showing progress."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TextIO

from aistatecraft.cli import pager
from aistatecraft.package.escape import escape_markdown, escape_terminal, printable

__all__ = ["TableFormat", "Terminal", "aside", "emit", "emit_table", "guarded", "progress", "terminal"]


class TableFormat(StrEnum):
    """Forms in which a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    md = "md"


class ReaderGone(BaseException):
    """The reader of the output has closed it, as head does. Not an `OSError`: typer takes that for a failure."""


class Terminal(io.TextIOBase):
    """A terminal that gets text and nothing that it obeys, whoever writes: a command, a library, a warning, a traceback.

    It has no `buffer`, so that nobody writes bytes past it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str, styled: bool = False) -> int:
        """Write `text` escaped; with `styled` the codes for colours stay."""
        self.stream.write(escape_terminal(text, styled))
        return len(text)

    def write_styled(self, text: str) -> int:
        """Write `text`, in which everything but codes for colours is escaped already."""
        return self.write(text, styled=True)

    def flush(self) -> None:
        """Flush the terminal, if it is still open."""
        if not self.stream.closed:
            self.stream.flush()

    def isatty(self) -> bool:
        """It is one."""
        return True

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """The file descriptor of the terminal."""
        return self.stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the terminal."""
        return self.stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """What happens to characters that it cannot take."""
        return self.stream.errors


def guarded(stream: TextIO) -> Any:
    """The stream, as a `Terminal` if it is one. A file or pipe gets the data as they are."""
    return Terminal(stream) if stream.isatty() and not isinstance(stream, Terminal) else stream


def emit(text: str, *, styled: bool = False) -> None:
    """Print `text` with a line break at its end; `styled` says that it holds codes for colours, and values that went through `printable`."""
    text = text if text.endswith("\n") else text + "\n"
    try:
        if isinstance(sys.stdout, Terminal):
            pager.write(text if styled else escape_terminal(text))
        else:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None


def aside(sentence: str) -> None:
    """Print a sentence on one line on standard error, so that programs which read the output do not get it."""
    try:
        print(printable(sentence, 2_000), file=sys.stderr, flush=True)
    except BrokenPipeError:
        raise ReaderGone from None


def emit_table(
    names: Sequence[str],
    rows: Iterator[Sequence[str]] | Sequence[Sequence[str]],
    form: TableFormat,
    values: Callable[[Sequence[str]], Sequence[Any]] | None = None,
) -> None:
    """Print a table.

    Parameters
    ----------
    names : column names
    rows : cells as texts
    form : how
    values : gives the values of a row for JSON; the texts where it is None
    """
    if form is TableFormat.csv:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
        if not sys.stdout.isatty() and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # these are data, whatever the locale
        emit(out.getvalue())
    elif form is TableFormat.json:
        made = [dict(zip(names, values(row) if values else row, strict=True)) for row in rows]
        emit(json.dumps(made, ensure_ascii=False, indent=2))
    elif form is TableFormat.md:
        emit(
            "\n".join(
                [
                    "| " + " | ".join(escape_markdown(name, 2_000) for name in names) + " |",
                    "|" + "---|" * len(names),
                    *("| " + " | ".join(escape_markdown(cell, 2_000) for cell in row) + " |" for row in rows),
                ]
            )
        )
    else:
        from aistatecraft.cli.layout import laid_out

        emit(laid_out(names, list(rows)), styled=True)


def terminal() -> tuple[int, bool]:
    """Width of the output in columns, and whether it is a terminal that wants colours; rich is not needed in a pipe."""
    if not sys.stdout.isatty():
        return 120, False
    from rich.console import Console

    console = Console()
    return console.width, console.is_terminal and not console.no_color and not console.is_dumb_terminal


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function that shows progress on standard error after one second, on terminals that can redraw a line and want escapes."""
    begun = time.monotonic()
    bar: Any = None
    task: Any = None

    def tell(what: str, done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
            if plain or not sys.stderr.isatty() or time.monotonic() - begun < 1:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            stream = sys.stderr.stream if isinstance(sys.stderr, Terminal) else sys.stderr  # a bar moves the cursor
            bar = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.description}", markup=False),
                console=Console(file=stream),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            bar.start()
            task = bar.add_task(printable(what, 100), total=total)
        bar.update(task, description=printable(what, 100), completed=done, total=total)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
