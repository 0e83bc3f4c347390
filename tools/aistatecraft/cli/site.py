"""`aistatecraft site`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aistatecraft.cli.options import PathOption

SHORT = "Build a website with a page for every record."
EXAMPLES = """\b
Examples:
  aistatecraft site --out site
  aistatecraft site --out site --version all --base-url https://example.org/data
  aistatecraft site --single-file explorer.html
"""


def command(
    out: Annotated[
        Path | None, typer.Option(help="Folder for the site. A site that stands there is replaced; anything else is refused.")
    ] = None,
    base_url: Annotated[
        str, typer.Option(help="URL under which the folder will be published, for feed, sitemap and previews. Default: none.")
    ] = "",
    version: Annotated[
        list[str] | None,
        typer.Option("--version", help="Released version that gets pages of its own beside the newest ones, or 'all'. Repeatable."),
    ] = None,
    single_file: Annotated[
        Path | None, typer.Option(help="Write one HTML file with all tables and a search instead, to send by mail.")
    ] = None,
    path: PathOption = None,
) -> None:
    """Build a static website: a page for every record, state, table and question. It works from a folder, without server and without script."""
    from aistatecraft.cli.output import emit, progress
    from aistatecraft.cli.package import choose, phrase
    from aistatecraft.errors import UsageError
    from aistatecraft.package.extras import imported

    if (out is None) == (single_file is None):
        raise UsageError("give the folder of the site with --out, or one file with --single-file.")
    if single_file is not None and (version or base_url):
        raise UsageError("--single-file has the tables of one version and no addresses; omit --version and --base-url.")
    imported("jinja2", "the site needs the library jinja2", extra="site")
    from aistatecraft.site.build import build_site
    from aistatecraft.site.single_file import write_single_file

    chosen = choose(path)
    if single_file is not None:
        size = write_single_file(single_file, package=chosen.package)
        emit(f"{single_file}: {size:,} bytes, built from {phrase(chosen)}")
        return
    assert out is not None
    with progress() as tell:
        built = build_site(out, base_url=base_url, versions=version or [], package=chosen.package, progress=tell)
    emit(
        f"{out}: {built.pages:,} pages, {built.files:,} files, {built.bytes:,} bytes ({', '.join(built.folders)}), built from {phrase(chosen)}"
    )
    for sentence in built.lacks:
        emit(f"left out: {sentence}")
    emit(f"open {out / 'index.html'}")
