"""Changes of a package since a git revision: the lines that changed, and the previous content. Read-only.

The revision is read from the object store and compared with the bytes of the files here, so no filter of the repository is run.
"""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from aistatecraft.errors import ReadError, UsageError
from aistatecraft.package.git import NoRepository, Revision, git
from aistatecraft.package.storage import Store, safe_path
from aistatecraft.validation.table_check import MAX_TABLE_BYTES

__all__ = ["Changes", "bytes_now", "changes_since", "revision_of"]


class Changes(NamedTuple):
    """What changed since a revision."""

    lines: Mapping[str, frozenset[int]]
    """For each file that changed: the numbers of its lines that are new or other."""
    before: Mapping[str, bytes]
    """For each file that changed: its bytes at the revision; empty where it was not there."""


def revision_of(root: Path, revision: str) -> Revision:
    """The revision with which the files of a directory are compared.

    Raises
    ------
    UsageError
        Where git is missing, the directory is in no repository, or there is no such revision.
    """
    try:
        return Revision(root, revision)
    except NoRepository:
        raise UsageError(f"{root}: not in a git repository, so nothing can have changed since {revision!r}; leave --changed out.") from None


def changes_since(store: Store, at: Revision, paths: Iterable[str]) -> Changes:
    """What changed in some files of a package since a revision of the repository that it is in.

    A file is compared byte by byte, whether or not git tracks or ignores it; one that was not there, or was a link, is new as a
    whole. Where git is set to write the line ends of a file as CR LF when it checks the file out, that alone is no change.

    Parameters
    ----------
    store : the package, in the directory of the revision
    paths : files, relative to that directory

    Raises
    ------
    ReadError
        Where the repository does not hold what stood in one of the files, or that is too long.
    """
    wanted = {path: at.prefix + str(safe_path(path, of=store.label)) for path in paths}
    entries = {path: at.files[name] for path, name in wanted.items() if name in at.files and not at.files[name].is_link}
    blobs = at.blobs(entries)
    lines: dict[str, frozenset[int]] = {}
    before: dict[str, bytes] = {}
    for path in wanted:
        entry = entries.get(path)
        if entry is not None and entry.identity not in blobs:
            raise ReadError(f"{path}: git does not have this version of the file (a partial clone lacks some objects); fetch it first.")
        old = blobs[entry.identity] if entry is not None else None
        now = bytes_now(store, path)
        if now != old:
            lines[path], before[path] = _new_lines(old or b"", now or b""), old or b""
    for path in _checked_out_with_crlf(at.directory, list(lines)):
        converted = before[path].replace(b"\n", b"\r\n")
        # A file that holds CR LF in the repository is checked out as it is.
        if b"\r\n" not in before[path] and (now := bytes_now(store, path)) is not None:
            if now == converted:
                del lines[path], before[path]
            else:
                lines[path] = _new_lines(converted, now)
    return Changes(lines, before)


def bytes_now(store: Store, path: str) -> bytes | None:
    """Bytes of a file as it is; None where it is not there or cannot be read, which the report says."""
    try:
        return store.read(path) if store.exists(path) and store.size(path) <= MAX_TABLE_BYTES else None
    except ReadError:
        return None


def _new_lines(old: bytes, new: bytes) -> frozenset[int]:
    """Numbers of the lines of `new` that are not in `old`, or are there less often. Lines that only moved are not new."""
    was, now = io.BytesIO(old).readlines(), io.BytesIO(new).readlines()
    if not was:
        return frozenset(range(1, len(now) + 2))
    begin, end = 0, 0
    while begin < min(len(was), len(now)) and was[begin] == now[begin]:
        begin += 1
    while end < min(len(was), len(now)) - begin and was[-1 - end] == now[-1 - end]:
        end += 1
    middle = now[begin : len(now) - end]
    spare = Counter(middle) - Counter(was[begin : len(was) - end])
    # Of equal lines it cannot be said which one is new, so all of them are.
    return frozenset(number for number, line in enumerate(middle, begin + 1) if spare[line])


def _checked_out_with_crlf(directory: Path, paths: list[str]) -> list[str]:
    """Those of the files whose line ends git writes as CR LF here, as attributes and configuration say. No filter is run."""
    if not paths:
        return []
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    answer = git(directory, "check-attr", "-z", "--stdin", "text", "eol", said=asked).stdout.split(b"\0")
    attributes = {(path, name): value for path, name, value in zip(answer[0::3], answer[1::3], answer[2::3], strict=False)}
    settings = git(directory, "config", "-z", "--get-regexp", r"^core\.(autocrlf|eol)$").stdout.split(b"\0")
    core = {key: value.lower() for key, _, value in (setting.partition(b"\n") for setting in settings if b"\n" in setting)}
    always = core.get(b"core.autocrlf") in (b"true", b"yes", b"on", b"1")
    by_default = os.linesep == "\r\n" if core.get(b"core.eol", b"native") == b"native" else core[b"core.eol"] == b"crlf"
    by_default &= core.get(b"core.autocrlf") != b"input"
    out = []
    for path in paths:
        text, eol = (attributes.get((os.fsencode(path), name), b"unspecified") for name in (b"text", b"eol"))
        if text != b"unset" and (eol == b"crlf" or (eol != b"lf" and (always or (by_default and text in (b"set", b"auto"))))):
            out.append(path)
    return out
