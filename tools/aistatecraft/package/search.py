"""Records by the name that a reader knows: in any language of the tables, in Chinese characters, with or without accents."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from aistatecraft.errors import UsageError
from aistatecraft.package import Package, Resource, clean_records

__all__ = ["Found", "find", "find_in"]

_LANGUAGES = ("en", "zh", "es", "pt", "fr", "original")
_NAMES = ("title", "name", "label")
_FURTHER = ("acronym", "official_number", "iso2", "doi", "authors")


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


def find(text: str, *, table: str | None = None, path: str | Path | None = None, version: str | None = None) -> list[Found]:
    """Records whose identifier, name, title, label or official number holds a text.

    Parameters
    ----------
    text : str
        What to look for, in any language: ``"人工智能行动计划"``, ``"estratégia"``, ``"EO 14179"``. Capitals, accents and the
        width of characters make no difference; several words may stand in any order.
    table : str or None
        Only in this table.
    path, version : as for `load`

    Returns
    -------
    list of Found
        Whole matches first, then those at the beginning of a name, then the others; one for each record.

    Raises
    ------
    UsageError
        Where there is no such table or version, or nothing to look for.
    """
    from aistatecraft.package.installed import package_at

    return find_in(package_at(path, version), text, table)


def find_in(package: Package, text: str, table: str | None = None) -> list[Found]:
    """As `find`, in a package that is open."""
    words = _folded(text).split() if isinstance(text, str) else []
    if not words:
        raise UsageError("nothing to look for; give a name, a title or part of one.")
    resources = [package.resource(table)] if table is not None else list(package.resources.values())
    ranked = [hit for resource in resources for hit in _hits(package, resource, words)]
    return [found for _, found in sorted(ranked, key=lambda hit: hit[0])]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if not unicodedata.combining(character))


def _searched(resource: Resource) -> list[int]:
    """Positions of the fields that name a record; the identifier last, since it says least."""
    wanted = [*(f"{name}_{language}" for language in _LANGUAGES for name in _NAMES), *_NAMES, *_FURTHER, "id"]
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
            cell = _folded(record.cells[at] or "")
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
