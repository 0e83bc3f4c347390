"""From the names and codes of users' own frames to the identifiers of actors, and on to other codes.

A name is compared without accents, capitals, punctuation and articles, then as a set of words, so that "Korea, Republic of (the)" is
"Republic of Korea". A spelling that is only similar is never matched; it is proposed.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aistatecraft.errors import DataError, UsageError, nearest
from aistatecraft.package import Package
from aistatecraft.package.installed import installed
from aistatecraft.package.labels import LANGUAGES
from aistatecraft.package.lookup import records_of
from aistatecraft.releases.resolve import package_at

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SCHEMES", "convert", "fold_name", "identify", "word_set"]

SCHEMES = {"iso3": "id", "iso2": "iso2", "m49": "m49", "cow": "cow_code", "gw": "gw_code", "vdem": "vdem_id"}
"""Code schemes, and the field of the table actors that has their codes. Identifiers of states and territories are ISO 3166-1 alpha-3."""
_NUMERIC = ("m49", "cow", "gw", "vdem")
_WHOLE = ("cow", "gw", "vdem")
"""Schemes whose codes are whole numbers; codes of M49 are texts of three digits."""
_MATCHES = ("code", "name", "words", "ambiguous", "unmatched", "missing")
_SHORTENED = {
    "rep": "republic", "dem": "democratic", "fed": "federated", "isl": "islands", "is": "islands", "i": "islands", "terr": "territory", "eq": "equatorial",
    "n": "north", "s": "south", "e": "east", "w": "west", "c": "central", "afr": "african", "st": "saint", "ste": "saint", "herz": "herzegovina",
    "pdr": "peoples democratic republic", "barb": "barbuda", "gren": "grenadines", "fr": "french",
}  # fmt: skip
"""Words that are shortened with a full stop, as in "Dem. Rep.", and what stands for them."""
_ARTICLES = frozenset(("the", "of", "and", "de", "del", "la", "las", "los", "el", "y", "le", "les", "des", "du", "d", "l", "et", "da", "do", "dos", "das", "e", "o", "a", "os", "as"))  # fmt: skip
_PROPOSED = 0.75
"""How similar a name must be to be proposed."""
_LOOKED_AT = 40
"""Names with the most pairs of letters in common, which are compared as a whole."""


def fold_name(text: str) -> str:
    """`text` for comparing names: without accents, capitals, apostrophes and punctuation, with shortened words in full."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character) and unicodedata.category(character) != "Cf")
    plain = re.sub(r"['’‘`´ʻʼ]", "", plain).replace("&", " and ").replace("ß", "ss").replace("ø", "o").replace("ð", "d").replace("ı", "i")
    plain = re.sub(r"\b(?:[a-z]\.){2,}", lambda match: f"{match[0].replace('.', '')} ", plain)  # U.S.A.
    plain = re.sub(r"\b([a-z]+)\.", lambda match: f" {_SHORTENED.get(match[1], match[1])} ", plain)
    words = re.sub(r"[^\w]+|_", " ", plain).split()
    return " ".join("saint" if word in ("st", "ste") else word for word in words)


def word_set(folded: str) -> frozenset[str]:
    """The words of a folded name without articles and prepositions."""
    return frozenset(word for word in folded.split() if word not in _ARTICLES)


class _Hit(NamedTuple):
    match: str
    actors: tuple[str, ...]
    by: str


class _Names:
    """What the actors of some kinds are called and coded, by what is compared."""

    def __init__(self, package: Package, kind: str | None) -> None:
        self.english: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
        self.values: dict[str, dict[str, str]] = {}
        self.by_name: dict[str, dict[str, str]] = defaultdict(dict)  # folded -> actor -> field
        self.by_words: dict[frozenset[str], dict[str, str]] = defaultdict(dict)
        self.spelled: dict[str, list[str]] = defaultdict(list)  # folded -> actors, for proposals
        resource = package.resource("actors")
        listed_kinds = resource.schema.by_name["kind"].categories if "kind" in resource.schema.by_name else ()
        kinds = {category.value for category in listed_kinds} or {values.get("kind", "") for _, values in records_of(package, resource)}
        if kind is not None and kind not in kinds:
            raise UsageError(f"kind={kind!r} is not a kind of actor; {nearest(kind, sorted(kinds))}")
        wanted = kinds if kind is None else {"state", "territory"} if kind == "state" else {kind}
        names = [f"name_{lang}" for lang in LANGUAGES] + ["short_name", "acronym"]
        for actor, values in records_of(package, resource):
            if values.get("kind") not in wanted:
                continue
            self.english[actor], self.values[actor] = values.get("name_en", actor), values
            for scheme, field in SCHEMES.items():
                if values.get(field):
                    self.codes[scheme][values[field].upper()] = actor
            for field in names:
                self._add(values.get(field), actor, field)
        # Earlier versions have no table of variants; what a name means is the same for all.
        listed = installed() if "actor_names" not in package.resources and package.descriptor.get("name") == "aistatecraft" else package
        if "actor_names" in listed.resources:
            for _, values in records_of(listed, listed.resource("actor_names")):
                if values.get("actor") in self.english:
                    self._add(values.get("name"), values["actor"], "actor_names")
        for folded, found in list(self.by_name.items()):
            if found:
                for actor, field in found.items():
                    self.by_words[word_set(folded)].setdefault(actor, field)

    def _add(self, text: str | None, actor: str, field: str) -> None:
        folded = fold_name(text or "")
        if folded:
            self.by_name[folded].setdefault(actor, field)
            self.spelled[folded].append(actor)

    def find(self, value: str, scheme: str | None) -> _Hit:
        """What a value means."""
        text = unicodedata.normalize("NFKC", value).strip()
        if scheme is not None:
            found = self.codes[scheme].get(_coded(text, scheme))
            return _Hit("code", (found,), scheme) if found else _Hit("unmatched", (), "")
        if re.fullmatch(r"[0-9]+(\.0)?", text):
            # 2 is the United States for COW, and another state for V-Dem: a number counts where all schemes that have it agree.
            hits = {one: actor for one in _NUMERIC if (actor := self.codes[one].get(_coded(text, one)))}
            if text.startswith("0"):
                hits = {one: actor for one, actor in hits.items() if one == "m49"}
            return _decided("code", {actor: one for one, actor in reversed(hits.items())})
        folded = fold_name(text)
        if re.fullmatch("[A-Za-z]{2,3}", text) and folded not in self.by_name:
            for one in ("iso3", "iso2"):
                if text.upper() in self.codes[one]:
                    return _Hit("code", (self.codes[one][text.upper()],), one)
        if text in self.codes["iso3"]:
            return _Hit("code", (self.codes["iso3"][text],), "iso3")
        if self.by_name.get(folded):
            return _decided("name", self.by_name[folded])
        words = word_set(folded)
        if words and self.by_words.get(words):
            return _decided("words", self.by_words[words])
        return _Hit("unmatched", (), "")

    @cached_property
    def _sizes(self) -> dict[str, int]:
        return {name: len(_pairs_of(name)) for name in self.spelled}

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        """Folded names by each pair of neighbouring letters in them."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.spelled:
            for pair in _pairs_of(name):
                found[pair].append(name)
        return found

    def near(self, value: str) -> list[str]:
        """Up to three actors with the most similar names."""
        folded = fold_name(value)
        mine, pairs, sizes = word_set(folded), _pairs_of(folded), self._sizes
        shared = Counter(chain.from_iterable(self._pairs.get(pair, ()) for pair in pairs))
        likely = nsmallest(_LOOKED_AT, ((-count / (sizes[name] + len(pairs)), name) for name, count in shared.items()))
        best: dict[str, float] = {}
        for _, name in likely:
            ratio, words = SequenceMatcher(None, name, folded, autojunk=False).ratio(), word_set(name)
            if words and mine and (words < mine or mine < words):  # part of a longer name
                ratio = max(ratio, _PROPOSED + 0.2 * len(words & mine) / len(words | mine))
            for actor in self.spelled[name] if ratio >= _PROPOSED else ():
                best[actor] = max(best.get(actor, 0.0), ratio)
        return sorted(best, key=lambda actor: (-best[actor], actor))[:3]


def _pairs_of(folded: str) -> set[str]:
    return {folded[at : at + 2] for at in range(len(folded) - 1)} or {folded}


def _coded(text: str, scheme: str) -> str:
    if scheme not in _NUMERIC:
        return text.upper()
    digits = text.removesuffix(".0")
    if not digits.isascii() or not digits.isdigit():
        return text
    return digits.zfill(3) if scheme == "m49" else str(int(digits))


def _decided(match: str, found: dict[str, str]) -> _Hit:
    if len(found) == 1:
        ((actor, by),) = found.items()
        return _Hit(match, (actor,), by)
    return _Hit("ambiguous", tuple(sorted(found)), "") if found else _Hit("unmatched", (), "")


def _texts(values: Any) -> tuple[list[str | None], Any]:
    """Values as texts, None where missing, and their index. Whole numbers are written as such, also where pandas made them floats."""
    import pandas as pd

    if isinstance(values, (pd.DataFrame, dict, bytes)) or not (isinstance(values, (pd.Series, str)) or hasattr(values, "__iter__")):
        raise UsageError(f"values: {type(values).__name__} is no column; give a text, a list or a series of names or codes.")
    series = values if isinstance(values, pd.Series) else pd.Series([values] if isinstance(values, str) else list(values), dtype="object")
    texts: list[str | None] = []
    for value in series.astype(object):
        if value is None or (not isinstance(value, str) and pd.api.types.is_scalar(value) and pd.isna(value)):
            texts.append(None)
        elif isinstance(value, float) and value.is_integer():
            texts.append(str(int(value)))
        else:
            text = str(value).strip()
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise UsageError(f"values: {text!r:.60} holds half of a surrogate pair, which no text can; read the file as UTF-8 again.")
            texts.append(text or None)
    return texts, series.index


def _known(word: str | None, choices: Iterable[str], what: str) -> None:
    if word is not None and word not in choices:
        raise UsageError(f"{what}={word!r} is not possible; {nearest(word, list(choices))}")


def identify(
    values: Sequence[Any] | pd.Series,
    *,
    kind: str | None = "state",
    scheme: str | None = None,
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.DataFrame:
    """The actors that names or codes of a frame of your own mean.

    Parameters
    ----------
    values : pandas.Series, list or str
        Names in English, Chinese, Spanish, Portuguese or French, with the variants of the table ``actor_names``; or codes: ISO 3166-1
        alpha-2 and alpha-3, M49, Correlates of War, Gleditsch-Ward, V-Dem. They may be mixed.
    kind : str or None
        ``"state"`` means states and territories, that is whatever has an ISO 3166-1 code (and Kosovo); another kind of the table
        ``actors``, such as ``"company"``, those; None means all actors.
    scheme : str or None
        The code scheme of all values: iso3, iso2, m49, cow, gw or vdem. Where it is None, a number is matched only if all schemes that
        have it mean the same state, and is else ambiguous: 2 is the United States for COW, and 20 Canada for COW but the United
        States for V-Dem.
    path, version : as for `load`

    Returns
    -------
    pandas.DataFrame, one row a value, the index of the series
        value (string, as given); ``id`` (string, the identifier in ``actors``; missing unless exactly one is meant); ``name`` (string,
        in English); ``match`` (category: code, name, words (the same words in another order), ambiguous, unmatched, missing (there is
        no value)); ``matched_by`` (string, the code scheme, or the field or table that has the name); ``candidates`` (string, the identifiers
        that an ambiguous value may mean, joined by "; "); ``proposals`` (string, up to three identifiers with the most similar names
        for an unmatched value). ``attrs`` list the distinct ``unmatched`` and ``ambiguous`` values.

    Raises
    ------
    UsageError
        Where there is no such kind, scheme or version.
    """
    import pandas as pd

    _known(scheme, SCHEMES, "scheme")
    names = _Names(package_at(path, version), kind)
    texts, index = _texts(values)
    known = {text: names.find(text, scheme) for text in dict.fromkeys(texts) if text is not None}
    near = {text: "; ".join(names.near(text)) or None for text, hit in known.items() if hit.match == "unmatched" and scheme is None}
    rows = []
    for text in texts:
        hit = _Hit("missing", (), "") if text is None else known[text]
        actor = hit.actors[0] if len(hit.actors) == 1 else None
        several = "; ".join(hit.actors) if hit.match == "ambiguous" else None
        rows.append((text, actor, names.english.get(actor or ""), hit.match, hit.by or None, several, near.get(text or "")))
    frame = pd.DataFrame(
        rows, columns=["value", "id", "name", "match", "matched_by", "candidates", "proposals"], index=index, dtype="object"
    )
    frame = frame.astype(dict.fromkeys(frame.columns.drop("match"), "string"))
    frame["match"] = pd.Categorical(frame["match"], categories=pd.Index(_MATCHES, dtype="string"))
    for match in ("unmatched", "ambiguous"):
        frame.attrs[match] = [text for text, hit in known.items() if hit.match == match]
    return frame


def convert(
    values: Sequence[Any] | pd.Series,
    to: str = "id",
    *,
    kind: str | None = "state",
    scheme: str | None = None,
    unmatched: Literal["warn", "raise", "ignore"] = "warn",
    path: str | Path | None = None,
    version: str | None = None,
) -> pd.Series:
    """Names or codes of a frame of your own as codes of one scheme, or as names in one language.

    Parameters
    ----------
    values, kind, scheme, path, version : as for `identify`
    to : str
        ``"id"`` or ``"iso3"``, ``"iso2"``, ``"m49"``, ``"cow"``, ``"gw"``, ``"vdem"``; ``"name"`` (English), ``"name_zh"``, ``"name_es"``,
        ``"name_pt"``, ``"name_fr"``.
    unmatched : "warn", "raise" or "ignore"
        What to do where a value is unmatched or ambiguous.

    Returns
    -------
    pandas.Series, the index of `values`
        Int64 for cow, gw and vdem, else string. Missing where the value is missing, is not matched, or means an actor without such a
        code (as Kosovo in M49).

    Raises
    ------
    UsageError
        Where there is no such scheme, kind or version.
    DataError
        With ``unmatched="raise"``, where a value is unmatched or ambiguous.
    """
    import pandas as pd

    fields = {"id": "id", "name": "name_en", **SCHEMES, **{f"name_{lang}": f"name_{lang}" for lang in LANGUAGES}}
    _known(to if to is not None else "None", fields, "to")
    _known(unmatched, ("warn", "raise", "ignore"), "unmatched")
    found = identify(values, kind=kind, scheme=scheme, path=path, version=version)
    left = [*found.attrs["unmatched"], *found.attrs["ambiguous"]]
    if left and unmatched != "ignore":
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        sentence = f"{len(left)} of the distinct values are not matched or are ambiguous: {', '.join(map(repr, left[:5]))}{more}; identify() says what they may mean."
        if unmatched == "raise":
            raise DataError(sentence)
        warnings.warn(sentence, stacklevel=2)
    held = _Names(package_at(path, version), kind).values
    codes = [None if pd.isna(actor) else actor if to in ("id", "iso3") else held[actor].get(fields[to]) for actor in found["id"]]
    if to in _WHOLE:
        return pd.Series([None if code is None else int(code) for code in codes], index=found.index, dtype="Int64", name=to)
    return pd.Series(codes, index=found.index, dtype="string", name=to)
