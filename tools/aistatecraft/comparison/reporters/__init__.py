"""Change sets as text, one module a form. Values from the data are escaped for each form: what a cell holds stays text.

Renderers hold no logic: they get the change set and a `RenderOptions`. Each module is imported when its form is asked for, so that the
help of the command and the text at a terminal cost nothing that they do not need.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from os import environ
from sys import platform
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from aistatecraft.comparison.changes import ChangeSet

__all__ = ["DATA", "ChangeFormat", "RenderOptions", "render"]


class ChangeFormat(StrEnum):
    """Forms of a change set."""

    text = "text"
    json = "json"
    csv = "csv"
    spreadsheet = "spreadsheet"
    markdown = "markdown"
    html = "html"
    changelog = "changelog"


DATA = frozenset({ChangeFormat.json, ChangeFormat.csv, ChangeFormat.spreadsheet, ChangeFormat.html})
"""Forms that are files: UTF-8 whatever the locale, and line ends as they are, so a stream must not translate them."""


@dataclass(frozen=True)
class RenderOptions:
    """How much is shown, and how.

    Attributes
    ----------
    every : show all changes; otherwise the text and the HTML page show so many of a table, and count the others
    colour : colours for a terminal (text only)
    """

    every: bool = False
    colour: bool = False

    @classmethod
    def on(cls, stream: TextIO, every: bool = False) -> RenderOptions:
        """The look for a stream: colours on a terminal that can show them, unless ``NO_COLOR`` is set (no-color.org)."""
        wanted = stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return cls(every, wanted and (platform != "win32" or "WT_SESSION" in environ or "TERM" in environ))


_MODULES = {
    ChangeFormat.text: "text",
    ChangeFormat.json: "json",
    ChangeFormat.csv: "csv",
    ChangeFormat.spreadsheet: "csv",
    ChangeFormat.markdown: "markdown",
    ChangeFormat.html: "html",
    ChangeFormat.changelog: "changelog",
}


def render(format: ChangeFormat, changes: ChangeSet, look: RenderOptions = RenderOptions()) -> str:
    """The change set in one form, without a line break at its end.

    The same change set and the same look give the same text, to the letter. JSON and CSV hold everything; text, Markdown,
    HTML and changelog show what a person can read, and say how much they leave out.
    """
    module = import_module(f"{__name__}.{_MODULES[format]}")
    return cast("Callable[[ChangeSet, RenderOptions], str]", getattr(module, format.value))(changes, look)
