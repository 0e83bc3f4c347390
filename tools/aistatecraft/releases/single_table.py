"""Single tables as packages of their own: CSV files, compressed ones, standard input, pipes, and files of a git revision.

A table by itself has no schema: every field is text, and what tells its rows apart is for the user to say.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.errors import AistatecraftError, ReadError, UsageError, nearest
from aistatecraft.package import Dialect, Package, Resource, compile_schema
from aistatecraft.package.csv_lines import opening_faults
from aistatecraft.package.csv_reader import MAX_CELL, clean_rows
from aistatecraft.package.loose import unpacked
from aistatecraft.package.schema import FORMERLY
from aistatecraft.package.storage import as_path

if TYPE_CHECKING:
    from aistatecraft.package.storage import Store

__all__ = ["STDIN", "fitted_table", "is_table", "key_hint", "single_table", "table_pair"]

STDIN = "-"
_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_DELIMITERS = (",", ";", "\t", "|")
_MAX_BYTES = 1024**3
"""How large a table may be that has to be in memory: one that was compressed, or comes through a pipe."""
_LOOKED_AT = 50_000
"""Rows in which a key is looked for."""
_PAIRED = 8
"""Fields of which two are tried together as a key."""


def is_table(word: str | Path) -> bool:
    """Whether a word names a single table, not a package.

    It does where it is ``-``, a file with the name of a table (``.csv``, ``.tsv``, ``.tab``, ``.txt``, or one of them with ``.gz``), a
    pipe such as the ``/dev/fd/63`` of a process substitution, or ``REVISION:PATH`` with such a name.
    """
    text = str(word)
    if text == STDIN or _is_pipe(word):
        return True
    try:
        directory = as_path(word).is_dir()
    except (OSError, ValueError):  # longer than names of files can be
        directory = False
    return text.lower().removesuffix(".gz").endswith(_ENDINGS) and not directory


def single_table(word: str | Path, key: Sequence[str] = (), *, name: str = "") -> Package:
    """One single table as a package, under a `name`, or that of its file; see `table_pair`."""
    name = name or _table_name([word])
    table = _opened(word, name, key)
    return _package(table, name, [_found(one, table) for one in key], {})


def _table_name(words: Sequence[str | Path]) -> str:
    """The name of a table by that of the first file that has one."""
    name = next((Path(str(word).rpartition(":")[2]).name for word in words if str(word) != STDIN and not _is_pipe(word)), "")
    name = re.sub(r"(\.(csv|tsv|tab|txt))?(\.gz)?$", "", name, flags=re.IGNORECASE)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name) or "table"


def key_hint(old: Package, new: Package, table: str) -> str:
    """What to say of two single tables that are compared without a key: the field, or two, that tell rows apart in both."""
    before, after = old.resources[table], new.resources[table]
    earlier = {field.name: field.formerly or field.name for field in after.schema.fields}
    shared = [name for name in after.schema.names if earlier[name] in before.schema.by_name]
    try:
        was, now = _columns(old, before, [earlier[name] for name in shared]), _columns(new, after, shared)
    except AistatecraftError:
        return ""  # the damage is said elsewhere
    told = "Rows have no key, so each is compared as a whole"
    ranked = sorted(range(len(shared)), key=lambda at: (re.search(r"(^|_| )(id|key|code)$", shared[at], re.IGNORECASE) is None, at))
    for places in [*((at,) for at in ranked), *combinations(range(min(len(shared), _PAIRED)), 2)]:
        if all(
            len(set(rows := list(zip(*(side[at] for at in places), strict=True)))) == len(rows) and all(map(any, rows))
            for side in (was, now)
        ):
            key = ",".join(shared[at] for at in places)
            return f"{told}; --key {shlex.quote(key)} tells them apart."
    return f"{told}, and no one or two fields tell them apart; name the fields that do with --key."


def _columns(package: Package, resource: Resource, names: Sequence[str]) -> list[list[str]]:
    rows = list(islice(chain.from_iterable(clean_rows(package, resource)), _LOOKED_AT))
    return [[row[resource.schema.names.index(name)] for row in rows] for name in names]


def _is_pipe(word: str | Path) -> bool:
    try:
        path = as_path(word)
        return path.exists() and not path.is_file() and not path.is_dir()
    except (OSError, ValueError):
        return False


def table_pair(old: str | Path, new: str | Path, key: Sequence[str]) -> tuple[Package, Package, str]:
    """Two single tables as packages, and the name of the table.

    Parameters
    ----------
    old, new : what `is_table` accepts; only one may be standard input
    key : the fields that tell rows apart, or ``OLD=NEW`` where a field has another name in the new table; none where rows are to be
        told apart by all of their cells

    Fields whose names differ only in case or spaces are one field, as if the new table said how it was called before.

    Raises
    ------
    ReadError, UsageError
        Where a table cannot be read, or a field of the key is not there.
    """
    if str(old) == str(new) == STDIN:
        raise UsageError("only one of the two tables can come from standard input; give a file for the other.")
    name = _table_name([new, old])
    before, after = _opened(old, name, [one.partition("=")[0] for one in key]), _opened(new, name, [one.rpartition("=")[2] for one in key])
    keys = [_key_field(one, before, after) for one in key]
    formerly = {now: was for was, now in _same_names(before.names, after.names)} | {now: was for was, now in keys if was != now}
    return _package(before, name, [was for was, _ in keys], {}), _package(after, name, [now for _, now in keys], formerly), name


class _Opened(NamedTuple):
    """A single table: where it is, how it is written, and the names of its fields."""

    store: Store
    path: str
    dialect: Dialect
    names: list[str]


def _opened(word: str | Path, name: str, wanted: Sequence[str]) -> _Opened:
    """The table that a word names, its header made whole."""
    path = f"{name}.csv"
    store = _stored(word, path)
    dialect, header = _header(store, path, wanted)
    names = _named(header)
    if names != header:
        store = _rewritten(store, path, dialect, header)
        names = _named(_header(store, path, wanted)[1])
    return _Opened(store, path, dialect, names)


def _stored(word: str | Path, path: str) -> Store:
    from aistatecraft.package.memory_storage import FileStore, MemoryStore

    text = str(word)
    if text == STDIN:
        return MemoryStore("standard input", {path: sys.stdin.buffer.read()})
    file = as_path(word)
    if not file.exists() and ":" in text:
        return MemoryStore(text, {path: unpacked(_of_revision(text), text)})
    if _is_pipe(word):
        with FileStore(file, path).open(path) as handle:
            return MemoryStore(text, {path: handle.read(_MAX_BYTES)})
    if text.lower().endswith(".gz"):
        return MemoryStore(text, {path: unpacked(FileStore(file, path).read(path), text)})
    return FileStore(file, path)


def _of_revision(text: str) -> bytes:
    """The file that ``REVISION:PATH`` names, from the repository of the current directory; as for git, the path begins at its top."""
    from aistatecraft.package.git import Revision

    revision, _, name = text.partition(":")
    try:
        found = Revision(Path(), revision)
    except UsageError as error:
        raise ReadError(f"{text}: there is no such file, and {error}") from None
    entry = next(
        (found.files[one] for one in (name.removeprefix("./"), f"{found.prefix}{name.removeprefix('./')}") if one in found.files), None
    )
    if entry is None or entry.is_link:
        raise ReadError(f"{text}: the revision has no such file; give its path from the top of the repository.")
    return found.blobs({text: entry}).get(entry.identity, b"")


def _header(store: Store, path: str, names: Sequence[str]) -> tuple[Dialect, list[str]]:
    """How a file is written, and its first row: the delimiter that finds most of `names` and then most cells, a comma rather."""
    csv.field_size_limit(MAX_CELL)
    with store.open(path) as handle:
        start, faults = opening_faults(handle)
    if start is None:
        raise ReadError(f"{store.label}: {faults[0].message}; {faults[0].hint}.")
    wanted = {_folded(name) for name in names}
    found: list[tuple[int, int, Dialect, list[str]]] = []
    reason = "it is blank"
    for delimiter in _DELIMITERS:
        # Bytes that are no UTF-8 are said with their line by those who read the rows.
        with io.TextIOWrapper(store.open(path), "utf-8-sig", "surrogateescape", newline="") as lines:
            try:
                head = next(csv.reader(lines, delimiter=delimiter), [])
            except csv.Error as error:
                reason = str(error)
                continue
        if head:
            found.append((len(wanted & set(map(_folded, head))), len(head), Dialect(delimiter), head))
    if not found:
        raise ReadError(f"{store.label}:1: the header cannot be read ({reason}); fix the first line.")
    *_, dialect, head = max(found, key=lambda one: one[:2])
    if any("\udc80" <= letter <= "\udcff" for name in head for letter in name):
        raise ReadError(f"{store.label}:1: the header is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8).")
    return dialect, head


def _named(header: Sequence[str]) -> list[str]:
    """Names for all columns: one without a name is called by its number, one with the name of another gets a number of its own."""
    out: list[str] = []
    for number, name in enumerate(header, 1):
        free = called = name if name.strip() else f"column {number}"
        more = 1
        while free in out:
            more += 1
            free = f"{called} ({more})"
        out.append(free)
    return out


def _rewritten(store: Store, path: str, dialect: Dialect, header: Sequence[str]) -> Store:
    """The table with a header that names all of its columns; columns at the end that hold nothing at all are left out.

    Each record keeps its lines, so that messages name those of the file.
    """
    from aistatecraft.package.memory_storage import MemoryStore

    data = store.read(path)
    width = len(header)
    while width > 1 and not header[width - 1].strip():
        width -= 1
    try:
        rows = list(
            csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
        )
    except (csv.Error, UnicodeDecodeError):
        rows = []  # the damage is reported by those who read the rows
    if rows:
        if any(any(row[width:]) for row in rows[1:] if len(row) == len(header)):
            width = len(header)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=dialect.delimiter, quotechar=dialect.quote, lineterminator="\n")
        writer.writerow(_named(header)[:width])
        writer.writerows(row[:width] if len(row) == len(header) else row for row in rows[1:])
        return MemoryStore(store.label, {path: out.getvalue().encode()})
    end = data.find(b"\n") + 1 or len(data)
    first = io.StringIO()
    csv.writer(first, delimiter=dialect.delimiter, quotechar=dialect.quote, lineterminator="\n").writerow(_named(header))
    return MemoryStore(store.label, {path: first.getvalue().encode() + data[end:]})


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _same_names(olds: Sequence[str], news: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Pairs of names that differ, but only in case or spaces."""
    gone, come = [name for name in olds if name not in news], [name for name in news if name not in olds]
    was, now = Counter(map(_folded, gone)), Counter(map(_folded, come))
    by_text = {_folded(name): name for name in gone}
    return [(by_text[_folded(name)], name) for name in come if was[_folded(name)] == now[_folded(name)] == 1]


def _key_field(word: str, before: _Opened, after: _Opened) -> tuple[str, str]:
    """What a field of the key is called in both tables."""
    was, now = word, word
    if "=" in word and not (word in before.names and word in after.names):
        was, _, now = (part.strip() for part in word.partition("="))
    return _found(was, before), _found(now, after)


def _found(name: str, table: _Opened) -> str:
    if name in table.names:
        return name
    near = [one for one in table.names if _folded(one) == _folded(name)]
    if len(near) == 1:
        return near[0]
    raise UsageError(f"{table.store.label}: there is no field {name!r}; {nearest(name, table.names)}")


def _package(table: _Opened, name: str, key: Sequence[str], formerly: dict[str, str]) -> Package:
    """A single table as a package of its own; every field is a text."""
    schema: dict[str, Any] = {"fields": [{"name": field, "type": "string"} for field in table.names]}
    if key:
        schema["primaryKey"] = list(key)
    # That a field was called otherwise is known here, but stands in no file, so it is no change of the schema.
    told = [entry | ({FORMERLY: formerly[entry["name"]]} if entry["name"] in formerly else {}) for entry in schema["fields"]]
    compiled = compile_schema({**schema, "fields": told}, where=table.store.label, name=name)
    descriptor = {"name": name, "path": table.path, "schema": schema}
    resource = Resource(name, table.path, None, table.dialect, descriptor, compiled)
    return Package(table.store, {"name": name, "resources": [descriptor]}, {name: resource}, "")


def fitted_table(word: str | Path, whole: Package, name: str) -> Package:
    """A single file as the table `name` of a package like `whole`."""
    from aistatecraft.comparison.schemas import raw_schema

    resource = whole.resources[name]
    store = _stored(word, resource.path)
    dialect, _ = _header(store, resource.path, resource.schema.names)
    descriptor = {**resource.descriptor, "schema": raw_schema(whole, resource)}
    return Package(store, whole.descriptor, {name: Resource(name, resource.path, None, dialect, descriptor, resource.schema)}, "")
