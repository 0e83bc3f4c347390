"""pandera schemas of tables for polars frames: fields, constraints, vocabularies and keys. Rules are judged on pandas frames alone.

A constraint judges each distinct value once, by the same test as for pandas, so that both backends refuse the same values.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aistatecraft.package import Package
from aistatecraft.package.dataframe import read_frame
from aistatecraft.package.extras import imported
from aistatecraft.package.schema import Constraint, Field, ForeignKey

__all__ = ["polars_schema"]


def polars_schema(package: Package, table: str, *, frames: Mapping[str, Any] | None = None) -> Any:
    """The pandera.polars schema of a table; see `aistatecraft.schema`.

    Raises
    ------
    UsageError
        Where polars is not installed, or there is no such table.
    """
    pl = imported("polars", "the backend polars needs the library polars", extra="polars")
    with warnings.catch_warnings():  # notes about libraries that nobody asked for
        warnings.simplefilter("ignore")
        import pandera.polars as pa
    schema = package.resource(table).schema
    checks = [_unique(pa, pl, schema.primary_key, "primary-key")] if schema.primary_key else []
    checks += [_unique(pa, pl, key, "unique-key") for key in schema.unique_keys]
    checks += [_refers(pa, pl, key, table, package, frames or {}) for key in schema.foreign_keys]
    columns = {
        column.name: pa.Column(
            _dtype(pl, column),
            checks=[
                pa.Check(_keeps(pl, column, constraint), name=constraint.rule, error=constraint.rule)
                for constraint in column.constraints
                if constraint.rule != "category"  # the Enum says it
            ]
            + ([_stands_once(pa, pl)] if column.unique else []),
            nullable=not (column.required or column.name in schema.primary_key),
            title=column.title,
            description=column.description,
        )
        for column in schema.fields
    }
    return pa.DataFrameSchema(columns, checks=checks, strict=True, name=schema.name, title=schema.title, description=schema.description)


def _dtype(pl: Any, column: Field) -> Any:
    if column.categories:
        return pl.Enum([category.value for category in column.categories])
    names = {"Int64": pl.Int64, "Float64": pl.Float64, "boolean": pl.Boolean, "datetime64[s]": pl.Date}
    return names.get(column.dtype, pl.List(pl.String) if column.type == "list" else pl.String)


def _keeps(pl: Any, column: Field, constraint: Constraint) -> Callable[[Any], Any]:
    def holds(value: Any) -> bool:
        native = value.to_list() if hasattr(value, "to_list") else value
        if isinstance(native, bool):
            return constraint.holds("true" if native else "false", native)
        try:
            return constraint.holds(str(native), column.kind.of_frame(native) if isinstance(native, str) else native)
        except ValueError:
            return False

    def judged(series: Any) -> Any:
        if series.dtype == pl.List:
            return pl.Series([value is None or holds(value) for value in series.to_list()], dtype=pl.Boolean)
        known = {value: value is None or holds(value) for value in series.unique().to_list()}
        return pl.Series([known[value] for value in series.to_list()], dtype=pl.Boolean)

    def check(data: Any) -> Any:
        return data.lazyframe.select(pl.col(data.key).map_batches(judged, return_dtype=pl.Boolean))

    return check


def _stands_once(pa: Any, pl: Any) -> Any:
    return pa.Check(
        lambda data: data.lazyframe.select(pl.col(data.key).is_first_distinct() | pl.col(data.key).is_null()), name="unique", error="unique"
    )


def _present(pl: Any, names: Sequence[str]) -> Any:
    return pl.all_horizontal(pl.col(name).is_not_null() for name in names)


def _unique(pa: Any, pl: Any, key: Sequence[str], rule: str) -> Any:
    def check(data: Any) -> Any:
        return data.lazyframe.select(pl.struct(key).is_first_distinct() | ~_present(pl, key))

    return pa.Check(check, name=rule, error=rule)


def _refers(pa: Any, pl: Any, key: ForeignKey, table: str, package: Package, frames: Mapping[str, Any]) -> Any:
    target = key.resource or table

    def known(data: Any) -> set[tuple[str, ...]]:
        if target == table:
            there = data.lazyframe.select([pl.col(name).cast(pl.String) for name in key.references]).collect().rows()
        elif target in frames:
            there = [tuple(map(_text, row)) for row in pl.DataFrame(frames[target]).select(key.references).rows()]
        else:
            found = read_frame(package, package.resources[target])
            there = list(zip(*(found[name].astype("string") for name in key.references), strict=True))
        return set(there)

    def check(data: Any) -> Any:
        names = known(data)
        rows = data.lazyframe.select([pl.col(name).cast(pl.String) for name in key.fields]).collect().rows()
        return pl.LazyFrame({"refers": [None in row or row in names for row in rows]})

    return pa.Check(check, name="foreign-key", error="foreign-key")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
