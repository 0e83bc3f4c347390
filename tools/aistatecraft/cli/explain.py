"""`aistatecraft explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.options import NoPagerOption, complete_rule

if TYPE_CHECKING:
    from aistatecraft.validation.rule_pages import SmallTable

SHORT = "Explain a validation rule, with examples."
EXAMPLES = """\b
Examples:
  aistatecraft explain
  aistatecraft explain dates-in-order
"""


def command(
    rule: Annotated[
        str | None, typer.Argument(help="Name of a rule, as shown in findings. Default: list all rules.", autocompletion=complete_rule)
    ] = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Explain a rule of `aistatecraft validate`: meaning, scope, severity, tables, a good and a bad example."""
    from aistatecraft.cli.output import TableFormat, emit, emit_table
    from aistatecraft.validation.rule_docs import TEXT_RULES
    from aistatecraft.validation.rule_pages import page
    from aistatecraft.validation.rules import RULES

    if rule is None:
        told = [page(name) for name in dict.fromkeys((*TEXT_RULES, *RULES))]
        emit_table(
            ["rule", "severity", "tables", "meaning"],
            [[each.rule, each.severity, each.tables, each.meaning] for each in told],
            TableFormat.table,
        )
        return
    one = page(rule)
    emit(f"{one.rule}\n\n{one.meaning}\n\nseverity: {one.severity}\nscope: {one.scope}\ntables: {one.tables}")
    if one.note:
        emit(f"\n{one.note}")
    for title, tables in (("Valid", one.good), ("Invalid", one.bad), ("In both cases", one.beside)):
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
