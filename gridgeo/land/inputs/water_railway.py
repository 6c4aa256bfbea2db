"""Water and railway land: what is cut out of it, and where so much is built on it that it must be land."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.coverage import Flags, Ints, Shapes, meeting, to_precision_grid
from gridgeo.land.inputs.layer_geometry import one_cover
from gridgeo.land.inputs.member_footprints import Generators, MemberFootprints, is_point
from gridgeo.land.inputs.water_crossings import CROSSING_M, crossings_of
from gridgeo.model import Site

FEW, _SHARE = 12, 0.01
"""Buildings on a polygon of water or railway land, and their share of it, up to which they do not make it land."""
STAND_M = CROSSING_M
"""Side of the square that a building given as a point takes of water or railway land that stays so [m]."""


class WaterRailwayLand(NamedTuple):
    """Water and railway land, and what is cut out of it."""

    water: Shapes
    railway: Shapes
    afloat: Shapes
    """Footprints, and squares round points, of buildings that stand alone on it."""
    crossings: Shapes
    """Land below ways that lead across."""

    @property
    def outlines(self) -> Shapes:
        """All polygons."""
        return np.concatenate(self)


class BuiltOnWater(NamedTuple):
    """Which buildings are mostly on water or railway land, and what that makes of it."""

    alone: Ints
    """Members that get land of their own there, while the rest stays what it is; ascending."""
    wrong: Flags
    """Polygons that bear more, and so are land where they are built on; those of water first."""
    buildings: Ints
    """Members mostly on each polygon."""


def cut_out_buildings(
    site: Site, members: MemberFootprints, generators: Generators, *, areas: tuple[Shapes, Shapes]
) -> tuple[WaterRailwayLand, BuiltOnWater]:
    """Water and railway land of a site, what is cut out of it, and why.

    Parameters
    ----------
    members
        Whole buildings.
    generators
        Of the members.
    areas
        Polygons of water, and of railway land.
    """
    both = np.concatenate(areas)
    squares, owner = _squares(members, generators, both)
    shapes = np.concatenate([members.snapped, squares])
    member = np.concatenate([np.arange(len(members.ids)), owner])
    alone, wrong, count = _standing(shapes, both)
    houseboats, berths = np.split(alone, [len(members.ids)])
    afloat = np.concatenate([members.snapped[houseboats], one_cover(squares[berths])])
    land = WaterRailwayLand(*areas, afloat, crossings_of(site, both[~wrong]))
    return land, BuiltOnWater(np.unique(member[alone]), wrong, count)


def _squares(members: MemberFootprints, generators: Generators, areas: Shapes) -> tuple[Shapes, Ints]:
    """For each building given as a point on water or railway land a square of that land round it, and its member."""
    points = is_point(members.shapes)[generators.member]
    seeds, owner = generators.shapes[points], generators.member[points]
    area, seed = shapely.STRtree(seeds).query(areas, predicate="intersects")
    x, y = shapely.get_coordinates(shapely.centroid(seeds[seed])).T
    squares = shapely.box(x - STAND_M / 2, y - STAND_M / 2, x + STAND_M / 2, y + STAND_M / 2)
    return to_precision_grid(shapely.intersection(squares, areas[area])), owner[seed]


def _standing(shapes: Shapes, areas: Shapes) -> tuple[Flags, Flags, Ints]:
    """Footprints mostly on water or railway land that bears few and is hardly covered by them; areas that bear more; how many.

    A footprint that stands alone, such as a houseboat, is a block of its own, and the rest stays what it is. Where there
    are more, the polygon must be wrong, and is land: to take a pond for land does less harm than to take a village for
    water.
    """
    area, shape = meeting(shapely.STRtree(shapes), areas, "intersects")
    share = shapely.area(shapely.intersection(shapes[shape], areas[area]))
    mostly = 2 * share > shapely.area(shapes[shape])
    covered = np.bincount(area, share, minlength=len(areas))
    count = np.bincount(area[mostly], minlength=len(areas))
    few = (covered < _SHARE * shapely.area(areas)) & (count <= FEW)
    alone = np.zeros(len(shapes), dtype=bool)
    alone[shape[few[area] & mostly]] = True
    return alone, (count > 0) & ~few, count
