"""Giving the frame of an analysis: printed, or written as CSV, JSON, Parquet, Stata or SPSS."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.output import TableFormat, emit, emit_table

if TYPE_CHECKING:
    import pandas as pd

    from aistatecraft.cli.package import Chosen

__all__ = ["FormatOption", "OutOption", "give"]

FormatOption = Annotated[TableFormat, typer.Option(help="Output format. json has numbers and truth values as such.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Write to this file instead: .csv, .json, .parquet (extra arrow), .dta (Stata) or .sav (SPSS, extra spss)."),
]


def give(frame: pd.DataFrame, chosen: Chosen | None, format: TableFormat, out: Path | None, *, index: bool = False) -> None:
    """Print a frame in a format, or write it into a file in that of its suffix.

    Parameters
    ----------
    frame : the answer
    chosen : the package it is from, which output names; None where that does not matter
    format, out : as the options say
    index : whether the index is a column

    Raises
    ------
    UsageError
        Where the file has another suffix, or pyarrow is missing for Parquet.
    """
    from aistatecraft.cli.package import note, phrase
    from aistatecraft.views.frame import numbers_of
    from aistatecraft.views.readable_frames import texts_of

    if index:
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    if out is None:
        emit_table(names, numbers_of(frame) if format is TableFormat.json else texts_of(frame), format, lambda row: row)
        if chosen is not None:
            note(chosen, format)
        return
    from aistatecraft.package.writing import write_all

    write_all({out: _written(frame, names, out)})
    emit(f"{out}: {len(frame):,} rows{f' from {phrase(chosen)}' if chosen is not None else ''}")


def _written(frame: pd.DataFrame, names: list[str], out: Path) -> bytes:
    from aistatecraft.errors import UsageError
    from aistatecraft.views.frame import numbers_of
    from aistatecraft.views.readable_frames import texts_of

    suffix = out.suffix.lower()
    if suffix == ".csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([names, *texts_of(frame)])
        return text.getvalue().encode()
    if suffix == ".json":
        rows = [dict(zip(names, row, strict=True)) for row in numbers_of(frame)]
        return (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode()
    if suffix == ".parquet":
        from aistatecraft.package.backends import to_arrow
        from aistatecraft.package.extras import library

        pq = library("pyarrow.parquet", format="parquet", extra="arrow")
        buffer = io.BytesIO()
        pq.write_table(to_arrow(frame), buffer)
        return buffer.getvalue()
    if suffix in (".dta", ".sav"):
        from aistatecraft.export.statistics import spss_bytes, stata_bytes

        return stata_bytes(frame) if suffix == ".dta" else spss_bytes(frame)
    raise UsageError(
        f"{out}: the format {suffix or 'without suffix'} is not known; give a name that ends with .csv, .json, .parquet, .dta or .sav."
    )
