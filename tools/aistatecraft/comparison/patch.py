"""A change set from a file, applied to a package, and the result written to a directory."""

from __future__ import annotations

import json
from pathlib import Path

from aistatecraft.comparison.apply import apply
from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.errors import ReadError, RefusedError
from aistatecraft.package.writing import write_all
from aistatecraft.releases.resolve import named_package

__all__ = ["apply_file", "read_changes"]


def read_changes(path: Path) -> ChangeSet:
    """The change set in a JSON file; `ReadError` where it holds none."""
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror or error}); check the path.") from None
    except (ValueError, RecursionError) as error:  # also: no UTF-8
        raise ReadError(f"{path}: this is not JSON ({error}); make it with 'aistatecraft diff OLD NEW --format json --out FILE'.") from None
    return ChangeSet.from_dict(found, str(path))


def apply_file(word: str, path: Path, out: Path) -> str:
    """Apply the change set in `path` to the package that `word` names; write the result to `out`, and say so.

    Raises
    ------
    RefusedError
        Where `out` holds another package, or the changes do not fit.
    """
    package = named_package(word)
    changes = read_changes(path)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and (package.root is None or out.resolve() != package.root.resolve()))):
        raise RefusedError(f"{out}: this is there already; name a new directory, or that of the package itself.")
    made = apply(package, changes)
    files = getattr(made.store, "files", {})
    write_all({out / name: data for name, data in files.items()})
    left = [resource.path for resource in package.resources.values() if resource.path not in files and (out / resource.path).exists()]
    told = f"; no longer part of it, and to be deleted: {', '.join(left)}" if left else ""
    return f"{out}: {len(changes):,} change{'' if len(changes) == 1 else 's'} applied, {len(made.resources):,} tables{told}"
