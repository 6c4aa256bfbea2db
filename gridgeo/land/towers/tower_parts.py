"""Cut buildings with too many households into their entrances, ranges of floors, or equal parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gridgeo.coverage import Ints, Shapes, first_by, none, to_precision_grid
from gridgeo.land.inputs import MemberFootprints, is_point
from gridgeo.land.towers.footprint_cuts import cut_wings
from gridgeo.model import Site, by_number, largest_remainder

_UNITS, _FLOORS, _EQUAL = "units", "floors", "equal"


class TowerLimit(NamedTuple):
    """Which buildings are cut."""

    max_households: int | None
    """Those with more are; None: none is."""
    split_large: bool
    """Whether also what nothing tells how to cut is, into equal parts."""


class _Guide(NamedTuple):
    """What tells how to cut."""

    max_households: int
    split_large: bool
    entrances: dict[str, dict[str, int | None]]
    """Names of the entrances of a building, in order, and their households; None: unknown."""
    floors: dict[str, int]
    """Levels of each building for which they are known."""


class _Part(NamedTuple):
    label: str
    households: int
    cut: str


_Entrance = list[_Part]
"""Parts of one entrance, from the ground up."""


def cut_towers(members: MemberFootprints, site: Site, land: Shapes, *, limit: TowerLimit) -> MemberFootprints:
    """Members after buildings above the limit have been cut; a part's id is its building's id, ``#`` and a number.

    Parameters
    ----------
    members
        Whole buildings.
    site
        Reads buildings (levels, units), unit_households.
    land
        Blocks; a footprint is cut as far as it is in one block, without the smaller footprints over it.
    """
    if limit.max_households is None:
        return members
    rows = np.flatnonzero((members.counted() > limit.max_households) & ~is_point(members.shapes))
    guide = _read_guide(site, members.building[rows], limit.max_households, split_large=limit.split_large)
    cut = []
    for row, own in zip(rows.tolist(), _own_land(members, rows, land), strict=True):
        parts, pieces = _cut(members.building[row], members.households[row], guide, footprint=own)
        if parts:
            cut.append((row, parts, pieces))
    return _with_parts(members, cut) if cut else members


def _with_parts(members: MemberFootprints, cut: list[tuple[int, list[_Part], Shapes]]) -> MemberFootprints:
    """Members with some replaced by their parts: row, parts and pieces of each."""
    count = np.ones(len(members.ids), dtype=np.int64)
    count[[row for row, _, _ in cut]] = [len(parts) for _, parts, _ in cut]
    out = members.at(np.repeat(np.arange(len(count)), count))
    first = np.cumsum(count) - count
    for row, parts, pieces in cut:
        new = slice(first[row], first[row] + len(parts))
        out.ids[new] = [f"{members.ids[row]}#{k + 1}" for k in range(len(parts))]
        out.shapes[new] = out.snapped[new] = pieces
        out.unit[new], out.households[new], out.cut[new] = zip(*parts, strict=True)
    return out


def _read_guide(site: Site, large: Shapes, max_households: int, *, split_large: bool) -> _Guide:
    """What tells how to cut the large buildings, by their ids; the table of entrances goes before their mere number."""
    buildings = site.buildings[["units", "levels"]].reindex(large)
    counts = _known(buildings["units"])
    entrances = {building: dict.fromkeys(map(str, range(1, count + 1))) for building, count in counts.items()}
    table = site.unit_households
    for building, rows in table[table["building"].isin(large)].groupby("building", sort=False):
        figures = [None if pd.isna(figure) else int(figure) for figure in rows["households"]]
        units = dict(zip(rows["unit"].astype(str), figures, strict=True))
        entrances[str(building)] = {unit: units[unit] for unit in sorted(units, key=by_number)}
    return _Guide(max_households, split_large, entrances, _known(buildings["levels"]))


def _known(column: pd.Series) -> dict[str, int]:
    known = column.dropna()
    return dict(zip(known.index.astype(str), known.astype(float).astype(int).tolist(), strict=True))


def _own_land(members: MemberFootprints, rows: Ints, land: Shapes) -> Shapes:
    """Of each of these footprints what is inside one block, the one with most, and outside smaller ones, which keep their land."""
    own = members.shapes[rows].copy()
    other, k = shapely.STRtree(own).query(members.shapes, predicate="intersects")
    over = shapely.area(members.shapes[other]) < shapely.area(own[k])
    over &= shapely.relate_pattern(own[k], members.shapes[other], "T********")
    other, k = other[over], k[over]
    for place in np.unique(k):
        own[place] = shapely.difference(own[place], shapely.union_all(members.shapes[other[k == place]]))
    k, block = shapely.STRtree(land).query(own, predicate="intersects")
    shares = to_precision_grid(shapely.intersection(own[k], land[block]))
    area = shapely.area(shares)
    out = np.full(len(rows), shapely.Polygon(), dtype=object)
    largest = first_by(k, -area)
    largest = largest[area[largest] > 0]
    out[k[largest]] = shares[largest]
    return out


def _cut(building: str, households: int, guide: _Guide, *, footprint: BaseGeometry) -> tuple[list[_Part], Shapes]:
    """Parts of a building and their footprints; none where it stays whole."""
    entrances = _entrances(building, households, guide)
    if footprint.is_empty or sum(len(parts) for parts in entrances) < 2:
        return [], none()
    pieces = cut_wings(footprint, [len(parts) for parts in entrances])
    return ([part for parts in entrances for part in parts], pieces) if len(pieces) else ([], none())


def _entrances(building: str, households: int, guide: _Guide) -> list[_Entrance]:
    """How a building is cut: entrances, each with its ranges of floors; one entrance with one part where it stays whole."""
    units = guide.entrances.get(building, {})
    if units:
        shares = largest_remainder(households, _figures(households, list(units.values())))
        floors = guide.floors.get(building, 0)
        return [_ranges(label, share, guide, levels=floors) for label, share in zip(units, shares, strict=True)]
    if guide.split_large:
        return [[part] for part in _equal_parts("", households, guide)]
    return []


def _figures(households: int, given: Sequence[int | None]) -> list[int]:
    """Households of the entrances; those of which none are given share what the others leave of the building's."""
    rest = max(households - sum(figure for figure in given if figure is not None), 0)
    shares = iter(largest_remainder(rest, [1] * list(given).count(None)))
    return [next(shares) if figure is None else int(figure) for figure in given]


def _ranges(label: str, households: int, guide: _Guide, *, levels: int) -> _Entrance:
    """An entrance as the fewest ranges of floors that bring each under the limit, or as equal parts where floors are unknown."""
    if households <= guide.max_households:
        return [_Part(label, households, _UNITS)]
    if levels >= 2:
        return _floor_ranges(label, households, guide, levels=levels)
    if guide.split_large:
        return _equal_parts(f"{label}/", households, guide)
    return [_Part(label, households, _UNITS)]


def _floor_ranges(label: str, households: int, guide: _Guide, *, levels: int) -> _Entrance:
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
