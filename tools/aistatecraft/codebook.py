"""The codebook as text, made from the schemas alone."""

from __future__ import annotations

from typing import Any

from aistatecraft.reading import Package, TablePlan
from aistatecraft.validation.render import escape_markdown

__all__ = ["codebook_markdown", "entity_diagram", "field_rows", "table_markdown"]


def _reference(plan: TablePlan, name: str) -> str | None:
    for key in plan.foreign_keys:
        if key.fields == (name,):
            return f"{key.resource or plan.name}.{key.references[0]}"
    return None


def field_rows(plan: TablePlan) -> list[dict[str, Any]]:
    """One dictionary a field: what the codebook says of it."""
    return [
        {
            "table": plan.name, "field": column.name, "title": column.title, "type": column.type + (f" ({column.format})" if column.format != "default" else ""),
            "dtype": column.dtype, "key": column.name in plan.primary_key, "required": column.required or column.name in plan.primary_key,
            "references": _reference(plan, column.name), "description": column.description,
            "values": "; ".join(f"{category.value}: {category.label}" for category in column.categories) or None,
            "example": None if column.example is None else str(column.example).lower() if isinstance(column.example, bool) else str(column.example),
        }
        for column in plan.fields
    ]  # fmt: skip


def _cell(text: str) -> str:
    return escape_markdown(text, 2_000)


def table_markdown(plan: TablePlan) -> str:
    """The codebook of one table as Markdown."""
    references = {key.fields[0]: f"{key.resource or plan.name}.{key.references[0]}" for key in plan.foreign_keys}
    lines = [f"## {plan.name}", "", plan.description, "", f"Key: {', '.join(f'`{name}`' for name in plan.primary_key)}. "
             + ("Every row has evidence." if plan.evidence_required else "Rows name their source themselves, or need none."), "",
             "| field | type | required | meaning | example |", "|---|---|---|---|---|"]  # fmt: skip
    for column in plan.fields:
        kind = column.type + (f" ({column.format})" if column.format != "default" else "")
        meaning = column.description
        if column.name in references:
            meaning += f" Refers to {references[column.name]}."
        if column.categories:
            meaning += (
                " One of: "
                + "; ".join(
                    f"{category.value} ({category.label})" if category.label != category.value else category.value
                    for category in column.categories
                )
                + "."
            )
        example = "" if column.example is None else str(column.example).lower() if isinstance(column.example, bool) else str(column.example)
        required = "yes" if column.required or column.name in plan.primary_key else ""
        lines.append(f"| `{column.name}` | {kind} | {required} | {_cell(meaning)} | {_cell(example)} |")
    return "\n".join(lines)


def codebook_markdown(package: Package) -> str:
    """The codebook of a package as Markdown."""
    intro = [
        f"# Codebook of {package.title}", "",
        "Made from `schemas/`; not edited by hand. A blank cell means that the value is not known; `not applicable` and `none exists` say what they say.", "",
    ]  # fmt: skip
    return "\n".join(intro) + "\n\n".join(table_markdown(resource.plan) for resource in package.resources.values()) + "\n"


def entity_diagram(package: Package) -> str:
    """The tables and the foreign keys between them as a Mermaid entity diagram."""
    lines = ["erDiagram"]
    for resource in package.resources.values():
        seen: set[str] = set()
        for key in resource.plan.foreign_keys:
            target = key.resource or resource.name
            fields = ", ".join(other.fields[0] for other in resource.plan.foreign_keys if (other.resource or resource.name) == target)
            if target not in seen:
                lines.append(f'    {target} ||--o{{ {resource.name} : "{fields}"')
                seen.add(target)
    return "\n".join(lines)
