"""What records and categories are called beside their identifiers: one definition for `load(labels=True)` and the views of the database.

It is made from the structure alone. A field gets a label where it refers to records that have a name, a title or a label, or where its
vocabulary has labels. The column of the label stands after the field and is called after both: ``actor`` -> ``actor_name``,
``declaration`` -> ``declaration_title``, ``record_id`` -> ``record_label``, ``role`` -> ``role_label``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.descriptor import Package, Resource
from aistatecraft.package.lookup import records_of
from aistatecraft.package.schema import ForeignKey, TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LABELS", "LANGUAGES", "Label", "free_name", "label_fields", "labels_of", "record_references", "with_labels"]

LANGUAGES = ("en", "zh", "es", "pt", "fr")
"""Languages in which things have names, as far as the tables have them; English stands in where they have none."""
LABELS = ("title_en", "name_en", "label_en", "title", "name", "label", "statement", "description")
"""Fields that say in words which record it is, the best first."""
_STEMS = ("title", "name", "label")


def free_name(name: str, taken: set[str], before: str = "_") -> str:
    """`name`, with as many underscores before it as it takes to differ from all of `taken`, whose names are in lower case.

    Other words than an underscore can be put `before` it.

    The name is then taken, too.
    """
    while name.lower() in taken:
        name = f"{before}{name}"
    taken.add(name.lower())
    return name


def record_references(schema: TableSchema) -> list[tuple[str, str]]:
    """Pairs of fields that together name a record of any table: the table, and the identifier in it."""
    stems = [name.removesuffix("_table") for name in schema.names if name.endswith("_table")]
    return [(f"{stem}_table", f"{stem}_id") for stem in stems if f"{stem}_id" in schema.by_name]


def label_fields(schema: TableSchema, lang: str = "en", *, short: bool = False) -> list[str]:
    """The fields that say what a record of a table is called in a language, the best first; no part of the key is one."""
    wanted = [f"short_{stem}" for stem in _STEMS] if short else []
    wanted += [f"{stem}_{lang}" for stem in _STEMS if lang != "en"]
    return [name for name in (*wanted, *LABELS) if name in schema.by_name and name not in schema.primary_key]


@dataclass(frozen=True, slots=True)
class Label:
    """A column of labels.

    Attributes
    ----------
    field : the field after which it stands
    column : its name
    key : the foreign key that leads to the records; None for the two other kinds
    table : the field with the table of the record, where a record of any table is meant; None for the other kinds. Where both are
        None, the labels are those of the vocabulary.
    """

    field: str
    column: str
    key: ForeignKey | None = None
    table: str | None = None


def _stem(schema: TableSchema) -> str:
    best = label_fields(schema)[0]
    return next((stem for stem in _STEMS if best.removesuffix("_en") == stem), "label")


def labels_of(package: Package, schema: TableSchema, *, records: bool = True) -> list[Label]:
    """The labels of a table, at most one a field. Without `records`, none for records of any table."""
    found: dict[str, tuple[str, ForeignKey | None, str | None]] = {}
    for key in schema.foreign_keys:
        target = package.resources[key.resource or schema.name].schema
        if key.references == target.primary_key and label_fields(target):
            found.setdefault(key.fields[-1], (_stem(target), key, None))
    for table, record in record_references(schema) if records else []:
        found.setdefault(record, ("label", None, table))
    for column in schema.fields:
        if any(category.label != category.value for category in column.categories):
            found.setdefault(column.name, ("label", None, None))
    taken = {name.lower() for name in schema.names}
    return [
        Label(name, free_name(f"{name.removesuffix('_id')}_{found[name][0]}", taken), *found[name][1:])
        for name in schema.names
        if name in found
    ]


def with_labels(frame: pd.DataFrame, package: Package, resource: Resource, lang: str = "en", *, short: bool = False) -> pd.DataFrame:
    """The frame of a table with a column of labels (string) after each field that has one.

    Parameters
    ----------
    frame : as `read_frame` gives it
    package, resource : the table
    lang : language of names and titles; where there is none in it, the English one. Labels of vocabularies are English.
    short : whether the short title or name is taken where there is one

    Raises
    ------
    UsageError
        Where there is no such language.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"{lang!r} is not a language of the tables; {nearest(lang, list(LANGUAGES))}")
    known: dict[str, dict[str, str]] = {}

    def of(table: str) -> dict[str, str]:
        """Labels of the records of a table by identifier."""
        if table not in known:
            known[table] = dict(_called(package, package.resources[table], lang, short)) if table in package.resources else {}
        return known[table]

    labels = {label.field: label for label in labels_of(package, resource.schema)}
    columns: dict[str, Any] = {}
    for name in frame.columns:
        columns[name] = frame[name]
        if name in labels:
            columns[labels[name].column] = _values(frame, resource.schema, labels[name], of)
    return _assembled(columns, frame)


def _assembled(columns: dict[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    made = pd.DataFrame(columns, index=frame.index)
    made.attrs.update(frame.attrs)
    return made


def _called(package: Package, resource: Resource, lang: str, short: bool) -> Iterator[tuple[str, str]]:
    fields = label_fields(resource.schema, lang, short=short)
    for identifier, values in records_of(package, resource):
        own = next((values.get(f"{stem}_original") for stem in _STEMS if f"{stem}_original" in values), None)
        # A title in the language of the document serves where that language is asked for.
        names = [own if values.get("language") == lang and lang != "en" else None, *(values.get(field) for field in fields)]
        name = next((name for name in names if name), None)
        if name is not None:
            yield identifier, name


def _values(frame: pd.DataFrame, schema: TableSchema, label: Label, of: Any) -> pd.Series:
    import pandas as pd

    if label.table is not None:
        pairs = zip(frame[label.table].astype(object), frame[label.field].astype(object), strict=True)
        found = [of(str(table)).get(record) if pd.notna(table) and pd.notna(record) else None for table, record in pairs]
    elif label.key is not None:
        names = of(label.key.resource or schema.name)
        parts = [frame[name].astype("string").astype(object) for name in label.key.fields]
        found = [names.get("/".join(key)) if not any(pd.isna(part) for part in key) else None for key in zip(*parts, strict=True)]
    else:
        words = {category.value: category.label for category in schema.by_name[label.field].categories}
        found = [words.get(value) for value in frame[label.field].astype(object)]
    return pd.Series(found, index=frame.index, dtype="string")
