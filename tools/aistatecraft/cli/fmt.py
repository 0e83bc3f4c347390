"""`aistatecraft fmt`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHORT = "Write the tables in canonical form."
EXAMPLES = """\b
Examples:
  aistatecraft fmt
  aistatecraft fmt path/to/package --check
  aistatecraft fmt --diff
"""


def command(
    path: Annotated[Path, typer.Argument(help="A package: directory or datapackage.json.")] = Path(),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; end with 1 where a file would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change, and end with 1 if anything does.")] = False,
) -> None:
    """Write every table of a package as UTF-8 with LF, minimal quotes, columns as declared, rows sorted by key, cells in NFC and trimmed.

    Only what cannot change the meaning of a table is repaired, and it is said what. A file in which a cell could be lost is refused.
    """
    from aistatecraft.cli.output import emit
    from aistatecraft.errors import plural
    from aistatecraft.fixing import fix_package, write
    from aistatecraft.fixing.package import root_of
    from aistatecraft.fixing.tables import differences
    from aistatecraft.package import open_package

    package = open_package(path)
    root_of(package)
    tables = fix_package(package)
    changed = [table for table in tables if table.changed]
    if not check and not diff:
        write(package, tables)
    lines = [line for table in changed for line in differences(table)] if diff else [table.sentence for table in changed]
    would = "would be " if check or diff else ""
    files = f"{plural(len(changed), 'file')} {would}fixed"
    lines.append(f"{files}, {len(tables) - len(changed)} already in canonical form")
    emit("\n".join(lines))
    raise typer.Exit(1 if changed and would else 0)
