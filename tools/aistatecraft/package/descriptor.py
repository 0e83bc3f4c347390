"""A data package opened: its descriptor, its resources, and the compiled schema of each table.

`open_package` reads datapackage.json, judges it, and compiles every schema. It reads no table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from aistatecraft.errors import ReadError, UnknownTable, nearest
from aistatecraft.package.locate import home
from aistatecraft.package.schema import TableSchema, compile_schema
from aistatecraft.package.storage import Store, as_path, is_address, open_store, safe_path
from aistatecraft.package.strict_json import strict_json

__all__ = ["Dialect", "Package", "Resource", "open_in", "open_package", "parse_json", "parsed_json", "read_description"]

MAX_RESOURCES = 1_000
MAX_DESCRIPTION = 16 * 1024**2
"""Bytes of a descriptor, a schema or a register: as objects of Python they take twenty times the memory."""
_MAX_DEPTH = 100
"""Objects and lists inside of each other."""
_NOT_IN_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Version 2 of the standard takes any text as a name; these would break the lines of messages and files."""
_DIALECT = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "header": True, "skipInitialSpace": False}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written as text."""

    delimiter: str = ","
    quote: str = '"'


@dataclass(frozen=True)
class Resource:
    """One table of a package: its path and its description."""

    name: str
    path: str
    schema_path: str | None
    dialect: Dialect
    descriptor: Mapping[str, Any]
    schema: TableSchema

    @cached_property
    def key_positions(self) -> tuple[int, ...]:
        """Positions of the fields of the primary key."""
        return tuple(self.schema.names.index(name) for name in self.schema.primary_key)

    def identifier(self, cells: Sequence[str | None]) -> str:
        """Identifier of a record, from its cells in schema order: the values of its key joined by a slash; empty without a key."""
        return "/".join([cells[at] or "" for at in self.key_positions])


class Package:
    """An opened data package.

    Attributes
    ----------
    store : where its files lie
    descriptor : the parsed datapackage.json
    resources : tables by name, in the order of the descriptor
    notes : what was set aside where the package was opened as far as it can be read (see `loose`)
    """

    notes: tuple[str, ...] = ()

    def __init__(self, store: Store, descriptor: Mapping[str, Any], resources: Mapping[str, Resource], descriptor_path: str) -> None:
        self.store = store
        self.descriptor = descriptor
        self.resources = resources
        self.descriptor_path = descriptor_path

    @property
    def version(self) -> str:
        """Version that the descriptor states; empty where it states none."""
        return str(self.descriptor.get("version", ""))

    @property
    def title(self) -> str:
        """Title of the package, else its name, else where it lies."""
        return str(self.descriptor.get("title") or self.descriptor.get("name") or self.store.label)

    @cached_property
    def root(self) -> Path | None:
        """Directory of the package; None for an archive."""
        return self.store.root

    def resource(self, name: str) -> Resource:
        """The table `name`, or `UnknownTable` with the nearest names."""
        try:
            return self.resources[name]
        except (KeyError, TypeError):  # TypeError: a list, say
            raise UnknownTable(f"{name!r:.200} is not a table of this package; {nearest(name, list(self.resources))}") from None


def read_description(store: Store, path: str) -> bytes:
    """Bytes of a file that says what a package holds, and is read whole; `ReadError` where it is too large, which is seen before it is read."""
    size = store.size(path)
    if size <= MAX_DESCRIPTION:
        with store.open(path) as handle:
            raw = handle.read(MAX_DESCRIPTION + 1)
        if len(raw) <= MAX_DESCRIPTION:
            return raw
        size = len(raw)
    raise ReadError(
        f"{store.where(path)}: the file has {size:,} bytes, more than the limit of {MAX_DESCRIPTION:,}; keep data in tables, and schemas in files of their own."
    )


def parse_json(store: Store, path: str) -> Any:
    """The JSON at `path` of the store; `ReadError` where it is too large, or with line and column where it is none."""
    return parsed_json(read_description(store, path), store.where(path))


def _too_deep(found: Any) -> bool:
    level = [found]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def parsed_json(raw: bytes, where: str) -> Any:
    """The JSON in `raw`; `ReadError` where it is none. `where` is how messages name the file.

    Stricter than Python, as readers differ: no name twice in an object, no NaN and Infinity, no number beyond those of computers,
    at most a hundred levels.
    """
    if not raw.strip():
        raise ReadError(f"{where}: the file is empty; it must hold a JSON object.")
    try:
        found = strict_json(raw.decode("utf-8-sig"))
        if _too_deep(found):
            raise RecursionError
        return found
    except UnicodeEncodeError:
        raise ReadError(
            f"{where}: the JSON contains half a surrogate pair, which is not a character; write the character itself."
        ) from None
    except UnicodeDecodeError as error:
        raise ReadError(f"{where}: byte {error.start + 1} is not UTF-8; save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ReadError(f"{where}:{error.lineno}:{error.colno}: this is not JSON ({error.msg}); fix it there.") from None
    except ValueError as error:  # also a number of thousands of digits
        raise ReadError(f"{where}: the JSON contains a value that cannot be read ({error}); correct it.") from None
    except RecursionError:
        raise ReadError(f"{where}: the JSON is nested too deeply to be read.") from None


@lru_cache(maxsize=128)
def _plan(raw: bytes, file: str, where: str, name: str) -> TableSchema:
    # Versions of a package share most of their schemas, and a command may open three of them.
    return compile_schema(parsed_json(raw, file), where=where, name=name)


def _dialect(found: Any, where: str) -> Dialect:
    if not isinstance(found, Mapping):
        raise ReadError(f"{where}: the dialect must be an object.")
    for name, value in found.items():
        if name == "$schema":
            continue
        if name not in _DIALECT:
            raise ReadError(f"{where}: the dialect property {name!r} is not supported; remove it, or write the table as plain CSV.")
        if name not in ("delimiter", "quoteChar", "lineTerminator") and value != _DIALECT[name]:
            raise ReadError(f"{where}: the dialect sets {name} to {value!r}; only {_DIALECT[name]!r} is supported.")
    delimiter, quote = found.get("delimiter", ","), found.get("quoteChar", '"')
    for name, value in (("delimiter", delimiter), ("quoteChar", quote)):
        if not isinstance(value, str) or len(value) != 1 or value in "\r\n":
            raise ReadError(f"{where}: the dialect's {name} must be one character, not {value!r}.")
    if delimiter == quote:
        raise ReadError(f"{where}: the dialect's delimiter and quoteChar are both {quote!r}; they must differ.")
    return Dialect(delimiter, quote)


def _located(path: str, store: Store, where: str, *, schema: bool = False) -> None:
    """Judge where a file of the descriptor lies: inside the package, or at an address where that is allowed, which is then fetched."""
    if not is_address(path):
        safe_path(path, of=where)
        return
    from aistatecraft.package.remote import RemoteStore

    if not isinstance(store, RemoteStore):
        raise ReadError(
            f"{where}: the path {path!r} is an address; packages are read from disk only, so copy the file into the package and use its path, or allow fetching with aistatecraft validate --allow-remote."
        )
    store.fetch(path, of=where, schema=schema)


def _resource(entry: Any, number: int, store: Store, descriptor_path: str) -> Resource:
    where = f"{descriptor_path}: resource {number}"
    if not isinstance(entry, Mapping):
        raise ReadError(f"{where}: a resource must be an object, not {entry!r}.")
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip() or _NOT_IN_NAME.search(name):
        raise ReadError(f"{where}: it needs a name, a text without line breaks and control characters, not {name!r}.")
    where = f"{descriptor_path}: resource {name}"
    path = entry.get("path")
    if isinstance(path, list) and len(path) == 1:
        path = path[0]
    if not isinstance(path, str) or "data" in entry:
        raise ReadError(f"{where}: its path must name one file; tables inside the descriptor or in several files are not supported.")
    encoding = str(entry.get("encoding", "utf-8")).lower()
    if encoding not in ("utf-8", "utf8"):
        raise ReadError(f"{where}: the encoding {encoding!r} is not supported; save the table as UTF-8.")
    schema, schema_path = entry.get("schema"), None
    if isinstance(schema, str):
        _located(schema, store, where, schema=True)
        if not store.exists(schema):
            raise ReadError(f"{where}: its schema {schema} is missing; add the file or correct the path.")
        schema_path = schema
        plan = _plan(read_description(store, schema), store.where(schema), schema, name)
    elif schema is None:
        raise ReadError(f"{where}: it has no schema; name one, such as schemas/{name}.json.")
    else:
        plan = compile_schema(schema, where=where, name=name)
    _located(path, store, where)
    return Resource(name, path, schema_path, _dialect(entry.get("dialect", {}), where), entry, plan)


def open_package(path: str | Path | None = None, *, allow_remote: bool = False) -> Package:
    """Open a data package.

    Parameters
    ----------
    path : str, Path or None
        A directory, a datapackage.json or a zip archive; the package of this installation where it is None.
    allow_remote : bool
        Whether tables and schemas that the package names by an http or https address are fetched, from public servers, in
        bounded size and time.
        The package of this name, aistatecraft, may have none.

    Raises
    ------
    ReadError
        Where it is missing, damaged, points outside itself, describes what is not supported, or cannot be fetched.
    """
    return open_in(*open_store(home() if path is None else as_path(path)), allow_remote=allow_remote)


def open_in(store: Store, descriptor_path: str, *, allow_remote: bool = False) -> Package:
    """As `open_package`, for a store that is open and the path of the descriptor in it."""
    if not store.exists(descriptor_path):
        raise ReadError(f"{store.label}: it contains no {descriptor_path}; give the directory or archive of a data package.")
    descriptor = parse_json(store, descriptor_path)
    if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("resources"), list) or not descriptor["resources"]:
        raise ReadError(f"{descriptor_path}: a data package needs a list of resources.")
    if len(descriptor["resources"]) > MAX_RESOURCES:
        raise ReadError(
            f"{descriptor_path}: it lists {len(descriptor['resources']):,} resources, more than the limit of {MAX_RESOURCES:,}."
        )
    if allow_remote:
        from aistatecraft.package.remote import RemoteStore

        store = RemoteStore(store, own=descriptor.get("name") == "aistatecraft")
    resources: dict[str, Resource] = {}
    for number, entry in enumerate(descriptor["resources"], 1):
        resource = _resource(entry, number, store, descriptor_path)
        if resource.name in resources:
            raise ReadError(f"{descriptor_path}: two resources are named {resource.name}; give one of them another name.")
        resources[resource.name] = resource
    for resource in resources.values():
        for key in resource.schema.foreign_keys:
            target = resources.get(key.resource or resource.name)
            if target is None:
                raise ReadError(
                    f"{resource.schema_path or descriptor_path}: a foreign key refers to the table {key.resource!r}, which the package does not have; {nearest(key.resource, list(resources))}"
                )
            for column in key.references:
                if column not in target.schema.by_name:
                    raise ReadError(
                        f"{resource.schema_path or descriptor_path}: a foreign key refers to {target.name}.{column}, which does not exist; {nearest(column, list(target.schema.names))}"
                    )
    return Package(store, descriptor, resources, descriptor_path)
