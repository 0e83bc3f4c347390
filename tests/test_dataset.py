"""The real tables: that they validate, that every fact has its evidence, and that what the founding paper states is there."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from pathlib import Path

import frictionless
import pandas as pd
import pytest

import aistatecraft as ai
from aistatecraft.package import open_package
from aistatecraft.validation import validate

PAPER = "cai-hou-2026-hedging"
TABLE_1 = {
    "BRA": ["bra-ebia-2021"],
    "CHL": ["chl-ai-policy-2021"],
    "COL": ["col-conpes-3975-2019", "col-ethical-framework-2021"],
    "ARG": ["arg-argenia-2019"],
    "MEX": ["mex-ai-strategy-2018"],
    "URY": ["ury-enia-2024"],
    "PER": ["per-enia-proposal-2025"],
    "CRI": ["cri-enia-2024"],
}
FEATURES = ["rd-input", "application-focus", "regulatory-focus", "cooperation-preference"]


def load(table: str) -> pd.DataFrame:
    return ai.load(table)


def evidence(table: str, record: str) -> pd.DataFrame:
    rows = load("evidence")
    return rows[(rows["record_table"] == table) & (rows["record_id"] == record)]


def test_validates_without_a_single_finding(root: Path) -> None:
    assert [finding.sentence for finding in validate(root).findings] == []


def test_no_date_depends_on_the_day_of_the_test(root: Path) -> None:
    assert [finding.sentence for finding in validate(root, today=dt.date(2126, 1, 1)).findings] == []


def test_frictionless_finds_the_package_valid_foreign_keys_included(root: Path) -> None:
    report = frictionless.validate(str(root / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "note"])
    assert report.stats["tasks"] == len(open_package(root).resources)


def test_no_field_is_named_as_an_attribute_of_a_data_frame_or_a_word_of_sql(root: Path) -> None:
    """`frame.index == "x"` gives nothing in silence, and `SELECT order` is an error."""
    taken = {name for name in dir(pd.DataFrame) if not name.startswith("_")}
    taken |= {
        "order",
        "group",
        "select",
        "from",
        "to",
        "where",
        "limit",
        "table",
        "index",
        "join",
        "values",
        "primary",
        "references",
        "check",
    }
    names = {f"{resource.name}.{name}" for resource in open_package(root).resources.values() for name in resource.schema.names}
    assert sorted(name for name in names if name.partition(".")[2] in taken) == []
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        for number, name in enumerate(sorted({name.partition(".")[2] for name in names})):
            base.execute(f"CREATE TABLE t{number} ({name} TEXT)")


def test_earlier_versions_load_as_they_were_and_name_what_was_renamed() -> None:
    assert ai.load("index_scores", version="0.3.0").attrs["renamed"] == {"index": "index_id", "rank": "score_rank"}
    assert "renamed" not in ai.load("index_scores").attrs
    assert ai.views.index("ilia", "2025", version="0.3.0")["rank"].notna().sum() > 10
    assert ai.views.strategy_features(version="0.3.0").shape[0] > 0
    titles = ai.disputes("index_scores", version="0.3.0")["title"]
    assert "Latin American Artificial Intelligence Index 2024, Brazil, total" in set(titles)


def test_descriptor_and_schemas_are_of_version_2(root: Path) -> None:
    package = open_package(root)
    assert package.descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for name in ("name", "title", "version", "created", "licenses", "contributors", "keywords", "sources"):
        assert package.descriptor[name]
    for resource in package.resources.values():
        assert resource.schema_path
        for column in resource.schema.fields:
            assert column.title and column.description and column.example is not None, f"{resource.name}.{column.name}"


def test_examples_of_the_schemas_fit_the_schemas(root: Path) -> None:
    for resource in open_package(root).resources.values():
        for column in resource.schema.fields:
            text = str(column.example).lower() if isinstance(column.example, bool) else str(column.example)
            value = column.parse(text)
            assert [constraint.rule for constraint in column.constraints if not constraint.holds(text, value)] == [], (
                f"{resource.name}.{column.name}"
            )


def test_founders_are_coded_alike_in_all_blocs() -> None:
    """Every bloc has founders, and nobody who was there on the first day is a mere member."""
    memberships = load("memberships")
    full = memberships[memberships["role"].isin(["member", "founding_member"])]
    founders = full[full["role"] == "founding_member"]
    assert set(founders["bloc"]) == set(full["bloc"])
    assert (founders["spell"] == 1).all()
    first = founders.groupby("bloc", observed=True)["from_date"].min()
    late = full[(full["role"] == "member") & (full["from_date"] == full["bloc"].map(first))]
    assert late[["bloc", "member"]].to_numpy().tolist() == []


def test_one_form_of_act_has_one_code() -> None:
    """A text was signed by name or agreed at a meeting, not signed by some and endorsed by others."""
    acts = load("signatories")
    forms = acts[acts["role"].isin(["signed", "endorsed"])].groupby("declaration", observed=True)["role"].nunique()
    assert forms[forms > 1].index.tolist() == []


def test_a_committee_and_a_chamber_are_told_apart() -> None:
    events = load("events").set_index("event")["description"]
    assert events["passed_committee"].str.contains("ommittee").all()
    assert not events["passed_chamber"].str.contains("^Committee|Committee (?:voted|advanced)").any()


def test_every_record_that_needs_evidence_has_some() -> None:
    assert (ai.support()["level"] != "none").all()


def test_table_1_stands_whole_in_four_features() -> None:
    codings = load("codings")
    own = codings[codings["coder"] == PAPER]
    for state, records in TABLE_1.items():
        for record in records:
            assert load("strategies").set_index("id").loc[record, "jurisdiction"] == state
            for feature in FEATURES:
                code = f"strategy-features.{feature}"
                cell = own[(own["record_id"] == record) & (own["code"] == code)]
                assert len(cell) == 1, f"{record} has no summary of {feature}"
                assert len(cell["reason"].iloc[0].split()) >= 5
                finer = own[(own["record_id"] == record) & own["code"].str.startswith(code + ".")]
                assert len(finer) >= 1, f"{record} has no code of {feature}"


@pytest.mark.parametrize(
    ("table", "record", "field", "held", "disputed_by_paper"),
    [
        ("strategies", "bra-ebia-2021", "adopted", "2021-04-06", "June 4, 2021"),
        ("indices", "ilia-2025", "indicators_declared", 103, "79"),
        ("provisions", "latam-gpt-parameters", "value", 70.0, "50"),
    ],
)
def test_where_the_paper_is_wrong_both_values_stand(table: str, record: str, field: str, held: object, disputed_by_paper: str) -> None:
    assert load(table).set_index("id").loc[record, field] == held
    rows = evidence(table, record)
    rows = rows[rows["field"] == field]
    paper = rows[(rows["source"] == PAPER) & (rows["stance"] == "disputes")]
    assert any(disputed_by_paper in str(stated) for stated in paper["stated"])
    assert (rows["stance"] == "supports").any()


def test_what_table_1_misses_is_there() -> None:
    strategies = load("strategies").set_index("id")
    assert strategies.loc["col-conpes-4144-2025", "adopted"] == "2025-02-14"
    assert {
        "bra-pbia-2024",
        "chl-ai-policy-2024",
        "cub-ai-strategy-2024",
        "dom-enia-2023",
        "per-enia-2026",
        "ury-ai-digital-government-2020",
    } <= set(strategies.index)


def test_ilia_2025_agrees_with_the_paper() -> None:
    scores = load("index_scores")
    totals = (
        scores[(scores["index_id"] == "ilia-2025") & (scores["dimension"] == "total")]
        .set_index("actor")["score"]
        .drop("LAC", errors="ignore")
    )
    assert len(totals) == 19
    assert totals["CHL"] > 70 and totals["VEN"] == 24.65 == totals.min()
    assert set(totals[totals >= 60].index) == {"CHL", "BRA", "URY"} and (totals < 35).sum() == 8


def test_the_hedging_framework_stands() -> None:
    codes = load("codes")
    for scheme, number in (("hedging-dimension", 3), ("hedging-means", 4), ("technology-gradient", 3), ("hedging-classical-means", 5)):
        assert (codes["scheme"] == scheme).sum() == number
    relations = load("relations")
    uses = relations[relations["relation"] == "uses_means"].set_index("subject_id")["object_id"]
    assert {"hedging-means.economic-pragmatism", "hedging-means.power-deflection"} <= set(uses["hedging-dimension.technological"])
    assert {"hedging-means.binding-engagement", "hedging-means.limited-balancing"} <= set(uses["hedging-dimension.institutional"])
    claims = load("claims")
    assert ((claims["kind"] == "recommendation") & (claims["source"] == "cai-hou-2026-hedging")).sum() == 3
    assert {"definition", "driver", "challenge", "feature", "gap"} <= set(claims["kind"])


def test_every_footnote_of_the_paper_is_a_source() -> None:
    relations = load("relations")
    cited = relations[(relations["subject_id"] == PAPER) & (relations["relation"] == "cites")]
    assert len(cited) == 75
    assert set(cited["object_id"]) <= set(load("sources")["id"])


def test_250_states_and_territories_with_their_names_in_five_languages() -> None:
    actors = load("actors")
    places = actors[actors["kind"].isin(["state", "territory"])]
    assert len(places) == 250 and places["un_member"].sum() == 193
    assert places[["name_en", "name_zh", "name_es", "name_pt", "name_fr"]].notna().all().all()
    assert actors.set_index("id").loc["NAM", "iso2"] == "NA"
    assert actors.set_index("id").loc["BRA", "m49"] == "076"


def test_no_quote_is_longer_than_120_characters_and_no_address_is_a_staging_host() -> None:
    assert load("evidence")["quote"].dropna().str.len().max() <= 120
    addresses = load("sources")["url"].dropna().str.lower()
    assert not addresses.str.contains(r"buddyweb|wisello|localhost|staging\.|studenta|//dev\.").any()
