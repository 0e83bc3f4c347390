"""pandera schemas of tables for polars and PySpark frames: fields, constraints, vocabularies and keys. Rules are judged on pandas frames alone.

A constraint judges each distinct value once, by the same test as for pandas, so that all backends refuse the same values.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from aistatecraft.errors import UsageError
from aistatecraft.package import Package
from aistatecraft.package.dataframe import read_frame
from aistatecraft.package.extras import imported
from aistatecraft.package.schema import Constraint, Field, ForeignKey

__all__ = ["polars_schema", "pyspark_schema"]


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


def _holds(column: Field, constraint: Constraint, value: Any) -> bool:
    """Whether one value keeps a constraint; a missing one does."""
    native = value.to_list() if hasattr(value, "to_list") else value
    if native is None:
        return True
    if isinstance(native, bool):
        return constraint.holds("true" if native else "false", native)
    try:
        return constraint.holds(str(native), column.kind.of_frame(native) if isinstance(native, str) else native)
    except ValueError:
        return False


def _keeps(pl: Any, column: Field, constraint: Constraint) -> Callable[[Any], Any]:
    def judged(series: Any) -> Any:
        if series.dtype == pl.List:
            return pl.Series([_holds(column, constraint, value) for value in series.to_list()], dtype=pl.Boolean)
        known = {value: _holds(column, constraint, value) for value in series.unique().to_list()}
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


def pyspark_schema(package: Package, table: str) -> Any:
    """The pandera.pyspark schema of a table; see `aistatecraft.schema`.

    Raises
    ------
    UsageError
        Where PySpark is not installed, pandera's backend for it does not work with the pandas that is, or there is no such table.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        imported("pyspark", "the backend pyspark needs the library pyspark", extra="pyspark")
        try:
            import pandera.pyspark as pa
            from pyspark.sql import types as spark
        except Exception as error:  # PySpark 4 imports names that pandas 3 no longer has
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:150]
            raise UsageError(
                f"pandera's backend for PySpark does not work with this pandas ({reason}); install pandas<3, or validate pl.from_arrow(frame.toArrow()) with backend='polars'."
            ) from None
    schema = package.resource(table).schema
    known = {
        key.fields[0]: _keys(package, key, table) for key in schema.foreign_keys if len(key.fields) == 1 and key.resource not in ("", table)
    }

    def check(rule: str, passes: Callable[[set[Any]], bool]) -> Any:
        # pandera hands the column over only where a check has arguments.
        def judged(column: Any, rule: str) -> bool:
            return passes({row[0] for row in column.dataframe.select(column.column_name).distinct().collect()})

        return pa.Check(judged, name=rule, error=rule, rule=rule)

    def stands_once(column: Any, rule: str) -> bool:
        present = column.dataframe.select(column.column_name).dropna()
        return bool(present.count() == present.distinct().count())

    def column_of(column: Field) -> Any:
        checks = [check(one.rule, partial(_all_hold, column, one)) for one in column.constraints if column.type != "list"]
        if column.name in known:
            checks.append(check("foreign-key", partial(_all_known, known[column.name])))
        if column.unique:
            checks.append(pa.Check(stands_once, name="unique", error="unique", rule="unique"))
        kinds = {"Int64": spark.LongType, "Float64": spark.DoubleType, "boolean": spark.BooleanType, "datetime64[s]": spark.DateType}
        kind = spark.ArrayType(spark.StringType()) if column.type == "list" else kinds.get(column.dtype, spark.StringType)()
        return pa.Column(kind, checks=checks, nullable=not (column.required or column.name in schema.primary_key), title=column.title)

    return pa.DataFrameSchema(
        {column.name: column_of(column) for column in schema.fields}, strict=True, unique=list(schema.primary_key) or None, name=schema.name
    )


def _keys(package: Package, key: ForeignKey, table: str) -> set[str]:
    found = read_frame(package, package.resources[key.resource or table])
    return set(found[key.references[0]].dropna().astype("string"))


def _all_hold(column: Field, constraint: Constraint, values: set[Any]) -> bool:
    return all(_holds(column, constraint, value) for value in values)


def _all_known(known: set[str], values: set[Any]) -> bool:
    return all(value is None or str(value) in known for value in values)
