"""Datasette: titles, descriptions and facets for the SQLite file of the release, as ``datasette FILE --metadata`` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aistatecraft.citations.metadata import about, as_json
from aistatecraft.citations.styles import Style
from aistatecraft.export import file_name
from aistatecraft.export.datasette_queries import queries
from aistatecraft.export.sqlite import own_tables
from aistatecraft.export.sqlite_views import views
from aistatecraft.package import Field, Package, TableSchema
from aistatecraft.package.labels import label_fields

__all__ = ["build"]

_FACETS = 4
"""Facets of a table: more than these push its rows out of sight."""
_LARGE = 30
"""Values of a vocabulary that still make a facet."""


def build(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """The metadata; parameters as for `aistatecraft.export.build`.

    Datasette names a database after its file, so it must keep its name.
    """
    release = about(package, version, released)
    licence = release.licences[0] if len(release.licences) == 1 else None
    own = own_tables(package)
    tables = {name: _table(resource.schema) for name, resource in package.resources.items()}
    content = {
        "title": f"{release.title} ({version})",
        "description": " ".join(filter(None, (release.description, f"Released {released}.", f"Cite as: {release.cited(Style.apa)}"))),
        "license": (licence.title or licence.name) if licence else release.licence_text,
        "license_url": licence.address if licence else "",
        "about": release.name if release.homepage else "",
        "about_url": release.homepage,
        "databases": {
            file_name(package, version, "sqlite").removesuffix(".sqlite"): {
                "queries": queries(package, own["names"]),
                "tables": tables | _views(package, own) | {name: {"description": _OWN[word], "hidden": True} for word, name in own.items()},
            }
        },
    }
    return as_json(_filled(content))


_OWN = {
    "_package": "Which release this is, and how to cite it.",
    "_codebook": "What each field means.",
    "_categories": "What each category means.",
    "_missing": "Cells that are missing for a stated reason.",
    "names": "Every name of every record in every language, and folded: lower case, without accents.",
}


_VIEWS = {
    "records": "Every record of every table, with its label.",
    "statements": "What sources state about records: the rows of evidence, and what rows of other tables state about themselves.",
    "support": "How many sources support each record, whether one of them is primary, and whether another disputes it.",
    "disputed": "Which source disputes which value.",
}


def _views(package: Package, own: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What the views of the database show, by their names in it."""
    taken = {name.lower() for name in (*package.resources, *own.values())}
    names = [text.partition('"')[2].partition('" AS')[0].replace('""', '"') for text in views(package, own["_categories"], taken)]
    labelled = "The table with a label after each identifier and each category."
    return {name: {"description": _VIEWS.get(name.lstrip("_"), labelled)} for name in names}


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value}


def _table(schema: TableSchema) -> dict[str, Any]:
    label = next(iter(label_fields(schema)), "")
    return _filled(
        {
            "title": schema.title,
            "description": schema.description,
            "columns": {column.name: _meaning(column) for column in schema.fields if _meaning(column)},
            "label_column": label,
            "facets": [column.name for column in schema.fields if _is_facet(column)][:_FACETS],
        }
    )


def _meaning(column: Field) -> str:
    titled = f"{column.title}: " if column.title not in ("", column.name) else ""
    return f"{titled}{column.description}" if column.description else column.title if titled else ""


def _is_facet(column: Field) -> bool:
    return 1 < len(column.categories) <= _LARGE or column.type == "boolean"
