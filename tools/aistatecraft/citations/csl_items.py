"""What can be cited, in the terms of CSL JSON: a package, a table, a record, a source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aistatecraft.citations.cited_state import state_of
from aistatecraft.package import Package, edtf

__all__ = ["package_item", "record_item", "source_item", "table_item"]

_KINDS = {
    "primary": "document",
    "scholarly": "article-journal",
    "report": "report",
    "press": "article-newspaper",
    "reference": "document",
    "dataset": "dataset",
    "search": "document",
}
_TITLES = ("title_en", "name_en", "label_en", "title", "description", "statement")
_NAMES = (
    ("container", "container-title"),
    ("publisher", "publisher"),
    ("volume", "volume"),
    ("issue", "issue"),
    ("pages", "page"),
    ("doi", "DOI"),
    ("url", "URL"),
    ("language", "language"),
)


def _date(text: str) -> dict[str, Any] | None:
    match = re.match(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?", text)
    return {"date-parts": [[int(part) for part in match[0].split("-")]]} if match and not edtf.check(match[0]) else None


def package_item(package: Package) -> dict[str, Any]:
    """CSL item of the package in its exact state: version, day, and the hash of its archive."""
    from aistatecraft.citations.metadata import about

    state = state_of(package)
    known = about(package, state.version, state.issued)
    name = str(package.descriptor.get("name", "package"))
    item: dict[str, Any] = {"id": f"{name}-{state.version or 'unreleased'}", "type": "dataset", "title": package.title}
    if state.version:
        item["version"] = state.version
    item["author"] = [
        {"family": person.family, "given": person.given} if person.given and person.family else {"literal": person.name}
        for person in known.creators
    ]
    for field, value in (("issued", _date(state.issued)), ("DOI", known.doi), ("URL", known.homepage), ("note", state.note)):
        if value:
            item[field] = value
    return item


def _part(whole: Mapping[str, Any], key: str, title: str) -> dict[str, Any]:
    return {**whole, "id": f"{whole['id']}-{key}", "title": title, "container-title": whole["title"]}


def table_item(package: Package, table: str, whole: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """CSL item of a table, as a part of the package; `whole` is the item of the package, where it was made before."""
    title = package.resource(table).schema.title
    return _part(package_item(package) if whole is None else whole, table, f"[{table}]" if title in ("", table) else f"{title} [{table}]")


def record_item(
    package: Package, table: str, record: str, values: Mapping[str, str], whole: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """CSL item of a record with these values, as a part of the package; `whole` as for `table_item`."""
    name = next((values[field] for field in _TITLES if values.get(field)), "")
    key = f"{table}-{re.sub('[^A-Za-z0-9]+', '-', record)}"
    whole = package_item(package) if whole is None else whole
    return _part(whole, key, f"{name} [{table}/{record}]" if name else f"[{table}/{record}]")


def _authors(text: str) -> list[dict[str, str]]:
    out: list[dict[str, str]] = []
    for part in text.split(";"):
        name = part.strip()
        if not name:
            continue
        family, comma, given = name.partition(",")
        out.append(
            {"literal": name.strip("{}")} if name.startswith("{") or not comma else {"family": family.strip(), "given": given.strip()}
        )
    return out


def source_item(record: str, values: Mapping[str, str]) -> dict[str, Any]:
    """CSL item of a record of the table ``sources``.

    The English title of a work in another language is in ``translated-title``, a key of ours that `csl_json` turns into the words
    in brackets that styles ask for. Where the table has authors in Latin script (``authors_latin``), they are the authors.
    """
    kind = _KINDS.get(values.get("kind", ""), "document")
    if kind == "article-journal" and not values.get("container"):
        kind = "document"
    title = values.get("title") or record
    item: dict[str, Any] = {"id": record, "type": kind, "title": title}
    if values.get("language") != "en" and values.get("title_en", "").casefold() not in ("", title.casefold()):
        item["translated-title"] = values["title_en"]
    authors = values.get("authors_latin") or values.get("authors")
    if authors:
        item["author"] = _authors(authors)
    for field, name in _NAMES:
        if values.get(field):
            item[name] = values[field]
    for field, name in (("published", "issued"), ("accessed", "accessed")):
        made = _date(values.get(field, ""))
        if made:
            item[name] = made
    return _press(item) if kind == "article-newspaper" else item


def _press(item: dict[str, Any]) -> dict[str, Any]:
    """The item with its newspaper as container, which is where styles look for it, and a type that its date can fill.

    The table calls the newspaper publisher, unless it names both. Styles cite a newspaper by day and a magazine by month; what
    is known by its year at most is a page of the web.
    """
    medium = item.get("container-title") or item.get("publisher")
    if medium:
        item["container-title"] = medium
        if item.get("publisher") == medium:
            del item["publisher"]
    known = len(item["issued"]["date-parts"][0]) if "issued" in item else 0
    item["type"] = {3: "article-newspaper", 2: "article-magazine"}.get(known, "webpage" if "URL" in item else "document")
    return item
