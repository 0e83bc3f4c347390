"""Read-only access to git: the content of a repository at a revision.

A package can lie in a repository whose configuration somebody else wrote, as in an archive that was unpacked. So only commands
are called that read the object store, and none that reads the work tree through filters, starts hooks, asks the network or
writes; beyond that, every setting that names a program is overruled. `git` is the only function here that starts a process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from aistatecraft.errors import ReadError, UsageError
from aistatecraft.package.storage import Store, safe_path

__all__ = ["Entry", "GitStore", "NoRepository", "NoRevision", "Revision", "git"]

_TOGETHER = 64 * 1024**2
"""Bytes of a package that are taken out of the object store at once."""
_MAX_BYTES = 512 * 1024**2
"""How long a file of a revision may be: an object of a few kilobytes can hold any number of zeros."""
_SECONDS = 120
"""After how many seconds a call of git is given up: a configuration can include a pipe that never ends."""
_KEPT = frozenset(
    {
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_CEILING_DIRECTORIES",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_TEST_ASSUME_DIFFERENT_OWNER",
    }
)
"""Variables of git that count: they say which configuration is the user's own, and where the search for a repository ends.

All others are dropped. In a hook git sets GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE and GIT_OBJECT_DIRECTORY, and here the repository
is that in which the package lies; GIT_CONFIG_COUNT, GIT_EXTERNAL_DIFF, GIT_SSH_COMMAND, GIT_TRACE and others name programs and
files that git would start or write.
"""
_SETTINGS = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ASKPASS": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # where git is too old to know it, no protocol is allowed either
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "",
}
_CONFIGURATION = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=false",
    "credential.helper=",
    "diff.external=",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",  # a folder of a package can look like a bare repository, with a configuration of its own
    "submodule.recurse=false",
    "uploadpack.packObjectsHook=false",
)


class NoRepository(UsageError):
    """A directory that is in no git repository."""


class NoRevision(UsageError):
    """A word that is not one commit, tag or branch of the repository."""

    def __init__(self, revision: str, reason: str = "") -> None:
        """`reason` says why it cannot be one in any repository; empty where this one does not have it."""
        self.reason = f" ({reason})" if reason else ""
        super().__init__(
            f"{revision!r} is not a revision of the repository{self.reason}; give a commit, tag or branch such as origin/main (a shallow clone knows only the last commits)."
        )


class Entry(NamedTuple):
    """A file of a revision."""

    mode: str
    size: int
    """In bytes; -1 where the object is missing."""
    identity: str
    """Name of the object that holds it."""

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == "120000"


def git(root: Path, *words: str, said: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run git in a directory.

    Parameters
    ----------
    root : where it runs
    words : a command that reads the object store or the configuration, and its arguments
    said : what it reads on standard input; nothing where it is None

    Raises
    ------
    UsageError
        Where there is no git, it cannot be run, or does not end.
    """
    settings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT} | _SETTINGS
    overruled = [word for setting in _CONFIGURATION for word in ("-c", setting)]
    command = [_program(), "--no-pager", "-C", str(root), *overruled, *words]
    try:
        return subprocess.run(command, env=settings, input=said or b"", capture_output=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise UsageError(f"{root}: git did not end within {_SECONDS} seconds; check the repository, or leave the revision out.") from None
    except OSError as error:
        raise UsageError(f"git cannot be run ({error.strerror or error}); leave the revision out.") from None


def _program() -> str:
    """Path of git. It is never looked for in the current directory, where Windows looks first, and which may be a package."""
    for folder in map(Path, os.get_exec_path()):
        found = shutil.which(str(folder / "git")) if folder.is_absolute() else None
        if found:
            return found
    raise UsageError("git was not found, but is needed to read a revision; install it, or leave the revision out.")


class Revision:
    """The files of a commit. Nothing is read but the object store, so filters and the work tree do not matter."""

    def __init__(self, directory: Path, revision: str) -> None:
        """Find the commit and list its files.

        Parameters
        ----------
        directory : a directory in a work tree of the repository
        revision : a commit, tag or branch

        Raises
        ------
        NoRepository, NoRevision
            Where the directory is in no repository, or the word is not a revision of it.
        UsageError
            Where git is missing or does not read the repository.
        ReadError
            Where the repository is damaged.
        """
        self.directory = directory
        _check_word(revision)
        self.prefix = _prefix(directory)
        """Path from the top of the repository to the directory, with a slash at its end; empty at the top."""
        found = git(directory, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        self.commit = found.stdout.decode("ascii", "replace").strip()
        if found.returncode or not self.commit.isalnum():
            raise NoRevision(revision)
        self.files = self._listed()
        """Each file by its path from the top of the repository."""

    def _listed(self) -> dict[str, Entry]:
        listed = git(self.directory, "ls-tree", "-r", "-z", "-l", "--full-tree", self.commit)
        if listed.returncode:
            raise ReadError(
                f"{self.directory}: git cannot list the revision ({_first_line(listed.stderr)}); repair the repository, or fetch the revision first."
            )
        out: dict[str, Entry] = {}
        for entry in listed.stdout.split(b"\0")[:-1]:
            words, _, name = entry.partition(b"\t")
            mode, kind, identity, size = words.split()
            if kind == b"blob":
                # Of an object that is missing git says BAD.
                out[os.fsdecode(name)] = Entry(mode.decode(), int(size) if size.isdigit() else -1, identity.decode())
        return out

    def blobs(self, files: Mapping[str, Entry]) -> dict[str, bytes]:
        """Contents of files, by the names of their objects; those that the repository does not hold are left out.

        Parameters
        ----------
        files : entries by the path with which messages name them

        Raises
        ------
        ReadError
            Where one is too long to be read.
        """
        for path, entry in files.items():
            if entry.size > _MAX_BYTES:
                raise ReadError(
                    f"{path}: the file has {entry.size:,} bytes in this revision, more than the limit of {_MAX_BYTES:,}; give another revision."
                )
        wanted = list(dict.fromkeys(entry.identity for entry in files.values()))
        if not wanted:
            return {}
        said = git(self.directory, "cat-file", "--batch", said="".join(f"{one}\n" for one in wanted).encode()).stdout
        out: dict[str, bytes] = {}
        at = 0
        while (end := said.find(b"\n", at)) >= 0:
            words, at = said[at:end].split(), end + 1
            if len(words) == 3 and words[1] == b"blob":
                size = int(words[2])
                if len(said) <= at + size:  # git gave up in the middle
                    break
                out[words[0].decode()] = said[at : at + size]
                at += size + 1
        return out


def _first_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[0].strip() if lines else "no reason given"


def _check_word(revision: str) -> None:
    """`NoRevision` for what cannot be one revision, before git sees it: it could be taken for an option, or for several commits."""
    if not revision:
        raise NoRevision(revision, "it is empty")
    if revision.startswith("-"):
        raise NoRevision(revision, "it begins with '-', as an option does")
    if revision.startswith("^"):
        raise NoRevision(revision, "it begins with '^', which excludes commits")
    if ".." in revision:
        raise NoRevision(revision, "'..' makes it a range of commits")
    if ":" in revision:
        raise NoRevision(revision, "':' makes it a file of a revision, or a search")
    try:
        said = os.fsencode(revision)
    except UnicodeEncodeError:
        said = b"\0"
    if any(letter < 32 or letter == 127 for letter in said):
        raise NoRevision(revision, "it contains a control character")


def _prefix(directory: Path) -> str:
    """Path from the top of the repository to a directory in its work tree."""
    found = git(directory, "rev-parse", "--is-inside-work-tree", "--show-prefix")
    inside, _, prefix = found.stdout.decode("utf-8", "surrogateescape").partition("\n")
    if found.returncode == 0 and inside == "true":
        return prefix.removesuffix("\n")
    said = found.stderr.decode("utf-8", "replace")
    if "safe.directory" in said or "dubious ownership" in said:
        raise UsageError(
            f"{directory}: git does not read this repository, because it belongs to another user; if you trust it, run: git config --global --add safe.directory {_top(directory)}"
        )
    if found.returncode == 0 or "bare repository" in said:
        raise UsageError(
            f"{directory}: this is a bare repository, or outside the work tree of its repository; give a directory of a checkout."
        )
    if "not a git repository" in said or not said.strip():
        raise NoRepository(f"{directory}: not in a git repository; name a directory of a checkout.")
    raise UsageError(f"{directory}: git cannot read this repository ({_first_line(found.stderr)}); repair it, or leave the revision out.")


def _top(directory: Path) -> Path:
    """The directory above that holds the repository, as git finds it."""
    here = directory.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


class GitStore(Store):
    """A package at a revision of a repository, read from its object store."""

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
        try:
            self._revision = Revision(directory, revision)
        except NoRepository:
            raise UsageError(
                f"{revision!r} is neither a path nor a released version, and {directory} is not in a git repository; give a directory, archive or version."
            ) from None
        except NoRevision as error:
            raise UsageError(
                f"{revision!r} is neither a path nor a released version nor a revision of the git repository{error.reason}; give one of them, such as '.', '0.1.0' or 'HEAD~3' (a shallow clone knows only the last commits)."
            ) from None
        self.commit, self._tree = self._revision.commit, self._revision.files
        folders = [self._revision.prefix, ""] if folder is None else [folder.strip("/") + "/" if folder.strip("/") else ""]
        self.folder = next((one for one in folders if f"{one}datapackage.json" in self._tree), folders[0])
        self.label = revision if not self.folder else f"{revision}:{self.folder.rstrip('/')}"
        self._kept: dict[str, bytes] = {}
        if not self.exists("datapackage.json"):
            raise ReadError(
                f"{self.label}: there is no datapackage.json at this revision; write REVISION:FOLDER if the package is in a folder."
            )

    def _entry(self, path: str) -> Entry:
        entry = self._tree.get(self.folder + str(safe_path(path, of=self.label)))
        if entry is None:
            raise ReadError(f"{path}: the file is missing in {self.label}.")
        if entry.is_link:
            raise ReadError(f"{path}: in {self.label} this is a link; replace it with the file.")
        return entry

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        entry = self._entry(path)
        if entry.identity not in self._kept:
            # All small files at once: a call of git takes longer than reading any of them.
            self._kept |= self._revision.blobs(self._small()) if not self._kept else {}
        if entry.identity not in self._kept:
            self._kept |= self._revision.blobs({path: entry})
        found = self._kept.get(entry.identity)
        if found is None or len(found) != entry.size:
            raise ReadError(f"{path}: git cannot read the file in {self.label} (a partial clone lacks some objects); fetch it first.")
        return found

    def _small(self) -> dict[str, Entry]:
        """Descriptor, tables and schemas, as long as they are small."""
        out: dict[str, Entry] = {}
        left = _TOGETHER
        for name, entry in self._tree.items():
            if name.startswith(self.folder) and name.endswith((".json", ".csv")) and not entry.is_link and entry.size <= left:
                left -= entry.size
                out[name] = entry
        return out

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return self.folder + str(safe_path(path, of=self.label)) in self._tree

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        parent = PurePosixPath(self.folder) / safe_path(folder, of=self.label)
        return sorted(path.name for path in map(PurePosixPath, self._tree) if path.parent == parent)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        return self._entry(path).size
