"""Which findings of validation the repairs take away."""

from __future__ import annotations

from aistatecraft.fixing.cells import fix_text
from aistatecraft.validation.report import Finding, Report
from aistatecraft.validation.text_quality import faults_of_text

__all__ = ["SAFE", "fixable"]

SAFE = frozenset({"byte-order-mark", "line-ends", "last-line", "blank-row", "column-order", "control-character", "not-nfc", "white-space"})
"""Rules whose findings `validate --fix` takes away, as far as that cannot change what a table says."""

_OF_CELLS = frozenset({"control-character", "not-nfc", "white-space"})
_UNSAFE = frozenset(
    {
        "missing-file", "too-large", "not-csv", "empty-file", "encoding", "nul", "delimiter", "quoting", "header", "missing-column",
        "extra-column", "duplicate-column", "ragged-row",
    }
)  # fmt: skip
"""Faults of a file that keep every repair away from it."""


def fixable(report: Report) -> set[Finding]:
    """The findings that `validate --fix` would take away."""
    refused = {finding.file for finding in report.findings if finding.rule in _UNSAFE or _inside_line(finding)}
    return {finding for finding in report.findings if finding.rule in SAFE and finding.file not in refused and _goes(finding)}


def _inside_line(finding: Finding) -> bool:
    """A carriage return inside a line: it is said of the line, not of a cell."""
    return finding.rule == "control-character" and not finding.column


def _goes(finding: Finding) -> bool:
    if finding.rule not in _OF_CELLS:
        return True
    fixed = fix_text(finding.value).text
    return finding.rule not in {fault[0] for fault in faults_of_text(fixed)}
