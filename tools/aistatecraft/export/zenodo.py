"""Zenodo: the metadata of a deposit, as a file ``.zenodo.json`` beside the data or the field ``metadata`` of its API has them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from aistatecraft.citations.metadata import about, as_json
from aistatecraft.package import Package

__all__ = ["build"]


def build(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """The deposit metadata; parameters as for `aistatecraft.export.build`.

    Zenodo shows the description as HTML, so all text of the package is escaped in it.
    """
    release = about(package, version, released)
    words = [release.description or release.title, f"Tables: {', '.join(package.resources)}."]
    content: dict[str, Any] = {
        "upload_type": "dataset",
        "title": release.title,
        "description": "".join(f"<p>{html.escape(text)}</p>" for text in words),
        "creators": [{"name": person.inverted} for person in release.creators],
        "version": version,
        "publication_date": released,
        "access_right": "open" if release.licences else "",
        # One licence is all that a deposit can state, by its SPDX identifier in small letters.
        "license": release.licences[0].name.lower() if len(release.licences) == 1 else "",
        "keywords": list(dict.fromkeys(release.keywords)),
        "doi": release.doi,
        "references": [work.title for work in release.sources if work.title],
        "related_identifiers": [
            *([{"identifier": release.homepage, "relation": "isDocumentedBy", "scheme": "url"}] if release.homepage else []),
            *(
                {"identifier": address, "relation": "isDerivedFrom", "scheme": "url"}
                for address in dict.fromkeys(work.address for work in release.sources) if address
            ),
        ],
    }  # fmt: skip
    return as_json({name: value for name, value in content.items() if value})
