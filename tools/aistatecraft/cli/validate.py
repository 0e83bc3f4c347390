"""`aistatecraft validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.validation.render import FORMATS, Format

SHORT = "Find every mistake, at its place, with its mend."
EXAMPLES = """\b
Examples:
  aistatecraft validate
  aistatecraft validate path/to/package --format json
  aistatecraft validate --fast
"""


def command(
    path: Annotated[
        Path | None, typer.Argument(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print the findings.")] = Format.text,
    fast: Annotated[
        bool, typer.Option("--fast", help="Text, types of single cells and keys alone; no rules across columns and tables.")
    ] = False,
) -> None:
    """Validate a data package. Exit code 0 without errors, 1 with errors, 2 where the package cannot be read."""
    from aistatecraft.cli.output import emit, progress
    from aistatecraft.validation import validate

    with progress() as tell:
        report = validate(path, fast=fast, progress=tell)
    text = FORMATS[format](report)
    if text:
        emit(text)
    raise typer.Exit(report.exit_code)
