"""Reports as text. Values from the data are escaped for each form: what a cell holds stays text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from aistatecraft.validation.finding import Finding, Report

__all__ = ["FORMATS", "Format", "escape_markdown", "printable"]

SHOWN = 5
"""How many findings of one rule in one file are shown in full; the rest are counted."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def printable(text: str, limit: int = 400) -> str:
    """`text` on one line, control characters written out, cut to `limit` characters."""
    shown = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _summary(report: Report) -> str:
    rows = sum(report.tables.values())
    errors = f"{report.errors:,} error{'s' if report.errors != 1 else ''}"
    warnings = f"{report.warnings:,} warning{'s' if report.warnings != 1 else ''}"
    problems = f"{len(report.findings):,} problem{'s' if len(report.findings) != 1 else ''}" + (
        f" ({errors}, {warnings})" if report.findings else ""
    )
    return f"{problems} in {len(report.tables)} tables with {rows:,} rows"


def _folded(findings: list[Finding]) -> list[tuple[Finding, int]]:
    """Findings to show, each with the number of further ones of its kind that are only counted (at the last shown)."""
    total = Counter((finding.file, finding.rule) for finding in findings)
    shown: Counter[tuple[str, str]] = Counter()
    out: list[tuple[Finding, int]] = []
    for finding in findings:
        kind = (finding.file, finding.rule)
        shown[kind] += 1
        if shown[kind] <= SHOWN:
            out.append((finding, total[kind] - SHOWN if shown[kind] == SHOWN and total[kind] > SHOWN else 0))
    return out


def text(report: Report) -> str:
    """One sentence a finding, grouped by file, repeated ones counted; a summary at the end."""
    lines: list[str] = []
    for finding, more in _folded(report.findings):
        lines.append(f"{finding.severity}: {printable(finding.sentence)}")
        if more:
            lines.append(f"       ... and {more:,} more of {finding.rule} in {finding.file}")
    lines.append(_summary(report))
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """The whole report as one JSON object."""
    return json.dumps(report.as_dict(), ensure_ascii=False, indent=2)


def jsonl(report: Report) -> str:
    """One JSON object a line, one line a finding."""
    return "\n".join(json.dumps(finding.as_dict(), ensure_ascii=True) for finding in report.findings)


def escape_markdown(value: str, limit: int = 200) -> str:
    """`value` as text in Markdown: no markup, no mention, no link, one line."""
    escaped = printable(value, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~$])", r"\\\1", escaped).replace("@", "&#64;").replace("://", "&#58;//")


def markdown(report: Report) -> str:
    """A table for a pull request."""
    lines = [f"**{escape_markdown(_summary(report))}**"]
    if report.findings:
        lines += ["", "| place | record | field | what | mend | rule |", "|---|---|---|---|---|---|"]
        for finding, more in _folded(report.findings):
            cells = [
                finding.place,
                finding.record,
                finding.field,
                finding.message + (f" (and {more:,} more of this kind)" if more else ""),
                finding.mend,
                finding.rule,
            ]
            lines.append("| " + " | ".join(escape_markdown(cell) for cell in cells) + " |")
    return "\n".join(lines)


def github(report: Report) -> str:
    """Workflow commands that annotate the lines of a pull request."""

    def data(value: str) -> str:
        return printable(value).replace("%", "%25")

    def attribute(value: str) -> str:
        return data(value).replace(":", "%3A").replace(",", "%2C")

    return "\n".join(
        f"::{finding.severity} file={attribute(finding.file)},line={max(finding.line, 1)},title={attribute(finding.rule)}::{data(finding.message + '; ' + finding.mend)}"
        for finding in report.findings
    )


class Format(StrEnum):
    """Forms of a report."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    markdown = "markdown"
    github = "github"


FORMATS: dict[Format, Callable[[Report], str]] = {
    Format.text: text,
    Format.json: as_json,
    Format.jsonl: jsonl,
    Format.markdown: markdown,
    Format.github: github,
}
"""Renderers by name."""
