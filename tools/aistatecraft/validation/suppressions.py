"""Suppressions: findings that were reviewed and whose values are correct.

They are rows of `suppressions.csv` beside datapackage.json: rule, file, record, field, reason, date. A suppression holds for one
rule at one place and says why; a blank record or field is that of a finding without one. One that silences nothing any more is
itself an error: the next damage at its place must not hide behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from aistatecraft.package import Package, Table, read_table
from aistatecraft.package.descriptor import Dialect, read_description
from aistatecraft.validation.report import ERROR, Finding, column_letter

__all__ = ["SUPPRESSIONS_FILE", "SUPPRESSION_FIELDS", "apply_suppressions", "suppressed_places"]

SUPPRESSIONS_FILE = "suppressions.csv"
_FORMER_FILE = "exceptions.csv"
"""Its name before 0.5.0, read where there is no file of the new name."""
SUPPRESSION_FIELDS = ("rule", "file", "record", "field", "reason", "date")
_WORDS = 3
"""A reason has at least so many words."""
_NEVER = frozenset({"suppression-unused", "suppression-unsound", "changed"})
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def _read(package: Package) -> tuple[str, Table] | None:
    path = next((path for path in (SUPPRESSIONS_FILE, _FORMER_FILE) if package.store.exists(path)), None)
    return None if path is None else (path, read_table(read_description(package.store, path), SUPPRESSION_FIELDS, Dialect(), path))


def suppressed_places(package: Package) -> frozenset[tuple[str, str, str, str]]:
    """(rule, table, record, field) of each suppression of a package; `apply_suppressions` says which of them are unsound."""
    found = _read(package)
    names = {resource.path: name for name, resource in package.resources.items()}
    cells = [[cell or "" for cell in record.cells[:4]] for record in found[1].records] if found is not None else []
    return frozenset((rule, names[file], record, field) for rule, file, record, field in cells if file in names)


def apply_suppressions(package: Package, findings: list[Finding], *, rules: bool) -> list[Finding]:
    """The findings without those that suppressions silence, and with what is wrong with the suppressions themselves.

    Parameters
    ----------
    package : the package; without `suppressions.csv` nothing is suppressed
    findings : all findings of a run
    rules : whether the semantic rules were run; where they were not, their suppressions are not said to be unused
    """
    found = _read(package)
    if found is None:
        return findings
    path, table = found
    files = {resource.path for resource in package.resources.values()}
    rows = [(record.line, [cell or "" for cell in record.cells]) for record in table.records]
    faults = [
        Finding(fault.rule, ERROR, path, fault.line, "" if fault.column is None else column_letter(fault.column), "", "", fault.value, fault.message, fault.hint)
        for fault in table.faults
    ]  # fmt: skip
    if not rows:
        return findings + faults
    from aistatecraft.validation.rule_docs import RULES  # all rules are imported with it: only where there is something to excuse

    left: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        left.setdefault((finding.rule, finding.file, finding.record, finding.field), []).append(finding)
    used: set[tuple[str, ...]] = set()
    seen: set[tuple[str, ...]] = set()
    for line, cells in rows:
        values = dict(zip(SUPPRESSION_FIELDS, cells, strict=True))
        place = tuple(cells[:4])
        unsound = [*_unsound(values, files), *([("rule", "the same suppression appears above", "delete the row")] if place in seen else [])]
        seen.add(place)
        for name, message, hint in unsound:
            faults.append(_finding(path, "suppression-unsound", line, name, values, message, hint))
        if unsound:
            continue
        if place in left:
            used.add(place)
        elif rules or values["rule"] not in RULES:
            message = f"no finding of {values['rule']} remains at this place"
            faults.append(_finding(path, "suppression-unused", line, "", values, message, "delete the suppression"))
    return [finding for place, found in left.items() if place not in used for finding in found] + faults


def _unsound(values: Mapping[str, str], files: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(field, message, hint) for each thing wrong with a suppression."""
    from aistatecraft.validation.rule_docs import RULES, TEXT_RULES

    known = {*TEXT_RULES, *RULES} - _NEVER
    if values["rule"] not in known:
        yield "rule", f"{values['rule']!r} is not a rule that can be suppressed", "name the rule of the finding that is suppressed"
    if values["file"] not in files:
        yield "file", f"{values['file']!r} is not a table of the package", "name the file of the finding"
    if len(values["reason"].split()) < _WORDS:
        yield "reason", f"{values['reason']!r} gives no reason", "explain in a few words why the value is correct"
    if not _DAY.fullmatch(values["date"]):
        yield "date", f"{values['date']!r} is not a date in the form YYYY-MM-DD", "write the date on which the suppression was added"


def _finding(path: str, rule: str, line: int, name: str, values: Mapping[str, str], message: str, hint: str) -> Finding:
    place = " ".join(part for part in (values["record"], values["field"]) if part)
    letter = column_letter(SUPPRESSION_FIELDS.index(name)) if name else ""
    return Finding(rule, ERROR, path, line, letter, name, place, values[name] if name else "", message, hint)
