"""The package of the base with the tables of a contribution: what the verdict on a pull request is about.

    python -I tools/judge.py BASE HEAD TARGET

BASE is a checkout that is trusted: descriptor, schemas, exceptions, releases and code come from it. HEAD is a repository with the
contribution checked out. Of it come the bytes of those tables that the base's descriptor names, and nothing else. They are read from git's
objects, not from the work tree, so that neither a link nor an attribute of the contribution decides what is judged. Nothing of it runs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

PLAIN_FILE = ("100644", "100755")
"""Modes of plain files in git: no link, no other repository."""


def merge(base: Path, head: Path, target: Path) -> list[str]:
    """Write the package of `base` with the tables of `head` to `target`, a new directory; gives the tables that `head` does not have."""
    shutil.copytree(base, target, symlinks=True, ignore=lambda folder, names: [".git"] if Path(folder) == base else [])
    descriptor = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    missing = []
    for path in (resource["path"] for resource in descriptor["resources"]):
        table = target / path
        table.unlink(missing_ok=True)
        blob = _blob(head, path)
        if blob is None:
            missing.append(path)
        else:
            with table.open("wb") as out:
                subprocess.run([*_git(head), "cat-file", "blob", blob], stdout=out, check=True)
    return missing


def _blob(repository: Path, path: str) -> str | None:
    """The object that is the content of a plain file, if there is one."""
    listed = subprocess.run([*_git(repository), "ls-tree", "-z", "HEAD", "--", path], stdout=subprocess.PIPE, check=True).stdout
    for entry in listed.decode(errors="replace").split("\0"):
        about, _, name = entry.partition("\t")
        if name == path and about.split(" ")[0] in PLAIN_FILE:
            return about.split(" ")[2]
    return None


def _git(repository: Path) -> list[str]:
    return ["git", "--no-replace-objects", "--literal-pathspecs", "-C", str(repository)]


def main() -> int:
    """Do what the command line asks for; gives the exit code."""
    if len(sys.argv) != 4:
        print("usage: python -I tools/judge.py BASE HEAD TARGET", file=sys.stderr)
        return 2
    try:
        missing = merge(*map(Path, sys.argv[1:]))
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"judge.py: {error}", file=sys.stderr)
        return 2
    for path in missing:
        print(f"the contribution has no plain file {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
