"""What stands on the zones: short code and households, as large as there is room for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.messages import Lang, say
from gridgeo.model import Plan
from gridgeo.style import BLACK, WHITE, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_SIZES = (9.0, 8.0, 7.0, 6.0, 5.0, 4.0)
"""Sizes of labels [pt], the first that fits."""
_DIGIT, _LINE = 0.58, 1.25
"""Width of a digit and height of a line, as shares of the size."""
_LATTICE = 7
"""Places tried along each side of a zone."""
_UNKNOWN_LETTER = "〓"
"""Stands where the font has no shape for a character."""


class ZoneWords(NamedTuple):
    """The label of a zone: with households, or the code alone where there is no room for them."""

    code: str
    households: str

    @property
    def wordings(self) -> tuple[str, ...]:
        """From full to short."""
        return (f"{self.code}\n{self.households}", self.code) if self.households else (self.code,)


@cache
def letters(size: float) -> FontProperties:
    """The font of all maps, which has Chinese, in a size [pt]."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_font_path(), size=size)


@cache
def _font_path() -> str:
    return str(files("gridgeo.maps").joinpath("pdf", "fonts", "NotoSansSC-GBK.ttf"))


@cache
def _shapes() -> frozenset[int]:
    """Characters that the font has."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(_font_path()).get_charmap())


def drawable(text: str) -> str:
    """Text with a sign in place of each character that the font lacks; a dollar sign begins no formula."""
    shown = "".join(letter if letter == "\n" or ord(letter) in _shapes() else _UNKNOWN_LETTER for letter in text)
    return shown.replace("$", r"\$")


def draw_labels(axes: Axes, plan: Plan, tier: str, *, points_a_metre: float, lang: Lang) -> None:
    """Labels of the zones of a tier that have room for one."""
    from matplotlib.patheffects import withStroke

    zones = plan.zones(tier)
    for code, shape, households in zip(zones.index, zones.geometry, zones["households"].fillna(0), strict=True):
        told = say("sheet_households_short", n=int(households)).render(lang) if households else ""
        placed = _placed(ZoneWords(label(code, plan.scheme), told), shape, points_a_metre)
        if placed is not None:
            text, size, (x, y) = placed
            written = axes.text(
                x, y, drawable(text), fontproperties=letters(size), ha="center", va="center", color=BLACK
            )
            written.set_path_effects([withStroke(linewidth=size / 5, foreground=WHITE)])


def _placed(
    words: ZoneWords, shape: shapely.Geometry, points_a_metre: float
) -> tuple[str, float, tuple[float, float]] | None:
    """Text, size and place of a label that lies inside its zone; None where nothing fits."""
    part: shapely.Polygon = max(shapely.get_parts(shape), key=shapely.area)
    spots = _spots(part)
    shapely.prepare(part)
    for size in _SIZES:
        for text in words.wordings:
            half = np.array(_size_of(text, size)) / points_a_metre / 2
            inside = shapely.contains(part, shapely.box(*(spots - half).T, *(spots + half).T))
            if inside.any():
                x, y = spots[int(np.argmax(inside))]
                return text, size, (float(x), float(y))
    return None


def _size_of(text: str, size: float) -> tuple[float, float]:
    """Width and height of a label [pt]; a Chinese character is as wide as it is high."""
    lines = text.split("\n")
    wide = max(sum(_DIGIT if ord(letter) < 0x2E80 else 1.0 for letter in line) for line in lines)
    return wide * size, len(lines) * _LINE * size


def _spots(part: shapely.Polygon) -> npt.NDArray[np.float64]:
    """Points where a label could stand, the middle of the widest room first."""
    west, south, east, north = part.bounds
    circle = shapely.maximum_inscribed_circle(part, tolerance=max(east - west, north - south) / 50)
    middle = shapely.get_coordinates(shapely.get_point(circle, 0))
    steps = (np.arange(_LATTICE) + 0.5) / _LATTICE
    lattice = np.column_stack(
        [a.ravel() for a in np.meshgrid(west + steps * (east - west), south + steps * (north - south))]
    )
    return np.vstack([middle, lattice[np.argsort(((lattice - middle) ** 2).sum(axis=1), kind="stable")]])
