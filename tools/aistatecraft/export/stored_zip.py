"""Zip archives that are the same anywhere: stored without compression, because two machines have two builds of zlib and
then two different archives, and with one fixed time stamp."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

__all__ = ["stored_zip"]

_STAMP = (1980, 1, 1, 0, 0, 0)


def stored_zip(entries: Mapping[str, bytes]) -> bytes:
    """A zip archive of `entries` (name to bytes), in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return out.getvalue()
