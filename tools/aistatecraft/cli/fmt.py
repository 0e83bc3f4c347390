"""`aistatecraft fmt`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHORT = "Write the tables in canonical form."
EXAMPLES = """\b
Examples:
  aistatecraft fmt
  aistatecraft fmt data/strategies.csv
  aistatecraft fmt path/to/package --check
  aistatecraft fmt --diff
"""


def command(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="Package: directory or datapackage.json, or one of its tables. Default: the package of the current directory; installed packages are never changed."
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change, and exit with 1 if anything would.")] = False,
) -> None:
    """Write every table of a package as UTF-8 with LF, minimal quotes, columns as declared, rows sorted by key.

    In this dataset, texts are also normalised to NFC and trimmed; in other packages no value is changed. The command reports what it
    changes, and refuses a file if a cell could be lost.
    """
    from aistatecraft.cli.output import emit
    from aistatecraft.cli.package import choose_to_write, phrase
    from aistatecraft.errors import plural
    from aistatecraft.fixing import fix_package, open_to_write, write
    from aistatecraft.fixing.tables import differences

    chosen = choose_to_write(path)
    if check or diff:
        tables = fix_package(chosen.package, only=chosen.table)
    else:
        with open_to_write(chosen.place) as (package, change):
            tables = fix_package(package, only=chosen.table)
            write(package, tables, change)
    changed = [table for table in tables if table.changed]
    lines = [line for table in changed for line in differences(table)] if diff else [table.sentence for table in changed]
    would = "would be " if check or diff else ""
    files = f"{plural(len(changed), 'file')} {would}rewritten"
    lines.append(f"{files}, {len(tables) - len(changed)} already in canonical form, in {phrase(chosen)}")
    emit("\n".join(lines))
    raise typer.Exit(1 if changed and would else 0)
