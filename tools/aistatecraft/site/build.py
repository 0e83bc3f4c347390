"""Building the site: the editions, their pages and files, and what belongs to all of them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from aistatecraft.errors import AistatecraftError, UsageError
from aistatecraft.package import Package
from aistatecraft.package.extras import installed
from aistatecraft.releases.catalog import CARRIED, number, releases_of
from aistatecraft.releases.release_state import released_as
from aistatecraft.releases.resolve import package_at
from aistatecraft.site import feeds
from aistatecraft.site.context import LATEST, Edition, Page, folder_of
from aistatecraft.site.dataset import Dataset
from aistatecraft.site.output import Folder, replaced_folder
from aistatecraft.site.pages.changes_pages import change_files, changes, tombstones
from aistatecraft.site.pages.comparison import comparison, profiles_file
from aistatecraft.site.pages.coverage_page import coverage, grid_of
from aistatecraft.site.pages.disagreements import disputes
from aistatecraft.site.pages.questions import Question, question_files, question_pages, questions
from aistatecraft.site.pages.records import embedded, record_files, records
from aistatecraft.site.pages.start import plain_pages, start
from aistatecraft.site.pages.tables import search_file, table_files, tables
from aistatecraft.site.previews import previews
from aistatecraft.site.record_history import RecordHistory, VersionedPackage
from aistatecraft.site.rendering import asset, render

__all__ = ["BuiltSite", "build_site"]

ALL = "all"
Progress = Callable[[str, int, int], None]
ASSETS = ("site.css", "site.js", "early.js", "icon.svg")


@dataclass(frozen=True)
class BuiltSite:
    """A site that was built."""

    out: Path
    version: str
    folders: tuple[str, ...]
    """Folders of its editions."""
    pages: int
    files: int
    bytes: int
    lacks: tuple[str, ...] = ()
    """What was left out, and how to have it, in sentences."""


def build_site(
    out: str | Path,
    *,
    path: str | Path | None = None,
    base_url: str = "",
    versions: Sequence[str] = (),
    package: Package | None = None,
    progress: Progress | None = None,
) -> BuiltSite:
    """Build the site of a package into a folder, whole or not at all.

    Parameters
    ----------
    out : the folder; a site that stands there is replaced, and anything else is refused
    path : the package; that of this installation where it is None
    base_url : address under which the folder will be found; without it there is no feed, no sitemap and no absolute address
    versions : released versions that get pages of their own beside the newest ones; ``all`` for every release that is here
    package : the package, where it is open
    progress : told of each edition as it goes

    Raises
    ------
    UsageError, ReadError, RefusedError, DataError
        Where there is no such version, the library for templates is missing, a table cannot be read, or `out` holds something else or cannot be written.
    """
    base_url = base_url.rstrip("/")
    if base_url and not re.fullmatch(r"https?://[^\s<>\"'?#]+", base_url):
        raise UsageError(
            f"{base_url!r} is not the web address of a folder; write it with https:// and without spaces, such as https://example.org/data."
        )
    package = package_at(path) if package is None else package
    known = _releases(package)
    same = released_as(package)
    if same is not None and same.version in known:  # between two releases with nothing changed: the site is that of the release
        package = known[same.version].package
    newest = Dataset(package)
    wanted = list(dict.fromkeys(version for word in versions for version in (list(known) if word == ALL else [word])))
    older = {}
    for version in wanted:
        if version == newest.version and newest.released:
            continue
        older[version] = known[version].package if version in known else releases_of(package).opened(version)
    own = [folder_of(newest.version)] if newest.released else []
    folders = (LATEST, *own, *(folder_of(version) for version in older))
    history = RecordHistory(_states(known, newest))
    lacks = [] if installed("xlsxwriter") else ["tables as XLSX: pip install 'aistatecraft[xlsx]'"]
    with replaced_folder(Path(out)) as folder:
        latest = Edition(newest, LATEST, base_url=base_url, history=history, folders=folders)
        pages = _edition(latest, folder, progress)
        for name in own:
            again = Edition(newest, name, base_url=base_url, history=history, folders=folders)
            pages += _edition(again, folder, progress)
        for version, older_package in older.items():
            data = Dataset(older_package)
            edition = Edition(data, folder_of(version), base_url=base_url, history=history.until(version), newest=latest, folders=folders)
            pages += _edition(edition, folder, progress)
        pages += _root(latest, folder, base_url)
        folder.close({"name": newest.name, "version": newest.version, "editions": list(folders)})
        return BuiltSite(Path(out), newest.version, folders, pages, len(folder.files), folder.bytes, tuple(lacks))


def _releases(package: Package) -> dict[str, VersionedPackage]:
    """The releases that the package carries, oldest first. Nothing is fetched."""
    found = releases_of(package)
    try:
        entries = [entry for entry in found.at_hand() if found.where(entry) == CARRIED]
        return {entry.version: VersionedPackage(entry.version, entry.released, found.opened(entry.version)) for entry in entries}
    except UsageError:
        return {}


def _states(known: dict[str, VersionedPackage], newest: Dataset) -> list[VersionedPackage]:
    """The versions up to the newest, which stands last."""
    earlier = [one for version, one in known.items() if number(version) <= number(newest.version) and version != newest.version]
    day = newest.state.issued if newest.released else ""
    return [*earlier, VersionedPackage(newest.version, day, newest.package)]


def _edition(edition: Edition, folder: Folder, progress: Progress | None) -> int:
    """Write the pages and files of an edition; gives the number of pages."""
    asked = questions(edition)
    for name, data in _workbooks(edition):
        edition.workbooks.add(name)
        folder.write(f"{edition.folder}/{name}", data)
    front = list(_front(edition, asked))
    edition.start = front[0]
    edition.expected = {page.path for page in front}
    if edition.base_url:
        for name, data in previews(edition, asked):
            folder.write(f"{edition.folder}/{name}", data)
    total = len(front) + sum(len(table.files) for table in edition.data.tables.values())
    for done, page in enumerate(chain(front, records(edition)), 1):
        forms = [page, embedded(page)] if page.values.get("embed") else [page]
        for form in forms:
            edition.paths.add(form.path)
            folder.write(f"{edition.folder}/{form.path}", render(edition, form))
        if progress is not None and done % 100 == 0:
            progress(f"version {edition.data.version}", done, total)
    for name, data in _files(edition, asked):
        folder.write(f"{edition.folder}/{name}", data)
    return len(edition.paths)


def _front(edition: Edition, asked: Sequence[Question]) -> Iterator[Page]:
    """All pages but those of the records."""
    yield _start(edition, asked)
    yield from plain_pages(edition)
    yield from tables(edition)
    yield from question_pages(edition, asked)
    yield from coverage(edition)
    yield from comparison(edition)
    yield from disputes(edition)
    yield from changes(edition)
    yield from tombstones(edition)


def _start(edition: Edition, asked: Sequence[Question]) -> Page:
    listed = [{"href": f"questions/{one.name}.html", "question": one.question, "answer": one.answer} for one in asked]
    return start(edition, listed, grid_of(edition))


def _files(edition: Edition, asked: Sequence[Question]) -> Iterator[tuple[str, bytes]]:
    for name in ASSETS:
        yield f"assets/{name}", asset(name)
    yield "data/names.js", search_file(edition)
    if "compare.html" in edition.expected:
        yield "data/profiles.js", profiles_file(edition)
    for table in edition.data.tables.values():
        yield from table_files(edition, table)
        if table.paged:
            for identifier, file in table.files.items():
                yield f"{table.folder}/{file}.json", record_files(edition, table, table.by_id[identifier])
    yield from question_files(edition, asked)
    yield from change_files(edition)


def _workbooks(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Each table as a workbook; none for a table that a worksheet cannot hold, and none where the library is missing."""
    if not installed("xlsxwriter"):
        return
    from aistatecraft.export.xlsx import build

    whole = edition.package
    for name, table in edition.data.tables.items():
        part = Package(whole.store, whole.descriptor, {name: whole.resources[name]}, whole.descriptor_path)
        with contextlib.suppress(AistatecraftError):
            yield (
                f"data/{table.folder}.xlsx",
                build(part, version=edition.data.version, released=edition.data.state.issued or "1980-01-01"),
            )


def _root(latest: Edition, folder: Folder, base_url: str) -> int:
    """The start page at the root, and the files for machines."""
    assert latest.start is not None
    folder.write("index.html", render(latest, latest.start, ""))
    folder.write("404.html", render(latest, Page("404.html", "404.html", latest.words("Page not found")), ""))
    folder.write("_headers", feeds.headers())
    folder.write(".nojekyll", b"")
    if base_url:
        maps = feeds.sitemaps(base_url, latest, sorted(latest.paths))
        for name, data in {**maps, "robots.txt": feeds.robots(base_url, list(maps)), "feed.xml": feeds.feed(base_url, latest)}.items():
            folder.write(name, data)
    return 2
