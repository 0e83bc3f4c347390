"""A change set from a file, applied to a package, and the result written to a directory."""

from __future__ import annotations

from pathlib import Path

from aistatecraft.diff.apply import apply
from aistatecraft.diff.changes import ChangeSet
from aistatecraft.diff.named import named_package
from aistatecraft.errors import Refused, Unreadable
from aistatecraft.reading.descriptor import parsed_json
from aistatecraft.release.write import write_all

MAX_BYTES = 512 * 1024**2

__all__ = ["apply_file", "read_changes"]


def read_changes(path: Path) -> ChangeSet:
    """The change set in a JSON file; `Unreadable` where it holds none."""
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror or error}); check the path.") from None
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"{path}: it has more than the {MAX_BYTES:,} bytes that are read of a change set; apply the changes in parts.")
    try:
        found = parsed_json(raw, str(path))
    except Unreadable as error:
        raise Unreadable(f"{str(error).rstrip('.')}, or make it with 'aistatecraft diff OLD NEW --format json --out FILE'.") from None
    return ChangeSet.from_dict(found, str(path))


def apply_file(word: str, path: Path, out: Path) -> str:
    """Apply the change set in `path` to the package that `word` names; write the result to `out`, and say so.

    Raises
    ------
    Refused
        Where `out` holds another package, or the changes do not fit.
    """
    package = named_package(word)
    changes = read_changes(path)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and (package.root is None or out.resolve() != package.root.resolve()))):
        raise Refused(f"{out}: this is there already; name a new directory, or that of the package itself.")
    made = apply(package, changes)
    files = getattr(made.store, "files", {})
    write_all({out / name: data for name, data in files.items()})
    left = [resource.path for resource in package.resources.values() if resource.path not in files and (out / resource.path).exists()]
    told = f"; no longer part of it, and to be deleted: {', '.join(left)}" if left else ""
    return f"{out}: {len(changes):,} change{'' if len(changes) == 1 else 's'} applied, {len(made.resources):,} tables{told}"
