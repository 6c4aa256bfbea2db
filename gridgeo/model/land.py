"""Divided land: cells, who belongs to each, and what was found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.displays import html_facts, html_table
from gridgeo.model.members import members_of

if TYPE_CHECKING:
    from gridgeo.model.plan import Plan


@dataclass(frozen=True)
class Land:
    """What `cells` gives: land of one place as cells that can be grouped.

    Parameters
    ----------
    cells
        Exact coverage by single polygons, indexed by cell id. Columns: community, block, kind, institution, geometry; and
        households, n_unknown, members, which are views of the table of members.
    members
        One row a building, or a part of a divided one: columns of `MEMBER_COLUMNS`, and a column for each other load.
    blocks
        What `blocks` gave; None where only cells are known.
    compounds
        Compounds (小区, 院落), indexed by id: name, geometry; None where only cells are known.
    walls
        Walls and their openings, as the room barriers gives them; None where only cells are known.
    account
        Lines for what dividing the land did to what was read; None where only cells are known.
    """

    cells: gpd.GeoDataFrame
    members: pd.DataFrame
    blocks: gpd.GeoDataFrame | None = None
    compounds: gpd.GeoDataFrame | None = None
    walls: Any = None
    account: pd.DataFrame | None = None

    def __getattr__(self, name: str) -> object:
        """Name the successor of what was a table in earlier versions."""
        if name.startswith("__") or not hasattr(gpd.GeoDataFrame, name):
            raise AttributeError(f"Land has no attribute {name!r}")
        raise AttributeError(str(say("land_is_no_table", name=name)))

    def __getitem__(self, column: object) -> object:
        """Name the successor of what was a table in earlier versions."""
        raise TypeError(str(say("land_is_no_table", name=column)))

    def _repr_html_(self) -> str:
        facts = self.cells.groupby("kind").size().rename("cells").reset_index()
        return html_facts({"cells": len(self.cells), "buildings": self.members["building"].nunique()}) + html_table(
            facts
        )

    def __repr__(self) -> str:
        """How much there is, in a line."""
        return f"Land(cells {len(self.cells)}, members {len(self.members)})"


def land_of(cells: Land | Plan | gpd.GeoDataFrame) -> Land:
    """Land of what a verb takes as `cells`: itself, that of a plan, or that of a bare table of cells.

    Raises
    ------
    InputError
        If a table lacks the column `members`.
    """
    if isinstance(cells, Land):
        return cells
    if not isinstance(cells, pd.DataFrame):
        return Land(cells.cells, cells.members)
    if "members" not in cells:
        raise InputError(say("cells_columns", columns="members"))
    return Land(cells, members_of(cells))
