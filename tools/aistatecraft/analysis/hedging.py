"""A measure of hedging per state and year, derived by this project from acts toward initiatives of rival powers.

It is no coding of any paper and no rating of states: it says how evenly the acts of a state, as far as they are known, are spread over the
initiatives that the powers lead. The hedging that the literature describes has further means (technology, institutions, standards),
which the view ``views.hedging`` has and this measure does not see.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from aistatecraft.analysis.acts import LEADERS, Act, Acts, states_of, year_of
from aistatecraft.analysis.rows import framed, open_rows, whole_number, words_of
from aistatecraft.errors import UsageError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VARIANTS", "evenness", "hedging_measure", "hedging_sensitivity"]

POWERS = ("us", "eu", "china")
VARIANTS = {
    "measure": "acts of joining and of support, all three powers, all years up to this one",
    "joined_only": "without support such as co-sponsoring",
    "with_covered": "with texts that only a bloc of the state joined",
    "us_china": "the United States and China alone",
    "with_brics": "with BRICS as a fourth power",
    "recent": "acts of this year and the two before alone",
    "balance": "1 - |US - China| / (US + China) in place of evenness",
}
"""The variants by which the choices of the measure are tested, and what each changes."""


def evenness(counts: Sequence[int]) -> float | None:
    """How evenly counts are spread: Shannon's entropy divided by its maximum (Pielou 1966); 0 to 1, None where all are 0."""
    total = sum(counts)
    if total == 0 or len(counts) < 2:
        return None
    shares = [count / total for count in counts if count]
    return abs(-sum(share * math.log(share) for share in shares)) / math.log(len(counts))


def _balance(us: int, china: int) -> float | None:
    return 1 - abs(us - china) / (us + china) if us + china else None


def _range(counts: Sequence[int], unknown: Sequence[int]) -> tuple[float | None, float | None]:
    """Lowest and highest evenness, if each unknown act may have happened or not."""
    found = [made for extra in product(*(range(more + 1) for more in unknown)) if (made := evenness([a + b for a, b in zip(counts, extra, strict=True)])) is not None]  # fmt: skip
    return (min(found), max(found)) if found else (None, None)


class _Counts:
    """Acts of states by leading power, cumulative by year, with texts whose list is partial and does not name the state."""

    def __init__(self, known: Acts) -> None:
        self.known = known
        self.years = {text: when[0].year for text in known.texts if (when := known.when(text)) is not None and when[0].year == when[1].year}
        self.covering: dict[tuple[str, str], bool] = {}
        self.unknown_year: set[tuple[str, str]] = {key for key, act in known.found.items() if year_of(act) is None}

    def covered(self, text: str, state: str) -> bool:
        if (text, state) not in self.covering:
            self.covering[text, state] = bool(self.known.covered(text, state))
        return self.covering[text, state]

    def of(self, state: str, year: int, powers: Iterable[str], *, stances: tuple[str, ...] = ("joined", "supported"), covered: bool = False, window: int | None = None) -> list[int]:  # fmt: skip
        first = year - window + 1 if window else -1
        found = dict.fromkeys(powers, 0)
        for text, leader in self.known.leaders.items():
            if leader not in found or text not in self.known.texts:
                continue
            act: Act | None = self.known.found.get((text, state))
            when = year_of(act) if act is not None else self.years.get(text)
            if when is None or not first <= when <= year:
                continue
            found[leader] += act.stance in stances if act is not None else covered and self.covered(text, state)
        return list(found.values())

    def missing(self, state: str, year: int, powers: Iterable[str]) -> list[int]:
        """Texts up to a year that may hide an act: the list is partial and does not name the state, or the year of its act is not known."""
        found = dict.fromkeys(powers, 0)
        for text, leader in self.known.leaders.items():
            if leader not in found or text not in self.known.texts:
                continue
            if (text, state) in self.known.found:
                act = self.known.found[text, state]
                hidden = (
                    (text, state) in self.unknown_year
                    and act.stance in ("joined", "supported")
                    and act.first is not None
                    and act.first.year <= year
                )
            else:
                hidden = self.known.listed(text) == "partial" and self.years.get(text, year + 1) <= year
            found[leader] += hidden
        return list(found.values())


def hedging_measure(
    *,
    start: int | None = None,
    end: int | None = None,
    states: Sequence[str] | None = None,
    powers: Sequence[str] = POWERS,
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """How evenly states spread their acts over initiatives of rival powers, by year: a measure derived by this project.

    Parameters
    ----------
    start, end : int or None
        First and last year; where they are None, those of the first and last act toward the powers.
    states : list of str or None
        States, by identifier or name; all where it is None.
    powers : list of str
        Two or more of us, eu, china, un, brics, other; see the scheme initiative-leader.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a state and year
        state, name (string), year (Int64); for each power ``acts_POWER`` (Int64: declarations led by it that the state joined or supported up to
        31 December, as far as known) and ``unknown_POWER`` (Int64: declarations of which the list is partial and does not name the
        state, or the year of its act is not known); ``total`` (Int64, sum of the acts); ``measure`` (Float64, 0 to 1), ``low`` and ``high``
        (Float64: its range if every unknown act may have happened or not); and the variants of `VARIANTS` (Float64). All measures are
        missing, and not 0, where no act is known. ``attrs`` hold version, powers and ``derived`` (that it is this project's own).

    Notes
    -----
    With n acts toward each of the k powers and shares p = n / sum(n), the measure is ``-sum(p ln p) / ln k``: Shannon's entropy (1948) in
    units of its maximum, which Pielou (1966, J. Theor. Biol. 13: 131-144) calls evenness. It is 0 where all acts are toward one power and 1
    where they are spread evenly. It does not tell one act each from ten: read it with ``total``.

    Raises
    ------
    UsageError
        Where there is no such state, power or version, or the years are none.
    """
    powers, start, end = tuple(words_of(powers, "powers")), whole_number(start, "start"), whole_number(end, "end")
    for power in powers:
        if power not in LEADERS:
            raise UsageError(f"powers: {power!r} is not one; {nearest(power, list(LEADERS))}")
    if len(set(powers)) < 2:
        raise UsageError("powers: evenness needs two powers or more; name them, such as us, china.")
    known = Acts(open_rows(path, version))
    counts = _Counts(known)
    acted = [year for (text, _), act in known.found.items() if known.leaders.get(text) in powers and (year := year_of(act)) is not None]
    first, last = start if start is not None else min(acted, default=2023), end if end is not None else max(acted, default=2023)
    if not 1816 <= first <= last <= 2100:
        raise UsageError(f"the years {first} to {last} are no period; give start and end between 1816 and 2100, the earlier first.")
    chosen = [known.rows.resolve("actors", state) for state in words_of(states, "states")] if states is not None else states_of(known.rows)
    rows = []
    for state in chosen:
        for year in range(first, last + 1):
            own, hidden = counts.of(state, year, powers), counts.missing(state, year, powers)
            low, high = _range(own, hidden) if sum(own) else (None, None)
            us, china = counts.of(state, year, ("us", "china"))
            pairs = [number for pair in zip(own, hidden, strict=True) for number in pair]
            rows.append([
                state, known.rows.actor_name(state), year, *pairs, sum(own), evenness(own), low, high,
                evenness(counts.of(state, year, powers, stances=("joined",))), evenness(counts.of(state, year, powers, covered=True)),
                evenness([us, china]), evenness(counts.of(state, year, dict.fromkeys((*powers, "brics")))),
                evenness(counts.of(state, year, powers, window=3)), _balance(us, china),
            ])  # fmt: skip
    numbers = {f"{what}_{power}": "Int64" for power in powers for what in ("acts", "unknown")}
    columns = {"state": "string", "name": "string", "year": "Int64", **numbers, "total": "Int64", "measure": "Float64", "low": "Float64", "high": "Float64", **dict.fromkeys(list(VARIANTS)[1:], "Float64")}  # fmt: skip
    frame = framed(rows, columns)
    frame.attrs.update(version=known.rows.package.version, powers=tuple(powers), derived="derived by this project; no coding of a paper")
    return frame


def hedging_sensitivity(year: int, *, path: str | Path | None = None, version: str | None = None) -> pd.DataFrame:
    """How far the order of states depends on the choices of `hedging_measure`.

    Parameters
    ----------
    year : the year in which the variants are compared
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a variant
        variant, changes (string: what it changes); ``states`` (Int64, states that have a value); ``average`` (Float64); ``both`` (Int64, states that have
        it and the measure); ``spearman`` (Float64, rank correlation with the measure over these; missing with fewer than three or where one
        of the two does not vary); ``switched`` (Int64: states of which one of the two says 0 and the other more).
    """
    year = whole_number(year, "year") or 0
    frame = hedging_measure(start=year, end=year, path=path, version=version)
    rows = []
    for variant, changes in VARIANTS.items():
        both = frame[["measure", variant]].dropna() if variant != "measure" else frame[["measure"]].dropna().assign(again=frame["measure"])
        a, b = both.iloc[:, 0], both.iloc[:, 1]
        varies = len(both) > 2 and a.nunique() > 1 and b.nunique() > 1
        # Spearman's coefficient is Pearson's of the ranks; pandas would need SciPy for it.
        spearman = float(a.rank().astype(float).corr(b.rank().astype(float))) if varies else None
        switched = int(((a == 0) != (b == 0)).sum())
        values = frame[variant].dropna()
        rows.append([variant, changes, len(values), float(values.mean()) if len(values) else None, len(both), spearman, switched])
    columns = {
        "variant": "string",
        "changes": "string",
        "states": "Int64",
        "average": "Float64",
        "both": "Int64",
        "spearman": "Float64",
        "switched": "Int64",
    }
    made = framed(rows, columns)
    made.attrs.update(version=frame.attrs["version"], derived=frame.attrs["derived"])
    return made
