"""The result of validation: one plain value for each problem. Renderers contain no logic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import eq
from typing import Any, NamedTuple

from aistatecraft.errors import plural
from aistatecraft.package.escape import printable

__all__ = [
    "ERROR", "NOTE", "SHOWN_PER_RULE", "WARNING", "CellProblem", "Finding", "Report", "column_letter", "folded", "listed", "measured", "summary",
]  # fmt: skip

ERROR = "error"
WARNING = "warning"
NOTE = "note"
"""What may need attention as time passes, and is no problem of the tables."""


class CellProblem(NamedTuple):
    """What is wrong with a text in a field: the rule that it breaks, the reason, the hint how to fix it."""

    rule: str
    message: str
    hint: str
    typed: bool = True
    """False where the text is no value of the type of its field: then it cannot be the same as another either."""


@cache
def column_letter(position: int) -> str:
    """Spreadsheet letter of the column at `position` (from 0): A, B, ... Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Finding(NamedTuple):
    """One problem, at its place. A tuple, because a bad table has hundreds of thousands.

    `line` is the physical line of the file, also after cells that hold line breaks; 0 where the problem is that of the
    whole file. `column` is the spreadsheet letter of the cell, empty where it is not that of one cell.
    """

    rule: str
    severity: str
    file: str
    line: int
    column: str
    field: str
    record: str
    value: str
    message: str
    hint: str

    @property
    def place(self) -> str:
        """file:line:column, as far as known."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(self.column)
        return ":".join(parts)

    @property
    def sentence(self) -> str:
        """Place, subject, reason and hint in one sentence."""
        subject = " ".join(part for part in (self.record, f"({self.field})" if self.field else "") if part)
        return f"{self.place}: {subject + ': ' if subject else ''}{self.message}{'; ' + self.hint if self.hint else ''}. [{self.rule}]"

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain values. `mend`, the name that `hint` had before 0.5.0, is written for one release more."""
        return {**self._asdict(), "mend": self.hint}


@dataclass(repr=False)
class Report:
    """All that one run of validation found."""

    package: str
    version: str
    tables: dict[str, int] = field(default_factory=dict)
    """Rows of each table that were read."""
    findings: list[Finding] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    """Tables of which nothing could be read."""
    seconds: float = 0.0
    consequences: list[Finding] = field(default_factory=list)
    """Those of `findings` that may only follow from others, such as references into a table that could not be read: reports for
    people count them instead of listing them."""

    notes: list[Finding] = field(default_factory=list)
    """What may need attention as time passes: no problem, and not counted as one."""

    @property
    def errors(self) -> int:
        """Number of findings that are errors."""
        return sum(finding.severity == ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Number of findings that are warnings."""
        return len(self.findings) - self.errors

    @property
    def fine(self) -> bool:
        """Whether there are no errors."""
        return not self.errors

    @property
    def exit_code(self) -> int:
        """0 without errors, 1 with errors, 2 where a table could not be read at all."""
        return 0 if self.fine else 2 if self.unreadable else 1

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings; the report sorts itself by place when it is finished."""
        self.findings.extend(findings)

    def finish(self, order: list[str]) -> None:
        """Sort by file (in the order of the descriptor), line and column, and drop what was found twice."""
        rank = {name: number for number, name in enumerate(order)}
        found = self.findings
        keys = [(rank.get(each.file, -1), each.file, each.line, len(each.column), each.column, each.rule) for each in found]
        numbers = sorted(range(len(found)), key=keys.__getitem__)
        self.findings = [found[number] for number in numbers]
        places = [keys[number] for number in numbers]
        if any(map(eq, places, islice(places, 1, None))):  # only what has place and rule in common can be the same
            self.findings = list(dict.fromkeys(self.findings))

    def __repr__(self) -> str:
        return f"<Report on {self.package} ({self.version}): {self.errors:,} errors, {self.warnings:,} warnings>"

    def _repr_html_(self) -> str:
        """The report for a notebook: the summary, and a table of the findings."""
        from aistatecraft.package.escape import html_table

        rows = [
            (
                one.severity,
                one.place,
                one.record,
                one.field,
                one.message + (f" (and {more:,} more of this kind)" if more else ""),
                one.hint,
                one.rule,
            )
            for one, more in folded(listed(report=self))
        ]
        return html_table(summary(self), ("severity", "place", "record", "field", "message", "hint", "rule"), rows)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return {
            "package": self.package, "version": self.version, "errors": self.errors, "warnings": self.warnings,
            "rows": self.tables, "findings": [finding.as_dict() for finding in self.findings],
            "notes": [finding.as_dict() for finding in self.notes],
        }  # fmt: skip


SHOWN_PER_RULE = 5
"""How many findings of one rule in one file are shown in full; the rest are counted."""


def summary(report: Report) -> str:
    """How much was found, in which package, and how much that is."""
    both = f" ({plural(report.errors, 'error')}, {plural(report.warnings, 'warning')})" if report.findings else ""
    where = measured(report.package, report.version, len(report.tables), sum(report.tables.values()))
    rest = len(report.findings) - len(listed(report))
    follow = (
        f"; {rest:,} of them may follow from the others and {'is' if rest == 1 else 'are'} not listed: fix the others first" if rest else ""
    )
    noted = f"; {plural(len(report.notes), 'note')}" if report.notes else ""
    return f"{plural(len(report.findings), 'problem')}{both} in {where}{follow}{noted}"


def listed(report: Report) -> list[Finding]:
    """The findings that a report for people lists: causes, but not what only follows from them."""
    follow = set(report.consequences)
    return [finding for finding in report.findings if finding not in follow] if follow else report.findings


def measured(label: str, version: str, tables: int, rows: int | None = None) -> str:
    """A package as output names it: ``./ (0.4.0-dev, 22 tables, 12,861 rows)``."""
    label, version = printable(label, 1_000), printable(version, 100)
    parts = [version if version not in label else "", plural(tables, "table"), "" if rows is None else plural(rows, "row")]
    return f"{label} ({', '.join(part for part in parts if part)})"


def folded(findings: list[Finding]) -> list[tuple[Finding, int]]:
    """Findings to show, each with the number of further ones of its kind that are only counted (at the last shown)."""
    total = Counter((finding.file, finding.rule) for finding in findings)
    shown: Counter[tuple[str, str]] = Counter()
    out: list[tuple[Finding, int]] = []
    for finding in findings:
        kind = (finding.file, finding.rule)
        shown[kind] += 1
        if shown[kind] <= SHOWN_PER_RULE:
            out.append((finding, total[kind] - SHOWN_PER_RULE if shown[kind] == SHOWN_PER_RULE and total[kind] > SHOWN_PER_RULE else 0))
    return out
