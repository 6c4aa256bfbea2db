"""All land of a place, each community or given zone for itself, to parts of every tier."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gridgeo.coverage import Flags, Ints
from gridgeo.division.prepare import Prepared, Tell
from gridgeo.division.solve.lands import DividedLand, cells_of, tiers_below
from gridgeo.division.solve.obstacles import LandObstacle, ObstacleCells, certain_obstacles, foretold
from gridgeo.division.solve.one_land import LandParts, asked_land, effort_within, parts_of_land
from gridgeo.division.solve.tiers import Search
from gridgeo.messages import say
from gridgeo.model import Scheme, is_dedicated
from gridgeo.partition import Effort

AT_A_TIME = 2
"""Communities divided at the same time. Each is divided for itself, so their number changes nothing else."""


@dataclass(frozen=True)
class Parts:
    """How a place is divided, by position of its cells.

    Parameters
    ----------
    tiers
        Number of the part of each cell, unique in the land above; for each tier that was divided into, by name.
    dedicated
        Whether the cell's finest zone is dedicated.
    pocket_load
        What the land holds from which no barrier was crossed [units of the tiers' load].
    obstacles
        For each of these tiers by name.
    joined
        Pockets that were joined across a barrier: a cell of each, and what it holds.
    """

    tiers: Mapping[str, Ints]
    dedicated: Flags
    pocket_load: Ints
    obstacles: Mapping[str, ObstacleCells]
    joined: tuple[tuple[int, int], ...]


def solve_lands(ground: Prepared, lands: list[DividedLand], scheme: Scheme, *, search: Search, tell: Tell) -> Parts:
    """Parts of the tiers below the land above."""

    def solved(land: DividedLand) -> LandParts:
        tell(say("step_partition", code=land.code, n=len(land.rows)))
        asked = asked_land(cells_of(ground, land), land.scheme)
        certain = certain_obstacles(asked.searched, land.scheme)
        cells = ground.cells.geometry.iloc[land.rows[asked.searched.at]]
        told = foretold(certain, cells, ground.site, code=land.code, tier=land.scheme.finest)
        if told is not None:
            tell(told)
        watched = search._replace(progress=_Told(tell, land.code))
        return parts_of_land(asked, land.scheme, watched, certain=certain)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        parts = list(pool.map(solved, lands))
    return _together(ground, list(zip(lands, parts, strict=True)), scheme)


class _Told:
    """Tells tenths of a search, each once."""

    def __init__(self, tell: Tell, code: str) -> None:
        self._tell, self._code, self._tenths = tell, code, 0

    def __call__(self, share: float) -> None:
        """Hear of a share that is done."""
        tenths = int(10 * share)
        if tenths > self._tenths:
            self._tenths = tenths
            self._tell(say("step_searched", code=self._code, percent=10 * tenths))


def steps_within(seconds: float, ground: Prepared, lands: list[DividedLand]) -> Effort:
    """The steps that take about so many seconds for all land, measured on the largest."""
    if not lands:
        return Effort(0, 0, 0)
    largest = max(lands, key=lambda land: len(land.rows))
    at_once = min(AT_A_TIME, len(lands), os.cpu_count() or 1)
    share = len(largest.rows) / max(len(largest.rows), sum(len(land.rows) for land in lands) / at_once)
    return effort_within(seconds * share, cells_of(ground, largest), largest.scheme)


def _together(ground: Prepared, solved: list[tuple[DividedLand, LandParts]], scheme: Scheme) -> Parts:
    """What was divided, and the rest as it is: one part a kept code, and one for land without (a given dedicated zone)."""
    kept, count = ground.kept.code, len(ground.cells)
    below = tiers_below(ground, scheme)
    # below the numbers of what was searched
    tiers = {
        tier.name: -2 - pd.factorize(kept.str[: scheme.digits(tier.name)], sort=True)[0].astype(np.int64)
        for tier in below
    }
    dedicated = ((kept == "") | is_dedicated(kept, scheme.finest)).to_numpy(dtype=bool, copy=True)
    pocket_load = np.zeros(count, dtype=np.int64)
    for land, parts in solved:
        dedicated[land.rows], pocket_load[land.rows] = parts.dedicated, parts.pocket_load
        for name, part in parts.tiers.items():
            tiers[name][land.rows] = part
    obstacles = {tier.name: _all_obstacles(solved, tier.name, count) for tier in below}
    joined = tuple((int(land.rows[at]), load) for land, parts in solved for at, load in parts.joined)
    return Parts(tiers, dedicated, pocket_load, obstacles, joined)


def _all_obstacles(solved: list[tuple[DividedLand, LandParts]], tier: str, count: int) -> ObstacleCells:
    """The obstacles of one tier in all land."""
    which, told = np.full(count, -1), list[LandObstacle]()
    for land, parts in solved:
        own = parts.obstacles[tier]
        which[land.rows] = np.where(own.which < 0, -1, own.which + len(told))
        told += [one._replace(beside=land.rows[one.beside]) for one in own.obstacles]
    return ObstacleCells(which, tuple(told))
