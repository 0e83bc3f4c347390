"""What became of rows whose key the new table has no more: replaced, renamed, or taken out and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

    def forget_key(self) -> None:
        """Tell rows by their cells alone."""
        self._take(())

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
    """What became of rows: as the table of retired identifiers says; else under which new key a row stands that is much alike.

    Parameters
    ----------
    new : the new package
    was, now : the table in both
    gone, come : rows by key that stand in the old and in the new table alone
    names : the fields of the old table, and how the new one calls them
    """
    out = dict(_retired(new, now, gone, come)) if was.identified else {}
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
        by, reason = entries[key[0]]
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


def _entries(package: Package, table: str) -> dict[str, tuple[str, str]]:
    """What the table of retired identifiers says of those of `table`: replaced by which (empty for none), and why."""
    resource: Resource | None = package.resources.get("retired")
    if resource is None or not {"id", "replaced_by"} <= set(resource.schema.names):
        return {}
    blank = resource.schema.by_name["replaced_by"].missing
    out: dict[str, tuple[str, str]] = {}
    for rows in clean_rows(package, resource):
        for row in rows:
            entry = dict(zip(resource.schema.names, row, strict=True))
            if entry.get("record_table", entry.get("table")) == table:
                out[entry["id"]] = ("" if entry["replaced_by"] in blank else entry["replaced_by"], entry.get("reason", ""))
    return out
