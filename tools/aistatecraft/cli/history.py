"""`aistatecraft history`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.output import TableFormat
from aistatecraft.cli.package import PathOption, ReleasesOption

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
    path: PathOption = None,
    releases: ReleasesOption = None,
) -> None:
    """Tell the history of a record over all versions: when it came, what changed in which field, under which other
    identifiers it stood, when it went and why."""
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.releases.history import history

    chosen = choose(path)
    steps = history(table, id, path=chosen.place, releases=releases)
    if format is TableFormat.json:
        import json

        emit(json.dumps([step.as_dict() for step in steps], ensure_ascii=False, indent=2))
        note(chosen, format)
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
    note(chosen, format)
