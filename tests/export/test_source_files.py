"""The files of all sources: every source is there once, and programs that are not ours read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import bibtexparser
import pytest

from aistatecraft.api import load

# https://github.com/citation-style-language/schema: csl-data.json, of which these are the ones that we have
TYPES = {"article-journal", "article-magazine", "article-newspaper", "dataset", "document", "report", "webpage"}
KEYS = {
    "id", "type", "title", "author", "container-title", "publisher", "volume", "issue", "page", "DOI", "URL", "language", "issued", "accessed",
}  # fmt: skip


@pytest.mark.real
def test_every_source_is_in_both(file: Callable[[str], bytes], root: Path) -> None:
    frame = load("sources", path=root)
    items = json.loads(file("sources-csl"))
    assert [item["id"] for item in items] == sorted(frame["id"])
    assert {item["type"] for item in items} <= TYPES and {name for item in items for name in item} <= KEYS
    titles = dict(zip(frame["id"], frame["title"], strict=True))
    assert all(item["title"].startswith(titles[item["id"]]) for item in items)
    found = bibtexparser.parse_string(file("sources-bib").decode())
    assert [entry.key for entry in found.entries] == sorted(frame["id"]) and not found.failed_blocks
    for entry in found.entries:
        names = {field.key for field in entry.fields}
        assert "author" in names or "key" in names, entry.key  # or BibTeX cannot sort it
        needed = {"article": "journal", "techreport": "institution"}.get(entry.entry_type)
        assert needed is None or needed in names, entry.key
