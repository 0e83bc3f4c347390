"""What is cited: an item in the terms of CSL JSON, made from the descriptor, the register of releases and the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aistatecraft.citing.styles import STYLES, Style
from aistatecraft.errors import WrongUse, nearest
from aistatecraft.reading import edtf
from aistatecraft.reading.descriptor import Package
from aistatecraft.reading.installed import package_at

__all__ = ["cite"]

_KINDS = {
    "primary": "document",
    "scholarly": "article-journal",
    "report": "report",
    "press": "article-newspaper",
    "reference": "document",
    "dataset": "dataset",
}
_TITLES = ("title_en", "name_en", "label_en", "title", "description", "statement")


def cite(
    style: str = "apa", *, table: str | None = None, id: str | None = None, path: str | Path | None = None, version: str | None = None
) -> str:
    """A citation.

    Parameters
    ----------
    style : {"apa", "bibtex", "csl-json", "ris"}
    table, id : str or None
        Both None: the package. Both given: that record; a record of ``sources`` is the source itself.
    path, version : as for `load`

    Returns
    -------
    str
        Names the exact version and, where it is a released one, the SHA-256 of its archive. There is no address in it
        unless the descriptor states one.

    Raises
    ------
    WrongUse
        Where there is no such style, table or record.
    """
    try:
        render = STYLES[Style(style)]
    except ValueError:
        raise WrongUse(f"{style!r} is not a style; {nearest(style, [known.value for known in Style])}") from None
    if (table is None) != (id is None):
        raise WrongUse("to cite a record name both its table and its identifier.")
    package = package_at(path, version)
    if table is None or id is None:
        return render(package_item(package))
    if table == "sources":
        return render(source_item(package, id))
    return render(record_item(package, table, id))


def _date(text: str | None) -> dict[str, Any] | None:
    match = re.match(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?", text or "")
    return {"date-parts": [[int(part) for part in match[0].split("-")]]} if match and not edtf.check(match[0]) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def package_item(package: Package) -> dict[str, Any]:
    """CSL item of the package."""
    from aistatecraft.release.state import released_as

    descriptor = package.descriptor
    released = released_as(package)
    item: dict[str, Any] = {
        "id": f"{descriptor.get('name', 'package')}-{package.version}", "type": "dataset", "title": package.title, "version": package.version,
        "author": [{"literal": str(person["title"])} for person in _list(descriptor.get("contributors")) if isinstance(person, Mapping) and person.get("title")],
    }  # fmt: skip
    issued = _date(released[0] if released else str(descriptor.get("created", "")))
    if issued:
        item["issued"] = issued
    if descriptor.get("homepage"):
        item["URL"] = str(descriptor["homepage"])
    if released:
        item["note"] = f"SHA-256 of the release archive: {released[1]}"
    return item


def record_item(package: Package, table: str, record: str) -> dict[str, Any]:
    """CSL item of a record, as a part of the package."""
    from aistatecraft.tables import find_record

    row = find_record(package, table, record)
    whole = package_item(package)
    name = next((str(row[field]) for field in _TITLES if row.get(field)), "")
    return {
        **whole, "id": f"{whole['id']}-{table}-{re.sub('[^A-Za-z0-9]+', '-', record)}", "title": f"{name} [{table}/{record}]" if name else f"[{table}/{record}]",
        "container-title": whole["title"],
    }  # fmt: skip


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


def source_item(package: Package, record: str) -> dict[str, Any]:
    """CSL item of a source."""
    from aistatecraft.tables import find_record

    row = find_record(package, "sources", record)
    kind = _KINDS.get(str(row.get("kind")), "document")
    if kind == "article-journal" and not row.get("container"):
        kind = "document"
    item: dict[str, Any] = {"id": record, "type": kind, "title": str(row.get("title") or record)}
    if row.get("authors"):
        item["author"] = _authors(str(row["authors"]))
    for field, name in (
        ("container", "container-title"),
        ("publisher", "publisher"),
        ("volume", "volume"),
        ("issue", "issue"),
        ("pages", "page"),
        ("doi", "DOI"),
        ("url", "URL"),
        ("language", "language"),
    ):
        if row.get(field):
            item[name] = str(row[field])
    for field, name in (("published", "issued"), ("accessed", "accessed")):
        made = _date(str(row.get(field) or ""))
        if made:
            item[name] = made
    return item
