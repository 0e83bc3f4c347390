"""Large tables, column by column with pyarrow: the findings are those of the row by row checks, to the letter."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.validation import arrow_engine, validate
from tests.conftest import ROOT, Make

pytest.importorskip("pyarrow", reason="pyarrow is an extra")
sys.path.insert(0, str(ROOT / "benchmarks"))
from tables import ERRORS, FIELDS, write


def both(path: Path, monkeypatch: pytest.MonkeyPatch, *, used: bool = True) -> list[Any]:
    """Findings of both ways, which must be the same; `used` says whether the columnar way was taken for the large table."""
    taken: list[bool] = []
    real = arrow_engine.check_columns

    def spy(package: Any, resource: Any, *rest: Any) -> Any:
        result = real(package, resource, *rest)
        if resource.name != "states":
            taken.append(result is not None)
        return result

    monkeypatch.setattr(arrow_engine, "check_columns", spy)
    monkeypatch.setattr(arrow_engine, "MIN_BYTES", 10**12)
    rows = validate(path)
    assert taken == [False]
    monkeypatch.setattr(arrow_engine, "MIN_BYTES", 0)
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


@pytest.mark.parametrize("seed", range(8))
def test_several_blocks_with_line_breaks_and_keys_in_any_order(make: Make, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Quoted cells with line breaks in several columns, keys sorted or not, with twins and blanks; read in small blocks."""
    from aistatecraft.validation import arrow_columns

    chance = random.Random(seed)
    ids = [f"k{number:04d}" for number in range(600)]
    for _ in range(chance.randint(0, 30)):
        ids[chance.randrange(600)] = chance.choice([*ids, "", "k0000", "~"])
    if seed % 2:
        chance.shuffle(ids)
    texts = ["fine", "", "two\nlines", "a\n\nb", 'say ""so""', "é" * 12, "x,y"]
    numbers = ["1", "-1", "+2", "", "x", "1e3", "12", "1,5"]

    def cell(text: str) -> str:
        return f'"{text}"' if set(text) & set('\n",') else text

    rows = "".join(
        ",".join(map(cell, (chance.choice(texts), key, chance.choice(texts), chance.choice(numbers), f"t{number % 7}"))) + "\n"
        for number, key in enumerate(ids)
    )
    schema = {
        "fields": [
            {"name": "before", "type": "string", "constraints": {"maxLength": 11}},
            {"name": "id", "type": "string", "constraints": {"pattern": "k[0-9]+"}},
            {"name": "note", "type": "string", "constraints": {"minLength": 4, "required": bool(seed % 3)}},
            {"name": "number", "type": "integer", "constraints": {"minimum": 0, "unique": seed == 5}},
            {"name": "of", "type": "string"},
        ],
        "missingValues": [""] if seed % 2 else ["", "fine"],
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["of"], "reference": {"resource": "states", "fields": ["id"]}}],
    }
    states = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
    path = make({"states": (states, "id\nt0\nt1\nt2\nt3\nt4\n"), "t": (schema, "before,id,note,number,of\n" + rows)})
    monkeypatch.setattr(arrow_columns, "_BLOCK", 2_000)
    found = both(path, monkeypatch, used=seed != 5)
    assert {"foreign-key", "minLength", "maxLength", "minimum"} <= {finding.rule for finding in found}


@pytest.mark.parametrize("few", [0, 10**6])
@pytest.mark.parametrize("sample", [1, 20_000])
def test_columns_of_few_texts_and_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, sample: int) -> None:
    write(2_000, tmp_path, errors=200)
    monkeypatch.setattr(arrow_engine, "_FEW", few)
    monkeypatch.setattr(arrow_engine, "_SAMPLE", sample)
    assert both(tmp_path / "datapackage.json", monkeypatch)


@pytest.mark.parametrize(
    ("texts", "twice"),
    [
        ([], []),
        (["a"], []),
        (["a", "b", "c"], []),
        (["c", "b", "a"], []),
        (["a", "a"], ["a"]),
        (["a", "b", "c", "d", "a", "e", "f", "g"], ["a"]),
        (["b", "c", "d", "a", "e", "f", "g", "h", "h"], ["h"]),
        (["z", "a", "b", "c", "d", "z", "e", "f", "g"], ["z"]),
        (["a", "b", "c", "a", "b", "c", "a", "b", "c"], ["a", "b", "c"]),
        (["", "a", "b", "", "c", "d", "", "e"], [""]),
    ],
)
def test_texts_that_stand_twice(texts: list[str], twice: list[str]) -> None:
    import pyarrow as pa

    from aistatecraft.validation import arrow_columns

    for size in (1, 2, 100):
        chunks = [texts[at : at + size] for at in range(0, len(texts), size)]
        assert sorted(arrow_columns.standing_twice(pa.chunked_array(chunks, pa.string()))) == twice


def test_texts_that_stand_twice_are_found_in_any_order() -> None:
    import pyarrow as pa

    from aistatecraft.validation import arrow_columns

    chance = random.Random(3)
    for _ in range(300):
        texts = [f"{number:03d}" for number in range(40)]
        for _ in range(chance.randint(0, 6)):
            texts[chance.randrange(40)] = texts[chance.randrange(40)]
        for _ in range(chance.choice([0, 1, 3, 30])):
            texts.insert(chance.randrange(40), texts.pop(chance.randrange(40)))
        expected = sorted({text for text in texts if texts.count(text) > 1})
        assert sorted(arrow_columns.standing_twice(pa.chunked_array([texts[:17], texts[17:]], pa.string()))) == expected


def test_pandas_is_not_imported(tmp_path: Path) -> None:
    """pyarrow imports it where it is given values of Python, and that takes longer than all the checks."""
    import subprocess

    from tests.conftest import env

    write(3_000, tmp_path, errors=60)
    code = "import sys\nfrom aistatecraft.validation import arrow_engine, validate\narrow_engine.MIN_BYTES = 0\nfound = validate(sys.argv[1]).findings\nprint(len(found), 'pyarrow' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=env(), check=False)
    assert done.stdout == "60 True False\n", done.stderr


BROKEN = {
    "no import": {"__init__.py": "raise ImportError('broken build')"},
    "no library of the system": {"__init__.py": "raise OSError('libarrow.so: cannot open shared object file')"},
    "another numpy": {"__init__.py": "import sys\nraise AttributeError('_ARRAY_API not found')"},
    "no error of an import": {"__init__.py": "raise SystemError('initialization failed')"},
    "a folder of that name": {"notes.txt": ""},
    "no csv": {"__init__.py": "__version__ = '99.0.0'", "csv.py": "raise ImportError('no csv')", "compute.py": ""},
    "no compute": {},
    "too old": {"__init__.py": "__version__ = '0.9.0'", "csv.py": "", "compute.py": ""},
    "no version": {"__init__.py": "", "csv.py": "", "compute.py": ""},
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_a_pyarrow_that_is_broken_is_done_without(tmp_path: Path, files: dict[str, str]) -> None:
    import subprocess

    from tests.conftest import env

    write(300, tmp_path / "p", errors=6)
    (tmp_path / "broken" / "pyarrow").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / "broken" / "pyarrow" / name).write_text(text)
    code = "import sys\nsys.path.insert(0, sys.argv[2])\nfrom aistatecraft.validation import arrow_engine, validate\narrow_engine.MIN_BYTES = 0\nprint(len(validate(sys.argv[1], fast=True).findings))"
    if "notes.txt" in files:  # a real library on the path goes before a folder without code
        code = "import sys\nsys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n" + code
    if not files:  # the real one, but for a part
        (tmp_path / "broken" / "pyarrow").rmdir()
        code = "import sys\nsys.modules['pyarrow.compute'] = None\n" + code
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "p"), str(tmp_path / "broken")],
        capture_output=True, text=True, env=env(), check=False, timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("6\n", "")
