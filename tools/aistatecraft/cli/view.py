"""`aistatecraft view`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aistatecraft.cli.options import LangOption, NoPagerOption, PathOption, VersionOption, WidthOption, complete_view
from aistatecraft.cli.output import TableFormat

if TYPE_CHECKING:
    from aistatecraft.views.catalogue import View

SHORT = "Show a framework of the literature, or draw it."
EXAMPLES = """\b
Examples:
  aistatecraft view
  aistatecraft view strategy-features --lang zh
  aistatecraft view hedging graph --draw hedging.svg
  aistatecraft view index ilia 2025 --draw ilia.png
  aistatecraft view timeline --actor BRA --from 2024 --format csv
"""


def command(
    name: Annotated[str | None, typer.Argument(help="Name of the view. Default: list all views.", autocompletion=complete_view)] = None,
    arguments: Annotated[list[str] | None, typer.Argument(help="Arguments of the view; the list of views shows what each takes.")] = None,
    actor: Annotated[
        str | None, typer.Option(help="For timeline: only events of this actor; an identifier, or a name in any language.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="For timeline: only events of this kind (adopted), or of records of this table (strategies). Repeatable."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="For timeline: only events from this date on, such as 2024 or 2024-10.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="For timeline: only events up to this date.")] = None,
    dimension: Annotated[str | None, typer.Option(help="For index: the dimension scored. Default: total.")] = None,
    depth: Annotated[int | None, typer.Option(min=0, help="For us-plan: maximum depth of the tree.")] = None,
    lang: LangOption = "en",
    draw: Annotated[Path | None, typer.Option(help="Draw the view and write it to this file: .svg, .png, .html or .json.")] = None,
    width: WidthOption = 760,
    format: Annotated[
        TableFormat, typer.Option(help="Output format. table and md are for reading, csv and json have tidy rows with identifiers.")
    ] = TableFormat.table,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Show a framework: features of strategies, hedging, technological power, the US plan, South-South cooperation, an index, a timeline."""
    from aistatecraft.views.catalogue import VIEWS

    asked = {"actor": actor, "kind": kind or None, "start": start, "end": end, "dimension": dimension, "depth": depth}
    give_view(VIEWS, "view", name, arguments or [], asked, lang, draw, width, format, path, version)


def give_view(
    among: Mapping[str, View],
    what: str,
    name: str | None,
    words: list[str],
    asked: Mapping[str, Any],
    lang: str,
    draw: Path | None,
    width: int,
    format: TableFormat,
    path: Path | None,
    version: str | None,
) -> None:
    """List the views of a command, print one or draw it; `asked` are the options that only some of them take, None where not given."""
    from aistatecraft.cli.frame_output import show_frame
    from aistatecraft.cli.output import emit, emit_table
    from aistatecraft.cli.package import choose, note, phrase
    from aistatecraft.errors import UsageError, nearest
    from aistatecraft.views.catalogue import called
    from aistatecraft.views.frame import LANGUAGES

    if name is None:
        emit_table([what, "arguments", "options", "what it shows"], [_listed(view) for view in among.values()], format)
        return
    view = called(name, among, what)
    given = {option: value for option, value in asked.items() if value is not None}
    flags = {"start": "from", "end": "to"}
    for option in given:
        if option not in view.options:
            takes = [f"--{flags.get(own, own)}" for own in view.options] or ["none of its own"]
            raise UsageError(f"the {what} {name} has no option --{flags.get(option, option)}; it takes {', '.join(takes)}.")
    if lang not in LANGUAGES:
        raise UsageError(f"{lang!r} is not a language of the tables; {nearest(lang, list(LANGUAGES))}")
    if (view.most is not None and len(words) > view.most) or len(words) < view.least:
        raise UsageError(f"wrong number of arguments; the usage is: aistatecraft {what} {name} {view.usage}".rstrip() + ".")
    chosen = choose(path, version)
    frame = view.make(*words, **given, lang=lang, path=chosen.place)
    if draw is not None:
        from aistatecraft.package.writing import write_all
        from aistatecraft.views.render import picture

        made = picture(frame, draw, width=width)
        write_all({draw: made.data})
        emit(f"{draw}: drawn from {phrase(chosen)}")
        if made.lacks:
            from aistatecraft.package.escape import printable

            typer.echo(f"aistatecraft: {printable(f'{draw}: {made.lacks}.', 2_000)}", err=True)
        return
    show_frame(frame, format)
    note(chosen, format)


def _listed(view: View) -> list[str]:
    flags = {"start": "from", "end": "to"}
    return [view.name, view.usage, " ".join(f"--{flags.get(option, option)}" for option in view.options), view.about]
