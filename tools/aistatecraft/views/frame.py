"""From rows to the data frame of a view: its columns with their types and meanings, and what it has to be told by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aistatecraft.views.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LANGUAGES", "Column", "columns_of", "numbers_of", "shaped", "short_of"]

LANGUAGES = ("en", "zh", "es", "pt", "fr")
"""Languages in which views name things, as far as the tables have a name in them; English stands in where they have none."""


@dataclass(frozen=True)
class Column:
    """A column of a view."""

    name: str
    dtype: str
    meaning: str


def columns_of(*parts: Column | Sequence[Column]) -> tuple[Column, ...]:
    """Columns, given one by one or several at a time, in order."""
    return tuple(column for part in parts for column in ((part,) if isinstance(part, Column) else part))


def shaped(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    *,
    view: str,
    tables: Tables,
    title: str,
    lang: str = "en",
    cited: Sequence[str] = (),
    **told: Any,
) -> pd.DataFrame:
    """The data frame of a view.

    Parameters
    ----------
    rows : values by column name; a column that a row lacks is missing
    columns : the columns, in order
    view, title, lang : what is shown, and in which language
    cited : sources of what is shown, as short citations, the most used first
    told : what else drawing or printing needs; plain values alone

    Returns
    -------
    pandas.DataFrame with a RangeIndex; ``attrs`` hold view, title, lang, cited, version, own (the name of the package, as which our curators code), short (short
    names of the records and actors of the rows by table and identifier, for drawing) and what was `told`
    """
    import pandas as pd

    listed = list(rows)
    frame = pd.DataFrame(
        {column.name: _array([row.get(column.name) for row in listed], column.dtype) for column in columns},
        index=pd.RangeIndex(len(listed)),
    )
    frame.attrs.update(
        view=view,
        title=title,
        lang=lang,
        cited=tuple(cited),
        version=tables.package.version,
        own=str(tables.package.descriptor.get("name")),
        short=_short_names(listed, tables) if lang == "en" else {},
        **told,
    )
    return frame


def _short_names(rows: Sequence[Mapping[str, Any]], tables: Tables) -> dict[str, str]:
    """Short titles and names of the records and actors that rows are about, by "table/identifier"."""
    about = {(row.get("record_table"), row.get("record_id")) for row in rows} | {("actors", row.get("actor")) for row in rows}
    found = {}
    for table, record in about:
        known = tables.find(table, record) if table and record else None
        short = known and (known.get("short_title") or known.get("short_name"))
        if short:
            found[f"{table}/{record}"] = short
    return dict(sorted(found.items()))


def short_of(frame: pd.DataFrame, table: str | None, record: str | None, otherwise: str) -> str:
    """What a drawing calls a record or actor of a frame: its short title or name, else what is given."""
    short: Mapping[str, str] = frame.attrs.get("short", {})
    return short.get(f"{table}/{record}", otherwise)


def _array(values: list[Any], dtype: str) -> Any:
    import pandas as pd

    if dtype == "category":
        order = list(dict.fromkeys(value for value in values if value is not None))
        return pd.Categorical(values, categories=order)
    return pd.Series(values, dtype=dtype).array


def numbers_of(frame: pd.DataFrame) -> list[list[Any]]:
    """Cells of a frame as plain values: None where missing, numbers and booleans as such, days as ISO 8601 texts."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
            return None
        if isinstance(value, pd.Timestamp):
            return value.date().isoformat()
        return value.item() if hasattr(value, "item") else value

    return [[plain(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None)]
