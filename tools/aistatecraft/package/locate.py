"""Locate the package: at a given path, above the current directory, or in this installation.

One rule for every command: the path that was given; else the package of the checkout in which the current directory lies;
else, for commands that only read, the package of this installation. The functions of Python do not look at the current
directory: a notebook must give the same result wherever it was started.
"""

from __future__ import annotations

import stat
from pathlib import Path

from aistatecraft.errors import ReadError, UsageError

__all__ = ["DESCRIPTOR", "home", "is_installed", "package_above", "refuse_installed"]

DESCRIPTOR = "datapackage.json"
_INSTALLED = frozenset({"site-packages", "dist-packages"})
"""Directories whose files belong to an installer."""


def home() -> Path:
    """Directory that holds datapackage.json, data/, schemas/ and releases/ of this installation.

    A wheel carries them beside the code; an editable install or a checkout has them at the top of the repository.
    """
    here = Path(__file__).resolve().parent.parent
    for candidate in (here / "dataset", here.parent.parent):
        if (candidate / DESCRIPTOR).is_file():
            return candidate
    raise ReadError(f"{here}: this installation contains no data package; reinstall aistatecraft.")


def package_above(start: Path) -> Path | None:
    """The nearest directory with a datapackage.json, from `start` upwards; None where there is none.

    The search ends with the top of a git repository and at the border of a file system. The user's home directory, what is
    above it, and directories for everybody's files (/tmp) count only as `start` itself: a descriptor that lies there by
    chance must not be read by every command below it.
    """
    try:
        here = start.resolve()
        device = here.stat().st_dev
    except OSError:  # the current directory was deleted
        return None
    for folder in (here, *here.parents):
        try:
            state = folder.stat()
            if folder != here and (state.st_dev != device or state.st_mode & stat.S_ISVTX or folder == _own_home()):
                return None
            if (folder / DESCRIPTOR).is_file():
                return folder
            if (folder / ".git").exists() or folder == _own_home():
                return None
        except OSError:  # a directory that must not be searched
            return None
    return None


def _own_home() -> Path | None:
    try:
        return Path.home().resolve()
    except (OSError, RuntimeError):  # the user has none
        return None


def is_installed(root: Path) -> bool:
    """Whether the package at `root` came with an installation: an installer replaces it, and nobody looks there for changes."""
    resolved = root.resolve()
    try:
        own = home()
    except ReadError:
        own = None
    # An editable installation has its tables in the checkout, where they are meant to be changed.
    bundled = own is not None and own.name == "dataset" and resolved.is_relative_to(own.resolve())
    return bundled or bool(_INSTALLED & set(resolved.parts))


def refuse_installed(root: Path) -> None:
    """`UsageError` where the package at `root` is an installed one, which is never changed."""
    if is_installed(root):
        raise UsageError(f"{root}: this is an installed package, which is never changed; give the directory of a checkout with --path.")
