"""The files beside the tables that state the version: descriptor, citation and changelog.

The Python version is read from the descriptor when the wheel is built, so that it cannot differ.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package import Package
from aistatecraft.releases.archive import stamped_companion
from aistatecraft.releases.bump import next_dev

__all__ = ["entry_added", "stamped"]

CHANGELOG = "CHANGELOG.md"
UNRELEASED_HEADING = "## Unreleased"
"""Heading under which what is not released yet is noted by hand."""


def stamped(package: Package, version: str, released: str, changes: ChangeSet | None) -> dict[Path, bytes]:
    """The files of a package in a directory that state the version, as they are after its release.

    Descriptor and citation state the next version in the making from then on: what is changed next is not what was released.

    Parameters
    ----------
    version, released : the version that is released, and the day
    changes : what changed since the last release; None for the first
    """
    root = package.root
    assert root is not None
    coming = next_dev(version)
    text = package.store.read(package.descriptor_path).decode("utf-8-sig")
    text = re.sub(r'(?m)^(  "version": )"[^"]*"', rf'\g<1>"{coming}"', text, count=1)
    text = re.sub(r'(?m)^(  "created": )"[^"]*"', rf'\g<1>"{released}T00:00:00Z"', text, count=1)
    if json.loads(text).get("version") != coming:
        raise RefusedError(
            f'{package.descriptor_path}: the version cannot be updated; put it on its own line, as two spaces and "version": "{package.version}".'
        )
    files = {root / package.descriptor_path: text.encode("utf-8")}
    citation, changelog = root / "CITATION.cff", root / CHANGELOG
    if citation.is_file():
        files[citation] = stamped_companion("CITATION.cff", citation.read_bytes(), coming, "")
    if changelog.is_file():
        from aistatecraft.comparison.reporters import ChangeFormat, render

        told = "" if changes is None else render(ChangeFormat.changelog, changes)
        try:
            before = changelog.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ReadError(f"{CHANGELOG}: byte {error.start + 1} is not UTF-8; save the file as UTF-8.") from None
        files[changelog] = entry_added(before, version, released, told).encode("utf-8")
    return files


def entry_added(changelog: str, version: str, released: str, data: str) -> str:
    """A changelog with the entry of a release.

    Parameters
    ----------
    changelog : text of the file; what is noted under `UNRELEASED_HEADING` becomes the entry
    data : the part on the data, with its heading ``### Data``; it follows what is noted there by hand

    A version that has an entry already keeps it.
    """
    heading = f"## {version} ({released})"
    if re.search(rf"(?m)^## {re.escape(version)}\b", changelog):
        return changelog
    text = changelog if changelog.endswith("\n") else changelog + "\n"
    found = re.search(rf"(?m)^{re.escape(UNRELEASED_HEADING)}[^\n]*\n", text)
    if found is None:
        first = re.search(r"(?m)^## ", text)
        at = first.start() if first else len(text)
        entry = f"{heading}\n\n{data}\n\n" if data else f"{heading}\n\n"
        return (
            text[:at] + ("" if first or text.endswith("\n\n") else "\n") + entry.rstrip("\n") + "\n" + ("\n" if first else "") + text[at:]
        )
    after = re.search(r"(?m)^## ", text[found.end() :])
    end = found.end() + after.start() if after else len(text)
    body = text[found.end() : end].strip("\n")
    return text[: found.start()] + f"{heading}\n\n" + _with_data(body, data) + "\n" + ("\n" if after else "") + text[end:]


def _with_data(body: str, data: str) -> str:
    """The notes of an entry, what the change set tells of the data behind those on the data."""
    if not data:
        return body
    title, _, told = data.partition("\n")
    parts = re.split(r"(?m)^(?=### )", body)
    for at, part in enumerate(parts):
        if part.startswith(title):
            parts[at] = part.rstrip("\n") + "\n\n" + told.strip("\n") + "\n\n"
            return "".join(parts).rstrip("\n")
    return (data + ("\n\n" + body if body else "")).rstrip("\n")
