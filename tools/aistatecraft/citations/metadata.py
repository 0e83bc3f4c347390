"""What a release says of itself: read from the descriptor once, for all formats. What the descriptor does not state is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aistatecraft.citations.styles import STYLES, Style
from aistatecraft.package import Package, clean_records

__all__ = ["About", "Licence", "Person", "Work", "about", "address_of", "as_json", "is_open", "records_of_sources", "web_address"]

_OPEN = r"https?://(creativecommons\.org/(licenses|publicdomain)|opendatacommons\.org/licenses)/"
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/[^\s\"<>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """A contributor: a person where a given or family name is stated, else an organisation or group."""

    name: str
    given: str
    family: str
    roles: tuple[str, ...]
    address: str
    """Web address; empty where none is stated."""

    @property
    def is_person(self) -> bool:
        """Whether it is known to be a person."""
        return bool(self.given or self.family)

    @property
    def inverted(self) -> str:
        """Family name first."""
        return f"{self.family}, {self.given}" if self.given and self.family else self.name


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of the data."""

    name: str
    """Its SPDX identifier, or empty."""
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Work:
    """A source: of the package as a whole, or of single values of it."""

    title: str
    address: str
    doi: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Metadata of a release."""

    name: str
    title: str
    description: str
    version: str
    released: str
    """Day of the release, YYYY-MM-DD."""
    homepage: str
    doi: str
    keywords: tuple[str, ...]
    people: tuple[Person, ...]
    licences: tuple[Licence, ...]
    sources: tuple[Work, ...]

    @property
    def creators(self) -> tuple[Person, ...]:
        """Contributors that made it: those whose role says so, else all."""
        return tuple(person for person in self.people if {"creator", "author"} & set(person.roles)) or self.people

    @property
    def publisher(self) -> Person | None:
        """The contributor that publishes it, else the one that maintains it, else the first that made it."""
        for role in ("publisher", "maintainer"):
            for person in self.people:
                if role in person.roles:
                    return person
        return self.creators[0] if self.people else None

    def cited(self, style: Style) -> str:
        """How to cite the release."""
        item: dict[str, Any] = {
            "id": f"{self.name}-{self.version}", "type": "dataset", "title": self.title, "version": self.version,
            "author": [
                {"family": person.family, "given": person.given} if person.given and person.family else {"literal": person.name}
                for person in self.creators
            ],
            "issued": {"date-parts": [[int(part) for part in self.released.split("-")]]},
        }  # fmt: skip
        if self.doi:
            item["DOI"] = self.doi
        if self.homepage:
            item["URL"] = self.homepage
        return STYLES[style](item)

    @property
    def licence_text(self) -> str:
        """The licences in words, each with its address."""
        return "; ".join(
            f"{licence.title or licence.name} ({licence.address})" if licence.address and (licence.title or licence.name)
            else licence.title or licence.name or licence.address
            for licence in self.licences
        )  # fmt: skip


def is_open(release: About) -> bool:
    """Whether a licence stands on the release that lets anyone have it for nothing: one of Creative Commons or Open Data Commons."""
    return any(
        re.match(r"(?i)(CC0|CC-BY|CC-PDDC|ODbL|ODC-By|PDDL)\b", licence.name) or re.match(_OPEN, licence.address)
        for licence in release.licences
    )


def web_address(value: Any) -> str:
    """`value` where it is an address of the web, else nothing: no ``javascript:`` ever stands where a program follows links."""
    return value if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"]+", value) else ""


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _person(found: Mapping[str, Any]) -> Person:
    given, family = _text(found.get("givenName")), _text(found.get("familyName"))
    roles = found.get("roles", found.get("role"))  # version 1 of the standard had one role
    listed = roles if isinstance(roles, list) else [roles]
    return Person(
        _text(found.get("title")) or " ".join(part for part in (given, family) if part), given, family,
        tuple(role for role in listed if isinstance(role, str)), web_address(found.get("path")),
    )  # fmt: skip


def doi_of(value: Any) -> str:
    """The DOI in `value`, without address, or nothing."""
    match = _DOI.fullmatch(_text(value))
    return match[1] if match else ""


def about(package: Package, version: str, released: str) -> About:
    """What is known of `package` as `version`, released on the day `released`."""
    found = package.descriptor
    keywords = found.get("keywords")
    licences = [
        Licence(_text(entry.get("name")), _text(entry.get("title")), web_address(entry.get("path"))) for entry in _objects(found.get("licenses"))
    ]  # fmt: skip
    people = [_person(entry) for entry in _objects(found.get("contributors"))]
    sources = [Work(_text(entry.get("title")), web_address(entry.get("path"))) for entry in _objects(found.get("sources"))]
    return About(
        name=_text(found.get("name")) or "package",
        title=_text(found.get("title")) or _text(found.get("name")) or "Data package",
        description=_text(found.get("description")),
        version=version,
        released=released,
        homepage=web_address(found.get("homepage")),
        doi=doi_of(found.get("id")),
        keywords=tuple(text for text in map(_text, keywords if isinstance(keywords, list) else []) if text),
        people=tuple(person for person in people if person.name),
        licences=tuple(licence for licence in licences if licence.name or licence.title or licence.address),
        sources=tuple(work for work in sources if work.title or work.address),
    )


def records_of_sources(package: Package) -> list[Work]:
    """The records of the table ``sources``, where the package has one with titles."""
    resource = package.resources.get("sources")
    if resource is None or "title" not in resource.schema.by_name:
        return []
    places = {name: resource.schema.names.index(name) for name in ("title", "url", "doi") if name in resource.schema.by_name}

    def cell(cells: Sequence[str | None], name: str) -> str:
        text = cells[places[name]] if name in places else None
        return "" if text is None or text in resource.schema.by_name[name].missing else text

    return [
        Work(cell(record.cells, "title"), web_address(cell(record.cells, "url")), doi_of(cell(record.cells, "doi")))
        for record in clean_records(package, resource)
    ]


def address_of(name: str, base_url: str) -> str:
    """Address of a released file; empty where it is not known where the files will be."""
    return f"{base_url.rstrip('/')}/{quote(name)}" if base_url else ""


def as_json(content: Any) -> bytes:
    """`content` as JSON, in the order in which it was made, safe to stand inside a web page."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    # A "</script>" in some title would end the element that holds the JSON; "<" stands in strings only.
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return (text + "\n").encode("utf-8")
