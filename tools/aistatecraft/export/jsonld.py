"""JSON-LD: the release as a schema.org Dataset, for the head of a web page and for the search engines that read it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from aistatecraft.citations.metadata import About, Person, Work, about, address_of, as_json, is_open, records_of_sources
from aistatecraft.citations.styles import Style
from aistatecraft.export import EXPORT_FORMATS, file_name
from aistatecraft.export.coverage import languages, period, states
from aistatecraft.package import Field, Package

__all__ = ["build", "creators"]


def build(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """The JSON-LD.

    Parameters
    ----------
    package, version, released, base_url : as for `aistatecraft.export.build`
    files : mapping of file name to bytes
        Files of the release; of these size and hash are stated.
    """
    release = about(package, version, released)
    content: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": release.title,
        "alternateName": release.name,
        "description": release.description,
        "version": version,
        "datePublished": released,
        "url": release.homepage,
        "identifier": f"https://doi.org/{release.doi}" if release.doi else "",
        "license": _licences(release),
        "isAccessibleForFree": is_open(release),
        "conditionsOfAccess": release.licence_text,
        "keywords": list(release.keywords),
        "inLanguage": languages(package),
        "temporalCoverage": period(package, released),
        "spatialCoverage": [{"@type": "Country", "name": name, "identifier": code} for code, name in states(package).items()],
        "creator": creators(release),
        "creditText": release.cited(Style.apa),
        "citation": [_work(work) for work in release.sources],
        "isBasedOn": [_work(work) for work in records_of_sources(package)],
        "distribution": [_file(package, version, format, base_url, files) for format in EXPORT_FORMATS if EXPORT_FORMATS[format].holds_tables],
        "variableMeasured": [
            _variable(name, column) for name, resource in package.resources.items() for column in resource.schema.fields
        ],
    }  # fmt: skip
    return as_json(_filled(content))


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value or value is False or value == 0}


def _licences(release: About) -> Any:
    made = [
        licence.address or _filled({"@type": "CreativeWork", "name": licence.title or licence.name})
        for licence in release.licences
    ]  # fmt: skip
    return made[0] if len(made) == 1 else made


def creators(release: About) -> list[dict[str, Any]]:
    """Those who made it, as schema.org has them."""
    return [_maker(person) for person in release.creators]


def _maker(person: Person) -> dict[str, Any]:
    kind = "Person" if person.is_person else "Organization"
    return _filled({"@type": kind, "name": person.name, "givenName": person.given, "familyName": person.family, "url": person.address})


def _work(work: Work) -> dict[str, Any]:
    return _filled(
        {"@type": "CreativeWork", "name": work.title, "url": work.address, "identifier": f"https://doi.org/{work.doi}" if work.doi else ""}
    )


def _file(package: Package, version: str, format: str, base_url: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    name = file_name(package, version, format)
    data = files.get(name)
    return _filled(
        {
            "@type": "DataDownload", "name": name, "description": EXPORT_FORMATS[format].description, "encodingFormat": EXPORT_FORMATS[format].mediatype,
            "contentUrl": address_of(name, base_url), "contentSize": f"{len(data)} B" if data is not None else "",
            "sha256": hashlib.sha256(data).hexdigest() if data is not None else "",
        }
    )  # fmt: skip


def _variable(table: str, column: Field) -> dict[str, Any]:
    limits = column.limits
    bounds = {
        name: limits[word]
        for name, word in (("minValue", "minimum"), ("maxValue", "maximum"))
        if isinstance(limits.get(word), (int, float))
    }
    return _filled(
        {
            "@type": "PropertyValue",
            "name": f"{table}.{column.name}",
            "alternateName": column.title,
            "description": column.description,
            **bounds,
        }
    )
