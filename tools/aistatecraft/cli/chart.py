"""`aistatecraft chart`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.options import LangOption, NoPagerOption, PathOption, VersionOption, WidthOption
from aistatecraft.cli.output import TableFormat

SHORT = "Draw maps and charts of states, blocs and indices, or print what they show."
EXAMPLES = """\b
Examples:
  aistatecraft chart map --draw strategies.svg
  aistatecraft chart map acts_joined --year 2025 --form world --draw map.html
  aistatecraft chart overlap BRICS G20 bletchley-2023 --on 2025-12-31 --draw overlap.png
  aistatecraft chart cosignature --leader eu --draw matrix.svg
  aistatecraft chart slope ilia --draw ilia.svg
"""


def command(
    name: Annotated[str | None, typer.Argument(help="map, overlap, cosignature or slope. Default: list them.")] = None,
    arguments: Annotated[list[str] | None, typer.Argument(help="What is drawn; the list of charts shows what each takes.")] = None,
    form: Annotated[str | None, typer.Option(help="For map: tiles (of one size, no borders) or world. Default: tiles.")] = None,
    year: Annotated[int | None, typer.Option(help="For map: year of a column of the panel. Default: the last one covered.")] = None,
    on: Annotated[str | None, typer.Option(help="For overlap: the day, as YYYY-MM-DD. Default: today.")] = None,
    leader: Annotated[
        list[str] | None,
        typer.Option(help="For cosignature: only declarations led by this power: us, eu, china, un, brics, other. Repeatable."),
    ] = None,
    most: Annotated[int | None, typer.Option(min=2, help="For cosignature: so many states at most. Default: 36.")] = None,
    dimension: Annotated[str | None, typer.Option(help="For slope: the dimension scored. Default: total.")] = None,
    lang: LangOption = "en",
    draw: Annotated[Path | None, typer.Option(help="Draw it and write it to this file: .svg, .png, .html or .json.")] = None,
    width: WidthOption = 760,
    format: Annotated[
        TableFormat, typer.Option(help="Output format. table and md are for reading, csv and json have tidy rows with identifiers.")
    ] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Draw a tile grid or map of any column of the panel, the overlap of blocs and initiatives, who signs with whom, or an index over its editions."""
    from aistatecraft.cli.view import give_view
    from aistatecraft.views.catalogue import CHARTS

    asked = {"form": form, "year": year, "on": on, "leader": leader or None, "most": most, "dimension": dimension}
    give_view(CHARTS, "chart", name, arguments or [], asked, lang, draw, width, format, path, version)
