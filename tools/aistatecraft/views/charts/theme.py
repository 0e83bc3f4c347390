"""What all drawings share: colours, fonts, how wide a text is, and the frame of title, subtitle and sources around a drawing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BLACK", "COLOURS", "GREY", "LATIN", "LIGHT", "SCHEMA", "WIDE", "Spec", "framed", "has_wide", "pieces", "text_width", "wrapped"]

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""The palette of Okabe and Ito (2008), which people with any kind of colour blindness can tell apart; black and grey come on top."""
BLACK, GREY, LIGHT = "#222222", "#777777", "#E3E3E3"
LATIN = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDE = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Micro Hei, sans-serif"
"""Fonts of lines that have Chinese characters. A renderer that takes the first font that is there draws the whole line in it; so only such lines get it."""
_SOURCES = 6


def has_wide(text: str) -> bool:
    """Whether a text has characters of the width of Chinese ones."""
    return any(unicodedata.east_asian_width(character) in "WF" for character in text)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is drawn, in pixels; rather too wide than too narrow."""
    units = 0.0
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            units += 1.0
        elif unicodedata.combining(character):
            continue
        else:
            units += (
                0.3 if character in "iljt.,:;'|!()[] fI" else 0.85 if character in "mwMW@%—…" else 0.74 if character.isupper() else 0.575
            )
    return units * size * (1.08 if bold else 1.0)


def pieces(text: str) -> list[str]:
    """A text in pieces that are not broken: after a space, a slash and a hyphen, and around each wide character a line may end."""
    found, at = [], ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if wide and unicodedata.category(character)[0] not in "P":
            found += [at] if at else []
            at = character
        else:
            at += character
            if character in " /-" or wide:
                found.append(at)
                at = ""
    return [*found, at] if at else found


def wrapped(text: str, width: float, size: float, most: int | None = None, bold: bool = False) -> list[str]:
    """A text in lines no wider than `width` pixels; a word that is wider is broken. `most`: at most so many lines, the last one ending in an ellipsis."""
    lines = [""]
    for piece in pieces(text):
        if text_width(lines[-1] + piece.rstrip(), size, bold) <= width or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece)
        while text_width(lines[-1].rstrip(), size, bold) > width and len(lines[-1]) > 1:
            cut = next(at for at in range(len(lines[-1]) - 1, 0, -1) if at == 1 or text_width(lines[-1][:at], size, bold) <= width)
            lines[-1:] = [lines[-1][:cut], lines[-1][cut:]]
    lines = [line.strip() for line in lines]
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        while last and text_width(last + "…", size, bold) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;:") + "…"]
    return lines


def caption(frame: pd.DataFrame, width: float, notes: Sequence[str], size: float) -> list[str]:
    """Lines under a drawing: notes, sources, and which version of the data it is."""
    cited: Sequence[str] = frame.attrs["cited"]
    said = {"zh": ("资料来源：", "；", "等{}种", "数据：aistatecraft {}")}.get(
        frame.attrs["lang"], ("Sources: ", "; ", "and {} more", "Data: aistatecraft {}")
    )
    named = list(cited[:_SOURCES]) + ([said[2].format(len(cited) - _SOURCES)] if len(cited) > _SOURCES else [])
    texts = [*notes, *([said[0] + said[1].join(named)] if named else [])]
    if frame.attrs.get("version"):
        texts.append(said[3].format(frame.attrs["version"]))
    # In a font for Chinese an apostrophe is as wide as a character.
    plain = [re.sub("(?<=[A-Za-z])’(?=[a-z ])", "'", text) if has_wide("".join(texts)) else text for text in texts]
    return [line for text in plain for line in wrapped(text, width, size)]


def _font(lines: Sequence[str], name: str = "font") -> dict[str, str]:
    return {name: WIDE} if has_wide("".join(lines)) else {}


def framed(
    frame: pd.DataFrame, body: Mapping[str, Any], width: float, *, subtitle: str = "", notes: Sequence[str] = (), title: str = ""
) -> Spec:
    """The whole drawing: title and subtitle above `body`, notes and sources under it.

    Parameters
    ----------
    frame : the view; its ``attrs`` say title, sources, language and version
    body : a Vega-Lite unit, layer or concatenation
    width : width in pixels that texts are broken to
    """
    heads, under = wrapped(title or frame.attrs["title"], width, 16, bold=True), caption(frame, width, notes, 10.5)
    subtitles = wrapped(subtitle, width, 12) if subtitle else []
    made: Spec = {
        "$schema": SCHEMA, "background": "white", "padding": 12, "autosize": {"type": "pad", "contains": "padding"},
        "title": {"text": under, "orient": "bottom", "anchor": "start", "fontSize": 10.5, "fontWeight": "normal", "color": GREY, "offset": 10, "lineHeight": 14, **_font(under)},
        "vconcat": [
            {
                **body,
                "title": {
                    "text": heads, "subtitle": subtitles, "anchor": "start", "frame": "bounds",
                    "fontSize": 16, "fontWeight": "bold", "color": BLACK, "subtitleFontSize": 12, "subtitleColor": "#555555", "subtitlePadding": 4, "offset": 10,
                    "lineHeight": 20, "subtitleLineHeight": 15, **_font(heads), **_font(subtitles, "subtitleFont"),
                },
            }
        ],
    }  # fmt: skip
    made["config"] = {"font": LATIN, "view": {"stroke": None}}
    return made
