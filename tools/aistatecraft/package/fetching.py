"""The only network access: files at http or https addresses, of bounded size and time, from public servers only.

Addresses are written by whoever made a package and asked for from the machine of whoever reads it, which may see servers that the
author does not: its own, those of its network, the metadata service of a cloud. So a host is resolved once, every address that it
has is judged, and the connection is made to the address that was judged: what the name resolves to later does not matter. The same
holds for each redirect. `PRIVATE_HOSTS` allows hosts of one's own.

A fetch runs in a thread of its own, so that whatever hangs (a name that is not resolved, a server that says a byte a minute) ends
in time. Messages say nothing of what the server answered but its status.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import threading
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, BinaryIO
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit

from aistatecraft.package.storage import is_address

__all__ = ["PRIVATE_HOSTS", "NotFetched", "fetch", "is_public", "shown"]

PRIVATE_HOSTS = "AISTATECRAFT_ALLOW_PRIVATE_HOSTS"
"""The environment variable with the hosts that may have any address: names or addresses with commas between them, or 1 for all."""
_BLOCK = 1024**2
_CONNECTING, _SILENCE = 10.0, 30.0
"""After how many seconds without a connection, or without a byte, a server is given up."""
_REDIRECTS = 5

_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_NOT_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""For special use, and taken for public by some versions of Python."""


class NotFetched(Exception):
    """Why nothing can be had from an address: the part of a sentence after the colon."""


def shown(address: str) -> str:
    """An address as messages show it: without a name and password."""
    return re.sub(r"(?<=://)[^/?#]*@", "", address)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, and is not loopback, private, link-local, multicast or reserved.

    An IPv6 address that carries one of IPv4 (mapped, 6to4, NAT64) is judged by that.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
        if found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast and not any(found in network for network in _NOT_PUBLIC)


def fetch(address: str, sink: BinaryIO, *, most: int, seconds: float) -> int:
    """Write the file at an address into `sink`.

    Parameters
    ----------
    most : how many bytes it may have
    seconds : how long it may take in all

    Returns
    -------
    int : how many bytes there were

    Raises
    ------
    NotFetched
        Where it is not there, longer, not on a public server, or does not arrive whole in time.
    """
    trip = _Trip()
    done: list[int | BaseException] = []

    def run() -> None:
        try:
            done.append(_fetched(address, sink, most, seconds, trip))
        except BaseException as error:  # to be raised where somebody waits for it
            done.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(max(seconds, 0.0))
        ended = list(done)
    finally:
        trip.give_up()
    if not ended:
        raise NotFetched(f"it was not completely received within {max(seconds, 0.0):.3g} seconds")
    if isinstance(ended[0], BaseException):
        raise ended[0]
    return ended[0]


class _Trip:
    """A fetch under way, which can be given up from another thread."""

    def __init__(self) -> None:
        self.given_up = threading.Event()
        self.socket: socket.socket | None = None

    def give_up(self) -> None:
        """End it: whoever waits for a byte hears at once that none comes."""
        self.given_up.set()
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


def _fetched(address: str, sink: BinaryIO, most: int, seconds: float, trip: _Trip) -> int:
    # Put together by hand: the usual opener also opens files and FTP.
    opener = request.OpenerDirector()
    for handler in (
        _Guard(), request.ProxyHandler(_proxies()), _Http(trip), _Https(trip), _Redirects(), request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
    ):  # fmt: skip
        opener.add_handler(handler)
    if reason := _wrong(address):
        raise NotFetched(f"it {reason}")
    patience = max(min(seconds, _SILENCE), 0.001)
    try:
        with opener.open(request.Request(address, headers={"User-Agent": "aistatecraft", "Accept": "*/*"}), timeout=patience) as reply:
            return _copied(reply, sink, most, trip)
    except HTTPError as error:
        error.close()
        if "infinite loop" in str(error.msg):
            raise NotFetched("it redirects too often") from None
        raise NotFetched(_status(error.code)) from None
    except TimeoutError:
        raise NotFetched(f"the server sent nothing for {patience:.3g} seconds") from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise NotFetched(f"the server sent nothing for {patience:.3g} seconds") from None
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise NotFetched(f"its certificate cannot be trusted ({error.reason.verify_message})") from None
        raise NotFetched(f"the server cannot be reached ({_words(error.reason)})") from None
    except HTTPException:  # whose words may be those of the server
        raise NotFetched("the server does not answer as a web server") from None
    except OSError as error:
        raise NotFetched(f"the connection was lost ({_words(error)})") from None


def _copied(reply: Any, sink: BinaryIO, most: int, trip: _Trip) -> int:
    if reply.status != HTTPStatus.OK:
        raise NotFetched(_status(reply.status))
    said = reply.headers.get("Content-Length") or ""
    whole = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    total = 0
    while total <= most and (whole is None or whole <= most):
        try:
            block = reply.read1(_BLOCK)
        except HTTPException:
            raise NotFetched(f"the connection was lost after {total:,} bytes") from None
        if trip.given_up.is_set():
            raise NotFetched("it was cancelled")
        if not block:
            break
        total += len(block)
        if total <= most:
            sink.write(block)
    else:
        raise NotFetched(f"it exceeds the limit of {most:,} bytes")
    if whole is not None and total < whole:
        raise NotFetched(f"the connection was lost after {total:,} of {whole:,} bytes")
    return total


def _status(code: int) -> str:
    phrase = HTTPStatus(code).phrase if code in list(HTTPStatus) else ""
    return f"the server answers {code} {phrase}".rstrip()


def _words(error: object) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or "no encryption in common"
    return " ".join(str(getattr(error, "strerror", None) or error or type(error).__name__).split())[:200]


def _wrong(address: str) -> str:
    """Why an address cannot be asked for, before anything is sent; empty where it can."""
    try:
        parts = urlsplit(address)
        sound = bool(parts.hostname) and (parts.port or 1) > 0 and "%" not in parts.netloc.rpartition("@")[2]
    except ValueError:
        return "is not a valid address (host and path must be ASCII, all else percent-encoded)"
    if not is_address(address):
        return "is neither http nor https"
    if "@" in parts.netloc:
        return "contains a user name or password"
    if not sound or not address.isascii() or not address.isprintable() or " " in address:
        return "is not a valid address (host and path must be ASCII, all else percent-encoded)"
    return ""


def _is_allowed(host: str) -> bool:
    """Whether the user allows a host whatever its address is."""
    setting = os.environ.get(PRIVATE_HOSTS, "").strip().lower()
    if setting in ("1", "true", "yes"):
        return True
    hosts = {name.strip("[].") for name in re.split(r"[,\s]+", setting)} - {"", "0", "false", "no"}
    return host.lower().strip("[].") in hosts


def _connected(host: str, port: int, timeout: float, trip: _Trip) -> socket.socket:
    """A connection to an address of a host that was judged before."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a part of a name that is empty or too long
        raise NotFetched("it is not a valid address (host and path must be ASCII, all else percent-encoded)") from None
    if not _is_allowed(host) and not all(is_public(str(place[0])) for *_, place in found):
        raise NotFetched(
            f"it redirects to the host {host[:200]!r}, whose address is loopback, private or reserved (for a server of your own, set {PRIVATE_HOSTS}={host[:200]})"
        )
    failed: OSError = OSError("the name has no address")
    for family, kind, protocol, _, place in found:
        made = socket.socket(family, kind, protocol)
        patience = min(timeout, _CONNECTING)
        try:
            made.settimeout(patience)
            made.connect(place)
            made.settimeout(timeout)
        except OSError as error:
            made.close()
            failed = OSError(f"no connection within {patience:.3g} seconds") if isinstance(error, TimeoutError) else error
            continue
        trip.socket = made
        if trip.given_up.is_set():
            made.close()
            raise NotFetched("it was cancelled")
        return made
    raise failed


class _Direct(HTTPConnection):
    """A connection to an address that was judged."""

    def __init__(self, host: str, *, trip: _Trip, timeout: float, **more: Any) -> None:
        super().__init__(host, timeout=timeout, **more)
        self.trip, self.patience = trip, timeout

    def connect(self) -> None:
        self.sock = _connected(self.host, self.port, self.patience, self.trip)


class _DirectTls(HTTPSConnection):
    """The same, encrypted. The certificate must be that of the host, whatever its address."""

    def __init__(self, host: str, *, trip: _Trip, timeout: float, context: ssl.SSLContext, **more: Any) -> None:
        super().__init__(host, timeout=timeout, context=context, **more)
        self.trip, self.patience, self.tls = trip, timeout, context

    def connect(self) -> None:
        plain = _connected(self.host, self.port, self.patience, self.trip)
        self.sock = self.trip.socket = self.tls.wrap_socket(plain, server_hostname=self.host)


class _Http(request.HTTPHandler):
    def __init__(self, trip: _Trip) -> None:
        super().__init__()
        self.trip = trip

    def http_open(self, asked: request.Request) -> Any:
        if _goes_through_proxy(asked):  # which the guard let pass
            return self.do_open(HTTPConnection, asked)
        return self.do_open(_Direct, asked, trip=self.trip)  # type: ignore[arg-type]


class _Https(request.HTTPSHandler):
    def __init__(self, trip: _Trip) -> None:
        super().__init__()
        self.trip = trip

    def https_open(self, asked: request.Request) -> Any:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        if _goes_through_proxy(asked):
            return self.do_open(HTTPSConnection, asked, context=context)
        return self.do_open(_DirectTls, asked, context=context, trip=self.trip)  # type: ignore[arg-type]


def _proxies() -> dict[str, str]:
    """The proxy for each scheme, as the environment or the system says."""
    found = request.getproxies()
    return {scheme: place for scheme in ("http", "https") if (place := found.get(scheme) or found.get("all"))}


def _goes_through_proxy(asked: request.Request) -> bool:
    parts = urlsplit(asked.full_url)
    return parts.scheme in _proxies() and not request.proxy_bypass(parts.netloc)


class _Guard(request.BaseHandler):
    """Refuses what a proxy would fetch, in a redirect too: it resolves the name itself, so the address cannot be judged here."""

    def http_request(self, asked: request.Request) -> request.Request:
        """`NotFetched` where a proxy is set for the address, and the user does not allow its host."""
        host = urlsplit(asked.full_url).hostname or ""
        if _goes_through_proxy(asked) and not _is_allowed(host):
            raise NotFetched(
                f"the host {host[:200]!r} would be reached through the configured proxy, so that its address cannot be checked (list it in {PRIVATE_HOSTS} if you trust it, or in no_proxy to go there directly)"
            )
        return asked

    https_request = http_request


class _Redirects(request.HTTPRedirectHandler):
    """Follows a redirect to http and https alone, and none from https to http."""

    max_redirections = _REDIRECTS

    def http_error_302(self, req: request.Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """Follow a redirect."""
        place = headers.get("location") or headers.get("uri")
        if place is None:
            return None
        fp.close()  # else its body would be read, however long it is
        try:
            target = urljoin(req.full_url, place)
        except ValueError:
            raise NotFetched("it redirects to a location that is not a valid address") from None
        if reason := _wrong(target.encode("ascii", "replace").decode().replace(" ", "%20")):
            raise NotFetched(f"it redirects to a location that {reason.partition(' (')[0]}")
        if req.type == "https" and not target.lower().startswith("https:"):
            raise NotFetched("it redirects to a location that is not https")
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302
