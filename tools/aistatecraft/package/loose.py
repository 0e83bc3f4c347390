"""A data package opened as far as it can be read, for those who compare it rather than judge it.

Names, keys and text are enough to compare two tables. So whatever the validator does not know is set aside and told: a type or constraint
that is unknown is that of a text, a table without a schema has the fields of its header, and a resource that is no table is left out.
A table that is written otherwise than CSV in UTF-8 with a header (another encoding, dialect or compression, in the descriptor itself, in
several files) is brought into that form in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from aistatecraft.errors import AistatecraftError, ReadError
from aistatecraft.package.csv_reader import MAX_CELL
from aistatecraft.package.descriptor import MAX_RESOURCES, Dialect, Package, Resource, open_in, parse_json, parsed_json
from aistatecraft.package.schema import TableSchema, compile_schema
from aistatecraft.package.storage import Store, is_address, safe_path

__all__ = ["open_loosely", "unpacked"]

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".psv", ".dat")
_DELIMITERS = (",", ";", "\t", "|")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_BYTES = 1024**3
"""How large a table may be that has to be rewritten in memory."""


class _Rewritten(Store):
    """A store in which some files are those that were rewritten; each is made when it is first asked for."""

    def __init__(self, store: Store) -> None:
        self.store, self.label, self.root = store, store.label, store.root
        self.made: dict[str, Callable[[], bytes]] = {}
        self._kept: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        if path not in self.made:
            return self.store.read(path)
        if path not in self._kept:
            self._kept[path] = self.made[path]()
        return self._kept[path]

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return path in self.made or self.store.exists(path)

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        return self.store.names(folder)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        return len(self.read(path)) if path in self.made else self.store.size(path)

    def open(self, path: str) -> BinaryIO:
        """The file at `path`, open at its beginning."""
        return io.BytesIO(self.read(path)) if path in self.made else self.store.open(path)

    def stamp(self, path: str) -> tuple[int, int]:
        """What changes when the file at `path` does."""
        return self.store.stamp(path)

    def where(self, path: str) -> str:
        """How messages name the file at `path`."""
        return self.store.where(path)


class _NoTable(Exception):
    """The resource is no table that can be compared."""


def open_loosely(store: Store, descriptor_path: str) -> Package:
    """The package in `store`, whatever of it can be read; what was set aside stands in its `notes`.

    Raises
    ------
    ReadError
        Where there is no descriptor, or it is not a JSON object.
    """
    try:
        package = open_in(store, descriptor_path)
        if all(_fits(store, resource) for resource in package.resources.values()):
            return package
        listed, descriptor = package.descriptor["resources"], package.descriptor
    except ReadError as strict:
        if not store.exists(descriptor_path):
            raise
        descriptor = parse_json(store, descriptor_path)
        listed = descriptor.get("resources") if isinstance(descriptor, Mapping) else None
        if not isinstance(listed, list) or len(listed) > MAX_RESOURCES:
            raise strict from None
    made = _Rewritten(store)
    package = Package(made, descriptor, {}, descriptor_path)
    resources: dict[str, Resource] = {}
    notes: list[str] = []
    for number, entry in enumerate(listed, 1):
        name = _name(entry, number, resources)
        try:
            resources[name] = _Reader(made, descriptor_path, name, entry, notes).resource()
        except _NoTable as reason:
            notes.append(f"{name}: {reason}, so it is not compared")
    package.resources, package.notes = resources, tuple(dict.fromkeys(notes))
    return package


def _fits(store: Store, resource: Resource) -> bool:
    """Whether a table can be read as its descriptor and schema say: it is CSV, and has the columns of its schema.

    It also does where it has hardly any of them: then its header is damaged, which those say who read it.
    """
    if not resource.path.lower().endswith(_TABLES) or str(resource.descriptor.get("format") or "csv").lower() not in ("csv", "tsv"):
        return False
    try:
        header = _header(store, resource.path, resource.dialect)
    except (AistatecraftError, csv.Error, UnicodeDecodeError):
        return True
    names = set(resource.schema.names)
    damaged = len(set(header)) < len(header) or any(_CONTROL.search(name) for name in header)
    return damaged or set(header) == names or 2 * len(names & set(header)) < max(len(names), len(header))


def _name(entry: Any, number: int, taken: Mapping[str, Resource]) -> str:
    """What a resource is called: by its name, else its file, else its number; with a number of its own where that is taken."""
    told = entry if isinstance(entry, Mapping) else {}
    path = told.get("path")
    name = told.get("name") or (PurePosixPath(path).stem if isinstance(path, str) else "")
    called = free = str(name).strip() or f"resource {number}"
    more = 1
    while free in taken:
        more += 1
        free = f"{called} ({more})"
    return free


class _Reader:
    """One resource of a descriptor."""

    def __init__(self, store: _Rewritten, descriptor_path: str, name: str, entry: Any, notes: list[str]) -> None:
        if not isinstance(entry, Mapping):
            raise _NoTable("it is not described")
        self.store, self.descriptor_path, self.name, self.entry, self.notes = store, descriptor_path, name, entry, notes
        self.where = f"{descriptor_path}: resource {name}"

    def note(self, text: str) -> None:
        self.notes.append(f"{self.name}: {text}")

    def resource(self) -> Resource:
        """The table, with the schema and the dialect that it is compared by; `_NoTable` where it is none."""
        raw = self.schema()
        path, dialect = self.file(raw)
        try:
            header = _header(self.store, path, dialect)
        except (AistatecraftError, csv.Error, UnicodeDecodeError):
            header = []  # missing or damaged, which those say who read the rows
        raw, schema = self.compiled(raw, header)
        return Resource(self.name, path, None, dialect, {**self.entry, "schema": raw}, schema)

    def described(self, what: str, path: str) -> Any:
        """The JSON of its schema or dialect; None where that cannot be read, which is noted."""
        if is_address(path):
            self.note(f"its {what} is at an address ({path}), which is not fetched")
            return None
        try:
            if self.store.exists(path):
                return parse_json(self.store, path)
            self.note(f"its {what} {path} is missing")
        except AistatecraftError as error:
            self.note(f"its {what} cannot be read ({str(error).rstrip('.')})")
        return None

    def schema(self) -> dict[str, Any]:
        """The Table Schema as its JSON has it; an empty one where it is not to be had."""
        found = self.entry.get("schema")
        if isinstance(found, str):
            found = self.described("schema", found)
        if isinstance(found, Mapping) and isinstance(found.get("fields"), list):
            return dict(found)
        return {}

    def file(self, raw: Mapping[str, Any]) -> tuple[str, Dialect]:
        """Where the table is, rewritten where it has to be, and how it is written."""
        data, path, found = self.entry.get("data"), self.entry.get("path"), self.dialect()
        if data is not None:
            return self.rewritten("the data in the descriptor", self._rows_of_json(data), raw)
        paths = [path] if isinstance(path, str) else path
        if not isinstance(paths, list) or not paths or not all(isinstance(one, str) for one in paths):
            raise _NoTable("it names no file")
        for one in paths:
            if is_address(one):
                raise _NoTable(f"{one} is an address, which is not fetched")
            try:
                safe_path(one, of=self.where)
            except ReadError as error:
                raise _NoTable(str(error).rstrip(".").removeprefix(f"{self.where}: ")) from None
        name = paths[0].lower().removesuffix(".gz")
        if name.endswith(".json") and str(self.entry.get("format", "json")).lower() == "json" and len(paths) == 1:
            try:
                parsed = parsed_json(self.store.read(paths[0]), self.store.where(paths[0]))
            except AistatecraftError:
                raise _NoTable(f"{paths[0]} is not a table that can be read") from None
            return self.rewritten(paths[0], self._rows_of_json(parsed), raw)
        kind = str(self.entry.get("format") or "").lower()
        if not name.endswith(_TABLES) and kind not in ("csv", "tsv") and not raw:
            raise _NoTable(f"{paths[0]} is not a table")
        if name.endswith((".xlsx", ".xls", ".ods", ".parquet", ".sqlite", ".zip", ".pdf", ".geojson")):
            raise _NoTable(f"{paths[0]} is not a text file that holds a table")
        encoding = str(self.entry.get("encoding") or "utf-8")
        delimiter, quote = found.get("delimiter"), found.get("quoteChar", '"')
        if delimiter is None and (kind == "tsv" or name.endswith((".tsv", ".tab"))):
            delimiter = "\t"
        told = [word for word in found if word in ("commentChar", "commentRows", "escapeChar", "headerRows", "nullSequence")]
        odd = {name: value for name, value in found.items() if name in ("header", "doubleQuote", "skipInitialSpace")}
        plain = len(paths) == 1 and not paths[0].lower().endswith(".gz") and encoding.lower() in ("utf-8", "utf8")
        plain = plain and not told and odd.get("header", True) is not False and odd.get("doubleQuote", True) is not False
        plain = (
            plain and not odd.get("skipInitialSpace") and all(isinstance(one, str) and len(one) == 1 for one in (delimiter or ",", quote))
        )
        if plain:
            return paths[0], Dialect(delimiter or ",", quote)
        return self.rewritten(
            ", ".join(paths), lambda: self._rows(paths, encoding, found, delimiter, quote), raw, header=odd.get("header", True) is not False
        )

    def dialect(self) -> dict[str, Any]:
        """The dialect of the resource; what the older form of it nests in `csv` among it."""
        found = self.entry.get("dialect")
        if isinstance(found, str):
            found = self.described("dialect", found)
        if not isinstance(found, Mapping):
            return {}
        nested = found.get("csv")
        return {**found, **nested} if isinstance(nested, Mapping) else dict(found)

    def rewritten(
        self, what: str, rows: Callable[[], Sequence[Sequence[str]]], raw: Mapping[str, Any], *, header: bool = True
    ) -> tuple[str, Dialect]:
        """The path of a table that is rewritten as plain CSV when it is asked for."""
        path = f"{self.descriptor_path}#{self.name}.csv" if "#" not in what and what.startswith("the data") else what
        names = [str(one.get("name")) for one in raw.get("fields", []) if isinstance(one, Mapping)]

        def made() -> bytes:
            found = list(rows())
            if not header:
                width = max(map(len, found), default=len(names))
                found.insert(0, [names[at] if at < len(names) else f"column {at + 1}" for at in range(width)])
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows(found)
            return out.getvalue().encode("utf-8", "replace")

        self.store.made[path] = made
        return path, Dialect()

    def _rows(self, paths: Sequence[str], encoding: str, found: Mapping[str, Any], delimiter: Any, quote: Any) -> list[list[str]]:
        """The rows of files that are not written as plain CSV in UTF-8."""
        out: list[list[str]] = []
        comment = found.get("commentChar")
        for path in paths:
            text = _decoded(unpacked(self.store.store.read(path), path), encoding, path)
            if isinstance(comment, str) and comment:
                text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(comment))
            mark = delimiter if isinstance(delimiter, str) and len(delimiter) == 1 else _sniffed(text)
            escape = found.get("escapeChar")
            csv.field_size_limit(MAX_CELL)
            try:
                reader = csv.reader(
                    io.StringIO(text, newline=""), delimiter=mark, quotechar=quote if isinstance(quote, str) and len(quote) == 1 else '"',
                    escapechar=escape if isinstance(escape, str) and len(escape) == 1 else None,
                    doublequote=found.get("doubleQuote", True) is not False, skipinitialspace=found.get("skipInitialSpace") is True,
                )  # fmt: skip
                rows = [row for row in reader if row]
            except csv.Error as error:
                raise ReadError(f"{path}: the table cannot be read ({error}); save the file as CSV again.") from None
            # Of several files each can have the header, or only the first.
            out += rows[1:] if out and rows and rows[0] == out[0] else rows
        return out

    def _rows_of_json(self, data: Any) -> Callable[[], list[list[str]]]:
        """Rows of a table that is written as JSON: a list of objects, or of lists of which the first is the header."""
        if not isinstance(data, list) or not data or not all(isinstance(one, type(data[0])) for one in data):
            raise _NoTable("its data are no list of rows")
        if isinstance(data[0], Mapping):
            names = list(dict.fromkeys(name for one in data for name in one))
            return lambda: [[str(name) for name in names], *([_cell(one.get(name)) for name in names] for one in data)]
        if isinstance(data[0], list):
            return lambda: [list(map(_cell, one)) for one in data]
        raise _NoTable("its data are no list of rows")

    def compiled(self, raw: dict[str, Any], header: Sequence[str]) -> tuple[dict[str, Any], TableSchema]:
        """The schema of the table, and its JSON: what is known of each field of the header, and text for the rest."""
        listed: dict[str, dict[str, Any]] = {}
        for entry in raw.get("fields", []):
            told = {"name": entry} if isinstance(entry, str) else entry
            if isinstance(told, Mapping) and isinstance(told.get("name"), str) and told["name"]:
                listed.setdefault(told["name"], dict(told))
        names = list(dict.fromkeys(name for name in header if name)) or list(listed)
        if not names:
            raise _NoTable("it has neither a schema nor a header")
        if raw and header and names != list(listed):
            missing = [name for name in listed if name not in names]
            if missing:
                self.note(f"its file has no column {', '.join(missing[:5])}{' ...' if len(missing) > 5 else ''}, which its schema lists")
        fields: list[dict[str, Any]] = []
        used: list[dict[str, Any]] = []
        asides: list[str] = []
        shared = {name: raw[name] for name in ("missingValues",) if name in raw}
        for name in names:
            entry = listed.get(name, {"name": name, "type": "string"})
            entry = {word: value for word, value in entry.items() if _well_formed(word, value)}
            fields.append(entry)
            try:
                compile_schema({**shared, "fields": [entry]}, where="", name=self.name)
                used.append(entry)
            except ReadError as error:
                asides.append(f"{name} ({str(error).removeprefix(f': field {name}').lstrip(': ').rstrip('.')})")
                used.append({"name": name, "type": "string"})
        if asides:
            self.note(f"compared as text: {'; '.join(asides[:5])}{f' and {len(asides) - 5} more fields' if len(asides) > 5 else ''}")
        key = raw.get("primaryKey")
        key = [key] if isinstance(key, str) else key
        whole = {name: value for name, value in raw.items() if name not in ("fields", "primaryKey", "foreignKeys", "uniqueKeys")}
        whole["fields"] = fields
        if isinstance(key, list) and key and all(isinstance(one, str) and one in names for one in key):
            whole["primaryKey"] = key
        elif key:
            self.note(f"its primaryKey {json.dumps(key, ensure_ascii=False)} names no fields of the table, so its rows have no key")
        for word in ("foreignKeys", "uniqueKeys"):
            kept = [one for one in raw.get(word, []) if self._known(word, one, used)] if isinstance(raw.get(word), list) else []
            if kept:
                whole[word] = kept
        known = {name: whole[name] for name in ("primaryKey", "foreignKeys", "uniqueKeys") if name in whole}
        try:
            return whole, compile_schema({**shared, **known, "fields": used}, where=self.where, name=self.name)
        except ReadError:  # missingValues that are no list of texts
            return whole, compile_schema(
                {**known, "fields": [{"name": name, "type": "string"} for name in names]}, where=self.where, name=self.name
            )

    def _known(self, word: str, entry: Any, fields: Sequence[Mapping[str, Any]]) -> bool:
        try:
            compile_schema({"fields": list(fields), word: [entry]}, where="", name=self.name)
        except (ReadError, TypeError, AttributeError):
            return False
        return True


def _well_formed(word: str, value: Any) -> bool:
    """Whether a property of a field has the shape that those count on who compare it."""
    shapes: dict[str, type | tuple[type, ...]] = {"constraints": Mapping, "categories": list}
    return isinstance(value, shapes.get(word, object))


def _header(store: Store, path: str, dialect: Dialect) -> list[str]:
    with io.TextIOWrapper(store.open(path), "utf-8-sig", newline="") as lines:
        csv.field_size_limit(MAX_CELL)
        return next(csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote), [])


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _sniffed(text: str) -> str:
    head = text.partition("\n")[0]
    return max(_DELIMITERS, key=head.count)


def unpacked(data: bytes, path: str) -> bytes:
    """The bytes of a file, unpacked where its name ends with ``.gz``; `ReadError` where they cannot be, or are too many."""
    if not path.lower().endswith(".gz"):
        return data
    import gzip
    import zlib

    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as handle:
            out = handle.read(_MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"{path}: the compressed file cannot be read ({error}); compress it again.") from None
    if len(out) > _MAX_BYTES:
        raise ReadError(f"{path}: the table has more than {_MAX_BYTES:,} bytes; unpack it, and compare the file.")
    return out


def _decoded(data: bytes, encoding: str, path: str) -> str:
    try:
        codecs.lookup(encoding)
        return data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (LookupError, UnicodeError, ValueError) as error:
        raise ReadError(f"{path}: the file cannot be read as {encoding} ({error}); save it as UTF-8.") from None
