"""`aistatecraft history`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat

SHORT = "When a record came, what changed, when it went and why."
EXAMPLES = """\b
Examples:
  aistatecraft history strategies bra-ebia-2021
  aistatecraft history signatories cartagena-2024/CUB/signed --format json
"""


def command(
    table: Annotated[str, typer.Argument(help="Table of the record.")],
    id: Annotated[
        str,
        typer.Argument(
            help="An identifier under which it stands or ever stood; where the key has several fields, their values joined by a slash."
        ),
    ],
    format: Annotated[TableFormat, typer.Option(help="How to print it.")] = TableFormat.table,
    path: Annotated[
        Path | None, typer.Option(help="A package: directory, datapackage.json or zip archive. Default: the one that is installed.")
    ] = None,
    releases: Annotated[
        str | None,
        typer.Option(
            help="Address or directory with later or larger releases. Default: AISTATECRAFT_RELEASES in the environment, else none."
        ),
    ] = None,
) -> None:
    """Tell the history of a record over all versions: when it came, what changed in which field, under which other
    identifiers it stood, when it went and why."""
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.releases.history import history

    steps = history(table, id, path=path, releases=releases)
    if format is TableFormat.json:
        import json

        emit(json.dumps([step.as_dict() for step in steps], ensure_ascii=False, indent=2))
        return
    names = ["version", "released", "event", "record", "field", "old", "new", "class", "reason", "replaced by"]
    rows = [
        [step.version, step.released, step.event, step.record, step.field, step.old or "", step.new or "", step.kind,
         f"{step.reason} (proposed)" if step.proposed else step.reason, step.replaced_by]
        for step in steps
    ]  # fmt: skip
    if format is TableFormat.table:  # columns that say nothing here
        shown = [at for at, name in enumerate(names) if name in ("version", "event", "reason") or any(row[at] for row in rows)]
        names, rows = [names[at] for at in shown], [[row[at] for at in shown] for row in rows]
    emit_table(names, rows, format)
