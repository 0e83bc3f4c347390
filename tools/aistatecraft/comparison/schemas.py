"""What changed in the structure of a table, property by property, and whether code that reads it can break.

Properties are compared as the JSON of the two schemas has them, so that `apply` can write them; what a change means is
decided on the schemas that are compiled from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aistatecraft.comparison.changes import Change
from aistatecraft.comparison.constraints import GROUPS, admitted
from aistatecraft.package import Field, Package, Resource, TableSchema
from aistatecraft.package.descriptor import parse_json
from aistatecraft.package.field_types import FIELD_TYPES

__all__ = ["as_text", "compare_schemas", "from_text", "key_of", "raw_schema", "unlike"]

_RULES = {"wider": "constraint-loosened", "narrower": "constraint-tightened", "other": "constraint-changed", "same": "constraint-rewritten"}
_READING = {"missingValues", *(name for kind in FIELD_TYPES.values() for name in kind.properties)}
_KEYS = ("uniqueKeys", "foreignKeys")


def raw_schema(package: Package, resource: Resource) -> dict[str, Any]:
    """The Table Schema of a resource as its JSON has it."""
    found = resource.descriptor["schema"] if resource.schema_path is None else parse_json(package.store, resource.schema_path)
    return dict(found)


def as_text(value: Any) -> str | None:
    """A property as a change holds it: texts as they are where that cannot be mistaken for JSON, the rest as JSON."""
    if value is None or (isinstance(value, str) and from_text(value) is value):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def from_text(text: str | None) -> Any:
    """The property that `as_text` was given."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def unlike(was: Any, now: Any) -> bool:
    """Whether two properties differ. NaN, which JSON cannot hold and Python reads, is like itself."""
    return bool(was != now) and as_text(was) != as_text(now)


def compare_schemas(
    old: Mapping[str, Any],
    before: TableSchema,
    new: Mapping[str, Any],
    after: TableSchema,
    renamed: Mapping[str, Mapping[str, tuple[str, bool]]],
    called: Mapping[str, str] = {},
) -> Iterator[Change]:
    """Changes from one schema of a table to its later one.

    Parameters
    ----------
    old, new : the two schemas, as parsed JSON
    before, after : the schemas compiled from them
    renamed : for each table the fields of its old schema that have another name in the new one, and whether that is only
        proposed; those of other tables are needed for the foreign keys
    called : tables of the old package that have another name in the new one
    """
    name = after.name
    elsewhere = {table: {was: now for was, (now, _) in fields.items()} for table, fields in renamed.items()}
    names = elsewhere.get(name, {})
    olds = {entry["name"]: entry for entry in old["fields"]}
    news = {entry["name"]: entry for entry in new["fields"]}
    for was, (now, proposed) in renamed.get(name, {}).items():
        yield Change("schema", "renamed", name, field=was, old=was, new=now, rule="field-renamed", proposed=proposed)
    for field, entry in olds.items():
        if field not in news and field not in names:
            yield Change("schema", "removed", name, field=field, old=as_text(entry), rule="field-removed")
    back = {now: was for was, now in names.items()}
    for field, entry in news.items():
        was = back.get(field, field)
        if was not in olds:
            yield Change("schema", "added", name, field=field, new=as_text(entry), rule="field-added")
        elif olds[was] != entry:
            yield from _field(name, olds[was], before.by_name[was], entry, after.by_name[field])
    yield from _table(name, old, before, new, after, elsewhere, called)


def _changed(table: str, field: str, name: str, was: Any, now: Any, rule: str, note: str = "") -> Change:
    action = "added" if was is None else "removed" if now is None else "changed"
    return Change("schema", action, table, field=field, property=name, old=as_text(was), new=as_text(now), rule=rule, note=note)


def _field(table: str, old: Mapping[str, Any], before: Field, new: Mapping[str, Any], after: Field) -> Iterator[Change]:
    field = after.name
    retyped = (before.type, before.format, before.dtype) != (after.type, after.format, after.dtype)
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if name in ("name", "constraints", "categories") or not unlike(was, now):
            continue
        if name in ("type", "format"):
            rule = "field-retyped" if retyped else "schema-metadata"
        elif name == "rdfType":
            rule = "reading-changed" if before.partial_date != after.partial_date else "schema-metadata"
        elif name == "categoriesOrdered":
            rule = "category-order" if before.ordered != after.ordered else "schema-metadata"
        elif name in _READING:
            rule = "reading-changed"
        else:
            rule = "schema-metadata"
        yield _changed(table, field, name, was, now, rule)
    limits, later = old.get("constraints", {}), new.get("constraints", {})
    for group, members in GROUPS.items():
        differ = [name for name in members if unlike(limits.get(name), later.get(name))]
        if differ:
            rule = _RULES[admitted(group, before, after)]
            for name in differ:
                yield _changed(table, field, f"constraints.{name}", limits.get(name), later.get(name), rule)
    if unlike(old.get("categories"), new.get("categories")):
        yield from _categories(table, field, old.get("categories"), before, new.get("categories"), after, retyped)


def _value(entry: Any) -> str:
    return str(entry["value"] if isinstance(entry, Mapping) else entry)


def _categories(table: str, field: str, old: Any, before: Field, new: Any, after: Field, retyped: bool) -> Iterator[Change]:
    if not old or not new:
        rule = "field-retyped" if retyped else _RULES[admitted("values", before, after)]
        yield _changed(table, field, "categories", old, new, rule)
        return
    was, now = {_value(entry): entry for entry in old}, {_value(entry): entry for entry in new}
    for value, entry in was.items():
        if value not in now:
            successors = [category.value for category in after.categories if category.formerly == value]
            note = f"replaced by {' or '.join(successors)}" if successors else ""
            yield _changed(table, field, f"categories.{value}", entry, None, "category-removed", note)
    for value, entry in now.items():
        if value not in was:
            yield _changed(table, field, f"categories.{value}", None, entry, "category-added")
        elif was[value] != entry:
            yield _changed(table, field, f"categories.{value}", was[value], entry, "schema-metadata")
    # As `apply` leaves them: those that stay in their order, then those that came.
    left = [value for value in was if value in now] + [value for value in now if value not in was]
    if left != list(now):
        kept = [value for value in was if value in now] == [value for value in now if value in was]
        rule = "category-order" if before.ordered and after.ordered and not kept else "schema-metadata"
        yield _changed(table, field, "categories.", [*left], [*now], rule)


def _table(
    table: str,
    old: Mapping[str, Any],
    before: TableSchema,
    new: Mapping[str, Any],
    after: TableSchema,
    renamed: Mapping[str, Mapping[str, str]],
    called: Mapping[str, str],
) -> Iterator[Change]:
    names = renamed.get(table, {})
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if name in ("fields", *_KEYS) or not unlike(was, now):  # the name of a schema is that of its table
            continue
        if name == "primaryKey":
            # Fields that were renamed are the same fields.
            if tuple(names.get(field, field) for field in before.primary_key) != after.primary_key:
                yield _changed(table, "", name, was, now, "key-changed")
            continue
        yield _changed(table, "", name, was, now, "reading-changed" if name == "missingValues" else "schema-metadata")
    for name in _KEYS:
        # A key is what it says, whatever way it is written (a name, or a list of one), and whatever the renamed fields were called.
        olds = {key_of(entry, table, renamed, called): entry for entry in old.get(name) or []}
        news = {key_of(entry, table, {}): entry for entry in new.get(name) or []}
        for key, entry in olds.items():
            if key not in news:
                yield _changed(table, "", name, entry, None, "constraint-loosened")
        fresh = set(after.names) - {names.get(field, field) for field in before.names}
        for key, entry in news.items():
            if key not in olds:
                # Of fields that came with it, it takes nothing away that was allowed before.
                rule = "field-added" if _key_fields(entry) <= fresh else "constraint-tightened"
                yield _changed(table, "", name, None, entry, rule)


def _key_fields(entry: Any) -> set[str]:
    """The fields of a unique or foreign key, whatever way it is written."""
    fields = entry["fields"] if isinstance(entry, Mapping) else entry
    return {fields} if isinstance(fields, str) else set(fields)


def key_of(entry: Any, table: str, renamed: Mapping[str, Mapping[str, str]], called: Mapping[str, str] = {}) -> str:
    """What a unique or foreign key of a table says, whatever way and in whatever order it is written.

    `renamed` are the fields of each table that have another name by now, and `called` the tables; they stand under their new one.
    """

    def fields(names: str | Sequence[str], of: str) -> list[str]:
        listed = [names] if isinstance(names, str) else list(names)
        return [renamed.get(of, {}).get(field, field) for field in listed]

    if not isinstance(entry, Mapping):
        return json.dumps(sorted(fields(entry, table)))
    reference = entry["reference"]
    target = reference.get("resource") or table
    target = called.get(target, target)
    return json.dumps([target, sorted(zip(fields(entry["fields"], table), fields(reference["fields"], target), strict=True))])
