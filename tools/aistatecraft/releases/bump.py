"""Which version number a package may have next."""

from __future__ import annotations

import dataclasses
import re

from aistatecraft.comparison.change_rules import demanded_part, raised
from aistatecraft.comparison.changes import ChangeSet
from aistatecraft.errors import RefusedError, UsageError
from aistatecraft.package import Package, open_package
from aistatecraft.package.register import FOLDER, Register
from aistatecraft.releases.archive import archive_name

__all__ = ["DEV", "changes_since", "checked_version", "is_dev", "lowest_version", "next_dev", "refuse_too_low"]

DEV = "-dev"
"""What stands behind the number of a version in the making. (The wheel, by the rules of Python, writes 0.4.0.dev0.)"""

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


def checked_version(version: str) -> str:
    """`version` if it has the form 1.2.3, else `UsageError`."""
    if not _VERSION.fullmatch(version):
        raise UsageError(f"{version!r} is not a version number of the form 1.2.3.")
    return version


def is_dev(version: str) -> bool:
    """Whether a version is one in the making, such as 0.4.0-dev."""
    return version.endswith(DEV)


def next_dev(version: str) -> str:
    """The version in the making after the release of `version`: most releases add data, so it is the next minor one."""
    return f"{raised(version, 'minor')}{DEV}"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def changes_since(package: Package, register: Register, earlier: str, version: str, released: str) -> ChangeSet:
    """What changed from a released version to the package as `version`.

    Raises
    ------
    RefusedError
        Where the archive of the earlier version is missing or not the one that was released.
    """
    from aistatecraft.comparison import compare

    archive = register.archive(earlier)
    if archive is None:
        entry = register.find(earlier)
        raise RefusedError(
            f"{FOLDER}/{entry.archive if entry else earlier} is missing, so the changes since {earlier} cannot be determined; restore it."
        )
    found = compare(open_package(archive), package)
    # Named by what they are: where they lie differs from machine to machine.
    return dataclasses.replace(
        found,
        old=archive_name(package, earlier),
        new=archive_name(package, version),
        new_version=version,
        new_created=f"{released}T00:00:00Z",
    )


def lowest_version(last: str, bump: str) -> str:
    """The lowest number that changes of this weight since `last` may have."""
    return raised(last, "patch" if bump == "none" else demanded_part(last, bump))


def refuse_too_low(version: str, last: str, changes: ChangeSet) -> None:
    """`RefusedError` where `version` is lower than the changes since `last` demand, naming the change that demands it."""
    if _number(version) <= _number(last):
        raise RefusedError(f"{version} is not higher than {last}, the last release; choose a higher number.")
    needed = lowest_version(last, changes.bump)
    if _number(version) < _number(needed):
        wanted = {"major": "breaking", "minor": "addition"}
        worst = next(change for change in changes.changes if changes.weight in ("none", "patch") or change.kind == wanted[changes.weight])
        place = " ".join(part for part in (worst.table, worst.key, worst.field, worst.property) if part)
        raise RefusedError(f"{version} is too low for the changes since {last}: {worst.reason} ({place}); it must be {needed} or higher.")
