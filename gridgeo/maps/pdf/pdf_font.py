"""The one font of the sheets: it travels with the package, so that every machine prints the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FONT = "NotoSansSC-GBK"
_PATH = Path(__file__).parent / "fonts" / f"{FONT}.ttf"
_SHOWN = 5
"""Missing characters that stand in the message itself; the table has all."""
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
    return float(font().stringWidth(text, size))


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


def refuse_missing(texts: Iterable[Printed]) -> None:
    """Refuse characters that the font cannot print.

    Raises
    ------
    InputError
        If there are any; `problems` has a row for each text: layer, row, column, value (the characters), reason, remedy.
    """
    known = font().face.charToGlyph
    rows = []
    for printed in texts:
        missing = sorted({c for c in clean(printed.text) if ord(c) not in known})
        if missing:
            value = " ".join(f"{c} U+{ord(c):04X}" for c in missing)
            rows.append((printed.layer, printed.row, printed.column, value, "glyph_missing", str(say("glyph_remedy"))))
    if rows:
        problems = pd.DataFrame(rows, columns=["layer", "row", "column", "value", "reason", "remedy"])
        where = "; ".join(f"{layer} {row} {column}: {value}" for layer, row, column, value, *_ in rows[:_SHOWN])
        raise InputError(say("glyph_missing", n=len(rows), where=where, remedy=say("glyph_remedy")), problems)


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
