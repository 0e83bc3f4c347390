"""The typed layer of `validate`: the pandera schema of each table, run on the frame of its cells, and its failures at their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from aistatecraft.package import Package
from aistatecraft.package.dataframe import frame_of_values
from aistatecraft.validation.baseline import read_baseline
from aistatecraft.validation.pandera_schemas import FrameCheck, ValidationDepth, config_context, frame_schema, pa
from aistatecraft.validation.report import ERROR, Finding
from aistatecraft.validation.rules import RULES, WHOLE, Context
from aistatecraft.validation.table_check import CheckedTable

__all__ = ["check_rules"]


def check_rules(package: Package, checked: Mapping[str, CheckedTable], today: dt.date, *, clean: bool) -> Iterator[Finding]:
    """Run the pandera schema of every table.

    Parameters
    ----------
    package : the package
    checked : its tables after the text layer
    today : the day against which dates are judged
    clean : whether the text layer found nothing. What pandera says of types, constraints and keys was then missed, and is reported;
        else the text layer has reported it, at its line and column.
    """
    tables = {name: table for name, table in checked.items() if table.readable}
    values = {name: table.values() for name, table in tables.items()}
    frames = {name: frame_of_values(table.resource.schema, values[name]) for name, table in tables.items()}
    baseline, unreadable = read_baseline(package)
    yield from unreadable
    unsound = {
        name: {(number, table.resource.schema.names[at]) for number, at in table.rejected}
        for name, table in tables.items()
        if table.rejected
    }
    schemas = {name: resource.schema for name, resource in package.resources.items()}
    context = Context("", schemas, frames, today, lambda: baseline, unsound)
    for name, table in tables.items():
        fields = table.resource.schema.fields
        texts = {field.name: column for field, column in zip(fields, values[name], strict=True) if field.type == "string"}
        context.keep_columns(name, texts)
    for name, frame in frames.items():
        try:
            # Whatever a user has set for pandera. Dtypes are not asked for: the frame was made from the schema.
            with config_context(validation_enabled=True, validation_depth=ValidationDepth.DATA_ONLY):
                frame_schema(context.of(name), rules=RULES.values(), typed=True).validate(frame, lazy=True, inplace=True)
        except pa.errors.SchemaErrors as error:
            for failed in error.schema_errors:
                yield from _findings(tables[name], failed, clean)


def _findings(table: CheckedTable, failed: pa.errors.SchemaError, clean: bool) -> Iterator[Finding]:
    """The failure cases of one check at their places."""
    check, path = failed.check, table.resource.path
    if failed.reason_code is pa.errors.SchemaErrorReason.CHECK_ERROR:
        message = f"pandera could not run the check {check.name}: {failed.failure_cases}"
        yield Finding("typed", ERROR, path, 0, "", "", "", "", message, "report this as a bug and attach the table")
    elif isinstance(check, FrameCheck) and check.rule is not None:
        for problem in failed.failure_cases["failure_case"]:
            if problem.row == WHOLE:
                yield Finding(check.rule.id, check.rule.severity, path, 0, "", problem.field, "", "", problem.message, problem.hint)
            else:
                yield table.finding(check.rule.id, problem.row, problem.field, problem.message, problem.hint, severity=check.rule.severity)
    elif clean:
        message = f"pandera reports an error that the text check missed: {' '.join(str(failed.args[0]).split())}"
        yield Finding("typed", ERROR, path, 0, "", "", "", "", message, "report this as a bug and attach the table")
