"""What is known of a site's layers before its land is divided: who claims land, and which land is none to build on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.land.decks import DECK_M, decks_of
from gridgeo.land.institutions import Grounds, grounds_of
from gridgeo.land.items import Claims, Items, claims_of, is_point, whole_items
from gridgeo.land.lines import one_cover, railway_land_of, water_of
from gridgeo.land.planar import Flags, Shapes, meeting, on_grain
from gridgeo.land.workers import at_once, without_collecting
from gridgeo.site import Site
from gridgeo.walls import Walls, walls_of

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


class Survey(NamedTuple):
    """What several steps need and none changes, so that it is made but once."""

    items: Items
    """Whole buildings."""
    claims: Claims
    grounds: Grounds
    leaves: Leaves
    walls: Walls


@without_collecting()
def surveyed(site: Site) -> Survey:
    """What is known of the layers of a site."""
    items, (water, railway) = at_once(
        lambda: whole_items(site.buildings), lambda: (water_of(site), railway_land_of(site))
    )
    claims = claims_of(items)
    return Survey(
        items, claims, grounds_of(site, items), _leaves_of(site, items, claims, water, railway), walls_of(site)
    )


def _leaves_of(site: Site, items: Items, claims: Claims, water: Shapes, railway: Shapes) -> Leaves:
    """Water and railway land of a site, the buildings that stand alone on them, and the decks across."""
    both = np.concatenate([water, railway])
    stands = _stands(items, claims, both)
    alone, wrong = _standing(np.concatenate([items.grained, stands]), both)
    houseboats, berths = items.grained[alone[: len(items.grained)]], one_cover(stands[alone[len(items.grained) :]])
    return Leaves(water, railway, np.concatenate([houseboats, berths]), decks_of(site, both[~wrong]))


def _stands(items: Items, claims: Claims, leaves: Shapes) -> Shapes:
    """For each building given as a point on water or railway land a square of that land round it."""
    seeds = claims.shapes[is_point(items.shapes)[claims.item]]
    leaf, seed = shapely.STRtree(seeds).query(leaves, predicate="intersects")
    x, y = shapely.get_coordinates(shapely.centroid(seeds[seed])).T
    squares = shapely.box(x - STAND_M / 2, y - STAND_M / 2, x + STAND_M / 2, y + STAND_M / 2)
    return on_grain(shapely.intersection(squares, leaves[leaf]))


def _standing(shapes: Shapes, leaves: Shapes) -> tuple[Flags, Flags]:
    """Footprints mostly on water or railway land that bears few and is hardly covered by them; and leaves that bear more.

    A footprint that stands alone, such as a houseboat, is a block of its own, and the rest stays what it is. Where there
    are more, the polygon must be wrong, and is land: to take a pond for land does less harm than to take a village for
    water.
    """
    leaf, shape = meeting(shapely.STRtree(shapes), leaves, "intersects")
    share = shapely.area(shapely.intersection(shapes[shape], leaves[leaf]))
    mostly = 2 * share > shapely.area(shapes[shape])
    covered, count = (np.bincount(leaf, weight, minlength=len(leaves)) for weight in (share, mostly))
    few = (covered < _SHARE * shapely.area(leaves)) & (count <= FEW)
    alone = np.zeros(len(shapes), dtype=bool)
    alone[shape[few[leaf] & mostly]] = True
    return alone, (count > 0) & ~few
