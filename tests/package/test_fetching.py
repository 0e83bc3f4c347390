"""What is fetched from the network, and from where: servers on this machine where they are allowed, public ones otherwise."""

from __future__ import annotations

import contextlib
import gc
import io
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aistatecraft import releases_from
from aistatecraft.package import fetching
from aistatecraft.package.fetching import PRIVATE_HOSTS, NotFetched, fetch, is_public
from tests.conftest import Make, Run
from tests.releases.shelf import Server, gives, served

PUBLIC = "93.184.216.34"
"""An address of the public network, which is never connected to here."""


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither proxies nor hosts that are allowed."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv(PRIVATE_HOSTS, raising=False)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "t.csv").write_bytes(b"id\na\n")
    with served(tmp_path / "served") as made:
        yield made


def fetched(address: str, most: int = 1_000, seconds: float = 5.0) -> bytes:
    sink = io.BytesIO()
    count = fetch(address, sink, most=most, seconds=seconds)
    assert count == len(sink.getvalue())
    return sink.getvalue()


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names and what they resolve to, one answer after the other; other names and numbers as ever."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *rest, **more)
        answer = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in answer
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
            "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
            "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
            "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1", "2001::1",
            "2001:db8::1", "3fff::1", "100::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
            "5f00::1", "nonsense", "",
        ],
    )  # fmt: skip
    def test_that_are_not_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize(
        "address",
        ["8.8.8.8", PUBLIC, "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450:4001::1", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"],
    )  # fmt: skip
    def test_that_are(self, address: str) -> None:
        assert is_public(address)


class TestPrivateHosts:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0", "127.000.000.001", "localhost"],
    )  # fmt: skip
    def test_are_refused_however_they_are_written(self, server: Server, host: str) -> None:
        with pytest.raises(NotFetched) as caught:
            fetched(f"http://{host}:{server.http.server_port}/t.csv")
        assert str(caught.value) == (
            f"it redirects to the host {host!r}, whose address is loopback, private or reserved (for a server of your own, set AISTATECRAFT_ALLOW_PRIVATE_HOSTS={host})"
        )
        assert server.asked == []

    @pytest.mark.parametrize(
        "host",
        ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[fe80::1]", "169.254.169.254", "10.0.0.1", "224.0.0.1"],
    )
    def test_are_refused_in_other_networks(self, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
        monkeypatch.setattr(socket.socket, "connect", None)  # never
        for scheme in ("http", "https"):
            with pytest.raises(NotFetched, match="whose address is loopback, private or reserved"):
                fetched(f"{scheme}://{host}/latest/meta-data/")

    @pytest.mark.parametrize(
        "answer", [["127.0.0.1"], ["::1"], [PUBLIC, "127.0.0.1"], ["::ffff:127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"]]
    )
    def test_are_refused_by_the_address_of_a_name(
        self, server: Server, resolver: dict[str, list[list[str]]], answer: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket.socket, "connect", None)
        resolver["data.example"] = [answer]
        with pytest.raises(NotFetched, match=r"it redirects to the host 'data\.example', whose address is loopback, private or reserved"):
            fetched(f"http://data.example:{server.http.server_port}/t.csv")

    def test_are_refused_when_a_name_changes_its_address(
        self, server: Server, resolver: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The connection goes to the address that was judged; the name is not resolved again."""
        resolver["data.example"] = [[PUBLIC], ["127.0.0.1"]]
        tried: list[Any] = []

        def connect(self: socket.socket, place: Any) -> None:
            tried.append(place)
            raise ConnectionRefusedError(111, "Connection refused")

        monkeypatch.setattr(socket.socket, "connect", connect)
        for scheme in ("http", "https"):
            resolver["data.example"] = [[PUBLIC], ["127.0.0.1"]]
            with pytest.raises(NotFetched, match=r"^the server cannot be reached \(Connection refused\)$"):
                fetched(f"{scheme}://data.example:{server.http.server_port}/t.csv")
        assert tried == [(PUBLIC, server.http.server_port)] * 2
        assert server.asked == []

    @pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
    def test_are_refused_after_a_redirect(self, server: Server, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
        monkeypatch.setenv(PRIVATE_HOSTS, "localhost")
        port = server.http.server_port
        for host in ("127.0.0.1", "2130706433", "[::ffff:127.0.0.1]"):
            server.answers["/on"] = gives(b"", code, Location=f"http://{host}:{port}/t.csv")
            with pytest.raises(NotFetched, match=r"it redirects to the host '.*', whose address is loopback, private or reserved"):
                fetched(f"http://localhost:{port}/on")
        assert "/t.csv" not in server.asked

    @pytest.mark.parametrize("setting", ["1", "true", "127.0.0.1", "example.org, 127.0.0.1", "example.org 127.0.0.1", "127.0.0.1,"])
    def test_are_reached_where_the_user_allows_them(self, server: Server, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
        monkeypatch.setenv(PRIVATE_HOSTS, setting)
        assert fetched(f"{server.address}/t.csv") == b"id\na\n"

    @pytest.mark.parametrize("setting", ["", "0", "false", "no", "localhost", "127.0.0.2", "example.org", "27.0.0.1", ",", "*"])
    def test_are_refused_where_the_user_allows_others(self, server: Server, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
        monkeypatch.setenv(PRIVATE_HOSTS, setting)
        for host in ("127.0.0.1", "0"):
            with pytest.raises(NotFetched, match="loopback, private or reserved"):
                fetched(f"http://{host}:{server.http.server_port}/t.csv")
        assert server.asked == []

    def test_by_name_in_any_letters(self, server: Server, monkeypatch: pytest.MonkeyPatch, resolver: dict[str, list[list[str]]]) -> None:
        monkeypatch.setenv(PRIVATE_HOSTS, "Data.Example")
        resolver |= {"data.example": [["127.0.0.1"]], "DATA.example.": [["127.0.0.1"]]}
        for host in ("data.example", "DATA.example."):
            assert fetched(f"http://{host}:{server.http.server_port}/t.csv") == b"id\na\n"

    def test_for_tables_and_releases_alike(
        self, server: Server, run: Run, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        reason = "it redirects to the host '127.0.0.1', whose address is loopback, private or reserved (for a server of your own, set AISTATECRAFT_ALLOW_PRIVATE_HOSTS=127.0.0.1)"
        address = f"{server.address}/t.csv"
        made = make({})
        (made / "datapackage.json").write_text(
            f'{{"name": "made", "resources": [{{"name": "t", "path": "{address}", "schema": {{"fields": [{{"name": "id"}}]}}}}]}}'
        )
        done = run("validate", made, "--allow-remote")
        assert done == (
            2,
            "",
            f"aistatecraft: datapackage.json: resource t: {address!r} cannot be fetched: {reason}; correct the address, or copy the file into the package and use its path.\n",
        )
        monkeypatch.setenv("AISTATECRAFT_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("AISTATECRAFT_RELEASES", server.address)
        done = run("show", "actors", "--version", "99.0.0")
        releases_from(None)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(
            f"aistatecraft: {server.address}/register.json cannot be fetched: {reason}; check the network, or correct"
        )
        assert server.asked == []


class TestProxies:
    """A proxy resolves names itself, so that nobody can tell where a request goes."""

    @pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
    def test_are_asked_for_allowed_hosts_alone(self, server: Server, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setenv(name, server.address)
        address = "http://data.example/t.csv"
        server.answers[address] = gives(b"from the proxy")
        with pytest.raises(NotFetched) as caught:
            fetched(address)
        assert str(caught.value) == (
            "the host 'data.example' would be reached through the configured proxy, so that its address cannot be checked (list it in AISTATECRAFT_ALLOW_PRIVATE_HOSTS if you trust it, or in no_proxy to go there directly)"
        )
        assert server.asked == []
        monkeypatch.setenv(PRIVATE_HOSTS, "data.example")
        assert fetched(address) == b"from the proxy"
        server.answers[address] = gives(b"", 302, Location="http://other.example/")
        with pytest.raises(NotFetched, match=r"the host 'other\.example' would be reached through the configured proxy"):
            fetched(address)
        assert server.asked == [address, address]

    def test_are_left_out_where_no_proxy_says_so_and_the_address_is_judged(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with pytest.raises(NotFetched, match="loopback, private or reserved"):
            fetched(f"{server.address}/t.csv")
        monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
        assert fetched(f"{server.address}/t.csv") == b"id\na\n"

    def test_of_https(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("https_proxy", server.address)
        with pytest.raises(NotFetched, match="would be reached through the configured proxy"):
            fetched("https://data.example/t.csv")
        monkeypatch.setenv(PRIVATE_HOSTS, "1")
        with pytest.raises(NotFetched, match=r"the server cannot be reached \(Tunnel connection failed"):  # this proxy opens none
            fetched("https://data.example/t.csv")


@pytest.mark.usefixtures("server")
class TestBounds:
    @pytest.fixture(autouse=True)
    def allowed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")

    def test_of_size(self, server: Server) -> None:
        server.answers["/t.csv"] = gives(b"x" * 1_000)
        assert fetched(f"{server.address}/t.csv", 1_000) == b"x" * 1_000
        for length in ("1001", "9" * 17):
            server.answers["/t.csv"] = gives(b"", Content_Length=length)
            with pytest.raises(NotFetched, match=r"^it exceeds the limit of 1,000 bytes$"):
                fetched(f"{server.address}/t.csv", 1_000)

    def test_of_redirects(self, server: Server) -> None:
        for number in range(9):
            server.answers[f"/{number}"] = gives(b"", 302, Location=f"/{number + 1}")
        with pytest.raises(NotFetched, match=r"^it redirects too often$"):
            fetched(f"{server.address}/0")
        assert len(server.asked) <= 7

    def test_body_of_a_redirect_is_not_read(self, server: Server) -> None:
        sent = []

        def endless(request: Any) -> None:
            request.send_response(302)
            request.send_header("Location", "/t.csv")
            request.end_headers()
            try:
                for _ in range(1_000):
                    request.wfile.write(bytes(1 << 20))
                    sent.append(1)
            except OSError:
                pass

        server.answers["/on"] = endless
        assert fetched(f"{server.address}/on") == b"id\na\n"
        assert len(sent) < 100

    def test_of_time_end_the_thread_too(self, server: Server) -> None:
        """A server that says its headers a byte at a time is given up, and nobody waits for it any longer."""

        def drips(request: Any) -> None:
            try:
                request.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
                while not server.stopping.wait(0.01):
                    request.wfile.write(b"x")
            except OSError:
                pass

        server.answers["/t.csv"] = drips
        before = set(threading.enumerate())
        with pytest.raises(NotFetched, match=r"^it was not completely received within 0\.2 seconds$"):
            fetched(f"{server.address}/t.csv", seconds=0.2)
        for thread in set(threading.enumerate()) - before:
            thread.join(5)
            assert not thread.is_alive()

    def test_of_what_is_asked(self, server: Server) -> None:
        seen: list[dict[str, str]] = []

        def look(request: Any) -> None:
            seen.append(dict(request.headers))
            gives(b"ok")(request)

        server.answers["/t.csv"] = look
        fetched(f"{server.address}/t.csv")
        assert seen == [
            {
                "Accept-Encoding": "identity",
                "Host": server.address.removeprefix("http://"),
                "User-Agent": "aistatecraft",
                "Accept": "*/*",
                "Connection": "close",
            }
        ]

    def test_what_goes_wrong_in_the_thread_is_raised_here(self, server: Server) -> None:
        class Full(io.BytesIO):
            def write(self, data: Any) -> int:
                raise RuntimeError("full")

        with pytest.raises(RuntimeError, match="full"):
            fetch(f"{server.address}/t.csv", Full(), most=100, seconds=5)


@pytest.fixture
def encrypted(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The same server with a certificate for data.example, which is trusted here."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["-subj", "/CN=data.example", "-addext", "subjectAltName=DNS:data.example", "-days", "2", "-nodes"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    try:
        subprocess.run([*made, *words], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("there is no openssl that makes a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True, do_handshake_on_connect=False)
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: real(cafile=str(certificate)))
    monkeypatch.setenv(PRIVATE_HOSTS, "data.example,other.example")
    return server


class TestEncrypted:
    def test_by_the_name_of_the_host(self, encrypted: Server, resolver: dict[str, list[list[str]]]) -> None:
        resolver |= {"data.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]}
        port = encrypted.http.server_port
        assert fetched(f"https://data.example:{port}/t.csv") == b"id\na\n"
        with pytest.raises(NotFetched, match=r"^its certificate cannot be trusted \("):
            fetched(f"https://other.example:{port}/t.csv")
        with pytest.raises(NotFetched, match="loopback, private or reserved"):
            fetched(f"https://127.0.0.1:{port}/t.csv")

    def test_and_never_given_up_on_the_way(self, encrypted: Server, resolver: dict[str, list[list[str]]]) -> None:
        resolver["data.example"] = [["127.0.0.1"]]
        port = encrypted.http.server_port
        encrypted.answers["/on"] = gives(b"", 302, Location=f"http://data.example:{port}/t.csv")
        encrypted.answers["/round"] = gives(b"", 302, Location="/t.csv")
        assert fetched(f"https://data.example:{port}/round") == b"id\na\n"
        with pytest.raises(NotFetched, match=r"^it redirects to a location that is not https$"):
            fetched(f"https://data.example:{port}/on")
        assert encrypted.asked.count("/t.csv") == 1

    def test_where_the_server_is_not(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
        with pytest.raises(NotFetched, match=r"^the server cannot be reached \([A-Z_0-9]+\)$"):
            fetched(server.address.replace("http:", "https:") + "/t.csv")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://ada:secret@127.0.0.1/", "it contains a user name or password"),
        ("http://ada@127.0.0.1/", "it contains a user name or password"),
        ("http://data.example\\@127.0.0.1/", "it contains a user name or password"),
        ("http://127%2e0.0.1/", "it is not a valid address"),
        ("http://data.example:99999/", "it is not a valid address"),
        ("http://data.example/\r\nX: y", "it is not a valid address"),
        ("http://..data/", "it is not a valid address"),
        (f"http://{'x' * 80}.example/", "it is not a valid address"),
        ("http:///t.csv", "it is not a valid address"),
        ("file:///etc/passwd", "it is neither http nor https"),
        ("ftp://data.example/", "it is neither http nor https"),
    ],
)
def test_what_is_never_asked_for(monkeypatch: pytest.MonkeyPatch, address: str, reason: str) -> None:
    monkeypatch.setattr(socket.socket, "connect", None)
    monkeypatch.setenv(PRIVATE_HOSTS, "1")
    with pytest.raises(NotFetched, match=reason):
        fetched(address)


def test_every_connection_is_closed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets that are left open warn when they are collected, and warnings are errors here."""
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    server.answers["/no"] = gives(b"", 404)
    server.answers["/on"] = gives(b"", 302, Location="/no")
    for path in ("/t.csv", "/no", "/on"):
        with contextlib.suppress(NotFetched):
            fetched(server.address + path)
    with pytest.raises(NotFetched):
        fetched("http://127.0.0.1:1/")
    gc.collect()


def test_shown_addresses_hold_no_password() -> None:
    assert fetching.shown("https://ada:sec@ret@data.example/a@b?c@d") == "https://data.example/a@b?c@d"
    assert fetching.shown("https://data.example/a@b") == "https://data.example/a@b"
