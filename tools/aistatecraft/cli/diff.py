"""`aistatecraft diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.diff.render import FORMATS, Format

SHORT = "What changed between two packages, down to the cell."
EXAMPLES = """\b
Examples:
  aistatecraft diff 0.1.0
  aistatecraft diff 0.1.0 path/to/package --format markdown
  aistatecraft diff old.zip new.zip --exit-code
"""


def command(
    old: Annotated[str, typer.Argument(help="A released version, directory, datapackage.json or zip archive.")],
    new: Annotated[str | None, typer.Argument(help="The same. Default: the package that is installed.")] = None,
    format: Annotated[Format, typer.Option(help="How to print the changes.")] = Format.text,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 where there are changes.")] = False,
) -> None:
    """Show what changed from OLD to NEW: structure, rows by key, cells; and which version number that demands."""
    from aistatecraft.cli.output import emit
    from aistatecraft.diff import diff

    changes = diff(old, new)
    emit(FORMATS[format](changes))
    raise typer.Exit(1 if exit_code and changes.changes else 0)
