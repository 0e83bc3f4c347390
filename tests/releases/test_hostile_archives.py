"""Archives made to do harm: each is refused by every command in one sentence, nothing is written or leaks, and in bounded memory."""

from __future__ import annotations

import bz2
import io
import json
import shutil
import stat
import struct
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aistatecraft import AistatecraftError, verify
from aistatecraft.package.storage import MAX_ARCHIVE_ENTRIES, ZipStore
from tests.conftest import Install, Run, tree
from tests.releases.shelf import put_release

SECRET = "the secret of another"
LITTLE = 32 * 1024**2
"""Bytes that refusing may take at most."""


@pytest.fixture
def good(project: Path, install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release that is sound, which all hostile archives are made from; beside it lies what must not get out."""
    monkeypatch.delenv("AISTATECRAFT_RELEASES", raising=False)
    put_release(install(project), "0.1.0", "2021-01-01")
    (tmp_path / "secret.csv").write_text(f"id,name,born,score\nx,{SECRET},,\n")
    return shutil.copy(project / "releases" / "people-0.1.0.zip", tmp_path / "people.zip")


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def added(archive: Path, *entries: tuple[str | zipfile.ZipInfo, bytes | str], without: str = "") -> Path:
    """The archive with more entries, in which one may be left out."""
    with zipfile.ZipFile(archive) as old:
        content = {info.filename: old.read(info) for info in old.infolist() if info.filename != without}
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice, where that is what is tested
        with zipfile.ZipFile(out, "w") as new:
            for name, data in [*content.items(), *entries]:
                new.writestr(name, data)
    archive.write_bytes(out.getvalue())
    return archive


def pointing(archive: Path, path: str) -> Path:
    """The archive with a descriptor that says that its table lies at `path`."""
    with zipfile.ZipFile(archive) as old:
        descriptor = json.loads(old.read("datapackage.json"))
    descriptor["resources"][0]["path"] = path
    return added(archive, ("datapackage.json", json.dumps(descriptor)), without="datapackage.json")


def refused_everywhere(run: Run, archive: Path, words: str, beside: Path, *, compared: bool = False) -> None:
    """Every command that opens an archive ends with 2 and one sentence, and changes and tells nothing.

    A table that is not to be had is left out where two archives are `compared`.
    """
    before = tree(beside)
    for command in (
        ["verify", archive],
        ["info", "--path", archive],
        ["show", "people", "--path", archive],
        ["codebook", "--path", archive],
        ["cite", "--path", archive],
        ["history", "people", "ada", "--path", archive],
        ["validate", archive],
        *([] if compared else [["diff", archive, archive]]),
    ):
        done = run(*command)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), (command, done)
        assert words in done.err, (command, done.err)
        assert SECRET not in done.err
    if compared:
        done = run("diff", archive, archive)
        assert (done.code, done.err) == (0, "")
        assert words in done.out
        assert "is not compared" in done.out
        assert SECRET not in done.out
    assert tree(beside) == before


# Entries that lead elsewhere


@pytest.mark.parametrize(
    "name",
    ["../evil.csv", "data/../../evil.csv", "../../../../../../../../tmp/evil.csv", "/tmp/evil.csv", "C:/evil.csv", "\\\\host\\evil.csv"],
)
def test_entry_outside_the_archive(good: Path, tmp_path: Path, run: Run, name: str) -> None:
    refused_everywhere(run, added(good, (name, "x")), "points outside the package", tmp_path)


def test_entry_at_the_absolute_path_of_a_file_that_is_there(good: Path, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "secret.csv"
    refused_everywhere(run, added(good, (str(target), "overwritten")), "points outside the package", tmp_path)
    assert SECRET in target.read_text()


@pytest.mark.parametrize("path", ["../secret.csv", "data/../../secret.csv", "/etc/passwd", "file:///etc/passwd"])
def test_descriptor_that_points_outside(good: Path, tmp_path: Path, run: Run, path: str) -> None:
    archive = pointing(good, path)
    refused_everywhere(run, archive, "is an address" if "://" in path else "points outside the package", tmp_path, compared=True)


def test_link_in_place_of_a_table(good: Path, tmp_path: Path, run: Run) -> None:
    archive = added(good, (link("data/people.csv"), str(tmp_path / "secret.csv")), without="data/people.csv")
    refused_everywhere(run, archive, "is a link; archives with links are not read", tmp_path)


def test_link_to_a_folder_and_a_file_through_it(good: Path, tmp_path: Path, run: Run) -> None:
    archive = added(good, (link("up"), ".."), ("up/evil.csv", "x"))
    refused_everywhere(run, archive, "is a link; archives with links are not read", tmp_path)
    assert not (tmp_path / "evil.csv").exists()


@pytest.mark.parametrize("name", ["datapackage.json", "data/people.csv", "./data/people.csv", "data//people.csv"])
def test_name_that_stands_twice(good: Path, tmp_path: Path, run: Run, name: str) -> None:
    """One program would read the first, another the second, and both would call it the same archive."""
    refused_everywhere(run, added(good, (name, "{}")), "appears twice in the archive", tmp_path)


# Archives that unpack to more than there is memory


@contextmanager
def little_memory(most: int = LITTLE) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def refused(archive: Path, words: str) -> None:
    with little_memory(), pytest.raises(AistatecraftError, match=words):
        verify(archive)


_BLOCK = 45_000_000
"""Zeros that fit into one block of bzip2."""


def zeros_as_bzip2(blocks: int) -> bytes:
    """What bzip2 makes of so many blocks of zeros, put together from one: 10 GB are made in no time."""
    whole = bz2.compress(bytes(_BLOCK))
    bits = f"{int.from_bytes(whole[4:]):0{8 * (len(whole) - 4)}b}"
    block = bits[: bits.rindex(f"{0x177245385090:048b}")]
    check = int(block[48:80], 2)
    total = 0
    for _ in range(blocks):
        total = ((total << 1 | total >> 31) & 0xFFFFFFFF) ^ check
    stream = block * blocks + f"{0x177245385090:048b}{total:032b}"
    stream += "0" * (-len(stream) % 8)
    return whole[:4] + int(stream, 2).to_bytes(len(stream) // 8)


def packed(method: int, data: bytes, size: int, crc: int = 0, name: bytes = b"datapackage.json") -> bytes:
    """An archive with one entry that is packed already, and that says that it has `size` bytes."""
    big = struct.pack("<2HQ", 1, 8, size) if size >= 0xFFFFFFFF else b""
    said = min(size, 0xFFFFFFFF)
    head = struct.pack("<5H3L2H", 45, 0, method, 0, 33, crc, len(data), said, len(name), len(big)) + name + big
    entry = (
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, method, 0, 33, crc, len(data), said, len(name), len(big), 0, 0, 0, 0, 0)
        + name
        + big
    )
    body = b"PK\3\4" + head + data
    return body + entry + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(body), 0)


def test_bomb_of_the_tests_is_a_bomb(tmp_path: Path) -> None:
    """Read as anyone would read it, 2 KB fill the memory with 135 MB, though the entry says that it has 100 bytes."""
    data = zeros_as_bzip2(3)
    assert bz2.decompress(data) == bytes(3 * _BLOCK)
    path = tmp_path / "bomb.zip"
    path.write_bytes(packed(zipfile.ZIP_BZIP2, data, 100))
    assert path.stat().st_size < 2_000
    tracemalloc.start()
    with zipfile.ZipFile(path) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read("datapackage.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak > 3 * _BLOCK
    refused(path, "compressed by a method that is not supported")


@pytest.mark.parametrize("said", [10**10, 100, 0], ids=["says so", "says 100 bytes", "says nothing"])
def test_10_gb_of_zeros_in_10_kb(good: Path, tmp_path: Path, run: Run, said: int) -> None:
    data = zeros_as_bzip2(223)
    good.write_bytes(packed(zipfile.ZIP_BZIP2, data, said))
    assert good.stat().st_size < 10_240 and 223 * _BLOCK > 10**10
    words = "unpacks to more than 2,048 MiB" if said > 2**31 else "compressed by a method that is not supported"
    refused(good, words)
    refused_everywhere(run, good, words, tmp_path)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_methods_that_unpack_without_a_bound_are_not_read_even_where_they_are_sound(good: Path, method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w", method) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    good.write_bytes(out.getvalue())
    refused(good, "compressed by a method that is not supported; build the archive with the default method")


@pytest.mark.parametrize("said", [3 * 10**9, 1_000], ids=["says so", "says 1,000 bytes"])
def test_zeros_in_deflate(good: Path, tmp_path: Path, run: Run, said: int) -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join([*(deflate.compress(bytes(1 << 20)) for _ in range(100)), deflate.flush()])
    good.write_bytes(packed(zipfile.ZIP_DEFLATED, data, said))
    words = "unpacks to more than 2,048 MiB" if said > 2**31 else "is not as long as the archive says|is damaged"
    refused(good, words)
    refused_everywhere(run, good, words.split("|")[-1], tmp_path)


def test_many_entries_that_share_the_same_bytes(good: Path, tmp_path: Path, run: Run) -> None:
    """Every entry is modest; together they are 10 GB, out of the same 100 KB."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join([*(deflate.compress(bytes(1 << 20)) for _ in range(100)), deflate.flush()])
    whole = packed(zipfile.ZIP_DEFLATED, data, 100 << 20, name=b"data/000.csv")
    at = whole.index(b"PK\1\2")
    entry = whole[at : whole.index(b"PK\5\6")]
    entries = b"".join(entry.replace(b"000", b"%03d" % number) for number in range(100))
    good.write_bytes(whole[:at] + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 100, 100, len(entries), at, 0))
    refused(good, "unpacks to more than 2,048 MiB")
    refused_everywhere(run, good, "unpacks to more than 2,048 MiB", tmp_path)


# A million entries


def many(number: int, said: int) -> bytes:
    """An archive with empty entries that all stand at one place, whose end says that it has `said` of them."""
    name, local = b"%07d", b"PK\3\4" + struct.pack("<5H3L2H", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0)
    entries = b"".join(head + name % at for at in range(number))
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, said, said, len(entries), len(local))
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(local) + len(entries), 1)
    return local + entries + end64 + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


@pytest.mark.parametrize("said", [1_000_000, 1], ids=["says so", "says one"])
def test_a_million_entries(good: Path, tmp_path: Path, run: Run, said: int) -> None:
    good.write_bytes(many(1_000_000, said))
    refused(good, f"the archive has more entries than the limit of {MAX_ARCHIVE_ENTRIES:,}")
    refused_everywhere(run, good, "more entries than", tmp_path)


def test_archive_of_a_million_entries_would_fill_the_memory(tmp_path: Path) -> None:
    """What the limit is for: the list of entries alone, as objects. A tenth of them shows it."""
    path = tmp_path / "many.zip"
    path.write_bytes(many(100_000, 100_000))
    tracemalloc.start()
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak > LITTLE
    refused(path, r"the archive has (100,000|more) entries")


def test_as_many_entries_as_are_allowed_are_read(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(many(MAX_ARCHIVE_ENTRIES, MAX_ARCHIVE_ENTRIES))
    assert len(ZipStore(path).names(".")) == MAX_ARCHIVE_ENTRIES


# What is kept


@pytest.mark.parametrize(
    "spoil", [lambda path: added(path, ("../evil", "x")), lambda path: path.write_bytes(many(50_000, 1))], ids=["climbs", "many"]
)
def test_sound_archive_is_read_after_a_hostile_one(good: Path, tmp_path: Path, run: Run, spoil: Callable[[Path], object]) -> None:
    sound = shutil.copy(good, tmp_path / "sound.zip")
    spoil(good)
    assert run("verify", good).code == 2
    assert run("verify", sound).code == 0
    assert run("show", "people", "--path", sound, "--fields", "id", "--format", "csv").out == "id\nada\nbo\n"
