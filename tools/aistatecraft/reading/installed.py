"""The package of this installation, opened once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aistatecraft.errors import WrongUse, nearest
from aistatecraft.reading.descriptor import Package, open_package

__all__ = ["installed", "package_at"]


@cache
def installed() -> Package:
    """The data package that this installation carries."""
    return open_package()


def package_at(path: str | Path | None = None, version: str | None = None) -> Package:
    """The package at `path`, the released `version`, or that of this installation where both are None.

    Raises
    ------
    WrongUse
        Where both are given, or the version was never released.
    """
    if path is not None and version is not None:
        raise WrongUse("name either a path or a version, not both.")
    if version is not None:
        from aistatecraft.release.register import Register

        register = Register.of(installed())
        archive = register.archive(version)
        if archive is None:
            raise WrongUse(
                f"version {version!r} was never released, or this installation does not carry it; {nearest(version, register.versions)}"
            )
        return open_package(archive)
    return installed() if path is None else open_package(path)
