"""Exceptions to the rules: findings that were looked at and are right as they stand.

They are rows of `exceptions.csv` beside datapackage.json: rule, file, record, field, reason, date. An exception holds for one
rule at one place and says why; a blank record or field is that of a finding without one. One that excuses nothing any more is
itself an error: the next damage at its place must not hide behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from aistatecraft.reading import Package, read_table
from aistatecraft.reading.descriptor import Dialect, read_description
from aistatecraft.validation.finding import ERROR, Finding, column_letter

__all__ = ["FIELDS", "FILE", "excused"]

FILE = "exceptions.csv"
FIELDS = ("rule", "file", "record", "field", "reason", "date")
_WORDS = 3
"""A reason has at least so many words."""
_NEVER = frozenset({"exception-unused", "exception-unsound", "changed"})
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def excused(package: Package, findings: list[Finding], *, rules: bool) -> list[Finding]:
    """The findings without those that exceptions excuse, and with what is wrong with the exceptions themselves.

    Parameters
    ----------
    package : the package; without `exceptions.csv` nothing is excused
    findings : all findings of a run
    rules : whether the semantic rules were run; where they were not, their exceptions are not said to be unused
    """
    if not package.store.exists(FILE):
        return findings
    files = {resource.path for resource in package.resources.values()}
    table = read_table(read_description(package.store, FILE), FIELDS, Dialect(), FILE)
    rows = [(record.line, [cell or "" for cell in record.cells]) for record in table.records]
    faults = [
        Finding(fault.rule, ERROR, FILE, fault.line, "" if fault.column is None else column_letter(fault.column), "", "", fault.value, fault.message, fault.mend)
        for fault in table.faults
    ]  # fmt: skip
    if not rows:
        return findings + faults
    from aistatecraft.validation.guide import RULES  # all rules are imported with it: only where there is something to excuse

    left: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        left.setdefault((finding.rule, finding.file, finding.record, finding.field), []).append(finding)
    used: set[tuple[str, ...]] = set()
    seen: set[tuple[str, ...]] = set()
    for line, cells in rows:
        values = dict(zip(FIELDS, cells, strict=True))
        place = tuple(cells[:4])
        unsound = [*_unsound(values, files), *([("rule", "the same exception stands above", "delete the row")] if place in seen else [])]
        seen.add(place)
        for name, message, mend in unsound:
            faults.append(_finding("exception-unsound", line, name, values, message, mend))
        if unsound:
            continue
        if place in left:
            used.add(place)
        elif rules or values["rule"] not in RULES:
            message = f"nothing breaks {values['rule']} at this place any more"
            faults.append(_finding("exception-unused", line, "", values, message, "delete the exception"))
    return [finding for place, found in left.items() if place not in used for finding in found] + faults


def _unsound(values: Mapping[str, str], files: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(field, message, mend) for each thing wrong with an exception."""
    from aistatecraft.validation.guide import RULES, TEXT_RULES

    known = {*TEXT_RULES, *RULES} - _NEVER
    if values["rule"] not in known:
        yield "rule", f"{values['rule']!r} is no rule that has exceptions", "name the rule of the finding that is excused"
    if values["file"] not in files:
        yield "file", f"{values['file']!r} is no table of the package", "name the file of the finding"
    if len(values["reason"].split()) < _WORDS:
        yield "reason", f"{values['reason']!r} gives no reason", "say in a few words why the finding is right as it stands"
    if not _DAY.fullmatch(values["date"]):
        yield "date", f"{values['date']!r} is not a day written as YYYY-MM-DD", "write the day on which the exception was made"


def _finding(rule: str, line: int, name: str, values: Mapping[str, str], message: str, mend: str) -> Finding:
    place = " ".join(part for part in (values["record"], values["field"]) if part)
    letter = column_letter(FIELDS.index(name)) if name else ""
    return Finding(rule, ERROR, FILE, line, letter, name, place, values[name] if name else "", message, mend)
