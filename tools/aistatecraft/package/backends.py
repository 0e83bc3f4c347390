"""Data frames of tables as polars frames, Arrow tables and DuckDB relations, with the types of the Parquet files of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aistatecraft.package.extras import imported
from aistatecraft.package.schema import Field, TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["to_arrow", "to_backend"]

_EXTRAS = {"BooleanDtype": "bool_", "Int64Dtype": "int64", "Float64Dtype": "float64", "StringDtype": "string"}
"""Arrow types of columns that are not in the schema, such as labels, by the class of their dtype."""


def _array(pa: Any, series: pd.Series, column: Field | None) -> Any:
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        codes = pa.array([None if code < 0 else int(code) for code in series.cat.codes], pa.int32())
        values = pa.array([str(value) for value in series.cat.categories], pa.string())
        return pa.DictionaryArray.from_arrays(codes, values, ordered=bool(series.cat.ordered))
    if series.dtype.kind == "M":
        return pa.array([None if pd.isna(day) else day.date() for day in series.astype(object)], pa.date32())
    if column is not None and series.dtype == "object":
        kind = column.kind
        return pa.array([kind.export(value) if isinstance(value, (list, dict)) else None for value in series], kind.arrow_type(pa))
    values = [None if value is pd.NA else value for value in series.astype(object)]
    made = column.kind.arrow_type(pa) if column is not None else getattr(pa, _EXTRAS.get(type(series.dtype).__name__, "string"))()
    return pa.array(values, made)


def to_arrow(frame: pd.DataFrame, schema: TableSchema | None = None) -> Any:
    """A pyarrow.Table of a frame: of a table, also with further columns, or of an analysis. What ``attrs`` say in words is metadata of its schema.

    Raises
    ------
    UsageError
        Where pyarrow is not installed.
    """
    pa = imported("pyarrow", "this needs the library pyarrow", extra="arrow")
    by_name = schema.by_name if schema is not None else {}
    arrays = [_array(pa, frame[name], by_name.get(str(name))) for name in frame.columns]
    fields = [pa.field(str(name), array.type) for name, array in zip(frame.columns, arrays, strict=True)]
    told = {key: value for key, value in frame.attrs.items() if isinstance(value, str)}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=told or None))


def to_backend(frame: pd.DataFrame, schema: TableSchema, backend: str) -> Any:
    """A frame of a table as ``polars``, ``arrow`` or ``duckdb`` has it.

    Raises
    ------
    UsageError
        Where the library is not installed.
    """
    needed = f"the backend {backend} needs the library"
    library: Any = imported(backend, f"{needed} {backend}", extra=backend) if backend != "arrow" else None
    imported("pyarrow", f"{needed} pyarrow", extra=backend)
    table = to_arrow(frame, schema)
    if backend == "arrow":
        return table
    if backend == "duckdb":
        return library.connect().from_arrow(table)
    closed = {name: frame[name].cat.categories.tolist() for name in frame.columns if hasattr(frame[name], "cat")}
    made = library.from_arrow(table)
    return made.with_columns(**{name: library.col(name).cast(library.String).cast(library.Enum(values)) for name, values in closed.items()})
