"""A page for each table, and the files that scripts and readers take from it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from typing import Any

from aistatecraft.package.codebook import field_rows
from aistatecraft.package.escape import escape_json
from aistatecraft.site.cells import Shown, clean, href
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import Column, Row, Table
from aistatecraft.site.pages.sections import essential
from aistatecraft.site.rendering import as_script
from aistatecraft.site.words import absence

__all__ = ["FIRST", "rows_script", "search_file", "table_files", "tables"]

FIRST = 50
"""Rows of a table that stand in its page."""
_SHARD = 200_000
"""Bytes of a script with rows, compressed, from which on it is cut into several."""
_SHOWN = 8
"""Columns of a table that are shown until a reader asks for others."""


def tables(edition: Edition) -> Iterator[Page]:
    """The page of each table, and the list of them."""
    listed = [
        {
            "name": table.name,
            "title": clean(table.title),
            "href": href(table.page),
            "rows": len(table.rows),
            "about": clean(table.resource.schema.description),
        }
        for table in edition.data.tables.values()
    ]
    yield Page("tables/index.html", "tables.html", edition.words("Tables"), {"tables": listed}, edition.words("All tables of the dataset."))
    for table in edition.data.tables.values():
        shown = shown_columns(table)
        rows = table.rows[:FIRST]
        values = {
            "table": table,
            "title": clean(table.title),
            "about": clean(table.resource.schema.description),
            "heads": [*([edition.words("Record")] if table.paged else []), *(clean(column.field.title) for column in shown)],
            "names": [*(["*"] if table.paged else []), *(column.name for column in shown)],
            "lines": [_cells(edition, table, row, shown) for row in rows],
            "fields": [
                {"name": column.name, "title": clean(column.field.title), "about": clean(column.field.description), "values": [(clean(each.value), clean(each.label)) for each in column.field.categories], "refers": column.target}
                for column in table.columns
            ],
            "shards": _shard_names(edition, table),
            "citations": edition.citations(table.name),
            "xlsx": f"data/{table.folder}.xlsx" in edition.workbooks,
        }  # fmt: skip
        yield Page(table.page, "table.html", clean(table.title), values, clean(table.resource.schema.description))


def shown_columns(table: Table) -> list[Column]:
    """The columns that are shown first: essential ones, but neither the identifier nor what merely names a table."""
    pairs = {column.pair for column in table.columns if column.pair}
    own = {*table.key, *table.names} if table.paged else set()
    filled = {column.name for column in table.columns if any(row.cells.get(column.name) for row in table.rows[:2_000])}
    found = [
        column
        for column in table.columns
        if essential(column) and column.name not in pairs | own and column.name in filled and column.name != "sort_order"
    ]
    return (found or [column for column in table.columns if column.name not in own])[:_SHOWN]


def _cells(edition: Edition, table: Table, row: Row, shown: Sequence[Column]) -> list[Shown]:
    cells = [edition.show.cell(row, column, wide=False) for column in shown]
    return [edition.show.link(row), *cells] if table.paged else cells


def _shards(edition: Edition, table: Table) -> list[bytes]:
    """The scripts with the rows of a table. The first says what the columns are."""
    if table.name in edition.shards:
        return edition.shards[table.name]
    about, rows, names, titles, labels = _content(edition, table)
    whole = as_script("aistatecraft.rows", about, 0, 1, rows, names, titles, labels)
    parts = max(1, -(-len(gzip.compress(whole, 6, mtime=0)) // _SHARD))
    size = -(-len(rows) // parts) if rows else 1
    made = []
    for number in range(parts):
        piece = slice(number * size, (number + 1) * size)
        used = labels if parts == 1 else _used(table, edition, table.rows[piece], labels)
        first = about if number == 0 else table.name
        made.append(as_script("aistatecraft.rows", first, number, parts, rows[piece], names[piece], titles[piece], used))
    edition.shards[table.name] = made
    return made


def rows_script(edition: Edition, table: Table) -> bytes:
    """All rows of a table as one script."""
    about, rows, names, titles, labels = _content(edition, table)
    return as_script("aistatecraft.rows", about, 0, 1, rows, names, titles, labels)


def _content(edition: Edition, table: Table) -> tuple[dict[str, Any], list[list[str]], list[str], list[str], dict[str, list[str]]]:
    """What a script needs: what the table is, its rows, the address and title of each, and those of the records to which they refer."""
    rows = [[row.cells.get(column.name, "") for column in table.columns] for row in table.rows]
    names = [href(edition.data.address(row)) if table.paged else "" for row in table.rows]
    titles = [clean(edition.data.title(row)[0]) if table.paged else "" for row in table.rows]
    labels: dict[str, list[str]] = {}
    for column in table.columns:
        if column.target or column.pair:
            for row in table.rows:
                target = edition.data.target(row, column)
                if target is not None:
                    labels.setdefault(
                        f"{target.table.name}/{target.id}", [clean(edition.data.title(target)[0]), href(edition.data.address(target))]
                    )
    about = {
        "table": table.name, "title": clean(table.title), "version": edition.data.version, "name": edition.data.name, "paged": table.paged, "key": list(table.key),
        "shown": [column.name for column in shown_columns(table)], "licence": edition.about.licence_text, "cite": edition.citations(table.name)[0][2],
        "columns": [_described(edition, column) for column in table.columns],
    }  # fmt: skip
    return about, rows, names, titles, labels


def _used(table: Table, edition: Edition, rows: Sequence[Row], labels: dict[str, list[str]]) -> dict[str, list[str]]:
    targets = (edition.data.target(row, column) for row in rows for column in table.columns if column.target or column.pair)
    keys = {f"{target.table.name}/{target.id}" for target in targets if target is not None}
    return {key: labels[key] for key in labels if key in keys}


def _described(edition: Edition, column: Column) -> dict[str, Any]:
    """A column as the script needs it; what does not apply is left out."""
    kind = column.field
    states = {text: absence(kind.missing_labels.get(text, text), column.name) for text in sorted(kind.missing)}
    missing = {text: [state.sign, edition.words(state.word)] for text, state in states.items()}
    described = {
        "name": column.name, "title": clean(kind.title), "target": column.target, "pair": column.pair,
        "values": {each.value: clean(each.label) for each in kind.categories}, "date": kind.partial_date or kind.type == "date",
        "number": kind.kind.numeric, "url": kind.format == "uri" or column.name == "url", "lang": column.language, "missing": missing,
    }  # fmt: skip
    return {name: value for name, value in described.items() if value}


def _shard_names(edition: Edition, table: Table) -> list[str]:
    parts = len(_shards(edition, table))
    return [f"data/{table.folder}{f'.{number}' if number else ''}.js" for number in range(parts)]


def table_files(edition: Edition, table: Table) -> Iterator[tuple[str, bytes]]:
    """The rows of a table as scripts, as CSV and as JSON."""
    yield from zip(_shard_names(edition, table), _shards(edition, table), strict=True)
    yield f"data/{table.folder}.csv", edition.package.store.read(table.resource.path)
    listed = [{column.field.name: row.get(column.name) for column in table.columns if row.get(column.name)} for row in table.rows]
    content = {
        "package": edition.data.name, "version": edition.data.version, "table": table.name, "licence": edition.about.licence_text,
        "fields": [{name: value for name, value in entry.items() if value} for entry in field_rows(table.resource.schema)], "rows": listed,
    }  # fmt: skip
    yield (
        f"data/{table.folder}.json",
        (escape_json(json.dumps(content, ensure_ascii=False, separators=(",", ":"))) + "\n").encode("utf-8", "replace"),
    )


def search_file(edition: Edition) -> bytes:
    """The names of all records, for the search: tables, then one list a record: place of the table, file, title, further names."""
    paged = [table for table in edition.data.tables.values() if table.paged]
    records = []
    for place, table in enumerate(paged):
        for identifier, file in table.files.items():
            row = table.by_id[identifier]
            title = edition.data.title(row)[0]
            names = dict.fromkeys(clean(row.get(name))[:300] for name in table.names if row.get(name))
            names.pop(clean(title)[:300], None)
            records.append([place, file, clean(title)[:300], list(names), *([clean(identifier)] if identifier != file else [])])
    return as_script("aistatecraft.names", [[table.folder, clean(table.title)] for table in paged], records)
