"""What certainly keeps limits from being met, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np

from gridgeo.coverage import Ints
from gridgeo.division.solve.tiers import SearchedLand, limits_of
from gridgeo.messages import Text, say
from gridgeo.model import Scheme, Site, Tier, Whereabouts, amount
from gridgeo.partition import Obstacle, explain, is_weighed

TOLD = ("wedged", "pocket", "component")
"""Kinds of obstacles that land makes; single buildings over a limit and numbers of zones are told elsewhere."""

WEIGHED = "weighed"
"""Kind of obstacle where every division was weighed, into all tiers together, and none keeps all zones within limits."""


class LandObstacle(NamedTuple):
    """One obstacle.

    Parameters
    ----------
    kind
        One of `TOLD`, or `WEIGHED`.
    total
        What it holds [units of the tiers' load].
    beside
        Cells of what borders it and is over the limit.
    """

    kind: str
    total: int
    beside: Ints


class ObstacleCells(NamedTuple):
    """The obstacles of one tier, and the number of the one that each cell is part of, -1 for none."""

    which: Ints
    obstacles: tuple[LandObstacle, ...]

    def at(self, cells: Ints) -> LandObstacle | None:
        """The obstacle in a zone, None if none is certain; the cells that come first decide."""
        told = self.which[cells]
        told = told[told >= 0]
        return self.obstacles[told[0]] if len(told) else None


def certain_obstacles(land: SearchedLand, scheme: Scheme) -> list[Obstacle]:
    """What no search can put within the limits of the finest tier."""
    return explain(land.graph(), limits_of(scheme)[0])


def foretold(certain: Sequence[Obstacle], cells: gpd.GeoSeries, site: Site, *, code: str, tier: Tier) -> Text | None:
    """Certain obstacles in words, to be told before the search begins; None if there are none.

    Parameters
    ----------
    cells
        Outlines of the cells that are searched.
    site
        Its streets say where places are.
    code
        Of the community, or of the given zone.
    tier
        The finest tier.
    """
    told, places = np.zeros(len(cells), dtype=bool), list[Obstacle]()
    for one in certain:
        # the plainest reason comes first
        if one.kind != "count" and not told[one.nodes].any():
            told[one.nodes] = True
            places.append(one)
    if not places:
        return None
    first = places[0]
    where = Whereabouts(site).of(cells.iloc[first.nodes[0]])
    example = say("place_and_figure", where=where, figure=amount(tier.load, first.total))
    return say("step_certain", code=code, n=len(places), low=tier.low, high=tier.high, first=example)


def obstacle_cells(
    land: SearchedLand, scheme: Scheme, *, certain: Sequence[Obstacle], free: bool
) -> dict[str, ObstacleCells]:
    """The obstacle that each cell is part of, for each tier by name.

    What the cells forbid is certain in every tier: a zone of any tier hangs together by cells. What finer zones forbid as they are
    is not, for they could be others.

    Parameters
    ----------
    certain
        Those of the finest tier, as `certain_obstacles` gives them.
    free
        Whether no compound had to be kept whole.
    """
    graph, limits = land.graph(), limits_of(scheme)
    weighed = free and bool((land.fixed[land.at] < 0).all()) and is_weighed(graph, limits)
    return {
        tier.name: _placed(certain if tier is scheme.finest else explain(graph, limit), land, weighed=weighed)
        for tier, limit in zip(reversed(scheme.tiers), limits, strict=True)
    }


def _placed(found: Sequence[Obstacle], land: SearchedLand, *, weighed: bool) -> ObstacleCells:
    """Obstacles by cell; where all divisions were weighed, the whole land is one as well."""
    at, which, told = land.at, np.full(len(land.searched), -1), list[LandObstacle]()
    for obstacle in found:
        if obstacle.kind in TOLD and not obstacle.second:
            cells = at[obstacle.nodes]
            # the plainest reason comes first
            which[cells[which[cells] < 0]] = len(told)
            told.append(LandObstacle(obstacle.kind, obstacle.total, at[obstacle.beside]))
    if weighed:
        which[at[which[at] < 0]] = len(told)
        told.append(LandObstacle(WEIGHED, int(land.load[at].sum()), at[:0]))
    return ObstacleCells(which, tuple(told))
