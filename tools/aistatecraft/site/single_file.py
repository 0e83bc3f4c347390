"""The explorer: one HTML file with all tables, search and filters, to send by mail. Nothing else is needed to read it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from aistatecraft.package import Package
from aistatecraft.package.writing import write_all
from aistatecraft.site.cells import clean
from aistatecraft.site.context import Edition
from aistatecraft.site.dataset import Dataset
from aistatecraft.site.pages.tables import rows_script, search_file
from aistatecraft.site.rendering import asset, environment

__all__ = ["single_file", "write_single_file"]


def single_file(package: Package) -> bytes:
    """The file. Its policy admits the script and the style that stand in it, by their hashes, and nothing else."""
    edition = Edition(Dataset(package), "")
    script = asset("site.js").decode() + "\n" + search_file(edition).decode()
    script += "".join(rows_script(edition, table).decode() for table in edition.data.tables.values())
    style = asset("site.css").decode()
    values = {
        "edition": edition, "data": edition.data, "_": edition.words, "script": script, "style": style, "title": clean(edition.about.title),
        "policy": f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'",
        "tables": [(table.name, table.folder, clean(table.title), len(table.rows)) for table in edition.data.tables.values()],
        "citation": edition.citations()[0][2],
    }  # fmt: skip
    return str(environment().get_template("explorer.html").render(values)).encode("utf-8", "replace")


def write_single_file(out: Path, *, package: Package) -> int:
    """Write the file; gives its size."""
    data = single_file(package)
    write_all({out: data})
    return len(data)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
