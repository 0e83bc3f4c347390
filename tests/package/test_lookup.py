"""One record by its identifier, as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aistatecraft.errors import DataError, UsageError
from aistatecraft.package import open_package
from aistatecraft.package.lookup import identifiers_of, record_of, records_of, suggestion
from tests.conftest import Make

VOTES: dict[str, Any] = {
    "missingValues": ["", "not applicable"],
    "fields": [{"name": "body"}, {"name": "day", "type": "date"}, {"name": "note"}],
    "primaryKey": ["body", "day"],
}
KEYLESS: dict[str, Any] = {"fields": [{"name": "text"}]}


@pytest.fixture
def package(make: Make) -> Path:
    return make({"votes": (VOTES, "body,day,note\nUN,2024-03-21,not applicable\nEP,2024-03-13,y\n"), "notes": (KEYLESS, "text\nx\n")})


def test_records_with_what_they_hold(package: Path) -> None:
    opened = open_package(package)
    assert list(records_of(opened, opened.resource("votes"))) == [
        ("UN/2024-03-21", {"body": "UN", "day": "2024-03-21"}),
        ("EP/2024-03-13", {"body": "EP", "day": "2024-03-13", "note": "y"}),
    ]
    assert list(records_of(opened, opened.resource("notes"))) == [("", {"text": "x"})]
    assert identifiers_of(opened, opened.resource("votes")) == ["UN/2024-03-21", "EP/2024-03-13"]
    assert record_of(opened, "votes", "EP/2024-03-13") == {"body": "EP", "day": "2024-03-13", "note": "y"}


def test_record_that_is_not_there(package: Path) -> None:
    opened = open_package(package)
    with pytest.raises(UsageError, match=r"^votes has no record 'UN/2024-03-22'; did you mean UN/2024-03-21"):
        record_of(opened, "votes", "UN/2024-03-22")
    for identifier in ("x", ""):
        with pytest.raises(UsageError, match=r"^notes has no primary key, so its rows have no identifier"):
            record_of(opened, "notes", identifier)
    with pytest.raises(UsageError, match="'vots' is not a table of this package; did you mean votes"):
        record_of(opened, "vots", "x")
    (package / "data" / "votes.csv").write_text("body,day,note\nUN\n")
    with pytest.raises(DataError, match=r"data/votes\.csv:2"):
        record_of(opened, "votes", "x")


def test_suggestions_prefer_the_shared_beginning(make: Make) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
    opened = open_package(make({"d": (schema, "id\nseoul-declaration-2024\nbletchley-2023\nparis-2025\n")}))
    assert suggestion(opened, opened.resource("d"), "bletchley-declaration") == "did you mean bletchley-2023 or seoul-declaration-2024?"
