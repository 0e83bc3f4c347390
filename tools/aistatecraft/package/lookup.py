"""Records by their identifier, or by a name that means one of them, as text. Neither pandas nor types are needed for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from aistatecraft.errors import UsageError, nearest
from aistatecraft.package.csv_reader import clean_records
from aistatecraft.package.descriptor import Package, Resource
from aistatecraft.package.schema import TableSchema

__all__ = [
    "AmbiguousName",
    "completions",
    "fold_text",
    "identifiers_of",
    "label_of",
    "name_fields",
    "record_label",
    "record_of",
    "records_of",
    "referenced_table",
    "resolve",
    "suggestion",
]

RecordValues = dict[str, str]
"""The cells of a record that hold a value, by field, as they stand in the file."""
_NAME = re.compile(
    r"(short_)?(title|name|label)(_[a-z]{2,3}(_[a-z]+)?|_original|_short)?|acronym|abbreviation|iso2|iso3|official_number|doi"
)
_LANGUAGES = ("_en", "", "_zh", "_es", "_pt", "_fr")


class AmbiguousName(UsageError):
    """A name that several records have."""


_CLOSE = 0.6
"""How like a word a name must be to be suggested."""


def records_of(package: Package, resource: Resource) -> Iterator[tuple[str, RecordValues]]:
    """Identifier and values of each record: the identifier is the values of the key joined by a slash, empty without a key."""
    schema = resource.schema
    for record in clean_records(package, resource):
        cells = [cell or "" for cell in record.cells]
        values = {field.name: cell for field, cell in zip(schema.fields, cells, strict=True) if cell and cell not in field.missing}
        yield resource.identifier(cells), values


def identifiers_of(package: Package, resource: Resource) -> list[str]:
    """Identifiers of all records of a table, in its order; `UsageError` where the table has no key."""
    if not resource.schema.primary_key:
        raise UsageError(f"{resource.name} has no primary key, so its rows have no identifier.")
    return [resource.identifier(record.cells) for record in clean_records(package, resource)]


def record_of(package: Package, table: str, identifier: str) -> RecordValues:
    """Values of one record.

    Raises
    ------
    UsageError
        Where there is no such table or record (then the nearest are named), or the table has no key.
    DataError
        Where the table is not sound as text.
    """
    resource = package.resource(table)
    if resource.schema.primary_key:
        for name, values in records_of(package, resource):
            if name == identifier:
                return values
    raise UsageError(f"{table} has no record {identifier!r}; {suggestion(package, resource, identifier)}")


def fold_text(text: str) -> str:
    """`text` for comparing names: without accents, upper and lower case, and the width of characters."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if not unicodedata.combining(character))


def name_fields(schema: TableSchema) -> list[str]:
    """Fields that say what a record is called, the one to show first: titles, names and labels in all languages, acronyms, codes."""
    found = [name for name in schema.names if _NAME.fullmatch(name)]
    first = [f"{stem}{language}" for language in _LANGUAGES for stem in ("title", "name", "label")]
    return sorted(found, key=lambda name: first.index(name) if name in first else len(first))


def label_of(schema: TableSchema, identifier: str, values: RecordValues) -> str:
    """How messages name a record: ``BRA (Brazil)``."""
    name = next((values[field] for field in name_fields(schema) if values.get(field)), "")
    name = name if len(name) <= 60 else f"{name[:59]}…"
    return f"{identifier} ({name})" if name and name != identifier else identifier


def record_label(package: Package, resource: Resource, identifier: str) -> str:
    """As `label_of`, for a record by its identifier; empty where there is none."""
    return next((label_of(resource.schema, name, values) for name, values in records_of(package, resource) if name == identifier), "")


def referenced_table(package: Package, resource: Resource, field: str) -> Resource | None:
    """The table to whose records a field refers: that of its foreign key, or its own where it is the whole primary key."""
    for key in resource.schema.foreign_keys:
        target = package.resources.get(key.resource or resource.name)
        if key.fields == (field,) and target is not None and target.schema.primary_key == key.references:
            return target
    return resource if resource.schema.primary_key == (field,) else None


def resolve(package: Package, table: str, word: str) -> str:
    """The identifier of the record that `word` means.

    Parameters
    ----------
    package, table : where the record is looked for
    word : an identifier; else one of the names of the record in any language, its acronym, two-letter code or official number,
        whatever its accents and capitals. Where the key has several fields, their values joined by a slash; each of them may be
        such a name.

    Raises
    ------
    UsageError
        Where no record is meant (then the nearest are named), or several are.
    """
    resource = package.resource(table)
    schema = resource.schema
    if not schema.primary_key:
        raise UsageError(f"{table} has no primary key, so its rows have no identifier.")
    if not isinstance(word, str) or any("\ud800" <= char <= "\udfff" for char in word):  # half a surrogate pair is in no table
        raise UsageError(f"{table} has no record {word!r:.200}; an identifier or a name is text.")
    known = set(identifiers_of(package, resource))
    if word in known:
        return word
    if len(schema.primary_key) == 1:
        return _by_name(package, resource, word)
    parts = word.split("/")
    if len(parts) == len(schema.primary_key):
        for at, field in enumerate(schema.primary_key):
            target = referenced_table(package, resource, field)
            if target is not None:
                parts[at] = resolve(package, target.name, parts[at])
        if "/".join(parts) in known:
            return "/".join(parts)
    raise UsageError(f"{table} has no record {word!r}; {nearest(word, sorted(known))}")


def _by_name(package: Package, resource: Resource, word: str) -> str:
    schema, wanted = resource.schema, fold_text(word.strip())
    fields = [schema.primary_key[0], *name_fields(schema)]
    meant = {
        name: values
        for name, values in records_of(package, resource)
        if wanted and any(fold_text(values.get(field, "")) == wanted for field in fields)
    }
    if len(meant) == 1:
        return next(iter(meant))
    if meant:
        shown = [label_of(schema, *one) for one in list(meant.items())[:5]]
        more = f" or {len(meant) - 5} more" if len(meant) > 5 else ""
        raise AmbiguousName(f"{word!r} may be {' or '.join(shown)}{more}; give the identifier of the intended record.")
    raise UsageError(f"{resource.name} has no record {word!r}; {suggestion(package, resource, word)}")


def suggestion(package: Package, resource: Resource, word: str, only: Collection[str] | None = None) -> str:
    """Words for the end of a sentence: the records (of those in `only`) whose identifier or name is nearest to `word`, else what there is."""
    schema, wanted = resource.schema, fold_text(word.strip())
    if len(schema.primary_key) != 1:
        return nearest(word, identifiers_of(package, resource))
    fields = [*schema.primary_key, *name_fields(schema)]
    found: list[tuple[float, int, str]] = []
    identifiers: list[str] = []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for identifier, values in records_of(package, resource):
        if only is not None and identifier not in only:
            continue
        identifiers.append(identifier)
        likeness = max((_likeness(matcher, wanted, fold_text(values[field])) for field in fields if field in values), default=0.0)
        if likeness >= _CLOSE:
            found.append((-likeness, len(identifiers), label_of(schema, identifier, values)))
    # A name that begins so makes those superfluous that only sound like it.
    best = -min(found)[0] if found else 0.0
    found = [one for one in found if -one[0] >= (1.0 if best >= 1.0 else _CLOSE)]
    if found and wanted:
        return f"did you mean {' or '.join(label for _, _, label in sorted(found)[:3])}?"
    return nearest(word, identifiers)


def _likeness(matcher: SequenceMatcher[str], wanted: str, text: str) -> float:
    """How like a word a text is: the share of letters that they have in common, and more for a shared beginning."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wanted, text, strict=False))) / max(len(wanted), 1)
    if shared == 1.0:
        return 1.0 + 1 / (1 + len(text))
    matcher.set_seq1(text)
    if shared >= 1 / 3 and shared * len(wanted) >= 5:  # bletchley-declaration for bletchley-2023
        return max(matcher.ratio(), _CLOSE) + shared / 4
    if matcher.real_quick_ratio() < _CLOSE or matcher.quick_ratio() < _CLOSE:
        return 0.0
    ratio = matcher.ratio()
    return ratio + shared / 4 if ratio >= _CLOSE else 0.0


def completions(package: Package, resource: Resource, beginning: str, most: int = 200) -> Sequence[tuple[str, str]]:
    """Identifiers that begin so, each with the name of its record, for the completion of a shell."""
    found: list[tuple[str, str]] = []
    fields = name_fields(resource.schema)
    for identifier, values in records_of(package, resource):
        if identifier.startswith(beginning):
            found.append((identifier, next((values[field] for field in fields if field in values), "")))
            if len(found) == most:
                break
    return found
