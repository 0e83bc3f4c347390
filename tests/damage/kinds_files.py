"""Damage to whole files: encodings, line ends, delimiters, formats, halves."""

from __future__ import annotations

import io
import random
import zipfile

from tests.damage.corpus import kind
from tests.damage.world import Mutant, Place, World


def file_kind(name: str, *rules: str, line: int = 1):  # type: ignore[no-untyped-def]
    """Register a damage of the bytes of a file; the finding is expected on `line`."""

    def register(change):  # type: ignore[no-untyped-def]
        def make(rng: random.Random, world: World) -> Mutant:
            table = rng.choice(world.full)
            return Mutant({world.path(table): change(rng, world.raw[table])}, (Place(world.path(table), line),), table)

        kind(name, "file", *rules)(make)
        return change

    return register


@file_kind("file-byte-order-mark", "byte-order-mark")
def _(rng: random.Random, data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


@file_kind("file-windows-line-ends", "line-ends")
def _(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


@file_kind("file-old-mac-line-ends", "line-ends")
def _(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", b"\r")


@file_kind("file-empty", "empty-file")
def _(rng: random.Random, data: bytes) -> bytes:
    return rng.choice([b"", b"\n", b" \n\n"])


@file_kind("file-missing", "missing-file", line=0)
def _(rng: random.Random, data: bytes) -> None:
    return None


@file_kind("file-utf-16", "not-csv")
def _(rng: random.Random, data: bytes) -> bytes:
    return data.decode().encode("utf-16")


@file_kind("file-workbook", "not-csv")
def _(rng: random.Random, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", data)
    return out.getvalue()


@file_kind("file-semicolons", "delimiter")
def _(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b",", b";")


@file_kind("file-tabs", "delimiter")
def _(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b",", b"\t")


@file_kind("file-without-header", "header")
def _(rng: random.Random, data: bytes) -> bytes:
    return data.split(b"\n", 1)[1]


@file_kind("file-title-above-header", "header", "ragged-row")
def _(rng: random.Random, data: bytes) -> bytes:
    return b"Table 1\n" + data


@file_kind("file-web-page", "header")
def _(rng: random.Random, data: bytes) -> bytes:
    return b"<!DOCTYPE html>\n<html><body>404</body></html>\n"


@kind("file-without-last-line-break", "file", "last-line")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(world.full)
    return Mutant({world.path(table): world.raw[table][:-1]}, (Place(world.path(table), len(world.rows(table)) + 1),), table)


@kind("file-cut", "file", "last-line", "ragged-row", "quoting", "encoding")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(world.full)
    data = world.raw[table]
    while True:
        cut = data[: rng.randrange(len(data) // 3, len(data))]
        if not cut.endswith(b"\n"):
            return Mutant({world.path(table): cut}, (Place(world.path(table), cut.count(b"\n") + 1),), table)


@kind("file-latin-1", "file", "encoding")
def _(rng: random.Random, world: World) -> Mutant:
    while True:
        table = rng.choice(world.full)
        data = world.raw[table]
        if not data.isascii():
            made = data.decode("utf-8").encode("cp1252", "replace")
            line = next((number for number, part in enumerate(made.split(b"\n"), 1) if not part.isascii()), 0)
            if line:
                return Mutant({world.path(table): made}, (Place(world.path(table), line),), table)


@kind("file-encoded-twice", "file", "mojibake", "control-character")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice([name for name in world.full if not world.raw[name].isascii()])
    made = world.raw[table].decode("utf-8").encode("utf-8").decode("latin-1").encode("utf-8")
    line = next(number for number, part in enumerate(world.raw[table].split(b"\n"), 1) if not part.isascii())
    return Mutant({world.path(table): made}, (Place(world.path(table), line),), table)


@kind("file-beside", "file", "stray-table")
def _(rng: random.Random, world: World) -> Mutant:
    table = rng.choice(world.full)
    path = f"data/{table}{rng.choice([' (1)', '_old', '-copy', '.bak', '_final'])}.csv"
    return Mutant({path: world.raw[table]}, (Place(path, 0),), path)


@kind("files-exchanged", "file", "header", "missing-column")
def _(rng: random.Random, world: World) -> Mutant:
    first, second = rng.sample(world.full, 2)
    files: dict[str, bytes | None] = {world.path(first): world.raw[second], world.path(second): world.raw[first]}
    return Mutant(files, (Place(world.path(first), 1),), f"{first} <-> {second}")
