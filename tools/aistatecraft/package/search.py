"""Records by the name that a reader knows: in any language of the tables, in Chinese characters, with or without accents."""

from __future__ import annotations

from dataclasses import dataclass

from aistatecraft.errors import UsageError
from aistatecraft.package import Package, Resource, clean_records
from aistatecraft.package.lookup import fold_text, name_fields

__all__ = ["Found", "find_in"]


@dataclass(frozen=True)
class Found:
    """One record that carries the text looked for.

    Attributes
    ----------
    table, id : where it stands
    name : what it is called in English, else as its source calls it
    field, text : the cell in which the text was found
    """

    table: str
    id: str
    name: str
    field: str
    text: str


def find_in(package: Package, text: str, table: str | None = None) -> list[Found]:
    """The records of an open package whose name holds `text`; see `aistatecraft.find`."""
    words = fold_text(text).split() if isinstance(text, str) else []
    if not words:
        raise UsageError("nothing to look for; give a name, a title or part of one.")
    resources = [package.resource(table)] if table is not None else list(package.resources.values())
    ranked = [hit for resource in resources for hit in _hits(package, resource, words)]
    return [found for _, found in sorted(ranked, key=lambda hit: hit[0])]


def _searched(resource: Resource) -> list[int]:
    """Positions of the fields that name a record; the identifier last, since it says least."""
    wanted = [*name_fields(resource.schema), "authors", "id"]
    return [resource.schema.names.index(name) for name in wanted if name in resource.schema.by_name]


MatchRank = tuple[int, int, int]


def _hits(package: Package, resource: Resource, words: list[str]) -> list[tuple[MatchRank, Found]]:
    positions = _searched(resource)
    names = resource.schema.names
    # Rows of link tables have no name of their own.
    if not positions or resource.schema.primary_key != ("id",):
        return []
    key, whole = names.index("id"), " ".join(words)
    order = list(package.resources).index(resource.name)
    out: list[tuple[MatchRank, Found]] = []
    for number, record in enumerate(clean_records(package, resource)):
        best: tuple[int, int] | None = None
        for at in positions:
            cell = fold_text(record.cells[at] or "")
            if cell and all(word in cell for word in words):
                weight = 0 if cell == whole else 1 if cell.startswith(whole) else 2 if whole in cell else 3
                if best is None or weight < best[0]:
                    best = (weight, at)
        if best is not None:
            weight, at = best
            name = next((record.cells[one] for one in positions if record.cells[one]), "")
            out.append(
                ((weight, order, number), Found(resource.name, record.cells[key] or "", name or "", names[at], record.cells[at] or ""))
            )
    return out
