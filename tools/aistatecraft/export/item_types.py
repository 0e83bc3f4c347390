"""The type of the items of a field that holds lists, which the compiled schema of a table keeps in its parser only."""

from __future__ import annotations

from aistatecraft.package import Package, Resource
from aistatecraft.package.descriptor import parse_json

__all__ = ["item_type"]


def item_type(package: Package, resource: Resource, field: str) -> str:
    """Type of the items of `field`; ``string`` where its schema states none, or the field holds no lists."""
    if resource.schema.by_name[field].type != "list":
        return "string"
    schema = parse_json(package.store, resource.schema_path) if resource.schema_path else resource.descriptor["schema"]
    return next(str(entry.get("itemType", "string")) for entry in schema["fields"] if entry["name"] == field)
