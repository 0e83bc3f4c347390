"""Parquet: one folder a table with one file in it, in one archive; every file says what its fields mean and which release it is.

A folder a table is what Spark, Hive, Trino and pyarrow take for a table; and there is nothing else in the archive, because they
stumble over other files and pass over what begins with an underscore or a dot.

The types are projections of the schema: string, int64, double, bool, date32, list; closed vocabularies are dictionaries
with all their values, in the order of the schema. What is missing for a stated reason is null, and listed in a further file.
The files are the same to the byte where the same version of pyarrow writes them, which is named in each of them.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

from aistatecraft.citations.metadata import About, about
from aistatecraft.citations.styles import Style
from aistatecraft.export.stored_zip import stored_zip
from aistatecraft.export.typed_columns import TypedColumns, read_values, refuse_alike
from aistatecraft.package import Field, Package, Resource
from aistatecraft.package.extras import library
from aistatecraft.package.labels import free_name

__all__ = ["build", "table_paths"]

_ROWS = 1024 * 1024
"""Rows of a group: the whole table, unless it is very long."""


def build(package: Package, *, version: str, released: str) -> bytes:
    """A zip archive with one Parquet file a table, and one of the reasons why cells are missing.

    Raises
    ------
    UsageError
        Where pyarrow is not installed.
    RefusedError
        Where two tables would be written to one file.
    """
    pa = library("pyarrow", format="parquet", extra="arrow")
    refuse_alike(package.resources, where=package.descriptor_path, what="tables", format="an archive")
    release = about(package, version, released)
    paths = table_paths(package)
    entries: dict[str, bytes] = {}
    reasons: list[tuple[str, str, str, str]] = []
    for name, resource in package.resources.items():
        values = read_values(package, resource)
        entries[paths[name]] = _written(_table(pa, package, resource, values, release))
        reasons += [(name, cell.record, cell.field, cell.reason) for cell in values.missing]
    entries[paths[""]] = _written(_reasons(pa, reasons, release))
    return stored_zip(dict(sorted(entries.items())))


def table_paths(package: Package) -> dict[str, str]:
    """Path of the file of each table in the archive, by the name of the table; under "" that of the table of the missing cells."""
    # Any text is a name of a table, but not of a file.
    safe = {name: re.sub(r'[%/\\:*?"<>|]', lambda sign: f"%{ord(sign[0]):02X}", name) for name in package.resources}
    plain = {name.lower() for name in safe.values() if name[:1] not in "_."}
    folders = {name: file if file[:1] not in "_." else free_name(f"table{file}", plain, "x") for name, file in safe.items()}
    folders[""] = free_name("missing", plain, "x")
    return {name: f"{folder}/{folder}.parquet" for name, folder in folders.items()}


def _written(table: Any) -> bytes:
    pq = library("pyarrow.parquet", format="parquet", extra="arrow")
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=_ROWS, compression="snappy", version="2.6", data_page_version="1.0", store_schema=True)
    return out.getvalue()


def _column(pa: Any, column: Field, values: list[Any]) -> Any:
    if column.categories:
        places = {category.value: place for place, category in enumerate(column.categories)}
        indices = pa.array([None if value is None else places[str(value)] for value in values], pa.int32())
        return pa.DictionaryArray.from_arrays(
            indices, pa.array([category.value for category in column.categories], pa.string()), ordered=column.ordered
        )
    return pa.array(values, column.kind.arrow_type(pa))


def _table(pa: Any, package: Package, resource: Resource, values: TypedColumns, release: About) -> Any:
    schema = resource.schema
    arrays = [_column(pa, column, values.columns[at]) for at, column in enumerate(schema.fields)]
    fields = [pa.field(column.name, array.type, metadata=_of_field(column)) for column, array in zip(schema.fields, arrays, strict=True)]
    keys = [
        {"fields": list(key.fields), "reference": {"table": key.resource or schema.name, "fields": list(key.references)}}
        for key in schema.foreign_keys
    ]
    described = {
        **_of_release(release), "table": schema.name, "table_title": schema.title, "table_description": schema.description,
        "primary_key": json.dumps(list(schema.primary_key), ensure_ascii=False), "foreign_keys": json.dumps(keys, ensure_ascii=False),
    }  # fmt: skip
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=_filled(described)))


def _of_release(release: About) -> dict[str, str]:
    return {
        "package": release.name, "title": release.title, "version": release.version, "released": release.released,
        "licence": release.licence_text, "citation": release.cited(Style.apa),
    }  # fmt: skip


def _of_field(column: Field) -> dict[str, str]:
    labels = [{"value": category.value, "label": category.label} for category in column.categories]
    return _filled(
        {
            "title": column.title, "description": column.description, "type": column.type,
            "constraints": json.dumps(dict(column.limits), ensure_ascii=False) if column.limits else "",
            "categories": json.dumps(labels, ensure_ascii=False) if labels else "",
        }
    )  # fmt: skip


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _reasons(pa: Any, reasons: list[tuple[str, str, str, str]], release: About) -> Any:
    names = ("table", "record", "field", "reason")
    arrays = [pa.array([row[at] for row in reasons], pa.string()) for at in range(len(names))]
    fields = [pa.field(name, pa.string()) for name in names]
    described = {
        **_of_release(release),
        "table_description": "Cells that are missing for a stated reason; all other missing values are not known.",
    }
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=_filled(described)))
