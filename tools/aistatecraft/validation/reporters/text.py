"""Reports for people at a terminal: grouped by file, with the row shown and the cell underlined."""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import groupby

from aistatecraft.errors import plural
from aistatecraft.package.escape import printable
from aistatecraft.validation.excerpts import Excerpt
from aistatecraft.validation.report import ERROR, WARNING, Finding, Report, folded, listed, summary
from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["shown", "text"]

Line = list[tuple[str, str]]
"""Parts of a line, each with its style."""


def shown(report: Report) -> list[Finding]:
    """The findings that are shown in full."""
    return [finding for finding, _ in folded(listed(report))]


def text(report: Report, beside: RenderContext = RenderContext()) -> str:
    """One sentence a finding under the name of its file, with the row where it is known; repeated ones counted, a summary at the end."""
    lines: list[Line] = []
    findings = listed(report)
    counts = Counter((finding.file, finding.severity) for finding in findings)
    for file, group in groupby(folded(findings), key=lambda pair: pair[0].file):
        parts = [plural(counts[file, severity], severity) for severity in ("error", "warning") if counts[file, severity]]
        lines.append([(printable(file), "bold"), (f": {', '.join(parts)}", "")])
        for finding, more in group:
            lines.append(_sentence(finding))
            if finding in beside.excerpts:
                lines += _row(finding, beside.excerpts[finding], beside)
            if more:
                lines.append([(f"       ... and {more:,} more of {finding.rule} in {printable(file)}", "")])
        lines.append([])
    for finding, more in folded(report.notes):
        lines.append(_sentence(finding))
        if more:
            lines.append([(f"       ... and {more:,} more of {finding.rule} in {printable(finding.file)}", "")])
    if report.notes:
        lines.append([])
    lines.append([(summary(report), "bold")])
    if beside.colour:
        return _coloured(lines, beside.width)
    return "\n".join("".join(part for part, _ in line) for line in lines)


def _sentence(finding: Finding) -> Line:
    style = {ERROR: "bold red", WARNING: "bold yellow"}.get(finding.severity, "bold cyan")
    return [(finding.severity, style), (f": {printable(finding.sentence, 1_000)}", "")]


def _row(finding: Finding, excerpt: Excerpt, beside: RenderContext) -> list[Line]:
    """The row with its line number, cut to the width, and under it the marks of the cell."""
    gutter = f"{finding.line:>7} | "
    room = max(beside.width - len(gutter) - 1, 20)
    cell = printable(excerpt.cell, room)
    left = (room - _width(cell)) // 3
    before = _cut(printable(excerpt.before, 1_000), max(left, 0), from_the_end=True)
    after = _cut(printable(excerpt.after, 1_000), max(room - _width(before) - _width(cell), 0))
    row: Line = [(gutter, "dim"), (before, ""), (cell, "underline red"), (after, "")]
    if beside.colour and cell:
        return [row]
    if not excerpt.marked:
        return [row]
    return [row, [(" " * 7 + " | " + " " * _width(before) + "^" * max(_width(cell), 1), "")]]


def _width(value: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in value)


def _cut(value: str, room: int, *, from_the_end: bool = False) -> str:
    if _width(value) <= room:
        return value
    kept: list[str] = []
    left = room - 1
    for char in reversed(value) if from_the_end else value:
        left -= _width(char)
        if left < 0:
            break
        kept.append(char)
    return "…" + "".join(reversed(kept)) if from_the_end else "".join(kept) + "…"


def _coloured(lines: list[Line], width: int) -> str:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, width=width)
    with console.capture() as captured:
        for line in lines:
            console.print(Text.assemble(*line), soft_wrap=True)
    return captured.get()
