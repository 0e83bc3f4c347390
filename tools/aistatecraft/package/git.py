"""Git, asked and never told: what stands in a repository at a revision. The work tree and the index stay as they are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

from aistatecraft.errors import ReadError, UsageError
from aistatecraft.package.storage import Store, safe_path

__all__ = ["GitStore", "git"]

_TOGETHER = 64 * 1024**2
"""Bytes of a package that are taken out of the object store at once."""


def git(root: Path, *words: str, said: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run git in a directory, with nothing that writes, asks or fetches; `UsageError` where there is no git."""
    settings = {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "LC_ALL": "C",
    }
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", "-c", "core.autocrlf=false", *words]
    given = {"stdin": subprocess.DEVNULL} if said is None else {}
    try:
        return subprocess.run(command, env={**os.environ, **settings}, input=said, capture_output=True, check=False, **given)  # type: ignore[call-overload,no-any-return]
    except FileNotFoundError:
        raise UsageError("git was not found, and only it knows what stood in a revision; install it, or leave the revision out.") from None
    except OSError as error:
        raise UsageError(f"git cannot be run ({error.strerror or error}); leave the revision out.") from None


class GitStore(Store):
    """A package as it stands at a revision of a repository, read from its object store."""

    def __init__(self, directory: Path, revision: str, folder: str | None = None) -> None:
        """Open the revision.

        Parameters
        ----------
        directory : a directory in the repository
        revision : a commit, tag or branch
        folder : where in the repository the package lies; where it is None, at `directory`, or else at the top

        Raises
        ------
        UsageError
            Where this is no repository, or there is no such revision.
        ReadError
            Where no package lies there.
        """
        self.directory = directory
        top = git(directory, "rev-parse", "--show-prefix")
        if top.returncode:
            said = top.stderr.decode("utf-8", "replace").strip()
            if said and "not a git repository" not in said:  # it belongs to someone else, or is broken
                raise UsageError(
                    f"{directory}: git does not look into this repository ({said.splitlines()[0]}); fix that, or name a directory, archive or version."
                )
            raise UsageError(
                f"{revision!r} is no path and no released version, and {directory} is in no git repository; name a directory, archive or version."
            )
        found = git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        self.commit = found.stdout.decode().strip()
        if found.returncode or not self.commit.isalnum():  # ^HEAD is something to git, but no commit
            raise UsageError(
                f"{revision!r} is no path, no released version and no revision of the git repository; give one of them, such as '.', '0.1.0' or 'HEAD~3' (a shallow clone knows only the last commits)."
            )
        here = top.stdout.decode("utf-8", "surrogateescape").strip("\n")
        self._tree = self._listed()
        folders = [here, ""] if folder is None else [folder.strip("/") + "/" if folder.strip("/") else ""]
        self.folder = next((one for one in folders if f"{one}datapackage.json" in self._tree), folders[0])
        self.label = revision if not self.folder else f"{revision}:{self.folder.rstrip('/')}"
        self._kept: dict[str, bytes] = {}
        if not self.exists("datapackage.json"):
            raise ReadError(
                f"{self.label}: there is no datapackage.json at this revision; write REVISION:FOLDER where the package lies in a folder."
            )

    def _listed(self) -> dict[str, tuple[str, int, str]]:
        """Mode, size and object of each file of the revision."""
        listed = git(self.directory, "ls-tree", "-r", "-z", "-l", "--full-tree", self.commit)
        if listed.returncode:
            reason = (listed.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[0]
            raise ReadError(f"{self.directory}: git cannot list the revision ({reason}); fix the repository.")
        out: dict[str, tuple[str, int, str]] = {}
        for entry in listed.stdout.split(b"\0")[:-1]:
            words, _, name = entry.partition(b"\t")
            mode, kind, identity, size = words.split()
            if kind == b"blob":
                # Of an object that is missing git says BAD.
                out[os.fsdecode(name)] = (mode.decode(), int(size) if size.isdigit() else -1, identity.decode())
        return out

    def _entry(self, path: str) -> tuple[str, int, str]:
        entry = self._tree.get(self.folder + str(safe_path(path, of=self.label)))
        if entry is None:
            raise ReadError(f"{path}: the file is missing in {self.label}.")
        if entry[0] == "120000":
            raise ReadError(f"{path}: in {self.label} this is a link; the file itself is needed.")
        return entry

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        _, size, identity = self._entry(path)
        if path not in self._kept:
            # All small files at once: a call of git takes longer than reading any of them.
            self._kept |= self._fetched() if not self._kept else {}
        if path not in self._kept:
            done = git(self.directory, "cat-file", "blob", identity)
            if done.returncode or len(done.stdout) != size:
                raise ReadError(
                    f"{path}: git cannot read the file as it stood in {self.label} (a partial clone has not all); fetch it first."
                )
            self._kept[path] = done.stdout
        return self._kept[path]

    def _fetched(self) -> dict[str, bytes]:
        """What the object store gives of the descriptor, tables and schemas, as long as they are small."""
        small: dict[str, tuple[str, int, str]] = {}
        left = _TOGETHER
        for name, entry in self._tree.items():
            if name.startswith(self.folder) and name.endswith((".json", ".csv")) and entry[0] != "120000" and entry[1] <= left:
                left -= entry[1]
                small[name[len(self.folder) :]] = entry
        done = git(self.directory, "cat-file", "--batch", said="".join(f"{entry[2]}\n" for entry in small.values()).encode())
        out: dict[str, bytes] = {}
        at = 0
        for path, (_, size, _identity) in small.items():
            begin = done.stdout.find(b"\n", at) + 1
            if not begin:  # git gave up; whoever needs the file hears of it
                break
            if done.stdout[at : begin - 1].endswith(b" missing"):
                at = begin
                continue
            at = begin + size + 1
            if done.stdout[begin + size : at] == b"\n":
                out[path] = done.stdout[begin : begin + size]
        return out

    def exists(self, path: str) -> bool:
        """Whether a file stands at `path`."""
        return self.folder + str(safe_path(path, of=self.label)) in self._tree

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        parent = PurePosixPath(self.folder) / safe_path(folder, of=self.label)
        return sorted(path.name for path in map(PurePosixPath, self._tree) if path.parent == parent)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        return self._entry(path)[1]
