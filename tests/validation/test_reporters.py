"""Each form of a report: what it holds, and that what a cell holds stays text in it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aistatecraft.fixing import fixable
from aistatecraft.package import Dialect, open_package, read_table
from aistatecraft.package.escape import escape_markdown
from aistatecraft.validation import Finding, Report, validate
from aistatecraft.validation.excerpts import Excerpt, excerpts
from aistatecraft.validation.reporters import REPORTERS, ReportFormat, with_rows
from aistatecraft.validation.reporters.context import RenderContext
from tests.conftest import Make, Run, write_package

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True}},
        {"name": "title", "type": "string"},
        {"name": "year", "type": "integer", "constraints": {"minimum": 1900}},
    ],
    "primaryKey": ["id"],
}
HEADER = "id,title,year\n"


def render(package: Path, form: str, **beside: Any) -> str:
    report, opened = validate(package, fast=True), open_package(package)
    files = {name: resource.path for name, resource in opened.resources.items()}
    return REPORTERS[ReportFormat(form)](
        report, RenderContext(excerpts(opened, with_rows(ReportFormat(form), report)), files=files, fixable=fixable(report), **beside)
    )


def excerpt(make: Make, text: str | bytes) -> list[Excerpt]:
    package = make({"t": (SCHEMA, text)})
    found = excerpts(open_package(package), validate(package, fast=True).findings)
    return list(found.values())


# The row and the cell in it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER + "a,Ada,x\n", Excerpt("a,Ada,", "x", "", 6, 7, True)),
        (HEADER + 'a,"Ada, L.","x"\n', Excerpt('a,"Ada, L.",', '"x"', "", 12, 15, True)),
        (HEADER + 'a,"say ""x"", or","y""z"\n', Excerpt('a,"say ""x"", or",', '"y""z"', "", 18, 24, True)),
        (HEADER + 'a,"two\nlines",x\n', Excerpt('lines",', "x", "", 7, 8, True)),
        (HEADER + 'z,"q\n\nq",1990\na,"two\n\nlines","x\ny"\n', Excerpt('lines",', '"x', "", 7, 9, True)),
        (HEADER + "a,國家,x,\n".replace(",\n", "\n"), Excerpt("a,國家,", "x", "", 5, 6, True)),
        (HEADER + ",Ada,1990\n", Excerpt("", "", ",Ada,1990", 0, 0, True)),
        ("id,year,title\na,x,Ada\n", Excerpt("id,", "year", ",title", 3, 7, True)),
    ],
)
def test_place_of_a_cell(make: Make, text: str, expected: Excerpt) -> None:
    assert excerpt(make, text)[0] == expected


def test_place_of_a_cell_after_a_byte_order_mark_and_in_other_line_ends(make: Make) -> None:
    found = excerpt(make, f"\ufeff{HEADER}a,Ada,x\n".replace("\n", "\r\n"))
    assert found[0] == Excerpt("", "", "id,title,year", 0, 0, False)  # the byte order mark: a fault of the line, not of a cell
    assert Excerpt("a,Ada,", "x", "", 6, 7, True) in found


def test_place_of_a_cell_in_a_file_with_carriage_returns_alone(make: Make) -> None:
    package = make({"t": (SCHEMA, f"{HEADER}a,Ada,1990\nb,Bo,x\n".replace("\n", "\r"))})
    report = validate(package, fast=True)
    (finding,) = (finding for finding in report.findings if finding.rule == "type")
    assert excerpts(open_package(package), [finding]) == {finding: Excerpt("b,Bo,", "x", "", 5, 6, True)}


def test_no_mark_where_the_place_is_not_sure(make: Make) -> None:
    package = make({"t": (SCHEMA, HEADER + 'a,"stray"quote,1990\nb,Bo,x\n')})
    report = validate(package, fast=True)
    assert [finding.rule for finding in report.findings] == ["quoting", "type"]
    found = excerpts(open_package(package), report.findings)
    assert found[report.findings[0]].marked is False
    assert found[report.findings[1]] == Excerpt("b,Bo,", "x", "", 5, 6, True)
    other = make({"t": (SCHEMA, "id;title;year\na;Ada, x;y\n")}, name="other")
    assert [found.marked for found in excerpts(open_package(other), validate(other, fast=True).findings).values()] == [False, False]


def test_long_lines_are_cut_and_still_counted(make: Make) -> None:
    (found,) = excerpt(make, f"{HEADER}a,{'國' * 100_000},x\n")
    assert (len(found.before), found.cell, found.start, found.end) == (400, "x", 100_003, 100_004)


def test_place_of_a_cell_beyond_column_z(make: Make) -> None:
    names = [f"c{number}" for number in range(60)]
    schema = {"fields": [{"name": name, "type": "integer"} for name in names]}
    package = make({"wide": (schema, f"{','.join(names)}\n{'1,' * 52}x{',1' * 7}\n")})
    (finding,) = validate(package, fast=True).findings
    assert finding.column == "BA"
    assert excerpts(open_package(package), [finding])[finding] == Excerpt("1," * 52, "x", ",1" * 7, 104, 105, True)


# text


def test_text_is_grouped_by_file_with_row_and_mark(make: Make) -> None:
    package = make({"one": (SCHEMA, HEADER + "a,國,x\n,Bo,1800\n"), "two": (SCHEMA, HEADER + "a,Ada\n")})
    assert render(package, "text") == (
        "data/one.csv: 3 errors\n"
        "error: data/one.csv:2:C: a (year): 'x' is not a whole number; write a value of type integer. [type]\n"
        "      2 | a,國,x\n"
        "        |      ^\n"
        "error: data/one.csv:3:A: (id): id is blank and must not be; fill it in. [required]\n"
        "      3 | ,Bo,1800\n"
        "        | ^\n"
        "error: data/one.csv:3:C: (year): '1800' is not at least 1900; write at least 1900. [minimum]\n"
        "      3 | ,Bo,1800\n"
        "        |     ^^^^\n"
        "\n"
        "data/two.csv: 1 error\n"
        "error: data/two.csv:2: the row has 2 cells, the header has 3; add the missing cells (a blank cell needs its comma, too). [ragged-row]\n"
        "      2 | a,Ada\n"
        "\n"
        f"4 problems (4 errors, 0 warnings) in {package} (0.1.0, 2 tables, 3 rows)"
    )


def test_text_cuts_rows_to_the_width_around_the_cell(make: Make) -> None:
    package = make({"t": (SCHEMA, f"{HEADER}a,{'國' * 300},{'x' * 300}\nb,{'y' * 50},oops\n")})
    lines = render(package, "text", width=60).splitlines()
    rows = [line for line in lines if re.match(r" +\d* \| ", line)]
    assert rows[2:] == [f"      3 | …{'y' * 13},oops", f"        | {' ' * 15}^^^^"]
    assert all(sum(2 if char == "國" else 1 for char in row) <= 60 for row in rows)
    assert rows[1].strip(" |") == "^" * 49


def test_colours_only_where_they_are_wanted(make: Make) -> None:
    package = make({"t": (SCHEMA, HEADER + "a,Ada,x\n,Bo,1990\n")})
    assert "\x1b" not in render(package, "text")


# Hostile values

HOSTILE = [
    "::error file=a,line=1::owned",
    "x\n::warning::owned",
    "##[error]owned",
    "@everyone @octocat",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\x1b[31mred\x1b]8;;https://evil.test\x07link\x9b31m",
    "]]></failure><testcase name='owned'/>",
    "&amp; &lt; %0A::error::owned",
    "[click](https://evil.test) ![x](https://evil.test/x.png) | `code` **bold**",
    "a\u202egnp.exe \u200b\ufeff\u2066",
    "{0} ${{ secrets.TOKEN }} $(id) `id`",
    "\ufffe\uffff\x08\x0c\x0b",
]


@pytest.fixture(params=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest, make: Make) -> tuple[Path, str]:
    value: str = HOSTILE[request.param]
    cell = '"' + value.replace('"', '""') + '"'
    return make({"t": (SCHEMA, f"{HEADER}{cell},{cell},{cell}\n")}), value


CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\ufeff\ufffe\uffff]")


@pytest.mark.parametrize("form", list(ReportFormat))
def test_no_form_holds_a_character_that_a_terminal_obeys(hostile: tuple[Path, str], form: str) -> None:
    package, _ = hostile
    assert CONTROL.findall(render(package, form)) == []


def test_hostile_text(hostile: tuple[Path, str]) -> None:
    package, _ = hostile
    lines = render(package, "text").splitlines()
    assert [re.sub(r"\d", "#", line)[:9] for line in lines] == ["data/t.cs", "error: da", "      # |", "        |", "", "# problem"]


def test_hostile_version_and_place_bring_no_colour(make: Make) -> None:
    """Codes for colours stay in this form, so that one of the data must not get into it: it could hide the rest of the line."""
    path = make({"t": ({"fields": [{"name": "id", "type": "string"}]}, "id\na\n")}, version="1\x1b[8m")
    said = replace(validate(path), package="p\x1b[31m\n/")
    for colour in (False, True):
        told = re.sub(r"\x1b\[[01]m", "", REPORTERS[ReportFormat.text](said, RenderContext(colour=colour))).strip()
        assert told == r"0 problems in p\u001b[31m\u000a/ (1\u001b[8m, 1 table, 1 row)"


def test_hostile_github(hostile: tuple[Path, str]) -> None:
    package, _ = hostile
    (line,) = render(package, "github").splitlines()
    assert line.startswith("::error file=data/t.csv,line=")
    assert line.count("title=type::") == 1
    data = line.partition("title=type::")[2]
    assert re.findall(r"%(?!25)", data) == [], "GitHub decodes these"


def test_hostile_github_beyond_the_annotations(make: Make) -> None:
    rows = "".join(f"{number},t,##[error]owned ::error::{'' if number % 2 else '@x'}\n" for number in range(30))
    lines = render(make({"t": (SCHEMA, HEADER + rows)}), "github").splitlines()
    assert [line.startswith("::error file=") for line in lines] == [True] * 10 + [False] * 6
    assert lines[10] == "20 problems not shown as annotations:"
    assert all(line.startswith("  error: data/t.csv:") for line in lines[11:])
    assert not any("##[" in line for line in lines[10:])
    assert lines[-1].endswith("[type] (and 15 more of this kind)")


def test_hostile_markdown(hostile: tuple[Path, str]) -> None:
    package, _ = hostile
    lines = render(package, "markdown").splitlines()
    assert len(lines) == 5
    row = lines[4]
    assert len(re.findall(r"(?<!\\)\|", row)) == 7, "a cell opened another cell"
    # An entity alone does not keep a name from being mentioned; code does.
    assert re.findall("(?<!<code>)&#64;", row) == []
    bare = re.sub(r"\\[\\`*_{}\[\]()#+!|~$]|<code>&#64;</code>|&#[0-9]+;|&[a-z]+;", "", row)
    assert re.findall(r"[<>@`*_\[\]#!~$]|://", bare) == []


def test_hostile_junit(hostile: tuple[Path, str]) -> None:
    package, value = hostile
    (suite,) = ElementTree.fromstring(render(package, "junit"))
    assert [case.get("name") for case in suite] == ["t", "package"]
    (failure,) = suite[0]
    assert failure.text is not None
    assert len(failure.text.splitlines()) == 1
    plain = value.replace("\n", "")
    assert CONTROL.search(plain) or "'" in plain or "\n" in value or plain in failure.text


def test_names_of_tables_are_text_in_junit() -> None:
    (suite,) = ElementTree.fromstring(REPORTERS[ReportFormat.junit](Report("p", "0.1.0", {"\x1b[31m\ufffe<&": 0})))
    assert [case.get("name") for case in suite] == ["\\u001b[31m\\ufffe<&", "package"]


def test_no_address_becomes_a_link_in_markdown() -> None:
    assert escape_markdown("www.e.org (WWW.e.org) https://www.e.org a@e.org ![i](//e.org/i)") == (
        "www&#46;e.org \\(WWW&#46;e.org\\) https&#58;//www.e.org a<code>&#64;</code>e.org \\!\\[i\\]\\(//e.org/i\\)"
    )


def test_hostile_json_gives_the_value_back(hostile: tuple[Path, str]) -> None:
    package, value = hostile
    (finding,) = json.loads(render(package, "json"))["findings"]
    (line,) = render(package, "jsonl").splitlines()
    assert finding == json.loads(line)
    assert (finding["value"], finding["record"], finding["fixable"]) == (value, value, False)


def test_hostile_sarif(hostile: tuple[Path, str]) -> None:
    package, _ = hostile
    (result,) = json.loads(render(package, "sarif"))["runs"][0]["results"]
    assert "](" not in result["message"]["text"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "data/t.csv"


def test_hostile_file_names_stay_names(make: Make) -> None:
    name = "a,line=9::b%0A <x> #é"
    finding = Finding("type", "error", f"data/{name}.csv", 3, "A", "x", "r", "v", "wrong", "fix it")
    report = Report("p", "1", {"t": 1}, [finding])
    assert (
        REPORTERS[ReportFormat.github](report) == "::error file=data/a%2Cline=9%3A%3Ab%250A <x> #é.csv,line=3,title=type::r: wrong; fix it"
    )
    place = json.loads(REPORTERS[ReportFormat.sarif](report))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "data/a%2Cline%3D9%3A%3Ab%250A%20%3Cx%3E%20%23%C3%A9.csv"
    assert html.escape(name) in REPORTERS[ReportFormat.junit](report)


# The forms for machines


def test_sarif_holds_rules_and_regions(make: Make) -> None:
    package = make({"t": (SCHEMA, HEADER + 'a,"say ""x""",y\nb,Bo\n')})
    (package / "data/extra.csv").write_text("id\n")
    whole = json.loads(render(package, "sarif", folder="sub dir"))
    assert (whole["version"], whole["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = whole["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["defaultConfiguration"]["level"]) for rule in rules] == [
        ("stray-table", "warning"), ("type", "error"), ("ragged-row", "error"),
    ]  # fmt: skip
    assert all(
        rule["help"]["text"].endswith(f"\n\naistatecraft explain {rule['id']}") and len(rule["shortDescription"]["text"]) > 20
        for rule in rules
    )
    assert [(result["ruleId"], rules[result["ruleIndex"]]["id"], result["level"]) for result in run["results"]] == [
        ("stray-table", "stray-table", "warning"), ("type", "type", "error"), ("ragged-row", "ragged-row", "error"),
    ]  # fmt: skip
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places == [
        {"artifactLocation": {"uri": "sub%20dir/data/extra.csv", "uriBaseId": "%SRCROOT%"}},
        {
            "artifactLocation": {"uri": "sub%20dir/data/t.csv", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 2, "startColumn": 15, "endColumn": 16},
        },
        {"artifactLocation": {"uri": "sub%20dir/data/t.csv", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 3}},
    ]
    assert run["invocations"] == [{"executionSuccessful": True}]


def findings(count: int, severity: str = "error") -> list[Finding]:
    return [
        Finding("type", severity, "data/t.csv", number + 2, "C", "year", f"r{number}", "x", "wrong", "fix it") for number in range(count)
    ]


def test_sarif_holds_at_most_5000_results_errors_first() -> None:
    report = Report("p", "1", {"t": 1}, [*findings(4_000, "warning"), *findings(3_000)])
    (run,) = json.loads(REPORTERS[ReportFormat.sarif](report))["runs"]
    assert [len([result for result in run["results"] if result["level"] == level]) for level in ("error", "warning")] == [3_000, 2_000]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("2,000 more findings are omitted")


def test_junit_has_a_case_for_each_table() -> None:
    warning = Finding("stray-table", "warning", "data/x.csv", 0, "", "", "", "", "nobody names it", "name it")
    report = Report("p", "1", {"t": 1, "u": 0}, [*findings(1_200), *findings(1, "warning"), warning])
    beside = RenderContext(folder="sub", files={"t": "data/t.csv", "u": "data/u.csv"})
    (suite,) = ElementTree.fromstring(REPORTERS[ReportFormat.junit](report, beside))
    assert {name: suite.get(name) for name in ("name", "tests", "failures", "errors")} == {
        "name": "p", "tests": "3", "failures": "1", "errors": "0",
    }  # fmt: skip
    assert [(case.get("name"), case.get("file"), [part.tag for part in case]) for case in suite] == [
        ("t", "sub/data/t.csv", ["failure", "system-out"]), ("u", "sub/data/u.csv", []), ("package", None, ["system-out"]),
    ]  # fmt: skip
    failure = suite[0][0]
    assert (failure.get("message"), failure.get("type")) == ("1,200 errors", "type")
    lines = (failure.text or "").splitlines()
    assert (len(lines), lines[0], lines[-1]) == (
        1_001,
        "error: data/t.csv:2:C: r0 (year): wrong; fix it. [type]",
        "... and 200 more",
    )
    assert suite[2][0].text == "warning: data/x.csv: nobody names it; name it. [stray-table]"


def test_json_says_what_can_be_fixed_safely(make: Make) -> None:
    package = make(
        {
            "t": (SCHEMA, f"{HEADER}a, Ada,1990\nb,Bo  B,1990\nc,C\u200by,1990\nd,D\u202ed,1990\ne,Jose\u0301,1990\n\n"),
            "u": (SCHEMA, f"\ufeff{HEADER}a, Ada\n"),
        },
        own=True,
    )
    found = json.loads(render(package, "json"))["findings"]
    assert [(item["file"], item["rule"], item["record"], item["fixable"]) for item in found] == [
        ("data/t.csv", "white-space", "a", True),
        ("data/t.csv", "white-space", "b", False),
        ("data/t.csv", "control-character", "c", True),
        ("data/t.csv", "control-character", "d", False),
        ("data/t.csv", "not-nfc", "e", True),
        ("data/t.csv", "blank-row", "", True),
        ("data/u.csv", "byte-order-mark", "", False),
        ("data/u.csv", "ragged-row", "", False),
    ]


# The command


def test_rest_of_the_annotations_goes_to_the_summary(run: Run, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = make({"t": (SCHEMA, HEADER + "".join(f"{number},t,x{number}\n" for number in range(12)))})
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.chdir(tmp_path)
    done = run("validate", package, "--format", "github")
    assert (done.code, done.err) == (1, "")
    assert done.out.count("::error file=made/data/t.csv,line=") == 10
    before, first, *_ = summary.read_text().splitlines()
    assert before == "before"
    assert re.fullmatch(r"\*\*12 problems \\\(12 errors, 0 warnings\\\) in .*made/ \\\(0\.1\.0, 1 table, 12 rows\\\)\*\*", first)


@pytest.mark.parametrize("form", ["sarif", "junit"])
def test_package_without_problems(run: Run, make: Make, form: str) -> None:
    done = run("validate", make({"t": (SCHEMA, HEADER)}), "--format", form)
    assert (done.code, done.err) == (0, "")
    if form == "sarif":
        assert json.loads(done.out)["runs"][0]["results"] == []
    else:
        assert ElementTree.fromstring(done.out)[0].get("failures") == "0"


CELLS = st.lists(st.sampled_from(["a", ",", '"', "\n", " ", "國", "é"]), max_size=6).map("".join)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    all_quoted=st.booleans(),
)
def test_every_cell_of_any_table_is_found_where_it_stands(rows: list[tuple[str, str, str]], end: str, mark: bool, all_quoted: bool) -> None:
    names, out = ("id", "title", "year"), io.StringIO()
    quoting: Any = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([names, *rows])
    with tempfile.TemporaryDirectory() as folder:
        package = open_package(write_package(Path(folder) / "p", {"t": (SCHEMA, ("\ufeff" if mark else "") + out.getvalue())}))
        wanted = {
            Finding(
                "type", "error", "data/t.csv", record.line_of(at), "ABC"[at], name, str(record.line), record.cells[at] or "", "m", "m"
            ): at
            for record in read_table(package.store.read("data/t.csv"), names, Dialect(), "t").records
            for at, name in enumerate(names)
        }
        found = excerpts(package, wanted)
    lines = out.getvalue().split("\n")
    for finding in wanted:
        excerpt, line = found[finding], lines[finding.line - 1].removesuffix("\r")
        assert excerpt.marked
        assert (excerpt.before + excerpt.cell + excerpt.after, line[excerpt.start : excerpt.end]) == (line, excerpt.cell)
        bare = excerpt.cell[1:].replace('""', '"') if excerpt.cell.startswith('"') else excerpt.cell
        assert bare in (finding.value.split("\n")[0], finding.value.split("\n")[0] + '"')


def test_json_has_the_hint_under_its_former_name_as_well(make: Make) -> None:
    found = json.loads(render(make({"t": (SCHEMA, f"{HEADER}a,Ada,now\n")}), "json"))["findings"]
    assert [item["mend"] == item["hint"] != "" for item in found] == [True]
