"""Keeping what datapackage.json says about the bytes of a file true when that file is rewritten."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping

from aistatecraft.errors import RefusedError
from aistatecraft.package import Package

__all__ = ["with_sizes"]

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def with_sizes(package: Package, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """`files`, and the descriptor with them where it declares `hash` or `bytes` for one of them.

    Only these values are replaced in the text of the descriptor; the rest of it stays as it is, to the byte.

    Parameters
    ----------
    package : the package
    files : new content of tables, by path

    Raises
    ------
    RefusedError
        Where a hash is of a kind that cannot be computed.
    """
    listed = package.descriptor["resources"]
    stale: dict[int, bytes] = {}
    for at, entry in enumerate(listed):
        resource = package.resources.get(str(entry.get("name"))) if isinstance(entry, Mapping) else None
        if resource is not None and resource.path in files and {"hash", "bytes"} & set(entry):
            stale[at] = files[resource.path]
    if not stale:
        return dict(files)
    if not package.descriptor_path.endswith(".json"):
        raise RefusedError(
            f"{package.descriptor_path}: it gives the hash or bytes of a file that would change, but only JSON is updated; remove them, or edit the file by hand."
        )
    raw = package.store.read(package.descriptor_path)
    text = raw.decode("utf-8-sig")
    edits: list[tuple[int, int, str]] = []
    for at, (start, _) in enumerate(_items(text, _members(text, _after_blank(text, 0))["resources"][0])):
        if at in stale:
            members = _members(text, start)
            for name in ("bytes", "hash"):
                if name in members:
                    begin, end = members[name]
                    edits.append((begin, end, _value(name, json.loads(text[begin:end]), stale[at], listed[at])))
    for begin, end, value in sorted(edits, reverse=True):
        text = text[:begin] + value + text[end:]
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    return {**files, package.descriptor_path: mark + text.encode("utf-8")}


def _value(name: str, old: object, data: bytes, resource: Mapping[str, object]) -> str:
    if name == "bytes":
        return str(len(data))
    if not isinstance(old, str):
        return json.dumps(old)
    kind, colon, _ = old.rpartition(":")
    known = {each.replace("_", "-"): each for each in hashlib.algorithms_guaranteed if not each.startswith("shake")}
    word = (kind or "md5").lower().replace("_", "-")
    algorithm = known.get(word) or known.get(word.replace("sha-", "sha"))
    if algorithm is None:
        raise RefusedError(
            f"datapackage.json: resource {resource.get('name')}: its hash of the kind {kind!r} cannot be computed, so the file is not rewritten; "
            "write a SHA-256 (sha256:...), or remove the hash."
        )
    return json.dumps(kind + colon + hashlib.new(algorithm, data).hexdigest())


def _after_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _members(text: str, at: int) -> dict[str, tuple[int, int]]:
    """Where the value of each member of the object at `at` begins and ends; as for `json.loads`, the last of a name counts."""
    members: dict[str, tuple[int, int]] = {}
    at = _after_blank(text, at + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        start = _after_blank(text, _after_blank(text, at) + 1)  # behind the colon
        _, end = _DECODER.raw_decode(text, start)
        members[name] = (start, end)
        at = _after_comma(text, end)
    return members


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where each item of the array at `at` begins and ends."""
    at = _after_blank(text, at + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _after_comma(text, end)


def _after_comma(text: str, at: int) -> int:
    at = _after_blank(text, at)
    return _after_blank(text, at + 1) if text[at] == "," else at
