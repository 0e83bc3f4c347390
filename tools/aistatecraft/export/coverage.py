"""What the tables cover, found in them: which period, which states, which languages.

Catalogues of data ask for it. It is derived from structure alone, so that it holds for any package and never goes stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aistatecraft.package import Field, Package, Resource, clean_records, edtf

__all__ = ["languages", "period", "states"]

_DATED = ("date", "datetime", "year", "yearmonth")
_ABOUT_US = ("sources", "evidence", "retired", "coverage")
"""Tables whose dates are those of the reading and of the literature, not of what happened."""
_LANGUAGE = re.compile(r"(.+)_([a-z]{2})")


def languages(package: Package) -> list[str]:
    """Languages in which names and titles are given, as codes of two letters: those of ``name_en``, ``name_zh``.

    Two letters at the end of a name are a language where the same name has one with ``en``: ``record_id`` is not Indonesian.
    """
    found: set[str] = set()
    for resource in package.resources.values():
        for name in resource.schema.names:
            match = _LANGUAGE.fullmatch(name)
            if match and f"{match[1]}_en" in resource.schema.by_name:
                found.add(match[2])
    return sorted(found)


def period(package: Package, released: str) -> str:
    """From the earliest to the latest date in the tables, as ISO 8601, such as ``2016/2026-11-25``; empty where there is none.

    Each date has the precision that it has in the table. What is planned for after the day of the release does not count.
    """
    dates = sorted(date for date in set(_dates(package)) if date <= released)
    if not dates:
        return ""
    return dates[0] if dates[0] == dates[-1] else f"{dates[0]}/{dates[-1]}"


def _dates(package: Package) -> Iterator[str]:
    for resource in package.resources.values():
        places = [at for at, column in enumerate(resource.schema.fields) if _is_dated(column)]
        if not places or resource.name in _ABOUT_US:
            continue
        for record in clean_records(package, resource):
            for at in places:
                for text in (record.cells[at] or "").split("/"):  # a period has two dates
                    match = re.match(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(?![0-9])", text)
                    if match and not edtf.check(match[0]):
                        yield match[0]


def _is_dated(column: Field) -> bool:
    return column.type in _DATED or column.partial_date


def states(package: Package) -> dict[str, str]:
    """States and territories of the table ``actors`` to which other tables refer: their names in English by code."""
    actors = package.resources.get("actors")
    if actors is None or not {"id", "kind", "name_en"} <= set(actors.schema.names) or actors.schema.primary_key != ("id",):
        return {}
    places = [actors.schema.names.index(name) for name in ("id", "kind", "name_en")]
    known = {}
    for record in clean_records(package, actors):
        code, kind, name = (record.cells[at] or "" for at in places)
        if kind in ("state", "territory"):
            known[code] = name
    named = {cell for resource in package.resources.values() if resource is not actors for cell in _actors_named(package, resource)}
    return {code: name for code, name in known.items() if code in named}


def _actors_named(package: Package, resource: Resource) -> Iterator[str]:
    fields = [key.fields[0] for key in resource.schema.foreign_keys if key.resource == "actors" and len(key.fields) == 1]
    places = [resource.schema.names.index(name) for name in fields]
    if places:
        for record in clean_records(package, resource):
            yield from (record.cells[at] or "" for at in places)
