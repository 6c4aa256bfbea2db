"""The verb: zones tier by tier, and a table of what moved, with the households concerned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import Ints, Shapes, brought_to
from gridgeo.errors import CrsError, InputError
from gridgeo.mending.drawn_faces import as_drawn
from gridgeo.mending.mended_tier import Fault, mend
from gridgeo.messages import Lang, say
from gridgeo.model import Site, Zones
from gridgeo.progress import Tell, told

NEARLY_A_TOSS = 0.3
"""Below this margin another explanation is nearly as good."""

_HAIR_M = 0.002
"""Precision of the width that is told, and the least one [m]."""


class Mended(NamedTuple):
    """A drawing made whole: unpack it as ``zones, moved``."""

    zones: Zones
    moved: gpd.GeoDataFrame
    """One row a fault: tier, zone, neighbour, area_m2, width_m, households, done, sure, why, and its land."""

    @property
    def left(self) -> gpd.GeoDataFrame:
        """What only a person can decide."""
        return self.moved[~self.moved["done"]]


def repair(
    zones: Zones, site: Site, *, widest_m: float = 2.0, lang: Lang = "zh", progress: Tell | None = None
) -> Mended:
    """Mend a drawing: no gaps, overlaps, overshoots, hairlines and invalid rings, by the smallest change.

    Where lines do not meet, one of them strayed. The fewest zones whose lines must have strayed are looked for, and their lines are
    drawn anew along those of their neighbours. A zone without a fault stays as it is, corner by corner.

    Parameters
    ----------
    zones
        As `read_zones` reads them.
    site
        The land that they have to cover, and who lives there.
    widest_m
        A gap or an overlap wider than this [m] is left: only a person can decide. Land outside the communities is always cut off.
    lang
        Language of the reasons.
    progress
        Called with each step; left out, a notebook or a prompt shows a line.

    Returns
    -------
    mended
        Zones in the reference system of the site, and the table of what moved. `zone` is the one whose line strayed; `households`
        are those that have another zone than before, or had two; `done` is False for what is left to a person; `sure` below 0.3
        means that it was nearly a toss.

    Raises
    ------
    InputError
        If the width is no number from 0 up, or there are no zones.
    CrsError
        If the zones have no reference system.
    """
    _refuse(zones, widest_m)
    table = brought_to(zones.table, site.crs)
    shapes = table.geometry.to_numpy().copy()
    land = shapely.union_all(site.communities.geometry.to_numpy())
    books = []
    with told(progress) as tell:
        for tier in zones.tiers:
            tell(say("step_mending", tier=tier))
            rows = np.flatnonzero(table["tier"] == tier)
            drawn = as_drawn(shapes[rows], land)
            made, faults = mend(drawn, widest_m)
            books.append(_book(faults, table.iloc[rows], (drawn.shapes, made), site=site))
            shapes[rows] = np.where(made == drawn.shapes, np.where(drawn.invalid, made, shapes[rows]), made)
    changed = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=site.crs))
    changed["area_m2"] = pd.array(shapely.area(shapes), dtype="Float64")
    moved = pd.concat(books, ignore_index=True)
    moved["why"] = pd.array([say(reason).render(lang) for reason in moved["why"]], dtype="string")
    return Mended(replace(zones, table=changed), gpd.GeoDataFrame(moved, geometry="geometry", crs=site.crs))


def _refuse(zones: Zones, widest_m: float) -> None:
    if not 0 <= widest_m < np.inf:
        raise InputError(say("mending_width", value=widest_m))
    if zones.table.empty:
        raise InputError(say("check_no_zones"))
    if zones.table.crs is None:
        raise CrsError(say("mending_no_crs"))


def _book(
    faults: list[Fault], table: gpd.GeoDataFrame, shapes: tuple[Shapes, Shapes], *, site: Site
) -> gpd.GeoDataFrame:
    """The table of what moved, the widest first."""
    codes = table["code"].tolist()
    rows = [
        {
            "tier": table["tier"].iloc[0],
            "zone": None if fault.zone is None else codes[fault.zone],
            "neighbour": None if fault.neighbour is None else codes[fault.neighbour],
            "area_m2": round(float(shapely.area(fault.shape)), 3),
            "width_m": _width_m(fault.shape),
            "households": households,
            "done": fault.done,
            "sure": fault.sure,
            "why": fault.why,
            "geometry": fault.shape,
        }
        for fault, households in zip(faults, _households(faults, shapes, site), strict=True)
    ]
    types = {"tier": "string", "zone": "string", "neighbour": "string", "area_m2": "float64", "width_m": "float64"}
    types |= {"households": "Int64", "done": "bool", "sure": "float64", "why": "string"}
    made = gpd.GeoDataFrame(rows, columns=[*types, "geometry"], geometry="geometry", crs=site.crs).astype(types)
    order = np.lexsort((-made["area_m2"], -made["width_m"], made["done"]))
    return made.iloc[order].reset_index(drop=True)


def _width_m(shape: Any) -> float:
    """Diameter of the widest circle inside [m]."""
    if shapely.is_empty(shape):
        return 0.0
    fine = max(_HAIR_M / 2, float(np.sqrt(shapely.area(shape))) / 500)
    return round(2 * float(shapely.length(shapely.maximum_inscribed_circle(shape, tolerance=fine))), 3)


def _households(faults: list[Fault], shapes: tuple[Shapes, Shapes], site: Site) -> list[int]:
    """For each fault the known households whose building has another zone than before, or had two; each building once."""
    buildings = site.buildings.geometry.to_numpy()
    known = site.buildings["households"].fillna(0).to_numpy(dtype=np.int64)
    out = [0] * len(faults)
    if not len(buildings) or not faults:
        return out
    fault, building = shapely.STRtree(buildings).query([one.shape for one in faults], predicate="intersects")
    touched = np.unique(building)
    before, after = (_zone_of(buildings[touched], one) for one in shapes)
    moved = {int(row): (b, a) for row, b, a in zip(touched, before.tolist(), after.tolist(), strict=True) if b != a}
    for k, row in zip(fault.tolist(), building.tolist(), strict=True):
        # the row that concerns both zones of the building has its households
        if row in moved and set(moved[row]) & {faults[k].zone, faults[k].neighbour} and faults[k].done:
            out[k] += int(known[row])
            del moved[row]
    return out


def _zone_of(buildings: Shapes, zones: Shapes) -> Ints:
    """The zone that has most of each building; -1 for none, and where two have as much."""
    building, zone = shapely.STRtree(zones).query(buildings, predicate="intersects")
    share = shapely.area(shapely.intersection(buildings[building], zones[zone]))
    order = np.lexsort((zone, -np.round(share, 6), building))
    ranked, part = building[order], np.round(share, 6)[order]
    first, at = np.unique(ranked, return_index=True)
    equal = np.append((ranked[1:] == ranked[:-1]) & (part[1:] == part[:-1]), False)
    out = np.full(len(buildings), -1)
    out[first] = np.where(equal[at], -1, zone[order[at]])
    return out
