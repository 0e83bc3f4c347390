"""Several files changed as one: killed at any moment, the old state is left or the new one.

All new files are first written beside each other into a folder of their own, with a list of where each belongs. Once the
list has its name, the change is decided: whoever opens the package next puts in place what is not there yet. Before that
moment, nothing has happened, and whoever comes next clears the folder away.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package.writing import prepared

__all__ = ["PENDING", "commit", "recover"]

PENDING = ".aistatecraft-pending"
"""Folder in a package where a change waits to be put in place."""
_LIST = "list.json"
_OWNER = "owner"


def commit(root: Path, files: Mapping[Path, bytes]) -> None:
    """Write several files, all or none.

    Parameters
    ----------
    root : directory of the package; the files may lie elsewhere
    files : bytes by path

    Raises
    ------
    ReadError
        Where one cannot be written (no permission, disk full); then none was changed.
    RefusedError
        Where another process is changing this package.
    """
    recover(root)
    pending = root / PENDING
    path = root
    made: list[Path] = []
    decided = False
    try:
        pending.mkdir()
        _write(pending / _OWNER, str(os.getpid()).encode())
        listed = []
        for number, (path, data) in enumerate(files.items()):
            _check_place(path)
            _write(pending / str(number), data)
            listed.append([str(number), os.path.relpath(path.absolute(), root.absolute())])
        path = pending / _LIST
        ready = pending / f"{_LIST}.new"
        _write(ready, json.dumps(listed).encode())
        # What was not there before is made before the change is decided: a disk that is full shows it here.
        for path in files:
            made += _folders(path.parent)
        path = pending / _LIST
        ready.replace(path)
        decided = True
        _sync(pending)
    except FileExistsError:
        if pending.is_dir():
            raise RefusedError(f"{pending}: another process is changing this package; wait until it is done, then try again.") from None
        raise ReadError(f"{path}: a file stands where a folder is needed; move it away. Nothing was changed.") from None
    except OSError as error:
        raise ReadError(
            f"{path}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
        ) from None
    finally:
        if not decided:
            if pending.is_dir() and _owner(pending) == os.getpid():
                shutil.rmtree(pending, ignore_errors=True)
            for folder in reversed(made):
                with contextlib.suppress(OSError):
                    folder.rmdir()
    try:
        _finish(root)
    except BaseException as error:
        if not isinstance(error, Exception):  # Ctrl-C: what is decided is still done
            _finish(root)
        raise


def recover(root: Path) -> bool:
    """Finish or undo a change that was cut off; whether there was one.

    Raises
    ------
    ReadError
        Where what is left cannot be put in place.
    """
    pending = root / PENDING
    if not pending.is_dir():
        return False
    if (pending / _LIST).exists():
        _finish(root)
        return True
    owner = _owner(pending)
    if owner is not None and owner != os.getpid() and _alive(owner):
        return False
    shutil.rmtree(pending, ignore_errors=True)
    return True


def _finish(root: Path) -> None:
    """Put in place what the list names, and take the list away last."""
    pending = root / PENDING
    path = pending
    try:
        listed = json.loads((pending / _LIST).read_text(encoding="utf-8"))
        for number, name in listed:
            source, path = pending / str(number), Path(os.path.normpath(root / str(name)))
            if source.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _place(source, path)
        for folder in {Path(os.path.normpath(root / str(name))).parent for _, name in listed}:
            _sync(folder)
        (pending / _LIST).unlink(missing_ok=True)
    except FileNotFoundError:
        return  # another process finished it meanwhile
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(
            f"{path}: a change that was decided cannot be put in place ({reason}); free some space or check the permissions, then run the command again: it goes on where it stopped."
        ) from None
    shutil.rmtree(pending, ignore_errors=True)


def _place(source: Path, target: Path) -> None:
    if target.exists():
        source.chmod(target.stat().st_mode & 0o777)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        prepared(target, source.read_bytes()).replace(target)
        source.unlink()


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands in its place", str(path))
    nearest = next(folder for folder in path.absolute().parents if folder.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "a file stands in the place of its folder", str(path))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "no permission to write in its folder", str(path))


def _folders(folder: Path) -> list[Path]:
    """Make a folder with all above it; those that were made, from the top."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    """Names, too, are to be on the disk; not every system can do that for folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _owner(pending: Path) -> int | None:
    try:
        return int((pending / _OWNER).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
