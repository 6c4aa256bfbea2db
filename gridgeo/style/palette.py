"""Colours of zones: a few that everybody can tell apart, and shades of each."""

from __future__ import annotations

FILLS = ("#a4c6e8", "#f4e7a6", "#7fd1b9", "#ffc6d0", "#d3de7d", "#f4af97", "#bde8ff", "#c9c46a")
"""Light fills on which black text reads, told apart with any kind of colour blindness (after Paul Tol's scheme "light")."""

BLACK, GREY, WHITE = "#1a1a1a", "#666666", "#ffffff"
"""Of print: text, lesser text, ground."""

SHADES = (0.0, 0.45, 0.22, 0.62, 0.33, 0.12, 0.54, 0.72)
"""Shares of white mixed into a fill, one for each zone inside a coarser one."""

_DARKER = 0.85
"""A palette that has run out starts again, darker by this factor."""


def fill(number: int) -> str:
    """Fill of a number; beyond the palette its colours come again, darker."""
    rounds, at = divmod(number, len(FILLS))
    return _mix(FILLS[at], "#000000", 1 - _DARKER**rounds)


def tint(colour: str, number: int) -> str:
    """A lighter shade of a colour, another one for each number."""
    rounds, at = divmod(number, len(SHADES))
    return _mix(_mix(colour, "#000000", 1 - _DARKER**rounds), "#ffffff", SHADES[at])


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0 to 255."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _mix(colour: str, other: str, share: float) -> str:
    mixed = [round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)
