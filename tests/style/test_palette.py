"""Fills differ, for everybody, and text reads on them."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from colorspacious import cspace_convert

from gridgeo.style import FILLS, GREYS, WATER, fill, grey, rgb

SIGHTS = ("normal", "protanomaly", "deuteranomaly", "tritanomaly")


def seen(colours: tuple[str, ...], sight: str) -> npt.NDArray[np.float64]:
    """Colours as they are seen, in CAM02-UCS; blindness by Machado, Oliveira and Fernandes 2009, severity 100."""
    found = np.array([rgb(colour) for colour in colours]) / 255
    if sight != "normal":
        space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
        found = np.clip(cspace_convert(found, space, "sRGB1"), 0, 1)
    return np.asarray(cspace_convert(found, "sRGB1", "CAM02-UCS"))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("palette", [FILLS, GREYS])
def test_everybody_tells_any_two_fills_apart(palette: tuple[str, ...], sight: str) -> None:
    points = seen(palette, sight)
    assert min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(points, 2)) >= 10


@pytest.mark.parametrize("sight", SIGHTS)
def test_no_zone_looks_like_water(sight: str) -> None:
    assert np.linalg.norm(seen(FILLS, sight) - seen((WATER,), sight), axis=1).min() >= 15


def test_all_fills_differ_beyond_the_palette() -> None:
    assert len({fill(number) for number in range(3 * len(FILLS))}) == 3 * len(FILLS)
    assert len({grey(number) for number in range(2 * len(GREYS))}) == 2 * len(GREYS)


def test_black_text_reads_on_every_fill() -> None:
    def luminance(colour: str) -> float:
        """Relative luminance (WCAG 2)."""
        linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all((luminance(colour) + 0.05) / 0.05 > 7 for colour in FILLS)
