"""The verb diff: what changed between two plans of one place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.changes.code_fates import code_fates
from gridgeo.changes.compared_sides import Side, sides_of
from gridgeo.changes.crosswalk_tables import crosswalks, land_shares
from gridgeo.changes.member_flows import flows
from gridgeo.coverage import Flags, Shapes
from gridgeo.errors import InputError
from gridgeo.matching import same_buildings
from gridgeo.messages import say
from gridgeo.model import CODE_COLUMNS, MOVE_COLUMNS, Changes, Plan, Site, Zones


def diff(old: Plan | Zones, new: Plan | Zones, *, site: Site | None = None) -> Changes:
    """What changed between two plans, or drawings, of one place.

    Buildings are the same by their ids, then by their footprints, then by name and place. Within a building that was divided or
    joined, who has the same unit is taken for the same, then who stays in the zone, then the others in order.

    Parameters
    ----------
    site
        Buildings of drawings. If left out, those of the plan that is given beside a drawing.

    Returns
    -------
    changes
        Who has another code, which codes are kept, and what of each old zone lies in each new one, to the household.

    Raises
    ------
    InputError
        If what is given is no plan and no zones, the two have no tier of one name, or the buildings of a drawing are not known.
    """
    sides = before, after = sides_of(old, new, site)
    links = same_buildings(before.buildings, after.buildings)
    moved = flows(before, after, links)
    tables = crosswalks(moved, land_shares(before.outlines, after.outlines), sides)
    if not tables:
        names = [", ".join(side.above.columns) for side in sides]
        raise InputError(say("weigh_no_common_tier", one=names[0], other=names[1]))
    fates = {tier: code_fates(table) for tier, table in tables.items()}
    codes = [_codes(tier, table, sides) for tier, table in fates.items()]
    finest = fates.get(str(after.above.columns[-1]), pd.DataFrame(columns=["status"]))
    moves = _moves(moved, finest["status"], sides)
    stands = moves["building"].isin(links.dropna(subset=["old", "new"])["old"])
    moves["why"] = moves["why"].mask((moves["why"] == "gone") & stands, "no_zone")
    return Changes(moves, pd.concat(codes, ignore_index=True), links, tables)


def _codes(tier: str, fates: pd.DataFrame, sides: tuple[Side, Side]) -> gpd.GeoDataFrame:
    """Codes of a tier with their outlines, the new one where there is one."""
    old, new = (side.outlines_of(tier) for side in sides)
    shapes = new.reindex(fates.index)
    shapes = shapes.where(shapes.notna(), old.to_crs(new.crs).reindex(fates.index))
    table = fates.reset_index().assign(tier=tier)[list(CODE_COLUMNS)].astype(CODE_COLUMNS)
    return gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=new.crs)


def _moves(flows: pd.DataFrame, status: pd.Series, sides: tuple[Side, Side]) -> gpd.GeoDataFrame:
    """Flows to another code, and members that are new or gone, with their footprints."""
    rows = flows[_tells(flows)].reset_index(drop=True)
    gone, new = (rows[end].isna().to_numpy() for end in ("to", "from"))
    old, now = (rows[end].map(status).fillna("") for end in ("from", "to"))
    words = ["new", "gone", "zone_retired", "zone_new"]
    why = np.select([new, gone, old == "retired", now == "new"], words, "border_moved")
    for name in ("building", "unit"):
        rows[name] = rows[name].where(~gone, rows[f"old_{name}"])
    table = rows.assign(why=why)[list(MOVE_COLUMNS)].astype(MOVE_COLUMNS)
    return gpd.GeoDataFrame(table, geometry=_footprints(table["building"], gone, sides), crs=sides[1].outlines.crs)


def _tells(flows: pd.DataFrame) -> pd.Series:
    """Flows that somebody has to be told of: not those by which a member that was there before has only grown or shrunk."""
    lone = pd.Series(data=False, index=flows.index)
    paired = flows["from"].notna() & flows["to"].notna()
    for one, far in ((["building", "unit"], "from"), (["old_building", "old_unit"], "to")):
        there = pd.MultiIndex.from_frame(flows.loc[paired, one].fillna(""))
        lone |= flows[far].isna() & ~pd.MultiIndex.from_frame(flows[one].fillna("")).isin(there)
    return lone | (flows["from"] != flows["to"]).where(paired, other=False).astype(bool)


def _footprints(ids: pd.Series, gone: Flags, sides: tuple[Side, Side]) -> Shapes:
    crs = sides[1].outlines.crs
    old, new = (side.buildings.geometry.to_crs(crs).reindex(ids).to_numpy() for side in sides)
    return np.where(gone, old, new)
