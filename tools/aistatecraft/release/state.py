"""Whether a package is the one that was released under its version number."""

from __future__ import annotations

import hashlib

from aistatecraft.reading import Package
from aistatecraft.release.build import build_archive
from aistatecraft.release.register import Register

__all__ = ["state_of"]


def state_of(package: Package) -> str:
    """Words for the state: as released, changed since, or never released."""
    if package.root is None:
        hashes = all(
            str(resource.descriptor.get("hash", "")) == f"sha256:{hashlib.sha256(package.store.read(resource.path)).hexdigest()}"
            for resource in package.resources.values()
        )
        return (
            f"a release archive of {str(package.descriptor.get('created', ''))[:10]}"
            if hashes
            else "an archive whose tables are not those that were released"
        )
    register = Register.of(package)
    entry = register.find(package.version)
    if entry is None:
        return f"not released; the last release is {register.last.version}" if register.last else "not released"
    data, _ = build_archive(package, entry.version, entry.released)
    if hashlib.sha256(data).hexdigest() == entry.sha256:
        return f"as released on {entry.released}"
    return f"changed since the release of {entry.version} on {entry.released}"
