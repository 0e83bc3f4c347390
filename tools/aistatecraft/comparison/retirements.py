"""What became of rows whose key the new table has no more: replaced, renamed, or taken out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aistatecraft.comparison.row_diff import RowCells, cell_picker
from aistatecraft.comparison.similarity import similar_rows
from aistatecraft.package import Package, Resource, TableSchema
from aistatecraft.package.csv_reader import clean_rows

__all__ = ["Retirement", "RowIdentity", "retirements"]


class RowIdentity:
    """What of a table tells its rows apart.

    Attributes
    ----------
    schema, name, names : the compiled schema of the table, its name, and those of its fields
    key : names of the fields of its key
    key_of : gives the key of a row
    keyed : whether a key tells its rows apart
    identified : whether a record has an identifier of its own, by which others can name it; rows of link tables have none
    """

    def __init__(self, schema: TableSchema) -> None:
        self.schema, self.name, self.names = schema, schema.name, schema.names
        self._take(schema.primary_key)

    def use_key(self, key: tuple[str, ...]) -> None:
        """Tell rows by other fields than those of the key; by their cells alone where there are none."""
        self._take(key)
        self.identified = False

    def _take(self, key: tuple[str, ...]) -> None:
        self.key, self.key_of = key, cell_picker(self.names, key)
        self.keyed, self.identified = bool(key), len(key) == 1


@dataclass(frozen=True)
class Retirement:
    """What became of a row that is gone: under which key it stands now, or why it was taken out."""

    rule: str
    to: RowCells | None = None
    proposed: bool = False
    note: str = ""


def retirements(
    new: Package,
    was: RowIdentity,
    now: RowIdentity,
    gone: Mapping[RowCells, RowCells],
    come: Mapping[RowCells, RowCells],
    names: Mapping[str, str],
) -> dict[RowCells, Retirement]:
    """What became of rows: as the table of retired identifiers says, or the vocabulary of a key field; else under which new key a row
    stands that is much alike.

    Parameters
    ----------
    new : the new package
    was, now : the table in both
    gone, come : rows by key that stand in the old and in the new table alone
    names : the fields of the old table, and how the new one calls them
    """
    out = dict(_retired(new, now, gone, come) if was.identified else _renamed_values(now, gone, come))
    if not was.identified:
        out |= _recoded(now, [key for key in gone if key not in out], set(come) - {fate.to for fate in out.values()})
    taken_keys = {fate.to for fate in out.values()}
    # Key cells of a link table say what the row is about; an identifier is only a name.
    known = set(now.names) - set(now.key if now.identified else ())
    telling = [name for name in was.names if names[name] in known]
    first, second = cell_picker(was.names, telling), cell_picker(now.names, [names[name] for name in telling])
    left = {key: first(row) for key, row in gone.items() if key not in out}
    free = {key: second(row) for key, row in come.items() if key not in taken_keys}
    if left and free:
        rule = "identifier-changed" if was.identified else "row-rekeyed"
        out |= {key: Retirement(rule, other, proposed=True) for key, other in similar_rows(left, free)}
    return out


def _renamed_values(
    now: RowIdentity, gone: Mapping[RowCells, RowCells], come: Mapping[RowCells, RowCells]
) -> Iterator[tuple[RowCells, Retirement]]:
    """Rows of a link table that stand under a new key because a value of a vocabulary has another name, as the new schema states it."""
    formerly = [
        {category.value: category.formerly for category in now.schema.by_name[name].categories if category.formerly} for name in now.key
    ]
    offers: dict[RowCells, list[tuple[RowCells, str]]] = defaultdict(list)
    for key in come:
        for at, (cell, names) in enumerate(zip(key, formerly, strict=True)):
            if cell in names:
                before = (*key[:at], names[cell], *key[at + 1 :])
                offers[before].append((key, f"{names[cell]} became {cell} in the vocabulary"))
    taken: set[RowCells] = set()
    for key in gone:
        # A value that was split leaves one row under one of its parts; where there are several, it is not known which.
        found = offers.get(key, [])
        if len(found) == 1 and found[0][0] not in taken:
            to, note = found[0]
            taken.add(to)
            yield key, Retirement("row-rekeyed", to, note=note)


def _recoded(now: RowIdentity, gone: Iterable[RowCells], come: Iterable[RowCells]) -> dict[RowCells, Retirement]:
    """Rows of a link table that have another code and else the same key: proposed, where one such row went and one came."""
    out: dict[RowCells, Retirement] = {}
    taken: set[RowCells] = set()
    for at, name in enumerate(now.key):
        if not now.schema.by_name[name].categories:
            continue
        pairs: dict[RowCells, tuple[list[RowCells], list[RowCells]]] = defaultdict(lambda: ([], []))
        for side, keys in enumerate((gone, come)):
            for key in keys:
                pairs[*key[:at], *key[at + 1 :]][side].append(key)
        for went, came in pairs.values():
            if len(went) == len(came) == 1 and went[0] not in out and came[0] not in taken:
                taken.add(came[0])
                out[went[0]] = Retirement("row-rekeyed", came[0], proposed=True)
    return out


def _retired(
    new: Package, now: RowIdentity, gone: Mapping[RowCells, RowCells], come: Mapping[RowCells, RowCells]
) -> Iterator[tuple[RowCells, Retirement]]:
    """What the new package's table of retired identifiers says of the rows that are gone."""
    entries = {**(_entries(new, now.schema.formerly) if now.schema.formerly else {}), **_entries(new, now.name)}
    if not entries:
        return
    there = {now.key_of(row) for rows in clean_rows(new, new.resources[now.name]) for row in rows}
    replaced: set[RowCells] = set()
    for key in gone:
        if key[0] not in entries:
            continue
        by, reason, elsewhere = entries[key[0]]
        if by and elsewhere not in ("", now.name):
            # It stands in another table, where this comparison finds it as a new row.
            yield key, Retirement("identifier-replaced", note="; ".join(part for part in (f"by {elsewhere}/{by}", reason) if part))
            continue
        # The replacement may have been replaced in its turn.
        seen = {key[0]}
        while (by,) not in there and by in entries and by not in seen:
            seen.add(by)
            by = entries[by][0]
        if (by,) in come and (by,) not in replaced:
            replaced.add((by,))
            yield key, Retirement("identifier-replaced", (by,), note=reason)
        elif (by,) in there:
            # It was there before, or another row became it: two rows were put together.
            yield key, Retirement("identifier-replaced", note="; ".join(part for part in (f"by {by}", reason) if part))
        elif reason:
            yield key, Retirement("identifier-withdrawn", note=reason)


def _entries(package: Package, table: str) -> dict[str, tuple[str, str, str]]:
    """What the table of retired identifiers says of those of `table`: replaced by which (empty for none), why, and in which table the
    replacement stands (empty for the same)."""
    resource: Resource | None = package.resources.get("retired")
    if resource is None or not {"id", "replaced_by"} <= set(resource.schema.names):
        return {}
    blank = resource.schema.by_name["replaced_by"].missing
    out: dict[str, tuple[str, str, str]] = {}
    for rows in clean_rows(package, resource):
        for row in rows:
            entry = dict(zip(resource.schema.names, row, strict=True))
            if entry.get("record_table", entry.get("table")) == table:
                by = "" if entry["replaced_by"] in blank else entry["replaced_by"]
                out[entry["id"]] = (by, entry.get("reason", ""), entry.get("replaced_by_table", ""))
    return out
