"""`aistatecraft info`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from aistatecraft.cli.options import PathOption

SHORT = "Show the version, the tables and their support."
EXAMPLES = """\b
Examples:
  aistatecraft info
  aistatecraft info --format json
  aistatecraft info --path dist/aistatecraft-0.1.0.zip
"""


class InfoFormat(StrEnum):
    """Forms of the summary."""

    table = "table"
    json = "json"


def command(
    path: PathOption = None,
    format: Annotated[InfoFormat, typer.Option(help="Output format.")] = InfoFormat.table,
    json: Annotated[bool, typer.Option("--json", hidden=True, help="The same as --format json.")] = False,
) -> None:
    """Show the version, the tables with their rows, and how many records are supported by one source, two or more, or disputed."""
    from aistatecraft.cli.output import TableFormat, emit, emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.package.escape import printable
    from aistatecraft.package.installed import installed
    from aistatecraft.package.register import Register
    from aistatecraft.package.summary import summarise
    from aistatecraft.releases.release_state import state_of

    chosen = choose(path)
    package = chosen.package
    rows = summarise(package)
    if json or format is InfoFormat.json:
        import json as library

        emit(
            library.dumps(
                {
                    "name": package.descriptor.get("name"),
                    "version": package.version,
                    "state": state_of(package),
                    "releases": Register.of(package).versions,
                    "tables": rows,
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        note(chosen)
        return
    where = f"{chosen.label}: {package.store.label}" if package is installed() else chosen.label
    emit("\n".join(map(printable, (package.title, f"version {package.version} ({state_of(package)}), in {where}"))))
    names = ["table", "rows", "with evidence", "two sources or more", "disputed"]
    cells = [
        [str(row["table"]), *("" if row[name] is None else f"{row[name]:,}" for name in ("rows", "supported", "corroborated", "disputed"))]
        for row in rows
    ]
    total = ["total", *(f"{sum(int(row[name] or 0) for row in rows):,}" for name in ("rows", "supported", "corroborated", "disputed"))]
    emit_table(names, [*cells, total], TableFormat.table)
