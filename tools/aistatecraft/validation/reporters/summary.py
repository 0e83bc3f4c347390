"""Repeated findings counted instead of shown, and the summary of a report."""

from __future__ import annotations

from collections import Counter

from aistatecraft.errors import plural
from aistatecraft.package.escape import printable
from aistatecraft.validation.report import Finding, Report

__all__ = ["SHOWN_PER_RULE", "folded", "listed", "measured", "summary"]

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
    return f"{plural(len(report.findings), 'problem')}{both} in {where}{follow}"


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
