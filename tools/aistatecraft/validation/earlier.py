"""The last release, read for what a later state is measured against."""

from __future__ import annotations

from aistatecraft.errors import AistatecraftError
from aistatecraft.reading import Package, clean_records, open_package
from aistatecraft.validation.finding import ERROR, Finding
from aistatecraft.validation.rules.base import Earlier

__all__ = ["earlier_state"]


def earlier_state(package: Package) -> tuple[Earlier | None, list[Finding]]:
    """The last release of a package, and what is wrong with its record.

    None where nothing was released yet. Where the archive lies elsewhere, the register tells at least the rows of each table.
    """
    from aistatecraft.release.register import Register

    where = "releases/register.json"
    try:
        register = Register.of(package)
        last = register.last
        if last is None:
            return None, []
        where = f"releases/{last.archive}"
        archive = register.archive(last.version)
        if archive is None:
            return Earlier(last.version, last.rows, {}, {}), []
        return _read(open_package(archive), last.version), []
    except AistatecraftError as error:
        message = str(error).removeprefix(f"{where}: ").rstrip(".")
        return None, [Finding("release-unreadable", ERROR, where, 0, "", "", "", "", message, "restore the releases from the last version")]


def _read(package: Package, version: str) -> Earlier:
    rows: dict[str, int] = {}
    filled: dict[str, dict[str, int]] = {}
    identifiers: dict[str, frozenset[str]] = {}
    for name, resource in package.resources.items():
        plan = resource.plan
        cells = [record.cells for record in clean_records(package, resource)]
        rows[name] = len(cells)
        columns = list(zip(*cells, strict=True)) if cells else [()] * len(plan.names)
        filled[name] = {
            column.name: sum(text not in column.missing for text in texts) for column, texts in zip(plan.fields, columns, strict=True)
        }
        if plan.primary_key == ("id",):
            identifiers[name] = frozenset(str(text) for text in columns[plan.names.index("id")])
    return Earlier(version, rows, filled, identifiers)
