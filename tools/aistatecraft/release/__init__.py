"""Releases: an archive of the package that anyone can rebuild to the byte, and the register of what was released."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aistatecraft.release.archive import build_archive as build_archive
    from aistatecraft.release.build import Built as Built
    from aistatecraft.release.build import release as release
    from aistatecraft.release.register import Entry as Entry
    from aistatecraft.release.register import Register as Register

_HOMES = {"Built": "build", "Entry": "register", "Register": "register", "build_archive": "archive", "release": "build"}

__all__ = ["Built", "Entry", "Register", "build_archive", "release"]


def __getattr__(name: str) -> Any:
    # The register is asked by commands that never build anything.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
