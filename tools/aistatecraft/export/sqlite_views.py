"""Views: the tables with labels beside the identifiers, what sources state, and how far each record is supported.

They are made from the structure alone: a table gets a view where it refers to others or has labelled categories; the views on
evidence need the tables evidence and sources, as `support` does.
"""

from __future__ import annotations

from collections.abc import Iterator

from aistatecraft.export.sqlite_schema import literal, quoted
from aistatecraft.package import Package, TableSchema
from aistatecraft.package.labels import free_name, label_fields, labels_of, record_references
from aistatecraft.package.statements import EVIDENCE, SUPPORTS, own_fields

__all__ = ["views"]

_JOINS = 60
"""SQLite joins at most 64 tables."""
_UNIONS = 500
"""And at most 500 selections."""


def _label(schema: TableSchema, of: str = "") -> str | None:
    """What a record of the table is called: the first of its names that is filled; None where it has none."""
    names = [f"{of}{quoted(name)}" for name in label_fields(schema)]
    return f"coalesce({', '.join(names)})" if len(names) > 1 else names[0] if names else None


def _identifier(schema: TableSchema, of: str = "") -> str:
    return " || '/' || ".join(f"{of}{quoted(name)}" for name in schema.primary_key)


def views(package: Package, categories: str, taken: set[str]) -> Iterator[str]:
    """The statements that make the views. Their names become `taken`."""
    schemas = [resource.schema for resource in package.resources.values()]
    keyed = [schema for schema in schemas if schema.primary_key]
    records = None
    if any(map(record_references, schemas)) and 0 < len(keyed) <= _UNIONS:
        records = free_name("records", taken)
        yield f"CREATE VIEW {quoted(records)} AS\n" + _union(keyed, label=True)
    for schema in schemas:
        text = _labelled(package, schema, categories, records)
        if text:
            yield f"CREATE VIEW {quoted(free_name(f'{schema.name}_labelled', taken))} AS\n{text}"
    yield from _evidence(package, taken)


def _union(schemas: list[TableSchema], *, label: bool) -> str:
    """Table and identifier of each record, and what it is called."""
    arms = []
    for schema in schemas:
        called = f", {_label(schema) or 'NULL'} AS label" if label else ""
        arms.append(f"SELECT {literal(schema.name)} AS record_table, {_identifier(schema)} AS record_id{called} FROM {quoted(schema.name)}")
    return "\nUNION ALL\n".join(arms)


def _labelled(package: Package, schema: TableSchema, categories: str, records: str | None) -> str | None:
    """The table with a label after each field that has one; None where none has."""
    labels = labels_of(package, schema, records=records is not None)[:_JOINS]
    if not labels:
        return None
    made: dict[str, tuple[str, str, str]] = {}  # field -> name of the label, its value, and the join that this needs
    for label in labels:
        r = f"r{len(made)}."
        if label.table is not None:
            value, table = f"{r}label", str(records)
            on = f"{r}record_table = t.{quoted(label.table)} AND {r}record_id = t.{quoted(label.field)}"
        elif label.key is not None:
            target = package.resources[label.key.resource or schema.name].schema
            value, table = str(_label(target, r)), target.name
            both = zip(label.key.fields, label.key.references, strict=True)
            on = " AND ".join(f"{r}{quoted(there)} = t.{quoted(here)}" for here, there in both)
        else:
            value, table = f"{r}label", categories
            on = f"{r}table_name = {literal(schema.name)} AND {r}field = {literal(label.field)} AND {r}value = t.{quoted(label.field)}"
        made[label.field] = label.column, value, f"LEFT JOIN {quoted(table)} AS {r[:-1]} ON {on}"
    columns = []
    for name in schema.names:
        columns.append(f"t.{quoted(name)}")
        if name in made:
            column, value, _ = made[name]
            columns.append(f"{value} AS {quoted(column)}")
    joins = "".join(f"\n{join}" for *_, join in made.values())
    return "SELECT " + ", ".join(columns) + f"\nFROM {quoted(schema.name)} AS t{joins}"


def _statements(package: Package) -> str:
    """All that sources state about records: the rows of evidence, and what rows of other tables state themselves."""
    arms = [f"SELECT record_table, record_id, field, source, locator, stated, quote, stance FROM {quoted(EVIDENCE)}"]
    for resource in package.resources.values():
        schema = resource.schema
        own = own_fields(schema)
        if own and schema.primary_key:
            table, about = literal(schema.name), literal(schema.stated_field)
            cells = ", ".join(f"t.{name}" if name in own else "NULL" for name in ("source", "locator", "stated", "quote"))
            arms.append(
                f"SELECT {table}, {_identifier(schema, 't.')}, {about}, {cells}, {literal(SUPPORTS)} FROM {quoted(schema.name)} AS t\n"
                f"WHERE t.source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {quoted(EVIDENCE)} AS e WHERE e.record_table = {table}\n"
                f"  AND e.record_id = {_identifier(schema, 't.')} AND e.field = {about} AND e.source = t.source AND e.locator = t.locator\n"
                f"  AND e.stance = {literal(SUPPORTS)})"
            )
    return "\nUNION ALL\n".join(arms[:_UNIONS])


def _evidence(package: Package, taken: set[str]) -> Iterator[str]:
    """What sources state, what `support` computes of it, and what is disputed by which source."""
    evidence, sources = (package.resources.get(name) for name in (EVIDENCE, "sources"))
    needed = {"record_table", "record_id", "field", "source", "stance", "stated", "quote", "locator"}
    if not (evidence and sources and needed <= set(evidence.schema.names) and {"id", "kind", "title"} <= set(sources.schema.names)):
        return
    schemas = [
        resource.schema for resource in package.resources.values() if resource.schema.evidence_required and resource.schema.primary_key
    ]
    every = free_name("statements", taken)
    yield f"CREATE VIEW {quoted(every)} AS\n{_statements(package)}"
    if 0 < len(schemas) <= _UNIONS:
        yield (
            f"CREATE VIEW {quoted(free_name('support', taken))} AS\nWITH record AS (\n{_union(schemas, label=False)}\n),\ncounted AS (\n"
            "SELECT record.record_table, record.record_id, count(DISTINCT CASE WHEN e.stance = 'supports' THEN e.source END) AS sources,\n"
            "  coalesce(max(e.stance = 'supports' AND s.kind IN ('primary', 'reference')), 0) AS primary_source,\n"
            "  coalesce(max(e.stance = 'disputes'), 0) AS disputed\n"
            f"FROM record LEFT JOIN {quoted(every)} AS e ON e.record_table = record.record_table AND e.record_id = record.record_id\n"
            "LEFT JOIN sources AS s ON s.id = e.source\nGROUP BY record.record_table, record.record_id\n)\n"
            "SELECT *, CASE WHEN primary_source THEN 'primary' WHEN sources >= 2 THEN 'corroborated' WHEN sources = 1 THEN 'single source'"
            " ELSE 'none' END AS level FROM counted"
        )
    yield (
        f"CREATE VIEW {quoted(free_name('disputed', taken))} AS\n"
        "SELECT e.record_table, e.record_id, e.field, e.stated, e.quote, e.locator, e.source, s.title AS source_title\n"
        "FROM evidence AS e LEFT JOIN sources AS s ON s.id = e.source WHERE e.stance = 'disputes'"
    )
