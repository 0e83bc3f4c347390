"""pandera schemas made from the compiled Table Schemas: the typed layer of validation, and a check that users can put on frames of their own.

pandera never parses here. It gets typed columns, checks dtypes, constraints and keys, and carries the rules that look
at several columns or tables.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.package.schema import Constraint, Field, TableSchema

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

__all__ = ["import_pandera", "pandera_schema"]


def import_pandera() -> Any:
    """pandera's pandas module, without the notes that it prints about libraries that are not asked for."""
    import os

    os.environ.setdefault("DISABLE_PANDERA_IMPORT_WARNING", "True")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandera.pandas as pa
    return pa


def _dtype(column: Field) -> Any:
    import pandas as pd

    if column.categories:
        return pd.CategoricalDtype([category.value for category in column.categories], ordered=column.ordered)
    return {"Int64": pd.Int64Dtype(), "Float64": pd.Float64Dtype(), "boolean": pd.BooleanDtype(), "string": pd.StringDtype()}.get(
        column.dtype
    )


def _verdict(column: Field, constraint: Constraint, value: Any) -> bool:
    """Whether a value of a frame keeps a constraint. Months, times and numbered categories stand in frames as texts."""
    if isinstance(value, bool):
        return constraint.holds("true" if value else "false", value)
    if not isinstance(value, str):
        return constraint.holds(str(value), value)
    try:
        return constraint.holds(value, column.kind.of_frame(value))
    except ValueError:
        return False


def _holds(column: Field, constraint: Constraint) -> Callable[[pd.Series], pd.Series]:
    """The constraint as a test on a whole column: each distinct value is judged once."""
    import pandas as pd

    def check(series: pd.Series) -> pd.Series:
        verdict: dict[Any, bool] = {}
        out: list[bool] = []
        for value in series:
            if value is None or (column.dtype != "object" and pd.isna(value)):
                out.append(True)
                continue
            native = value.date() if isinstance(value, pd.Timestamp) else value
            key = column.kind.identity(native) if column.dtype == "object" else native
            if key not in verdict:
                verdict[key] = _verdict(column, constraint, native)
            out.append(verdict[key])
        return pd.Series(out, index=series.index)

    return check


def _stands_once(series: pd.Series) -> pd.Series:
    """Whether a value stands once, or is missing: two missing values are not the same (pandera's `unique` takes them for it)."""
    return ~series.duplicated() | series.isna()


def _is_date(series: pd.Series) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_datetime64_any_dtype(series))


def _column(column: Field, key: bool, pa: Any) -> Any:
    checks = [
        pa.Check(_holds(column, constraint), error=constraint.rule, name=constraint.rule)
        for constraint in column.constraints
        if constraint.rule != "category"  # the categorical dtype says it
    ]
    if column.unique:
        checks.append(pa.Check(_stands_once, error="unique", name="unique"))
    if column.kind.spreadsheet == "date" and not column.categories:
        checks.append(pa.Check(_is_date, error="type", name="type"))
    return pa.Column(
        _dtype(column), checks=checks, nullable=not (column.required or key),
        coerce=False, title=column.title, description=column.description, name=column.name,
    )  # fmt: skip


def pandera_schema(schema: TableSchema, checks: Sequence[Any] = ()) -> DataFrameSchema:
    """The pandera schema of a table.

    Parameters
    ----------
    schema : the compiled Table Schema
    checks : further pandera checks on the whole frame

    Returns
    -------
    pandera.DataFrameSchema
        Strict: exactly the fields of the schema, with the dtypes that `load` gives.
    """
    pa = import_pandera()
    made: DataFrameSchema = pa.DataFrameSchema(
        {column.name: _column(column, column.name in schema.primary_key, pa) for column in schema.fields},
        checks=list(checks),
        strict=True,
        ordered=False,
        unique=list(schema.primary_key) or None,
        report_duplicates="exclude_first",
        name=schema.name,
        title=schema.title,
        description=schema.description,
    )
    return made
