"""Lines of the account of what dividing the land did to the layers: each stage writes its own, here they become one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import shapely

from gridgeo.coverage import Flags, Floats, Shapes
from gridgeo.model import ACCOUNT_COLUMNS, Site

NOTICED_M2, NOTICED_SHARE = 1.0, 0.01
"""A part of a footprint is told from this area on [m2], and from this share of the footprint on; less is rounding."""

WITHOUT_LAND = (
    *("institution_outside", "institution_small", "institution_taken", "institution_in_water"),
    *("institution_homes", "institution_in_building"),
)
"""Why an institution has no land; told together, by institution."""

SHARING = ("footprint_duplicate", "points_together", "point_in_footprint", "cell_joined")
"""Why a building shares a cell with another: the same footprint, the same point, a point in a footprint, overlaps."""

RETRIED = ("block_noded_anew", "block_without_walls", "block_one_cell")
"""How the land of a block was shared out that could not be at once."""

_ORDER: tuple[tuple[str, ...], ...] = (
    *(("dead_ends",), ("hole_closed",), ("strips_joined",), ("deck_cut",), ("water_built_on",), ("in_water",)),
    *(WITHOUT_LAND, ("institution_part",), ("institution_footprint",)),
    *(("footprint_crossed",), ("footprint_shared",), ("footprint_outside",), ("footprint_overlap",)),
    *(*((reason,) for reason in SHARING), ("tower_cut",), RETRIED),
)
"""Reasons that are told one after the other; those of one group in the order in which they are written."""

REASONS = tuple(reason for group in _ORDER for reason in group)
"""Reasons of the lines that land adds to an account."""


class AccountLine(NamedTuple):
    """What was done to a row of a layer, or to several."""

    layer: str
    reason: str
    id: str | None
    """None: no single row."""
    detail: str | None


def account_table(lines: Iterable[AccountLine]) -> pd.DataFrame:
    """Lines that stages wrote as a table, by reason in the order of `REASONS`; they count no rows and no households.

    Parts of footprints are told from a hundredth of the footprint or 1 m2 on. Places are in metres; sides are N, NE, E and so on.

    Returns
    -------
    account
        Columns of `gridgeo.model.site.ACCOUNT_COLUMNS`, all accepted. In this order, each reason by place or by id:

        * dead_ends, one a line that leads nowhere: place of its loose end, length; hole_closed, one a hole of a wall that a block
          is closed across: place, width; strips_joined, one a block that took strips of
          land: place, number of strips; deck_cut, one a strip of land cut out along a street that leads across water: place, area
        * water_built_on, one a polygon of water or railway land that turned to land: place, number of buildings; in_water, one a
          building that was given land of its own in one: place
        * in the layers that institutions are from: the reasons of `WITHOUT_LAND`; institution_part, one an institution with less
          than its outline: its share, others that have of it; institution_footprint, one a building on an outline: institution,
          shares of the footprint in and out
        * footprint_crossed, one a building that a border went round: shares on its own side and beyond, name of the line or
          place; footprint_shared, one a building that holds land in another block, or beyond a given line: its name, share in
          its own cells, and each share elsewhere with its side and the name of the line between, or its place, and its
          community if that is another; footprint_outside, one a building that reaches out of all communities: share
        * footprint_overlap, one a building of which others hold land: id of each, area, share
        * footprint_duplicate, points_together, point_in_footprint, cell_joined, one a building in the cell of another: id of that
        * tower_cut, one a building: number of its parts, and how many by units, floors or equal parts
        * block_noded_anew, block_without_walls, block_one_cell, one a block whose land could not be shared out at once, by the way
          that held (`gridgeo.land.voronoi`) and its id: place
    """
    place = {reason: k for k, group in enumerate(_ORDER) for reason in group}
    ordered = sorted(lines, key=lambda line: place[line.reason])
    table = pd.DataFrame(ordered, columns=list(AccountLine._fields))
    table = table.assign(status="accepted", rows=0).reindex(columns=list(ACCOUNT_COLUMNS))
    return table.astype(ACCOUNT_COLUMNS)


def with_account(site: Site, lines: pd.DataFrame | None) -> Site:
    """The site with what dividing its land did at the end of its account, in place of what an earlier division did.

    Parameters
    ----------
    lines
        What `account_table` gives; None: nothing was done here.
    """
    if lines is None:
        return site
    read = site.account.reindex(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)
    read = read[~read["reason"].isin(REASONS).fillna(value=False)]
    return replace(site, account=pd.concat([read, lines], ignore_index=True))


def noticed(area: Floats, whole: Floats) -> Flags:
    """Whether parts of footprints are large enough to be told."""
    flags: Flags = (area >= NOTICED_M2) | ((area > 0) & (area >= NOTICED_SHARE * whole))
    return flags


def places(points: Shapes) -> list[str]:
    """Coordinates of points, as texts [m]."""
    return [f"({x:.2f}, {y:.2f})" for x, y in shapely.get_coordinates(points)]


def percent(share: float) -> str:
    """A share as a text, with a digit more near none and near all."""
    return f"{share:.0%}" if 0.01 <= share <= 0.99 else f"{share:.1%}"
