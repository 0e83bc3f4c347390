"""Reports as JSON, whole or one finding a line."""

from __future__ import annotations

import json

from aistatecraft.validation.finding import Report
from aistatecraft.validation.render.beside import Beside
from aistatecraft.validation.render.escape import escape_json

__all__ = ["as_json", "jsonl"]


def as_json(report: Report, beside: Beside = Beside()) -> str:
    """The whole report as one JSON object. `fixable` says of each finding whether `validate --fix` takes it away."""
    from aistatecraft.mending.safe import fixable

    mended, found = fixable(report), report.as_dict()
    for item, finding in zip(found["findings"], report.findings, strict=True):
        item["fixable"] = finding in mended
    return escape_json(json.dumps(found, ensure_ascii=False, indent=2))


def jsonl(report: Report, beside: Beside = Beside()) -> str:
    """One JSON object a line, one line a finding, all in ASCII."""
    from aistatecraft.mending.safe import fixable

    mended = fixable(report)
    return "\n".join(escape_json(json.dumps({**finding.as_dict(), "fixable": finding in mended})) for finding in report.findings)
