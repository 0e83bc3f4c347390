"""`aistatecraft cite`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.citations.styles import Style

SHORT = "How to cite the package, a table, a record or a source."
EXAMPLES = """\b
Examples:
  aistatecraft cite --style bibtex
  aistatecraft cite strategies
  aistatecraft cite strategies bra-ebia-2021 --sources --style biblatex
  aistatecraft cite sources cai-hou-2026-hedging --style chicago
"""


def command(
    table: Annotated[str | None, typer.Argument(help="A table; the whole package where it is left out.")] = None,
    id: Annotated[
        str | None, typer.Argument(help="Identifier of a record of it; where the key has several fields, their values joined by a slash.")
    ] = None,
    style: Annotated[Style, typer.Option(help="Citation style. Chicago is author-date.")] = Style.apa,
    sources: Annotated[bool, typer.Option("--sources", help="Add the sources behind it, each once.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many sources: those on which most rests.")] = None,
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="A released version, such as 0.1.0.")] = None,
) -> None:
    """Print a citation of the exact version, with the hash of its archive; a state that was not released is called so."""
    from aistatecraft.citations.cite import cited
    from aistatecraft.citations.styles import render
    from aistatecraft.cli.output import emit
    from aistatecraft.errors import UsageError
    from aistatecraft.releases.resolve import package_at

    if limit is not None and not sources:
        raise UsageError("--limit is for the sources; add --sources.")
    found = cited(package_at(path, version), table, id, sources=sources, limit=limit)
    emit(render(style, found.items))
    if found.shown < found.known:
        typer.echo(f"{found.shown:,} of {found.known:,} sources, those on which most rests; all without --limit", err=True)
