"""What validation finds: one plain value per problem. Renderers come after and hold no logic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import eq
from typing import Any, NamedTuple

__all__ = ["ERROR", "WARNING", "CellProblem", "Finding", "Report", "column_letter"]

ERROR = "error"
WARNING = "warning"


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
        from aistatecraft.validation.reporters.summary import folded, listed, summary

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
        }  # fmt: skip
