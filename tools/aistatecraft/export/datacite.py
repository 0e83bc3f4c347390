"""DataCite: the metadata with which a DOI is registered, as the JSON of metadata schema 4.5. Without a DOI it has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aistatecraft.citations.metadata import Person, Work, about, as_json, records_of_sources
from aistatecraft.export import EXPORT_FORMATS
from aistatecraft.package import Package

__all__ = ["build"]

_UNKNOWN = ":unav"
"""What the schema prescribes where a value that it demands is not at hand."""
_FORMATS = ("text/csv", "application/vnd.apache.parquet", EXPORT_FORMATS["sqlite"].mediatype, EXPORT_FORMATS["xlsx"].mediatype)


def build(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """The DataCite JSON; parameters as for `aistatecraft.export.build`.

    Sizes are those of the `files` given.
    """
    release = about(package, version, released)
    publisher = release.publisher
    content: dict[str, Any] = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "doi": release.doi,
        "url": release.homepage or base_url,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [_name(person) for person in release.creators] or [{"name": _UNKNOWN}],
        "titles": [{"title": release.title}],
        "publisher": {"name": publisher.name if publisher else _UNKNOWN},
        "publicationYear": released[:4],
        "dates": [{"date": released, "dateType": "Issued"}],
        "version": version,
        "subjects": [{"subject": word} for word in dict.fromkeys(release.keywords)],
        "rightsList": [
            _filled(
                {
                    "rights": licence.title or licence.name, "rightsUri": licence.address,
                    **({"rightsIdentifier": licence.name, "rightsIdentifierScheme": "SPDX", "schemeUri": "https://spdx.org/licenses/"} if licence.name else {}),
                }
            )
            for licence in release.licences
        ],
        "descriptions": [{"description": release.description, "descriptionType": "Abstract"}] if release.description else [],
        "relatedIdentifiers": _related(release.sources, records_of_sources(package)),
        "formats": list(_FORMATS),
        "sizes": list(dict.fromkeys(f"{len(data)} bytes" for data in files.values())),
    }  # fmt: skip
    return as_json(_filled(content))


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value}


def _name(person: Person) -> dict[str, str]:
    if not person.is_person:
        return {"name": person.name, "nameType": "Organizational"}
    return _filled({"name": person.inverted, "nameType": "Personal", "givenName": person.given, "familyName": person.family})


def _related(whole: tuple[Work, ...], single: list[Work]) -> list[dict[str, str]]:
    """What the package as a whole derives from, and the DOIs of the sources of its values."""
    listed: dict[str, dict[str, str]] = {}
    for works, relation in ((whole, "IsDerivedFrom"), (single, "References")):
        for work in works:
            name, kind = (work.doi, "DOI") if work.doi else (work.address if relation == "IsDerivedFrom" else "", "URL")
            if name:
                listed.setdefault(name, {"relatedIdentifier": name, "relatedIdentifierType": kind, "relationType": relation})
    return list(listed.values())
