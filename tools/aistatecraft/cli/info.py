"""`aistatecraft info`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.package import PathOption

SHORT = "Version, tables, and how well they are supported."
EXAMPLES = """\b
Examples:
  aistatecraft info
  aistatecraft info --path dist/aistatecraft-0.1.0.zip
"""


def command(
    path: PathOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show which version this is, what stands in it, and how many records rest on how many sources."""
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
