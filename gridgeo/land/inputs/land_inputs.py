"""What is known of a site's layers before its land is divided: who claims land, and which land is none to build on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.barriers import Walls, walls_of
from gridgeo.coverage import Flags, Ints, Shapes, at_once, meeting, to_precision_grid
from gridgeo.land.inputs.institution_land import Grounds, grounds_of
from gridgeo.land.inputs.layer_geometry import one_cover, railway_land_of, water_of
from gridgeo.land.inputs.member_footprints import Claims, Items, claims_of, is_point, whole_items
from gridgeo.land.inputs.water_crossings import DECK_M, decks_of
from gridgeo.model.site import Site

FEW, _SHARE = 12, 0.01
"""Buildings on a polygon of water or railway land, and their share of it, up to which they do not make it land."""
STAND_M = DECK_M
"""Side of the square that a building given as a point takes of water or railway land that stays so [m]."""


class Leaves(NamedTuple):
    """Water and railway land, and what is cut out of them."""

    water: Shapes
    railway: Shapes
    afloat: Shapes
    """Footprints, and squares round points, of buildings that stand alone on them."""
    decks: Shapes

    @property
    def outlines(self) -> Shapes:
        """All polygons."""
        return np.concatenate(self)


class Standing(NamedTuple):
    """Which buildings are mostly on water or railway land, and what that makes of it."""

    alone: Ints
    """Items that get land of their own there, while the rest stays what it is; ascending."""
    wrong: Flags
    """Polygons that bear more, and so are land where they are built on; those of water first."""
    buildings: Ints
    """Items mostly on each polygon."""


class Survey(NamedTuple):
    """What several steps need and none changes, so that it is made but once."""

    items: Items
    """Whole buildings."""
    claims: Claims
    grounds: Grounds
    leaves: Leaves
    walls: Walls
    standing: Standing


def surveyed(site: Site) -> Survey:
    """What is known of the layers of a site."""
    items, (water, railway, walls) = at_once(
        lambda: whole_items(site.buildings), lambda: (water_of(site), railway_land_of(site), walls_of(site))
    )
    claims = claims_of(items)
    leaves, standing = _leaves_of(site, items, claims, water, railway)
    return Survey(items, claims, grounds_of(site, items), leaves, walls, standing)


def _leaves_of(site: Site, items: Items, claims: Claims, water: Shapes, railway: Shapes) -> tuple[Leaves, Standing]:
    """Water and railway land of a site, what is cut out of them, and why."""
    both = np.concatenate([water, railway])
    squares, owner = _squares(items, claims, both)
    shapes, item = np.concatenate([items.grained, squares]), np.concatenate([np.arange(len(items.ids)), owner])
    alone, wrong, count = _standing(shapes, both)
    houseboats, berths = np.split(alone, [len(items.ids)])
    afloat = np.concatenate([items.grained[houseboats], one_cover(squares[berths])])
    leaves = Leaves(water, railway, afloat, decks_of(site, both[~wrong]))
    return leaves, Standing(np.unique(item[alone]), wrong, count)


def _squares(items: Items, claims: Claims, leaves: Shapes) -> tuple[Shapes, Ints]:
    """For each building given as a point on water or railway land a square of that land round it, and its item."""
    points = is_point(items.shapes)[claims.item]
    seeds, owner = claims.shapes[points], claims.item[points]
    leaf, seed = shapely.STRtree(seeds).query(leaves, predicate="intersects")
    x, y = shapely.get_coordinates(shapely.centroid(seeds[seed])).T
    squares = shapely.box(x - STAND_M / 2, y - STAND_M / 2, x + STAND_M / 2, y + STAND_M / 2)
    return to_precision_grid(shapely.intersection(squares, leaves[leaf])), owner[seed]


def _standing(shapes: Shapes, leaves: Shapes) -> tuple[Flags, Flags, Ints]:
    """Footprints mostly on water or railway land that bears few and is hardly covered by them; leaves that bear more; how many.

    A footprint that stands alone, such as a houseboat, is a block of its own, and the rest stays what it is. Where there
    are more, the polygon must be wrong, and is land: to take a pond for land does less harm than to take a village for
    water.
    """
    leaf, shape = meeting(shapely.STRtree(shapes), leaves, "intersects")
    share = shapely.area(shapely.intersection(shapes[shape], leaves[leaf]))
    mostly = 2 * share > shapely.area(shapes[shape])
    covered = np.bincount(leaf, share, minlength=len(leaves))
    count = np.bincount(leaf[mostly], minlength=len(leaves))
    few = (covered < _SHARE * shapely.area(leaves)) & (count <= FEW)
    alone = np.zeros(len(shapes), dtype=bool)
    alone[shape[few[leaf] & mostly]] = True
    return alone, (count > 0) & ~few, count
