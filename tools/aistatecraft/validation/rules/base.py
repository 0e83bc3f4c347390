"""What a rule is, and what it may ask for besides the frame that it judges."""

from __future__ import annotations

import datetime as dt
from collections import ChainMap
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from aistatecraft.package.schema import TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULES", "WHOLE", "Baseline", "Context", "Problem", "Rule", "rows", "rule", "where"]

T = TypeVar("T")

WHOLE = -1
"""The row of a problem of the table as a whole."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that breaks a rule: its record number, the field to look at (empty: the row), the reason, and a hint how to fix it."""

    row: int
    """`WHOLE` where it is the table as a whole."""
    field: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}"


@dataclass(frozen=True)
class Baseline:
    """What is kept of the last release: enough to see that data went missing."""

    version: str
    rows: Mapping[str, int]
    """Rows of each table."""
    filled: Mapping[str, Mapping[str, int]]
    """For each table and field how many cells had a value."""
    identifiers: Mapping[str, frozenset[str]]
    """For each table whose key is `id` its identifiers."""


def rows(frame: pd.DataFrame | None, *fields: str, only: pd.Series | None = None) -> Iterator[tuple[Any, ...]]:
    """Record number and values of some fields for each row of a frame, None where missing.

    `only` says for each row whether it is wanted; a missing answer is no. Where there is no frame, there are no rows.
    """
    if frame is None or not len(frame):
        return iter(())
    if only is None:
        return zip(frame.index.tolist(), *(_values(frame[field]) for field in fields), strict=True)
    wanted = only.to_numpy(dtype=bool, na_value=False)
    if not wanted.any():
        return iter(())
    return zip(frame.index[wanted].tolist(), *(_values(frame[field][wanted]) for field in fields), strict=True)


def _values(column: pd.Series) -> list[Any]:
    array = column.array
    if column.dtype == "category":
        known = [*array.categories, None]  # the code of a missing value is -1
        return [known[code] for code in array.codes.tolist()]
    if column.dtype.kind == "M" or column.dtype == object:
        return [None if missing else value for value, missing in zip(array, column.isna(), strict=True)]
    made: list[Any] = array.to_numpy(dtype=object, na_value=None).tolist()
    return made


def where(column: pd.Series, test: Callable[[Any], bool]) -> pd.Series:
    """For each row whether `test` holds for its value, False where it is missing. Each distinct value is tested once."""
    import pandas as pd

    hits = [value for value in column.dropna().unique() if test(value)]
    return column.isin(hits) if hits else pd.Series(False, index=column.index)


class Context:
    """What a rule may ask for besides the frame that it judges: schemas, other tables, the day, the last release.

    Parameters
    ----------
    table : name of the table whose frame is judged
    schemas : all schemas of the package
    frames : typed frames by table, each indexed by record number; may read them when they are asked for. A table that cannot be
        read is absent.
    today : the day against which dates are judged
    baseline : gives the last release; None where there was none
    unsound : for each table the cells, as (record number, field), that break their type or a constraint; frames hold no value there
    suppressed : (rule, table, record, field) of reviewed problems that are not reported
    """

    def __init__(
        self,
        table: str,
        schemas: Mapping[str, TableSchema],
        frames: Mapping[str, pd.DataFrame],
        today: dt.date,
        baseline: Callable[[], Baseline | None] = lambda: None,
        unsound: Mapping[str, Collection[tuple[int, str]]] | None = None,
        suppressed: Collection[tuple[str, str, str, str]] = (),
    ) -> None:
        self.table, self.schemas, self.today, self.suppressed = table, schemas, today, suppressed
        self._frames, self._baseline, self._unsound = frames, baseline, unsound or {}
        self._once: dict[Hashable, Any] = {}

    def of(self, table: str) -> Context:
        """The same for the rules of another table; what was derived once is shared."""
        other = Context(table, self.schemas, self._frames, self.today, self._baseline, self._unsound, self.suppressed)
        other._once = self._once
        return other

    def judging(self, frame: pd.DataFrame, unsound: Collection[tuple[int, str]]) -> Context:
        """The same for a frame that replaces the table."""
        frames = ChainMap({self.table: frame}, self._frames)  # type: ignore[arg-type]
        return Context(self.table, self.schemas, frames, self.today, self._baseline, {self.table: unsound}, self.suppressed)

    def __deepcopy__(self, memo: dict[int, Any]) -> Context:
        """Itself: pandera copies schemas deeply, which must not copy all tables."""
        return self

    @property
    def schema(self) -> TableSchema:
        """Schema of the table to check."""
        return self.schemas[self.table]

    @property
    def baseline(self) -> Baseline | None:
        """The last release; None where there was none."""
        return self.once("baseline", self._baseline)

    @property
    def unsound(self) -> Collection[tuple[int, str]]:
        """Cells of the judged table that break their type or a constraint, which is reported without the rules."""
        return self._unsound.get(self.table, ())

    def frame(self, table: str) -> pd.DataFrame | None:
        """The typed frame of a table; None where there is none, or it cannot be read."""
        return self._frames.get(table)

    def rows(self, table: str, *fields: str) -> Iterator[tuple[Any, ...]]:
        """As the function `rows`, for a table by name. Columns are made into lists once, whatever rule asks for them."""
        frame = self.frame(table)
        if frame is None or not len(frame):
            return iter(())
        return zip(range(len(frame)), *(self.column(table, field) for field in fields), strict=True)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """A value that several rules or tables need, made when it is first asked for."""
        if key not in self._once:
            self._once[key] = make()
        value: T = self._once[key]
        return value

    def column(self, table: str, field: str) -> list[Any]:
        """Values of one field by record number, None where missing; empty where there is no table."""
        frame = self.frame(table)
        return [] if frame is None else self.once(("column", table, field), lambda: _values(frame[field]))

    def present(self, field: str) -> Iterator[tuple[int, Any]]:
        """Record number and value of each cell of a field of the judged table that has a value."""
        return ((number, value) for number, value in enumerate(self.column(self.table, field)) if value is not None)

    def keep_columns(self, table: str, columns: Mapping[str, list[Any]]) -> None:
        """Take lists of the values of some fields, which need not be made from the frame again."""
        self._once.update({("column", table, field): values for field, values in columns.items()})

    def identifiers(self, table: str) -> list[str]:
        """Identifier of each record: the values of its key joined by a slash. Empty where the table is absent or has no key."""
        key = self.schemas[table].primary_key if table in self.schemas else ()
        columns = [self.column(table, name) for name in key]
        return self.once(("identifiers", table), lambda: ["/".join(map(str, parts)) for parts in zip(*columns, strict=True)])

    def records(self, table: str) -> Mapping[str, int]:
        """Record number by identifier."""
        return self.once(("records", table), lambda: {name: number for number, name in enumerate(self.identifiers(table))})


Judge = Callable[["pd.DataFrame", Context], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule: its identifier, what it looks at, how grave a break is, and the function."""

    id: str
    scope: str
    severity: str
    tables: tuple[str, ...]
    """Tables whose rows it judges; empty for every table that has the fields it needs."""
    needs: tuple[str, ...]
    check: Judge

    @property
    def meaning(self) -> str:
        """The docstring: what the rule requires, and why."""
        return (self.check.__doc__ or "").strip()

    def judges(self, schema: TableSchema) -> bool:
        """Whether the rule has something to say about a table."""
        return (not self.tables or schema.name in self.tables) and all(name in schema.by_name for name in self.needs)


RULES: dict[str, Rule] = {}


def rule(
    identifier: str, *, scope: str, tables: tuple[str, ...] = (), needs: tuple[str, ...] = (), severity: str = "error"
) -> Callable[[Judge], Judge]:
    """Register a function as a rule.

    The function gets the typed frame of a table, indexed by record number, and a `Context`. It yields a `Problem` for each row
    that breaks the rule. Any cell may be missing: those that break their type or a constraint are handed on as missing.

    Parameters
    ----------
    identifier : kebab-case name, shown with each finding
    scope : cell, row, table or package: how far it has to look
    tables : tables whose rows it judges; empty for all that have `needs`
    needs : fields that a table must have
    severity : error or warning; or note, for what may need attention as time passes and is not counted as a problem
    """

    def register(check: Judge) -> Judge:
        if identifier in RULES:
            raise ValueError(f"two rules are named {identifier}")
        RULES[identifier] = Rule(identifier, scope, severity, tables, needs, check)
        return check

    return register
