"""Text that looks right and is not: composed and decomposed letters, stray white space, control characters, mojibake,
letters of other scripts, markup, stray quotes, texts pasted twice, and what spreadsheets leave behind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from aistatecraft.validation.homoglyphs import as_latin, look_alike
from aistatecraft.validation.report import CellProblem
from aistatecraft.validation.spreadsheet import cell_damage

__all__ = ["ESCAPE", "MARKS", "MOJIBAKE", "NULL_WORDS", "any_repeated", "any_stray_quotes", "any_wrong_han", "faults_of_text", "markup"]

_CONTINUATION = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122"
_LETTER = "A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff"
_SIGN = "\xa1-\xa9\xab\xac\xae-\xb4\xb6\xb8\xb9\xbb-\xbf\xd7\xf7†‡‰‹›‚„ˆ˜˙√"
MOJIBAKE = re.compile(
    # Each branch looks back at its first letter: the search for one of a set of letters is fast, that for one of many branches is not.
    f"[ÃâÂ\xe3-\xe9ÐÑĂ\ufffd\u2500-\u257f\u2591-\u2593{_SIGN}À-ÖØ-Þ](?:"
    # UTF-8 read as Windows-1252 or Latin-1, and as Latin-2
    f"(?<=[ÃÐÑ])[{_CONTINUATION}]|(?<=â)€|(?<=Â)[\xa0-\xbf]|(?<=[\xe3-\xe9])[{_CONTINUATION}]{{2}}(?<![’”–—]{{2}})"
    "|(?<=Ă)[\xa7\xa8\xb4ĄŁŠŞłľśźąş]|(?<=\ufffd)"
    # UTF-8 read as code page 437 or 850, and as Mac Roman
    "|(?<=[\u2500-\u257f\u2591-\u2593])|(?<=√)[\xa1-\xff™≠≥≤∞∂∑∏π∫Ω]|(?<=‚)Ä"
    # one byte for each letter, read as one of another code page: a sign or a capital stands inside a word
    f"|(?<=[{_LETTER}][{_SIGN}])[{_LETTER}]|(?<=[a-z][À-ÖØ-Þ])[a-z]"
    ")"
)
_HAN_INSIDE = re.compile("[\u3400-\u9fff\uff61-\uff9f](?:(?<=[a-z].)[a-z]{2}|(?<=[a-z][a-z].)[a-z]|(?<=[a-z][\uff61-\uff9f]))")
"""A Han letter or half-width kana for a single letter of a Latin word: one byte for each letter, read as Big5 or Shift JIS."""
_DOTLESS = re.compile("ı|i\u0307")
_TURKISH = re.compile("[ğşİĞŞ]")
_GBK_LETTER = re.compile(
    "["
    + "".join(
        sorted({bytes((lead, trail)).decode("gbk", "ignore") for lead in range(0xE3, 0xEA) for trail in range(0x80, 0xC0) if trail != 0x7F})
    )
    + "]"
)
"""What the first two bytes of a Han letter in UTF-8 become when they are read as GBK: letters that hardly occur otherwise."""
_HAN = re.compile("[\u3400-\u9fff]")
_ASIAN = re.compile("[\u3400-\u9fff\uff61-\uff9f]")
_LOST = re.compile(r"(?<=[A-Za-z\xc0-\xff])\?(?=[a-z\xdf-\xff])|\?\?|(?<=[\u3400-\u9fff])\?(?=[\u3400-\u9fff])|(?<= )\?(?=[a-z]{2})")
ESCAPE = re.compile(
    r"[\\<%=+](?:(?<=\\)(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt\"'])|(?<=<)U\+[0-9A-F]{4,8}>|(?<=%)(?:[C-F][0-9A-F]%[89AB][0-9A-F]|20)"
    r"|(?<==)[C-F][0-9A-F]=[89AB][0-9A-F]|(?<=[a-z]\+)A[A-Za-z0-9+/]{2}-)"
)
"""The code of a character in place of the character: of JSON and Python, of R, of addresses, of e-mail, of UTF-7."""
_ENTITY = re.compile(
    r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|(?:nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|[nm]dash|hellip|shy|[a-zA-Z](?:acute|grave|circ|uml|tilde|cedil|ring)));"
)
MARKS = "&<?"
"""Characters without which `markup` finds nothing."""
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>]*)?/?>")


_WORDS = (
    "nan", "none", "null", "nil", "n/a", "na", "n.a.", "<na>", "nat", "undefined", "void", "(blank)", "[blank]", "no data", "not available", "todo", "tbd", "tba",
    "tbc", "fixme", "xxx", "xxxx", "test", "lorem ipsum", "[object object]", "-", "--", "---", "–", "—", "?", ".", "..", "/", "0000", "0000-00-00", "00/00/0000", "1900-01-00",
    "1899-12-30", "1899-12-31", "00:00:00", "-99", "-999", "-9999", "-99999", "-99.0", "-999.0", "-9999.0", "999999",
)  # fmt: skip
NULL_WORDS = frozenset(made for word in _WORDS for made in (word, word.upper(), word.capitalize(), word.title())) | {"NaN", "NaT"}
"""What programs and people write where there is no value."""
_BRACKETS = tuple((pair[0], pair[1]) for pair in ("()", "[]", "{}", "“”", "«»", "「」", "『』", "《》", "（）", "【】"))
_SENTENCE = re.compile(r"(?<=[.;。；!?])\s*")
_ENDS = re.compile(r"[.;。；!?](?=.{20})")
_JOINT = " ,;.|/-\u3000；，。"


def stray_quotes(text: str, excerpt: bool) -> str:
    """What is wrong with the quotes and brackets of a text; empty where they come in pairs. An `excerpt` may be cut between the two."""
    if '""' in text or "''" in text or "``" in text:
        return "has doubled quotes"
    if excerpt:
        return ""
    if text.count('"') % 2:
        return 'has a " without its partner'
    unpaired = ((opened, closed) for opened, closed in _BRACKETS if text.count(opened) != text.count(closed))
    return next((f"has {opened} without {closed}, or the reverse" for opened, closed in unpaired), "")


def any_stray_quotes(texts: Collection[str], joined: str, excerpt: bool) -> bool:
    """Whether `stray_quotes` finds anything in one of some texts, which are also given joined."""
    if '""' in joined or "''" in joined or "``" in joined:
        return True
    if excerpt:
        return False
    if '"' in joined and any(text.count('"') % 2 for text in texts):
        return True
    return any(
        text.count(opened) != text.count(closed)
        for opened, closed in _BRACKETS
        if opened in joined or closed in joined
        for text in texts
        if opened in text or closed in text
    )


def any_repeated(texts: Collection[str]) -> bool:
    """Whether `repeated` finds anything in one of some texts."""
    return any(
        repeated(text)
        for text in texts
        if (length := len(text)) > 7 and (length > 60 or text[:4] in text[length // 2 - 1 : length // 2 + 6])
    )


def any_wrong_han(texts: Collection[str], joined: str) -> bool:
    """Whether `wrong_han` finds anything in one of some texts, which are also given joined."""
    return _ASIAN.search(joined) is not None and (
        _HAN_INSIDE.search(joined) is not None or (_GBK_LETTER.search(joined) is not None and any(map(wrong_han, texts)))
    )


def repeated(text: str) -> str:
    """The part of a text that stands in it twice, one directly after the other, or as two sentences; empty where there is none."""
    length = len(text)
    middle = length // 2
    if length > 7 and text[:4] in text[middle - 1 : middle + 6]:
        for between in range(4):
            half, rest = divmod(length - between, 2)
            if not rest and half >= 4 and text[:half] == text[-half:] and not text[half : half + between].strip(_JOINT):
                # Short Latin words are doubled in names: Baden-Baden, Bora Bora.
                return text[:half] if half > 6 or _HAN.match(text) else ""
    if length > 60 and _ENDS.search(text):
        sentences = [part for part in _SENTENCE.split(text) if len(part) >= 20]
        if len(set(sentences)) < len(sentences):
            return next(part for part in sentences if sentences.count(part) > 1)
    return ""


def wrong_han(text: str) -> bool:
    """Whether the Han letters of a text are those that UTF-8 becomes when it is read as GBK, or stand inside a Latin word."""
    if _HAN_INSIDE.search(text):
        return True
    letters = len(_GBK_LETTER.findall(text))
    return letters > 0 and 3 <= len(_HAN.findall(text)) <= letters * 4


def faults_of_text(text: str, *, excerpt: bool = False, coded: bool = False) -> Iterator[CellProblem]:
    """Each thing wrong with a text that a reader does not see, or that no author wrote.

    An `excerpt` has a limited length, and may be cut where its author opened a quote. A `coded` text has a form of its own, in which NA
    may be Namibia.
    """
    yield from _white_space(text)
    yield from cell_damage(text)
    if "\n" in text:
        yield CellProblem("line-break", "the cell contains a line break", "write it on one line")
    if not text.isprintable():
        for letter in text:
            if letter not in "\t\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"):
                yield CellProblem("control-character", f"the cell contains the invisible character U+{ord(letter):04X}", "delete it")
                break
    yield from markup(text)
    if "://" not in text and (found := ESCAPE.search(text)):
        message = f"{text!r} contains {found[0]!r}, the code of a character instead of the character"
        yield CellProblem("mojibake", message, "write the character itself")
    if not coded and text in NULL_WORDS:
        yield CellProblem(
            "null-word",
            f"{text!r} is what programs and people write where there is no value",
            "leave the cell blank, and give the reason in note",
        )
    if (fault := stray_quotes(text, excerpt)) and not coded:
        yield CellProblem("stray-quotes", f"{text[:80]!r} {fault}", "delete the one that is not in the source, or restore the other")
    if again := repeated(text):
        yield CellProblem("repeated-text", f"{again[:60]!r} stands twice in the cell", "delete the second")
    if text.isascii():
        return
    if not unicodedata.is_normalized("NFC", text):
        yield CellProblem(
            "not-nfc",
            f"{text!r} is not in Unicode form NFC: it looks like another text but is not equal to it",
            f"write {unicodedata.normalize('NFC', text)!r}",
        )
    if "\ufffd" in text:
        yield CellProblem("mojibake", f"{text!r} contains the replacement character of a lost letter", "restore it from the source")
    elif MOJIBAKE.search(text):
        yield CellProblem("mojibake", f"{text!r} looks like text that was read as another encoding", "restore it from the source")
    elif wrong_han(text):
        yield CellProblem(
            "mojibake",
            f"{text!r} has Chinese characters that other text becomes when it is read as GBK or Big5",
            "restore it from the source",
        )
    elif _DOTLESS.search(text) and not _TURKISH.search(text):
        yield CellProblem("mojibake", f"{text!r} contains the Turkish dotless i, made by a change of case", "write i")
    alike = look_alike(text)
    if alike is not None:
        yield CellProblem(
            "look-alike",
            f"{alike.word!r} contains {alike.name}, which only looks like a Latin letter or digit",
            f"write {as_latin(text)!r}",
        )


def _white_space(text: str) -> Iterator[CellProblem]:
    if text != text.strip():
        yield CellProblem("white-space", f"{text!r} begins or ends with white space", "trim it")
    elif "  " in text:
        yield CellProblem("white-space", f"{text!r} has two spaces in a row", "write one")
    elif not text.isprintable():
        for letter in text:
            if letter == "\t" or (letter != " " and unicodedata.category(letter) == "Zs"):
                yield CellProblem(
                    "white-space",
                    f"{text!r} contains a {unicodedata.name(letter, 'tab').lower()}, which looks like a space but is not",
                    "write a space",
                )
                break


def markup(text: str) -> Iterator[CellProblem]:
    """What is wrong with a text that has one of `MARKS`: entities, tags, and letters that were lost."""
    if _ENTITY.search(text) or _TAG.search(text):
        yield CellProblem("markup", f"{text!r} contains the markup of a web page", "write the character itself, and remove tags")
    if "://" not in text and "=" not in text and _LOST.search(text):
        yield CellProblem("mojibake", f"{text!r} has a question mark for a letter that was lost", "restore it from the source")
