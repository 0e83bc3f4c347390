"""`aistatecraft acts`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from aistatecraft.cli.analysis_output import FormatOption, OutOption, give
from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption
from aistatecraft.cli.output import TableFormat

SHORT = "Show what states did about declarations: list, matrix, networks."
EXAMPLES = """\b
Examples:
  aistatecraft acts --actor BRA
  aistatecraft acts matrix --leader china --out matrix.csv
  aistatecraft acts cosignature --least 5 --out edges.csv
  aistatecraft acts alignment --from 2023 --format json
"""


class Form(StrEnum):
    """What is shown."""

    list = "list"
    matrix = "matrix"
    cosignature = "cosignature"
    alignment = "alignment"


_OPTIONS = {
    Form.list: {"actor", "leader"},
    Form.matrix: {"actor", "leader"},
    Form.cosignature: {"leader", "least"},
    Form.alignment: {"from", "to"},
}


def command(
    form: Annotated[
        Form, typer.Argument(help="list: a row an act. matrix: states x declarations. cosignature, alignment: edges of networks.")
    ] = Form.list,
    actor: Annotated[
        list[str] | None, typer.Option(help="For list and matrix: only this actor, by identifier or name. Repeatable.")
    ] = None,
    leader: Annotated[
        list[str] | None, typer.Option(help="Only declarations led by this power: us, eu, china, un, brics, other. Repeatable.")
    ] = None,
    least: Annotated[int | None, typer.Option(min=1, help="For cosignature: least number of common declarations. Default: 1.")] = None,
    start: Annotated[int | None, typer.Option("--from", help="For alignment: first year.")] = None,
    end: Annotated[int | None, typer.Option("--to", help="For alignment: last year.")] = None,
    format: FormatOption = TableFormat.table,
    out: OutOption = None,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Show acts of signatories, with what is only covered by a bloc told apart, and what incomplete lists leave unknown."""
    from aistatecraft.analysis import acts as made
    from aistatecraft.cli.package import choose
    from aistatecraft.errors import UsageError

    given = {"actor": actor, "leader": leader, "least": least, "from": start, "to": end}
    for name, value in given.items():
        if value and name not in _OPTIONS[form]:
            raise UsageError(f"acts {form} has no option --{name}; it takes {', '.join(f'--{one}' for one in sorted(_OPTIONS[form]))}.")
    chosen = choose(path, version)
    place = chosen.place
    if form is Form.alignment:
        frame = made.alignment(start=start, end=end, path=place)
    elif form is Form.cosignature:
        frame = made.cosignature(leader=leader or None, least=least or 1, path=place)
    else:
        frame = made.acts(form is Form.matrix, actors=actor or None, leader=leader or None, path=place)
        if format in (TableFormat.table, TableFormat.md) and out is None and form is Form.list:
            frame = frame.drop(columns=["title", "kind"])
    give(frame, chosen, format, out, index=form is Form.matrix)
