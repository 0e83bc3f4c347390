"""Receiving what lies at an address, in bounded size and time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from requests import Response

__all__ = ["NotReceived", "receive"]

_BLOCK = 1 << 16
_CONNECTING, _SILENCE = 10.0, 30.0
"""After how many seconds without a connection, or without a byte, a server is given up."""
_REDIRECTS = 5


class NotReceived(Exception):
    """Why nothing can be had from an address: the part of a sentence after the colon."""


def receive(address: str, sink: BinaryIO, most: int, seconds: float) -> int:
    """Write what lies at an address into `sink`.

    Parameters
    ----------
    most : how many bytes it may have
    seconds : how long it may take in all

    Returns
    -------
    int : how many bytes there were

    Raises
    ------
    NotReceived
        Where it is not there, longer, or does not arrive whole in time.
    """
    done: list[int] = []
    failed: list[BaseException] = []
    given_up = threading.Event()

    def run() -> None:
        try:
            done.append(_received(address, sink, most, seconds, given_up))
        except BaseException as error:  # to be raised where somebody waits for it
            failed.append(error)

    # In a thread, so that whatever hangs (a name that is not resolved, a server that says a byte a minute) ends in time.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        given_up.set()
    if failed:
        raise failed[0]
    if not done:
        raise NotReceived(f"it did not arrive whole within {seconds:.3g} seconds")
    return done[0]


def _received(address: str, sink: BinaryIO, most: int, seconds: float, given_up: threading.Event) -> int:
    import requests

    with requests.Session() as session:
        session.max_redirects = _REDIRECTS
        patience = (min(seconds, _CONNECTING), min(seconds, _SILENCE))
        try:
            # As it is: what a server packs on the way may unpack to anything.
            asked = {"User-Agent": "aistatecraft", "Accept-Encoding": "identity"}
            with session.get(address, stream=True, timeout=patience, headers=asked) as response:
                _judge(response, address, most)
                return _copied(response, sink.write, most, given_up)
        except requests.exceptions.TooManyRedirects:
            raise NotReceived("it leads on without end") from None
        except requests.exceptions.Timeout:
            raise NotReceived("the server does not answer") from None
        except requests.exceptions.InvalidSchema:
            raise NotReceived("it leads on to what is neither http nor https") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, UnicodeError):
            raise NotReceived("this is not an address as it has to be written") from None
        except requests.exceptions.ChunkedEncodingError:
            raise NotReceived("the connection broke off") from None
        except requests.exceptions.SSLError:
            raise NotReceived("its certificate cannot be trusted") from None
        except requests.exceptions.ConnectionError as error:
            broken = "Read timed out" in str(error)
            raise NotReceived("the server does not answer" if broken else "the server cannot be reached") from None
        except requests.exceptions.RequestException as error:
            raise NotReceived(f"the server does not answer as a web server does ({type(error).__name__})") from None


def _judge(response: Response, address: str, most: int) -> None:
    if address.lower().startswith("https:") and not all(one.url.lower().startswith("https:") for one in (*response.history, response)):
        raise NotReceived("it leads on to what is not https")
    if response.status_code != HTTPStatus.OK:
        known = response.status_code in list(HTTPStatus)
        raise NotReceived(f"the server answers {response.status_code} {HTTPStatus(response.status_code).phrase if known else ''}".rstrip())
    said = response.headers.get("Content-Length", "")
    if said.isascii() and said.isdecimal() and int(said[:19]) > most:
        raise NotReceived(f"it has more than the {most:,} bytes that it may have")


def _copied(response: Response, write: Callable[[bytes], object], most: int, given_up: threading.Event) -> int:
    total = 0
    for block in response.iter_content(_BLOCK):
        total += len(block)
        if total > most:
            raise NotReceived(f"it has more than the {most:,} bytes that it may have")
        if given_up.is_set():
            raise NotReceived("it was given up")
        write(block)
    return total
