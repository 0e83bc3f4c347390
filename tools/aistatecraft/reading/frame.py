"""From a table to a pandas DataFrame with the dtypes of its plan. Used by `load` and by the typed layer of validation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import Damaged
from aistatecraft.reading.descriptor import Package, Resource
from aistatecraft.reading.plan import FieldPlan, TablePlan
from aistatecraft.reading.records import clean_records

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
        return pd.array([None if value is None else value if isinstance(value, str) else _text(value) for value in values], dtype="string")
    dtype: Any = column.dtype
    return pd.Series(list(values), dtype=dtype).array


def _text(value: Any) -> str:
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

    plan = resource.plan
    raw = package.store.read(resource.path)
    plain = resource.dialect.delimiter == "," and resource.dialect.quote == '"'
    header = raw[: raw.find(b"\n")].removeprefix(b"\xef\xbb\xbf").strip().decode("utf-8", "replace")
    if not plain or header != ",".join(plan.names) or b"\0" in raw or b"\n\n" in raw:
        # Not in canonical form: the careful reader knows what it is, or says what is wrong.
        columns: list[list[Any]] = [[] for _ in plan.fields]
        for record in clean_records(package, resource):
            for at, text in enumerate(record.cells):
                columns[at].append("" if text is None else text)
        texts = {column.name: pd.Series(columns[at], dtype="object") for at, column in enumerate(plan.fields)}
        frame = pd.DataFrame(texts, columns=list(plan.names))
    else:
        try:
            frame = pd.read_csv(
                io.BytesIO(raw),
                dtype=object,
                keep_default_na=False,
                na_filter=False,
                encoding="utf-8",
                skip_blank_lines=False,
                index_col=False,
            )
        except (ValueError, UnicodeDecodeError) as error:
            list(clean_records(package, resource))  # says where
            raise Damaged(
                f"{resource.path}: the table cannot be read ({str(error).strip()}); run 'aistatecraft validate' to see every problem."
            ) from None
    return pd.DataFrame({column.name: column_of_texts(column, frame[column.name], resource) for column in plan.fields})
