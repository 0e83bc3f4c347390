"""Reports as JSON, whole or one finding a line."""

from __future__ import annotations

import json

from aistatecraft.package.escape import escape_json
from aistatecraft.validation.report import Report
from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["as_json", "jsonl"]


def as_json(report: Report, beside: RenderContext = RenderContext()) -> str:
    """The whole report as one JSON object. `fixable` says of each finding whether `validate --fix` takes it away."""
    found = report.as_dict()
    for item, finding in zip(found["findings"], report.findings, strict=True):
        item["fixable"] = finding in beside.fixable
    return escape_json(json.dumps(found, ensure_ascii=False, indent=2))


def jsonl(report: Report, beside: RenderContext = RenderContext()) -> str:
    """One JSON object a line, one line a finding, all in ASCII."""
    return "\n".join(escape_json(json.dumps({**finding.as_dict(), "fixable": finding in beside.fixable})) for finding in report.findings)
