"""One edition of the site: a version of the package, where its pages lie, and what every page of it needs to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from aistatecraft.citations.csl_items import package_item, record_item, source_item, table_item
from aistatecraft.citations.metadata import About, about
from aistatecraft.citations.styles import STYLES, Style
from aistatecraft.package.descriptor import Package
from aistatecraft.site.cells import Shower, clean
from aistatecraft.site.dataset import Dataset, Row, slug
from aistatecraft.site.record_history import RecordHistory
from aistatecraft.site.words import Words

__all__ = ["LATEST", "Edition", "Page", "folder_of"]

LATEST = "latest"
STYLE_NAMES = {
    Style.apa: "APA", Style.chicago: "Chicago", Style.bibtex: "BibTeX", Style.biblatex: "BibLaTeX", Style.csl_json: "CSL JSON", Style.ris: "RIS",
}  # fmt: skip


def folder_of(version: str) -> str:
    """Folder of a version, whose pages never change."""
    return f"v/{slug(version)}"


@dataclass(frozen=True)
class Page:
    """One page before it is rendered.

    Attributes
    ----------
    path : address from the root of the edition
    template : name of its template
    title : what it is called, without the name of the site
    values : what the template needs
    about : one sentence for search engines and previews
    key : the record that it is about, where it is about one
    """

    path: str
    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""
    key: tuple[str, str] | None = None


class Edition:
    """What the pages of one version share."""

    def __init__(
        self,
        data: Dataset,
        folder: str,
        *,
        base_url: str = "",
        history: RecordHistory | None = None,
        newest: Edition | None = None,
        words: Words | None = None,
        folders: Sequence[str] = (),
    ) -> None:
        """Describe an edition.

        Parameters
        ----------
        data : the version of the package
        folder : where its pages lie, such as ``latest`` or ``v/0.3.0``
        base_url : address of the root of the site; empty where it is not known
        history : what happened to its records
        newest : the edition of the newest version; None where this is it
        words : the words of the interface
        folders : folders of all editions of the site
        """
        self.data = data
        self.folder = folder
        self.base_url = base_url.rstrip("/")
        self.history = history or RecordHistory([])
        self.newest = newest
        self.words = words or Words()
        self.show = Shower(data, self.words)
        self.folders = tuple(folders) or (folder,)
        self.paths: set[str] = set()
        """Addresses of the pages that were made so far."""
        self.expected: set[str] = set()
        """Addresses of the pages to which the head of every page may lead."""
        self.shards: dict[str, list[bytes]] = {}
        """Scripts with the rows of each table, made once."""
        self.said: dict[tuple[str, str], Any] = {}
        """What sources state about each record, as pages show it, made once."""
        self.start: Page | None = None
        """Its start page, which is at the root of the site as well."""
        self.workbooks: set[str] = set()
        """Addresses of tables that are there as workbooks."""
        self.previews: dict[str, str] = {}
        """Pictures that stand for pages in previews, by the address of the page."""

    @property
    def package(self) -> Package:
        """The package."""
        return self.data.package

    @cached_property
    def about(self) -> About:
        """What is known of the package as a whole."""
        return about(self.package, self.data.version, self.data.state.issued)

    @property
    def site_up(self) -> str:
        """Way from the root of the edition to the root of the site."""
        return "../" * (self.folder.count("/") + 1) if self.folder else ""

    @cached_property
    def permanent(self) -> str:
        """Folder whose pages never change, where the site has it: that of this version, if it was released."""
        own = folder_of(self.data.version)
        return own if self.data.released and own in self.folders else ""

    def permanent_address(self, path: str) -> str:
        """Address of a page that never changes; empty where there is none, or it is not known where the site lies."""
        return f"{self.base_url}/{self.permanent}/{quote(path, safe='/.-_~')}" if self.base_url and self.permanent else ""

    def canonical_address(self, path: str) -> str:
        """Address by which search engines know a page: that of the newest version."""
        newest = self.newest or self
        return f"{self.base_url}/{newest.folder}/{quote(path, safe='/.-_~')}" if self.base_url else ""

    def preview(self, path: str) -> str:
        """Address of the picture that stands for a page; empty where there is none."""
        name = self.previews.get(path)
        return f"{self.base_url}/{self.folder}/{name}" if name and self.base_url else ""

    @cached_property
    def _whole(self) -> dict[str, Any]:
        return package_item(self.package)

    def citations(self, table: str | None = None, row: Row | None = None) -> list[tuple[str, str, str]]:
        """The package, a table or a record in every style, as `cite` gives them: name of the style, its word, text."""
        if table is None:
            item = self._whole
        elif row is None:
            item = table_item(self.package, table, self._whole)
        else:
            names = {column.field.name: row.get(column.name) for column in row.table.columns if row.get(column.name)}
            item = source_item(row.id, names) if table == "sources" else record_item(self.package, table, row.id, names, self._whole)
        return [(style.value, STYLE_NAMES[style], clean(render(item))) for style, render in STYLES.items()]

    def tables(self) -> Iterator[tuple[str, str, str, int]]:
        """Name, title, address and number of rows of each table."""
        for table in self.data.tables.values():
            yield table.name, clean(table.title), table.page, len(table.rows)
