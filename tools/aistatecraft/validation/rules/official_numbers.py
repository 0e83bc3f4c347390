"""Official numbers in the formats of their issuers. Only a number with a recognizable label can be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from aistatecraft.validation.rules.base import Context, Problem, rows, rule

if TYPE_CHECKING:
    import pandas as pd


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


_DATED = ("proposed", "adopted", "in_force_from", "ended")


@rule("official-number", scope="row", needs=("official_number",))
def official_number(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A number that is labelled as an executive order, a Federal Register citation, a CELEX number, an EU act or a UN resolution has the
    format of one."""
    dated = [name for name in _DATED if name in frame.columns]
    for row, number, *dates in rows(frame, "official_number", *dated, only=frame["official_number"].notna()):
        broken = next((shape for shape in _SHAPES if len(shape.claim.findall(number)) != len(shape.form.findall(number))), None)
        if broken is not None:
            message = f"{number!r} does not have the form of {broken.example}"
            yield Problem(row, "official_number", message, f"write it like {broken.example}")
            continue
        years = [int(date[:4]) for date in dates if date]
        for volume in _VOLUME.findall(number):
            if not volume.isdecimal():
                message = f"{number!r} does not name a volume of the Federal Register"
                yield Problem(row, "official_number", message, "write it like 87 FR 62186")
            elif years and not any(abs(int(volume) + _FIRST_VOLUME - year) <= 1 for year in years):
                message = (
                    f"volume {volume} of the Federal Register is from {int(volume) + _FIRST_VOLUME}, but no date in the row is close to it"
                )
                yield Problem(row, "official_number", message, "check the citation and the dates")
