"""Tables as pandas DataFrames, and what is known about them: fields, sources, how well each record is supported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.codebook import field_rows
from aistatecraft.package.installed import renamed_since
from aistatecraft.package.lookup import identifiers_of, record_of, records_of, resolve
from aistatecraft.package.statements import EVIDENCE, Statement, statements
from aistatecraft.package.summary import NO_SUPPORT, count_support
from aistatecraft.releases.resolve import package_at

if TYPE_CHECKING:
    import pandas as pd

    from aistatecraft.comparison.changes import ChangeSet
    from aistatecraft.package.descriptor import Package
    from aistatecraft.package.search import Found

__all__ = ["codebook", "describe", "diff", "find", "load", "missing", "schema", "sources_of", "support", "tables"]

BACKENDS = ("pandas", "polars", "arrow", "duckdb")
"""What `load` can make of a table."""


def tables(*, path: str | Path | None = None, version: str | None = None) -> list[str]:
    """Names of the tables, in the order of the descriptor."""
    return list(package_at(path, version).resources)


@overload
def load(
    table: str,
    *,
    labels: bool | Literal["short"] = False,
    lang: str = "en",
    dates: Literal["text", "bounds"] = "text",
    backend: Literal["pandas"] = "pandas",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame: ...


@overload
def load(
    table: str,
    *,
    labels: bool | Literal["short"] = False,
    lang: str = "en",
    dates: Literal["text", "bounds"] = "text",
    backend: Literal["polars", "arrow", "duckdb"],
    path: str | Path | None = None,
    version: str | None = None,
) -> Any: ...


def load(
    table: str,
    *,
    labels: bool | Literal["short"] = False,
    lang: str = "en",
    dates: Literal["text", "bounds"] = "text",
    backend: Literal["pandas", "polars", "arrow", "duckdb"] = "pandas",
    path: str | Path | None = None,
    version: str | None = None,
) -> Any:
    """Load a table.

    Parameters
    ----------
    table : str
        Name of the table, such as ``"strategies"``.
    labels : bool or "short"
        Whether to add what things are called after each identifier and category: ``actor`` gets ``actor_name``, ``declaration``
        ``declaration_title``, ``record_id`` ``record_label``, ``role`` ``role_label`` (all string). With ``"short"`` short titles and names
        are taken where the tables have them. The views ``TABLE_labelled`` of the SQLite file have the same columns.
    lang : str
        Language of names and titles: en, zh, es, pt or fr; English where a record has none in it. Labels of vocabularies are English.
    dates : "text" or "bounds"
        With ``"bounds"``, three columns after each date of mixed precision: ``_earliest`` and ``_latest`` (datetime64[s], both inclusive) and
        ``_year`` (Int64; missing where the date covers several years).
    backend : str
        ``"pandas"``; or ``"polars"`` (a polars.DataFrame; vocabularies are Enum), ``"arrow"`` (a pyarrow.Table; vocabularies are dictionaries) or
        ``"duckdb"`` (a relation in a database of its own in memory; vocabularies are text), each with the types of the Parquet files of a
        release. They need the extra of the same name.
    path : str, Path or None
        A package to load from (directory, datapackage.json, zip archive). Where it is None that of this installation, wherever the
        program was started: unlike the command line, functions do not look at the current directory.
    version : str or None
        A released version, such as ``"0.1.0"`` or ``"v0.1.0"``; ``"latest"`` is the highest.

    Returns
    -------
    pandas.DataFrame (or as `backend` says), one row a record, columns in the order of the schema, RangeIndex
        dtypes: string; Int64 (whole numbers and years); Float64; boolean; category (closed vocabularies, with all their
        values); datetime64[s] (full dates); object (lists, JSON and points). Dates of mixed precision stay strings: see `bounds`. Missing is ``pd.NA``
        (``NaT`` for dates; pandas itself shows ``NaN`` for a single cell of a category); why a value is missing is told by `missing`. ``attrs`` hold table, title and version,
        and for an earlier version ``renamed``: fields that this version calls otherwise, name there -> name here.

    Raises
    ------
    UsageError
        Where there is no such table, version, language or backend, or the library of the backend is missing.
    ReadError, DataError
        Where a file cannot be read, or a cell has no value of its type.
    """
    from aistatecraft.package.dataframe import read_frame

    for value, choices, what in (
        (dates, ("text", "bounds"), "dates"),
        (backend, BACKENDS, "backend"),
        (labels, (False, True, "short"), "labels"),
    ):
        if value not in choices:
            raise UsageError(f"{what}={value!r} is not possible; {nearest(value, [str(choice) for choice in choices])}")

    package = package_at(path, version)
    resource = package.resource(table)
    frame = read_frame(package, resource)
    frame.attrs.update(table=table, title=resource.schema.title, version=package.version)
    renamed = renamed_since(resource)
    if renamed:
        frame.attrs["renamed"] = renamed
    if labels:
        from aistatecraft.package.labels import with_labels

        frame = with_labels(frame, package, resource, lang, short=labels == "short")
    if dates == "bounds":
        from aistatecraft.package.dataframe import with_bounds

        frame = with_bounds(frame, resource.schema)
    if backend != "pandas":
        from aistatecraft.package.backends import to_backend

        return to_backend(frame, resource.schema, backend)
    return frame


def missing(table: str, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """Cells that are missing for a stated reason: the value does not apply, or is known not to exist.

    A blank cell means that the value is not known, and is not listed.

    Returns
    -------
    pandas.DataFrame, shape (n, 3): ``record`` (string), ``field`` (string), ``reason`` (category)
    """
    import pandas as pd

    from aistatecraft.package.csv_reader import clean_records

    package = package_at(path, version)
    resource = package.resource(table)
    schema = resource.schema
    # A field may have missing values of its own, which then replace those of the table.
    own = sorted({text for column in schema.fields for text in column.missing if text} - set(schema.missing_values))
    labels = {text: label for column in schema.fields for text, label in column.missing_labels.items()}
    reasons = list(dict.fromkeys(labels.get(text, text) for text in [*schema.missing_values, *own] if text))
    found = [
        (resource.identifier(record.cells), column.name, labels.get(text, text))
        for record in clean_records(package, resource)
        for column, text in zip(schema.fields, record.cells, strict=True)
        if text and text in column.missing
    ]
    frame = pd.DataFrame(found, columns=["record", "field", "reason"], dtype="string")
    return frame.assign(reason=pd.Categorical(frame["reason"], categories=reasons))


def _codebook_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows)
    texts = [name for name in frame.columns if name not in ("key", "required")]
    return frame.astype(dict.fromkeys(texts, "string") | {"key": "boolean", "required": "boolean"})


def codebook(table: str | None = None, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """The codebook: one row a field, of one table or of all.

    Returns
    -------
    pandas.DataFrame, shape (number of fields, 11)
        table, field, title, type, dtype, key, required, references, description, values, example; all string but
        ``key`` and ``required``, which are boolean.
    """
    package = package_at(path, version)
    schemas = [package.resource(table).schema] if table is not None else [resource.schema for resource in package.resources.values()]
    return _codebook_frame([row for schema in schemas for row in field_rows(schema)])


def describe(table: str, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """What a table holds: its fields and how far they are filled.

    Returns
    -------
    pandas.DataFrame, index ``field``
        title, dtype, key, required, references, ``filled`` (Float64, share of rows with a value, 0 to 1), ``distinct``
        (Int64, number of different values), description, values, example. ``attrs`` hold table, title, description,
        rows and primary_key.
    """
    import pandas as pd

    package = package_at(path, version)
    schema = package.resource(table).schema
    frame = load(table, path=path, version=version)
    out = _codebook_frame(field_rows(schema)).drop(columns=["table", "type"]).set_index("field")
    filled = (frame.notna().mean() if len(frame) else frame.notna().sum()).astype("Float64")
    values = {
        name: column.map(schema.by_name[str(name)].kind.identity, na_action="ignore") if column.dtype == "object" else column
        for name, column in frame.items()
    }
    out.insert(5, "filled", filled.reindex(out.index))
    out.insert(6, "distinct", pd.Series({name: column.nunique() for name, column in values.items()}, dtype="Int64").reindex(out.index))
    out.attrs.update(table=table, title=schema.title, description=schema.description, rows=len(frame), primary_key=list(schema.primary_key))
    return out


def schema(
    table: str,
    *,
    path: str | Path | None = None,
    version: str | None = None,
    coerce: bool = False,
    frames: Mapping[str, Any] | None = None,
    today: dt.date | None = None,
    backend: Literal["pandas", "polars", "pyspark"] = "pandas",
) -> Any:
    """The pandera schema of a table, to validate frames of your own: ``schema("strategies").validate(frame, lazy=True)``.

    It refuses what `validate` refuses of the values of a table: dtypes, required values, constraints, closed vocabularies, the
    primary key, unique and foreign keys, and in this dataset every rule of docs/rules.md that judges the table. A failure case
    names the constraint or rule (``check``), the field (``column``), the row (``index``; missing where it is the table as a whole)
    and, for rules, reason and hint. Rules that are warnings warn (``pandera.errors.SchemaWarning``). Rules are not judged in
    cells that break a constraint, nor while a column is missing or has another dtype.

    Not checked is what a frame no longer shows: encoding, quoting and line ends of the file, how a number or date was written, and
    what is looked for in texts (white space, look-alike letters, traces of spreadsheets). Of the suppressions of the package
    those of rules are honoured.

    A frame stands for its whole table. Rows taken out break the rules that compare it with the last release (``rows-lost``,
    ``identifier-lost``) and with other tables.

    Parameters
    ----------
    table, path, version
        As for `load`.
    coerce : bool
        Whether to convert columns first, for frames that ``pandas.read_csv`` or another program made. Texts (object, str) become string,
        category, dates or truth values as cells of the table would; whole numbers Int64, also from float64; other numbers Float64;
        datetime64 of any unit datetime64[s]. Nothing is rounded, cut or made missing: a column with a value that has no place in
        its field is left as it is, and is then refused by its dtype. Numbers in a field for text become their digits, but for
        codes whose form shows that leading zeros may be lost (``076`` read as 76).
    frames : mapping of table to pandas.DataFrame, or None
        Frames that replace other tables. Those are otherwise read from the package when a rule first asks for them, and kept.
    today : datetime.date or None
        The day against which dates are judged; the current day where it is None.
    backend : "pandas", "polars" or "pyspark"
        With ``"polars"`` a ``pandera.polars.DataFrameSchema`` for frames as ``load(table, backend="polars")`` gives them. It checks dtypes, required
        values, constraints, vocabularies and keys, and no rules; `coerce` and `today` are not for it. Collect lazy frames first: of those
        pandera checks names and dtypes alone.

        With ``"pyspark"`` a ``pandera.pyspark.DataFrameSchema`` for the Parquet files of a release read by Spark. What it finds stands in
        ``frame.pandera.errors`` of the frame that ``validate`` returns. It checks the same, but no unique keys and foreign keys of several
        fields, and no constraints of lists; it says which column fails, and not which row. pandera's backend works with pandas 2 only: with
        pandas 3, validate ``pl.from_arrow(frame.toArrow())`` with ``"polars"``.

    Returns
    -------
    pandera.pandas.DataFrameSchema, or that of pandera.polars or pandera.pyspark

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Its `validate` gives the frame back (converted, where `coerce` is true). Without `lazy`, columns of wrong dtypes are all
        named in one sentence. It cannot be written as YAML, JSON or a script, which would lose most of it: `UsageError`.

    Raises
    ------
    UsageError
        Where there is no such table or version, or a frame of `frames` does not fit its schema.
    """
    package = package_at(path, version)
    package.resource(table)
    if backend != "pandas":
        from aistatecraft.validation.frame_backends import polars_schema, pyspark_schema

        if backend not in ("polars", "pyspark"):
            raise UsageError(f"backend={backend!r} is not possible; there are: pandas, polars, pyspark.")
        if coerce or today is not None or (frames and backend == "pyspark"):
            raise UsageError(f"coerce and today are for backend='pandas', frames for pandas and polars; leave them out with {backend}.")
        return polars_schema(package, table, frames=frames) if backend == "polars" else pyspark_schema(package, table)
    from aistatecraft.validation.pandera_schemas import context_of, frame_schema, rules_of

    context = context_of(package, table, today=today or dt.date.today(), frames=frames or {})
    return frame_schema(context, rules=rules_of(package), coerce=coerce)


def sources_of(table: str, id: str, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """The sources behind a record, with what each states.

    Parameters
    ----------
    table : str
        Table of the record.
    id : str
        Its identifier, or a name that no other record has; where the key has several fields, their values joined by a slash.

    Returns
    -------
    pandas.DataFrame, one row a statement of a source: a row of `evidence`, or what the record's own row states
        field (``*``: the record as a whole), stance (category), stated, quote, locator, source, then kind, title, publisher,
        published, url, doi and accessed of the source. The coder of a coding stands with field ``coder``, and the source
        of a code, which is that of its scheme, with field ``source``.

    Raises
    ------
    UsageError
        Where there is no such table or record.
    """
    import pandas as pd

    package = package_at(path, version)
    id = resolve(package, table, id)
    record = record_of(package, table, id)
    schema = package.resource(table).schema
    found = [one for one in statements(package, table) if one.record_id == id]
    named = [
        key.fields[0] for key in schema.foreign_keys if key.resource == "sources" and not (schema.names_source and "source" in key.fields)
    ]
    if table == "codes":
        scheme = record_of(package, "schemes", record["scheme"])
        record, named = {**record, "source": scheme.get("source", "")}, ["source"]
    found += [Statement(table, id, name, record[name], record.get("locator", "")) for name in named if record.get(name)]
    columns = ["field", "stance", "stated", "quote", "locator", "source"]
    rows = pd.DataFrame([[getattr(one, name) or None for name in columns] for one in found], columns=columns, dtype=object)
    books = load("sources", path=path, version=version)[["id", "kind", "title", "publisher", "published", "url", "doi", "accessed"]]
    out = rows.astype(dict.fromkeys(rows.columns, "string")).merge(books.rename(columns={"id": "source"}), on="source", how="left")
    return out.assign(stance=out["stance"].astype(_stances(package))).sort_values(["field", "stance", "source"], ignore_index=True)


def _stances(package: Package) -> Any:
    """The dtype of stances: their vocabulary, or string where the package has none."""
    import pandas as pd

    field = package.resources[EVIDENCE].schema.by_name.get("stance") if EVIDENCE in package.resources else None
    known = [category.value for category in field.categories] if field is not None else []
    return pd.CategoricalDtype(known) if known else "string"


def support(table: str | None = None, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """How well each record is supported. Computed from `evidence` (the rows with the stance supports) and from the sources that rows name
    themselves, not entered by hand.

    Parameters
    ----------
    table : str or None
        One table; all tables whose rows need evidence where it is None.

    Returns
    -------
    pandas.DataFrame, one row a record
        table, record (string); ``sources`` (Int64, different sources that support it), ``primary`` (boolean, whether a
        primary source, or a reference work such as a standard or register, is among them), ``disputed`` (boolean, whether
        a source disputes one of its values; statements that are outdated, of another measure, variants or omissions do not), ``level`` (category: none < single source < corroborated < primary;
        corroborated means two sources or more).
    """
    import pandas as pd

    package = package_at(path, version)
    names = [table] if table is not None else [name for name, resource in package.resources.items() if resource.schema.evidence_required]
    counted = count_support(package)
    primary = {name for name, values in records_of(package, package.resource("sources")) if values.get("kind") in ("primary", "reference")}
    rows = []
    for name in names:
        for identifier in identifiers_of(package, package.resource(name)):
            found = counted.get((name, identifier), NO_SUPPORT)
            rests = not primary.isdisjoint(found.sources)
            level = "primary" if rests else "corroborated" if len(found.sources) > 1 else "single source" if found.sources else "none"
            rows.append((name, identifier, len(found.sources), rests, found.disputed, level))
    out = pd.DataFrame(rows, columns=["table", "record", "sources", "primary", "disputed", "level"])
    levels = pd.CategoricalDtype(["none", "single source", "corroborated", "primary"], ordered=True)
    return out.astype(
        {"table": "string", "record": "string", "sources": "Int64", "primary": "boolean", "disputed": "boolean", "level": levels}
    )


def find(text: str, *, table: str | None = None, path: str | Path | None = None, version: str | None = None) -> list[Found]:
    """Records whose identifier, name, title, label or official number holds a text.

    Parameters
    ----------
    text : str
        What to look for, in any language: ``"人工智能行动计划"``, ``"estratégia"``, ``"EO 14179"``. Capitals, accents and the
        width of characters make no difference; several words may stand in any order.
    table : str or None
        Only in this table.
    path, version : as for `load`

    Returns
    -------
    list of Found
        Whole matches first, then those at the beginning of a name, then the others; one for each record.

    Raises
    ------
    UsageError
        Where there is no such table or version, or nothing to look for.
    """
    from aistatecraft.package.search import find_in

    return find_in(package_at(path, version), text, table)


def diff(old: str | Path, new: str | Path | None = None) -> ChangeSet:
    """What changed from one package to another.

    Parameters
    ----------
    old, new : str or Path
        A directory, datapackage.json, zip archive, CSV file, released version (``"0.1.0"``), or revision of the git
        repository of the current directory (``"HEAD~3"``, a tag); `new` is the package of this installation where it is
        None.

    Returns
    -------
    ChangeSet
        Falsy where nothing changed. The order of rows, of columns and of tables is no change.

    Raises
    ------
    ReadError, DataError, UsageError
        Where one of the two cannot be read.
    """
    from aistatecraft.releases.resolve import named_pair

    return named_pair(old, "installed" if new is None else new).compared()
