"""The typed layer: frames that we typed, and the rules on them as checks of pandera schemas.

Types, constraints and keys were judged cell by cell in the text; pandera is not asked for them again (`aistatecraft.schema`
gives users the schema that has them all).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from aistatecraft.package import Package
from aistatecraft.package.dataframe import frame_of_values
from aistatecraft.validation.baseline import read_baseline
from aistatecraft.validation.pandera_schemas import import_pandera
from aistatecraft.validation.report import ERROR, Finding
from aistatecraft.validation.rules import RULES, WHOLE, Problem, Rule, RuleContext
from aistatecraft.validation.table_check import CheckedTable

__all__ = ["check_rules"]


def _as_check(rule: Rule, rows: set[int], pa: Any) -> Any:
    """The rule as a pandera check on a frame: true for each row that keeps it."""
    return pa.Check(lambda frame: ~frame.index.to_series().isin(rows), error=rule.id, name=rule.id)


def check_rules(package: Package, checked: Mapping[str, CheckedTable], today: dt.date) -> Iterator[Finding]:
    """Run the rules over every table.

    Parameters
    ----------
    package : the package
    checked : its tables after the text layer
    today : the day against which dates are judged
    """
    frames = {name: frame_of_values(table.resource.schema, table.values()) for name, table in checked.items() if table.readable}
    earlier, unreadable = read_baseline(package)
    yield from unreadable
    tables = RuleContext({name: resource.schema for name, resource in package.resources.items()}, frames, today, earlier)
    for name, frame in frames.items():
        table = checked[name]
        problems: dict[tuple[str, int], list[Problem]] = {}
        broken: dict[Rule, set[int]] = {}
        for rule in RULES.values():
            if rule.judges(table.resource.schema):
                rows: set[int] = set()
                for problem in rule.check(name, tables):
                    if problem.row == WHOLE:
                        yield _of_table(table, rule, problem)
                        continue
                    problems.setdefault((rule.id, problem.row), []).append(problem)
                    rows.add(problem.row)
                if rows:
                    broken[rule] = rows
        if not broken:  # what nothing breaks needs no check, and pandera takes a quarter of a second to import
            continue
        pa = import_pandera()
        checks = [_as_check(rule, rows, pa) for rule, rows in broken.items()]
        try:
            # The checks look at row numbers; one column is enough, and keeps pandera from listing a failure for each.
            pa.DataFrameSchema(checks=checks, name=name).validate(frame.iloc[:, :1], lazy=True)
        except pa.errors.SchemaErrors as error:
            yield from _findings(table, error.failure_cases, problems)


def _of_table(table: CheckedTable, rule: Rule, problem: Problem) -> Finding:
    """A problem of a whole table, which has no row for pandera to judge."""
    return Finding(rule.id, rule.severity, table.resource.path, 0, "", problem.field, "", "", problem.message, problem.hint)


def _findings(table: CheckedTable, cases: Any, problems: Mapping[tuple[str, int], list[Problem]]) -> Iterator[Finding]:
    schema = table.resource.schema
    for check, index in sorted({*zip(cases["check"], cases["index"], strict=True)}, key=str):
        if index is None or index != index or check not in RULES:
            # pandera could not run the check, which is a mistake of ours and must not pass for "fine".
            message = f"pandera could not run the check {check}"
            yield Finding("typed", ERROR, table.resource.path, 0, "", "", "", "", message, "report this with the table")
            continue
        number = int(index)
        for problem in problems[check, number]:
            if not problem.field or (number, schema.names.index(problem.field)) not in table.rejected:
                yield table.finding(check, number, problem.field, problem.message, problem.hint, severity=RULES[check].severity)
