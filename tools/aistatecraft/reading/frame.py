"""From a table to a pandas DataFrame with the dtypes of its plan. Used by `load` and by the typed layer of validation."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import Damaged
from aistatecraft.reading.descriptor import Package, Resource
from aistatecraft.reading.plan import FieldPlan, TablePlan
from aistatecraft.reading.records import clean_records, csv_reader

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["column_of_texts", "column_of_values", "frame_of_values", "read_frame"]


def column_of_values(column: FieldPlan, values: Sequence[Any]) -> Any:
    """A pandas array of the field's dtype from typed values, None where missing."""
    import pandas as pd

    if column.categories:
        order = [category.value for category in column.categories]
        texts = [None if value is None else ("true" if value is True else "false" if value is False else str(value)) for value in values]
        return pd.Categorical(texts, categories=order, ordered=column.ordered)
    if column.dtype == "datetime64[s]":
        return pd.array(pd.Series(list(values), dtype="datetime64[s]"))
    if column.dtype == "object":
        return pd.Series(list(values), dtype="object").array
    if column.dtype == "string":
        return pd.array(
            [None if value is None else value if isinstance(value, str) else text_of(value) for value in values], dtype="string"
        )
    dtype: Any = column.dtype
    return pd.Series(list(values), dtype=dtype).array


def text_of(value: Any) -> str:
    """A date, time or month as ISO 8601 has it."""
    return f"{value[0]:04d}-{value[1]:02d}" if isinstance(value, tuple) else value.isoformat()


def frame_of_values(plan: TablePlan, values: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """DataFrame of a table from typed values, column by column in schema order; index 0..n-1 is the record number."""
    import pandas as pd

    return pd.DataFrame({column.name: column_of_values(column, values[at]) for at, column in enumerate(plan.fields)})


def column_of_texts(column: FieldPlan, texts: pd.Series, resource: Resource) -> Any:
    """Typed column from the texts of its cells, each distinct text parsed once; `Damaged` where one has no value."""
    import pandas as pd

    parsed: dict[str, Any] = {}
    for text in texts.unique():
        if text in column.missing:
            parsed[text] = None
            continue
        try:
            parsed[text] = column.parse(text)
        except ValueError as error:
            raise Damaged(f"{resource.path}: {column.name} {text!r} {error}; run 'aistatecraft validate' to see every problem.") from None
        if column.categories and text not in {category.value for category in column.categories}:
            raise Damaged(
                f"{resource.path}: {column.name} {text!r} is not in its vocabulary; run 'aistatecraft validate' to see every problem."
            )
    if len(parsed) * 2 > len(texts):
        return column_of_values(column, [parsed[text] for text in texts])
    codes, distinct = pd.factorize(texts)
    return column_of_values(column, [parsed[text] for text in distinct]).take(codes)


def read_frame(package: Package, resource: Resource) -> pd.DataFrame:
    """DataFrame of a table: dtypes of its plan, columns in schema order, rows in the order of the file.

    Raises
    ------
    Unreadable
        Where the file is missing or not to be read.
    Damaged
        Where a cell has no value of its type, or the text is not that of a table.
    """
    import pandas as pd

    columns = _plain_columns(package.store.read(resource.path), resource)
    if columns is None:  # Not in canonical form: the careful reader knows what it is, or says what is wrong.
        columns = [[] for _ in resource.plan.fields]
        for record in clean_records(package, resource):
            for column, text in zip(columns, record.cells, strict=True):
                column.append("" if text is None else text)
    typed = {
        column.name: column_of_texts(column, pd.Series(texts, dtype="object"), resource)
        for column, texts in zip(resource.plan.fields, columns, strict=True)
    }
    return pd.DataFrame(typed)


def _plain_columns(raw: bytes, resource: Resource) -> list[list[str]] | None:
    """Texts of a table in canonical form, column by column; None where it is not in that form and must be read with care.

    By the csv module, which is strict about quotes and gives each row as it is; pandas' reader fills rows that are too
    short, cuts the first where it is too long, and ends rows at a lone carriage return.
    """
    if b"\r" in raw or b"\0" in raw:
        return None
    width = len(resource.plan.names)
    columns: list[list[str]] = [[] for _ in range(width)]
    lines = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline="\n")
    rows = csv_reader(lines, resource.dialect.delimiter, resource.dialect.quote)
    try:
        if next(rows, []) != list(resource.plan.names):
            return None
        # Chunks below the threshold of the garbage collector (700 lists), which would else go through all rows again and again.
        while chunk := list(islice(rows, 500)):
            if any(len(row) != width for row in chunk):
                return None
            for column, texts in zip(columns, zip(*chunk, strict=True), strict=True):
                column.extend(texts)
    except (csv.Error, UnicodeDecodeError):
        return None
    return columns
