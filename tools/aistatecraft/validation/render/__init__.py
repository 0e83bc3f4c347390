"""Reports as text, one module a form. Values from the data are escaped for each form: what a cell holds stays text.

A renderer holds no logic: it gets the report, and what lies beside it (`Beside`: the rows around the findings, where the
package lies, whether colours are wanted).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from aistatecraft.validation.render.escape import escape_markdown, printable

if TYPE_CHECKING:
    from aistatecraft.validation.finding import Finding, Report
    from aistatecraft.validation.render.beside import Beside

__all__ = ["FORMATS", "Format", "Renderer", "escape_markdown", "printable", "with_rows"]


class Renderer(Protocol):
    """Makes a text of a report."""

    def __call__(self, report: Report, beside: Beside = ...) -> str:
        """The report in one form."""


class Format(StrEnum):
    """Forms of a report."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    markdown = "markdown"
    github = "github"
    sarif = "sarif"
    junit = "junit"


def _of(module: str, name: str) -> Renderer:
    """A renderer that is imported when it is used: the help of a command needs none of them."""

    def render(report: Report, beside: Beside | None = None) -> str:
        found = cast(Renderer, getattr(import_module(f"{__name__}.{module}"), name))
        return found(report) if beside is None else found(report, beside)

    return cast(Renderer, render)


FORMATS: Mapping[Format, Renderer] = {
    Format.text: _of("text", "text"),
    Format.json: _of("lines", "as_json"),
    Format.jsonl: _of("lines", "jsonl"),
    Format.markdown: _of("markdown", "markdown"),
    Format.github: _of("annotations", "github"),
    Format.sarif: _of("sarif", "sarif"),
    Format.junit: _of("junit", "junit"),
}
"""Renderers by name."""


def with_rows(format: Format, report: Report) -> list[Finding]:
    """The findings whose rows a form shows: it needs their excerpts."""
    if format is Format.text:
        from aistatecraft.validation.render.text import shown

        return shown(report)
    if format is Format.sarif:
        from aistatecraft.validation.render.sarif import reported

        return reported(report)
    return []
