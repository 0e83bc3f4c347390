"""Files of a package that lie at addresses, fetched where the user allows it and kept in memory.

http and https alone, also after redirects; bounded in size and time for all addresses of a package together. A fetch runs
in a thread of its own, so that whatever hangs (a name that is not resolved, a server that says a byte a minute) ends in time.
"""

from __future__ import annotations

import io
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from aistatecraft.errors import ReadError
from aistatecraft.package.storage import Store, is_address

if TYPE_CHECKING:
    from urllib.request import HTTPRedirectHandler

__all__ = ["NotFetched", "RemoteStore", "redirects"]

MAX_FETCHED_BYTES = 512 * 1024**2
"""How much is fetched for one package, all its addresses together."""
MAX_SCHEMA = 16 * 1024**2
"""How long one schema may be."""
MAX_FETCH_SECONDS = 120.0
"""How long the fetching for one package may take, all its addresses together."""
_BLOCK = 1024**2
_SILENCE = 30.0
"""After how many seconds without a byte a server is given up."""


class NotFetched(Exception):
    """Why an address cannot be fetched: the part of the sentence after the colon."""


class RemoteStore(Store):
    """A store, and beside it in memory what was fetched from addresses. `own` says that the package may have none."""

    def __init__(self, local: Store, *, own: bool) -> None:
        self.local, self.label, self.root = local, local.label, local.root
        self._own = own
        self._fetched: dict[str, bytes] = {}
        self._seconds, self._bytes = MAX_FETCH_SECONDS, MAX_FETCHED_BYTES

    def fetch(self, address: str, *, of: str, schema: bool = False) -> None:
        """Fetch what lies at `address`, once; `ReadError` where that cannot be done. `of` is how messages name who asks for it."""
        if address in self._fetched:
            return
        if self._own:
            raise ReadError(
                f"{of}: {address!r} is an address, and the tables of aistatecraft lie beside their descriptor; put the file there."
            )
        _judge(address, of)
        most = min(self._bytes, MAX_SCHEMA) if schema else self._bytes
        begun = time.monotonic()
        try:
            found = _in_time(address, most, self._seconds)
        except NotFetched as reason:
            raise ReadError(
                f"{of}: {address!r} cannot be fetched: {reason}; correct the address, or copy the file into the package and name it there."
            ) from None
        self._seconds -= time.monotonic() - begun
        self._bytes -= len(found)
        self._fetched[address] = found

    def read(self, path: str) -> bytes:
        """Bytes of the file at `path`."""
        found = self._fetched.get(path)
        return self.local.read(path) if found is None else found

    def open(self, path: str) -> BinaryIO:
        """The file at `path`, open at its beginning."""
        found = self._fetched.get(path)
        return self.local.open(path) if found is None else io.BytesIO(found)

    def exists(self, path: str) -> bool:
        """Whether a file stands at `path`."""
        return path in self._fetched or self.local.exists(path)

    def size(self, path: str) -> int:
        """Size of the file at `path`, in bytes."""
        found = self._fetched.get(path)
        return self.local.size(path) if found is None else len(found)

    def stamp(self, path: str) -> tuple[int, int]:
        """What changes when the file at `path` does. What was fetched does not."""
        return (0, 0) if path in self._fetched else self.local.stamp(path)

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in `folder`."""
        return self.local.names(folder)

    def where(self, path: str) -> str:
        """How messages name the file at `path`."""
        return self.local.where(path)


def _judge(address: str, of: str) -> None:
    """`ReadError` for what no client may send, before anything is sent. A password is not repeated."""
    try:
        parts = urlsplit(address)
        sound = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        parts, sound = urlsplit(""), False
    if parts.username is not None:
        raise ReadError(f"{of}: the address holds a name or password, and would be shown in every finding; name an address without.")
    if not sound or not address.isascii() or not address.isprintable() or " " in address:
        raise ReadError(
            f"{of}: {address!r} is not an address as it has to be written; write host and path in ASCII, anything else percent-encoded."
        )


def _in_time(address: str, most: int, seconds: float) -> bytes:
    """What lies at an address, within `seconds`."""
    answer: list[bytes | BaseException] = []
    given_up = threading.Event()

    def run() -> None:
        try:
            answer.append(_received(address, most, seconds, given_up))
        except BaseException as error:  # to be raised where somebody waits for it
            answer.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(seconds, 0.0))
    given_up.set()
    if not answer:
        raise NotFetched(f"it did not arrive whole within {max(seconds, 0.0):.3g} seconds")
    if isinstance(answer[0], BaseException):
        raise answer[0]
    return answer[0]


def _received(address: str, most: int, seconds: float, given_up: threading.Event) -> bytes:
    from http.client import HTTPException
    from urllib import request
    from urllib.error import HTTPError, URLError

    # Put together by hand: the usual opener also opens files and FTP.
    opener = request.OpenerDirector()
    handlers: list[request.BaseHandler] = [
        request.ProxyHandler(), request.HTTPHandler(), request.HTTPSHandler(), request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(), redirects(address),
    ]  # fmt: skip
    for handler in handlers:
        opener.add_handler(handler)
    asked = request.Request(address, headers={"User-Agent": "aistatecraft", "Accept": "*/*"})
    try:
        with opener.open(asked, timeout=max(min(seconds, _SILENCE), 0.001)) as reply:
            return _body(reply, most, given_up)
    except HTTPError as error:
        with error:
            if "infinite loop" in str(error.msg):
                raise NotFetched("it leads on without end") from None
            phrase = HTTPStatus(error.code).phrase if error.code in list(HTTPStatus) else ""
            raise NotFetched(f"the server answers {error.code} {phrase}".rstrip()) from None
    except TimeoutError:
        raise NotFetched(f"the server says nothing for {min(seconds, _SILENCE):.3g} seconds") from None
    except URLError as error:
        raise NotFetched(f"the server cannot be reached ({_words(error.reason)})") from None
    except HTTPException as error:
        raise NotFetched(f"the server does not answer as a web server does ({_words(error)})") from None
    except OSError as error:
        raise NotFetched(f"the connection broke off ({_words(error)})") from None


def _body(reply: Any, most: int, given_up: threading.Event) -> bytes:
    said = reply.headers.get("Content-Length") or ""
    whole = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    found = bytearray()
    while len(found) <= most and (whole is None or whole <= most):
        block = reply.read1(_BLOCK)
        if not block or given_up.is_set():
            break
        found += block
    else:
        raise NotFetched(f"it has more than the {most:,} bytes that may be fetched")
    if whole is not None and len(found) < whole:
        raise NotFetched(f"the connection broke off after {len(found):,} of {whole:,} bytes")
    return bytes(found)


def _words(error: object) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error or type(error).__name__).split())[:200]


def redirects(address: str) -> HTTPRedirectHandler:
    """A handler of redirects that follows none out of http and https, nor from https to http. `address` is where it began."""
    from urllib import request
    from urllib.parse import urljoin

    secure = address.lower().startswith("https:")

    class Within(request.HTTPRedirectHandler):
        def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
            place = headers.get("location") or headers.get("uri")
            if place is None:
                return None
            target = urljoin(req.full_url, place)
            if not is_address(target) or (secure and not target.lower().startswith("https:")):
                fp.close()
                what = "not https" if secure else "neither http nor https"
                raise NotFetched(f"it leads on to {target[:200]!r}, which is {what}")
            return super().http_error_302(req, fp, code, msg, headers)

        http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    return Within()
