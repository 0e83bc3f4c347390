"""For machines that follow the site: sitemap, Atom feed, robots.txt and the headers that a host should send."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote, urlsplit

from aistatecraft.site.context import Edition
from aistatecraft.site.dataset import slug
from aistatecraft.site.rendering import POLICY

__all__ = ["feed", "headers", "robots", "sitemaps"]

_MOST = 40_000
"""Addresses in one sitemap; the protocol allows 50,000."""
_CORRECTIONS = 200
"""Entries of one release for corrected and withdrawn records."""


def sitemaps(base_url: str, edition: Edition, paths: Sequence[str]) -> dict[str, bytes]:
    """The sitemap of the newest version, which is the one that search engines are to know."""
    addresses = [
        f"{base_url}/{edition.folder}/{quote(path, safe='/.-_~')}" for path in paths if not path.startswith("embed/") and path != "404.html"
    ]
    pieces = [addresses[at : at + _MOST] for at in range(0, len(addresses), _MOST)]

    def name(number: int) -> str:
        return f"sitemap{f'-{number}' if number else ''}.xml"

    out = {}
    for number, piece in enumerate(pieces):
        listed = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in piece)
        out[name(number)] = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'.encode()
        )
    return out


def robots(base_url: str, files: Sequence[str]) -> bytes:
    """robots.txt: everything may be read; frames are not listed."""
    return ("User-agent: *\nDisallow: /latest/embed/\n" + "".join(f"Sitemap: {base_url}/{name}\n" for name in files)).encode()


def headers() -> bytes:
    """Headers for hosts that read `_headers`: what a page cannot say of itself."""
    return (
        f"/*\n  Content-Security-Policy: {POLICY}; frame-ancestors 'none'\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n"
        f"/*/embed/*\n  ! Content-Security-Policy\n  Content-Security-Policy: {POLICY}; frame-ancestors *\n"
        "/v/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    ).encode()


def feed(base_url: str, edition: Edition) -> bytes:
    """Atom: one entry a release, and one for each record of it that was corrected or withdrawn. Dates are those of the register."""
    host = urlsplit(base_url).hostname or "localhost"
    versions = [one for one in edition.history.versions if one.released]
    first = versions[0].released[:4] if versions else (edition.data.state.issued[:4] or "2026")

    def tag(rest: str) -> str:
        return f"tag:{host},{first}:{edition.data.name}/{rest}"

    changed = {passage.new.version: passage for passage in edition.history.passages}
    entries = []
    for version in reversed(versions):
        folder = f"v/{slug(version.version)}"
        there = f"{base_url}/{folder if folder in edition.folders else edition.folder}"
        passage = changed.get(version.version)
        said = f"{len(passage.changes):,} changes since {passage.old.version}" if passage is not None else "The first release"
        where = (
            f"{base_url}/{edition.folder}/changes/{slug(passage.old.version)}-{slug(version.version)}.html"
            if passage is not None
            else f"{there}/index.html"
        )
        entries.append(_entry(tag(version.version), f"Version {version.version}", version.released, where, said))
        if passage is None:
            continue
        kept = [
            one for one in passage.changes.changes
            if (one.level == "cell" and one.action == "changed" and one.kind == "correction") or (one.level == "row" and one.action in ("removed", "renamed"))
        ]  # fmt: skip
        by_record: dict[tuple[str, str], list[str]] = {}
        for one in kept:
            table = edition.data.tables.get(one.table)
            if table is not None and table.paged and table.resource.schema.evidence_required:
                word = (
                    f"{one.field} corrected" if one.level == "cell" else "withdrawn" if one.action == "removed" else f"renamed to {one.new}"
                )
                by_record.setdefault((one.table, one.key), []).append(word)
        for (name, record), words in list(by_record.items())[:_CORRECTIONS]:
            table = edition.data.tables[name]
            address = f"{base_url}/{edition.folder}/{table.folder}/{quote(table.files.get(record, slug(record)))}.html"
            row = table.by_id.get(record)
            title = edition.data.title(row)[0] if row is not None else record
            entries.append(
                _entry(
                    tag(f"{version.version}/{name}/{record}"),
                    f"{title}: {', '.join(words[:4])}",
                    version.released,
                    address,
                    "; ".join(words),
                )
            )
    updated = versions[-1].released if versions else edition.data.state.issued or "2026-01-01"
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<title>{_xml(edition.about.title)}</title>\n<id>{_xml(tag("feed"))}</id>\n'
        f"<updated>{updated}T00:00:00Z</updated>\n<link rel=\"self\" href=\"{_xml(base_url)}/feed.xml\"/>\n<link href=\"{_xml(base_url)}/\"/>\n"
        f"<author><name>{_xml(edition.about.creators[0].name if edition.about.creators else edition.data.name)}</name></author>\n"
    )  # fmt: skip
    return (head + "".join(entries) + "</feed>\n").encode("utf-8", "replace")


def _xml(text: str) -> str:
    return escape("".join(char for char in text if char >= " " and char not in "\ufffe\uffff"))


def _entry(identifier: str, title: str, day: str, address: str, summary: str) -> str:
    return (
        f"<entry><id>{_xml(identifier)}</id><title>{_xml(title)}</title><updated>{day}T00:00:00Z</updated>"
        f'<link href="{_xml(address)}"/><summary>{_xml(summary)}</summary></entry>\n'
    )
