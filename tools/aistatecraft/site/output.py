"""Writing a folder of pages whole or not at all: it is made beside its place and put there by one rename."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aistatecraft.errors import ReadError, RefusedError

__all__ = ["MARKER", "SUMS", "Folder", "replaced_folder"]

MARKER = "site.json"
"""File by which a folder is known as one that this command wrote."""
SUMS = "SHA256SUMS"
_KIND = "aistatecraft site"


class Folder:
    """A folder in the making."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, str] = {}
        """SHA-256 of each file that was written, by its path."""
        self.bytes = 0
        self._known: set[Path] = set()

    def write(self, path: str, data: bytes) -> None:
        """Write a file."""
        target = self.root / path
        if target.parent not in self._known:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._known.add(target.parent)
        target.write_bytes(data)
        self.files[path] = hashlib.sha256(data).hexdigest()
        self.bytes += len(data)

    def close(self, about: dict[str, object]) -> None:
        """Write the file that tells what the folder is, and the hashes of all files."""
        self.write(MARKER, (json.dumps({"made_by": _KIND, **about}, ensure_ascii=False, indent=1) + "\n").encode())
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(self.files.items()))
        self.write(SUMS, lines.encode())


def _refuse_other(out: Path) -> None:
    """Refuse a place that holds something else than a site."""
    if not out.exists():
        return
    if not out.is_dir():
        raise RefusedError(f"{out}: this is a file, but the site is a folder; give another name with --out.")
    names = {entry.name for entry in out.iterdir()}
    if not names:
        return
    try:
        ours = json.loads((out / MARKER).read_text(encoding="utf-8"))["made_by"] == _KIND
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise RefusedError(
            f"{out}: the folder holds something else ({sorted(names)[0]}, ...), which the site would replace; give a new or empty folder with --out."
        )


@contextmanager
def replaced_folder(out: Path) -> Iterator[Folder]:
    """A folder to be filled, which takes the place of `out` when the block ends well; otherwise nothing is changed.

    Raises
    ------
    RefusedError
        Where `out` holds something that is no site.
    ReadError
        Where it cannot be written, such as for lack of space.
    """
    out = Path(os.path.realpath(out))
    _refuse_other(out)
    missing = [folder for folder in out.parents if not folder.exists()]
    beside: Path | None = None
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
            made = beside / "new"
            made.mkdir()
            yield Folder(made)
            umask = os.umask(0o022)
            os.umask(umask)
            made.chmod(0o777 & ~umask)
            if out.exists():
                out.rename(beside / "old")
            try:
                made.rename(out)
            except OSError:
                if (beside / "old").exists():
                    (beside / "old").rename(out)
                raise
        except OSError as error:
            raise ReadError(
                f"{out}: cannot be written ({error.strerror or error}); free some space or check the permissions. Nothing was changed."
            ) from None
    except BaseException:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        for folder in missing:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    shutil.rmtree(beside, ignore_errors=True)
