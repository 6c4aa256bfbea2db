"""The one font of the sheets: it travels with the package, so that every machine prints the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from gridgeo.messages import Text, say

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FONT = "NotoSansSC-GBK"
_PATH = Path(__file__).parent / "fonts" / f"{FONT}.ttf"
UNKNOWN = "〓"
"""Stands for a character that the font lacks (geta, the printers' sign for a type that is not in the case)."""
_SHOWN = 20
"""Texts with missing characters that are named."""
_CLOSING = "，。；：、！？）》」』”’…"
"""No line begins with one of these."""


class Printed(NamedTuple):
    """A text that may be printed, and where it came from."""

    layer: str
    row: str
    column: str
    text: str


@cache
def font() -> TTFont:
    """The font, made known to the PDF writer."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    face = TTFont(FONT, str(_PATH))
    pdfmetrics.registerFont(face)
    return face


def width(text: str, size: float) -> float:
    """Width of a text [pt]."""
    return float(font().stringWidth(printable(text), size))


def clean(text: object) -> str:
    """Text as it is printed: composed (NFC), without characters that have no shape of their own, on one line."""
    if text is None or text is pd.NA or text != text:  # noqa: PLR0124 (a float that is not a number)
        return ""
    composed = unicodedata.normalize("NFC", str(text))
    shaped = (" " if c.isspace() else c for c in composed if c.isspace() or not unicodedata.category(c).startswith("C"))
    return " ".join("".join(shaped).split())


def shorten(text: str, size: float, room: float) -> str:
    """Text cut to a width [pt], with an ellipsis where something is left out."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def wrap(text: str, size: float, room: float) -> list[str]:
    """Text broken into lines of a width [pt]; a code or a word is never broken unless it is wider than a line."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and piece.strip() and piece[0] not in _CLOSING and width(lines[-1] + piece.rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


def printable(text: str) -> str:
    """Text with a sign that stands for each character that the font lacks."""
    known = font().face.charToGlyph
    return "".join(c if ord(c) in known else UNKNOWN for c in text)


def missing_glyphs(texts: Iterable[Printed]) -> Text | None:
    """Which texts hold characters that the font lacks, and what stands in their place; None if none does."""
    known = font().face.charToGlyph
    found = []
    for printed in texts:
        missing = sorted({c for c in clean(printed.text) if ord(c) not in known})
        if missing:
            signs = " ".join(f"{c} U+{ord(c):04X}" for c in missing)
            found.append(f"{printed.layer} {printed.row} {printed.column}: {signs}")
    if not found:
        return None
    where = "; ".join(found[:_SHOWN]) + (" ..." if len(found) > _SHOWN else "")
    return say("glyph_missing", n=len(found), sign=UNKNOWN, where=where)


def _pieces(text: str) -> list[str]:
    """Chinese characters one by one, other words whole with the blank behind them."""
    pieces = [""]
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if wide or not pieces[-1] or pieces[-1][-1] == " " or _is_wide(pieces[-1][-1]):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
