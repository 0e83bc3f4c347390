"""`aistatecraft versions`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat

SHORT = "Which versions were released, and where each is."
EXAMPLES = """\b
Examples:
  aistatecraft versions
  aistatecraft versions --releases path/to/releases --format json
"""


def command(
    format: Annotated[TableFormat, typer.Option(help="How to print them.")] = TableFormat.table,
    releases: Annotated[
        str | None,
        typer.Option(
            help="Address or directory with later or larger releases. Default: AISTATECRAFT_RELEASES in the environment, else none."
        ),
    ] = None,
) -> None:
    """List the released versions: day, rows, size, where the archive is (carried, in the cache, at the address), and its hash."""
    from aistatecraft.cli.output import emit_table
    from aistatecraft.releases.catalog import listed

    found, told = listed(releases)
    names = ["version", "released", "rows", "bytes", "where", "sha256"]
    values = [[one.version, one.released, one.rows, one.bytes, one.where, one.sha256] for one in found]
    commas = format is TableFormat.table
    rows = [[f"{cell:,}" if commas and isinstance(cell, int) else str(cell) for cell in row] for row in values]
    typed = iter(values)
    emit_table(names, rows, format, lambda _: next(typed))
    if told:
        from aistatecraft.package.escape import printable

        typer.echo(printable(told, 2_000), err=True)
