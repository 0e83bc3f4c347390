"""`aistatecraft cite`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.citations.styles import Style
from aistatecraft.cli.options import PathOption, VersionOption, complete_record, complete_table

SHORT = "Cite the package, a table, a record or a source."
EXAMPLES = """\b
Examples:
  aistatecraft cite --style bibtex
  aistatecraft cite strategies
  aistatecraft cite strategies bra-ebia-2021 --sources --style biblatex
  aistatecraft cite sources cai-hou-2026-hedging --style chicago
"""


def command(
    table: Annotated[str | None, typer.Argument(help="Table to cite. Default: the whole package.", autocompletion=complete_table)] = None,
    id: Annotated[
        str | None,
        typer.Argument(
            help="Record of the table: its identifier, or a name that no other record has. Join the values of a key of several fields with slashes.",
            autocompletion=complete_record,
        ),
    ] = None,
    style: Annotated[Style, typer.Option(help="Citation style. Chicago is author-date.")] = Style.apa,
    sources: Annotated[bool, typer.Option("--sources", help="Add the sources that support it, each once.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Maximum number of sources, the most used first.")] = None,
    path: PathOption = None,
    version: VersionOption = None,
) -> None:
    """Print a citation of the exact version, with the hash of its archive. Data that were not released are cited as unreleased."""
    from aistatecraft.citations.cite import cited
    from aistatecraft.citations.styles import render
    from aistatecraft.cli.output import emit
    from aistatecraft.cli.package import choose, identify, note
    from aistatecraft.errors import UsageError

    if limit is not None and not sources:
        raise UsageError("--limit applies to the sources; add --sources.")
    chosen = choose(path, version)
    id = id if table is None or id is None else identify(chosen, table, id)
    found = cited(chosen.package, table, id, sources=sources, limit=limit)
    emit(render(style, found.items))
    if found.shown < found.known:
        typer.echo(f"{found.shown:,} of {found.known:,} sources, the most used first; leave out --limit for all", err=True)
    note(chosen)
