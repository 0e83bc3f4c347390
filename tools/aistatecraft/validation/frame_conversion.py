"""Frames of users with the dtypes of a schema: which columns differ, and conversion without loss."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from aistatecraft.package.dataframe import category_dtype, column_of_values
from aistatecraft.package.schema import Field, TableSchema

__all__ = ["converted", "dtype_of", "has_dtype", "with_own_categories", "wrong_dtypes"]

_NAMED = {"Int64": pd.Int64Dtype(), "Float64": pd.Float64Dtype(), "boolean": pd.BooleanDtype(), "string": pd.StringDtype()}


def dtype_of(column: Field) -> Any:
    """The dtype that a column must have; None for full dates, where `has_dtype` says which are right, and for objects such as lists."""
    if column.categories:
        return category_dtype(column)
    return _NAMED.get(column.dtype)


def has_dtype(column: Field, series: pd.Series) -> bool:
    """Whether a column of a frame has the dtype of its field; for full dates `datetime64` of any unit, without time zone."""
    if column.dtype == "datetime64[s]":
        return pd.api.types.is_datetime64_dtype(series)
    if column.categories:
        return _same_vocabulary(column, series.dtype)
    return bool(series.dtype == (dtype_of(column) or column.dtype))


def _same_vocabulary(column: Field, dtype: Any) -> bool:
    """Whether a dtype has the values of the field, in its order where that counts, as texts of whatever dtype: ``CategoricalDtype(["a", "b"])`` will do."""
    if not isinstance(dtype, pd.CategoricalDtype) or dtype.categories is None or bool(dtype.ordered) != column.ordered:
        return False
    wanted, found = [category.value for category in column.categories], list(dtype.categories)
    return found == wanted if column.ordered else len(found) == len(wanted) and set(found) == set(wanted)


def with_own_categories(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """The frame with the dtypes of the schema for columns that have the same vocabulary in another dtype of text; pandera tells these apart."""
    if not frame.columns.is_unique:
        return frame
    others = {
        column.name: frame[column.name].astype(dtype_of(column))
        for column in schema.fields
        if column.categories
        and column.name in frame.columns
        and frame[column.name].dtype != dtype_of(column)
        and _same_vocabulary(column, frame[column.name].dtype)
    }
    return frame.assign(**others) if others else frame


def wrong_dtypes(frame: pd.DataFrame, schema: TableSchema, *, after_conversion: bool = False) -> str:
    """One sentence that names the columns with another dtype than the schema has; empty where there are none.

    `after_conversion` says that `converted` left them so: then reading the file again is the only way.
    """
    if not frame.columns.is_unique:
        return ""  # which pandera reports
    wrong = [column for column in schema.fields if column.name in frame.columns and not has_dtype(column, frame[column.name])]
    if not wrong:
        return ""
    found = [f"{column.name} is {_named(frame[column.name].dtype)}, not {_wanted(column)}" for column in wrong]
    if after_conversion:
        texts = ", ".join(f"{column.name!r}: 'string'" for column in wrong)
        return f"{schema.name}: {'; '.join(found)}, and cannot be converted without loss. Read the file with dtype={{{texts}}}, or correct the values."
    return f"{schema.name}: {'; '.join(found)}. Read the columns with these dtypes, or use schema({schema.name!r}, coerce=True)."


def _named(dtype: Any) -> str:
    return "category with other values" if isinstance(dtype, pd.CategoricalDtype) else str(dtype)


def _wanted(column: Field) -> str:
    return "category with the values of the schema" if column.categories else column.dtype


def converted(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """The frame with the dtypes of a schema, as far as that loses nothing.

    Texts are read as cells of the table are, and the values that stand for missing ones become missing. A column stays as it is where a
    value is none of its type or vocabulary, or where a text may have lost something before: numbers in a field for text become digits
    only if these keep the constraints of the field (076, read as 76, does not).
    """
    columns = {
        column.name: _converted(column, frame[column.name])
        for column in schema.fields
        if frame.columns.is_unique
        and column.name in frame.columns
        and (column.dtype == "object" or not has_dtype(column, frame[column.name]))  # objects may still be texts
    }
    return frame.assign(**columns)


def _converted(column: Field, series: pd.Series) -> pd.Series:
    try:
        known = {value: _value(column, value) for value in series.dropna().unique()}
    except (TypeError, ValueError):  # TypeError: a list or another value that cannot be told apart
        return series
    values = [None if value is None else known[value] for value in series.astype(object).where(series.notna(), None)]
    if column.categories and not {category.value for category in column.categories}.issuperset(
        str(value) for value in values if value is not None
    ):
        return series
    return pd.Series(column_of_values(column, values), index=series.index)


def _value(column: Field, value: Any) -> Any:
    """A value of a frame as one of the field; `ValueError` where it is none."""
    if isinstance(value, str):
        return None if value in column.missing else column.parse(value)
    if isinstance(value, dt.datetime) and column.type == "date":
        if value.tzinfo is not None or value.time() != dt.time():
            raise ValueError("is more than a day")
        return value.date()
    if isinstance(value, dt.date):
        return column.parse(value.isoformat())
    if pd.api.types.is_bool(value):
        if column.type != "boolean":
            raise ValueError("is a boolean")
        return bool(value)
    if column.type in ("boolean", "date") or not pd.api.types.is_number(value):
        raise ValueError("is not a value of the field")
    number: Any = value
    text = str(int(number)) if float(number).is_integer() else str(float(number))
    made = column.parse(text)
    if column.type == "string" and not all(constraint.holds(text, made) for constraint in column.constraints):
        raise ValueError("may have lost leading zeros")
    return made
