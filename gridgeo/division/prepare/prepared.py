"""What is divided: land as cells in place order, the borders between them, and the land above them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.contiguity import HARD, adjacency
from gridgeo.coverage import Flags, Floats, Ints
from gridgeo.division.prepare.cell_sums import CellSums, most_households, sums_of
from gridgeo.division.prepare.given_lines import outlines
from gridgeo.division.prepare.zones_of_cells import KeptCells, kept_cells, place_in_given
from gridgeo.division.request import CommunityTotals, Drawings, Request
from gridgeo.land import LandOptions, compounds_of, divide_land, held_by_compounds, with_account
from gridgeo.messages import Text, say
from gridgeo.model import Land, Site, is_dedicated, with_loads

Tell = Callable[[Text], None]

WEIGHTS = {"land": 1.0, "outline": 0.4, "link": 0.4, "street": 0.4, "arterial": 0.2} | dict.fromkeys(sorted(HARD), 0.15)
"""Price of a metre of border by what lies on it: zones shall end at streets, and rather at large ones."""


class CellBorders(NamedTuple):
    """Borders between cells, one row a pair and thing that lies between them.

    Parameters
    ----------
    a, b
        Positions of the two cells.
    shared_m
        Length with that on it [m].
    weight
        Price of a metre; see `WEIGHTS`.
    passable
        Whether one can pass there.
    """

    a: Ints
    b: Ints
    shared_m: Floats
    weight: Floats
    passable: Flags

    def at(self, rows: Ints) -> CellBorders:
        """Some of the borders."""
        return CellBorders(self.a[rows], self.b[rows], self.shared_m[rows], self.weight[rows], self.passable[rows])


@dataclass(frozen=True)
class Prepared:
    """Land that can be grouped; the same serves any preferences and seeds.

    Parameters
    ----------
    site
        The place; if its cells were made here, its account tells what that did to the layers.
    cells
        Exact coverage in place order. All that follows is by the position of a cell, where it says nothing else.
    members
        One row a building, or a part of a divided one, with a column for each load of the scheme.
    borders
        Between the cells.
    sums
        What they hold.
    compounds
        All compounds in which cells lie, as `held_by_compounds` gives them.
    drawings
        Zones that are given or kept.
    above
        Code of the land that is divided for itself and in which each cell lies: a community, or a given zone; index of the cells.
    kept
        What of each cell is kept.
    dedicated
        Cells in a given dedicated zone.
    passed
        Whether the cells were passed, and not made here.
    split
        Whether buildings above the limit were cut into equal parts here where nothing tells how.
    """

    site: Site
    cells: gpd.GeoDataFrame
    members: pd.DataFrame
    borders: CellBorders
    sums: CellSums
    compounds: pd.DataFrame
    drawings: Drawings
    above: pd.Series
    kept: KeptCells
    dedicated: Flags
    passed: bool
    split: bool

    @cached_property
    def divided(self) -> Flags:
        """Cells that are neither kept with all above them, nor in a given dedicated zone."""
        return ~self.kept.whole & ~self.dedicated

    @cached_property
    def ordinary(self) -> Flags:
        """Cells that are in no dedicated zone."""
        return self.cells["institution"].isna().to_numpy(dtype=bool) & ~self.dedicated

    @cached_property
    def compound(self) -> Ints:
        """Number of the compound of each cell, the smallest where several lie one in another; -1 outside all."""
        smallest = self.compounds.drop_duplicates("cell")
        numbers = np.full(len(self.cells), -1)
        numbers[smallest["cell"].to_numpy()] = pd.factorize(smallest["compound"], sort=True)[0]
        return numbers

    def totals(self) -> list[CommunityTotals]:
        """What each community holds outside dedicated zones, by code."""
        return self._totals(self.cells["community"])

    def totals_above(self) -> list[CommunityTotals]:
        """The same for each community or given zone that is divided for itself."""
        return self._totals(self.above)

    def _totals(self, land: pd.Series) -> list[CommunityTotals]:
        ordinary = self.ordinary
        community, names = pd.factorize(land, sort=True)
        sums = {
            load: np.bincount(community, np.where(ordinary, figures, 0), len(names)).astype(np.int64)
            for load, figures in self.sums.loads.items()
        }
        count = np.bincount(community, ordinary, len(names)).astype(np.int64)
        return [
            CommunityTotals(str(name), int(count[k]), {load: int(total[k]) for load, total in sums.items()})
            for k, name in enumerate(names)
        ]


def prepare(site: Site, request: Request, drawings: Drawings, *, land: Land | None, tell: Tell) -> Prepared:
    """Cells, made or as they were passed, and their borders.

    What the scheme prefers plays no part.

    Parameters
    ----------
    land
        What was passed; None if it is to be made.

    Raises
    ------
    InputError
        If a zone to be kept is not there.
    LandError
        If the land could not be divided, or given zones are no unions of cells.
    """
    scheme, passed = request.scheme, land is not None
    if land is None:
        land = _divide_land(site, request, drawings, tell=tell)
        site = with_account(site, land.account)
    cells, given = _in_place_order(land.cells), drawings.given
    compounds = held_by_compounds(cells, site, compounds_of(site) if land.compounds is None else land.compounds)
    above = cells["community"] if given is None else place_in_given(cells, given)
    kept = kept_cells(drawings, cells, scheme)
    dedicated = np.zeros(len(cells), dtype=bool)
    if given is not None:
        dedicated = is_dedicated(above, scheme.tiers[0]).to_numpy(dtype=bool)
    tell(say("step_graph", n=len(cells)))
    borders = _borders(cells, adjacency(replace(land, cells=cells), site))
    members = with_loads(land.members, site.buildings, scheme.loads)
    sums = sums_of(members, cells.index, scheme.loads)
    split = request.split_large and not passed
    return Prepared(site, cells, members, borders, sums, compounds, drawings, above, kept, dedicated, passed, split)


def _divide_land(site: Site, request: Request, drawings: Drawings, *, tell: Tell) -> Land:
    """Land of the site, cut along zones that are given or kept."""
    tell(say("step_blocks"))

    def along(enclosed: gpd.GeoDataFrame) -> gpd.GeoSeries | None:
        tell(say("step_cells", n=len(site.buildings)))
        return None if drawings.drawn is None else outlines(drawings.drawn, enclosed)

    return divide_land(site, LandOptions(most_households(site, request.scheme), request.split_large, along))


def _in_place_order(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cells along a space-filling curve: near cells stand near each other, and the order of rows is forgotten."""
    points = cells.geometry.representative_point()
    curve = points.hilbert_distance(level=16).to_numpy()
    order = pd.DataFrame(
        {"curve": curve, "x": points.x.to_numpy(), "y": points.y.to_numpy(), "id": cells.index.to_numpy()}
    )
    return cells.iloc[order.sort_values(["curve", "x", "y", "id"], kind="stable").index]


def _borders(cells: gpd.GeoDataFrame, table: pd.DataFrame) -> CellBorders:
    """Borders of cells by position, of a table as `adjacency` gives it."""
    a, b = (cells.index.get_indexer(table[end]) for end in ("a", "b"))
    weight = np.asarray(table["across"].map(WEIGHTS), dtype=np.float64)
    return CellBorders(a, b, table["shared_m"].to_numpy(), weight, ~table["across"].isin(HARD).to_numpy())
