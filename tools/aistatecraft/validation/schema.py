"""pandera schemas compiled from the plans: the typed layer of validation, and a check that users can put on frames of their own.

pandera never parses here. It gets typed columns, checks dtypes, constraints and keys, and carries the rules that look
at several columns or tables.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.reading.plan import FieldPlan, TablePlan

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


def _dtype(column: FieldPlan) -> Any:
    import pandas as pd

    if column.categories:
        return pd.CategoricalDtype([category.value for category in column.categories], ordered=column.ordered)
    return {"Int64": pd.Int64Dtype(), "Float64": pd.Float64Dtype(), "boolean": pd.BooleanDtype(), "string": pd.StringDtype()}.get(
        column.dtype
    )


def _text(column: FieldPlan, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _holds(column: FieldPlan, constraint: Any) -> Any:
    """The constraint as a test on a whole column: each distinct value is judged once."""
    import pandas as pd

    def check(series: pd.Series) -> pd.Series:
        native = [value.date() if isinstance(value, pd.Timestamp) else value for value in series]
        verdict: dict[Any, bool] = {}
        out: list[bool] = []
        for value in native:
            if value is None or (not isinstance(value, list) and pd.isna(value)):
                out.append(True)
                continue
            key = tuple(value) if isinstance(value, list) else value
            if key not in verdict:
                verdict[key] = bool(constraint.holds(_text(column, value), value))
            out.append(verdict[key])
        return pd.Series(out, index=series.index)

    return check


def _is_date(series: pd.Series) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_datetime64_any_dtype(series))


def _column(column: FieldPlan, key: bool, pa: Any) -> Any:
    checks = [
        pa.Check(_holds(column, constraint), error=constraint.rule, name=constraint.rule)
        for constraint in column.constraints
        if constraint.rule != "category"  # the categorical dtype says it
    ]
    if column.dtype == "datetime64[s]":
        checks.append(pa.Check(_is_date, error="type", name="type"))
    return pa.Column(
        _dtype(column), checks=checks, nullable=not (column.required or key), unique=column.unique, report_duplicates="exclude_first",
        coerce=False, title=column.title, description=column.description, name=column.name,
    )  # fmt: skip


def pandera_schema(plan: TablePlan, checks: Sequence[Any] = ()) -> DataFrameSchema:
    """The pandera schema of a table.

    Parameters
    ----------
    plan : the compiled Table Schema
    checks : further pandera checks on the whole frame

    Returns
    -------
    pandera.DataFrameSchema
        Strict: exactly the fields of the schema, with the dtypes that `load` gives.
    """
    pa = import_pandera()
    made: DataFrameSchema = pa.DataFrameSchema(
        {column.name: _column(column, column.name in plan.primary_key, pa) for column in plan.fields},
        checks=list(checks),
        strict=True,
        ordered=False,
        unique=list(plan.primary_key) or None,
        report_duplicates="exclude_first",
        name=plan.name,
        title=plan.title,
        description=plan.description,
    )
    return made
