"""What a rule is, and the view of all tables that it gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from aistatecraft.package.schema import TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULES", "WHOLE", "Baseline", "Problem", "Rule", "RuleContext", "rule"]


WHOLE = -1
"""The row of a problem that is that of a whole table."""


class Problem(NamedTuple):
    """A row that breaks a rule: its index in the frame, the field to look at (empty: the row), the reason, the hint how to fix it."""

    row: int
    """`WHOLE` where it is the table as a whole."""
    field: str
    message: str
    hint: str


@dataclass(frozen=True)
class Baseline:
    """What is kept in mind of the last release: enough to see that data went missing."""

    version: str
    rows: Mapping[str, int]
    """Rows of each table."""
    filled: Mapping[str, Mapping[str, int]]
    """For each table and field how many cells had a value."""
    identifiers: Mapping[str, frozenset[str]]
    """For each table whose key is `id` its identifiers."""


@dataclass
class RuleContext:
    """All tables of a package, typed, as rules see them. A table that could not be read is absent."""

    schemas: Mapping[str, TableSchema]
    frames: Mapping[str, pd.DataFrame]
    today: dt.date
    earlier: Baseline | None = None
    """The last release; None where there was none."""
    _cache: dict[str, Any] = field(default_factory=dict)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Rows of a table as dictionaries, None where missing, with their frame index under ``_row``; empty where absent."""
        key = f"rows:{name}"
        if key not in self._cache:
            frame = self.frames.get(name)
            made: list[dict[str, Any]] = []
            if frame is not None and len(frame):
                columns = {
                    str(column): frame[column].astype(object).where(frame[column].notna(), None).tolist() for column in frame.columns
                }
                made = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
                for number, row in zip(frame.index.tolist(), made, strict=True):
                    row["_row"] = number
            self._cache[key] = made
        found: list[dict[str, Any]] = self._cache[key]
        return found

    def identify(self, name: str, row: Mapping[str, Any]) -> str:
        """Identifier of a row: the values of its key, joined by a slash."""
        return "/".join(str(row[part]) for part in self.schemas[name].primary_key)

    @cached_property
    def records(self) -> Mapping[str, dict[str, dict[str, Any]]]:
        """For each table its rows by identifier."""
        return {name: {self.identify(name, row): row for row in self.rows(name)} for name in self.schemas if self.schemas[name].primary_key}


Check = Callable[[str, "RuleContext"], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule: its identifier, what it looks at, how grave a break is, and the function."""

    id: str
    scope: str
    severity: str
    tables: tuple[str, ...]
    """Tables whose rows it judges; empty for every table that has the fields it needs."""
    needs: tuple[str, ...]
    check: Check

    @property
    def meaning(self) -> str:
        """The docstring: what the rule asks for, and why."""
        return (self.check.__doc__ or "").strip()

    def judges(self, schema: TableSchema) -> bool:
        """Whether the rule has something to say about a table."""
        return (not self.tables or schema.name in self.tables) and all(name in schema.by_name for name in self.needs)


RULES: dict[str, Rule] = {}


def rule(
    identifier: str, *, scope: str, tables: tuple[str, ...] = (), needs: tuple[str, ...] = (), severity: str = "error"
) -> Callable[[Check], Check]:
    """Register a function as a rule.

    Parameters
    ----------
    identifier : kebab-case name, shown with each finding
    scope : cell, row, table or package: how far it has to look
    tables : tables whose rows it judges; empty for all that have `needs`
    needs : fields that a table must have
    severity : error or warning
    """

    def register(check: Check) -> Check:
        if identifier in RULES:
            raise ValueError(f"two rules are named {identifier}")
        RULES[identifier] = Rule(identifier, scope, severity, tables, needs, check)
        return check

    return register
