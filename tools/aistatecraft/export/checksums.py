"""SHA256SUMS: the hash of each file, as ``sha256sum -c SHA256SUMS`` reads it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from aistatecraft.errors import RefusedError

__all__ = ["sha256sums"]


def sha256sums(files: Mapping[str, bytes]) -> bytes:
    """The hashes of files, one line a file, sorted by name.

    Parameters
    ----------
    files : mapping of file name to bytes

    Raises
    ------
    RefusedError
        Where a name is not made of letters, digits, dots, hyphens and underscores: others are read differently by different
        programs.
    """
    for name in files:
        if not re.fullmatch(r"[A-Za-z0-9._][A-Za-z0-9._-]*", name):
            raise RefusedError(
                f"{name!r}: the name of a released file may contain only letters, digits, dots, hyphens and underscores; rename it."
            )
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode("ascii")
