"""From the cell of a row to what a page shows: text with its language, a link, a state of knowledge, numbers of statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from aistatecraft.package.escape import escape_json
from aistatecraft.site.dataset import Column, Dataset, Row
from aistatecraft.site.words import Absence, Words, absence, day_in_words

__all__ = ["Shower", "Shown", "clean", "href", "web_link"]

_LONG_LABEL = 32
"""Characters of a label of a vocabulary that still fit into a cell of a table."""
_BIG = 20_000
"""Characters of a cell that a page shows; all of it is in the CSV."""


def clean(text: str) -> str:
    """A text of the data without characters that cannot be seen or that turn the reading round, which are written out."""
    if len(text) > _BIG:
        text = f"{text[:_BIG]}… ({len(text):,})"
    return text if text.isascii() and text.isprintable() else escape_json(text)


def href(address: str) -> str:
    """An address within the site, as an attribute."""
    path, mark, place = address.partition("#")
    return quote(path, safe="/.?=&-_~") + (f"#{quote(place, safe='.-_~')}" if mark else "")


def web_link(text: str) -> str:
    """The address where it is one of the web; empty for every other, such as ``javascript:``."""
    return text if re.fullmatch(r"https?://[^\s<>\"'`\\]+", text) and text.isprintable() else ""


@dataclass(frozen=True)
class Shown:
    """What a page shows for a cell.

    Attributes
    ----------
    text : what is read
    href : address within the site, from the root of its version; empty for none
    web : address elsewhere; empty for none
    lang : language of the text; empty where it is that of the page or not known
    absent : the state of knowledge, where there is no value
    day : the date as the file has it, for ``<time>``
    numeric : whether it is a number, which stands to the right
    raw : the value as the file has it
    notes : numbers of the statements about it
    """

    text: str
    href: str = ""
    web: str = ""
    lang: str = ""
    absent: Absence | None = None
    day: str = ""
    numeric: bool = False
    raw: str = ""
    notes: tuple[int, ...] = ()

    def html(self, up: str) -> str:
        """The same as HTML, on a page from which `up` leads to the root of the version."""
        text = escape(self.text)
        lang = f' lang="{escape(self.lang)}"' if self.lang else ""
        if self.absent is not None:
            return (
                f'<span class="absent k-{self.absent.kind}"><span class="sign" aria-hidden="true">{self.absent.sign}</span> {text}</span>'
            )
        if self.href:
            return f'<a href="{escape(up + self.href)}"{lang}>{text}</a>'
        if self.web:
            return f'<a href="{escape(self.web)}" rel="noopener noreferrer" class="out">{text}</a>'
        if self.day:
            return f'<time datetime="{escape(self.day)}">{text}</time>'
        return f"<span{lang}>{text}</span>" if lang else text


class Shower:
    """Shows cells of a dataset in the words of a language."""

    def __init__(self, data: Dataset, words: Words) -> None:
        self.data = data
        self.words = words
        self._links: dict[int, Shown] = {}
        self.by_type: dict[str, Callable[[Row, Column, str], Shown]] = {"boolean": self._truth}

    def cell(self, row: Row, column: Column, *, wide: bool = True, notes: tuple[int, ...] = ()) -> Shown:
        """A cell; with `wide` a value of a vocabulary is shown by its label however long, else by its value."""
        text = row.get(column.name)
        if not text:
            state = absence(row.reason(column.name), column.name)
            return Shown(self.words(state.word), absent=state, notes=notes)
        shown = self._value(row, column, text, wide)
        return Shown(shown.text, shown.href, shown.web, shown.lang, None, shown.day, shown.numeric, text, notes)

    def _value(self, row: Row, column: Column, text: str, wide: bool) -> Shown:
        field = column.field
        if column.target or column.pair:
            target = self.data.target(row, column)
            if target is not None:
                return self.link(target)
        if field.categories:
            label = next((each.label for each in field.categories if each.value == text), text)
            return Shown(clean(label if wide or len(label) <= _LONG_LABEL else text.replace("_", " ")))
        if field.partial_date or field.type == "date":
            return Shown(day_in_words(text, self.words) if wide else text, day=text if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else "")
        if field.type in self.by_type:
            return self.by_type[field.type](row, column, text)
        address = web_link(text) if field.format == "uri" or column.name == "url" else ""
        if column.name == "doi":
            address = web_link(f"https://doi.org/{text}")
        number = field.kind.numeric and field.type != "year"
        return Shown(_grouped(text) if number else clean(text), web=address, lang=self.data.language(row, column.name), numeric=number)

    def _truth(self, row: Row, column: Column, text: str) -> Shown:
        value = column.field.parse(text)
        return Shown(self.words("yes") if value else self.words("no"))

    def link(self, row: Row) -> Shown:
        """The name of a record, which leads to it."""
        found = self._links.get(id(row))
        if found is None:
            found = self._links[id(row)] = self._link(row)
        return found

    def _link(self, row: Row) -> Shown:
        text, lang = self.data.title(row)
        return Shown(clean(text), href=href(self.data.address(row)), lang=lang if lang != self.words.language else "")

    def source(self, source: str) -> Shown:
        """A source as a short citation, which leads to its page: who and which year."""
        row = self.data.find("sources", source)
        if row is None:
            return Shown(clean(source))
        return Shown(clean(short_citation(row, self.data)), href=href(self.data.address(row)))


def _grouped(text: str) -> str:
    """Digits of large whole numbers in groups."""
    match = re.fullmatch(r"(-?)(\d{5,})((?:\.\d+)?)", text)
    return f"{match[1]}{int(match[2]):,}{match[3]}" if match else clean(text)


def short_citation(row: Row, data: Dataset) -> str:
    """A source by its authors, else by who published it, and the year."""
    authors = row.get("authors_latin") or row.get("authors")
    parts = [part.strip() for part in authors.split(";") if part.strip()]
    names = [part.strip("{}") if part.startswith("{") else part.partition(",")[0].strip() for part in parts]
    who = " & ".join(names) if 0 < len(names) <= 2 else f"{names[0]} et al." if names else ""
    who = who or row.get("publisher") or row.get("container") or data.title(row)[0]
    year = re.match("[0-9]{4}", row.get("published"))
    who = who if len(who) <= 60 else f"{who[:59]}…"
    return f"{who} {year[0]}" if year and year[0] not in who else who
