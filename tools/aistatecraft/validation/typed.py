"""The typed layer: frames that we typed, checked by pandera schemas compiled from the plans, with the rules on board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aistatecraft.reading import Package
from aistatecraft.reading.frame import frame_of_values
from aistatecraft.validation.cells import CheckedTable
from aistatecraft.validation.finding import ERROR, Finding
from aistatecraft.validation.rules import RULES, Problem, Rule, Tables
from aistatecraft.validation.schema import import_pandera, pandera_schema

__all__ = ["check_rules"]


def _as_check(rule: Rule, rows: set[int], pa: Any) -> Any:
    """The rule as a pandera check on a frame: true for each row that keeps it."""
    return pa.Check(lambda frame: ~frame.index.to_series().isin(rows), error=rule.id, name=rule.id)


def check_rules(package: Package, checked: Mapping[str, CheckedTable], today: dt.date, said: Iterable[Finding]) -> Iterator[Finding]:
    """Run pandera over every table.

    Parameters
    ----------
    package : the package
    checked : its tables after the text layer
    today : the day against which dates are judged
    said : what the text layer found; nothing is said twice
    """
    pa = import_pandera()
    frames = {name: frame_of_values(table.resource.plan, table.values()) for name, table in checked.items() if table.readable}
    tables = Tables({name: resource.plan for name, resource in package.resources.items()}, frames, today)
    places = {(finding.file, finding.line, finding.field) for finding in said}
    for name, frame in frames.items():
        if not len(frame):
            continue
        table = checked[name]
        problems: dict[tuple[str, int], list[Problem]] = {}
        checks = []
        for rule in RULES.values():
            if rule.judges(table.resource.plan):
                rows: set[int] = set()
                for problem in rule.check(name, tables):
                    problems.setdefault((rule.id, problem.row), []).append(problem)
                    rows.add(problem.row)
                checks.append(_as_check(rule, rows, pa))
        schema = pandera_schema(table.resource.plan, checks)
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as error:
            yield from _findings(table, error.failure_cases, problems, places)


def _findings(
    table: CheckedTable, cases: Any, problems: Mapping[tuple[str, int], list[Problem]], places: set[tuple[str, int, str]]
) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    plan = table.resource.plan
    for check, index, column, value in zip(cases["check"], cases["index"], cases["column"], cases["failure_case"], strict=True):
        if index is None or index != index:
            # No row: pandera could not run the check at all, which is a mistake of ours and must not pass for "fine".
            yield Finding(
                "typed",
                ERROR,
                table.resource.path,
                0,
                "",
                "",
                "",
                str(value),
                f"pandera could not run the check {check} on {column}",
                "report this with the table",
            )
            continue
        number = int(index)
        if check in RULES:
            if (check, number) in seen:
                continue  # pandera repeats the failure of a row for each of its columns
            seen.add((check, number))
            for problem in problems[check, number]:
                if not problem.field or (number, plan.names.index(problem.field)) not in table.rejected:
                    yield table.finding(check, number, problem.field, problem.message, problem.mend, severity=RULES[check].severity)
            continue
        at = plan.names.index(column) if column in plan.names else 0
        record = table.records[number]
        key_fields = {name for key in table.keys for name in key}
        if (number, at) in table.rejected or any(
            (table.resource.path, line, plan.names[at]) in places for line in (record.line, record.line_of(record.columns[at]))
        ):
            continue
        if "unique" in str(check) and key_fields & {column}:
            continue  # the text layer reported the key, with the line of the first
        yield table.finding("typed", number, plan.names[at], f"pandera's check {check} fails on {value!r}", "correct the value")
