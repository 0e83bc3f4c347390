"""What git knows of a package: which lines changed since a revision, and what stood there before. Nothing is ever written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from aistatecraft.errors import UsageError
from aistatecraft.package.git import git

__all__ = ["Changes", "changes_since"]

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Changes(NamedTuple):
    """What changed since a revision."""

    lines: Mapping[str, frozenset[int]]
    """For each file that changed: the numbers of its lines that are new or other."""
    before: Mapping[str, bytes]
    """For each file that changed: its bytes at the revision; empty where it was not there."""


def changes_since(root: Path, revision: str, paths: Iterable[str]) -> Changes:
    """What changed in some files of a directory since a revision of the repository that it is in.

    Parameters
    ----------
    root : the directory
    revision : a commit, tag or branch
    paths : files, relative to the directory; those that git ignores count as unchanged

    Raises
    ------
    UsageError
        Where git is missing, the directory is in no repository, or there is no such revision.
    """
    wanted = list(dict.fromkeys(paths))
    if git(root, "rev-parse", "--is-inside-work-tree").returncode:
        raise UsageError(f"{root}: this is not in a git repository, so nothing can have changed since {revision!r}; leave --changed out.")
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise UsageError(
            f"{revision!r} is not a revision of the repository; give a commit, tag or branch such as origin/main (a shallow clone knows only the last commits)."
        )
    commit = found.stdout.decode().strip()
    plain = (
        "--no-ext-diff",
        "--no-textconv",
        "--no-renames",
        "--no-color",
        "--text",
        "--relative",
        "--inter-hunk-context=0",
        "-O/dev/null",
    )
    names = _said(root, "diff", *plain, "--name-only", "-z", commit, "--", *wanted).split(b"\0")[:-1]
    patch = _said(root, "diff", *plain, "--unified=0", commit, "--", *wanted)
    lines = {os.fsdecode(name): numbers for name, numbers in zip(names, _new_lines(patch), strict=True)}
    new = _said(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *wanted).split(b"\0")[:-1]
    for name in map(os.fsdecode, new):
        lines[name] = frozenset(range(1, (root / name).read_bytes().count(b"\n") + 2))
    before = {}
    for name in lines:
        old = git(root, "show", f"{commit}:./{name}")
        before[name] = old.stdout if old.returncode == 0 else b""
    return Changes(lines, before)


def _said(root: Path, *words: str) -> bytes:
    done = git(root, *words)
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise UsageError(f"{root}: git cannot tell what changed ({reason[0]}); fix the repository, or leave --changed out.")
    return done.stdout


def _new_lines(patch: bytes) -> list[frozenset[int]]:
    """For each file of a patch without context, in order, the lines that are new."""
    files: list[set[int]] = []
    skip = 0
    for line in patch.split(b"\n"):
        # Lines of the content are counted off: they may look like anything.
        if skip and line[:1] in b"+-":
            skip -= 1
        elif line.startswith(b"diff --git "):
            files.append(set())
        elif hunk := _HUNK.match(line):
            old, first, new = (1 if part is None else int(part) for part in hunk.groups())
            files[-1].update(range(first, first + new))
            skip = old + new
    return [frozenset(numbers) for numbers in files]
