"""Citing: what is meant is looked up, made a CSL item, and written in a style."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aistatecraft.citations.csl_items import package_item, record_item, source_item, table_item
from aistatecraft.citations.provenance import source_records, supporting_sources
from aistatecraft.citations.styles import Style, render
from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.descriptor import Package
from aistatecraft.package.lookup import record_of, resolve
from aistatecraft.releases.resolve import package_at

__all__ = ["Cited", "cite", "cited"]


def cite(
    style: str = "apa", *, table: str | None = None, id: str | None = None, sources: bool = False, limit: int | None = None,
    path: str | Path | None = None, version: str | None = None,
) -> str:  # fmt: skip
    """A citation.

    Parameters
    ----------
    style : {"apa", "biblatex", "bibtex", "chicago", "csl-json", "ris"}
        Chicago is author-date.
    table, id : str or None
        Both None: the package. Only the table: that table. Both: that record; a record of ``sources`` is the source itself.
    sources : bool
        Whether the sources behind it follow, each once, by their identifiers: for a record its evidence and what it names
        itself, for a table those of all its rows, for the package all.
    limit : int or None
        At most so many of those sources: those on which most rests.
    path, version : as for `load`

    Returns
    -------
    str
        Names the exact version and, where it was released, the SHA-256 of its archive; a state that was not released is
        called so. There is no address in it unless the descriptor states one.

    Raises
    ------
    UsageError
        Where there is no such style, table, record or version.
    """
    try:
        known = Style(style)
    except ValueError:
        raise UsageError(f"{style!r} is not a citation style; {nearest(style, [known.value for known in Style])}") from None
    if limit is not None and (not isinstance(limit, int) or limit < 1 or not sources):
        raise UsageError("limit applies to sources and must be at least 1.")
    return render(known, cited(package_at(path, version), table, id, sources=sources, limit=limit).items)


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited."""

    items: list[dict[str, Any]]
    """CSL items: what was asked for, then its sources."""
    shown: int
    """How many sources are among them."""
    known: int
    """How many sources there are."""


def cited(package: Package, table: str | None = None, id: str | None = None, *, sources: bool = False, limit: int | None = None) -> Cited:
    """As `cite`, for a package that is open; before it is written in a style."""
    if table is None and id is not None:
        raise UsageError("to cite a record, also name its table.")
    if table is None:
        head = package_item(package)
    elif id is None:
        head = table_item(package, table)
    else:
        id = resolve(package, table, id)
        values = record_of(package, table, id)
        head = source_item(id, values) if table == "sources" else record_item(package, table, id, values)
    if not sources:
        return Cited([head], 0, 0)
    found = supporting_sources(package, table, id)
    if table == "sources" and id is not None:
        del found[id]  # it is the head
    chosen = sorted(found, key=lambda name: (-found[name], name))[:limit]
    return Cited([head, *(source_item(*one) for one in source_records(package, chosen).items())], len(chosen), len(found))
