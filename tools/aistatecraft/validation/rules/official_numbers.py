"""Official numbers in the shapes that their issuers give them. Only a number that says what it is can be judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from aistatecraft.validation.rules.base import Problem, RuleContext, rule


class NumberShape(NamedTuple):
    """A kind of number: how it announces itself, how all of it looks, and an example."""

    claim: re.Pattern[str]
    form: re.Pattern[str]
    example: str


_SHAPES = tuple(
    NumberShape(re.compile(claim), re.compile(claim + form), example)
    for claim, form, example in (
        (r"\b(?:EO|E\.O\.|Executive Order)(?=\W)", r" (?:No\. )?1[0-9]{4}(?![0-9A-Za-z])", "EO 14179"),
        (r"\bFR Doc\b", r"\. (?:19|20)[0-9]{2}-[0-9]{5}(?![-/0-9A-Za-z])", "FR Doc. 2022-21658"),
        (r"(?<![A-Za-z])FR(?! Doc)(?=[ 0-9]|$)", r" [0-9]{1,6}(?![-/0-9A-Za-z])", "87 FR 62186"),
        (r"\bCELEX\b", r":? ?(?:3(?:19|20)[0-9]{2}[LRDH][0-9]{4}|5(?:19|20)[0-9]{2}[A-Z]{2}[0-9]{4})(?![0-9A-Za-z])", "CELEX 32024R1689"),
        (r"\b(?:Regulation|Directive|Decision|Recommendation) \(EU\)", r" (?:No )?(?:20[0-9]{2}/[0-9]{1,4}|[0-9]{1,4}/20[0-9]{2})(?![0-9A-Za-z])", "Regulation (EU) 2024/1689"),
        (r"\bA/RES/", r"[1-9][0-9]?/[1-9][0-9]{0,2}(?![-/0-9A-Za-z])", "A/RES/78/265"),
    )
)  # fmt: skip
_VOLUME = re.compile(r"(?<![0-9A-Za-z])(\S{0,40}) ?FR [0-9]")
_FIRST_VOLUME = 1935
"""The Federal Register's volume 1 is that of 1936."""


@rule("official-number", scope="row", needs=("official_number",))
def official_number(name: str, tables: RuleContext) -> Iterator[Problem]:
    """A number that is labelled as an executive order, a Federal Register citation, a CELEX number, an EU act or a UN resolution has the
    format of one."""
    for row in tables.rows(name):
        number = row["official_number"]
        if number is None:
            continue
        broken = next((shape for shape in _SHAPES if len(shape.claim.findall(number)) != len(shape.form.findall(number))), None)
        if broken is not None:
            yield Problem(
                row["_row"], "official_number", f"{number!r} does not have the form of {broken.example}", f"write it like {broken.example}"
            )
            continue
        for volume in _VOLUME.findall(number):
            years = _years(row)
            if not volume.isdecimal():
                yield Problem(
                    row["_row"], "official_number", f"{number!r} names no volume of the Federal Register", "write it like 87 FR 62186"
                )
            elif years and not any(abs(int(volume) + _FIRST_VOLUME - year) <= 1 for year in years):
                yield Problem(
                    row["_row"],
                    "official_number",
                    f"volume {volume} of the Federal Register is that of {int(volume) + _FIRST_VOLUME}, and no date of the row is near it",
                    "look the citation and the dates up again",
                )


def _years(row: Mapping[str, Any]) -> list[int]:
    return [int(row[field][:4]) for field in ("proposed", "adopted", "in_force_from", "ended") if row.get(field)]
