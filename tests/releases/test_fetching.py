"""Versions that the installation does not carry: from an address or a directory, checked, kept, and what is said where that fails."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from aistatecraft import ReadError, RefusedError, UsageError, load, releases_from, versions
from aistatecraft.package.register import RegisterEntry
from aistatecraft.releases import remote
from tests.conftest import Install, Run, tree
from tests.releases.shelf import Answer, Server, carrying, gives, served

ARCHIVE = "/people-0.2.0.zip"


def names(version: str) -> list[str]:
    return load("people", version=version)["id"].tolist()


def archives(cache: Path) -> list[str]:
    """What is in the cache, the copies of registers apart."""
    return [name for name in tree(cache) if not name.startswith("register-")] if cache.exists() else []


def entry_of(shelf: Path, version: str) -> RegisterEntry:
    found = json.loads((shelf / "register.json").read_text())
    return next(RegisterEntry(**entry) for entry in found["releases"] if entry["version"] == version)


def rewrite(shelf: Path, version: str, **changes: object) -> None:
    register = shelf / "register.json"
    found = json.loads(register.read_text())
    for entry in found["releases"]:
        if entry["version"] == version:
            entry.update(changes)
    register.write_text(json.dumps(found))


# What is there


def test_carried_version_needs_neither_place_nor_network(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names("0.1.0") == ["ada", "bo", "cy"]
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
    assert names("0.1.0") == ["ada", "bo", "cy"]
    assert server.asked == []


def test_later_version_is_fetched_once(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch, shelf: Path) -> None:
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address + "/")
    assert names("0.2.0") == ["ada", "bo", "cy", "di"]
    assert server.asked == ["/register.json", ARCHIVE]
    assert archives(cache) == [f"0.2.0-{entry_of(shelf, '0.2.0').sha256}.zip"]
    assert (cache / archives(cache)[0]).read_bytes() == (shelf / "people-0.2.0.zip").read_bytes()
    assert names("0.2.0") == ["ada", "bo", "cy", "di"]
    assert server.asked == ["/register.json", ARCHIVE], "what was fetched is not asked for again"
    assert names("0.3.0")[-1] == "eve"
    assert server.asked[2:] == ["/register.json", "/people-0.3.0.zip"]


def test_what_was_fetched_loads_without_network(server: Server, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
    names("0.2.0")
    server.answers = {"/register.json": gives(b"", 500), ARCHIVE: gives(b"", 500)}
    assert names("0.2.0") == ["ada", "bo", "cy", "di"]
    server.answers["/people-0.3.0.zip"] = gives(b"", 500)
    with pytest.raises(ReadError, match=r"people-0\.3\.0\.zip cannot be fetched: the server answers 500"):
        names("0.3.0")  # the register as it was when it was read last knows it


def test_damaged_file_in_the_cache_is_fetched_again(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
    names("0.2.0")
    kept = cache / archives(cache)[0]
    data = bytearray(kept.read_bytes())
    data[100] ^= 1
    kept.write_bytes(data)
    assert names("0.2.0") == ["ada", "bo", "cy", "di"]
    assert server.asked.count(ARCHIVE) == 2
    kept.write_bytes(b"half")
    assert names("0.2.0") == ["ada", "bo", "cy", "di"]


def test_directory_needs_no_cache(shelf: Path, cache: Path) -> None:
    releases_from(shelf)
    assert [names(version)[-1] for version in ("0.1.0", "0.2.0", "0.3.0")] == ["cy", "di", "eve"]
    assert not cache.exists()


def test_cache_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where it is not set, what was fetched is kept where the system keeps such things."""
    import platformdirs

    monkeypatch.delenv("AISTATECRAFT_CACHE")
    assert remote._cache() == Path(platformdirs.user_cache_dir("aistatecraft"))


def test_place_by_argument_function_and_environment(server: Server, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def known(**where: object) -> list[str]:
        return [one.version for one in versions(**where)]  # type: ignore[arg-type]

    assert known() == ["0.1.0"]
    monkeypatch.setenv("AISTATECRAFT_RELEASES", str(shelf))
    assert known() == ["0.1.0", "0.2.0", "0.3.0"]
    assert known(releases="") == ["0.1.0"]
    releases_from("")
    assert known() == ["0.1.0"]
    releases_from(server.address)
    assert known() == ["0.1.0", "0.2.0", "0.3.0"] and server.asked == ["/register.json"]
    assert known(releases=shelf) == ["0.1.0", "0.2.0", "0.3.0"] and server.asked == ["/register.json"]
    releases_from(None)
    assert known() == ["0.1.0", "0.2.0", "0.3.0"] and server.asked == ["/register.json"]


def test_where_each_version_is(server: Server, shelf: Path) -> None:
    releases_from(server.address)
    assert [one.where for one in versions()] == ["carried", "at the address", "at the address"]
    names("0.2.0")
    found = versions()
    assert [one.where for one in found] == ["carried", "in the cache", "at the address"]
    entry = entry_of(shelf, "0.2.0")
    assert (found[1].version, found[1].released, found[1].rows, found[1].bytes, found[1].sha256, found[1].tables) == (
        "0.2.0",
        "2022-01-01",
        4,
        entry.bytes,
        entry.sha256,
        {"people": 4},
    )


def test_release_that_is_known_and_not_carried(project: Path, shelf: Path, tmp_path: Path, install: Install) -> None:
    """A wheel may leave out large archives; its register still says what they are."""
    install(carrying(project, tmp_path / "light", "0.1.0", "0.2.0", archives=False))
    assert [one.where for one in versions()] == ["not here", "not here"]
    with pytest.raises(
        UsageError,
        match=r"'0\.2\.0' was released on 2022-01-01, but its archive is not in this installation; set AISTATECRAFT_RELEASES",
    ):
        names("0.2.0")
    with served(shelf) as server:
        releases_from(server.address)
        server.answers["/register.json"] = gives(b"this is not needed")
        assert names("0.2.0")[-1] == "di"
        assert server.asked == [ARCHIVE]


def test_fetched_versions_can_be_compared_and_shown(server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
    done = run("diff", "0.1.0", "0.3.0", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    assert [line.split(",")[:4] for line in done.out.splitlines()[1:]] == [["people", "di", "", "added"], ["people", "eve", "", "added"]]
    assert run("show", "people", "--version", "0.2.0", "--where", "id=di", "--fields", "name", "--format", "csv") == (
        0,
        "name\nDi\n",
        "read release 0.2.0 of the installed package (1 table)\n",
    )
    assert "(Version 0.2.0)" in run("cite", "--version", "0.2.0").out


# What is not there


def test_version_that_nobody_knows(server: Server, shelf: Path) -> None:
    with pytest.raises(UsageError, match=r"^version '0\.2\.9' was never released or is not in this installation; did you mean 0\.1\.0"):
        names("0.2.9")
    for place in (server.address, shelf):
        releases_from(place)
        with pytest.raises(UsageError, match=rf"is not in this installation, and {place} does not list it; did you mean 0\.2\.0"):
            names("0.2.9")


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/releases", "file:///tmp", "s3://bucket"])
def test_place_that_is_no_place(shelf: Path, place: str) -> None:
    with pytest.raises(
        UsageError, match=r"is neither an http or https address nor a directory; correct AISTATECRAFT_RELEASES or --releases"
    ):
        versions(releases=place)


@pytest.mark.parametrize("place", ["http://", "https:///releases", "http://[::1/x", "http://127.0.0.1/a?b=c", "http://127.0.0.1/#x"])
def test_address_that_is_no_address(shelf: Path, place: str) -> None:
    with pytest.raises(UsageError, match=r"is not the address of a folder"):
        versions(releases=place)


def test_directory_without_a_register(shelf: Path, tmp_path: Path) -> None:
    releases_from(tmp_path / "nowhere")
    with pytest.raises(
        ReadError, match=r"nowhere: there is no register\.json in this directory; correct AISTATECRAFT_RELEASES or --releases"
    ):
        names("0.2.0")
    releases_from(shelf.parent)
    with pytest.raises(ReadError, match=rf"there is no register\.json in this directory; name {shelf}\."):
        names("0.2.0")


def test_directory_without_the_archive_or_with_another(shelf: Path) -> None:
    releases_from(shelf)
    archive = shelf / "people-0.2.0.zip"
    data = archive.read_bytes()
    archive.write_bytes(data[:-1] + b"x")
    with pytest.raises(
        RefusedError, match=r"people-0\.2\.0\.zip: this is not the archive released as 0\.2\.0; its SHA-256 must be [0-9a-f]{64}"
    ):
        names("0.2.0")
    archive.unlink()
    with pytest.raises(ReadError, match=r"the archive people-0\.2\.0\.zip of 0\.2\.0 is missing; add it"):
        names("0.2.0")


def test_nobody_listens(shelf: Path, cache: Path) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    releases_from(f"http://127.0.0.1:{port}")
    match = rf"^http://127\.0\.0\.1:{port}/register\.json cannot be fetched: the server cannot be reached \(Connection refused\); check the network, or correct"
    with pytest.raises(ReadError, match=match):
        names("0.2.0")
    with pytest.warns(UserWarning, match=match):
        assert [one.version for one in versions()] == ["0.1.0"]
    assert not cache.exists()


def test_versions_without_network_are_those_seen_last(server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
    names("0.2.0")
    server.answers["/register.json"] = gives(b"", 503)
    done = run("versions", "--format", "csv")
    assert done.code == 0
    assert [line.split(",")[4] for line in done.out.splitlines()] == ["where", "carried", "in the cache", "at the address"]
    assert (
        done.err
        == f"read the installed package (0.3.0, 1 table)\n{server.address}/register.json cannot be fetched: the server answers 503 Service Unavailable; check the network, or correct AISTATECRAFT_RELEASES or --releases.\n"
    )


def test_a_password_is_neither_sent_nor_shown(server: Server) -> None:
    releases_from(server.address.replace("://", "://ada:secret@"))
    with pytest.raises(ReadError) as caught:
        names("0.2.0")
    assert "secret" not in str(caught.value) and "cannot be fetched: it contains a user name or password; " in str(caught.value)
    assert server.asked == []


# A server that does harm


def cut_off(body: bytes) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        gives(body[: len(body) // 2], Content_Length=str(len(body)))(request)

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    """Bytes without end and without a length."""
    request.send_response(200)
    request.end_headers()
    for _ in range(10_000):
        try:
            request.wfile.write(bytes(1 << 20))
        except OSError:
            return


def drips(server: Server) -> Answer:
    """A byte now and then, for as long as the test runs."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        for _ in range(1_000):
            try:
                request.wfile.write(b"P")
                request.wfile.flush()
            except OSError:
                return
            if server.stopping.wait(0.02):
                return

    return answer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_DOWNLOAD_SECONDS", 0.3)
    monkeypatch.setattr(remote, "REGISTER_SECONDS", 0.3)


HARM = {
    "not found": (gives(b"no", 404), ReadError, "the server answers 404 Not Found"),
    "moved without end": (gives(b"", 302, Location=ARCHIVE), ReadError, "it redirects too often"),
    "leads to a file": (
        gives(b"", 302, Location="file:///etc/passwd"),
        ReadError,
        "it redirects to a location that is neither http nor https",
    ),
    "longer, and says so": (gives(bytes(10_000)), ReadError, r"it exceeds the limit of [\d,]+ bytes"),
    "without end": (endless, ReadError, r"it exceeds the limit of [\d,]+ bytes"),
    "shorter": (gives(b"PK"), ReadError, r"only 2 of [\d,]+ bytes were received"),
    "breaks off": (None, ReadError, r"the connection was lost after [\d,]+ of [\d,]+ bytes"),
    "no HTTP": (lambda request: request.wfile.write(b"220 ready\r\n"), ReadError, "the server (cannot be reached|does not answer)"),
    "other content": (
        "other",
        RefusedError,
        r"the download is not the archive released as 0\.2\.0, so it was discarded; its SHA-256 must be",
    ),
    "packed on the way": ("gzip", ReadError, r"it exceeds the limit of [\d,]+ bytes"),
}


@pytest.mark.parametrize("kind", HARM)
def test_archive_that_does_not_arrive_as_it_should(server: Server, shelf: Path, cache: Path, kind: str) -> None:
    import gzip

    answer, error, words = HARM[kind]
    body = (shelf / "people-0.2.0.zip").read_bytes()
    if answer == "other":
        answer = gives(body[:-1] + b"x")
    elif answer == "gzip":
        answer = gives(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
    server.answers[ARCHIVE] = answer or cut_off(body)
    releases_from(server.address)
    with pytest.raises(error, match=rf"^{server.address}/people-0\.2\.0\.zip.*{words}"):
        names("0.2.0")
    assert archives(cache) == []
    server.answers.clear()
    assert names("0.2.0")[-1] == "di", "the next try, when the server is well again"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("path", ["/register.json", ARCHIVE])
def test_server_that_takes_its_time(server: Server, cache: Path, path: str) -> None:
    server.answers[path] = drips(server)
    releases_from(server.address)
    with pytest.raises(ReadError, match=r"it was not completely received within 0\.3\d* seconds"):
        names("0.2.0")
    assert archives(cache) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"releases": 5}', b'{"releases": [{"version": "0.1.0"}]}', b"[" * 100_000, b"\xff\xfe", b"twice"],
    ids=["empty", "html", "number", "half an entry", "deep", "no text", "a version twice"],
)
def test_register_that_is_none(server: Server, shelf: Path, cache: Path, body: bytes) -> None:
    if body == b"twice":
        found = json.loads((shelf / "register.json").read_text())
        body = json.dumps({"releases": found["releases"] * 2}).encode()
    server.answers["/register.json"] = gives(body)
    releases_from(server.address)
    with pytest.raises(ReadError, match=rf"^{server.address}/register\.json: this is not a register of releases"):
        names("0.2.0")
    (shelf / "register.json").write_bytes(body)
    releases_from(shelf)
    with pytest.raises(ReadError, match=r"register\.json: this is not a register of releases"):
        names("0.2.0")
    assert not cache.exists()


def test_register_without_end(server: Server) -> None:
    server.answers["/register.json"] = endless
    releases_from(server.address)
    with pytest.raises(ReadError, match=r"register\.json cannot be fetched: it exceeds the limit of 4,194,304 bytes"):
        names("0.2.0")


@pytest.mark.parametrize("way", ["address", "directory"])
def test_place_that_contradicts_the_installation_is_not_used_at_all(server: Server, shelf: Path, cache: Path, way: str) -> None:
    rewrite(shelf, "0.1.0", sha256="0" * 64)
    place = server.address if way == "address" else str(shelf)
    releases_from(place)
    match = rf"^{place}: its register names another archive for 0\.1\.0 \(SHA-256 000000000000\.\.\.\) than the local register"
    for action in (lambda: names("0.2.0"), versions):
        with pytest.raises(RefusedError, match=match):
            action()
    assert names("0.1.0")[-1] == "cy", "what is carried needs nobody"
    assert archives(cache) == []


def test_archive_of_another_package_or_version(server: Server, shelf: Path) -> None:
    other = entry_of(shelf, "0.3.0")
    rewrite(shelf, "0.2.0", archive=other.archive, sha256=other.sha256, bytes=other.bytes)
    releases_from(server.address)
    with pytest.raises(
        RefusedError, match=r"this holds 'people' version '0\.3\.0', and not 'people' version '0\.2\.0' as the register says"
    ):
        names("0.2.0")


def test_archive_of_absurd_size_is_not_begun(server: Server, shelf: Path) -> None:
    rewrite(shelf, "0.2.0", bytes=10**15)
    releases_from(server.address)
    with pytest.raises(RefusedError, match=r"the archive of 0\.2\.0 has 1,000,000,000,000,000 bytes; the limit is"):
        names("0.2.0")
    assert server.asked == ["/register.json"]


def test_name_of_an_archive_leads_nowhere_else(server: Server, shelf: Path, cache: Path) -> None:
    rewrite(shelf, "0.2.0", archive="..")
    for place in (server.address, shelf):
        releases_from(place)
        with pytest.raises(ReadError):
            names("0.2.0")
    assert archives(cache) == []


def test_hostile_archive_with_the_right_hash_is_still_judged(server: Server, shelf: Path) -> None:
    """The address vouches for it, and that is not enough."""
    import hashlib
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("../evil", "x")
    (shelf / "people-0.2.0.zip").write_bytes(out.getvalue())
    rewrite(shelf, "0.2.0", sha256=hashlib.sha256(out.getvalue()).hexdigest(), bytes=len(out.getvalue()))
    releases_from(server.address)
    with pytest.raises(ReadError, match=r"'\.\./evil' points outside the package"):
        names("0.2.0")


def test_interrupted_download_leaves_nothing(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers[ARCHIVE] = drips(server)
    releases_from(server.address)
    join = threading.Thread.join

    def interrupted(self: threading.Thread, timeout: float | None = None) -> None:
        if ARCHIVE in server.asked:
            raise KeyboardInterrupt
        if timeout is not None and timeout > 60:  # the archive
            while ARCHIVE not in server.asked:
                time.sleep(0.01)
            raise KeyboardInterrupt
        join(self, timeout)

    monkeypatch.setattr(threading.Thread, "join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        names("0.2.0")
    monkeypatch.undo()
    assert archives(cache) == []


def test_cache_that_cannot_be_written(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AISTATECRAFT_CACHE", str(tmp_path / "file" / "cache"))
    releases_from(server.address)
    with pytest.raises(
        ReadError, match=r"file/cache: the archive of 0\.2\.0 cannot be cached there \(.*\); free some space, or set AISTATECRAFT_CACHE"
    ):
        names("0.2.0")


def test_command_says_in_one_sentence_what_went_wrong(server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
    server.answers[ARCHIVE] = gives(b"", 404)
    done = run("show", "people", "--version", "0.2.0")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"aistatecraft: {server.address}/people-0.2.0.zip cannot be fetched: the server answers 404 Not Found; ")
