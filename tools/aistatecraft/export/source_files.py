"""All sources of the package as one file, for reference managers and for documents that cite them: CSL JSON and BibTeX."""

from __future__ import annotations

from collections.abc import Mapping

from aistatecraft.citations.csl_items import source_item
from aistatecraft.citations.provenance import source_records
from aistatecraft.citations.styles import Style, render
from aistatecraft.package import Package

__all__ = ["build_bibtex", "build_csl"]


def build_csl(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """CSL JSON: a list of items, by identifier; parameters as for `aistatecraft.export.build`."""
    return _written(package, Style.csl_json)


def build_bibtex(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """BibTeX: an entry a source, by identifier, which is its key; parameters as for `aistatecraft.export.build`."""
    return _written(package, Style.bibtex)


def _written(package: Package, style: Style) -> bytes:
    text = render(style, (source_item(name, values) for name, values in source_records(package).items()))
    return (text.rstrip("\n") + "\n").encode("utf-8")
