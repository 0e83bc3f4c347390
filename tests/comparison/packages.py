"""Random packages and what may become of them, for the properties of comparing and applying; all in memory."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st

from aistatecraft.comparison import ChangeSet
from aistatecraft.package import Package
from aistatecraft.package.descriptor import open_in
from aistatecraft.package.memory_storage import MemoryStore

Model = dict[str, dict[str, Any]]
"""Tables by name: `schema` as JSON, `rows` as dictionaries, `said` for further properties of the resource."""

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
"""What drawing packages does, for `suppress_health_check`."""
NAMES = ["id", "code", "name", "a", "b", "c", "d", "e/f"]
CELL = st.sampled_from(
    ["", "a", "b", "a/b", "b/a", "é", "1", "1.0", "01", "2024", "2024-05", "none", 'q"q', "two\nlines", " ", ",", "=1", "true", "TRUE",
     "a text that is long enough to be compared", "a text that is long enough to be compared, too"]
)  # fmt: skip
_LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "required": st.booleans(),
        "unique": st.booleans(),
        "enum": st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, unique=True),
        "pattern": st.sampled_from(["[a-z]+", "[a-z]*", "a|b", r"\d+"]),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(3, 6),
    },
)
_NUMERIC = st.fixed_dictionaries(
    {},
    optional={
        "minimum": st.integers(0, 2),
        "exclusiveMinimum": st.integers(-1, 2),
        "maximum": st.integers(5, 6),
        "enum": st.lists(st.integers(1, 3), min_size=1, unique=True),
    },
)
_MORE: dict[str, Any] = {
    "title": st.sampled_from(["T", "null", "1", '"x"', ""]),
    "description": st.text(max_size=3),
    "example": st.sampled_from([1, "1", None, ["x"], {"y": 1.5}]),
    "missingValues": st.sampled_from([[""], ["", "none"]]),
}


def _categories() -> Any:
    entry = st.sampled_from(["a", "b", "", "1"]).flatmap(lambda value: st.sampled_from([value, {"value": value, "label": "L"}]))
    return st.lists(entry, min_size=1, max_size=3, unique_by=lambda one: one["value"] if isinstance(one, dict) else one)


def field(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """A field of any kind."""
    text = st.fixed_dictionaries(
        {"name": st.just(name), "type": st.sampled_from(["string", "any"])},
        optional={
            **_MORE, "constraints": _LIMITS.filter(lambda limits: True), "categories": _categories(), "categoriesOrdered": st.booleans(),
        },
    ).filter(lambda one: one["type"] == "string" or not {"minLength", "maxLength"} & set(one.get("constraints", {})))  # fmt: skip
    number = st.fixed_dictionaries(
        {"name": st.just(name), "type": st.sampled_from(["integer", "number"])}, optional={**_MORE, "constraints": _NUMERIC}
    )
    plain = st.fixed_dictionaries({"name": st.just(name), "type": st.sampled_from(["string", "boolean", "date"])})
    return st.one_of(plain, text, number)


@st.composite
def table(draw: st.DrawFn, keyed: bool | None = None) -> dict[str, Any]:
    """A table with some fields, a key or none, and rows whose keys may be blank or stand there twice."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    schema: dict[str, Any] = {"fields": [draw(field(name)) for name in names]}
    width = draw(st.integers(0, min(2, len(names))))
    if width:
        schema["primaryKey"] = names[0] if width == 1 and draw(st.booleans()) else names[:width]
    if draw(st.booleans()):
        schema["uniqueKeys"] = [draw(st.lists(st.sampled_from(names), min_size=1, unique=True))]
    if draw(st.integers(0, 4)) == 0:
        schema["foreignKeys"] = [{"fields": [names[0]], "reference": {"resource": "", "fields": [names[-1]]}}]
    schema |= draw(
        st.fixed_dictionaries({}, optional={"title": st.just("T"), "missingValues": st.just(["", "none"]), "x:y": st.integers(0, 1)})
    )
    return {"schema": schema, "rows": draw(st.lists(row(names), max_size=6)), "said": draw(_said)}


_said = st.fixed_dictionaries({}, optional={"title": st.sampled_from(["T", "U"]), "description": st.just("D"), "x:z": st.just([1])})


def row(names: list[str]) -> st.SearchStrategy[dict[str, str]]:
    """A row; its first cell is rather a key of its own."""
    keys = st.sampled_from([f"k{number}" for number in range(1, 30)])
    return st.fixed_dictionaries({name: (st.one_of(keys, keys, keys, keys, CELL) if at == 0 else CELL) for at, name in enumerate(names)})


def names_of(one: dict[str, Any]) -> list[str]:
    """Names of the fields of a table."""
    return [entry["name"] for entry in one["schema"]["fields"]]


@st.composite
def model(draw: st.DrawFn) -> Model:
    """A package of up to three tables, some of which refer to others."""
    out = {name: draw(table()) for name in draw(st.lists(st.sampled_from(["t", "u", "v"]), min_size=1, unique=True))}
    if len(out) > 1 and draw(st.booleans()):
        first, second = list(out)[:2]
        out[first]["schema"].setdefault("foreignKeys", []).append(
            {"fields": names_of(out[first])[0], "reference": {"resource": second, "fields": names_of(out[second])[0]}}
        )
    return out


@st.composite
def later(draw: st.DrawFn, before: Model) -> Model:
    """What may become of a package: of tables, fields, keys and rows some come, go, change and get other names."""
    out: Model = json.loads(json.dumps(before))
    chance = st.integers(0, 3)
    for one in out.values():
        fields = one["schema"]["fields"]
        for at, entry in enumerate(list(fields)):
            if draw(chance):
                continue
            free = [name for name in [*NAMES, "new", "other"] if name not in names_of(one)]
            what = draw(st.sampled_from(["rename", "say", "rework"]))
            if what == "rework":
                fields[at] = draw(field(entry["name"]))
                continue
            name = draw(st.sampled_from(free))
            if what == "say" and draw(st.booleans()):
                entry["aistatecraft:formerly"] = entry["name"]
            _rename(out, one, entry["name"], name)
        if draw(chance) == 0:
            _remove_field(draw, out, one)
        if draw(chance) == 0:
            name = draw(st.sampled_from([name for name in [*NAMES, "new", "other"] if name not in names_of(one)]))
            fields.insert(draw(st.integers(0, len(fields))), draw(field(name)))
            for cells in one["rows"]:
                cells[name] = draw(CELL)
        if draw(st.integers(0, 9)) == 0:
            one["schema"]["primaryKey"] = draw(st.lists(st.sampled_from(names_of(one)), min_size=1, max_size=2, unique=True))
        one["said"] = draw(st.one_of(st.just(one["said"]), _said))
        one["rows"] = draw(_rows(one))
    names = draw(st.lists(st.sampled_from(list(out)), min_size=1, unique=True)) if draw(chance) == 0 else list(out)
    out = {name: out[name] for name in draw(st.permutations(names))}
    for name in [name for name in ("v", "w") if name not in out and draw(chance) == 0]:
        out[name] = draw(table())
    for one in out.values():
        one["schema"]["foreignKeys"] = [
            key for key in one["schema"].get("foreignKeys", []) if key["reference"]["resource"] in ("", *out)
            and set(_list(key["reference"]["fields"])) <= set(names_of(out.get(key["reference"]["resource"], one)))
        ]  # fmt: skip
        if not one["schema"]["foreignKeys"]:
            del one["schema"]["foreignKeys"]
    if draw(st.booleans()):
        out["retired"] = _retired(draw, before, out)
    return out


def _retired(draw: st.DrawFn, before: Model, after: Model) -> dict[str, Any]:
    """A table that says of some identifiers that went what became of them, and of others something that is not so."""
    fields = [{"name": name, "type": "string"} for name in ("id", "table", "replaced_by", "reason")]
    rows = []
    for name in [name for name in before if name in after]:
        was, now = ([next(iter(cells.values())) for cells in one["rows"]] for one in (before[name], after[name]))
        gone, come = [key for key in was if key not in now], [key for key in now if key not in was]
        for key in gone:
            by = draw(st.sampled_from([*come, *come, *come, *now, *gone, "", "nowhere"]))
            rows.append({"id": key, "table": name, "replaced_by": by, "reason": draw(st.sampled_from(["", "twice"]))})
    return {"schema": {"fields": fields, "primaryKey": ["table", "id"]}, "rows": rows, "said": {}}


@st.composite
def two(draw: st.DrawFn) -> tuple[Model, Model]:
    """A package and what became of it."""
    before = draw(model())
    return before, draw(later(before))


def sorted_out(changes: ChangeSet) -> list[str]:
    """Changes without their order."""
    return sorted(json.dumps(change.as_dict(), sort_keys=True) for change in changes.changes)


def _list(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _rename(whole: Model, one: dict[str, Any], old: str, new: str) -> None:
    def named(names: Any) -> Any:
        return (new if names == old else names) if isinstance(names, str) else [new if name == old else name for name in names]

    schema = one["schema"]
    for entry in schema["fields"]:
        entry["name"] = new if entry["name"] == old else entry["name"]
    if "primaryKey" in schema:
        schema["primaryKey"] = named(schema["primaryKey"])
    schema.update({"uniqueKeys": [named(key) for key in schema["uniqueKeys"]]} if "uniqueKeys" in schema else {})
    for key in schema.get("foreignKeys", []):
        key["fields"] = named(key["fields"])
    for other in whole.values():
        for key in other["schema"].get("foreignKeys", []):
            if whole.get(key["reference"]["resource"], other) is one:
                key["reference"]["fields"] = named(key["reference"]["fields"])
    one["rows"] = [{new if name == old else name: cell for name, cell in cells.items()} for cells in one["rows"]]


def _remove_field(draw: st.DrawFn, whole: Model, one: dict[str, Any]) -> None:
    schema = one["schema"]
    if len(schema["fields"]) == 1:
        return
    entry = draw(st.sampled_from(schema["fields"]))
    name = entry["name"]
    schema["fields"].remove(entry)
    if name in _list(schema.get("primaryKey", [])):
        del schema["primaryKey"]
    schema["uniqueKeys"] = [key for key in schema.get("uniqueKeys", []) if name not in _list(key)]
    schema["foreignKeys"] = [key for key in schema.get("foreignKeys", []) if name not in _list(key["fields"])]
    for word in ("uniqueKeys", "foreignKeys"):
        if not schema[word]:
            del schema[word]
    for cells in one["rows"]:
        del cells[name]


@st.composite
def _rows(draw: st.DrawFn, one: dict[str, Any]) -> list[dict[str, str]]:
    names, out = names_of(one), []
    for cells in one["rows"]:
        fate = draw(st.integers(0, 9))
        if fate == 0:
            continue
        out.append(dict(cells))
        if fate == 1:
            out.append(dict(cells))
        if fate in (2, 3, 4, 5):
            out[-1][draw(st.sampled_from(names))] = draw(CELL)
        if fate == 6:
            out[-1][names[0]] = draw(st.sampled_from(["n1", "n2", "n3"]))
    out += draw(st.lists(row(names), max_size=2))
    return draw(st.permutations(out))


def text(one: dict[str, Any], *, quoting: int = csv.QUOTE_MINIMAL, names: list[str] | None = None, delimiter: str = ",") -> bytes:
    """The CSV of a table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names or names_of(one), lineterminator="\n", quoting=quoting, delimiter=delimiter)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(one["rows"])
    return out.getvalue().encode()


def opened(tables: Model, label: str = "made", quoting: int = csv.QUOTE_MINIMAL, apart: bool = False, **descriptor: Any) -> Package:
    """The package of a model; `apart` keeps each schema in a file of its own."""
    files, resources = {}, []
    for name, one in tables.items():
        schema: Any = one["schema"]
        if apart:
            files[f"schemas/{name}.json"] = json.dumps(schema).encode()
            schema = f"schemas/{name}.json"
        files[f"data/{name}.csv"] = text(one, quoting=quoting)
        resources.append({"name": name, "path": f"data/{name}.csv", "schema": schema, **one["said"]})
    files["datapackage.json"] = json.dumps({"name": "made", "version": "0.1.0", **descriptor, "resources": resources}).encode()
    return open_in(MemoryStore(label, files), "datapackage.json")


def plain(package: Package) -> dict[str, Any]:
    """What a package holds, read with nothing of ours but its files: nothing in it depends on an order that means nothing."""
    files = package.store.files  # type: ignore[attr-defined]
    descriptor = json.loads(files["datapackage.json"])
    out: dict[str, Any] = {"": {name: value for name, value in descriptor.items() if name != "resources" and value is not None}}
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        schema = json.loads(files[schema]) if isinstance(schema, str) else schema
        rows = list(csv.DictReader(io.StringIO(files[resource["path"]].decode(), newline="")))
        out[resource["name"]] = {
            "said": {name: value for name, value in resource.items() if name not in ("path", "schema") and value is not None},
            "rows": Counter(frozenset((name, cell) for name, cell in cells.items() if cell) for cells in rows),
            "fields": {entry["name"]: _field(entry) for entry in schema["fields"]},
            "key": _list(schema.get("primaryKey") or []),
            "unique": {frozenset(_list(key)) for key in schema.get("uniqueKeys") or []},
            "foreign": {
                (key["reference"].get("resource") or resource["name"], frozenset(zip(_list(key["fields"]), _list(key["reference"]["fields"]), strict=True)))
                for key in schema.get("foreignKeys") or []
            },
            "more": {name: value for name, value in schema.items() if name not in ("fields", "primaryKey", "uniqueKeys", "foreignKeys")},
        }  # fmt: skip
    return out


def _field(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None and (name, value) != ("constraints", {})}
