"""A compiled Table Schema: what every check, dtype, codebook and export of a table is derived from.

The JSON files in ``schemas/`` are the only place where structure is written. The standard allows properties of one's own, and
they are ignored; a constraint that is not known is refused by name, for a constraint that is silently ignored is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aistatecraft.errors import ReadError
from aistatecraft.package import edtf
from aistatecraft.package.field_types import FIELD_TYPES, FieldType, StringType
from aistatecraft.package.json_schema import json_schema_test
from aistatecraft.package.matching import form_of

__all__ = ["CONSTRAINTS", "FORMERLY", "STATES", "Category", "Constraint", "Field", "ForeignKey", "TableSchema", "compile_schema"]

CONSTRAINTS = {
    "required", "unique", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "jsonSchema",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Category:
    """One value of a closed vocabulary, with its label."""

    value: str
    label: str
    formerly: str = ""
    """What it, or a wider value that was split, was called in earlier versions, where the schema states it."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A test that a value of a field must pass: rule identifier, test on (text, value), and words for the message."""

    rule: str
    holds: Callable[[str, Any], bool]
    expected: str
    all_fit: Callable[[Sequence[str]], bool] | None = None
    """For a pattern: whether all of some texts have its form, which costs less than to ask for each."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Fields of this table that must stand together in fields of `resource` (the table itself where it is empty)."""

    fields: tuple[str, ...]
    resource: str
    references: tuple[str, ...]


FORMERLY = "aistatecraft:formerly"
"""Property of a field, a category or a schema that states its name, or that of its table, in earlier versions.

Several categories can state the same one: it was split.
"""
STATES = "aistatecraft:states"
"""Property of a table whose rows name their source: the field whose value `stated` gives. Without it, `stated` is about the record as a whole."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table."""

    name: str
    kind: FieldType
    """Its type: what is decided by type is asked of it."""
    title: str
    description: str
    example: Any
    required: bool
    unique: bool
    missing: frozenset[str]
    missing_labels: Mapping[str, str]
    """What texts that stand for no value mean, where the schema says it."""
    parse: Callable[[str], Any]
    """`kind.parse`."""
    constraints: tuple[Constraint, ...]
    categories: tuple[Category, ...]
    ordered: bool
    partial_date: bool
    limits: Mapping[str, Any]
    """The constraints as the schema writes them, for codebook and exports."""
    formerly: str = ""
    """Name of the field in earlier versions, where the schema states one."""

    @property
    def type(self) -> str:
        """Name of its type."""
        return self.kind.name

    @property
    def format(self) -> str:
        """Format of its type."""
        return self.kind.format

    @property
    def dtype(self) -> str:
        """pandas dtype of the column that `load` gives."""
        return "category" if self.categories else self.kind.dtype


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its fields in order and its keys."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    missing_values: tuple[str, ...]
    evidence_required: bool
    stated_field: str = "*"
    """Where rows name their source: the field that their own statement is about; ``*`` for the record as a whole."""
    formerly: str = ""
    """Name of the table in earlier versions, where the schema states one."""
    by_name: Mapping[str, Field] = field(repr=False, compare=False, default_factory=dict)

    @property
    def names_source(self) -> bool:
        """Whether a row says itself which source supports it, and where: a foreign key `source` to sources, and `locator`.

        A row of `evidence` has both, too, but supports another record, not itself.
        """
        refers = any(key.fields == ("source",) and key.resource == "sources" for key in self.foreign_keys)
        return refers and "locator" in self.by_name and self.name != "evidence"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(column.name for column in self.fields)


def _names(value: Any, where: str, what: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ReadError(f"{where}: {what} must be the name of a field or a list of names, not {value!r}.")
    return tuple(names)


def _missing_values(value: Any, where: str) -> dict[str, str]:
    """Texts that stand for no value, with their labels; a text without a label is its own."""
    found: dict[str, str] = {}
    for entry in value if isinstance(value, list) else [None]:
        text = entry.get("value") if isinstance(entry, Mapping) else entry
        label = entry.get("label", text) if isinstance(entry, Mapping) else text
        if not isinstance(text, str) or not isinstance(label, str):
            raise ReadError(f"{where}: missingValues must be a list of texts, or of values with labels, not {value!r}.")
        found[text] = label
    return found


def _limit(kind: FieldType, name: str, value: Any, where: str) -> Any:
    """A bound, enum entry or category of a schema as a value of the field's type."""
    try:
        return kind.literal(value)
    except TypeError:
        raise ReadError(f"{where}: the constraint {name} is {value!r}; it must be a value of type {kind.name}.") from None
    except ValueError as error:
        raise ReadError(f"{where}: the constraint {name} is {value!r}, which {error}; it must be a value of type {kind.name}.") from None


def _constraints(found: Mapping[str, Any], kind: FieldType, where: str, what: str) -> tuple[Constraint, ...]:
    # Names with a colon belong to whoever prefixed them; the standard leaves them free.
    odd = sorted(name for name in found if name not in CONSTRAINTS and ":" not in name)
    if odd:
        raise ReadError(
            f"{where}: the constraint {', '.join(map(repr, odd))} is unknown to this validator, which ignores none; remove it, or give it a prefix and a colon."
        )
    made: list[Constraint] = []
    for name in ("required", "unique"):
        if not isinstance(found.get(name, False), bool):
            raise ReadError(f"{where}: the constraint {name} must be true or false, not {found[name]!r}.")
    if "enum" in found:
        if not isinstance(found["enum"], list) or not found["enum"]:
            raise ReadError(f"{where}: the constraint enum must be a list of values.")
        allowed = [_limit(kind, "enum", value, where) for value in found["enum"]]
        made.append(Constraint("enum", lambda _text, value: value in allowed, "one of " + ", ".join(map(str, found["enum"]))))
    if "pattern" in found:
        if not kind.textual:
            raise ReadError(f"{where}: the constraint pattern is for texts, not for the type {kind.name}.")
        try:
            form = form_of(found["pattern"])
        except (re.error, TypeError, OverflowError, RecursionError) as error:
            raise ReadError(f"{where}: the pattern {found['pattern']!r} is not a regular expression ({error}).") from None
        made.append(
            Constraint(
                "pattern",
                lambda text, _value: form.fits(text, what),
                f"a text of the form {found['pattern']}",
                partial(form.all, what=what),
            )
        )
    compare: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
        "minimum": (lambda value, bound: value >= bound, "at least"),
        "maximum": (lambda value, bound: value <= bound, "at most"),
        "exclusiveMinimum": (lambda value, bound: value > bound, "more than"),
        "exclusiveMaximum": (lambda value, bound: value < bound, "less than"),
    }
    for name, (test, words) in compare.items():
        if name in found:
            if not kind.ordered:
                raise ReadError(f"{where}: the constraint {name} is for numbers and dates, not for the type {kind.name}.")
            bound = _limit(kind, name, found[name], where)
            made.append(Constraint(name, partial(_ordered, test, bound), f"{words} {found[name]}"))
    for name, shorter in (("minLength", False), ("maxLength", True)):
        if name in found:
            size = found[name]
            if not kind.sized or not isinstance(size, int) or isinstance(size, bool) or size < 0:
                raise ReadError(
                    f"{where}: the constraint {name} must be a number of characters and is for texts and lists, not {size!r} for the type {kind.name}."
                )
            made.append(
                Constraint(
                    name,
                    partial(_sized, size, shorter),
                    f"{'at most' if shorter else 'at least'} {size} {kind.sized}",
                )
            )
    if "jsonSchema" in found:
        if not kind.json_schema:
            raise ReadError(f"{where}: the constraint jsonSchema is for objects and arrays, not for the type {kind.name}.")
        try:
            holds = json_schema_test(found["jsonSchema"])
        except ValueError as error:
            raise ReadError(f"{where}: the constraint jsonSchema {error}.") from None
        made.append(Constraint("jsonSchema", lambda _text, value: holds(value), "JSON that fits the jsonSchema of the field"))
    return tuple(made)


def _sized(size: int, upper: bool, _text: str, value: Any) -> bool:
    return len(value) <= size if upper else len(value) >= size


def _ordered(test: Callable[[Any, Any], bool], bound: Any, _text: str, value: Any) -> bool:
    try:
        return test(value, bound)
    except TypeError:  # a time with a zone against one without: no order, so not within the bound
        return False


def _categories(found: Mapping[str, Any], kind: FieldType, where: str) -> tuple[Category, ...]:
    made: list[Category] = []
    listed = found.get("categories", [])
    if not isinstance(listed, list):
        raise ReadError(f"{where}: categories must be a list, not {listed!r}.")
    if listed and not kind.categorical:
        raise ReadError(f"{where}: categories are for texts and whole numbers, not for the type {kind.name}.")
    for entry in listed:
        value = entry.get("value") if isinstance(entry, Mapping) else entry
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise ReadError(f"{where}: a category must be a value or have a value and a label, not {entry!r}.")
        if kind.numeric and str(_limit(kind, "categories", value, where)) != str(value):
            # Cells are compared with categories as text, columns are built from values: both must be the same.
            raise ReadError(f"{where}: the category {value!r} must be written without plus sign and leading zeros.")
        told = entry if isinstance(entry, Mapping) else {}
        made.append(Category(str(value), str(told.get("label", value)), str(told.get(FORMERLY) or "")))
    if len({category.value for category in made}) != len(made):
        raise ReadError(f"{where}: a category is listed twice.")
    return tuple(made)


def _field(found: Any, missing: Mapping[str, str], where: str, table: str) -> Field:
    if not isinstance(found, Mapping) or not isinstance(found.get("name"), str) or not found["name"]:
        raise ReadError(f"{where}: a field needs a name, but {found!r} has none.")
    name = found["name"]
    where = f"{where}: field {name}"
    type_name = found.get("type", "any")
    for word in ("title", "description", "format"):
        if not isinstance(found.get(word, ""), str):
            raise ReadError(f"{where}: {word} must be a text, not {found[word]!r}.")
    if not isinstance(found.get("categoriesOrdered", False), bool):
        raise ReadError(f"{where}: categoriesOrdered must be true or false, not {found['categoriesOrdered']!r}.")
    if not isinstance(type_name, str) or type_name not in FIELD_TYPES:
        raise ReadError(f"{where}: the type {type_name!r} is not supported; supported are {', '.join(FIELD_TYPES)}.")
    try:
        kind = FIELD_TYPES[type_name](found.get("format", "default"), found)
    except ValueError as error:
        raise ReadError(f"{where}: {error}.") from None
    if "missingValues" in found:
        missing = _missing_values(found["missingValues"], where)
    limits = found.get("constraints", {})
    if not isinstance(limits, Mapping):
        raise ReadError(f"{where}: constraints must be an object.")
    partial = found.get("rdfType") == edtf.URI
    if partial and not isinstance(kind, StringType):
        raise ReadError(f"{where}: a date of mixed precision is kept as a string, not as {kind.name}.")
    constraints = _constraints(limits, kind, where, f"table {table}, {where}")
    categories = _categories(found, kind, where)
    if categories:
        values = frozenset(category.value for category in categories)
        constraints = (
            Constraint("category", lambda text, _value: text in values, "one of " + ", ".join(category.value for category in categories)),
            *constraints,
        )
    if partial:
        # First: its reason ("2024 has no month 13") says more than that of the pattern.
        constraints = (
            Constraint(
                "partial-date", lambda text, _value: edtf.check(text) is None, "a date that exists, written as YYYY, YYYY-MM or YYYY-MM-DD"
            ),
            *constraints,
        )
    return Field(
        name=name, kind=kind, title=found.get("title", name), description=found.get("description", ""), example=found.get("example"),
        required=limits.get("required", False), unique=limits.get("unique", False), missing=frozenset(missing),
        missing_labels={text: label for text, label in missing.items() if label != text}, parse=kind.parse, constraints=constraints, categories=categories,
        ordered=found.get("categoriesOrdered", False), partial_date=partial, limits=dict(limits),
        formerly=str(found.get(FORMERLY) or ""),
    )  # fmt: skip


def compile_schema(schema: Any, *, where: str, name: str) -> TableSchema:
    """Compile a Table Schema.

    Parameters
    ----------
    schema : the parsed JSON of the schema
    where : how messages name it, such as ``schemas/actors.json``
    name : name of the resource that it describes

    Raises
    ------
    ReadError
        Where the schema is not one, or says what this validator does not know.
    """
    if not isinstance(schema, Mapping) or not isinstance(schema.get("fields"), list) or not schema["fields"]:
        raise ReadError(f"{where}: a Table Schema needs a list of fields.")
    if schema.get("fieldsMatch", "exact") not in ("exact", ["exact"]):
        raise ReadError(f"{where}: fieldsMatch {schema['fieldsMatch']!r} is not supported; list the fields exactly as the table has them.")
    for word in ("title", "description"):
        if not isinstance(schema.get(word, ""), str):
            raise ReadError(f"{where}: {word} must be a text, not {schema[word]!r}.")
    for word in ("uniqueKeys", "foreignKeys"):
        if not isinstance(schema.get(word, []), list):
            raise ReadError(f"{where}: {word} must be a list, not {schema[word]!r}.")
    missing = _missing_values(schema.get("missingValues", [""]), where)
    fields = tuple(_field(entry, missing, where, name) for entry in schema["fields"])
    names = {column.name for column in fields}
    if len(names) != len(fields):
        raise ReadError(f"{where}: two fields have the same name.")

    def known(columns: tuple[str, ...], what: str) -> tuple[str, ...]:
        for column in columns:
            if column not in names:
                raise ReadError(f"{where}: {what} names the field {column!r}, which the schema does not have.")
        return columns

    primary = known(_names(schema["primaryKey"], where, "primaryKey"), "primaryKey") if schema.get("primaryKey") else ()
    unique = tuple(known(_names(key, where, "uniqueKeys"), "uniqueKeys") for key in schema.get("uniqueKeys", []))
    foreign: list[ForeignKey] = []
    for key in schema.get("foreignKeys", []):
        reference = key.get("reference") if isinstance(key, Mapping) else None
        if not isinstance(reference, Mapping) or "fields" not in key or "fields" not in reference:
            raise ReadError(f"{where}: a foreign key needs fields and a reference with fields, not {key!r}.")
        here, there = (
            known(_names(key["fields"], where, "foreignKeys"), "a foreign key"),
            _names(reference["fields"], where, "foreignKeys.reference"),
        )
        if len(here) != len(there):
            raise ReadError(
                f"{where}: the foreign key of {', '.join(here)} refers to {len(there)} fields; the numbers of fields must be equal."
            )
        if not isinstance(reference.get("resource", ""), str):
            raise ReadError(f"{where}: a foreign key must name the table that it refers to, not {reference['resource']!r}.")
        foreign.append(ForeignKey(here, reference.get("resource", ""), there))
    stated = schema.get(STATES, "*")
    if stated != "*":
        if not isinstance(stated, str):
            raise ReadError(f"{where}: {STATES} must be the name of a field, not {stated!r}.")
        known((stated,), STATES)
    return TableSchema(
        name=name, title=schema.get("title", name), description=schema.get("description", ""), fields=fields, primary_key=primary, unique_keys=unique,
        foreign_keys=tuple(foreign), missing_values=tuple(missing), evidence_required=schema.get("aistatecraft:evidence") == "required",
        stated_field=stated, formerly=str(schema.get(FORMERLY) or ""), by_name={column.name: column for column in fields},
    )  # fmt: skip
