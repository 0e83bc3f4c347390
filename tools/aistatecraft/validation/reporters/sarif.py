"""Reports as SARIF 2.1.0, the form that code scanning services and editors read."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from aistatecraft.package.escape import escape_json, printable
from aistatecraft.package.storage import is_address
from aistatecraft.validation.report import ERROR, WARNING, Finding, Report
from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["RESULTS", "reported", "sarif"]

RESULTS = 5_000
"""How many results a file holds; services refuse larger ones, or cut them off without a word."""


def reported(report: Report) -> list[Finding]:
    """The findings that become results: errors before warnings where there are too many."""
    if len(report.findings) <= RESULTS:
        return report.findings
    kept = set(sorted(range(len(report.findings)), key=lambda number: report.findings[number].severity != ERROR)[:RESULTS])
    return [finding for number, finding in enumerate(report.findings) if number in kept]


def sarif(report: Report, beside: RenderContext = RenderContext()) -> str:
    """One run with its rules, a result a finding with the region of the cell, and a notification for what is left out."""
    from aistatecraft.validation.rule_docs import meaning_of, severity_of

    findings = reported(report)
    names = list(dict.fromkeys(finding.rule for finding in findings))
    rules = [
        {
            "id": name,
            "shortDescription": {"text": meaning_of(name)},
            "help": {"text": f"{meaning_of(name)}\n\naistatecraft explain {name}"},
            "defaultConfiguration": {"level": severity_of(name)},
        }
        for name in names
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "aistatecraft", "version": _own_version(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, names.index(finding.rule), beside) for finding in findings],
    }
    more = len(report.findings) - len(findings)
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if more:
        told = f"{more:,} more findings are omitted; fix these first, or list all with --format jsonl"
        invocation["toolExecutionNotifications"] = [{"level": WARNING, "message": {"text": told}}]
    run["invocations"] = [invocation]
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return escape_json(json.dumps(whole, ensure_ascii=False, indent=1))


def _own_version() -> str:
    from aistatecraft.package.installed import installed

    return installed().version


def _message(value: str) -> str:
    # [text](address) is a link in a message.
    return re.sub(r"\]\(", r"] (", printable(value, 1_000))


def _result(finding: Finding, number: int, beside: RenderContext) -> dict[str, Any]:
    if is_address(finding.file):
        place: dict[str, Any] = {"artifactLocation": {"uri": finding.file}}
    else:
        place = {"artifactLocation": {"uri": quote(beside.path(finding.file)), "uriBaseId": "%SRCROOT%"}}
    if finding.line:
        place["region"] = {"startLine": finding.line}
        excerpt = beside.excerpts.get(finding)
        if excerpt is not None and excerpt.marked:
            place["region"] |= {"startColumn": excerpt.start + 1, "endColumn": excerpt.end + 1}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.record or finding.field:
        name = "/".join(part for part in (finding.record, finding.field) if part)
        location["logicalLocations"] = [{"fullyQualifiedName": printable(name), "kind": "member"}]
    what = "; ".join(part for part in (finding.message, finding.hint) if part)
    return {
        "ruleId": finding.rule, "ruleIndex": number, "level": finding.severity, "message": {"text": _message(what)}, "locations": [location],
    }  # fmt: skip
