"""`aistatecraft new`: rows with their source and evidence, checked before they are written, all or none."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aistatecraft.package import Field, open_package
from aistatecraft.validation import validate
from tests.conftest import Make, Run, edit, env, tree

TEXT: dict[str, Any] = {"type": "string"}
NEEDED = {**TEXT, "constraints": {"required": True}}
WORKS = {
    "aistatecraft:evidence": "required",
    "fields": [
        {"name": "id", **TEXT, "example": "ada-notes-1843", "constraints": {"required": True, "pattern": "[a-z0-9-]+"}},
        {"name": "title_en", **NEEDED, "title": "Title", "description": "The title."},
        {"name": "kind", **NEEDED, "title": "Kind", "description": "What it is.", "categories": ["plan", "law"]},
        {"name": "actor", **TEXT},
        {"name": "date", **TEXT, "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF-level0"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["actor"], "reference": {"resource": "actors", "fields": ["id"]}}],
}
ACTORS = {"fields": [{"name": "id", **NEEDED}], "primaryKey": ["id"]}
STEPS = {
    "fields": [{"name": "work", **NEEDED}, {"name": "seq", "type": "integer", "constraints": {"required": True}}, {"name": "note", **TEXT}],
    "primaryKey": ["work", "seq"],
}
SOURCES = {"fields": [{"name": "id", **NEEDED}, {"name": "title", **NEEDED}, {"name": "published", **TEXT}], "primaryKey": ["id"]}
REMARKS = {
    "fields": [{"name": "id", **NEEDED}, {"name": "source", **NEEDED}, {"name": "locator", **NEEDED}, {"name": "label_en", **NEEDED}],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}],
}
BONDS = {
    "aistatecraft:evidence": "required",
    "fields": [
        {"name": "work", **NEEDED}, {"name": "actor", **NEEDED}, {"name": "source", **NEEDED}, {"name": "locator", **NEEDED},
        {"name": "stated", **TEXT}, {"name": "quote", **TEXT},
    ],
    "primaryKey": ["work", "actor"],
    "foreignKeys": [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}],
}  # fmt: skip
EVIDENCE = {
    "fields": [
        *({"name": name, **TEXT} for name in ("record_table", "record_id", "field")),
        {"name": "source", **NEEDED, "title": "Source", "description": "Which source."},
        {"name": "locator", **NEEDED, "title": "Locator", "description": "Where in it."},
        {"name": "stated", **TEXT},
        {"name": "quote", **TEXT},
        {"name": "stance", **TEXT, "categories": ["supports", "disputes"]},
    ],
    "primaryKey": ["record_table", "record_id", "field", "source", "locator"],
    "foreignKeys": [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}],
}
RETIRED = {
    "fields": [{"name": "id", **NEEDED}, {"name": "record_table", **NEEDED}, {"name": "reason", **NEEDED}],
    "primaryKey": ["record_table", "id"],
}
HEAD = "record_table,record_id,field,source,locator,stated,quote,stance\n"


@pytest.fixture
def package(make: Make) -> Path:
    return make(
        {
            "works": (WORKS, "id,title_en,kind,actor,date\nb-1900,B,plan,,1900\nd-1900,D,law,,\n"),
            "actors": (ACTORS, "id\nada\nbo\n"),
            "steps": (STEPS, "work,seq,note\nb-1900,1,\nb-1900,9,\n"),
            "sources": (SOURCES, "id,title,published\nbook,A book,1899\n"),
            "remarks": (REMARKS, "id,source,locator,label_en\n"),
            "bonds": (BONDS, "work,actor,source,locator,stated,quote\n"),
            "evidence": (EVIDENCE, HEAD + "works,b-1900,*,book,p. 1,,,supports\nworks,d-1900,*,book,p. 2,,,supports\n"),
            "retired": (RETIRED, "id,record_table,reason\nold-1900,works,Year was wrong.\n"),
        }
    )


def read(package: Path, table: str) -> str:
    return (package / "data" / f"{table}.csv").read_text(encoding="utf-8")


GIVEN = ("--set", "title_en=Countess (CAL)", "--set", "kind=law", "--set", "date=1843-05")
EVIDENT = ("--source", "book", "--locator", "p. 7")


def test_row_and_evidence_are_written_where_they_belong(run: Run, package: Path) -> None:
    done = run(
        "new",
        "work",
        *GIVEN,
        "--set",
        "actor=ada",
        *EVIDENT,
        "--stated",
        "May 1843",
        "--field",
        "date",
        "--quote",
        'said "May"',
        "--path",
        package,
    )
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "wrote data/works.csv:3\n  id: cal-1843\n  title_en: Countess (CAL)\n  kind: law\n  actor: ada\n  date: 1843-05\n"
        "wrote data/evidence.csv:3\n  record_table: works\n  record_id: cal-1843\n  field: date\n  source: book\n  locator: p. 7\n"
        '  stated: May 1843\n  quote: said "May"\n  stance: supports\n'
        f"in {package}/ (0.1.0, 8 tables)\n"
    )
    assert (
        read(package, "works")
        == "id,title_en,kind,actor,date\nb-1900,B,plan,,1900\ncal-1843,Countess (CAL),law,ada,1843-05\nd-1900,D,law,,\n"
    )
    assert read(package, "evidence").splitlines()[2] == 'works,cal-1843,date,book,p. 7,May 1843,"said ""May""",supports'
    assert validate(package).findings == []
    assert run("fmt", package, "--check").code == 0


def test_new_source_is_written_with_it(run: Run, package: Path) -> None:
    words = ("--source-set", "title=Letters, all", "--source-set", "published=1901", "--locator", "p. 7")
    done = run("new", "works", *GIVEN, *words, "--path", package)
    assert (done.code, done.err) == (0, "")
    assert read(package, "sources") == 'id,title,published\n1901-letters-all,"Letters, all",1901\nbook,A book,1899\n'
    assert "works,cal-1843,*,1901-letters-all,p. 7,,,supports\n" in read(package, "evidence")


def test_dry_run_writes_nothing(run: Run, package: Path) -> None:
    before = tree(package)
    done = run("new", "work", *GIVEN, *EVIDENT, "--path", package, "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("would write data/works.csv:3\n  id: cal-1843\n")
    assert tree(package) == before


def test_numbers_are_counted_on(run: Run, package: Path) -> None:
    assert run("new", "step", "--set", "work=b-1900", "--path", package).code == 0
    assert run("new", "step", "--set", "work=d-1900", "--path", package).code == 0
    assert read(package, "steps") == "work,seq,note\nb-1900,1,\nb-1900,9,\nb-1900,10,\nd-1900,1,\n"


def test_tables_that_name_their_source_themselves(run: Run, package: Path) -> None:
    done = run("new", "remark", "--set", "label_en=A word", "--set", "id=word", *EVIDENT, "--path", package)
    assert (done.code, done.err) == (0, "")
    assert read(package, "remarks") == "id,source,locator,label_en\nword,book,p. 7,A word\n"
    assert "word" not in read(package, "evidence")


BOND = ("new", "bond", "--set", "work=b-1900", "--set", "actor=ada")


def test_a_link_has_its_source_and_what_it_states_in_its_own_row(run: Run, package: Path) -> None:
    before = read(package, "evidence")
    done = run(*BOND, *EVIDENT, "--stated", "Ada", "--quote", "by Ada", "--path", package)
    assert (done.code, done.err) == (0, "")
    assert read(package, "bonds") == "work,actor,source,locator,stated,quote\nb-1900,ada,book,p. 7,Ada,by Ada\n"
    assert read(package, "evidence") == before
    assert validate(package).findings == []


def test_a_statement_on_one_field_of_a_link_is_evidence(run: Run, package: Path) -> None:
    done = run(*BOND, *EVIDENT, "--field", "actor", "--stated", "Ada", "--path", package)
    assert (done.code, done.err) == (0, "")
    assert read(package, "bonds") == "work,actor,source,locator,stated,quote\nb-1900,ada,book,p. 7,,\n"
    assert "bonds,b-1900/ada,actor,book,p. 7,Ada,,supports\n" in read(package, "evidence")
    assert validate(package).findings == []


def test_a_link_needs_source_and_locator(run: Run, package: Path) -> None:
    before = tree(package)
    for words in ((), ("--source", "book"), ("--locator", "p. 7")):
        done = run(*BOND, *words, "--path", package)
        sentence = "aistatecraft: the record needs evidence; give --source (or --source-set) and --locator.\n"
        assert (done.code, done.out, done.err) == (2, "", sentence)
    assert tree(package) == before
    assert run(*BOND, "--set", "source=book", "--set", "locator=p. 7", "--path", package).code == 0


def test_values_with_commas_quotes_and_escapes(run: Run, package: Path) -> None:
    done = run("new", "source", "--set", 'title= "Ada", she said \x1b[31m=x ', "--set", "id=s", "--path", package)
    assert (done.code, "\x1b" in done.out + done.err) == (0, False)
    assert list(csv.reader(io.StringIO(read(package, "sources"))))[2] == ["s", ' "Ada", she said \x1b[31m=x ', ""]


REFUSED = [
    (("work",), 2, "works: fields are missing; give --set title_en=... (string), --set kind=... (one of plan, law)."),
    (("work", "--set", "kind=law"), 2, "works: a field is missing; give --set title_en=... (string)."),
    (("wirk",), 2, "'wirk' is not a table of this package; did you mean work?"),
    (("work", "--set", "titel=x"), 2, "--set 'titel=x': works has no field 'titel'; did you mean title_en?"),
    (("work", "--set", "kind"), 2, "--set 'kind': a field and its value are needed, such as --set id=value."),
    (("work", "--set", "kind=law", "--set", "kind=plan"), 2, "--set 'kind=plan': kind is given twice; give it once."),
    (("work", *GIVEN), 2, "the record needs evidence; give --source (or --source-set) and --locator."),
    (("work", *GIVEN, *EVIDENT, "--source-set", "title=x"), 2, "give either --source or --source-set, not both."),
    (("step", "--set", "work=x", "--source", "book"), 2, "steps names no source; leave --source, --source-set and --locator out."),
    (("remark", "--stated", "x"), 2, "remarks takes no evidence; leave --field, --stated and --quote out."),
    (("work", "--set", "title_en=国", "--set", "kind=law", *EVIDENT), 2, "works: no identifier can be derived from these fields; give --set id=..., such as ada-notes-1843."),
    (
        ("work", *GIVEN, "--set", "id=b-1900", *EVIDENT), 1,
        "works: the record 'b-1900' already exists, and identifiers are never reused; choose another.",
    ),
    (
        ("work", *GIVEN, "--set", "id=old-1900", *EVIDENT), 1,
        "works: the identifier 'old-1900' was retired (Year was wrong), and identifiers are never reused; choose another.",
    ),
    (
        ("step", "--set", "work=b-1900", "--set", "seq=9"), 1,
        "steps: the record 'b-1900/9' already exists, and identifiers are never reused; edit that row, or give another key.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_refusals(run: Run, package: Path, words: tuple[str, ...], code: int, sentence: str) -> None:
    before = tree(package)
    assert run("new", *words, "--path", package) == (code, "", f"aistatecraft: {sentence}\n")
    assert tree(package) == before


def test_names_of_records_are_accepted(run: Run, package: Path) -> None:
    words = ("new", "works", "--path", package, "--set", "id=x-1", "--set", "title_en=X", "--set", "kind=plan", "--locator", "p. 1")
    done = run(*words, "--set", "actor=ADA", "--source", "a book", "--dry-run")
    assert (done.code, done.err) == (0, "actor=ADA was read as ada\nsource=a book was read as book (A book)\n")
    assert "  actor: ada\n" in done.out and "  source: book\n" in done.out
    edit(package / "data" / "sources.csv", "book,A book,1899\n", "book,A book,1899\nbook2,A  book,1899\nbook3,A book,1900\n")
    done = run(*words, "--source", "a book")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == "aistatecraft: source=a book: 'a book' may be book (A book) or book3 (A book); give the identifier of the intended record.\n"
    )


def test_proposed_identifier_avoids_what_was_retired(run: Run, package: Path) -> None:
    done = run("new", "work", "--set", "title_en=(OLD)", "--set", "kind=law", "--set", "date=1900", *EVIDENT, "--path", package)
    assert (done.code, done.out.splitlines()[1]) == (0, "  id: old-1900-2")


def test_rows_with_errors_are_shown_and_not_written(run: Run, package: Path) -> None:
    before = tree(package)
    done = run(
        "new",
        "work",
        "--set",
        "title_en=(X1)",
        "--set",
        "kind=lew",
        "--set",
        "actor=adam",
        "--set",
        "date=1900-02-30",
        "--source",
        "bok",
        "--locator",
        "p. 1",
        "--path",
        package,
    )
    assert (done.code, done.out) == (1, "")
    lines = done.err.splitlines()
    assert [line.rpartition("[")[2] for line in lines[:-1]] == ["category]", "foreign-key]", "partial-date]", "foreign-key]"]
    assert lines[0] == "error: data/works.csv:4:C: x1-1900 (kind): 'lew' is not in the vocabulary of kind; did you mean law. [category]"
    assert "did you mean ada" in lines[1] and "did you mean book" in lines[3]
    assert lines[-1] == "aistatecraft: nothing was written because the new rows cause errors; correct the fields and run the command again."
    assert tree(package) == before


def test_table_that_is_not_canonical_is_not_touched(run: Run, package: Path) -> None:
    edit(package / "data/works.csv", "B,plan", '"B",plan')
    before = tree(package)
    done = run("new", "work", *GIVEN, *EVIDENT, "--path", package)
    assert (done.code, done.out) == (1, "")
    assert "data/works.csv: the table is not in canonical form" in done.err
    assert tree(package) == before


def test_problems_that_were_there_before_do_not_stand_in_the_way(run: Run, package: Path) -> None:
    edit(package / "data/evidence.csv", "d-1900,*,book", "d-1900,*,lost")
    done = run("new", "work", *GIVEN, *EVIDENT, "--path", package)
    assert (done.code, done.err) == (0, "")


# Asking at a terminal


def converse(package: Path, words: list[str], answers: list[str]) -> tuple[int, str]:
    """Run `new` at a terminal and answer its questions."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "aistatecraft", "new", *words, "--path", str(package)]
    with subprocess.Popen(command, env={**env(), "COLUMNS": "200"}, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        os.write(master, "".join(f"{answer}\n" for answer in answers).encode())
        out = b""
        while True:
            try:
                part = os.read(master, 65_536)
            except OSError:
                break
            if not part:
                break
            out += part
    os.close(master)
    return process.returncode, out.decode().replace("\r\n", "\n")


def test_required_fields_are_asked_for_until_they_fit(package: Path) -> None:
    answers = ["Notes", "lew", "law", "", "bok", "book", "p. 3"]
    code, said = converse(package, ["work", "--set", "date=1843"], answers)
    assert code == 0, said
    assert "Kind: What it is. One of plan, law." in said
    assert "'lew' is not in the vocabulary of kind; did you mean law" in said
    assert "id [notes-1843]:" in said
    assert "'bok' does not exist; did you mean book?" in said
    assert "notes-1843,Notes,law,,1843\n" in read(package, "works")
    assert "works,notes-1843,*,book,p. 3,,,supports\n" in read(package, "evidence")


def test_nobody_waits_while_questions_are_asked(run: Run, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody else wrote meanwhile counts: the number is that after theirs."""
    from aistatecraft.cli import new
    from aistatecraft.package.transaction import changing

    asked: list[str] = []

    def ask(column: Field, *_: Any) -> str:
        asked.append(column.name)
        with changing(package) as change:
            change.commit({package / "data/steps.csv": (package / "data/steps.csv").read_bytes() + b"b-1900,10,\n"})
        return "b-1900"

    monkeypatch.setattr(new, "_ask", ask)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    assert run("new", "step", "--path", package).code == 0
    assert asked == ["work"]
    assert read(package, "steps") == "work,seq,note\nb-1900,1,\nb-1900,9,\nb-1900,10,\nb-1900,11,\n"


def test_answers_that_do_not_fit_any_more_write_nothing(package: Path) -> None:
    from aistatecraft.cli.new import _Answers
    from aistatecraft.errors import RefusedError

    title, kind = open_package(package).resource("works").schema.fields[1:3]
    answers = _Answers(lambda *_: "Notes")
    assert answers(title, "", None) == "Notes"
    with pytest.raises(RefusedError, match="kind: the schemas were changed in the meantime"):
        answers.again(kind, "", None)


def test_answers_that_end_early_write_nothing(package: Path) -> None:
    before = tree(package)
    code, said = converse(package, ["work"], ["Notes", "\x04"])
    assert code == 1, said
    assert "Traceback" not in said
    assert tree(package) == before


# The real package


@pytest.mark.real
def test_real_strategy(run: Run, copy: Path) -> None:
    words = (
        "--set",
        "jurisdiction=PRY",
        "--set",
        "title_en=National Artificial Intelligence Strategy (ENIA)",
        "--set",
        "kind=strategy",
        "--set",
        "adopted=2026-03",
    )
    source = (
        "--source-set",
        "kind=press",
        "--source-set",
        "title=Paraguay presenta su estrategia",
        "--source-set",
        "read=read",
        "--source-set",
        "published=2026-03-04",
    )
    before = tree(copy)
    found = len(validate(copy).findings)
    done = run("new", "strategy", *words, *source, "--locator", "para. 2", "--path", copy)
    assert (done.code, done.err) == (0, "")
    after = tree(copy)
    assert {name for name in after if after[name] != before[name]} == {"data/strategies.csv", "data/sources.csv", "data/evidence.csv"}
    assert all(
        len(after[name].splitlines()) - len(before[name].splitlines())
        == (name in ("data/strategies.csv", "data/sources.csv", "data/evidence.csv"))
        for name in after
    )
    assert len(validate(copy).findings) == found
    again = run("new", "strategy", *words, "--set", "id=pry-enia-2026", "--source", "unsd-m49", "--locator", "x", "--path", copy)
    assert (again.code, again.out) == (1, "")


@pytest.mark.real
def test_real_signature(run: Run, copy: Path) -> None:
    before = tree(copy)
    words = ("--set", "declaration=cartagena-2024", "--set", "actor=Ecuador", "--set", "role=participated")
    done = run("new", "signatories", *words, "--source", "unsd-m49", "--locator", "p. 2", "--stated", "Ecuador", "--path", copy)
    assert done.code == 0, done.err
    after = tree(copy)
    assert {name for name in after if after[name] != before[name]} == {"data/signatories.csv"}
    assert b"cartagena-2024,ECU,participated,,unsd-m49,p. 2,Ecuador,,\n" in after["data/signatories.csv"]
    assert validate(copy).findings == []


@pytest.mark.real
def test_real_rules_judge_the_new_rows(run: Run, copy: Path) -> None:
    before = tree(copy)
    words = (
        "--set",
        "jurisdiction=BRA",
        "--set",
        "title_en=A plan",
        "--set",
        "kind=plan",
        "--set",
        "period_start=2030",
        "--set",
        "period_end=2020",
    )
    done = run("new", "strategy", *words, "--source", "unsd-m49", "--locator", "x", "--path", copy)
    assert done.code == 1
    assert "[period-in-order]" in done.err
    assert tree(copy) == before
