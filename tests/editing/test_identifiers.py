"""Identifiers proposed for new records."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from aistatecraft.editing import propose
from aistatecraft.package import Package, open_package

ROOT = Path(__file__).resolve().parents[2]


@cache
def package() -> Package:
    return open_package(ROOT)


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("strategies", {"jurisdiction": "BRA", "title_en": "Brazilian Artificial Intelligence Strategy (EBIA)", "adopted": "2021-04-06"}, "bra-ebia-2021"),
        ("strategies", {"jurisdiction": "CHL", "title_en": "National Artificial Intelligence Policy", "adopted": "2021"}, "chl-ai-policy-2021"),
        ("strategies", {"jurisdiction": "EU", "title_en": "Stratégie de l'Union", "period_start": "2030"}, "eu-strategie-lunion-2030"),
        ("strategies", {"jurisdiction": "CHN", "title_en": "国家人工智能规划"}, ""),
        ("instruments", {"jurisdiction": "USA", "title_en": "Removing Barriers to American Leadership in AI", "adopted": "2025-01-23"}, "usa-removing-barriers-american-leadership-2025"),
        ("declarations", {"title_en": "Santiago Declaration", "date": "2023-10-24"}, "santiago-declaration-2023"),
        ("indices", {"index_name": "ilia", "edition": "2026", "title_en": "ILIA"}, "ilia-2026"),
        ("indicators", {"actor": "LAC", "name_en": "Share of world AI investment", "period": "2024"}, "lac-share-world-ai-investment-2024"),
        ("provisions", {"record_id": "ilia-2025", "title_en": "First tier", "record_table": "indices"}, "ilia-2025-first-tier"),
        ("claims", {"source": "paper", "label_en": "Pressure from outside", "locator": "3"}, "paper-pressure-outside"),
        ("codes", {"scheme": "tier", "label_en": "The first"}, "tier.first"),
        ("schemes", {"title_en": "Challenge to hedging"}, "challenge-hedging"),
        ("sources", {"authors": "Cai Cuihong, Hou Lexuan", "title": "A study of hedging", "published": "2026-01-04"}, "cai-cuihong-2026-study-hedging"),
        ("sources", {"publisher": "100% Seguro", "title": "El Gobierno creó una Mesa"}, "100-seguro-gobierno-creo"),
        ("actors", {"kind": "state", "name_en": "Chile"}, ""),
        ("actors", {"kind": "organisation", "name_en": "Group of Seven", "acronym": "G7"}, "G7"),
        ("actors", {"kind": "government_body", "name_en": "Ministry of Science", "parent": "CHL", "acronym": "MinCiencia"}, "chl-minciencia"),
        ("memberships", {"bloc": "CELAC", "member": "BRA"}, ""),
    ],
)  # fmt: skip
def test_proposal(table: str, row: dict[str, str], expected: str) -> None:
    assert propose(package().resource(table).schema, row, ()) == expected


def test_proposal_that_is_taken_is_counted_on() -> None:
    row = {"jurisdiction": "BRA", "title_en": "Strategy (EBIA)", "adopted": "2021"}
    assert propose(package().resource("strategies").schema, row, {"bra-ebia-2021", "bra-ebia-2021-2"}) == "bra-ebia-2021-3"
