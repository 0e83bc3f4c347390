"""The start page and the pages that say what the site is: method, how to cite, downloads, accessibility, search, not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aistatecraft.package.summary import NO_SUPPORT, count_support
from aistatecraft.site.cells import clean, href, web_link
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import Row

__all__ = ["plain_pages", "start"]


def sureness(edition: Edition) -> dict[str, int]:
    """How many records whose rows need evidence have a source, two or more, a disputed value."""
    counted = count_support(edition.package)
    found = {"records": 0, "one": 0, "two": 0, "disputed": 0}
    for table in edition.data.tables.values():
        if table.resource.schema.evidence_required:
            for row in table.rows:
                support = counted.get(row.key, NO_SUPPORT)
                own = {one.source for one in edition.data.statements.get(row.key, ()) if one.stance == "supports"}
                found["records"] += 1
                found["one"] += bool(own)
                found["two"] += len(own) > 1
                found["disputed"] += support.disputed
    return found


def start(edition: Edition, questions: Sequence[dict[str, Any]], grid: dict[str, Any] | None) -> Page:
    """The start page."""
    sure = sureness(edition)
    last = edition.history.passages[-1] if edition.history.passages else None
    counts = last.changes.counts() if last is not None else {}
    values = {
        "sentence": clean(edition.about.description),
        "questions": questions[:6],
        "grid": grid,
        "sure": sure,
        "share": round(100 * sure["two"] / sure["records"]) if sure["records"] else 0,
        "rows": sum(len(table.rows) for table in edition.data.tables.values()),
        "tables": [(clean(table.title), href(table.page), len(table.rows)) for table in edition.data.tables.values()],
        "changed": {
            "href": f"changes/{last.old.version}-{last.new.version}.html",
            "old": last.old.version,
            "new": last.new.version,
            "added": sum(one["added"] for one in counts.values()),
            "removed": sum(one["removed"] for one in counts.values()),
            "changed": sum(one["changed"] for one in counts.values()),
        }
        if last is not None
        else None,
        "licence": [(clean(one.title or one.name), one.address) for one in edition.about.licences],
    }
    return Page("index.html", "start.html", clean(edition.about.title), values, clean(edition.about.description))


def plain_pages(edition: Edition) -> Iterator[Page]:
    """The pages that say what the site is."""
    words = edition.words
    package = edition.package
    works = [(clean(work.title), web_link(work.address)) for work in edition.about.sources]
    yield Page("search.html", "search.html", words("Search"), {"tables": list(edition.tables())}, words("Search by name in any language."))
    yield Page(
        "method.html",
        "method.html",
        words("Method and limits"),
        {
            "works": works,
            "sure": sureness(edition),
            "stances": _vocabulary(edition, "evidence", "stance"),
            "readings": _vocabulary(edition, "sources", "read"),
            "looked": len({row.get("actor") for row in edition.data.rows("coverage", "actor")}),
        },
        words("How rows are curated, what is not covered, and how sure each value is."),
    )
    yield Page(
        "cite.html",
        "cite.html",
        words("How to cite"),
        {"citations": edition.citations(), "note": edition.data.state.note},
        words("How to cite the dataset in six styles."),
    )
    formats = [
        (clean(table.title), f"data/{table.folder}", len(table.rows), len(package.store.read(table.resource.path)), f"data/{table.folder}.xlsx" in edition.workbooks) for table in edition.data.tables.values()
    ]  # fmt: skip
    yield Page(
        "download.html",
        "download.html",
        words("Downloads"),
        {"formats": formats},
        words("All tables as CSV, JSON and XLSX."),
    )
    yield Page(
        "accessibility.html", "accessibility.html", words("Accessibility"), {}, words("How these pages can be used, and what was tested.")
    )
    yield Page("404.html", "404.html", words("Page not found"), {}, words("There is no page at this address."))
    yield Page(
        "codebook.html",
        "codebook.html",
        words("Codebook"),
        {"tables": [_codebook(table.rows[:0], table) for table in edition.data.tables.values()]},
        words("What each field means."),
    )


def _vocabulary(edition: Edition, table: str, field: str) -> list[tuple[str, str]]:
    found = edition.data.tables.get(table)
    column = found.by_name.get(field) if found is not None else None
    return [(clean(each.value), clean(each.label)) for each in column.field.categories] if column is not None else []


def _codebook(_rows: Sequence[Row], table: Any) -> dict[str, Any]:
    schema = table.resource.schema
    return {
        "name": table.name, "title": clean(table.title), "about": clean(schema.description), "href": href(table.page), "folder": table.folder,
        "fields": [
            {
                "name": clean(column.name), "title": clean(column.field.title), "type": column.field.type, "about": clean(column.field.description), "required": column.field.required,
                "values": [(clean(each.value), clean(each.label)) for each in column.field.categories],
                "refers": clean(column.target), "example": clean(str(column.field.example)) if column.field.example is not None else "",
            }
            for column in table.columns
        ],
    }  # fmt: skip
