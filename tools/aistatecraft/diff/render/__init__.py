"""Change sets as text, one module a form. Values from the data are escaped for each form: what a cell holds stays text.

Renderers hold no logic: they get the change set and a `Look`. Each module is imported when its form is asked for, so that the
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

    from aistatecraft.diff.changes import ChangeSet

__all__ = ["DATA", "Format", "Look", "render"]


class Format(StrEnum):
    """Forms of a change set."""

    text = "text"
    json = "json"
    csv = "csv"
    spreadsheet = "spreadsheet"
    markdown = "markdown"
    html = "html"
    changelog = "changelog"


DATA = frozenset({Format.json, Format.csv, Format.spreadsheet, Format.html})
"""Forms that are files: UTF-8 whatever the locale, and line ends as they are, so a stream must not translate them."""


@dataclass(frozen=True)
class Look:
    """How much is shown, and how.

    Attributes
    ----------
    every : show all changes; otherwise the text and the HTML page show so many of a table, and count the others
    colour : colours for a terminal (text only)
    """

    every: bool = False
    colour: bool = False

    @classmethod
    def on(cls, stream: TextIO, every: bool = False) -> Look:
        """The look for a stream: colours on a terminal that can show them, unless ``NO_COLOR`` is set (no-color.org)."""
        wanted = stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return cls(every, wanted and (platform != "win32" or "WT_SESSION" in environ or "TERM" in environ))


_MODULES = {
    Format.text: "text",
    Format.json: "lines",
    Format.csv: "flat",
    Format.spreadsheet: "flat",
    Format.markdown: "markdown",
    Format.html: "html",
    Format.changelog: "changelog",
}


def render(format: Format, changes: ChangeSet, look: Look = Look()) -> str:
    """The change set in one form, without a line break at its end.

    The same change set and the same look give the same text, to the letter. JSON and CSV hold everything; text, Markdown,
    HTML and changelog show what a person can read, and say how much they leave out.
    """
    module = import_module(f"{__name__}.{_MODULES[format]}")
    return cast("Callable[[ChangeSet, Look], str]", getattr(module, format.value))(changes, look)
