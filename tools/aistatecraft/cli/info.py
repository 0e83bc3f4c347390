"""`aistatecraft info`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHORT = "Version, tables, and how well they are supported."
EXAMPLES = """\b
Examples:
  aistatecraft info
  aistatecraft info --path dist/aistatecraft-0.1.0.zip
"""


def command(
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show which version this is, what stands in it, and how many records rest on how many sources."""
    from aistatecraft.cli.output import TableFormat, emit, emit_table
    from aistatecraft.package.register import Register
    from aistatecraft.package.summary import summarise
    from aistatecraft.releases.release_state import state_of
    from aistatecraft.releases.resolve import package_at

    package = package_at(path)
    rows = summarise(package)
    if json:
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
        return
    emit(f"{package.title}\nversion {package.version} ({state_of(package)}), in {package.store.label}")
    names = ["table", "rows", "with evidence", "two sources or more", "disputed"]
    cells = [
        [str(row["table"]), *("" if row[name] is None else f"{row[name]:,}" for name in ("rows", "supported", "corroborated", "disputed"))]
        for row in rows
    ]
    total = ["total", *(f"{sum(int(row[name] or 0) for row in rows):,}" for name in ("rows", "supported", "corroborated", "disputed"))]
    emit_table(names, [*cells, total], TableFormat.table)
