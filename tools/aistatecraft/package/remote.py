"""Files of a package at web addresses, fetched if the user allows it and kept in memory."""

from __future__ import annotations

import io
import time
from typing import BinaryIO

from aistatecraft.errors import ReadError
from aistatecraft.package.fetching import NotFetched, fetch, shown
from aistatecraft.package.storage import Store

__all__ = ["RemoteStore"]

MAX_FETCHED_BYTES = 512 * 1024**2
"""How much is fetched for one package, all its addresses together."""
MAX_SCHEMA = 16 * 1024**2
"""How long one schema may be."""
MAX_FETCH_SECONDS = 120.0
"""How long the fetching for one package may take, all its addresses together."""


class RemoteStore(Store):
    """A store, and beside it in memory what was fetched from addresses. `own` says that the package may have none."""

    def __init__(self, local: Store, *, own: bool) -> None:
        self.local, self.label, self.root = local, local.label, local.root
        self._own = own
        self._fetched: dict[str, bytes] = {}
        self._seconds, self._bytes = MAX_FETCH_SECONDS, MAX_FETCHED_BYTES

    def fetch(self, address: str, *, of: str, schema: bool = False) -> None:
        """Fetch what lies at `address`, once; `ReadError` where that cannot be done. `of` is how messages name who asks for it."""
        if address in self._fetched:
            return
        if self._own:
            raise ReadError(
                f"{of}: {address!r} is an address, but the tables of aistatecraft must be in the package; copy the file into it."
            )
        most = min(self._bytes, MAX_SCHEMA) if schema else self._bytes
        begun = time.monotonic()
        sink = io.BytesIO()
        try:
            fetch(address, sink, most=most, seconds=self._seconds)
        except NotFetched as reason:
            raise ReadError(
                f"{of}: {shown(address)!r} cannot be fetched: {reason}; correct the address, or copy the file into the package and use its path."
            ) from None
        self._seconds -= time.monotonic() - begun
        self._fetched[address] = sink.getvalue()
        self._bytes -= len(self._fetched[address])

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        found = self._fetched.get(path)
        return self.local.read(path) if found is None else found

    def open(self, path: str) -> BinaryIO:
        """The file at `path`, open at its beginning."""
        found = self._fetched.get(path)
        return self.local.open(path) if found is None else io.BytesIO(found)

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return path in self._fetched or self.local.exists(path)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        found = self._fetched.get(path)
        return self.local.size(path) if found is None else len(found)

    def stamp(self, path: str) -> tuple[int, int]:
        """What changes when the file at `path` does. What was fetched does not."""
        return (0, 0) if path in self._fetched else self.local.stamp(path)

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        return self.local.names(folder)

    def where(self, path: str) -> str:
        """How messages name the file at `path`."""
        return self.local.where(path)
