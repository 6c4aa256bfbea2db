"""All rules of codes: how they are built, which are dedicated, what stands in for a missing one, and numbers in reading order.

A code is the code of the parent and the digits of the tier; that of the coarsest tier's parent is the community's, 12 digits. The
standards count from west to east and from north to south (DB11/T 2157-2023, 5.4).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Ints, Shapes
from gridgeo.errors import CodeError
from gridgeo.messages import say

COMMUNITY_DIGITS = 12
"""Digits of a community's code, on which all codes of its grids build."""

_COMMUNITY = re.compile(rf"[1-8]\d{{{COMMUNITY_DIGITS - 1}}}", re.ASCII)


class Numbered(Protocol):
    """A tier, as far as its numbers are concerned."""

    @property
    def name(self) -> str:
        """Name of the tier."""

    @property
    def width(self) -> int:
        """Digits that it adds to a code."""


def capacity(width: int) -> int:
    """How many ordinary zones a parent can number with so many digits; the top tenth is kept for dedicated zones."""
    return 9 * 10 ** (width - 1)


def reserved(width: int) -> int:
    """How many dedicated zones a parent can number with so many digits, from the first number of the top tenth on."""
    return 10**width - 1 - capacity(width)


def numbers_of(width: int, *, dedicated: bool) -> tuple[int, int]:
    """First and last number of ordinary zones (1 to 900 of three digits), or of dedicated ones (901 to 999)."""
    return (capacity(width) + 1, capacity(width) + reserved(width)) if dedicated else (1, capacity(width))


def is_dedicated(codes: pd.Series, tier: Numbered) -> pd.Series:
    """Whether codes of a tier are those of dedicated zones: their number is of the top tenth, or 0 below the tier of the zone."""
    numbers = pd.to_numeric(codes.str[-tier.width :], errors="coerce")
    return (numbers > capacity(tier.width)) | (numbers == 0)


def community_of(code: str) -> str:
    """The community in whose code a zone's code begins."""
    return code[:COMMUNITY_DIGITS]


def are_community_codes(codes: pd.Series) -> pd.Series:
    """Whether texts are codes that a community can have: 12 digits, the first from 1 to 8 (GB/T 2260)."""
    return codes.str.fullmatch(_COMMUNITY).fillna(value=False)


def placeholder(number: int) -> str:
    """Code that stands in for that of a community which has none; real ones begin with 1 to 8."""
    return f"{number:0{COMMUNITY_DIGITS}d}"


def number(parts: gpd.GeoDataFrame, tier: Numbered, *, reserved: Collection[str] = ()) -> pd.Series:
    """Codes of new parts.

    Parameters
    ----------
    parts
        Reads: `parent` (code), `dedicated` (bool), geometry (CRS in metres); `kept`, if there is such a column: the code that a
        part has already, missing for new ones.
    tier
        Its width is the number of digits added.
    reserved
        Codes that no new part may get.

    Returns
    -------
    codes
        Text, index of `parts`. Ordinary parts count from 1 in each parent, dedicated ones from the first number of the top tenth
        (901 of three digits, 91 of two), both in the reading order of all parts of the parent. Numbers of kept parts are left out.

    Raises
    ------
    CodeError
        If a parent has more parts than its digits can number.
    """
    kept = parts["kept"] if "kept" in parts else pd.Series(pd.NA, index=parts.index)
    codes = np.array(kept.astype("string").astype(object).where(kept.notna(), None), dtype=object)
    shapes, apart = parts.geometry.to_numpy(), parts["dedicated"].to_numpy(dtype=bool)
    reserved = frozenset(reserved)
    for parent, rows in parts.groupby("parent", sort=True).indices.items():
        # One order for all parts of a parent: a dedicated zone takes its place in the rows, though not a number of theirs.
        ordered = rows[reading_order(shapes[rows])]
        taken = set(codes[rows])
        for dedicated in (False, True):
            members = ordered[apart[ordered] == dedicated]
            first, last = numbers_of(tier.width, dedicated=dedicated)
            new = [row for row in members if codes[row] is None]
            free = [f"{parent}{value:0{tier.width}d}" for value in range(first, last + 1)]
            free = [code for code in free if code not in taken and code not in reserved]
            if len(new) > len(free):
                n, room = len(members), last - first + 1
                raise CodeError(say("code_exhausted", parent=parent, tier=tier.name, n=n, room=room, width=tier.width))
            codes[new] = free[: len(new)]
    return pd.Series(codes, index=parts.index, dtype="string", name="code")


def reading_order(polygons: Shapes) -> Ints:
    """Positions of polygons in reading order: bands from the north, in a band from west to east.

    A band is sqrt(area / number) high, measured from the northern edge of all; a polygon is in the band of its
    representative point. The standards leave open what a row is; a band as high as a typical polygon is wide makes
    consecutive numbers neighbours.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(polygons))
    height = np.sqrt(shapely.area(polygons).sum() / len(polygons))
    band = np.floor((shapely.bounds(polygons)[:, 3].max() - points[:, 1]) / height)
    return np.lexsort((-points[:, 1], points[:, 0], band))
