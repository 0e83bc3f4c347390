"""The codebook, made from the schemas alone, and the summary, counted from the tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aistatecraft.api import codebook
from aistatecraft.errors import UsageError
from aistatecraft.package import compile_schema, open_package
from aistatecraft.package.codebook import codebook_markdown, entity_diagram, field_rows, table_markdown
from aistatecraft.package.summary import summarise
from tests.conftest import Make

PEOPLE: dict[str, Any] = {
    "title": "People",
    "description": "Who is meant.",
    "aistatecraft:evidence": "required",
    "fields": [
        {"name": "id", "type": "string", "title": "Identifier", "description": "Permanent.", "example": "ada"},
        {
            "name": "kind", "type": "string", "description": "What it is.", "constraints": {"required": True},
            "categories": [{"value": "person", "label": "a person"}, {"value": "body"}],
        },
        {"name": "url", "type": "string", "format": "uri", "description": "Where."},
        {"name": "alive", "type": "boolean", "description": "Whether alive.", "example": False},
        {"name": "boss", "type": "string", "description": "Superior."},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["boss"], "reference": {"resource": "", "fields": ["id"]}}],
}  # fmt: skip
SEATS: dict[str, Any] = {
    "fields": [{"name": "body"}, {"name": "holder"}, {"name": "day", "type": "date"}],
    "primaryKey": ["body", "day"],
    "foreignKeys": [
        {"fields": ["holder"], "reference": {"resource": "people", "fields": ["id"]}},
        {"fields": ["body"], "reference": {"resource": "people", "fields": ["id"]}},
    ],
}
PAYS: dict[str, Any] = {
    "fields": [{"name": "b"}, {"name": "d", "type": "date"}, {"name": "sum", "type": "integer"}],
    "foreignKeys": [{"fields": ["b", "d"], "reference": {"resource": "seats", "fields": ["body", "day"]}}],
}


@pytest.fixture
def package(make: Make) -> Path:
    return make(
        {
            "people": (PEOPLE, "id,kind,url,alive,boss\nada,person,,,\nbo,body,,,ada\n"),
            "seats": (SEATS, "body,holder,day\nbo,ada,2024-01-01\n"),
            "pays": (PAYS, "b,d,sum\n"),
        },
        title="People & bodies",
    )


# Codebook


def test_fields_as_rows(package: Path) -> None:
    rows = field_rows(open_package(package).resources["people"].schema)
    assert rows[0] == {
        "table": "people", "field": "id", "title": "Identifier", "type": "string", "dtype": "string", "key": True, "required": True,
        "references": None, "description": "Permanent.", "values": None, "example": "ada",
    }  # fmt: skip
    found = [
        (row["field"], row["type"], row["dtype"], row["required"], row["references"], row["values"], row["example"]) for row in rows[1:]
    ]
    assert found == [
        ("kind", "string", "category", True, None, "person: a person; body: body", None),
        ("url", "string (uri)", "string", False, None, None, None),
        ("alive", "boolean", "boolean", False, None, None, "false"),
        ("boss", "string", "string", False, "people.id", None, None),
    ]


def test_key_of_several_fields_says_what_each_refers_to(package: Path) -> None:
    rows = field_rows(open_package(package).resources["pays"].schema)
    assert [(row["field"], row["references"], row["key"]) for row in rows] == [
        ("b", "seats.body", False),
        ("d", "seats.day", False),
        ("sum", None, False),
    ]


def test_table_as_markdown(package: Path) -> None:
    assert table_markdown(open_package(package).resources["people"].schema).split("\n") == [
        "## people",
        "",
        "Who is meant.",
        "",
        "Key: `id`. Every row has evidence.",
        "",
        "| field | type | required | meaning | example |",
        "|---|---|---|---|---|",
        "| `id` | string | yes | Permanent. | ada |",
        "| `kind` | string | yes | What it is. One of: person \\(a person\\); body. |  |",
        "| `url` | string (uri) |  | Where. |  |",
        "| `alive` | boolean |  | Whether alive. | false |",
        "| `boss` | string |  | Superior. Refers to people.id. |  |",
    ]


def test_keys_in_markdown(package: Path) -> None:
    schemas = {name: table_markdown(resource.schema) for name, resource in open_package(package).resources.items()}
    assert "\nKey: `body`, `day`. Rows name their source themselves, or need none.\n" in schemas["seats"]
    assert "\nNo key. Rows name their source themselves, or need none.\n" in schemas["pays"]
    assert "| `d` | date |  |  Refers to seats.day. |  |" in schemas["pays"]


def test_where_the_source_of_a_link_is(package: Path) -> None:
    fields = [{"name": name} for name in ("a", "source", "locator", "stated")]
    schema = {"aistatecraft:evidence": "required", "fields": fields, "primaryKey": "a", "foreignKeys": [{"fields": "source", "reference": {"resource": "sources", "fields": "id"}}]}  # fmt: skip
    for more, told in (({}, ""), ({"aistatecraft:states": "a"}, " for `a`")):
        made = table_markdown(compile_schema({**schema, **more}, where="schemas/t.json", name="t"))
        assert (
            made.split("\n")[4] == f"Key: `a`. Every row names the source that supports it best{told}; `evidence` has further statements."
        )


def test_whole_codebook_is_the_tables_in_order(package: Path) -> None:
    opened = open_package(package)
    text = codebook_markdown(opened)
    assert text.startswith("# Codebook of People &amp; bodies\n\n")
    assert text.endswith("|\n")
    assert re.findall("(?m)^## (.*)$", text) == ["people", "seats", "pays"]
    assert all(table_markdown(resource.schema) in text for resource in opened.resources.values())


def test_entity_diagram(package: Path) -> None:
    assert entity_diagram(open_package(package)).split("\n") == [
        "erDiagram",
        '    people ||--o{ people : "boss"',
        '    people ||--o{ seats : "holder, body"',
        '    seats ||--o{ pays : "b"',
    ]


def test_frame_has_the_same_rows(package: Path) -> None:
    frame = codebook(path=package)
    assert list(frame.columns) == [
        "table", "field", "title", "type", "dtype", "key", "required", "references", "description", "values", "example",
    ]  # fmt: skip
    expected = [row for resource in open_package(package).resources.values() for row in field_rows(resource.schema)]
    assert frame.astype(object).where(frame.notna(), None).to_dict("records") == expected
    assert codebook("seats", path=package)["field"].tolist() == ["body", "holder", "day"]
    with pytest.raises(UsageError, match="did you mean seats"):
        codebook("seat", path=package)


HOSTILE = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("|`<>@#*_[]()!\\\n\r\x1b&~$-+ ")), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(name=HOSTILE, description=HOSTILE, example=HOSTILE, value=HOSTILE, label=HOSTILE)
def test_any_text_of_a_schema_stays_in_its_cell(name: str, description: str, example: str, value: str, label: str) -> None:
    schema = {
        "description": description,
        "fields": [{"name": name, "description": description, "example": example, "categories": [{"value": value, "label": label}]}],
        "primaryKey": [name],
    }
    page = MarkdownIt("commonmark").enable("table").render(table_markdown(compile_schema(schema, where="schema", name="t")))
    assert (page.count("<tr>"), page.count("<td>"), page.count("<h2>")) == (2, 5, 1)
    assert set(re.findall(r"</?([a-z0-9]+)", page)) <= {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}


# Summary

EVIDENCE: dict[str, Any] = {"fields": [{"name": name} for name in ("record_table", "record_id", "source", "stance")]}


def test_rows_and_how_they_are_supported(make: Make) -> None:
    evidence = [
        "people,ada,one,supports",
        "people,ada,two,supports",
        "people,bo,one,supports",
        "people,bo,one,supports",
        "people,bo,three,disputes",
        "people,cy,three,disputes",
        "people,ghost,one,supports",
        "seats,ada,one,supports",
    ]
    people = "id,kind,url,alive,boss\n" + "".join(f"{name},person,,,\n" for name in ("ada", "bo", "cy", "do"))
    package = make(
        {
            "people": (PEOPLE, people),
            "seats": (SEATS, "body,holder,day\nbo,ada,2024-01-01\n"),
            "evidence": (EVIDENCE, "record_table,record_id,source,stance\n" + "\n".join(evidence) + "\n"),
        }
    )
    assert summarise(open_package(package)) == [
        {"table": "people", "rows": 4, "supported": 2, "corroborated": 1, "disputed": 2},
        {"table": "seats", "rows": 1, "supported": None, "corroborated": None, "disputed": None},
        {"table": "evidence", "rows": 8, "supported": None, "corroborated": None, "disputed": None},
    ]


def test_records_with_a_key_of_several_fields(make: Make) -> None:
    package = make(
        {
            "seats": (
                {**SEATS, "foreignKeys": [], "aistatecraft:evidence": "required"},
                "body,holder,day\nbo,ada,2024-01-01\nbo,,2025-01-01\n",
            ),
            "evidence": (EVIDENCE, "record_table,record_id,source,stance\nseats,bo/2024-01-01,one,supports\n"),
        }
    )
    assert summarise(open_package(package))[0] == {"table": "seats", "rows": 2, "supported": 1, "corroborated": 0, "disputed": 0}


def test_a_source_in_the_row_itself_counts(make: Make) -> None:
    seats = {
        **SEATS, "fields": [*SEATS["fields"], {"name": "source"}, {"name": "locator"}], "aistatecraft:evidence": "required",
        "foreignKeys": [{"fields": "source", "reference": {"resource": "sources", "fields": "id"}}],
    }  # fmt: skip
    evidence = "record_table,record_id,source,stance\nseats,bo/2024-01-01,two,supports\nseats,bo/2025-01-01,one,supports\n"
    package = make(
        {
            "seats": (seats, "body,holder,day,source,locator\nbo,ada,2024-01-01,one,p. 1\nbo,,2025-01-01,one,p. 2\nbo,,2026-01-01,,\n"),
            "sources": ({"fields": [{"name": "id"}], "primaryKey": "id"}, "id\none\ntwo\n"),
            "evidence": (EVIDENCE, evidence),
        }
    )
    assert summarise(open_package(package))[0] == {"table": "seats", "rows": 3, "supported": 2, "corroborated": 1, "disputed": 0}


def test_package_without_evidence_or_with_a_table_of_that_name(make: Make, package: Path) -> None:
    expected = {"table": "people", "rows": 2, "supported": 0, "corroborated": 0, "disputed": 0}
    assert summarise(open_package(package))[0] == expected
    other = make(
        {
            "people": (PEOPLE, "id,kind,url,alive,boss\na,person,,,\nb,body,,,\n"),
            "evidence": ({"fields": [{"name": "exhibit"}]}, "exhibit\nknife\n"),
        },
        "other",
    )
    assert summarise(open_package(other)) == [
        expected,
        {"table": "evidence", "rows": 1, "supported": None, "corroborated": None, "disputed": None},
    ]


# The real package: what its schemas say


def test_real_codebook_has_every_field(root: Path) -> None:
    package = open_package(root)
    text = codebook_markdown(package)
    for path in sorted((root / "schemas").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        section = re.search(rf"(?ms)^## {schema['name']}$.*?(?=^## |\Z)", text)
        assert section is not None, schema["name"]
        assert re.findall(r"(?m)^\| `([^`]+)` \|", section[0]) == [field["name"] for field in schema["fields"]]
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert page.count("<tr>") == sum(1 + len(resource.schema.fields) for resource in package.resources.values())


def test_real_fields_are_described(root: Path) -> None:
    rows = [row for resource in open_package(root).resources.values() for row in field_rows(resource.schema)]
    assert [(row["table"], row["field"]) for row in rows if not row["description"] or row["example"] is None] == []


@pytest.mark.real
def test_real_summary_agrees_with_the_frames(root: Path) -> None:
    from aistatecraft import load, support

    found = {str(row["table"]): row for row in summarise(open_package(root))}
    assert {name: row["rows"] for name, row in found.items()} == {name: len(load(name, path=root)) for name in found}
    frame = support(path=root)
    for table, part in frame.groupby("table"):
        row = found[str(table)]
        assert (row["supported"], row["corroborated"], row["disputed"]) == (
            int((part["sources"] > 0).sum()),
            int((part["sources"] > 1).sum()),
            int(part["disputed"].sum()),
        )
