"""`aistatecraft identify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aistatecraft.cli.analysis_output import FormatOption, OutOption, give
from aistatecraft.cli.options import NoPagerOption, PathOption, VersionOption
from aistatecraft.cli.output import TableFormat

if TYPE_CHECKING:
    import pandas as pd

SHORT = "Add identifiers and codes to a file that has names of states."
EXAMPLES = """\b
Examples:
  aistatecraft identify trade.csv --column country --out coded.csv
  aistatecraft identify trade.csv --column country --to cow --to iso3 --out coded.parquet
  aistatecraft identify old.csv --column ccode --scheme cow --to name
"""


def command(
    file: Annotated[Path, typer.Argument(help="A table: CSV (separated by commas, semicolons or tabs), or Parquet.")],
    column: Annotated[str, typer.Option(help="The column that has the names or codes.")],
    to: Annotated[
        list[str] | None,
        typer.Option(help="Add a column of these codes or names: iso3, iso2, m49, cow, gw, vdem, name, name_zh ... Repeatable."),
    ] = None,
    scheme: Annotated[str | None, typer.Option(help="The code scheme of the column: iso3, iso2, m49, cow, gw or vdem.")] = None,
    kind: Annotated[str, typer.Option(help="Kind of actor: state (with territories), company, ..., or any.")] = "state",
    format: FormatOption = TableFormat.csv,
    out: OutOption = None,
    path: PathOption = None,
    version: VersionOption = None,
    no_pager: NoPagerOption = False,
) -> None:
    """Give the rows of a file with the actors that a column means: actor_id, actor_name, match, and candidates and proposals where it is not clear.

    What was not matched is said on standard error. Similar spellings are proposed, never taken.
    """
    from aistatecraft.analysis.names import convert
    from aistatecraft.analysis.names import identify as identified
    from aistatecraft.cli.output import aside
    from aistatecraft.cli.package import choose
    from aistatecraft.errors import UsageError, nearest
    from aistatecraft.package.labels import free_name

    chosen = choose(path, version)
    frame = _read(file)
    if column not in frame.columns:
        raise UsageError(f"{file}: there is no column {column!r}; {nearest(column, [str(name) for name in frame.columns])}")
    kinds = None if kind == "any" else kind
    found = identified(frame[column], kind=kinds, scheme=scheme, path=chosen.place)
    names = {"id": "actor_id", "name": "actor_name", "match": "match", "candidates": "candidates", "proposals": "proposals"}
    taken = {str(name).lower() for name in frame.columns}
    for code in to or []:
        frame[free_name(code, taken)] = convert(frame[column], code, kind=kinds, scheme=scheme, unmatched="ignore", path=chosen.place)
    for name, wanted in names.items():
        frame[free_name(wanted, taken)] = found[name]
    give(frame, None, format, out)
    left = {what: found.attrs[what] for what in ("unmatched", "ambiguous") if found.attrs[what]}
    for what, values in left.items():
        more = f" and {len(values) - 10} more" if len(values) > 10 else ""
        aside(f"aistatecraft: {what}: {', '.join(map(repr, values[:10]))}{more}.")


def _read(file: Path) -> pd.DataFrame:
    """The table in a file, every cell as text; Parquet with its types."""
    import csv
    import io

    import pandas as pd

    from aistatecraft.errors import ReadError

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ReadError(f"{file}: {error.strerror or error}; give a table that can be read.") from None
    if file.suffix.lower() == ".parquet":
        from aistatecraft.package.extras import library

        pq = library("pyarrow.parquet", format="parquet", extra="arrow")
        try:
            return pd.DataFrame(pq.read_table(io.BytesIO(raw)).to_pandas())
        except Exception as error:  # pyarrow has errors of its own for each fault
            raise ReadError(f"{file}: this is not a Parquet file ({' '.join(str(error).split())[:100]}); give another.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8).") from None
    if "\0" in text or not text.strip():
        raise ReadError(f"{file}: this is not a table of text; give a CSV or Parquet file.")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise ReadError(f"{file}: {error}; save it as CSV again.") from None
    for number, row in enumerate(rows, 2):
        if row and len(row) != len(header):
            raise ReadError(f"{file}: record {number} has {len(row)} cells, the header has {len(header)}; put cells that hold {delimiter!r} between quotes.")  # fmt: skip
    if len(set(header)) != len(header):
        again = next(name for name in header if header.count(name) > 1)
        raise ReadError(f"{file}: the column {again!r} stands twice; rename one of them.")
    cells = [[cell or None for cell in row] for row in rows if row]
    return pd.DataFrame(cells, columns=header, dtype="string")
