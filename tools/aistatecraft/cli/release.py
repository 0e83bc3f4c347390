"""`aistatecraft release`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHORT = "Build a release that anyone can rebuild to the byte."
EXAMPLES = """\b
Examples:
  aistatecraft release
  aistatecraft release 0.2.0 --path . --out dist
"""


def command(
    version: Annotated[
        str | None,
        typer.Argument(
            help="The new version. Default: the one in datapackage.json, or a snapshot where the tables changed since its release."
        ),
    ] = None,
    path: Annotated[Path | None, typer.Option(help="Directory of the package. Default: the one that is installed.")] = None,
    out: Annotated[Path, typer.Option(help="Directory for the archive.")] = Path("dist"),
    date: Annotated[
        str | None, typer.Option(help="Day of the release, YYYY-MM-DD. Default: today; a version that was released keeps its day.")
    ] = None,
) -> None:
    """Validate the package, compare it with the last release, build its archive and register it in releases/."""
    from aistatecraft.cli.output import TableFormat, emit, emit_table, progress
    from aistatecraft.release import release

    with progress() as tell:
        built = release(version, path=path, out=out, date=date, progress=tell)
    state = (
        f"released now (the changes since the last release demand: {built.bump})"
        if built.new
        else f"the same as released on {built.released}"
    )
    if built.snapshot:
        state = f"a snapshot, not a release: the tables changed since the last one; to release them, 'aistatecraft release {built.version.removesuffix('-dev')}'"
    emit(f"{built.archive}: version {built.version}, {state}\n{built.bytes:,} bytes, SHA-256 {built.sha256}")
    emit_table(["table", "rows"], [[name, f"{rows:,}"] for name, rows in built.rows.items()], TableFormat.table)
