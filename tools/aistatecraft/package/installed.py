"""The package of this installation, opened once."""

from __future__ import annotations

from functools import cache

from aistatecraft.package.descriptor import Package, open_package

__all__ = ["installed"]


@cache
def installed() -> Package:
    """The data package that this installation carries."""
    return open_package()
