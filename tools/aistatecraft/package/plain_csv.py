"""Whether CSV text is in plain shape: what every reader of CSV reads the same way."""

from __future__ import annotations

from collections.abc import Sequence

from aistatecraft.package.descriptor import Dialect

__all__ = ["in_plain_shape"]

_ALL_BUT_SEPARATORS = bytes(set(range(256)) - set(b",\n"))


def in_plain_shape(raw: bytes, names: Sequence[str], dialect: Dialect) -> bool:
    """Whether a table has exactly the columns `names`, LF line ends, no NUL, and in every row as many cells as columns.

    Every quote opens or closes a cell, or is doubled within one. Fast readers fill rows that are too short, cut the first
    where it is too long, and bear quotes inside cells; of a text in plain shape all readers give the same cells.
    """
    header = raw[: raw.find(b"\n")].decode("utf-8", "replace")
    plain = dialect.delimiter == "," and dialect.quote == '"' and header == ",".join(names)
    if not plain or len(names) < 2 or raw[-1:] != b"\n" or b"\r" in raw or b"\0" in raw:
        return False
    pieces = raw.split(b'"')  # by turns outside and inside of quotes; a doubled quote has an empty piece between
    outside = pieces[::2]
    before, after = {piece[-1:] for piece in outside[:-1]}, {piece[:1] for piece in outside[1:]}
    if len(pieces) % 2 == 0 or not (before | after) <= {b",", b"\n", b""}:
        return False
    skeleton = b"".join(outside).translate(None, _ALL_BUT_SEPARATORS)
    return skeleton == (b"," * (len(names) - 1) + b"\n") * skeleton.count(b"\n")
