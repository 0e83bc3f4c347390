"""`aistatecraft versions`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import PathOption, ReleasesOption
from aistatecraft.cli.output import TableFormat

SHORT = "List the released versions."
EXAMPLES = """\b
Examples:
  aistatecraft versions
  aistatecraft versions --releases path/to/releases --format json
"""


def command(
    format: Annotated[TableFormat, typer.Option(help="Output format.")] = TableFormat.table,
    path: PathOption = None,
    releases: ReleasesOption = None,
) -> None:
    """List the released versions: date, rows, size, where the archive is (carried by the installation, in the cache, at the URL), and its hash."""
    from aistatecraft.cli.output import emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.releases.catalog import listed

    chosen = choose(path)
    found, told = listed(releases, chosen.package)
    names = ["version", "released", "rows", "bytes", "where", "sha256"]
    values = [[one.version, one.released, one.rows, one.bytes, one.where, one.sha256] for one in found]
    commas = format is TableFormat.table
    rows = [[f"{cell:,}" if commas and isinstance(cell, int) else str(cell) for cell in row] for row in values]
    typed = iter(values)
    emit_table(names, rows, format, lambda _: next(typed))
    note(chosen, format)
    if told:
        from aistatecraft.package.escape import printable

        typer.echo(printable(told, 2_000), err=True)
