"""Writing files outside of packages, so that a reader sees the old content or the new one, never half of it.

Files of a package are changed by `aistatecraft.package.transaction`.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from aistatecraft.errors import ReadError

__all__ = ["prepared", "write_all"]


def prepared(path: Path, data: bytes) -> Path:
    """A file with `data` beside `path`, on the disk, with the permissions that `path` has or would have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        # As the file that it replaces, or as the umask has it: mkstemp makes files that nobody else can read.
        umask = os.umask(0o022)
        os.umask(umask)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _is_stream(path: Path) -> bool:
    """Whether a pipe, socket or device stands at `path`."""
    return path.exists() and not path.is_file() and not path.is_dir()


def write_all(files: dict[Path, bytes]) -> None:
    """Write several files: all are written beside their places first, and only then put there, one rename each.

    What stood there is kept beside as well until all are in place, so that it can be put back. A link stays one: the file to which
    it leads is written. A pipe or device (``/dev/stdout``) is no file to be replaced and gets the bytes, after the others are in place.

    Raises
    ------
    ReadError
        Where one cannot be written (no permission, disk full); then none was changed.
    """
    streams = {path: data for path, data in files.items() if _is_stream(path)}
    files = {Path(os.path.realpath(path)) if path.is_symlink() else path: data for path, data in files.items() if path not in streams}
    new: dict[Path, Path] = {}
    old: dict[Path, Path] = {}
    placed: list[Path] = []
    if not files and not streams:
        return
    path = next(iter(files or streams))
    folders = [folder for name in files for folder in (name.parent, *name.parent.parents) if not folder.exists()]
    done = False
    try:
        for path, data in files.items():
            new[path] = prepared(path, data)
            if path.exists():
                old[path] = prepared(path, path.read_bytes())
        for path, ready in new.items():
            ready.replace(path)
            placed.append(path)
        for path, data in streams.items():
            with path.open("wb") as out:
                out.write(data)
        done = True
    except OSError as error:
        raise ReadError(
            f"{path}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
        ) from None
    finally:
        if not done:
            for path in reversed(placed):
                with contextlib.suppress(OSError):
                    if path in old:
                        old[path].replace(path)
                    else:
                        path.unlink()
        for left in (*new.values(), *old.values()):
            with contextlib.suppress(OSError):
                left.unlink()
        if not done:
            for folder in folders:
                with contextlib.suppress(OSError):
                    folder.rmdir()  # made here; one that holds anything stays
