"""Data frames as files of Stata and SPSS: numbers as numbers, with system missing values; texts as texts.

Truth values are 0 and 1. A missing text is an empty one, which both programs take for missing. Names of columns that the programs do
not take are changed, and stand in the label of the variable as they were.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.package.extras import imported

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["spss_bytes", "stata_bytes"]

_LONGEST = 32
"""Characters of the name of a variable in Stata; SPSS takes 64."""
_RESERVED = frozenset(
    [
        "byte",
        "int",
        "long",
        "float",
        "double",
        "if",
        "in",
        "using",
        "with",
        "strl",
        "_n",
        "_all",
        "_b",
        "_cons",
        "_pi",
        "_rc",
        "_skip",
        "_coef",
        "all",
        "and",
        "by",
        "eq",
        "ge",
        "gt",
        "le",
        "lt",
        "ne",
        "not",
        "or",
        "to",
    ]
)
_LABEL = 80
_SAV_TIME = 92
"""Offset of the time of writing in the header of a file of SPSS."""


def _plain(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """The frame with dtypes that both programs have and names that both take, and the label of each variable."""
    import pandas as pd

    columns: dict[str, Any] = {}
    labels: dict[str, str] = {}
    for given in frame.columns:
        series = frame[given]
        name = re.sub(r"[^A-Za-z0-9_]", "_", str(given))[:_LONGEST] or "v"
        name = f"v_{name}"[:_LONGEST] if not name[0].isalpha() or name.lower() in _RESERVED else name
        number = 1
        while name.lower() in (known.lower() for known in columns):
            number += 1
            name = f"{name[: _LONGEST - len(str(number)) - 1]}_{number}"
        if pd.api.types.is_datetime64_any_dtype(series):
            columns[name] = series.astype("datetime64[ns]")
        elif pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
            columns[name] = series.astype("Float64").astype(float)
        else:
            columns[name] = pd.Series(
                ["" if value is None or value is pd.NA or value != value else str(value) for value in series.astype(object)],
                index=series.index,
                dtype=object,
            )
        labels[name] = str(given)[:_LABEL]
    return pd.DataFrame(columns, index=frame.index), labels


def stata_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as a file of Stata 14 or later (format 118); the same bytes for the same frame."""
    plain, labels = _plain(frame)
    dates: Any = {name: "td" for name in plain.columns if plain[name].dtype.kind == "M"}
    long = [name for name in plain.columns if plain[name].dtype == object and plain[name].str.len().max() > 2_000]
    buffer = io.BytesIO()
    plain.to_stata(
        buffer, write_index=False, version=118, variable_labels=labels, convert_dates=dates or None, convert_strl=long or None,
        time_stamp=dt.datetime(1980, 1, 1), data_label=str(frame.attrs.get("version", ""))[:_LABEL] or None,
    )  # fmt: skip
    return buffer.getvalue()


def spss_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as a file of SPSS (.sav); the same bytes for the same frame, with the same version of pyreadstat.

    Raises
    ------
    UsageError
        Where pyreadstat is not installed.
    """
    library = imported("pyreadstat", "a file of SPSS needs the library pyreadstat", extra="spss")
    plain, labels = _plain(frame)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.sav"
        library.write_sav(plain, str(path), column_labels=labels)
        data = path.read_bytes()
    # The header has the time of writing: a day (9 characters) and a time of day (8).
    return data[:_SAV_TIME] + b"01 Jan 8000:00:00" + data[_SAV_TIME + 17 :]
