"""CSV: the data package itself, as `release` registers it."""

from __future__ import annotations

from aistatecraft.package import Package

__all__ = ["build"]


def build(package: Package, *, version: str, released: str) -> bytes:
    """The zip archive of the data package: canonical CSV, schemas, datapackage.json, licence and citation."""
    from aistatecraft.releases.archive import build_archive

    return build_archive(package, version, released)[0]
