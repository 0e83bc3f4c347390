"""`aistatecraft release`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.options import WritePathOption

SHORT = "Build a reproducible release of the package."
EXAMPLES = """\b
Examples:
  aistatecraft release
  aistatecraft release 0.2.0 --out dist
  aistatecraft release --format csv --format sqlite
"""


def command(
    version: Annotated[
        str | None,
        typer.Argument(
            help="New version. Default: the version in datapackage.json, or a snapshot if the tables changed since its release."
        ),
    ] = None,
    path: WritePathOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Directory for the files of the release. Default: dist, in the package of the current directory.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of the release, YYYY-MM-DD. Default: today; a released version keeps its date.")
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option(
            help="Build only this format besides the archive. Repeatable. Default: all (csv parquet sqlite xlsx jsonld croissant datacite zenodo datasette sources-csl sources-bib)."
        ),
    ] = None,
    base_url: Annotated[
        str, typer.Option(help="URL of the folder in which the files will be published, for the metadata. Default: none.")
    ] = "",
) -> None:
    """Validate the package, compare it with the last release, build all formats, add the data changes to the changelog, set the
    version and register it in releases/. If any step fails, nothing is written."""
    from aistatecraft.cli.output import TableFormat, emit, emit_table, progress
    from aistatecraft.cli.package import choose_to_write, phrase
    from aistatecraft.errors import UsageError
    from aistatecraft.export.release import release
    from aistatecraft.package import open_package

    chosen = choose_to_write(path)
    if chosen.table is not None:
        raise UsageError(f"{path}: this is a single table, but a release has all tables; give the directory of the package.")
    out = out or (Path("dist") if chosen.named else chosen.place / "dist")
    with progress() as tell:
        built = release(version, path=chosen.place, out=out, date=date, formats=format or None, base_url=base_url, progress=tell)
    state = (
        f"released now (the changes since the last release require: {built.bump}); from now on the package is {built.coming}"
        if built.new
        else f"the same as released on {built.released}"
    )
    if built.snapshot:
        state = f"a snapshot, not a release: the tables changed since the last one; to release them, 'aistatecraft release {built.version.removesuffix('-dev')}'"
    emit(f"{built.archive}: version {built.version}, {state}\n{built.bytes:,} bytes, SHA-256 {built.sha256}")
    emit_table(["table", "rows"], [[name, f"{rows:,}"] for name, rows in built.rows.items()], TableFormat.table)
    emit_table(["file", "bytes"], [[file.name, f"{file.stat().st_size:,}"] for file in built.files], TableFormat.table)
    for name, extra in (built.left_out or {}).items():
        emit(f"left out: {name}; to build it: pip install 'aistatecraft[{extra}]'")
    emit(f"{'released' if built.new else 'built from'} {phrase(replace(chosen, package=open_package(chosen.place)))}")
