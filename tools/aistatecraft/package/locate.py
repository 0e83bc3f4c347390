"""Where the package of this installation lies, and how a word given by the user names a package."""

from __future__ import annotations

from pathlib import Path

from aistatecraft.errors import ReadError

__all__ = ["home"]


def home() -> Path:
    """Directory that holds datapackage.json, data/, schemas/ and releases/ of this installation.

    A wheel carries them beside the code; an editable install or a checkout has them at the top of the repository.
    """
    here = Path(__file__).resolve().parent.parent
    for candidate in (here / "dataset", here.parent.parent):
        if (candidate / "datapackage.json").is_file():
            return candidate
    raise ReadError(f"{here}: this installation carries no data package; install aistatecraft again.")
