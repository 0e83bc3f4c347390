"""Writing files so that a reader sees the old content or the new one, never half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from aistatecraft.errors import Unreadable

__all__ = ["write_all"]


def _prepared(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        # As the file that it replaces, or as the umask has it: mkstemp makes files that nobody else can read.
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def write_all(files: dict[Path, bytes]) -> None:
    """Write several files: all are written beside their places first, and only then put there, one rename each.

    Raises
    ------
    Unreadable
        Where one cannot be written (no permission, disk full); then none was changed.
    """
    prepared: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            prepared[path] = _prepared(path, data)
        for path, ready in list(prepared.items()):
            ready.replace(path)
            del prepared[path]
    except OSError as error:
        place = error.filename or next(iter(files))
        raise Unreadable(
            f"{place}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
        ) from None
    finally:
        for left in prepared.values():
            with contextlib.suppress(OSError):
                left.unlink()
