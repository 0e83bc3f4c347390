"""Fields under another name: as the schema says, by what they hold, or by how they are described."""

from __future__ import annotations

import json
import random
from typing import Any, ClassVar

import pytest

from aistatecraft.comparison import compare
from aistatecraft.comparison.field_renames import FORMERLY
from tests.comparison.described import memory


def renames(old: dict[str, Any], text: str, new: dict[str, Any], later: str) -> dict[str, tuple[str, bool]]:
    """Which fields of a table were renamed, and whether that is proposed."""
    found = compare(memory({"t": (old, text)}), memory({"t": (new, later)})).changes
    return {str(c.old): (str(c.new), c.proposed) for c in found if c.level == "schema" and c.action == "renamed"}


def schema(*fields: str | dict[str, Any], key: Any = "id") -> dict[str, Any]:
    listed = [{"name": entry, "type": "string"} if isinstance(entry, str) else {"type": "string", **entry} for entry in fields]
    return {"fields": listed, **({"primaryKey": key} if key else {})}


def text(*names: str, rows: list[list[str]]) -> str:
    return "".join(",".join(row) + "\n" for row in [list(names), *rows])


ROWS = [[f"k{number}", f"title {number}", str(number % 7), "x"] for number in range(40)]


class TestSaid:
    def test_by_the_schema(self) -> None:
        new = schema("id", {"name": "b", FORMERLY: "a"})
        assert renames(schema("id", "a"), "id,a\n1,x\n", new, "id,b\n1,y\n") == {"a": ("b", False)}

    def test_with_another_type(self) -> None:
        new = schema("id", {"name": "b", "type": "integer", FORMERLY: "a"})
        assert renames(schema("id", "a"), "id,a\n", new, "id,b\n") == {"a": ("b", False)}

    @pytest.mark.parametrize("formerly", ["id", "nothing", "b", 1, ["a"]])
    def test_what_is_not_so_is_not_believed(self, formerly: Any) -> None:
        old, new = schema("id", {"name": "a", "type": "integer"}), schema("id", {"name": "b", FORMERLY: formerly})
        assert renames(old, "id,a\n", new, "id,b\n") == {}

    def test_two_that_claim_the_same(self) -> None:
        new = schema("id", {"name": "b", FORMERLY: "a"}, {"name": "c", FORMERLY: "a"})
        assert renames(schema("id", "a"), "id,a\n", new, "id,b,c\n") == {"a": ("b", False)}

    def test_of_long_ago_is_nothing(self) -> None:
        new = schema("id", {"name": "b", FORMERLY: "a"})
        assert renames(new, "id,b\n1,x\n", new, "id,b\n1,x\n") == {}


class TestByValues:
    def test_columns_that_hold_the_same(self) -> None:
        shuffled = random.Random(1).sample(ROWS, len(ROWS))
        old, new = schema("id", "a", "b", "c"), schema("c", "q", "id", "p")
        later = text("c", "q", "id", "p", rows=[[row[3], row[2], row[0], row[1]] for row in shuffled])
        assert renames(old, text("id", "a", "b", "c", rows=ROWS), new, later) == {"a": ("p", True), "b": ("q", True)}

    def test_nine_of_ten(self) -> None:
        def later(wrong: int) -> str:
            return text("id", "p", rows=[[key, "other" if at < wrong else title] for at, (key, title, *_) in enumerate(ROWS)])

        old = text("id", "a", rows=[row[:2] for row in ROWS])
        assert renames(schema("id", "a"), old, schema("id", "p"), later(4)) == {"a": ("p", True)}
        assert renames(schema("id", "a"), old, schema("id", "p"), later(5)) == {}

    def test_columns_that_hold_one_value_are_equal_by_chance(self) -> None:
        old, new = text("id", "a", rows=[[row[0], row[3]] for row in ROWS]), text("id", "zzz", rows=[[row[0], row[3]] for row in ROWS])
        assert renames(schema("id", "a"), old, schema("id", "zzz"), new) == {}

    def test_a_field_can_be_retyped_at_once(self) -> None:
        old, new = schema("id", {"name": "a", "type": "integer"}), schema("id", {"name": "p", "type": "number"})
        numbers = [[row[0], str(at)] for at, row in enumerate(ROWS)]
        assert renames(old, text("id", "a", rows=numbers), new, text("id", "p", rows=numbers)) == {"a": ("p", True)}
        others = [[row[0], f"{at}.5"] for at, row in enumerate(ROWS)]
        assert renames(old, text("id", "a", rows=numbers), new, text("id", "p", rows=others)) == {}

    def test_the_key_itself(self) -> None:
        old, new = text("id", "a", "b", rows=[row[:3] for row in ROWS]), text("code", "p", "b", rows=[row[:3] for row in ROWS])
        found = compare(memory({"t": (schema("id", "a", "b"), old)}), memory({"t": (schema("code", "p", "b", key="code"), new)})).changes
        assert [(c.action, c.old, c.new, c.rule, c.proposed) for c in found] == [
            ("renamed", "id", "code", "field-renamed", True),
            ("renamed", "a", "p", "field-renamed", True),
        ]

    def test_without_a_key(self) -> None:
        old, new = text("a", "b", rows=[row[:2] for row in ROWS]), text("a", "title", rows=[row[:2] for row in reversed(ROWS)])
        assert renames(schema("a", "b", key=None), old, schema("a", "title", key=None), new) == {"b": ("title", True)}

    def test_cells_of_the_others_are_compared(self) -> None:
        old, new = (
            text("id", "a", "b", rows=[row[:3] for row in ROWS]),
            text("id", "p", "b", rows=[[*ROWS[0][:2], "9"], *(row[:3] for row in ROWS[1:])]),
        )
        found = compare(memory({"t": (schema("id", "a", "b"), old)}), memory({"t": (schema("id", "p", "b"), new)})).changes
        assert [(c.level, c.key, c.field, c.old, c.new) for c in found] == [("schema", "", "a", "a", "p"), ("cell", "k0", "b", "0", "9")]


class TestByDefinition:
    SAID: ClassVar[dict[str, str]] = {"name": "a", "title": "Day of adoption", "type": "date"}

    def test_described_in_the_same_words(self) -> None:
        assert renames(schema("id", self.SAID), "id,a\n", schema("id", {**self.SAID, "name": "zzz"}), "id,zzz\n") == {"a": ("zzz", True)}

    def test_not_where_the_values_speak_against_it(self) -> None:
        old, new = schema("id", {**self.SAID, "type": "string"}), schema("id", {**self.SAID, "name": "zzz", "type": "string"})
        other = [[row[0], f"other {at}"] for at, row in enumerate(ROWS)]
        assert renames(old, text("id", "a", rows=[row[:2] for row in ROWS]), new, text("id", "zzz", rows=other)) == {}

    @pytest.mark.parametrize(("later", "expected"), [("title_eng", {"title_en": ("title_eng", True)}), ("status", {})])
    def test_nothing_said_but_the_name(self, later: str, expected: dict[str, tuple[str, bool]]) -> None:
        assert renames(schema("id", "title_en"), "id,title_en\n", schema("id", later), f"id,{later}\n") == expected

    def test_many_fields_that_nothing_tells_apart_are_not_paired(self) -> None:
        old, new = [f"a{number}" for number in range(3_000)], [f"b{number}" for number in range(3_000)]
        found = renames(schema("id", *old), ",".join(["id", *old]) + "\n", schema("id", *new), ",".join(["id", *new]) + "\n")
        assert found == {}

    def test_many_fields_are_paired_by_what_they_hold(self) -> None:
        names = [f"a{number}" for number in range(2_000)]
        others = [f"b{number}" for number in range(2_000)]
        rows = [[f"k{row}", *(f"{row} {number}" for number in range(2_000))] for row in range(20)]
        found = renames(schema("id", *names), text("id", *names, rows=rows), schema("id", *others), text("id", *others, rows=rows))
        assert found == {name: (other, True) for name, other in zip(names, others, strict=True)}
        assert json.dumps(found)
