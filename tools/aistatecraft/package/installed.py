"""The package of this installation, opened once."""

from __future__ import annotations

from functools import cache

from aistatecraft.package.descriptor import Package, Resource, open_package

__all__ = ["installed", "renamed_since"]


@cache
def installed() -> Package:
    """The data package that this installation carries."""
    return open_package()


def renamed_since(resource: Resource) -> dict[str, str]:
    """Fields of a table of an earlier version that this version calls otherwise: name there -> name here."""
    now = installed().resources.get(resource.name)
    there = resource.schema.by_name
    fields = now.schema.fields if now is not None else ()
    return {field.formerly: field.name for field in fields if field.formerly in there and field.name not in there}
