"""`aistatecraft verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from aistatecraft.cli.options import PathOption, ReleasesOption

SHORT = "Check an archive against the register of releases."
EXAMPLES = """\b
Examples:
  aistatecraft verify 0.1.0
  aistatecraft verify dist/aistatecraft-0.1.0.zip
"""


def command(
    what: Annotated[str, typer.Argument(help="Archive to check, or a released version.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    path: PathOption = None,
    releases: ReleasesOption = None,
) -> None:
    """Check the hash and size of an archive against the register of releases and, if they differ, say which tables differ. Exit code 0
    if it is what was released, 1 if it is not, 2 if it cannot be read."""
    from aistatecraft.cli.output import TableFormat, emit
    from aistatecraft.cli.package import choose, note
    from aistatecraft.releases.catalog import releases_of
    from aistatecraft.releases.verify import verified

    chosen = choose(path)
    found = verified(what, releases_of(chosen.package, releases))
    if json:
        import json as library

        emit(library.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        from aistatecraft.package.escape import printable

        emit(printable(found.sentence, 4_000))
    note(chosen, None if json else TableFormat.table)
    raise typer.Exit(found.exit_code)
