"""Reports as JUnit XML: a test case a table, for the systems that show test results."""

from __future__ import annotations

from collections import defaultdict
from xml.etree import ElementTree

from aistatecraft.errors import plural
from aistatecraft.package.escape import printable
from aistatecraft.validation.report import ERROR, Finding, Report
from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["LISTED", "junit"]

LISTED = 1_000
"""How many findings of one table are listed; the rest are counted."""


def junit(report: Report, beside: RenderContext = RenderContext()) -> str:
    """A test suite with a case for each table, and one for what is not about a table; warnings are output, not failures."""
    found: dict[str, list[Finding]] = defaultdict(list)
    names = {beside.files.get(name, f"data/{name}.csv"): name for name in report.tables}
    for finding in report.findings:
        found[finding.file if finding.file in names else ""].append(finding)
    suite = ElementTree.Element("testsuite", name=printable(report.package))
    cases = [*names.items(), ("", "package")]
    for file, name in cases:
        case = ElementTree.SubElement(suite, "testcase", classname="aistatecraft.validate", name=printable(name))
        if file:
            case.set("file", printable(beside.path(file)))
        errors = [finding for finding in found[file] if finding.severity == ERROR]
        warnings = [finding for finding in found[file] if finding.severity != ERROR]
        if errors:
            failure = ElementTree.SubElement(case, "failure", type=errors[0].rule, message=plural(len(errors), "error"))
            failure.text = _listed(errors)
        if warnings:
            ElementTree.SubElement(case, "system-out").text = _listed(warnings)
    failures = sum(case.find("failure") is not None for case in suite)
    suite.attrib |= {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0", "time": f"{report.seconds:.3f}"}
    whole = ElementTree.Element("testsuites")
    whole.append(suite)
    ElementTree.indent(whole)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(whole, encoding="unicode")


def _listed(findings: list[Finding]) -> str:
    """One finding a line. Characters that XML cannot hold are among the control characters that `printable` writes out."""
    lines = [f"{finding.severity}: {printable(finding.sentence, 1_000)}" for finding in findings[:LISTED]]
    if len(findings) > LISTED:
        lines.append(f"... and {len(findings) - LISTED:,} more")
    return "\n".join(lines)
