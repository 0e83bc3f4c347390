"""The last release, read for what a later state is measured against."""

from __future__ import annotations

from aistatecraft.errors import AistatecraftError
from aistatecraft.package import Package, clean_records, open_package
from aistatecraft.validation.report import ERROR, Finding
from aistatecraft.validation.rules.base import Baseline

__all__ = ["read_baseline"]


def read_baseline(package: Package) -> tuple[Baseline | None, list[Finding]]:
    """The last release of a package, and what is wrong with its record.

    None where nothing was released yet. Where the archive lies elsewhere, the register tells at least the rows of each table.
    """
    from aistatecraft.package.register import Register

    where = "releases/register.json"
    try:
        register = Register.of(package)
        last = register.last
        if last is None:
            return None, []
        where = f"releases/{last.archive}"
        archive = register.archive(last.version)
        if archive is None:
            return Baseline(last.version, last.rows, {}, {}), []
        return _read(open_package(archive), last.version), []
    except AistatecraftError as error:
        message = str(error).removeprefix(f"{where}: ").rstrip(".")
        return None, [Finding("release-unreadable", ERROR, where, 0, "", "", "", "", message, "restore the releases from the last version")]


def _read(package: Package, version: str) -> Baseline:
    rows: dict[str, int] = {}
    filled: dict[str, dict[str, int]] = {}
    identifiers: dict[str, frozenset[str]] = {}
    for name, resource in package.resources.items():
        schema = resource.schema
        cells = [record.cells for record in clean_records(package, resource)]
        rows[name] = len(cells)
        columns = list(zip(*cells, strict=True)) if cells else [()] * len(schema.names)
        filled[name] = {
            column.name: sum(text not in column.missing for text in texts) for column, texts in zip(schema.fields, columns, strict=True)
        }
        if schema.primary_key == ("id",):
            identifiers[name] = frozenset(str(text) for text in columns[schema.names.index("id")])
    return Baseline(version, rows, filled, identifiers)
