"""Tables as pandas DataFrames, and what is known about them: fields, sources, how well each record is supported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aistatecraft.package.codebook import field_rows
from aistatecraft.package.installed import renamed_since
from aistatecraft.package.lookup import identifiers_of, record_of, records_of, resolve
from aistatecraft.package.summary import NO_SUPPORT, count_support
from aistatecraft.releases.resolve import package_at

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

    from aistatecraft.comparison.changes import ChangeSet
    from aistatecraft.package.search import Found

__all__ = ["codebook", "describe", "diff", "find", "load", "missing", "schema", "sources_of", "support", "tables"]


def tables(*, path: str | Path | None = None, version: str | None = None) -> list[str]:
    """Names of the tables, in the order of the descriptor."""
    return list(package_at(path, version).resources)


def load(table: str, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """Load a table.

    Parameters
    ----------
    table : str
        Name of the table, such as ``"strategies"``.
    path : str, Path or None
        A package to load from (directory, datapackage.json, zip archive). Where it is None that of this installation, wherever the
        program was started: unlike the command line, functions do not look at the current directory.
    version : str or None
        A released version, such as ``"0.1.0"``.

    Returns
    -------
    pandas.DataFrame, one row a record, columns in the order of the schema, RangeIndex
        dtypes: string; Int64 (whole numbers and years); Float64; boolean; category (closed vocabularies, with all their
        values); datetime64[s] (full dates); object (lists, JSON and points). Dates of mixed precision stay strings: see `bounds`. Missing is ``pd.NA``
        (``NaT`` for dates); why a value is missing is told by `missing`. ``attrs`` hold table, title and version,
        and for an earlier version ``renamed``: fields that this version calls otherwise, name there -> name here.

    Raises
    ------
    UsageError
        Where there is no such table or version.
    ReadError, DataError
        Where a file cannot be read, or a cell has no value of its type.
    """
    from aistatecraft.package.dataframe import read_frame

    package = package_at(path, version)
    resource = package.resource(table)
    frame = read_frame(package, resource)
    frame.attrs.update(table=table, title=resource.schema.title, version=package.version)
    renamed = renamed_since(resource)
    if renamed:
        frame.attrs["renamed"] = renamed
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
    frames: Mapping[str, pd.DataFrame] | None = None,
    today: dt.date | None = None,
) -> pa.DataFrameSchema:
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
    from aistatecraft.validation.pandera_schemas import context_of, frame_schema, rules_of

    package = package_at(path, version)
    package.resource(table)
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
    pandas.DataFrame, one row a piece of evidence
        field (``*``: the record as a whole), stance (category), stated, quote, locator, source, then kind, title, publisher,
        published, url, doi and accessed of the source. For tables that name their source themselves (claims, codes,
        codings, coverage, schemes) that source stands with field ``source`` or ``coder``.

    Raises
    ------
    UsageError
        Where there is no such table or record.
    """
    import pandas as pd

    package = package_at(path, version)
    id = resolve(package, table, id)
    record = record_of(package, table, id)
    evidence = load("evidence", path=path, version=version)
    own = evidence[((evidence["record_table"] == table) & (evidence["record_id"] == id)).fillna(False).to_numpy(dtype=bool)]
    rows = own[["field", "stance", "stated", "quote", "locator", "source"]]
    named = [key.fields[0] for key in package.resource(table).schema.foreign_keys if key.resource == "sources"]
    if table == "codes":
        scheme = record_of(package, "schemes", record["scheme"])
        record, named = {**record, "source": scheme.get("source", "")}, ["source"]
    extra = [
        {"field": name, "stance": "supports", "locator": record.get("locator"), "source": record[name]}
        for name in named
        if record.get(name)
    ]
    if extra:
        rows = pd.concat([rows.astype(object), pd.DataFrame(extra, columns=rows.columns, dtype=object)], ignore_index=True)
    books = load("sources", path=path, version=version)[["id", "kind", "title", "publisher", "published", "url", "doi", "accessed"]]
    out = rows.astype(dict.fromkeys(rows.columns, "string")).merge(books.rename(columns={"id": "source"}), on="source", how="left")
    return out.assign(stance=out["stance"].astype(evidence["stance"].dtype)).sort_values(["field", "stance", "source"], ignore_index=True)


def support(table: str | None = None, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """How well each record is supported. Computed from `evidence` (the rows with the stance supports), never typed in.

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
