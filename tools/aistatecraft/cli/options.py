"""Options and arguments that several commands have, and the words that a shell completes for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from aistatecraft.package import Package

__all__ = [
    "LangOption", "NoPagerOption", "PathArgument", "PathOption", "ReleasesOption", "VersionOption", "WidthOption", "WritePathOption",
    "complete_record", "complete_rule", "complete_table", "complete_view", "without_pager",
]  # fmt: skip


def without_pager(value: bool) -> bool:
    """Page nothing where the option is given."""
    if value:
        from aistatecraft.cli.pager import switch_off

        switch_off()
    return value


_HERE = "Default: the package of the current directory, else the installed one."
PathOption = Annotated[
    Path | None, typer.Option("--path", help=f"Package: directory, datapackage.json, zip archive, or 'installed'. {_HERE}")
]
LangOption = Annotated[str, typer.Option(help="Language of labels and names, if the tables have them: en, zh, es, pt, fr.")]
WidthOption = Annotated[int, typer.Option(help="Width of the drawing in pixels.")]
PathArgument = Annotated[
    Path | None,
    typer.Argument(help=f"Package: directory, datapackage.json, zip archive, or 'installed'; or one of its tables. {_HERE}"),
]
WritePathOption = Annotated[
    Path | None,
    typer.Option(
        "--path", help="Directory of the package. Default: the package of the current directory; installed packages are never changed."
    ),
]
VersionOption = Annotated[str | None, typer.Option("--version", help="Released version of the package to read, such as 0.1.0.")]
ReleasesOption = Annotated[
    str | None,
    typer.Option(
        "--releases",
        help="URL or directory that has further releases. Default: AISTATECRAFT_RELEASES in the environment, else none.",
    ),
]
NoPagerOption = Annotated[
    bool, typer.Option("--no-pager", help="Do not send long output to the pager (PAGER, else less).", callback=without_pager, is_eager=True)
]


def _package(ctx: Any) -> Package | None:
    """The package that the command line so far names; None where it cannot be read."""
    from aistatecraft.cli.package import choose
    from aistatecraft.errors import AistatecraftError

    path = ctx.params.get("path")
    try:
        return choose(Path(path) if path else None).package
    except (AistatecraftError, OSError):
        return None


def complete_table(ctx: typer.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    """Names of tables that begin so, with their titles."""
    from aistatecraft.package.escape import printable

    package = _package(ctx)
    found = package.resources.items() if package is not None else ()
    return [(name, printable(resource.schema.title, 60)) for name, resource in found if name.startswith(incomplete)]


def complete_record(ctx: typer.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    """Identifiers of records that begin so, with their names."""
    from aistatecraft.errors import AistatecraftError
    from aistatecraft.package.escape import printable
    from aistatecraft.package.lookup import completions

    package, table = _package(ctx), str(ctx.params.get("table"))
    if package is None or table not in package.resources:
        return []
    try:
        found = completions(package, package.resources[table], incomplete)
    except (AistatecraftError, OSError):
        return []
    return [(identifier, printable(name, 60)) for identifier, name in found if identifier == printable(identifier)]


def complete_rule(incomplete: str) -> Iterable[tuple[str, str]]:
    """Names of rules that begin so."""
    from aistatecraft.validation.rule_docs import TEXT_RULES
    from aistatecraft.validation.rules import RULES

    return [(name, "") for name in dict.fromkeys((*TEXT_RULES, *RULES)) if name.startswith(incomplete)]


def complete_view(incomplete: str) -> Iterable[tuple[str, str]]:
    """Names of views that begin so, with what they show."""
    from aistatecraft.views.catalogue import VIEWS

    return [(view.name, view.about) for view in VIEWS.values() if view.name.startswith(incomplete)]
