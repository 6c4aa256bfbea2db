"""Colours of zones: a few that everybody can tell apart, on the screen, on paper, and on paper that was copied."""

from __future__ import annotations

FILLS = ("#f6d89c", "#a6d8c4", "#d8cef6", "#e2a692", "#cef6f6", "#f6f6d8", "#c4c460", "#b0bac4")
"""Light fills on which black text reads. Any two differ by 10 and more in CAM02-UCS, water (`WATER`) from each by 15 and more: in
normal sight and in all three kinds of colour blindness (Machado et al. 2009). They were searched for under these conditions."""

GREYS = ("#f5f5f5", "#d4d4d4", "#b5b5b5", "#979797", "#797979", "#5c5c5c")
"""The same for copying machines; six are enough for zones in one piece, and any two differ by 10 and more."""

WATER = "#5f9fd8"
"""Fill of water."""

BLACK, GREY, WHITE = "#1a1a1a", "#666666", "#ffffff"
"""Of print: text, lesser text, ground."""

_DARKER = 0.85
"""A palette that has run out starts again, darker by this factor."""


def fill(number: int) -> str:
    """Fill of a number; beyond the palette its colours come again, darker."""
    return _of(FILLS, number)


def grey(number: int) -> str:
    """Grey of a number."""
    return _of(GREYS, number)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0 to 255."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def near(number: int) -> list[int]:
    """Numbers of the palette, from the most to the least like one of them, which comes first."""
    own = rgb(FILLS[number % len(FILLS)])
    apart = [sum((a - b) ** 2 for a, b in zip(own, rgb(other), strict=True)) for other in FILLS]
    return sorted(range(len(FILLS)), key=lambda k: (apart[k], k))


def _of(palette: tuple[str, ...], number: int) -> str:
    rounds, at = divmod(number, len(palette))
    darker = [round(part * _DARKER**rounds) for part in rgb(palette[at])]
    return "#{:02x}{:02x}{:02x}".format(*darker)
