"""Reports as text, one module for each format. Values from the data are escaped for each format: cell content stays text.

A renderer holds no logic: it gets the report, and what lies beside it (`RenderContext`: the rows around the findings, where the
package lies, whether colours are wanted).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from aistatecraft.validation.report import Finding, Report
    from aistatecraft.validation.reporters.context import RenderContext

__all__ = ["REPORTERS", "ReportFormat", "Reporter", "with_rows"]


class Reporter(Protocol):
    """Makes a text of a report."""

    def __call__(self, report: Report, beside: RenderContext = ...) -> str:
        """The report in one form."""


class ReportFormat(StrEnum):
    """Forms of a report."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    markdown = "markdown"
    github = "github"
    sarif = "sarif"
    junit = "junit"


def _of(module: str, name: str) -> Reporter:
    """A renderer that is imported when it is used: the help of a command needs none of them."""

    def render(report: Report, beside: RenderContext | None = None) -> str:
        found = cast(Reporter, getattr(import_module(f"{__name__}.{module}"), name))
        return found(report) if beside is None else found(report, beside)

    return cast(Reporter, render)


REPORTERS: Mapping[ReportFormat, Reporter] = {
    ReportFormat.text: _of("text", "text"),
    ReportFormat.json: _of("json", "as_json"),
    ReportFormat.jsonl: _of("json", "jsonl"),
    ReportFormat.markdown: _of("markdown", "markdown"),
    ReportFormat.github: _of("github", "github"),
    ReportFormat.sarif: _of("sarif", "sarif"),
    ReportFormat.junit: _of("junit", "junit"),
}
"""Renderers by name."""


def with_rows(format: ReportFormat, report: Report) -> list[Finding]:
    """The findings whose rows a form shows: it needs their excerpts."""
    if format is ReportFormat.text:
        from aistatecraft.validation.reporters.text import shown

        return shown(report)
    if format is ReportFormat.sarif:
        from aistatecraft.validation.reporters.sarif import reported

        return reported(report)
    return []
