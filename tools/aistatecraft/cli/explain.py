"""`aistatecraft explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aistatecraft.validation.rule_pages import SmallTable

SHORT = "What a rule asks for, with a good and a bad example."
EXAMPLES = """\b
Examples:
  aistatecraft explain
  aistatecraft explain dates-in-order
"""


def command(
    rule: Annotated[str | None, typer.Argument(help="Name of a rule, as findings show it. Default: the list of all.")] = None,
) -> None:
    """Tell what a rule of `aistatecraft validate` asks for: meaning, scope, severity, tables, a good and a bad example."""
    from aistatecraft.cli.output import TableFormat, emit, emit_table
    from aistatecraft.validation.rule_docs import TEXT_RULES
    from aistatecraft.validation.rule_pages import page
    from aistatecraft.validation.rules import RULES

    if rule is None:
        told = [page(name) for name in dict.fromkeys((*TEXT_RULES, *RULES))]
        emit_table(
            ["rule", "severity", "tables", "what it asks for"],
            [[each.rule, each.severity, each.tables, each.meaning] for each in told],
            TableFormat.table,
        )
        return
    one = page(rule)
    emit(f"{one.rule}\n\n{one.meaning}\n\nseverity: {one.severity}\nlooks at: {one.scope}\ntables: {one.tables}")
    if one.note:
        emit(f"\n{one.note}")
    for title, tables in (("Keeps it", one.good), ("Breaks it", one.bad), ("In both", one.beside)):
        for table in tables:
            where = f", and the finding points at {one.field}" if table.wrong else ""
            emit(f"\n{title}, in {table.name}{where}{'' if table.rows else ': no such row'}")
            if table.rows:
                emit_table(table.fields, _marked(table), TableFormat.table)


def _marked(table: SmallTable) -> list[list[str]]:
    """Rows with the wrong cell between arrows."""
    rows = [list(row) for row in table.rows]
    if table.wrong is not None:
        row, field = table.wrong
        rows[row][field] = f"> {rows[row][field] or '(blank)'} <"
    return rows
