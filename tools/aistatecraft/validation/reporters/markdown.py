"""Reports as Markdown, for a comment at a pull request or the summary of a run."""

from __future__ import annotations

from aistatecraft.package.escape import escape_markdown
from aistatecraft.validation.report import Report, folded, listed, summary
from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["markdown"]


def markdown(report: Report, beside: RenderContext = RenderContext()) -> str:
    """The summary, and a table of the findings."""
    lines = [f"**{escape_markdown(summary(report))}**"]
    if report.findings:
        lines += ["", "| place | record | field | problem | hint | rule |", "|---|---|---|---|---|---|"]
        for finding, more in folded(listed(report)):
            message = finding.message + (f" (and {more:,} more of this kind)" if more else "")
            cells = [finding.place, finding.record, finding.field, message, finding.hint, finding.rule]
            lines.append("| " + " | ".join(escape_markdown(cell) for cell in cells) + " |")
    return "\n".join(lines)
