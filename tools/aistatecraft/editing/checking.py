"""Check new rows in place, before anything is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aistatecraft.editing.draft import Draft
from aistatecraft.errors import RefusedError
from aistatecraft.fixing.descriptor import with_sizes
from aistatecraft.fixing.package import is_own, root_of
from aistatecraft.fixing.tables import fix_table
from aistatecraft.package import Package, Resource, clean_records
from aistatecraft.package.storage import DirectoryStore
from aistatecraft.package.transaction import Change
from aistatecraft.validation.report import ERROR, Finding
from aistatecraft.validation.run import validate_package

__all__ = ["CheckedRows", "check", "write"]


class _Overlay(DirectoryStore):
    """A directory in which some files have other bytes."""

    def __init__(self, root: Path, label: str, files: Mapping[str, bytes]) -> None:
        super().__init__(root)
        self.label, self.files = label, files

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        return self.files[path] if path in self.files else super().read(path)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        return len(self.files[path]) if path in self.files else super().size(path)

    def open(self, path: str) -> BinaryIO:
        """The file at `path`, open at its beginning."""
        return io.BytesIO(self.files[path]) if path in self.files else super().open(path)


@dataclass(frozen=True)
class CheckedRows:
    """New rows, the files that hold them, and what is wrong with them."""

    files: Mapping[str, bytes]
    """What each file will hold."""
    before: Mapping[str, bytes]
    """What it holds now."""
    lines: Sequence[int]
    """For each draft the line on which it will stand."""
    findings: Sequence[Finding]
    """Problems that the new rows bring, here or elsewhere."""

    @property
    def errors(self) -> int:
        """Number of findings that are errors."""
        return sum(finding.severity == ERROR for finding in self.findings)


def check(package: Package, drafts: Sequence[Draft]) -> CheckedRows:
    """Put the rows where they belong, in memory, and validate the package with them.

    Raises
    ------
    RefusedError
        Where a table is not in canonical form: a row put into it would hide among the repairs.
    """
    before: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    for draft in drafts:
        path = draft.resource.path
        before.setdefault(path, package.store.read(path))
        files[path] = _with_row(files.get(path, before[path]), draft, own=is_own(package))
    after = Package(_Overlay(root_of(package), package.store.label, files), package.descriptor, package.resources, package.descriptor_path)
    findings = validate_package(after).findings
    new = {(draft.resource.path, draft.identifier) for draft in drafts}
    if any((finding.file, finding.record) not in new for finding in findings):
        known = {_what(finding) for finding in validate_package(package).findings}
        findings = [finding for finding in findings if (finding.file, finding.record) in new or _what(finding) not in known]
    return CheckedRows(files, before, [_line_of(after, draft) for draft in drafts], findings)


def _what(finding: Finding) -> tuple[str, ...]:
    """A finding without its line, which new rows move."""
    return finding.rule, finding.file, finding.record, finding.field, finding.value, finding.message


def _with_row(raw: bytes, draft: Draft, *, own: bool) -> bytes:
    resource = draft.resource
    if fix_table(raw, resource, own=own).changed:
        raise RefusedError(
            f"{resource.path}: the table is not in canonical form, so a new row would be hard to see among the repairs; run aistatecraft fmt first."
        )
    end = "\r\n" if raw.endswith(b"\r\n") else "\n"
    return fix_table(raw + _as_text(resource, draft, end), resource, own=own).after


def _as_text(resource: Resource, draft: Draft, end: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=resource.dialect.delimiter, quotechar=resource.dialect.quote, lineterminator=end)
    writer.writerow([draft.row.get(name, "") for name in resource.schema.names])
    return out.getvalue().encode("utf-8")


def _line_of(package: Package, draft: Draft) -> int:
    resource = draft.resource
    lines = [record.line for record in clean_records(package, resource) if resource.identifier(record.cells) == draft.identifier]
    return lines[0] if lines else 0


def write(package: Package, checked: CheckedRows, change: Change) -> None:
    """Write the files of checked rows, all or none, and with them the hashes and sizes that the descriptor declares.

    Parameters
    ----------
    package, change : what `fixing.open_to_write` gave
    checked : what `check` gave for it

    Raises
    ------
    RefusedError
        Where there are errors, or a file is no longer what it was when the rows were checked.
    """
    if checked.errors:
        raise RefusedError("nothing was written because the new rows cause errors; correct the fields and run the command again.")
    root = root_of(package)
    for path, data in checked.before.items():
        if package.store.read(path) != data:
            raise RefusedError(f"{path}: the file was changed in the meantime, so nothing was written; run the command again.")
    change.commit({root / path: data for path, data in with_sizes(package, checked.files).items()})
