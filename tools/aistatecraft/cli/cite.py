"""`aistatecraft cite`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.citing.styles import Style

SHORT = "How to cite the package, a record or a source."
EXAMPLES = """\b
Examples:
  aistatecraft cite --style bibtex
  aistatecraft cite strategies bra-ebia-2021
  aistatecraft cite sources cai-hou-2026-hedging --style ris
"""


def command(
    table: Annotated[str | None, typer.Argument(help="Table of the record; the whole package where it is left out.")] = None,
    id: Annotated[str | None, typer.Argument(help="Identifier of the record.")] = None,
    style: Annotated[Style, typer.Option(help="Citation style.")] = Style.apa,
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="A released version, such as 0.1.0.")] = None,
) -> None:
    """Print a citation of the exact version."""
    from aistatecraft.citing import cite
    from aistatecraft.cli.output import emit

    emit(cite(style, table=table, id=id, path=path, version=version))
