"""Whether a package is the one that was released under its version number."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aistatecraft.errors import AistatecraftError
from aistatecraft.package import Package
from aistatecraft.package.register import Register
from aistatecraft.releases.archive import build_archive

__all__ = ["released_as", "state_of"]


def released_as(package: Package) -> tuple[str, str] | None:
    """Day of the release that a package is, and the SHA-256 of its archive; None where it is not what was released."""
    if package.root is None:
        if not _as_built(package):
            return None
        return str(package.descriptor.get("created", ""))[:10], hashlib.sha256(Path(package.store.label).read_bytes()).hexdigest()
    entry = Register.of(package).find(package.version)
    if entry is None:
        return None
    try:
        data, _ = build_archive(package, entry.version, entry.released)
    except AistatecraftError:  # a table that cannot be read is not the one that was released
        return None
    return (entry.released, entry.sha256) if hashlib.sha256(data).hexdigest() == entry.sha256 else None


def _as_built(package: Package) -> bool:
    return all(
        str(resource.descriptor.get("hash", "")) == f"sha256:{hashlib.sha256(package.store.read(resource.path)).hexdigest()}"
        for resource in package.resources.values()
    )


def state_of(package: Package) -> str:
    """Words for the state: as released, changed since, or never released."""
    if package.root is None:
        return (
            f"a release archive of {str(package.descriptor.get('created', ''))[:10]}"
            if _as_built(package)
            else "an archive whose tables are not those that were released"
        )
    register = Register.of(package)
    entry = register.find(package.version)
    if entry is None:
        return f"not released; the last release is {register.last.version}" if register.last else "not released"
    if released_as(package):
        return f"as released on {entry.released}"
    return f"changed since the release of {entry.version} on {entry.released}"
