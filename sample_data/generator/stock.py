"""The buildings of the sample community, on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely
from shapely import affinity

from sample_data.generator import layout
from sample_data.generator.layout import Box, Patch, Point
from sample_data.generator.paper import Points, patches

SEED = 20240613
"""Of the irregularities: outlines of old houses, how full a building is."""

_ENTRANCE, _DEPTH, _FLOORS = 16.0, 13.0, 6
"""Width of one entrance of a slab, its depth [m], its floors."""
_KERB = 3.0
"""Land that old houses leave free at a street [m]."""
_SIZES: dict[str, Point] = {"I": (13, 9), "L": (15, 13), "U": (16, 14), "O": (15, 15)}
"""Width and depth of old houses by the shape of their outline [m]."""


@dataclass(frozen=True)
class Building:
    """A building on paper."""

    name: str
    shape: shapely.Polygon
    levels: int
    units: int | None
    households: int | None
    patch: int
    """Position of its patch; of the western one, if it is a tower on two."""
    entrances: tuple[int, ...] = ()
    """Households of each entrance of a tower, from west to east."""


def building_ids() -> list[str]:
    """Ids of the buildings, in the order of `on_paper`."""
    return [f"B{number:03d}" for number in range(1, len(on_paper()) + 1)]


def on_paper() -> list[Building]:
    """All buildings on paper: slabs and houses patch by patch, towers, then those where nobody is known to live."""
    rng = np.random.default_rng(SEED)
    lived = [
        row for at, patch in enumerate(layout.PATCHES) for row in (*_slabs(at, patch, rng), *_houses(at, patch, rng))
    ]
    return [*_numbered(lived), *_towers(), *_works()]


def _slabs(at: int, patch: Patch, rng: np.random.Generator) -> Iterator[Building]:
    west, south, east, north = patch.area or patch.box
    rows = [[int(units) for units in row.split()] for row in patch.slabs.split("/") if row]
    entrances = np.array([units for row in rows for units in row])
    households = iter(_share(patch.households, entrances * rng.uniform(0.93, 1.07, len(entrances))))
    for i, row in enumerate(rows):
        y = north - (i + 0.5) * (north - south) / len(rows)
        space = (east - west - _ENTRANCE * sum(row)) / (len(row) + 1)
        x = west
        for units in row:
            x += space + _ENTRANCE * units
            shape = shapely.box(x - _ENTRANCE * units, y - _DEPTH / 2, x, y + _DEPTH / 2)
            yield Building("", shape, _FLOORS, units, next(households), at)


def _houses(at: int, patch: Patch, rng: np.random.Generator) -> Iterator[Building]:
    if patch.houses is None:
        return
    middles = _lattice(patch.area or patch.box, patch.houses)
    # Two plots of each patch lie empty, so that rows do not look counted.
    kept = np.sort(rng.permutation(len(middles))[2:])
    middles = middles[kept] + rng.uniform(-1.2, 1.2, (len(kept), 2))
    for number, dx, dy in patch.moved:
        middles[number] += dx, dy
    forms = rng.choice(list(_SIZES), len(kept), p=[0.45, 0.3, 0.15, 0.1])
    households = _share(patch.households, rng.uniform(0.7, 1.2, len(kept)))
    for middle, form, count, turn in zip(middles, forms, households, rng.uniform(-3, 3, len(kept)), strict=True):
        shape = affinity.rotate(outline(form, tuple(middle), _SIZES[form]), turn + rng.choice([0, 180]))
        yield Building("", shape, 1 + (count > 2), 1, count, at)


def _lattice(area: Box, counts: tuple[int, int]) -> Points:
    west, south, east, north = area
    columns, rows = counts
    x = np.linspace(west + _KERB, east - _KERB, 2 * columns + 1)[1::2]
    y = np.linspace(north - _KERB, south + _KERB, 2 * rows + 1)[1::2]
    return np.array([(a, b) for b in y for a in x])


def outline(form: str, middle: Point, size: Point) -> shapely.Polygon:
    """A building around its middle: I a bar, L, U, O with a courtyard inside, H with a waist."""
    (x, y), (width, depth) = middle, size
    whole = shapely.box(x - width / 2, y - depth / 2, x + width / 2, y + depth / 2)
    thick = 0.34 * depth
    missing = {
        "I": shapely.Polygon(),
        "L": shapely.box(x - width / 2 + thick, y - depth / 2 + thick, x + width, y + depth),
        "U": shapely.box(x - width / 2 + thick, y - depth / 2 + thick, x + width / 2 - thick, y + depth),
        "O": shapely.box(*whole.buffer(-0.3 * depth, join_style="mitre").bounds),
        "H": shapely.union(
            shapely.box(x - 3, y + depth / 4, x + 3, y + depth), shapely.box(x - 3, y - depth, x + 3, y - depth / 4)
        ),
    }
    cut = shapely.difference(whole, missing[form])
    assert isinstance(cut, shapely.Polygon)
    return cut


def _numbered(rows: list[Building]) -> list[Building]:
    """Names: the estate and a number, or the old street and a number."""
    estates = [shapely.Polygon(compound.grounds) for compound in layout.COMPOUNDS]
    seen = Counter(tower.estate for tower in layout.TOWERS)
    named = []
    for row in rows:
        inside = np.flatnonzero(shapely.intersects(estates, row.shape.centroid))
        grid = layout.PATCHES[row.patch].grid
        place = layout.COMPOUNDS[inside[0]].name if len(inside) else layout.OLD_STREETS.get(grid, layout.GRIDS[grid])
        seen[place] += 1
        named.append(replace(row, name=f"{place}{seen[place]}号" + ("楼" if row.levels >= _FLOORS else "")))
    return named


def _towers() -> list[Building]:
    where = patches()
    return [
        Building(
            f"{tower.estate}1号楼",
            outline("H", tower.middle, (40, 18)),
            tower.levels,
            len(tower.households),
            sum(tower.households),
            _patch_at(where, (tower.middle[0] - 5, tower.middle[1])),
            tower.households,
        )
        for tower in layout.TOWERS
    ]


def _works() -> list[Building]:
    where = patches()
    works = [
        Building(
            work.name, outline(work.shape, work.middle, work.size), work.levels, None, 0, _patch_at(where, work.middle)
        )
        for work in layout.WORKS
    ]
    work = layout.UNCOUNTED
    return [
        *works,
        Building(
            work.name, outline(work.shape, work.middle, work.size), work.levels, 2, None, _patch_at(where, work.middle)
        ),
    ]


def _patch_at(where: npt.NDArray[np.object_], point: Point) -> int:
    return int(np.flatnonzero(shapely.intersects_xy(where, *point))[0])


def _share(total: int, weights: npt.NDArray[np.float64]) -> list[int]:
    """Whole numbers that sum to the total, near to the weights (largest remainder)."""
    if not len(weights):
        return []
    exact = total * weights / weights.sum()
    counts = np.floor(exact).astype(int)
    most = np.argsort(counts - exact, kind="stable")[: total - counts.sum()]
    counts[most] += 1
    return [int(count) for count in counts]
