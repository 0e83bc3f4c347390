"""The package of this installation, opened once, and old versions of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aistatecraft.errors import UsageError
from aistatecraft.package.descriptor import Package, open_package

__all__ = ["installed", "package_at"]


@cache
def installed() -> Package:
    """The data package that this installation carries."""
    return open_package()


def package_at(path: str | Path | None = None, version: str | None = None) -> Package:
    """The package at `path`, the released `version`, or that of this installation where both are None.

    A version comes from the archive that this installation carries, else from the place that the user set (see
    `aistatecraft.versions`).

    Raises
    ------
    UsageError
        Where both are given, or the version was never released or is not to be had.
    ReadError, RefusedError
        Where the package cannot be read or fetched, or an archive is not the one that was released.
    """
    if path is not None and version is not None:
        raise UsageError("name either a path or a version, not both.")
    if version is not None:
        from aistatecraft.releases.catalog import Releases

        return Releases().opened(version)
    return installed() if path is None else open_package(path)
