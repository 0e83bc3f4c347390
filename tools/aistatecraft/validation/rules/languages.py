"""Texts in the language that their field promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aistatecraft.validation.rules.base import Context, Problem, rule

if TYPE_CHECKING:
    import pandas as pd

_OTHER_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0900-\u097f]")
_HAN_LETTERS = re.compile("[\u3400-\u9fff]")
_LATIN_LETTERS = re.compile("[A-Za-z\xc0-\u024f]")
_NAME_LIKE = re.compile(r"[A-Z0-9][^\s]*(?: [A-Z0-9][^\s]*)*")
_ENGLISH = ("title_en", "name_en", "label_en", "summary", "statement", "description", "definition", "question", "coded", "reason", "unit")
_OTHERS = {"name_es": "Spanish", "name_pt": "Portuguese", "name_fr": "French"}
_FOREIGN = {name: re.compile(letters) for name, letters in (("name_es", "[ãõœè]"), ("name_pt", "[ñœè]"), ("name_fr", "[ñãõáíóú]"))}
"""Letters that the language does not have. Names that are equal in two languages are left alone."""
_WORDS = {
    "en": frozenset(["the", "of", "and", "for", "on", "with", "to", "by", "from"]),
    "es": frozenset(["el", "la", "los", "las", "del", "y", "para", "por", "con", "una"]),
    "pt": frozenset(["do", "da", "dos", "das", "e", "para", "por", "com", "uma", "em", "os", "ao"]),
    "fr": frozenset(["le", "les", "des", "du", "et", "pour", "par", "avec", "une", "sur", "aux"]),
}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 2


@rule("script-fits", scope="cell")
def script_fits(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """A text has the script of its language: `title_zh` and other Chinese fields have Chinese characters, unless it is a name that is
    written alike everywhere (ChatGPT), and English, Spanish, Portuguese and French fields are not written in another script."""
    hint = "the cells of two languages may be exchanged; write each in its field"
    for column in context.schema.fields:
        name = column.name
        if column.type != "string" or not (name.endswith("_zh") or name in _ENGLISH or name in _OTHERS):
            continue
        texts = context.column(context.table, name)
        if name.endswith("_zh"):
            for number, text in enumerate(texts):
                if text is not None and not _HAN_LETTERS.search(text) and not _same_everywhere(text):
                    yield Problem(number, name, f"{text[:60]!r} has no Chinese character", hint)
        elif _OTHER_SCRIPT.search("\n".join(filter(None, texts))):
            for number, text in context.present(name):
                if _OTHER_SCRIPT.search(text) and sum(map(str.isalpha, text)) > 2 * len(_LATIN_LETTERS.findall(text)):
                    language = _OTHERS.get(name, "English")
                    yield Problem(number, name, f"{text[:60]!r} is not written in the letters of {language}", hint)


def _same_everywhere(text: str) -> bool:
    """Whether a text looks like a name that stays as it is in every language: ChatGPT, NVIDIA AI Enterprise."""
    return _NAME_LIKE.fullmatch(text) is not None and len(text) <= 40 and len(text.split()) <= 4


@rule("language-fits", scope="row")
def language_fits(frame: pd.DataFrame, context: Context) -> Iterator[Problem]:
    """The title in the original language is in the language that `language` names, as far as script and small words (the, del, dos, les)
    show; and a Spanish, Portuguese or French name has no letters of another of these languages."""
    hint = "correct the language, or write the text in the field of its language"
    for name, foreign in _FOREIGN.items():
        if name in context.schema.by_name:
            english = set(context.column(context.table, "name_en"))
            for number, text in context.present(name):
                if foreign.search(text) and text not in english:
                    yield Problem(number, name, f"{text!r} has letters that {_OTHERS[name]} does not use", hint)
    title = next((name for name in ("title_original", "title") if name in context.schema.by_name), "")
    if not title or "language" not in context.schema.by_name:
        return
    for number, text, language in context.rows(context.table, title, "language"):
        if text is None or text.startswith("["):  # a title of ours, for a source that has none
            continue
        if language == "zh" and not _HAN_LETTERS.search(text):
            if len(text.split()) > 8:
                yield Problem(number, "language", f"{text[:60]!r} has no Chinese character, but the language is {language!r}", hint)
        elif language in _WORDS:
            words = set(_WORD.findall(text.lower()))
            others = {other: len(words & known) for other, known in _WORDS.items()}
            likely = max(others, key=others.__getitem__)
            if _HAN_LETTERS.search(text) and not _LATIN_LETTERS.search(text):
                yield Problem(number, "language", f"{text[:60]!r} is Chinese or Japanese, but the language is {language!r}", hint)
            elif not others[language] and others[likely] > _ENOUGH:
                yield Problem(number, "language", f"{text[:60]!r} looks like {likely!r}, but the language is {language!r}", hint)
