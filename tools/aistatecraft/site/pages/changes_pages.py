"""What changed from one version to the next, and the pages of identifiers that were withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aistatecraft.comparison.reporters import ChangeFormat, RenderOptions
from aistatecraft.comparison.reporters import render as render_changes
from aistatecraft.site.cells import Shown, clean, href
from aistatecraft.site.context import Edition, Page
from aistatecraft.site.dataset import slug
from aistatecraft.site.record_history import Passage

__all__ = ["change_files", "changes", "tombstones"]

_MOST = 150
"""Changes of one table on the page; all of them are in the CSV."""


def name_of(passage: Passage) -> str:
    """Name of the page of a passage."""
    return f"{slug(passage.old.version)}-{slug(passage.new.version)}"


def changes(edition: Edition) -> Iterator[Page]:
    """A page for each step from version to version, and the list of them."""
    passages = edition.history.passages
    listed = [
        {"href": f"changes/{name_of(one)}.html", "old": clean(one.old.version), "new": clean(one.new.version), "day": one.new.released, "number": len(one.changes), "classes": {kind: number for kind, number in one.changes.classes().items() if number}}
        for one in reversed(passages)
    ]  # fmt: skip
    versions = [
        (clean(one.version), one.released, f"v/{slug(one.version)}" in edition.folders, f"v/{slug(one.version)}")
        for one in reversed(edition.history.versions)
    ]
    yield Page(
        "changes/index.html",
        "changes.html",
        edition.words("Versions and changes"),
        {"passages": listed, "versions": versions},
        edition.words("Released versions, and what changed from each to the next."),
    )
    for passage in passages:
        yield _passage(edition, passage)


def _passage(edition: Edition, passage: Passage) -> Page:
    counts = passage.changes.counts()
    by_table: dict[str, list[Any]] = {}
    for change in passage.changes.changes:
        by_table.setdefault(change.table, []).append(change)
    groups = []
    for table, listed in by_table.items():
        own = edition.data.tables.get(table)
        # Cells that changed say more than rows that came: they stand first.
        ranked = sorted(listed, key=lambda one: (one.level == "row" and one.action == "added", one.level != "schema"))
        lines = []
        for change in ranked[:_MOST]:
            renamed = change.level == "row" and change.action == "renamed"
            row = edition.data.find(table, (change.new or "") if renamed else change.key)
            link = edition.show.link(row) if row is not None else Shown(clean(change.key or change.field))
            lines.append(
                {
                    "record": link,
                    "key": clean(change.key),
                    "action": edition.words(change.action),
                    "field": clean(" ".join(filter(None, (change.field, change.property)))),
                    "old": None if change.old is None else clean(change.old)[:600],
                    "new": None if change.new is None else clean(change.new)[:600],
                    "reason": clean(change.reason),
                }
            )
        groups.append(
            {
                "title": clean(own.title if own else table or edition.words("The package")),
                "href": href(own.page) if own else "",
                "id": slug(table or "package"),
                "lines": lines,
                "count": len(listed),
                "left": len(listed) - len(lines),
                "numbers": counts.get(table),
            }
        )
    values = {"passage": passage, "old": clean(passage.old.version), "new": clean(passage.new.version), "groups": groups, "classes": passage.changes.classes(), "bump": passage.changes.bump, "csv": f"changes/{name_of(passage)}.csv", "total": len(passage.changes)}  # fmt: skip
    title = edition.words("Changes from {old} to {new}", old=clean(passage.old.version), new=clean(passage.new.version))
    return Page(
        f"changes/{name_of(passage)}.html",
        "change.html",
        title,
        values,
        edition.words("{number} changes.", number=f"{len(passage.changes):,}"),
    )


def change_files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """All changes of each step as CSV."""
    for passage in edition.history.passages:
        text = render_changes(ChangeFormat.csv, passage.changes, RenderOptions(every=True))
        yield f"changes/{name_of(passage)}.csv", (text.rstrip("\n") + "\n").encode("utf-8", "replace")


def tombstones(edition: Edition) -> Iterator[Page]:
    """A page for each identifier that was withdrawn and whose record would have one."""
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for (name, record), (version, successor) in edition.history.gone().items():
        known[name, record] = {"last": version, "successor": successor, "reason": "", "day": ""}
    for row in edition.data.retired:
        entry = known.setdefault((row.get("record_table"), row.get("id")), {"last": "", "successor": "", "reason": "", "day": ""})
        entry |= {"reason": clean(row.get("reason")), "day": row.get("retired"), "successor": row.get("replaced_by") or entry["successor"]}
    for (name, record), entry in sorted(known.items()):
        table = edition.data.tables.get(name)
        if table is None or not table.paged or record in table.by_id or not record:
            continue
        replacing = table.by_id.get(entry["successor"])
        file = slug(record)
        if file.lower() in {one.lower() for one in table.files.values()}:
            continue
        last = entry["last"]
        values = {
            "table": table, "record": clean(record), **entry, "last": clean(last), "last_href": f"v/{slug(last)}/{table.folder}/{href(file)}.html" if last and f"v/{slug(last)}" in edition.folders else "",
            "replaced": edition.show.link(replacing) if replacing is not None else Shown(clean(entry["successor"])) if entry["successor"] else None,
        }  # fmt: skip
        yield Page(
            f"{table.folder}/{file}.html",
            "retired.html",
            edition.words("{record}: withdrawn", record=clean(record)),
            values,
            entry["reason"][:300],
        )
