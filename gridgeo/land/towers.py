"""Cut buildings with too many households into their entrances, ranges of floors, or equal parts."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.land.items import Items, is_point
from gridgeo.land.planar import Shapes, none, on_grain
from gridgeo.land.strips import strips
from gridgeo.site import Site

_UNITS, _FLOORS, _EQUAL = "units", "floors", "equal"


class _Guide(NamedTuple):
    """What tells how to cut."""

    max_households: int
    split_large: bool
    entrances: dict[str, int]
    """Number of entrances of each building for which it is known."""
    floors: dict[str, int]
    figures: dict[str, dict[str, int]]
    """Households of the entrances of a building, in natural order of their names, where all are known."""
    land: Shapes
    tree: shapely.STRtree
    """Blocks, and the tree over them."""


class _Part(NamedTuple):
    label: str
    households: int
    cut: str


_Entrance = list[_Part]
"""Parts of one entrance, from the ground up."""


def divided_items(items: Items, site: Site, land: Shapes, max_households: int | None, *, split_large: bool) -> Items:
    """Items after those above the limit have been cut; a part's id is its building's id, ``#`` and a number.

    Parameters
    ----------
    items
        Whole buildings.
    site
        Reads buildings (levels, units), unit_households.
    land
        Blocks; a footprint is cut as far as it lies in the block with its largest share.
    max_households
        Limit; None: nothing is cut.
    split_large
        Cut also what nothing tells how to cut, into equal parts.
    """
    if max_households is None:
        return items
    guide = _read_guide(site, land, max_households, split_large=split_large)
    count = np.ones(len(items.ids), dtype=np.int64)
    cut = []
    for row in np.flatnonzero((items.counted() > max_households) & ~is_point(items.shapes)).tolist():
        parts, pieces = _cut(items.building[row], items.households[row], items.shapes[row], guide)
        if parts:
            count[row] = len(parts)
            cut.append((row, parts, pieces))
    if not cut:
        return items
    out = items.at(np.repeat(np.arange(len(count)), count))
    first = np.cumsum(count) - count
    for row, parts, pieces in cut:
        new = slice(first[row], first[row] + len(parts))
        out.ids[new] = [f"{items.ids[row]}#{k + 1}" for k in range(len(parts))]
        out.shapes[new] = out.grained[new] = pieces
        out.unit[new], out.households[new], out.cut[new] = zip(*parts, strict=True)
    return out


def largest_remainder(total: int, weights: list[int]) -> list[int]:
    """Whole numbers that sum to a total, in proportion to weights (method of Hamilton); ties go to the first."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    rest = [total * weight % whole for weight in weights]
    for k in sorted(range(len(weights)), key=lambda k: -rest[k])[: total - sum(shares)]:
        shares[k] += 1
    return shares


def _as_shapes(shapes: list[object]) -> Shapes:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def _read_guide(site: Site, land: Shapes, max_households: int, *, split_large: bool) -> _Guide:
    table = site.unit_households
    figures = {
        str(building): dict(
            sorted(zip(rows["unit"].astype(str), rows["households"].astype(int), strict=True), key=_by_name)
        )
        for building, rows in table.groupby("building", sort=False)
        if rows["households"].notna().all()
    }
    entrances = {building: len(units) for building, units in figures.items()} | _known(site.buildings["units"])
    return _Guide(
        max_households, split_large, entrances, _known(site.buildings["levels"]), figures, land, shapely.STRtree(land)
    )


def _known(column: pd.Series) -> dict[str, int]:
    known = column.dropna()
    return dict(zip(known.index.astype(str), known.astype(float).astype(int).tolist(), strict=True))


def _cut(building: str, households: int, shape: shapely.Geometry, guide: _Guide) -> tuple[list[_Part], Shapes]:
    """Parts of a building and their footprints; none where it stays whole."""
    entrances = _entrances(building, households, guide)
    if sum(len(parts) for parts in entrances) < 2:
        return [], none()
    parts: list[_Part] = []
    pieces: list[object] = []
    for entrance, strip in zip(entrances, _pieces(_in_one_block(shape, guide), len(entrances)), strict=False):
        floors = _pieces(strip, len(entrance))
        parts += entrance
        pieces += list(floors)
    return (parts, _as_shapes(pieces)) if len(parts) == len(pieces) else ([], none())


def _pieces(footprint: shapely.Polygon, count: int) -> Shapes:
    return strips(footprint, count) if count > 1 else _as_shapes([footprint])


def _in_one_block(shape: shapely.Geometry, guide: _Guide) -> shapely.Polygon:
    """Largest polygon of a footprint inside one block."""
    under = guide.land[guide.tree.query(shape, predicate="intersects")]
    shares = shapely.get_parts(on_grain(shapely.intersection(shape, under)))
    return shares[np.argmax(shapely.area(shares))] if len(shares) else shape


def _entrances(building: str, households: int, guide: _Guide) -> list[_Entrance]:
    """How a building is cut: entrances, each with its ranges of floors; one entrance with one part where it stays whole."""
    units = guide.entrances.get(building, 0)
    if units >= 1:
        figures = guide.figures.get(building, {})
        if len(figures) != units or sum(figures.values()) == 0:
            figures = {str(k + 1): 1 for k in range(units)}
        shares = largest_remainder(households, list(figures.values()))
        floors = guide.floors.get(building, 0)
        return [_ranges(label, share, floors, guide) for label, share in zip(figures, shares, strict=True)]
    if guide.split_large:
        return [[part] for part in _equal_parts("", households, guide)]
    return []


def _by_name(unit: tuple[str, int]) -> list[tuple[int, int, str]]:
    """Sort key by which entrance 2 comes before entrance 10."""
    words = re.findall(r"[0-9]+|[^0-9]+", unit[0])
    return [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in words]


def _ranges(label: str, households: int, levels: int, guide: _Guide) -> _Entrance:
    """An entrance as the fewest ranges of floors that bring each under the limit, or as equal parts where floors are unknown."""
    if households <= guide.max_households:
        return [_Part(label, households, _UNITS)]
    if levels >= 2:
        return _floor_ranges(label, households, levels, guide)
    if guide.split_large:
        return _equal_parts(f"{label}/", households, guide)
    return [_Part(label, households, _UNITS)]


def _floor_ranges(label: str, households: int, levels: int, guide: _Guide) -> _Entrance:
    for count in range(math.ceil(households / max(guide.max_households, 1)), levels + 1):
        floors = largest_remainder(levels, [1] * count)
        shares = largest_remainder(households, floors)
        if max(shares) <= guide.max_households:
            break
    else:
        floors = [1] * levels
        shares = largest_remainder(households, floors)
    tops = np.cumsum(floors).tolist()
    names = [f"{top}F" if size == 1 else f"{top - size + 1}-{top}F" for top, size in zip(tops, floors, strict=True)]
    return [_Part(f"{label}/{name}", share, _FLOORS) for name, share in zip(names, shares, strict=True)]


def _equal_parts(prefix: str, households: int, guide: _Guide) -> _Entrance:
    count = math.ceil(households / max(guide.max_households, 1))
    shares = largest_remainder(households, [1] * count)
    return [_Part(f"{prefix}{k + 1}", share, _EQUAL) for k, share in enumerate(shares)]
