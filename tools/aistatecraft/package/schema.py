"""A compiled Table Schema: what every check, dtype, codebook and export of a table is derived from.

The JSON files in ``schemas/`` are the only place where structure is written. Whatever a schema says that this module
does not know is refused by name: a constraint that is silently ignored is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aistatecraft.errors import ReadError
from aistatecraft.package import edtf
from aistatecraft.package.field_types import Parser, parser
from aistatecraft.package.matching import form_of

__all__ = ["Category", "Constraint", "Field", "ForeignKey", "TableSchema", "compile_schema"]

FIELD_TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "year", "yearmonth", "list", "any")
_SCHEMA_WORDS = {"$schema", "name", "title", "description", "missingValues", "fields", "primaryKey", "uniqueKeys", "foreignKeys"}
_FIELD_WORDS = {
    "name",
    "type",
    "format",
    "title",
    "description",
    "example",
    "rdfType",
    "constraints",
    "categories",
    "categoriesOrdered",
    "missingValues",
}
_TYPE_WORDS = {"boolean": {"trueValues", "falseValues"}, "list": {"delimiter", "itemType"}}
_ORDERED = {"integer", "number", "date", "datetime", "year", "yearmonth"}
_SIZED = {"string", "list"}


@dataclass(frozen=True, slots=True)
class Category:
    """One value of a closed vocabulary, with its label."""

    value: str
    label: str


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


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table."""

    name: str
    type: str
    format: str
    title: str
    description: str
    example: Any
    required: bool
    unique: bool
    missing: frozenset[str]
    parse: Parser
    constraints: tuple[Constraint, ...]
    categories: tuple[Category, ...]
    ordered: bool
    true_values: frozenset[str]
    false_values: frozenset[str]
    partial_date: bool
    limits: Mapping[str, Any]
    """The constraints as the schema writes them, for codebook and exports."""

    @property
    def dtype(self) -> str:
        """pandas dtype of the column that `load` gives."""
        if self.categories:
            return "category"
        return {
            "integer": "Int64",
            "year": "Int64",
            "number": "Float64",
            "boolean": "boolean",
            "date": "datetime64[s]",
            "list": "object",
        }.get(self.type, "string")


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
    by_name: Mapping[str, Field] = field(repr=False, compare=False, default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(column.name for column in self.fields)


def _names(value: Any, where: str, what: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ReadError(f"{where}: {what} must be the name of a field or a list of names, not {value!r}.")
    return tuple(names)


def _texts(value: Any, where: str, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ReadError(f"{where}: {what} must be a list of texts, not {value!r}.")
    return tuple(value)


def _unknown(found: Mapping[str, Any], known: set[str], where: str, what: str) -> None:
    # Names with a colon belong to whoever prefixed them; the standard leaves them free.
    odd = sorted(name for name in found if name not in known and ":" not in name)
    if odd:
        raise ReadError(
            f"{where}: {what} {', '.join(map(repr, odd))} is not known to this validator and is not ignored; take it out, or prefix it with a name of your own and a colon."
        )


def _limit(kind: str, parse: Parser, name: str, value: Any, where: str) -> Any:
    """A bound, enum entry or category of a schema as a value of the field's type."""
    if kind == "boolean" and isinstance(value, bool):
        return value  # whatever the words for true and false are
    if not isinstance(value, (str, int, float)):
        raise ReadError(f"{where}: the constraint {name} is {value!r}; it must be a value of type {kind}.")
    try:
        return parse(value if isinstance(value, str) else ("true" if value is True else "false" if value is False else str(value)))
    except ValueError as error:
        raise ReadError(f"{where}: the constraint {name} is {value!r}, which {error}; it must be a value of type {kind}.") from None


def _constraints(found: Mapping[str, Any], kind: str, parse: Parser, where: str, what: str) -> tuple[Constraint, ...]:
    _unknown(
        found,
        {"required", "unique", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"},
        where,
        "the constraint",
    )
    made: list[Constraint] = []
    for name in ("required", "unique"):
        if not isinstance(found.get(name, False), bool):
            raise ReadError(f"{where}: the constraint {name} must be true or false, not {found[name]!r}.")
    if "enum" in found:
        if not isinstance(found["enum"], list) or not found["enum"]:
            raise ReadError(f"{where}: the constraint enum must be a list of values.")
        allowed = [_limit(kind, parse, "enum", value, where) for value in found["enum"]]
        made.append(Constraint("enum", lambda _text, value: value in allowed, "one of " + ", ".join(map(str, found["enum"]))))
    if "pattern" in found:
        if kind not in ("string", "any"):
            raise ReadError(f"{where}: the constraint pattern is for texts, not for the type {kind}.")
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
            if kind not in _ORDERED:
                raise ReadError(f"{where}: the constraint {name} is for numbers and dates, not for the type {kind}.")
            bound = _limit(kind, parse, name, found[name], where)
            made.append(Constraint(name, partial(_ordered, test, bound), f"{words} {found[name]}"))
    for name, shorter in (("minLength", False), ("maxLength", True)):
        if name in found:
            size = found[name]
            if kind not in _SIZED or not isinstance(size, int) or isinstance(size, bool) or size < 0:
                raise ReadError(
                    f"{where}: the constraint {name} must be a number of characters and is for texts and lists, not {size!r} for the type {kind}."
                )
            made.append(
                Constraint(
                    name,
                    partial(_sized, size, shorter),
                    f"{'at most' if shorter else 'at least'} {size} {'items' if kind == 'list' else 'characters'}",
                )
            )
    return tuple(made)


def _sized(size: int, upper: bool, _text: str, value: Any) -> bool:
    return len(value) <= size if upper else len(value) >= size


def _ordered(test: Callable[[Any, Any], bool], bound: Any, _text: str, value: Any) -> bool:
    try:
        return test(value, bound)
    except TypeError:  # a time with a zone against one without: no order, so not within the bound
        return False


def _categories(found: Mapping[str, Any], kind: str, parse: Parser, where: str) -> tuple[Category, ...]:
    made: list[Category] = []
    listed = found.get("categories", [])
    if not isinstance(listed, list):
        raise ReadError(f"{where}: categories must be a list, not {listed!r}.")
    if listed and kind not in ("string", "integer", "any"):
        raise ReadError(f"{where}: categories are for texts and whole numbers, not for the type {kind}.")
    for entry in listed:
        value = entry.get("value") if isinstance(entry, Mapping) else entry
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise ReadError(f"{where}: a category must be a value or have a value and a label, not {entry!r}.")
        if kind == "integer" and str(_limit(kind, parse, "categories", value, where)) != str(value):
            # Cells are compared with categories as text, columns are built from values: both must be the same.
            raise ReadError(f"{where}: the category {value!r} must be written without plus sign and leading zeros.")
        made.append(Category(str(value), str(entry.get("label", value)) if isinstance(entry, Mapping) else str(value)))
    if len({category.value for category in made}) != len(made):
        raise ReadError(f"{where}: a category is listed twice.")
    return tuple(made)


def _field(found: Any, missing: tuple[str, ...], where: str, table: str) -> Field:
    if not isinstance(found, Mapping) or not isinstance(found.get("name"), str) or not found["name"]:
        raise ReadError(f"{where}: a field needs at least a name, {found!r} has none.")
    name = found["name"]
    where = f"{where}: field {name}"
    kind, form = found.get("type", "any"), found.get("format", "default")
    for word in ("title", "description", "format", "delimiter", "itemType"):
        if not isinstance(found.get(word, ""), str) or (word == "delimiter" and found.get(word) == ""):
            raise ReadError(f"{where}: {word} must be a text, not {found[word]!r}.")
    if not isinstance(found.get("categoriesOrdered", False), bool):
        raise ReadError(f"{where}: categoriesOrdered must be true or false, not {found['categoriesOrdered']!r}.")
    if kind not in FIELD_TYPES:
        raise ReadError(f"{where}: the type {kind!r} is not supported; supported are {', '.join(FIELD_TYPES)}.")
    _unknown(found, _FIELD_WORDS | _TYPE_WORDS.get(kind, set()), where, "the property")
    true = frozenset(_texts(found.get("trueValues", ["true", "True", "TRUE", "1"]), where, "trueValues"))
    false = frozenset(_texts(found.get("falseValues", ["false", "False", "FALSE", "0"]), where, "falseValues"))
    parse = parser(kind, form, true=true, false=false, delimiter=found.get("delimiter", ","), item=found.get("itemType", "string"))
    if parse is None:
        raise ReadError(f"{where}: the format {form!r} (or item type) of the type {kind} is not supported.")
    if "missingValues" in found:
        missing = _texts(found["missingValues"], where, "missingValues")
    limits = found.get("constraints", {})
    if not isinstance(limits, Mapping):
        raise ReadError(f"{where}: constraints must be an object.")
    partial = found.get("rdfType") == edtf.URI
    if partial and kind != "string":
        raise ReadError(f"{where}: a date of mixed precision is kept as a string, not as {kind}.")
    constraints = _constraints(limits, kind, parse, where, f"table {table}, {where}")
    categories = _categories(found, kind, parse, where)
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
        name=name, type=kind, format=form, title=found.get("title", name), description=found.get("description", ""), example=found.get("example"),
        required=limits.get("required", False), unique=limits.get("unique", False), missing=frozenset(missing), parse=parse, constraints=constraints,
        categories=categories, ordered=found.get("categoriesOrdered", False), true_values=true, false_values=false, partial_date=partial, limits=dict(limits),
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
    _unknown(schema, _SCHEMA_WORDS, where, "the property")
    for word in ("title", "description"):
        if not isinstance(schema.get(word, ""), str):
            raise ReadError(f"{where}: {word} must be a text, not {schema[word]!r}.")
    for word in ("uniqueKeys", "foreignKeys"):
        if not isinstance(schema.get(word, []), list):
            raise ReadError(f"{where}: {word} must be a list, not {schema[word]!r}.")
    missing = _texts(schema.get("missingValues", [""]), where, "missingValues")
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
            raise ReadError(f"{where}: the foreign key of {', '.join(here)} refers to {len(there)} fields; the numbers must be equal.")
        if not isinstance(reference.get("resource", ""), str):
            raise ReadError(f"{where}: a foreign key must name the table that it refers to, not {reference['resource']!r}.")
        foreign.append(ForeignKey(here, reference.get("resource", ""), there))
    return TableSchema(
        name=name, title=schema.get("title", name), description=schema.get("description", ""), fields=fields, primary_key=primary, unique_keys=unique,
        foreign_keys=tuple(foreign), missing_values=missing, evidence_required=schema.get("aistatecraft:evidence") == "required",
        by_name={column.name: column for column in fields},
    )  # fmt: skip
