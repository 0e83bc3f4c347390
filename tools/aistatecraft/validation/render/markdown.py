"""Reports as Markdown, for a comment at a pull request or the summary of a run."""

from __future__ import annotations

from aistatecraft.validation.finding import Report
from aistatecraft.validation.render.beside import Beside
from aistatecraft.validation.render.escape import escape_markdown
from aistatecraft.validation.render.folding import folded, summary

__all__ = ["markdown"]


def markdown(report: Report, beside: Beside = Beside()) -> str:
    """The summary, and a table of the findings."""
    lines = [f"**{escape_markdown(summary(report))}**"]
    if report.findings:
        lines += ["", "| place | record | field | what | mend | rule |", "|---|---|---|---|---|---|"]
        for finding, more in folded(report.findings):
            message = finding.message + (f" (and {more:,} more of this kind)" if more else "")
            cells = [finding.place, finding.record, finding.field, message, finding.mend, finding.rule]
            lines.append("| " + " | ".join(escape_markdown(cell) for cell in cells) + " |")
    return "\n".join(lines)
