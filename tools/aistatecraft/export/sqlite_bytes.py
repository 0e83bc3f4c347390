"""The bytes of a SQLite database without what depends on the version of SQLite that wrote them.

Two versions lay out the same database in the same pages. What differs is part of the header, and what was left behind in the
space of a page that holds nothing: both are described in the documentation of the file format, sections 1.3 and 1.6, and no
reader looks at them.
"""

from __future__ import annotations

__all__ = ["normalised"]

_LEAVES, _INTERIOR = (0x0A, 0x0D), (0x02, 0x05)
"""Kinds of b-tree pages. All other pages begin with the number of a page, so with 0 in any database below 64 GiB."""


def normalised(data: bytes, *, page_size: int, version: int) -> bytes:
    """The database `data`, marked as written by the SQLite `version` (a number such as 3037000).

    It must have been rebuilt by VACUUM under ``PRAGMA secure_delete``, and not be open.
    """
    out = bytearray(data)
    out[24:28] = out[92:96] = (1).to_bytes(4, "big")  # times it was changed; and the time at which its size was noted, which is the same
    out[40:44] = (1).to_bytes(4, "big")  # times its schema was changed
    out[96:100] = version.to_bytes(4, "big")
    for start in range(0, len(out), page_size):
        head = start + (100 if start == 0 else 0)
        kind = out[head]
        if kind not in _LEAVES + _INTERIOR:
            continue
        cells = int.from_bytes(out[head + 3 : head + 5], "big")
        first = start + (int.from_bytes(out[head + 5 : head + 7], "big") or 65_536)
        free = head + (12 if kind in _INTERIOR else 8) + 2 * cells
        out[free:first] = bytes(first - free)
    return bytes(out)
