"""`aistatecraft history`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, PathOption, ReleasesOption, complete_record, complete_table
from aistatecraft.cli.output import TableFormat

if TYPE_CHECKING:
    from aistatecraft.cli.package import Chosen

SHORT = "Show the history of a record."
EXAMPLES = """\b
Examples:
  aistatecraft history strategies bra-ebia-2021
  aistatecraft history signatories cartagena-2024/CUB/signed --format json
"""


def command(
    table: Annotated[str, typer.Argument(help="Table of the record.", autocompletion=complete_table)],
    id: Annotated[
        str,
        typer.Argument(
            help="Identifier that the record has or ever had, or a name that no other record has. Join the values of a key of several fields with slashes.",
            autocompletion=complete_record,
        ),
    ],
    format: Annotated[TableFormat, typer.Option(help="Output format.")] = TableFormat.table,
    path: PathOption = None,
    releases: ReleasesOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Show the history of a record over all versions: when it was added, which fields changed, which other identifiers it had, and
    when and why it was removed."""
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.cli.package import choose, note
    from aistatecraft.releases.history import history

    chosen = choose(path)
    id = _identified(chosen, table, id)
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
        told = {
            at
            for at, name in enumerate(names)
            if any(row[at] for row in rows) and not (name == "record" and {row[at] for row in rows} == {id})
        }
        shown = [at for at, name in enumerate(names) if at in told or name in ("version", "event", "reason")]
        names, rows = [names[at] for at in shown], [[row[at] for at in shown] for row in rows]
    emit_table(names, rows, format)
    note(chosen, format)


def _identified(chosen: Chosen, table: str, word: str) -> str:
    """The identifier that is meant; the word itself where no record has it today, since the record may be gone."""
    from aistatecraft.cli.package import identify
    from aistatecraft.errors import DataError, UsageError
    from aistatecraft.package.lookup import AmbiguousName

    try:
        return identify(chosen, table, word)
    except AmbiguousName:
        raise
    except (UsageError, DataError):
        return word
