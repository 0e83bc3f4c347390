"""The codebook as text, made from the schemas alone."""

from __future__ import annotations

import re
from typing import Any

from aistatecraft.package import Field, Package, TableSchema
from aistatecraft.package.escape import escape_markdown

__all__ = ["codebook_markdown", "entity_diagram", "field_rows", "reading_rows", "table_markdown"]


def _reference(schema: TableSchema, name: str) -> str | None:
    """What a field refers to: a field of another table, also as one part of a key of several fields."""
    for key in schema.foreign_keys:
        if name in key.fields:
            return f"{key.resource or schema.name}.{key.references[key.fields.index(name)]}"
    return None


def field_rows(schema: TableSchema) -> list[dict[str, Any]]:
    """One dictionary a field: what the codebook says of it."""
    return [
        {
            "table": schema.name, "field": column.name, "title": column.title, "type": column.type + (f" ({column.format})" if column.format != "default" else ""),
            "dtype": column.dtype, "key": column.name in schema.primary_key, "required": column.required or column.name in schema.primary_key,
            "references": _reference(schema, column.name), "description": column.description,
            "values": "; ".join(f"{category.value}: {category.label}" for category in column.categories) or None,
            "example": None if column.example is None else str(column.example).lower() if isinstance(column.example, bool) else str(column.example),
        }
        for column in schema.fields
    ]  # fmt: skip


def _further(schema: TableSchema, column: Field) -> list[str]:
    """What a field refers to, and which values it may have, in sentences."""
    reference = _reference(schema, column.name)
    values = [
        f"{category.value} ({category.label})" if category.label != category.value else category.value for category in column.categories
    ]
    return [*([f"Refers to {reference}."] if reference else ()), *([f"One of: {'; '.join(values)}."] if values else ())]


def reading_rows(schema: TableSchema) -> list[dict[str, str]]:
    """One dictionary a field, for reading in a narrow terminal: its type with ``*`` where a value is required, and its meaning with what it refers to and may hold."""
    out = []
    for row in field_rows(schema):
        meaning = [row["description"], *_further(schema, schema.by_name[row["field"]])]
        out.append(
            {
                "table": row["table"],
                "field": row["field"],
                "type": f"{row['type']}{'*' if row['required'] else ''}",
                "meaning": " ".join(meaning),
                "example": row["example"] or "",
            }
        )
    return out


def _cell(text: str) -> str:
    return escape_markdown(text, 2_000)


def _name(name: str) -> str:
    return f"`{name}`" if re.fullmatch(r"[\w.-]+", name) else _cell(name)


def _support(schema: TableSchema) -> str:
    """Where the sources of a row are, in a sentence."""
    if not schema.evidence_required:
        return "Rows name their source themselves, or need none."
    if not schema.names_source:
        return "Every row has evidence."
    what = "" if schema.stated_field == "*" else f" for {_name(schema.stated_field)}"
    return f"Every row names the source that supports it best{what}; `evidence` has further statements."


def table_markdown(schema: TableSchema) -> str:
    """The codebook of one table as Markdown."""
    key = f"Key: {', '.join(_name(name) for name in schema.primary_key)}. " if schema.primary_key else "No key. "
    lines = [f"## {schema.name}", "", _cell(schema.description), "", key
             + _support(schema), "",
             "| field | type | required | meaning | example |", "|---|---|---|---|---|"]  # fmt: skip
    for column in schema.fields:
        kind = column.type + (f" ({column.format})" if column.format != "default" else "")
        meaning = " ".join([column.description, *_further(schema, column)])
        example = "" if column.example is None else str(column.example).lower() if isinstance(column.example, bool) else str(column.example)
        required = "yes" if column.required or column.name in schema.primary_key else ""
        lines.append(f"| {_name(column.name)} | {kind} | {required} | {_cell(meaning)} | {_cell(example)} |")
    return "\n".join(lines)


def codebook_markdown(package: Package) -> str:
    """The codebook of a package as Markdown."""
    intro = [
        f"# Codebook of {_cell(package.title)}", "",
        "Generated from `schemas/`; do not edit. A blank cell means that the value is not known; `not applicable` and `none exists` are written out.", "", "",
    ]  # fmt: skip
    return "\n".join(intro) + "\n" + "\n\n".join(table_markdown(resource.schema) for resource in package.resources.values()) + "\n"


def entity_diagram(package: Package) -> str:
    """The tables and the foreign keys between them as a Mermaid entity diagram."""
    lines = ["erDiagram"]
    for resource in package.resources.values():
        seen: set[str] = set()
        for key in resource.schema.foreign_keys:
            target = key.resource or resource.name
            fields = ", ".join(other.fields[0] for other in resource.schema.foreign_keys if (other.resource or resource.name) == target)
            if target not in seen:
                lines.append(f'    {target} ||--o{{ {resource.name} : "{fields}"')
                seen.add(target)
    return "\n".join(lines)
