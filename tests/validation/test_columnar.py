"""Large tables, column by column with pyarrow: the findings are those of the row by row checks, to the letter."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.validation import columnar, validate
from tests.conftest import ROOT, Make

pytest.importorskip("pyarrow", reason="pyarrow is an extra")
sys.path.insert(0, str(ROOT / "benchmarks"))
from tables import ERRORS, FIELDS, write


def both(path: Path, monkeypatch: pytest.MonkeyPatch, *, used: bool = True) -> list[Any]:
    """Findings of both ways, which must be the same; `used` says whether the columnar way was taken for the large table."""
    taken: list[bool] = []
    real = columnar.check_columns

    def spy(package: Any, resource: Any, *rest: Any) -> Any:
        result = real(package, resource, *rest)
        if resource.name != "states":
            taken.append(result is not None)
        return result

    monkeypatch.setattr("aistatecraft.validation.run.check_columns", spy)
    monkeypatch.setattr(columnar, "MIN_BYTES", 10**12)
    rows = validate(path)
    assert taken == [False]
    monkeypatch.setattr(columnar, "MIN_BYTES", 0)
    columns = validate(path)
    assert taken == [False, used]
    assert columns.findings == rows.findings
    assert columns.tables == rows.tables
    return columns.findings


@pytest.mark.parametrize("seed", range(6))
def test_the_known_errors_of_a_generated_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    truth = write(3_000, tmp_path, errors=60, seed=seed)
    found = both(tmp_path / "datapackage.json", monkeypatch)
    assert sorted((finding.rule, finding.line, finding.field) for finding in found) == sorted(truth)
    assert {rule for rule, _, _ in truth} == {rule for rule, _, _ in ERRORS}


@pytest.mark.parametrize("seed", range(25))
def test_cells_changed_at_random(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    write(200, tmp_path, seed=seed)
    chance = random.Random(seed)
    path = tmp_path / "records.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    odd = [
        "",
        "x",
        "0",
        "-1",
        "+5",
        "1e3",
        "007",
        "NaN",
        "INF",
        "99999999999999999999",
        "2024-02-30",
        "2024-2-3",
        "é",
        "\uff11",
        "a b",
        "A",
        "true",
        "r-0000001",
        "https://a",
        "\u200b",
    ]
    for _ in range(12):
        number = chance.randrange(1, len(lines) - 1)
        cells = lines[number].split(",")
        if len(cells) == len(FIELDS):
            cells[chance.randrange(len(FIELDS))] = chance.choice(odd)
            lines[number] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    both(tmp_path / "datapackage.json", monkeypatch)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw[:-1],
        lambda raw: raw + b"1,2\n",
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b"true", b'tr"ue', 1),
        lambda raw: raw.replace("é".encode(), b"\xe9"),
        lambda raw: raw.replace(b"id,state", b"state,id", 1),
    ],
    ids=["bom", "crlf", "cut off", "ragged", "blank row", "quote", "cp1252", "column order"],
)
def test_text_out_of_shape_is_left_to_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any) -> None:
    write(300, tmp_path)
    path = tmp_path / "records.csv"
    path.write_bytes(damage(path.read_bytes()))
    assert both(tmp_path / "datapackage.json", monkeypatch, used=False)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("[a-z]+(-[a-z]+)*", ["a-b", "a-", "A", "a\nb"]),
        ("a|abc", ["a", "abc", "abcd"]),
        ("[^ ]+", ["x y", "xy", "é", "\u00a0"]),
        (".*x", ["ax", "a\nx"]),
        (r"\w+", ["é", "a", "-"]),
        (r"(?i)abc", ["ABC", "abd"]),
        (r"[\d]{2}", ["12", "\u0661\u0662"]),
        (r"a{2,3}", ["aa", "aaaa"]),
        (r"a*?b", ["aab", "a"]),
        (r"\.x", [".x", "ax"]),
    ],
)
def test_patterns_mean_the_same(make: Make, monkeypatch: pytest.MonkeyPatch, pattern: str, texts: list[str]) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "x", "type": "string", "constraints": {"pattern": pattern}}]}
    body = "".join(f'{number},"{text}"\n' for number, text in enumerate(texts))
    both(make({"t": (schema, "id,x\n" + body)}), monkeypatch)
