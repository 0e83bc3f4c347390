"""What is received from an address, where a server of our own cannot show it."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from aistatecraft.releases import download
from aistatecraft.releases.download import NotReceived, receive


def answer(url: str, *before: str, status: int = 200, **headers: str) -> Any:
    return SimpleNamespace(url=url, history=[SimpleNamespace(url=one) for one in before], status_code=status, headers=headers)


@pytest.mark.parametrize(
    "reply",
    [answer("http://a/x", "https://a/x"), answer("https://b/x", "https://a/x", "http://a/y")],
    ids=["ends without", "passes without"],
)
def test_what_began_encrypted_stays_so(reply: Any) -> None:
    with pytest.raises(NotReceived, match="it leads on to what is not https"):
        download._judge(reply, "https://a/x", 100)


@pytest.mark.parametrize("reply", [answer("https://b/x", "https://a/x"), answer("https://a/x", **{"Content-Length": "100"})])
def test_redirect_that_stays_encrypted_and_length_that_fits(reply: Any) -> None:
    download._judge(reply, "https://a/x", 100)


@pytest.mark.parametrize(
    ("status", "words"), [(418, "the server answers 418 I'm a Teapot"), (799, "the server answers 799$"), (206, "206")]
)
def test_answer_that_is_not_the_file(status: int, words: str) -> None:
    with pytest.raises(NotReceived, match=words):
        download._judge(answer("http://a/x", status=status), "http://a/x", 100)


@pytest.mark.parametrize("length", ["9" * 30, "101"])
def test_length_that_is_too_much(length: str) -> None:
    with pytest.raises(NotReceived, match="it has more than the 100 bytes"):
        download._judge(answer("http://a/x", **{"Content-Length": length}), "http://a/x", 100)


def test_what_goes_wrong_in_the_thread_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_received", full)
    with pytest.raises(OSError, match="No space left"):
        receive("http://a/x", io.BytesIO(), 100, 5)
