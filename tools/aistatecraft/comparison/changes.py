"""A change set: plain values, the same for the Python interface, for every renderer and for `apply`."""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from aistatecraft.comparison.change_rules import BUMPS, CHANGE_RULES, demanded_part, raised
from aistatecraft.errors import ReadError

__all__ = ["CHANGES_FORMAT", "LABELS", "Change", "ChangeSet", "Column", "ComparisonProblem", "raised"]

CHANGES_FORMAT = "aistatecraft-changes/1"
"""Name and version of the JSON form; `changes.schema.json` beside this module describes it."""

LABELS = ("title_en", "name_en", "label_en", "title", "name", "label")
"""Fields that say in words what a record is; the first that is filled in is its label."""
_ORDER = ("major", "minor", "patch", "none")
_LEVELS = ("package", "resource", "schema", "row", "cell")
_ACTIONS = ("added", "removed", "changed", "renamed")


class Column(NamedTuple):
    """The values of a field that was added or removed, in the rows that both tables have.

    Blank values are left out, unless rows have the same values of `by` and are told by their order.

    Attributes
    ----------
    by : the fields whose values say which row is meant: those of the key, or all shared fields where no key tells rows apart
    keys : the values of those fields, one list a row
    values : the value of the field in each of these rows
    rows : how many rows both tables have
    """

    by: tuple[str, ...]
    keys: list[tuple[str, ...]]
    values: list[str]
    rows: int


class ComparisonProblem(NamedTuple):
    """What stands in the way of comparing a table: damage on one side, or a key that does not tell rows apart.

    Attributes
    ----------
    side : old or new
    kind : damage (the table can be read, but its text is broken), unreadable (its file is missing or cannot be read) or duplicate-key
    table : name of the table
    location : file and line, as ``data/strategies.csv:12``
    message : what is wrong, and what to do
    lines : for damage: how the two files differ line by line, each with ``-`` or ``+`` before it
    """

    side: str
    kind: str
    table: str
    location: str
    message: str
    lines: tuple[str, ...] = ()

    @builtins.property
    def sentence(self) -> str:
        """Side, place, cause and fix."""
        return f"{self.side.upper()} {self.location}: {self.message}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        out: dict[str, Any] = {
            "side": self.side,
            "kind": self.kind,
            "table": self.table,
            "location": self.location,
            "message": self.message,
        }
        if self.lines:
            out["lines"] = list(self.lines)
        return out


class Change(NamedTuple):
    """One change. (A tuple, because large tables have many thousands, and nothing is made as quickly.)

    Attributes
    ----------
    level : package, resource, schema, row or cell
    action : added, removed, changed or renamed (a field that has another name, a row that stands under another key)
    table : name of the table; empty for the package
    key : identifies the record: the values of its key fields joined by a slash; where a row was renamed, the old key. A row
        of a table without a key, or one whose key stands in the table more than once, is told by its `values` alone.
    field : the field of a cell or of a schema (its old name where it was renamed); empty where the whole row, table or
        package is meant
    property : what of the schema or descriptor changed, such as ``constraints.maxLength`` or ``title``; empty for the whole
    old, new : before and after. Cells as they stand in the CSV; properties as JSON, texts among them plain; for a renamed
        row the two keys, for a renamed field the two names. None where there was, or is, nothing.
    rule : identifier of the rule in `meaning.RULES` that gives class and reason
    proposed : whether a rename is a conclusion from likeness that a person should confirm
    values : cells of a row that was added or removed, by field; for a cell of a row whose key stands in the table more than once,
        the old cells of that row; None for every other change
    label : what the record is called, such as its title; empty where it has no name
    column : for a field that was added or removed: its values in the rows that both tables have; None where it has none
    note : what this case adds to the reason of its rule, such as why an identifier was withdrawn
    parts : the values of the key fields one by one, by which `apply` finds the row whatever slashes are in them
    new_parts : the same of the new key, for a renamed row
    """

    level: str
    action: str
    table: str = ""
    key: str = ""
    field: str = ""
    property: str = ""
    old: str | None = None
    new: str | None = None
    rule: str = ""
    proposed: bool = False
    values: Mapping[str, str] | None = None
    note: str = ""
    parts: tuple[str, ...] = ()
    new_parts: tuple[str, ...] = ()
    column: Column | None = None
    label: str = ""

    @builtins.property  # a field has the name of the decorator
    def kind(self) -> str:
        """The class: breaking, addition, correction or metadata."""
        return CHANGE_RULES[self.rule].kind

    @builtins.property
    def reason(self) -> str:
        """Why it is of that class, in words."""
        reason = CHANGE_RULES[self.rule].reason
        return f"{reason}: {self.note}" if self.note else reason

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what does not apply is left out, `old` and `new` apart."""
        out: dict[str, Any] = {"level": self.level, "action": self.action}
        for name in ("table", "key", "label", "field", "property"):
            if getattr(self, name):
                out[name] = getattr(self, name)
        out |= {"old": self.old, "new": self.new, "class": self.kind, "rule": self.rule, "reason": self.reason}
        if self.proposed:
            out["proposed"] = True
        if self.values is not None:
            out["values"] = dict(self.values)
        if self.column is not None:
            out["column"] = {**self.column._asdict(), "by": list(self.column.by), "keys": [list(key) for key in self.column.keys]}
        if self.note:
            out["note"] = self.note
        if len(self.parts) > 1 or (self.parts and not self.key):
            out["parts"] = list(self.parts)
        if len(self.new_parts) > 1 or (self.new_parts and not self.new):
            out["new_parts"] = list(self.new_parts)
        return out


@dataclass(repr=False)
class ChangeSet:
    """All changes from one package to another.

    `old` and `new` name the packages, as the user did; `old_created` and `new_created` are the `created` of their descriptors,
    which with the version are no changes but state whose changes these are. `problems` are what could not be compared, or not by its
    key; `hints` say what the user can do to compare better. `key` are the fields that told rows
    apart, for two single tables, which have no schema that says it.
    """

    old: str
    new: str
    old_version: str = ""
    new_version: str = ""
    old_created: str = ""
    new_created: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[ComparisonProblem] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    key: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<ChangeSet {self.old} -> {self.new}: {len(self.changes):,} changes, {self.bump}>"

    def _repr_html_(self) -> str:
        """The change set for a notebook: a summary, and a table of the changes."""
        from aistatecraft.package.escape import html_table

        rows = [(one.action, one.level, one.table, one.key, one.field or one.property, one.old, one.new, one.kind) for one in self.changes]
        return html_table(repr(self)[1:-1], ("action", "level", "table", "record", "field", "old", "new", "class"), rows)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def only(self, kinds: Collection[str] = (), actions: Collection[str] = ()) -> ChangeSet:
        """The changes of some classes and actions; of all where none are named. Problems and hints stay."""
        kept = [one for one in self.changes if (not kinds or one.kind in kinds) and (not actions or one.action in actions)]
        return replace(self, changes=kept)

    @property
    def weight(self) -> str:
        """The part of the version number that the changes would demand after 1.0.0: major, minor, patch or none."""
        found = {BUMPS[CHANGE_RULES[rule].kind] for rule in {change.rule for change in self.changes}}
        return next((part for part in _ORDER if part in found), "none")

    @property
    def bump(self) -> str:
        """The part of the old version number that the changes demand: major, minor, patch or none; before 1.0.0 minor instead of major."""
        return demanded_part(self.old_version, self.weight)

    @property
    def next_version(self) -> str:
        """The lowest version number that the new package may have; empty where nothing changed, or the old version is no such number."""
        return raised(self.old_version, self.bump) if self.changes else ""

    def counts(self) -> dict[str, dict[str, int]]:
        """For each table that changed: rows added, removed, changed and renamed, and cells changed."""
        rows: Counter[tuple[str, str]] = Counter()
        changed: set[tuple[str, tuple[str, ...]]] = set()
        for change in self.changes:
            if change.level == "row":
                rows[change.table, change.action] += 1
            elif change.level == "cell":
                rows[change.table, "cells"] += 1
                changed.add((change.table, change.parts))
        for table, _ in changed:
            rows[table, "changed"] += 1
        tables = dict.fromkeys(change.table for change in self.changes if change.table)
        return {table: {name: rows[table, name] for name in ("added", "removed", "changed", "renamed", "cells")} for table in tables}

    def classes(self) -> dict[str, int]:
        """How many changes there are of each class."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in BUMPS}

    def as_dict(self) -> dict[str, Any]:
        """The change set as plain values, in the form that `changes.schema.json` describes."""
        more: dict[str, Any] = {"problems": [one.as_dict() for one in self.problems]} if self.problems else {}
        if self.hints:
            more["hints"] = list(self.hints)
        if self.key:
            more["key"] = list(self.key)
        return {
            "format": CHANGES_FORMAT,
            "old": {"package": self.old, "version": self.old_version, "created": self.old_created},
            "new": {"package": self.new, "version": self.new_version, "created": self.new_created},
            "bump": self.bump, "next_version": self.next_version, "classes": self.classes(), "counts": self.counts(), **more, "changes": [change.as_dict() for change in self.changes],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, found: Any, where: str = "the change set") -> ChangeSet:
        """The change set that `as_dict` gave; `ReadError` where it is none, or one of another version of the form."""
        if not isinstance(found, Mapping) or found.get("format") != CHANGES_FORMAT:
            named = found.get("format") if isinstance(found, Mapping) else type(found).__name__
            raise ReadError(
                f"{where}: this is not a change set in the format {CHANGES_FORMAT} (found {named!r}); create it with 'aistatecraft diff --format json'."
            )
        try:
            old, new = found["old"], found["new"]
            out = cls(old["package"], new["package"], old["version"], new["version"], old["created"], new["created"])
            out.changes = [_change(entry) for entry in found["changes"]]
            out.problems = [_problem(entry) for entry in found.get("problems", [])]
            out.hints = [str(one) for one in found.get("hints", [])]
            out.key = tuple(str(one) for one in found.get("key", ()))
            if not all(
                isinstance(text, str) for text in (out.old, out.new, out.old_version, out.new_version, out.old_created, out.new_created)
            ):
                raise ValueError("the name of a side is not text")
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ReadError(
                f"{where}: this is not a valid change set ({type(error).__name__}: {error}); create it again with 'aistatecraft diff --format json'."
            ) from None
        return out


def _problem(entry: Mapping[str, Any]) -> ComparisonProblem:
    side, kind, table, location, message = (str(entry[name]) for name in ("side", "kind", "table", "location", "message"))
    return ComparisonProblem(side, kind, table, location, message, tuple(map(str, entry.get("lines", ()))))


def _change(entry: Mapping[str, Any]) -> Change:
    texts = {name: entry.get(name, "") for name in ("table", "key", "label", "field", "property", "note")}
    values = entry.get("values")
    parts = tuple(entry.get("parts", [texts["key"]] if entry["level"] in ("row", "cell") and texts["key"] else []))
    named = entry["level"] == "row" and entry["action"] == "renamed"
    new_parts = tuple(entry.get("new_parts", [entry["new"]] if named else []))
    column = entry.get("column")
    if column is not None:
        column = Column(tuple(column["by"]), [tuple(key) for key in column["keys"]], list(column["values"]), int(column["rows"]))
        cells = [*column.by, *column.values, *(part for key in column.keys for part in key)]
        if len(column.keys) != len(column.values) or not all(isinstance(text, str) for text in cells):
            raise ValueError("the values of a field are not text, or not one a row")
    change = Change(
        level=entry["level"], action=entry["action"], old=entry["old"], new=entry["new"], rule=entry["rule"],
        proposed=entry.get("proposed", False) is True, values=None if values is None else dict(values), parts=parts,
        new_parts=new_parts, column=column, **texts,
    )  # fmt: skip
    whole = all(isinstance(text, str) for text in (*texts.values(), *parts, *new_parts, *(change.values or {}).values()))
    known = (
        change.level in _LEVELS
        and change.action in _ACTIONS
        and change.rule in CHANGE_RULES
        and CHANGE_RULES[change.rule].level == change.level
    )
    sides = all(text is None or isinstance(text, str) for text in (change.old, change.new))
    if not (whole and known and sides):
        raise ValueError(f"this is not a change: {dict(entry)!r:.200}")
    return change
