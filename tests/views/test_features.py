"""Table 1 of document 000, rebuilt from codes: the strategies, the features, the cells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aistatecraft.errors import UsageError
from aistatecraft.views import readable, strategy_features
from aistatecraft.views.strategy_features_view import FEATURES
from aistatecraft.views.tables import open_tables
from tests.conftest import ROOT
from tests.views.sample import PAPER, STATES, code, coding, package

FOUR = ["R&D input", "Application focus", "Regulatory focus", "Cooperation preference"]
EIGHT = ["Argentina", "Brazil", "Chile", "Colombia", "Costa Rica", "Mexico", "Peru", "Uruguay"]


def paper() -> pd.DataFrame:
    """What the paper codes in the real package; other coders may code further strategies."""
    found = strategy_features(path=ROOT)
    return found[found["coder"] == "cai-hou-2026-hedging"]


@pytest.mark.real
def test_the_eight_rows_and_four_columns_of_table_1() -> None:
    table = readable(paper())
    assert table.columns.tolist() == ["Jurisdiction", "Strategy", *FOUR]
    assert table["Jurisdiction"].tolist() == EIGHT
    # Each cell is filled; the two Colombian documents share a row, as they do in print.
    assert table[FOUR].ne("").all(axis=None)
    assert table["Strategy"].str.count("; ").tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert table.set_index("Jurisdiction").loc["Colombia", "Strategy"].startswith("CONPES 3975: ")


@pytest.mark.real
def test_cells_of_table_1() -> None:
    labels = paper().dropna(subset=["element"]).groupby(["jurisdiction", "feature_label"])["element_label"].apply(set)
    assert labels["BRA", "R&D input"] == {
        "Limited basic input",
        "High-performance computing",
        "Domestic talent",
        "Reserve of strategic capacity",
        "Less external dependence",
    }
    assert labels["URY", "Regulatory focus"] == {"Data privacy", "Data security", "GDPR principles", "Institution building first"}
    assert (
        labels["MEX", "Cooperation preference"] == {"USMCA norms", "Independent voice of the legislature"}
        or len(labels["MEX", "Cooperation preference"]) == 2
    )
    # Four strategies aim at high-level application, the other four at application.
    high = {actor for (actor, _), found in labels.items() if "High-level application first" in found}
    assert high == {"ARG", "BRA", "CHL", "COL"}
    assert {actor for (actor, _), found in labels.items() if "Application first" in found} == {"CRI", "MEX", "PER", "URY"}


@pytest.mark.real
def test_chinese_labels_are_those_of_the_paper() -> None:
    found = strategy_features("COL", "ury-enia-2024", path=ROOT, lang="zh")
    found = found[found["coder"] == "cai-hou-2026-hedging"]
    table = readable(found).set_index("国家")
    assert table.columns.tolist() == ["战略名称", "研发投入", "应用侧重", "监管侧重", "合作偏好"]
    assert table.index.tolist() == ["哥伦比亚", "乌拉圭"]
    assert table.loc["哥伦比亚", "战略名称"] == "国家数字化转型和人工智能政策 (2019); 人工智能伦理框架 (2021)"
    assert "国际人权框架合规" in table.loc["哥伦比亚", "监管侧重"].split("；")


@pytest.mark.real
def test_each_coding_is_one_row() -> None:
    tables = open_tables(ROOT)
    codes = {row["id"] for row in tables["codes"] if row["scheme"] == "strategy-features"}
    coded = sorted((str(row["record_id"]), str(row["code"]), str(row["coder"])) for row in tables["codings"] if row["code"] in codes)
    found = strategy_features(path=ROOT)
    assert sorted(zip(found["strategy"], found["element"].fillna(found["feature"]), found["coder"], strict=True)) == coded


@pytest.fixture
def small(tmp_path: Path) -> Path:
    two = {"language": "en", "kind": "strategy"}
    return package(
        tmp_path / "small",
        {
            "actors": STATES,
            "sources": [PAPER],
            "codes": [code("strategy-features.rd"), code("strategy-features.rd.low", 2, parent="strategy-features.rd", label_zh="低"), code("strategy-features.use", 3)],
            "strategies": [
                {"id": "bra-one", "jurisdiction": "BRA", "title_en": "One", "adopted": "2021-04", **two},
                {"id": "bra-two", "jurisdiction": "BRA", "title_en": "Two", **two},
                {"id": "chl-x", "jurisdiction": "CHL", "title_en": "X", **two},
            ],
            "codings": [
                {"record_table": "strategies", "record_id": strategy, "code": "strategy-features.rd", "coder": "paper", "reason": "Little."}
                for strategy in ("bra-one", "bra-two")
            ]
            + coding("strategies", "bra-one", "strategy-features.rd.low")
            + coding("strategies", "chl-x", "strategy-features.use", coder="other"),
        },
    )  # fmt: skip


def test_tidy_rows_and_the_wide_form(small: Path) -> None:
    found = strategy_features(path=small)
    assert found.columns.tolist() == [column.name for column in FEATURES]
    assert found[["strategy", "feature", "element", "said", "adopted"]].astype(object).where(found[["strategy", "feature", "element", "said", "adopted"]].notna(), None).to_numpy().tolist() == [
        ["bra-one", "strategy-features.rd", None, "Little.", "2021-04"],
        ["bra-one", "strategy-features.rd", "strategy-features.rd.low", "bra-one is strategy-features.rd.low", "2021-04"],
        ["bra-two", "strategy-features.rd", None, "Little.", None],
        ["chl-x", "strategy-features.use", None, "chl-x is strategy-features.use", None],
    ]  # fmt: skip
    assert readable(found).to_numpy().tolist() == [
        ["Brazil", "One (2021); Two", "Little.", "", "paper"],
        ["Chile", "X", "", "chl-x is strategy-features.use", "other"],
    ]
    assert readable(strategy_features("bra-one", path=small, lang="zh")).to_numpy().tolist() == [["巴西", "One (2021)", "低", ""]]


def test_a_name_that_is_not_coded(small: Path) -> None:
    with pytest.raises(UsageError, match=r"^'USA' is neither a strategy coded for its features nor a jurisdiction with one; "):
        strategy_features("USA", path=small)
    with pytest.raises(UsageError, match=r"did you mean bra-one"):
        strategy_features("bra-on", path=small)
