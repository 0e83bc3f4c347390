"""Croissant 1.1: the release as machine learning tools read it.

The files are the CSV tables inside the archive of the package and the Parquet tables inside theirs, each with its hash. The
records come from Parquet: Croissant cannot say which words stand for a missing value, and readers of CSV would make the
number 76 of the code 076. A foreign key is a reference where it does not lead back to its own table: readers refuse circles.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from aistatecraft.citations.metadata import About, about, address_of, as_json
from aistatecraft.citations.styles import Style
from aistatecraft.errors import RefusedError
from aistatecraft.export import EXPORT_FORMATS, file_name
from aistatecraft.export import build as build_format
from aistatecraft.export.jsonld import creators
from aistatecraft.export.parquet import table_paths
from aistatecraft.package import Field, Package, Resource

__all__ = ["CONFORMS_TO", "build"]

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{
        term: f"cr:{term}"
        for term in (
            "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet",
            "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
            "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
        )
    },
}  # fmt: skip
"""The context that the specification recommends."""
_PARQUET = "application/x-parquet"


def build(package: Package, *, version: str, released: str, base_url: str = "", files: Mapping[str, bytes]) -> bytes:
    """The Croissant metadata.

    Parameters
    ----------
    package, version, released, base_url : as for `aistatecraft.export.build`
    files : mapping of file name to bytes
        Files of the release; archives of CSV and Parquet that are not among them are built.

    Raises
    ------
    UsageError
        Where pyarrow is not installed.
    RefusedError
        Where a table and a file would have the same identifier.
    """
    release = about(package, version, released)
    archives = {}
    for format in ("csv", "parquet"):
        name = file_name(package, version, format)
        archives[format] = {name: files[name]} if name in files else build_format(format, package, version=version, released=released)
    content: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": release.name,
        "alternateName": release.title,
        "description": release.description or release.title,
        "version": version,
        "datePublished": released,
        "license": [licence.address or licence.name or licence.title for licence in release.licences],
        "url": release.homepage or base_url,
        "creator": creators(release),
        "keywords": list(release.keywords),
        "citeAs": release.cited(Style.bibtex),
        "isLiveDataset": False,
        "distribution": _files(package, archives, base_url),
        "recordSet": [_records(package, resource, release) for resource in package.resources.values()],
    }
    _refuse_twins(package, content)
    return as_json({name: value for name, value in content.items() if value not in ("", [])})


def _files(package: Package, archives: Mapping[str, Mapping[str, bytes]], base_url: str) -> list[dict[str, Any]]:
    listed = []
    for format, archive in archives.items():
        for name, data in archive.items():
            listed.append(_file(name, name, address_of(name, base_url) or name, EXPORT_FORMATS[format].mediatype, data))
    parquet = table_paths(package)
    for table, resource in package.resources.items():
        for format, path, kind in (("csv", resource.path, "text/csv"), ("parquet", parquet[table], _PARQUET)):
            ((name, packed),) = archives[format].items()
            with zipfile.ZipFile(io.BytesIO(packed)) as opened:
                data = opened.read(path)
            listed.append({**_file(f"{table}.{format}", path.rpartition("/")[2], path, kind, data), "containedIn": {"@id": name}})
    return listed


def _file(identifier: str, name: str, address: str, kind: str, data: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject", "@id": identifier, "name": name, "contentUrl": address, "contentSize": f"{len(data)} B", "encodingFormat": kind,
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip


def _identifier(table: str, field: str) -> str:
    return f"{table}/{quote(field, safe='')}"


def _records(package: Package, resource: Resource, release: About) -> dict[str, Any]:
    schema = resource.schema
    references: dict[str, str] = {}
    for key in schema.foreign_keys:
        if _leads_back(package, key.resource or schema.name, schema.name):
            continue
        for here, there in zip(key.fields, key.references, strict=True):
            references.setdefault(here, _identifier(key.resource or schema.name, there))
    content: dict[str, Any] = {
        "@type": "cr:RecordSet", "@id": schema.name, "name": schema.name, "description": schema.description or schema.title,
        "key": [{"@id": _identifier(schema.name, name)} for name in schema.primary_key],
        "field": [_field(resource, column, references.get(column.name)) for column in schema.fields],
    }  # fmt: skip
    return {name: value for name, value in content.items() if value != []}


def _leads_back(package: Package, table: str, to: str) -> bool:
    """Whether the references of `table` lead to the table `to`, over however many others. Readers refuse circles."""
    seen: set[str] = set()
    open_tables = {table}
    while open_tables:
        if to in open_tables:
            return True
        seen |= open_tables
        open_tables = {key.resource or name for name in open_tables for key in package.resources[name].schema.foreign_keys} - seen
    return False


def _field(resource: Resource, column: Field, reference: str | None) -> dict[str, Any]:
    table = resource.name
    words = [column.description or column.title]
    if column.categories:
        words.append("One of: " + "; ".join(f"{category.value}: {category.label}" for category in column.categories) + ".")
    kind = "sc:URL" if column.format == "uri" else column.kind.croissant
    content: dict[str, Any] = {
        "@type": "cr:Field", "@id": _identifier(table, column.name), "name": column.name, "description": " ".join(words),
        "dataType": "sc:Text" if column.categories else kind,
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    }  # fmt: skip
    if column.kind.array_shape:
        content |= {"isArray": True, "arrayShape": column.kind.array_shape}
    if reference:
        content["references"] = {"field": {"@id": reference}}
    return content


def _refuse_twins(package: Package, content: Mapping[str, Any]) -> None:
    sets = content["recordSet"]
    counted = Counter(item["@id"] for item in [*content["distribution"], *sets, *(field for records in sets for field in records["field"])])
    for name, times in counted.items():
        if times > 1:
            raise RefusedError(f"{package.descriptor_path}: Croissant would have two things named {name!r}; rename the table or the field.")
