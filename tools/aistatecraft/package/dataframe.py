"""From a table to a pandas DataFrame with the dtypes of its schema. Used by `load` and by the typed layer of validation."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import DataError
from aistatecraft.package.csv_reader import clean_records
from aistatecraft.package.descriptor import Dialect, Package, Resource
from aistatecraft.package.schema import Field, TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["category_dtype", "column_of_texts", "column_of_values", "frame_of_values", "in_plain_shape", "read_frame", "with_bounds"]


def category_dtype(column: Field) -> pd.CategoricalDtype:
    """The dtype of a closed vocabulary: its values in the order of the schema, of dtype string, so that lists of the column hold ``pd.NA``."""
    import pandas as pd

    values = pd.Index([category.value for category in column.categories], dtype="string")
    return pd.CategoricalDtype(values, ordered=column.ordered)


def column_of_values(column: Field, values: Sequence[Any]) -> Any:
    """A pandas array of the field's dtype from typed values, None where missing."""
    import pandas as pd

    if column.categories:
        texts = [None if value is None else column.kind.text(value) for value in values]
        return pd.Categorical(texts, dtype=category_dtype(column))
    return column.kind.column(values)


def frame_of_values(schema: TableSchema, values: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """DataFrame of a table from typed values, column by column in schema order; index 0..n-1 is the record number."""
    import pandas as pd

    return pd.DataFrame({column.name: column_of_values(column, values[at]) for at, column in enumerate(schema.fields)})


def column_of_texts(column: Field, texts: pd.Series, resource: Resource) -> Any:
    """Typed column from the texts of its cells, each distinct text parsed once; `DataError` where one has no value."""
    import pandas as pd

    parsed: dict[str, Any] = {}
    for text in texts.unique():
        if text in column.missing:
            parsed[text] = None
            continue
        try:
            # Formats of texts such as uri are for `validate` to judge, like constraints.
            parsed[text] = text if column.kind.textual else column.parse(text)
        except ValueError as error:
            raise DataError(f"{resource.path}: {column.name} {text!r} {error}; run 'aistatecraft validate' to see every problem.") from None
        if column.categories and text not in {category.value for category in column.categories}:
            raise DataError(
                f"{resource.path}: {column.name} {text!r} is not in its vocabulary; run 'aistatecraft validate' to see every problem."
            )
    if len(parsed) * 2 > len(texts):
        return column_of_values(column, [parsed[text] for text in texts])
    codes, distinct = pd.factorize(texts)
    return column_of_values(column, [parsed[text] for text in distinct]).take(codes)


def read_frame(package: Package, resource: Resource) -> pd.DataFrame:
    """DataFrame of a table: dtypes of its schema, columns in schema order, rows in the order of the file.

    Raises
    ------
    ReadError
        Where the file is missing or not to be read.
    DataError
        Where a cell has no value of its type, or the text is not that of a table.
    """
    frame = _read_fast(package.store.read(resource.path), resource)
    return frame if frame is not None else _read_carefully(package, resource)


def with_bounds(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """The frame of a table with the bounds and the year of each date of mixed precision after its column; see `aistatecraft.load`.

    Raises
    ------
    DataError
        Where a value is no such date.
    """
    import pandas as pd

    from aistatecraft.package.edtf import bounds

    columns: dict[str, Any] = {}
    for name in frame.columns:
        columns[name] = frame[name]
        if name in schema.by_name and schema.by_name[name].partial_date:
            try:
                found = bounds(frame[name])
            except ValueError as error:
                raise DataError(f"{schema.name}: {name}: {error}; run 'aistatecraft validate' to see every problem.") from None
            columns[f"{name}_earliest"], columns[f"{name}_latest"] = found["earliest"], found["latest"]
            year = found["earliest"].dt.year.astype("Int64")
            columns[f"{name}_year"] = year.where(found["earliest"].dt.year == found["latest"].dt.year)
    made = pd.DataFrame(columns, index=frame.index)
    made.attrs.update(frame.attrs)
    return made


def _read_carefully(package: Package, resource: Resource) -> pd.DataFrame:
    """The table record by record: for files not in canonical form, and to say what is wrong with one that cannot be read."""
    import pandas as pd

    schema = resource.schema
    columns: list[list[str]] = [[] for _ in schema.fields]
    for record in clean_records(package, resource):
        for at, text in enumerate(record.cells):
            columns[at].append("" if text is None else text)
    texts = {column.name: pd.Series(columns[at], dtype="object") for at, column in enumerate(schema.fields)}
    return pd.DataFrame({column.name: column_of_texts(column, texts[column.name], resource) for column in schema.fields})


def _read_fast(raw: bytes, resource: Resource) -> pd.DataFrame | None:
    """The table by pandas' own reader; None where the file is not in canonical form, or a cell has no value of its type."""
    import pandas as pd

    schema = resource.schema
    if not in_plain_shape(raw, schema.names, resource.dialect):
        return None
    # pandas takes 1.0, 1e3 and 9223372036854775808 for whole numbers and nan and Infinity for numbers, so it types texts alone.
    left = {
        column.name for column in schema.fields if not (column.categories or column.kind.textual) or any(map(_is_number, column.missing))
    }
    closed = {column.name: category_dtype(column) for column in schema.fields if column.categories and column.name not in left}
    dtypes: dict[str, Any] = {column.name: closed.get(column.name, "string") for column in schema.fields}
    missing = {column.name: sorted(column.missing) for column in schema.fields if column.name not in left}

    def read(dtype: Any, **options: Any) -> pd.DataFrame:
        made: pd.DataFrame = pd.read_csv(
            io.BytesIO(raw), dtype=dtype, keep_default_na=False, encoding="utf-8", skip_blank_lines=False, low_memory=False, **options
        )
        return made

    try:
        with warnings.catch_warnings(action="ignore"):  # of an unknown category, which the next lines look for
            frame = read(dtypes, na_values=missing)
        # pandas makes an unknown category a missing value: where some are missing, look whether they were written so.
        unsure = [name for name in closed if frame[name].hasnans]
        if unsure:
            texts = read("string", usecols=unsure, na_filter=False)
            if any(not set(texts.loc[frame[name].isna().to_numpy(), name]) <= schema.by_name[name].missing for name in unsure):
                return None
    except (ValueError, UnicodeDecodeError):  # pandas' ParserError is a ValueError
        return None
    for column in schema.fields:
        if column.name in left:
            frame[column.name] = column_of_texts(column, frame[column.name].astype("object"), resource)
    return frame


def _is_number(text: str) -> bool:
    # Where -99 is missing, pandas takes -99.0 for missing, too.
    try:
        float(text)
    except ValueError:
        return False
    return True


_ALL_BUT_SEPARATORS = bytes(set(range(256)) - set(b",\n"))


def in_plain_shape(raw: bytes, names: Sequence[str], dialect: Dialect) -> bool:
    """Whether a table has exactly the columns `names`, LF line ends, no NUL, and in every row as many cells as columns.

    Every quote opens or closes a cell, or is doubled within one. Fast readers fill rows that are too short, cut the first
    where it is too long, and bear quotes inside cells; of a text in plain shape all readers give the same cells.
    """
    header = raw[: raw.find(b"\n")].decode("utf-8", "replace")
    plain = dialect.delimiter == "," and dialect.quote == '"' and header == ",".join(names)
    if not plain or len(names) < 2 or raw[-1:] != b"\n" or b"\r" in raw or b"\0" in raw:
        return False
    pieces = raw.split(b'"')  # by turns outside and inside of quotes; a doubled quote has an empty piece between
    outside = pieces[::2]
    before, after = {piece[-1:] for piece in outside[:-1]}, {piece[:1] for piece in outside[1:]}
    if len(pieces) % 2 == 0 or not (before | after) <= {b",", b"\n", b""}:
        return False
    skeleton = b"".join(outside).translate(None, _ALL_BUT_SEPARATORS)
    return skeleton == (b"," * (len(names) - 1) + b"\n") * skeleton.count(b"\n")
