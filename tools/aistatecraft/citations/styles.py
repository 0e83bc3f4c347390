"""Citation styles: CSL items in, text out.

The renderers are our own: a processor of CSL (citeproc-py) takes the rules from style files, of which APA and Chicago alone are
250 KB under a licence of their own, needs lxml, and repeats the title where a work has no author, as most of the press has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import StrEnum

from aistatecraft.citations.apa import apa
from aistatecraft.citations.bibtex import biblatex, bibtex, key_of
from aistatecraft.citations.chicago import chicago
from aistatecraft.citations.csl_parts import Item, translated
from aistatecraft.citations.ris import ris

__all__ = ["STYLES", "Style", "apa", "biblatex", "bibtex", "chicago", "csl_json", "render", "ris"]


def csl_json(item: Item) -> str:
    """CSL JSON: a list with the item."""
    return _csl_list([item])


def _csl_list(items: Iterable[Item]) -> str:
    """CSL has no word for the translation of a title, and its styles print the title as it is: so it has the brackets."""
    listed = [
        {name: translated(item) if name == "title" else value for name, value in item.items() if name != "translated-title"}
        for item in items
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


class Style(StrEnum):
    """Citation styles."""

    apa = "apa"
    biblatex = "biblatex"
    bibtex = "bibtex"
    chicago = "chicago"
    csl_json = "csl-json"
    ris = "ris"


STYLES: dict[Style, Callable[[Item], str]] = {
    Style.apa: apa,
    Style.biblatex: biblatex,
    Style.bibtex: bibtex,
    Style.chicago: chicago,
    Style.csl_json: csl_json,
    Style.ris: ris,
}
"""Renderers by name."""


def render(style: Style, items: Iterable[Item]) -> str:
    """Several items as one text: a file that programs read, or one entry a line. No two have the same key."""
    apart: list[Item] = []
    taken: set[str] = set()
    for item in items:
        key, number = item["id"], 1
        while key_of({"id": key}) in taken:
            number += 1
            key = f"{item['id']}-{number}"
        taken.add(key_of({"id": key}))
        apart.append(item if key == item["id"] else {**item, "id": key})
    if style is Style.csl_json:
        return _csl_list(apart)
    return ("\n" if style in (Style.apa, Style.chicago) else "\n\n").join(STYLES[style](item) for item in apart)
