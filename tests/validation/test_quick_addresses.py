"""The quick form of addresses: it lets through only what the exact check does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.package.field_types import FIELD_TYPES
from aistatecraft.package.schema import compile_schema
from aistatecraft.validation.fast_path import fast_check

URI = FIELD_TYPES["string"]("uri", {})
PIECE = st.sampled_from(
    [
        "http",
        "https",
        "ftp",
        ":",
        "//",
        "/",
        "?",
        "#",
        "@",
        "[",
        "]",
        "::1",
        ".",
        "-",
        "a",
        "gov.br",
        "é",
        " ",
        "|",
        "\n",
        ":80",
        ":x",
        "%",
        "{",
        "~",
    ]
)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(PIECE, max_size=8).map("".join) | st.lists(PIECE, max_size=6).map(lambda parts: "https://a" + "".join(parts)))
def test_what_fits_is_an_address(text: str) -> None:
    if re.fullmatch(URI.quick_text, text):
        assert URI.parse(text) == text


@pytest.mark.parametrize(
    ("texts", "fine"),
    [
        (["https://www.gov.br/doc/1", "http://a", "https://a-b.example/x?y=[1]#z"], True),
        (["https://www.gov.br/doc/1", "mailto:a@b.example", "https://münchen.example/", "https://a/x|y"], True),
        (["https://www.gov.br/doc/1", "https:/a"], False),
        (["https://www.gov.br/doc/1", "https://a/b c"], False),
        (["https://www.gov.br/doc/1", "https://"], False),
        (["https://a|b"], True),
        (["https://www.gov.br/doc/1", "https://[a/"], False),
    ],
)
@pytest.mark.parametrize("hygiene", [True, False])
def test_many_at_once(texts: list[str], fine: bool, hygiene: bool) -> None:
    schema = {"fields": [{"name": "url", "type": "string", "format": "uri", "constraints": {"maxLength": 40}}]}
    check = fast_check(compile_schema(schema, where="t", name="t").fields[0], hygiene)
    assert check is not None
    assert check(texts) is fine
    assert not check([*texts, "https://a/" + "x" * 40])
