"""pandera schemas made from Table Schemas: what `validate` runs on typed frames, and what users run on frames of their own.

The schema of a table carries its dtypes, constraints and keys, and the rules of the table, all as pandera checks. pandera never
parses or converts: it gets typed columns. A rule is evaluated on the frame that pandera hands to its check, and each failure case
is the `Problem` that the rule found, with field, reason and hint.
"""

from __future__ import annotations

import datetime as dt
import os
import warnings
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NoReturn

import pandas as pd

from aistatecraft.errors import UsageError
from aistatecraft.package import Package
from aistatecraft.package.dataframe import read_frame
from aistatecraft.package.schema import Constraint, Field, ForeignKey, TableSchema
from aistatecraft.validation.baseline import read_baseline
from aistatecraft.validation.frame_conversion import converted, dtype_of, has_dtype, with_own_categories, wrong_dtypes
from aistatecraft.validation.rules.base import RULES, WHOLE, Context, Judge, Problem, Rule, rows, where
from aistatecraft.validation.suppressions import suppressed_places

os.environ.setdefault("DISABLE_PANDERA_IMPORT_WARNING", "True")
with warnings.catch_warnings():  # notes about libraries that nobody asked for
    warnings.simplefilter("ignore")
    import pandera.pandas as pa
    from pandera.api.base.checks import CheckResult
    from pandera.backends.pandas.checks import PandasCheckBackend
    from pandera.backends.pandas.container import DataFrameSchemaBackend
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrorReason

__all__ = ["FrameCheck", "TableFrameSchema", "ValidationDepth", "config_context", "context_of", "frame_schema", "pa", "rules_of"]


def _keeps(column: Field, constraint: Constraint) -> Callable[[pd.Series], pd.Series]:
    """The constraint as a test of a column: True for each row that keeps it. Each distinct value is judged once."""

    def breaks(value: Any) -> bool:
        """Whether a value breaks it. Months, times and numbered categories stand in frames as texts."""
        native = value.date() if isinstance(value, pd.Timestamp) else value
        if isinstance(native, bool):
            return not constraint.holds("true" if native else "false", native)
        if not isinstance(native, str):
            return not constraint.holds(str(native), native)
        try:
            return not constraint.holds(native, column.kind.of_frame(native))
        except ValueError:
            return True

    def check(series: pd.Series) -> pd.Series:
        if column.dtype == "object":
            present = series.map(lambda value: isinstance(value, (list, dict)) or not pd.isna(value)).astype(bool)
            return ~present | ~series.where(present).map(lambda value: isinstance(value, (list, dict)) and breaks(value)).astype(bool)
        if constraint.all_fit is not None and column.dtype == "string":
            distinct = series.dropna().unique().tolist()
            if not distinct or (all(isinstance(value, str) for value in distinct) and constraint.all_fit(distinct)):
                return pd.Series(True, index=series.index)
        return ~where(series, breaks)

    return check


def _stands_once(series: pd.Series) -> pd.Series:
    """Whether a value stands once, or is missing: two missing values are not the same (pandera's `unique` takes them for it)."""
    return ~series.duplicated() | series.isna()


def _is_date(series: pd.Series) -> bool | pd.Series:
    """Whether values are days: `datetime64` of any unit, without time zone and time of day."""
    return series.dt.normalize() == series if pd.api.types.is_datetime64_dtype(series) else False


def _are_lists(series: pd.Series) -> pd.Series:
    return series.map(lambda value: isinstance(value, list)).astype(bool) | series.isna()


def _column(column: Field, key: bool) -> pa.Column:
    checks = [
        pa.Check(_keeps(column, constraint), error=constraint.rule, name=constraint.rule)
        for constraint in column.constraints
        if constraint.rule != "category"  # the categorical dtype says it
    ]
    if column.unique:
        checks.append(pa.Check(_stands_once, error="unique", name="unique"))
    if column.type == "list":
        checks.append(pa.Check(_are_lists, error="type", name="type"))
    if column.dtype == "datetime64[s]":
        checks.append(pa.Check(_is_date, error="type", name="type"))
    return pa.Column(
        dtype_of(column), checks=checks, nullable=not (column.required or key),
        coerce=False, title=column.title, description=column.description, name=column.name,
    )  # fmt: skip


class _Judging:
    """Gives the checks of one schema the frame that they judge as the rules need it, and its context; both are made once a frame."""

    def __init__(self, context: Context, typed: bool) -> None:
        self.context, self.typed = context, typed
        self._last: tuple[Callable[[], pd.DataFrame | None], tuple[pd.DataFrame, Context] | None] | None = None

    def of(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, Context] | None:
        """The frame indexed by record number and without the values that break constraints; None where columns or dtypes are wrong."""
        if self.typed:
            return frame, self.context
        last = self._last
        if last is None or last[0]() is not frame:
            last = self._last = weakref.ref(frame), self._prepared(frame)
        return last[1]

    def forget(self) -> None:
        """Forget the last frame, which may be changed before it is judged again."""
        self._last = None

    def _prepared(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, Context] | None:
        schema = self.context.schema
        if not frame.columns.is_unique or any(
            column.name not in frame.columns or not has_dtype(column, frame[column.name]) for column in schema.fields
        ):
            return None
        sound, unsound = _sound(frame, schema)
        return sound, self.context.judging(sound, unsound)


def _sound(frame: pd.DataFrame, schema: TableSchema) -> tuple[pd.DataFrame, set[tuple[int, str]]]:
    """A frame indexed by record number, without the values that break a constraint, and the cells that are reported without the rules."""
    sound = frame.reset_index(drop=True)
    cells: set[tuple[int, str]] = set()
    for column in schema.fields:
        values = sound[column.name]
        broken = pd.Series(False, index=values.index)
        for constraint in column.constraints:
            broken |= ~_keeps(column, constraint)(values)
        if broken.any():
            sound[column.name] = values.mask(broken)
        if column.required or column.name in schema.primary_key:
            broken |= values.isna()
        cells.update((number, column.name) for number in sound.index[broken])
    return sound, cells


class FrameCheck(pa.Check):
    """A rule, or a key that compares rows, as a pandera check of a whole frame.

    Its failure cases have the `Problem` as ``failure_case``, its field as ``column``, and the index of the row, None where it is
    the table as a whole.
    """

    def __init__(self, name: str, judge: Judge, judging: _Judging, *, rule: Rule | None = None, raise_warning: bool = False) -> None:
        self.judge, self.judging, self.rule = judge, judging, rule
        description = rule.meaning if rule is not None else None
        super().__init__(self.problems, name=name, error=name, description=description, ignore_na=False, raise_warning=raise_warning)

    def problems(self, frame: pd.DataFrame) -> list[Problem]:
        """What is wrong with a frame. Nothing of a cell that breaks its type or a constraint, which is reported already."""
        prepared = self.judging.of(frame)
        if prepared is None:
            return []
        sound, context = prepared
        found = [problem for problem in self.judge(sound, context) if (problem.row, problem.field) not in context.unsound]
        if not context.suppressed or not found:
            return found
        names = context.identifiers(context.table)

        def place(problem: Problem) -> tuple[str, ...]:
            return self.name or "", context.table, names[problem.row] if names and problem.row != WHOLE else "", problem.field

        return [problem for problem in found if place(problem) not in context.suppressed]


class _FrameCheckBackend(PandasCheckBackend):
    """Makes the result of a `FrameCheck` from its problems: pandera's own would list every column of a broken row."""

    def postprocess(self, check_obj: pd.DataFrame, check_output: list[Problem]) -> CheckResult:
        """The result: which rows pass, and a failure case a problem."""
        if not check_output:
            return CheckResult(True, True, check_obj, None)
        broken = [problem.row for problem in check_output if problem.row != WHOLE]
        passed = pd.Series(True, index=check_obj.index)
        passed.iloc[broken] = False
        labels = check_obj.index.map(str) if isinstance(check_obj.index, pd.MultiIndex) else check_obj.index
        cases = pd.DataFrame(
            {
                "column": [problem.field or None for problem in check_output],
                "index": [None if problem.row == WHOLE else labels[problem.row] for problem in check_output],
                "failure_case": check_output,
            },
            dtype=object,
        )
        return CheckResult(passed, False, check_obj, cases)


FrameCheck.register_backend(pd.DataFrame, _FrameCheckBackend)


class TableFrameSchema(pa.DataFrameSchema):
    """The pandera schema of a table, made by `frame_schema`; what it checks is said by `aistatecraft.schema`."""

    table: TableSchema
    judging: _Judging
    converts: bool = False
    """Whether `validate` converts columns of other dtypes first."""

    def validate(
        self, check_obj: pd.DataFrame, head: int | None = None, tail: int | None = None, sample: int | None = None,
        random_state: int | None = None, lazy: bool = False, inplace: bool = False,
    ) -> pd.DataFrame:  # fmt: skip
        """As in pandera: the frame, or `SchemaError` at the first failure, `SchemaErrors` with all of them where `lazy`."""
        if self.converts and isinstance(check_obj, pd.DataFrame):
            check_obj = converted(check_obj, self.table)
        if isinstance(check_obj, pd.DataFrame):
            check_obj = with_own_categories(check_obj, self.table)
        if (
            not lazy
            and isinstance(check_obj, pd.DataFrame)
            and (wrong := wrong_dtypes(check_obj, self.table, after_conversion=self.converts))
        ):
            wrong_dtype = SchemaErrorReason.WRONG_DATATYPE
            raise pa.errors.SchemaError(self, check_obj, wrong, check="dtype", reason_code=wrong_dtype)  # type: ignore[no-untyped-call]
        self.judging.forget()
        try:
            made: pd.DataFrame = super().validate(check_obj, head, tail, sample, random_state, lazy, inplace)
        finally:
            self.judging.forget()
        return made

    def to_yaml(self, *_: Any, **__: Any) -> NoReturn:
        """Not possible; `UsageError` says why."""
        raise self._not_written("YAML")

    def to_json(self, *_: Any, **__: Any) -> NoReturn:
        """Not possible; `UsageError` says why."""
        raise self._not_written("JSON")

    def to_script(self, *_: Any, **__: Any) -> NoReturn:
        """Not possible; `UsageError` says why."""
        raise self._not_written("a script")

    def _not_written(self, form: str) -> UsageError:
        return UsageError(
            f"the schema of {self.name} cannot be written as {form}, which would lose its constraints, keys and rules; "
            f"the fields, constraints and keys are in schemas/{self.name}.json, the rules in docs/rules.md."
        )


TableFrameSchema.register_backend(pd.DataFrame, DataFrameSchemaBackend)


def frame_schema(context: Context, *, rules: Collection[Rule] = (), typed: bool = False, coerce: bool = False) -> TableFrameSchema:
    """The pandera schema of the table that a context is about.

    Parameters
    ----------
    context : schemas, other tables, the day and the last release
    rules : the rules to check, of which those for this table are taken
    typed : whether the frame to validate is that of the context, without cells that break types or constraints. Rules that are warnings
        then fail like others; else pandera warns of them.
    coerce : whether to convert columns of other dtypes first, as `frame_conversion.converted` does

    Returns
    -------
    TableFrameSchema
        Strict: exactly the fields of the schema.
    """
    schema, judging = context.schema, _Judging(context, typed)
    checks = [
        *(FrameCheck("unique-key", _unique(key), judging) for key in schema.unique_keys),
        *(FrameCheck("foreign-key", _refers(key), judging) for key in schema.foreign_keys),
        *(
            FrameCheck(rule.id, rule.check, judging, rule=rule, raise_warning=not typed and rule.severity != "error")
            for rule in rules
            # A note is no fault of the data: a frame passes with it, and `validate` lists it.
            if rule.judges(schema) and (typed or rule.severity != "note")
        ),
    ]
    made = TableFrameSchema(
        {column.name: _column(column, column.name in schema.primary_key) for column in schema.fields},
        checks=checks,
        strict=True,
        unique_column_names=True,
        ordered=False,
        unique=list(schema.primary_key) or None,
        report_duplicates="exclude_first",
        name=schema.name,
        title=schema.title,
        description=schema.description,
    )
    made.table, made.judging, made.converts = schema, judging, coerce
    return made


def _unique(key: Sequence[str]) -> Judge:
    def unique_key(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
        again = frame[list(key)].notna().all(axis=1) & frame.duplicated(list(key))
        for number, *parts in rows(frame, *key, only=again):
            message = f"the combination of {', '.join(key)} {' / '.join(map(str, parts))!r} already appears in another row"
            yield Problem(number, key[0], message, "delete one of the two rows, or give this one another key")

    return unique_key


def _refers(key: ForeignKey) -> Judge:
    def foreign_key(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
        target = key.resource or context.table
        there = context.frame(target)
        if there is None:
            return
        known = context.once(("keys", target, key.references), lambda: {parts[1:] for parts in rows(there, *key.references)})
        for number, *parts in rows(frame, *key.fields, only=frame[list(key.fields)].notna().all(axis=1)):
            if tuple(parts) not in known:
                message = f"{' / '.join(map(str, parts))!r} is not in {target}.{'/'.join(key.references)}"
                yield Problem(number, key.fields[0], message, f"correct it, or add the row to {target}")

    return foreign_key


class _Frames(Mapping[str, pd.DataFrame]):
    """The tables of a package as frames without unsound values, read when they are asked for; some may be replaced."""

    def __init__(self, package: Package, replaced: Mapping[str, pd.DataFrame]) -> None:
        self._package, self._replaced = package, replaced
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._package.resources:
            raise KeyError(table)
        if table not in self._read:
            resource = self._package.resources[table]
            frame = converted(self._replaced[table], resource.schema) if table in self._replaced else read_frame(self._package, resource)
            self._read[table] = _sound(frame, resource.schema)[0]
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._package.resources)

    def __len__(self) -> int:
        return len(self._package.resources)


def context_of(package: Package, table: str, *, today: dt.date, frames: Mapping[str, pd.DataFrame]) -> Context:
    """The context of a table for frames of users: other tables are those of the package, read when a rule asks for them.

    Parameters
    ----------
    package, table : the package, and the table whose frame is to be judged
    today : the day against which dates are judged
    frames : frames that replace tables of the package

    Raises
    ------
    UsageError
        Where `frames` names a table that does not exist, or one of its frames has other columns or dtypes than its schema.
    """
    for name, frame in frames.items():
        schema = package.resource(name).schema
        missing = [column for column in schema.names if column not in frame.columns]
        if missing:
            raise UsageError(f"frames: {name} lacks the columns {', '.join(missing)}; add them.")
        if wrong := wrong_dtypes(converted(frame, schema), schema, after_conversion=True):
            raise UsageError(f"frames: {wrong}")
    schemas = {name: resource.schema for name, resource in package.resources.items()}
    places = suppressed_places(package)
    return Context(table, schemas, _Frames(package, frames), today, lambda: read_baseline(package)[0], suppressed=places)


def rules_of(package: Package) -> Collection[Rule]:
    """The rules for a package: they know the tables of this dataset; another is judged by its schemas alone."""
    return RULES.values() if package.descriptor.get("name") == "aistatecraft" else ()
