"""Names and codes of users' frames: what they mean, what is ambiguous, and what is not matched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import aistatecraft as ai
from aistatecraft.analysis.names import fold_name, word_set
from tests.conftest import Make


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", **more}


ACTORS = {
    "fields": [
        text("id"),
        text("kind", categories=["state", "territory", "company", "bloc"]),
        *(text(f"name_{lang}") for lang in ("en", "zh", "es", "pt", "fr")),
        *(text(name) for name in ("acronym", "iso2", "m49")),
        *({"name": name, "type": "integer"} for name in ("cow_code", "gw_code", "vdem_id")),
    ],
    "primaryKey": "id",
}
NAMES = {"fields": [text("actor"), text("name"), text("kind")], "primaryKey": ["actor", "name"]}


@pytest.fixture
def small(make: Make) -> Path:
    actors = (
        "id,kind,name_en,name_zh,name_es,name_pt,name_fr,acronym,iso2,m49,cow_code,gw_code,vdem_id\n"
        "BRA,state,Brazil,巴西,Brasil,Brasil,Brésil,,BR,076,140,140,19\n"
        "CAF,state,Central African Republic,中非,,,République centrafricaine,,CF,140,482,482,71\n"
        "KOR,state,South Korea,韩国,Corea del Sur,,,,KR,410,732,732,42\n"
        "PRK,state,North Korea,朝鲜,,,,,KP,408,731,731,41\n"
        "NAM,state,Namibia,,,,,,NA,516,565,565,127\n"
        "XKX,territory,Kosovo,,,,,,XK,,347,347,43\n"
        "brazil-inc,company,Brazil,,,,,,,,,,\n"
        "EU,bloc,European Union,欧盟,,,,EU,,,,,\n"
    )
    names = "actor,name,kind\nKOR,Republic of Korea,official\nKOR,Korea,common\nPRK,Korea,common\n"
    return make({"actors": (ACTORS, actors), "actor_names": (NAMES, names)})


def test_everything_that_is_told_of_a_value(small: Path) -> None:
    values = ["Brazil", "brasil", "BR", "bra", "076", "Korea (the Republic of)", "Korea", "Brazl", None, "NA", 732.0, 140, "140"]
    found = ai.identify(pd.Series(values, index=range(5, 18)), path=small)
    expected = pd.DataFrame(
        [
            ("Brazil", "BRA", "Brazil", "name", "name_en", None, None),
            ("brasil", "BRA", "Brazil", "name", "name_es", None, None),
            ("BR", "BRA", "Brazil", "code", "iso2", None, None),
            ("bra", "BRA", "Brazil", "code", "iso3", None, None),
            ("076", "BRA", "Brazil", "code", "m49", None, None),
            ("Korea (the Republic of)", "KOR", "South Korea", "words", "actor_names", None, None),
            ("Korea", None, None, "ambiguous", None, "KOR; PRK", None),
            ("Brazl", None, None, "unmatched", None, None, "BRA"),
            (None, None, None, "missing", None, None, None),
            ("NA", "NAM", "Namibia", "code", "iso2", None, None),
            ("732", "KOR", "South Korea", "code", "cow", None, None),
            # 140 is Brazil for COW and Gleditsch-Ward, and the Central African Republic for M49.
            ("140", None, None, "ambiguous", None, "BRA; CAF", None),
            ("140", None, None, "ambiguous", None, "BRA; CAF", None),
        ],
        columns=["value", "id", "name", "match", "matched_by", "candidates", "proposals"],
        index=range(5, 18),
    ).astype("string")
    kinds = pd.Index(["code", "name", "words", "ambiguous", "unmatched", "missing"], dtype="string")
    expected["match"] = pd.Categorical(expected["match"], categories=kinds)
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs == {"unmatched": ["Brazl"], "ambiguous": ["Korea", "140"]}


@pytest.mark.parametrize(
    ("scheme", "values", "expected"),
    [
        ("cow", [140, "140", 140.0, 999, None], ["BRA", "BRA", "BRA", None, None]),
        ("m49", [140, "76", "076", "Brazil"], ["CAF", "BRA", "BRA", None]),
        ("vdem", [19, 43], ["BRA", "XKX"]),
        ("iso2", ["na", "BRA"], ["NAM", None]),
    ],
)
def test_codes_of_a_scheme_that_is_named(small: Path, scheme: str, values: list[Any], expected: list[str | None]) -> None:
    found = ai.identify(values, scheme=scheme, path=small)
    assert [None if actor is pd.NA else actor for actor in found["id"]] == expected


def test_kinds(small: Path) -> None:
    assert ai.identify(["Brazil"], kind="company", path=small)["id"].tolist() == ["brazil-inc"]
    both = ai.identify(["Brazil", "EU"], kind=None, path=small)
    assert (both["candidates"].tolist(), both["id"].tolist()) == (["BRA; brazil-inc", pd.NA], [pd.NA, "EU"])
    assert ai.identify("欧盟", path=small)["match"].tolist() == ["unmatched"]
    with pytest.raises(ai.UsageError, match=r"kind='sate' is not a kind of actor; did you mean state\?"):
        ai.identify(["x"], kind="sate", path=small)
    with pytest.raises(ai.UsageError, match="scheme='isoo' is not possible; did you mean iso3 or iso2"):
        ai.identify(["x"], scheme="isoo", path=small)


def test_convert(small: Path) -> None:
    given = pd.Series(["Brazil", "Kosovo", None, "Korea"], index=list("abcd"))
    with pytest.warns(UserWarning, match="1 of the distinct values are not matched or are ambiguous: 'Korea'; identify"):
        cow = ai.convert(given, to="cow", path=small)
    pd.testing.assert_series_equal(cow, pd.Series([140, 347, None, None], index=list("abcd"), dtype="Int64", name="cow"))
    m49 = ai.convert(given, to="m49", path=small, unmatched="ignore")
    pd.testing.assert_series_equal(m49, pd.Series(["076", None, None, None], index=list("abcd"), dtype="string", name="m49"))
    assert ai.convert(["BR"], to="name_fr", path=small).tolist() == ["Brésil"]
    with pytest.raises(ai.DataError, match="'Korea'"):
        ai.convert(given, path=small, unmatched="raise")
    with pytest.raises(ai.UsageError, match="to='cows' is not possible; did you mean cow"):
        ai.convert(given, to="cows", path=small)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Côte d’Ivoire", "COTE D'IVOIRE"), ("U.S.A.", "USA"), ("Dem. Rep. Congo", "Democratic Republic Congo"), ("St. Lucia", "Saint Lucia"),
        ("Bosnia & Herz.", "Bosnia and Herzegovina"), ("ＢＲＡ", "bra"), ("S. Sudan", "South Sudan"), ("Türkiye", "turkiye"),
    ],
)  # fmt: skip
def test_spellings_of_one_name(a: str, b: str) -> None:
    assert fold_name(a) == fold_name(b)


def test_words_are_compared_as_a_set_and_none_is_dropped_but_articles() -> None:
    assert word_set(fold_name("Korea, Republic of (the)")) == word_set(fold_name("Republic of Korea"))
    assert word_set(fold_name("Guinea, Equatorial")) != word_set(fold_name("Guinea"))


@pytest.mark.real
def test_the_real_tables() -> None:
    actors = ai.load("actors").query("kind in ['state', 'territory']")
    for field, scheme in [("id", "iso3"), ("iso2", "iso2"), ("m49", "m49"), ("cow_code", "cow"), ("gw_code", "gw"), ("vdem_id", "vdem")]:
        own = actors.dropna(subset=[field])
        assert ai.identify(own[field], scheme=scheme)["id"].tolist() == own["id"].tolist(), field
    # A name of everyday use means its own state, or says that it may mean several.
    for lang in ("en", "zh", "es", "pt", "fr"):
        own = actors.dropna(subset=[f"name_{lang}"])
        found = ai.identify(own[f"name_{lang}"])
        pairs = [pair for pair in zip(found["id"], own["id"], strict=True) if pair[0] is not pd.NA]
        assert [mine for mine, _ in pairs] == [theirs for _, theirs in pairs] and not found.attrs["unmatched"], lang


@pytest.mark.real
@pytest.mark.parametrize("version", [None, "0.1.0", "0.3.0"])
def test_common_variants(version: str | None) -> None:
    meant = {
        "Ivory Coast": "CIV", "Burma": "MMR", "Holland": "NLD", "Republic of Korea": "KOR", "Korea, Dem. People's Rep.": "PRK", "Congo-Kinshasa": "COD",
        "Congo, Dem. Rep.": "COD", "Congo, Rep.": "COG", "Czech Republic": "CZE", "Turkey": "TUR", "Swaziland": "SWZ", "Cape Verde": "CPV",
        "Viet Nam": "VNM", "Russian Federation": "RUS", "Deutschland": "DEU", "英國": "GBR", "Bolivia (Plurinational State of)": "BOL", "UK": "GBR", "U.S.": "USA",
        "Palestine": "PSE", "Korea": None, "Virgin Islands": None, "Yugoslavia": None, "Europe": None, "Narnia": None,
    }  # fmt: skip
    found = ai.identify(list(meant), version=version)
    assert {value: None if actor is pd.NA else actor for value, actor in zip(found["value"], found["id"], strict=True)} == meant
