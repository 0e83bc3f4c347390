"""A change set from a file, applied to a package, and the result written to a directory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aistatecraft.comparison.apply import apply
from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package import Package
from aistatecraft.package.descriptor import parsed_json
from aistatecraft.package.locate import refuse_installed
from aistatecraft.package.storage import PENDING
from aistatecraft.package.transaction import changing, made_folder
from aistatecraft.releases.resolve import named_package

MAX_BYTES = 512 * 1024**2

__all__ = ["apply_file", "read_changes"]


def read_changes(path: Path) -> ChangeSet:
    """The change set in a JSON file; `ReadError` where it holds none."""
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror or error}); check the path.") from None
    if len(raw) > MAX_BYTES:
        raise ReadError(f"{path}: it has more than the {MAX_BYTES:,} bytes that are read of a change set; apply the changes in parts.")
    try:
        found = parsed_json(raw, str(path))
    except ReadError as error:
        raise ReadError(f"{str(error).rstrip('.')}, or make it with 'aistatecraft diff OLD NEW --format json --out FILE'.") from None
    return ChangeSet.from_dict(found, str(path))


def apply_file(word: str, path: Path, out: Path, *, of: Package | None = None) -> str:
    """Apply the change set in `path` to the package that `word` names; write the result to `out`, and say so.

    The files in `out` are written all or none.

    Raises
    ------
    RefusedError
        Where `out` holds another package, or the changes do not fit.
    """
    refuse_installed(out)
    changes = read_changes(path)
    there = RefusedError(f"{out}: this is there already; name a new directory, or that of the package itself.")
    itself = Path(word).exists() and out.resolve() in (Path(word).resolve(), Path(word).resolve().parent)
    # What was cut off while it was written to `out` does not stand in the way of doing it again.
    if out.exists() and (not out.is_dir() or not (itself or (out / PENDING).exists() or not any(out.iterdir()))):
        raise there
    with made_folder(out), changing(out) as change:
        package = named_package(word, of=of)
        made = apply(package, changes)
        files: dict[str, bytes] = getattr(made.store, "files", {})
        if (package.root is None or change.root != package.root.resolve()) and _holds_other(change.root, files):
            raise there
        change.commit({change.root / name: data for name, data in files.items()})
    left = [resource.path for resource in package.resources.values() if resource.path not in files and (out / resource.path).exists()]
    told = f"; no longer part of it, and to be deleted: {', '.join(left)}" if left else ""
    return f"{out}: {len(changes):,} change{'' if len(changes) == 1 else 's'} applied, {len(made.resources):,} tables{told}"


def _holds_other(root: Path, files: Mapping[str, bytes]) -> bool:
    """Whether a directory holds anything but `files`."""
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if (
            not name.startswith(PENDING)
            and not path.is_dir()
            and not (name in files and path.is_file() and path.read_bytes() == files[name])
        ):
            return True
    return False
