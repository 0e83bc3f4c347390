"""What is wrong with the descriptors of a package that can be opened: package, resources and schemas.

What cannot be opened is refused by `open_package`. What else the standard asks of a descriptor is asked by frictionless, without its
own checks of names, types and constraints, which were made already, and of whatever could be fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aistatecraft.package import Package, Resource
from aistatecraft.package.descriptor import parse_json
from aistatecraft.package.field_types import FIELD_TYPES
from aistatecraft.package.schema import CONSTRAINTS
from aistatecraft.validation.report import ERROR, WARNING, Finding

__all__ = ["check_descriptors"]

_VERSION = "https://datapackage.org/profiles/2.0/datapackage.json"
"""Version of the standard that allows most. It is the name of the version for frictionless, which fetches no profile of the standard."""
_OF_SCHEMAS = {
    "$schema",
    "name",
    "title",
    "description",
    "fields",
    "fieldsMatch",
    "missingValues",
    "primaryKey",
    "uniqueKeys",
    "foreignKeys",
}
_OF_FIELDS = {
    "name", "type", "format", "title", "description", "example", "examples", "rdfType", "constraints", "categories", "categoriesOrdered", "missingValues",
    *(name for kind in FIELD_TYPES.values() for name in kind.properties),
}  # fmt: skip
_OF_RESOURCES = {
    "$schema", "name", "path", "data", "type", "title", "description", "format", "mediatype", "encoding", "bytes", "hash", "sources", "licenses", "dialect", "schema",
}  # fmt: skip
_OF_PACKAGES = {
    "$schema", "name", "id", "title", "description", "homepage", "version", "created", "keywords", "contributors", "sources", "licenses", "image", "resources",
}  # fmt: skip


def check_descriptors(package: Package, *, standard: bool) -> list[Finding]:
    """Findings about descriptor, resources and schemas.

    Parameters
    ----------
    package : an open package
    standard : whether frictionless is asked, too; importing it takes longer than all other checks of a small package
    """
    found = [*_misplaced(package.descriptor, _OF_PACKAGES, "", package.descriptor_path, within="schema")]
    asked = [*_asked("Package", {**package.descriptor, "resources": []}, "", package.descriptor_path)] if standard else []
    for name, resource in package.resources.items():
        place, file = f"resource {name}", package.descriptor_path
        found += _misplaced(resource.descriptor, _OF_RESOURCES, place, file, within="schema")
        if standard:
            # Path, dialect and schema are read by us; to frictionless the table is any file.
            asked += _asked(
                "Resource", {**resource.descriptor, "path": "table.csv", "data": None, "dialect": None, "schema": None}, place, file
            )
        schema, file = _schema(package, resource)
        place = "" if resource.schema_path else place
        found += _misplaced(schema, _OF_SCHEMAS, place, file)
        if standard:
            # Keys were compared with the fields already, in all the forms in which the standard lets them be written.
            asked += _asked("Schema", {**schema, "fields": [], "primaryKey": None, "foreignKeys": None}, place, file)
        for entry in schema["fields"]:
            where = ", ".join(part for part in (place, f"field {entry['name']}") if part)
            found += _misplaced(entry, _OF_FIELDS, where, file, within="constraints", names=CONSTRAINTS)
            if standard:
                asked += _asked("Field", {**entry, "type": "any", "format": None, "example": None, "constraints": None}, where, file)
    return list(dict.fromkeys([*found, *asked]))  # two tables can share a schema


def _schema(package: Package, resource: Resource) -> tuple[Mapping[str, Any], str]:
    if resource.schema_path is None:
        return resource.descriptor["schema"], package.descriptor_path
    return parse_json(package.store, resource.schema_path), resource.schema_path


def _finding(rule: str, severity: str, file: str, place: str, message: str, hint: str) -> Finding:
    return Finding(rule, severity, file, 0, "", "", "", "", f"{place}: {message}" if place else message, hint)


def _misplaced(
    found: Mapping[str, Any],
    known: set[str],
    place: str,
    file: str,
    *,
    within: str = "",
    names: Iterable[str] = ("missingValues", "fields", "primaryKey", "foreignKeys", "uniqueKeys"),
) -> Iterator[Finding]:
    """Properties that seem to be meant for something and are none there: the standard allows them, and they change nothing."""
    elsewhere = set(names) if within else set()
    low = {name.lower(): name for name in known}
    for name in found:
        if name in known:
            continue
        if name in elsewhere:
            yield _finding("misplaced-property", WARNING, file, place, f"{name} has no effect here", f"move it into {within}")
        elif name.lower() in low:
            right = low[name.lower()]
            yield _finding("misplaced-property", WARNING, file, place, f"{name} has no effect with this spelling", f"write {right}")


def _asked(kind: str, descriptor: Mapping[str, Any], place: str, file: str) -> Iterator[Finding]:
    """What frictionless finds in a descriptor. Its words come after the property that they are about."""
    import frictionless

    plain = {
        name: value for name, value in descriptor.items() if value is not None and name not in ("profile", "profiles", "missingValues")
    }
    if isinstance(plain.get("name"), str):
        plain["name"] = "name"  # version 2 of the standard takes any text, which not all versions of frictionless know
    if kind != "Field":
        plain["$schema"] = _VERSION
    try:
        errors = list(getattr(frictionless, kind).metadata_validate(plain))
    except Exception:  # what frictionless itself cannot judge is no fault of the descriptor
        return
    for error in errors:
        if "should be set as" in error.note:  # an own property may have any name; see `_misplaced`
            continue
        note, _, path = str(error.note).rpartition(" at property ")
        what = f"{path.strip(chr(39))}: {note}" if note else path
        wanted = note.rpartition(" is not of type ")[2].strip("'") if " is not of type " in note else ""
        yield _finding(
            "descriptor",
            ERROR,
            file,
            place,
            what[:300],
            f"write a value of type {wanted}" if wanted else "write it as the Data Package standard asks",
        )
