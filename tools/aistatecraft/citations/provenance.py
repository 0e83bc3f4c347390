"""Which sources stand behind a package, a table or a record, and how much of it rests on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aistatecraft.errors import DataError, UsageError
from aistatecraft.package import Package
from aistatecraft.package.lookup import RecordValues, record_of, records_of
from aistatecraft.package.statements import EVIDENCE

__all__ = ["source_records", "supporting_sources"]


def supporting_sources(package: Package, table: str | None = None, record: str | None = None) -> Counter[str]:
    """How often each source stands behind what was selected.

    Parameters
    ----------
    table : str or None
        All tables where it is None.
    record : str or None
        One record of the table; all of them where it is None.

    Returns
    -------
    Counter
        Identifiers of sources, and how many pieces of evidence and how many rows name each: the evidence for the records,
        and what a row names itself through a foreign key to ``sources``; a code rests on the source of its scheme. Of the
        table ``sources``, and of the package, every source is there, with 0 where nothing rests on it.

    Raises
    ------
    UsageError
        Where there is no such table or record, or the package has no table ``sources``.
    """
    if table is not None:
        package.resource(table)
        if record is not None:
            record_of(package, table, record)
    if "sources" not in package.resources:
        raise UsageError("this package has no table 'sources', so it does not record what supports its rows.")
    out: Counter[str] = Counter()
    for name in package.resources if table is None else [table]:
        out.update(_named(package, name, record))
    if table is not None:
        out.update(_evidence(package, table, record))
    if table in (None, "sources"):
        for name in source_records(package):
            if record in (None, name):
                out[name] += 0
    return out


def _evidence(package: Package, table: str, record: str | None) -> Iterable[str]:
    """Sources of the evidence for records; for the whole package they are found as what the rows of ``evidence`` name."""
    resource = package.resources.get(EVIDENCE)
    if resource is None or not {"record_table", "record_id", "source"} <= set(resource.schema.names):
        return
    for _, values in records_of(package, resource):
        if values.get("record_table") == table and record in (None, values.get("record_id")) and "source" in values:
            yield values["source"]


def _named(package: Package, table: str, record: str | None) -> Iterable[str]:
    """Sources that rows of a table name themselves, once a row."""
    resource = package.resource(table)
    fields = [key.fields[0] for key in resource.schema.foreign_keys if key.resource == "sources" and len(key.fields) == 1]
    schemes: dict[str, str] = {}
    if table == "codes" and "schemes" in package.resources and "scheme" in resource.schema.names:
        schemes = {name: values.get("source", "") for name, values in records_of(package, package.resource("schemes"))}
    if not fields and not schemes:
        return
    for name, values in records_of(package, resource):
        if record in (None, name):
            yield from {
                source for source in (*(values.get(field, "") for field in fields), schemes.get(values.get("scheme", ""), "")) if source
            }


def source_records(package: Package, wanted: Iterable[str] | None = None) -> dict[str, RecordValues]:
    """Records of the table ``sources`` by identifier, sorted; those wanted, or all.

    Raises
    ------
    DataError
        Where one that is wanted is not there.
    """
    found = dict(records_of(package, package.resource("sources")))
    names = sorted(found if wanted is None else set(wanted))
    for name in names:
        if name not in found:
            raise DataError(f"sources: there is no {name!r}, which other tables refer to; see 'aistatecraft validate'.")
    return {name: found[name] for name in names}
