"""Lines of the account that the tessellation writes: whose the land under each building is, who shares a cell, what was cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import polygon_at
from gridgeo.land.account import AccountLine, NamedLines, names_between, percent, places
from gridgeo.land.inputs import LandInputs, MemberFootprints
from gridgeo.land.tessellation.cell_table import Tessellation
from gridgeo.land.tessellation.institution_losses import institution_lines
from gridgeo.land.tessellation.land_ownership import (
    CellLand,
    LandElsewhere,
    Ownership,
    land_ownership,
    shared_cells,
)
from gridgeo.model import LAND


def cell_lines(
    inputs: LandInputs, blocks: gpd.GeoDataFrame, tessellation: Tessellation, *, named: NamedLines
) -> Iterator[AccountLine]:
    """Water that turned to land, institutions without land, footprints on others' land or outside, shared cells, cut towers.

    Parameters
    ----------
    blocks
        What `enclose` gives. Reads: kind, deck, geometry.
    """
    cells, buildings = tessellation.cells, inputs.buildings
    yield from _drained(inputs, blocks, tessellation)
    yield from institution_lines(inputs, cells)
    polygons = np.asarray(cells.geometry.array, dtype=object)
    land = CellLand(polygons, shapely.STRtree(polygons), cells["block"].to_numpy(dtype=object))
    owned = land_ownership(buildings.snapped, land, tessellation.memberships, known=tessellation.known)
    shared = shared_cells(buildings, tessellation.memberships)
    yield from _elsewhere(inputs, cells, owned.elsewhere, named=named)
    for row, share in zip(*owned.outside, strict=True):
        yield AccountLine("buildings", "footprint_outside", buildings.ids[row], percent(share))
    yield from _overlaps(buildings, owned)
    for row, other, reason in zip(*shared, strict=True):
        yield AccountLine("buildings", reason, buildings.ids[row], buildings.ids[other])
    yield from _towers(tessellation.members)
    yield from tessellation.retried


def _drained(inputs: LandInputs, blocks: gpd.GeoDataFrame, tessellation: Tessellation) -> Iterable[AccountLine]:
    """Blocks of water or railway land that are land as a building that is not mostly on it has its largest share there."""
    cells, water, right = tessellation.cells, inputs.water, ~inputs.on_water.wrong
    land = blocks[(blocks["kind"] == LAND) & ~blocks["deck"].astype(bool)].sort_index()
    land = land[polygon_at(np.asarray(land.geometry.array, dtype=object), water.afloat) < 0]
    shapes = np.asarray(land.geometry.array, dtype=object)
    layers = np.repeat(["water", "landuse"], [len(water.water), len(water.railway)])[right]
    area = polygon_at(shapes, np.concatenate([water.water, water.railway])[right])
    rows = np.flatnonzero(area >= 0)
    members = (
        cells["block"].reindex(tessellation.members["cell"]).value_counts().reindex(land.index[rows], fill_value=0)
    )
    where = places(shapely.point_on_surface(shapes[rows]))
    for layer, place, number in zip(layers[area[rows]], where, members, strict=True):
        yield AccountLine(layer, "water_built_on", None, f"{place} {number}")


def _elsewhere(
    inputs: LandInputs, cells: gpd.GeoDataFrame, elsewhere: LandElsewhere, *, named: NamedLines
) -> Iterable[AccountLine]:
    """Buildings that hold land in another block, or beyond a given line, than their own cells."""
    building, here, there, own, cell = elsewhere
    ids = inputs.buildings.ids[building]
    names = inputs.site.buildings["name"].reindex(ids).fillna("").tolist()
    community = cells["community"].to_numpy(dtype=object)
    other = np.where(community[cell] == community[own], "", community[cell])
    share = shapely.area([here, there]) / shapely.area(inputs.buildings.snapped[building])
    texts = pd.DataFrame({"building": ids, "name": names, "here": share[0], "there": share[1], "other": other})
    texts["where"] = names_between(here, there, named)
    for name, parts in texts.sort_values("there", ascending=False, kind="stable").groupby("building", sort=True):
        yield AccountLine("buildings", "footprint_shared", str(name), _shares(parts))


def _shares(parts: pd.DataFrame) -> str:
    """A building's name, its share in its own cells, and each share elsewhere."""
    name, here = parts["name"].iloc[0], float(parts["here"].iloc[0])
    rows = zip(parts["there"].tolist(), parts["where"], parts["other"], strict=True)
    away = [f"{percent(there)} {where} {other}".strip() for there, where, other in rows]
    return "; ".join([f"{name} {percent(here)}".strip(), *away])


def _overlaps(buildings: MemberFootprints, owned: Ownership) -> Iterable[AccountLine]:
    """Buildings of which others hold what they cover as well."""
    whole = shapely.area(buildings.snapped[owned.overlaps.building])
    texts: dict[str, list[str]] = {}
    for row, owner, area, all_of_it in zip(*owned.overlaps, whole, strict=True):
        told = f"{buildings.ids[owner]} {area:.1f} m2 {percent(area / all_of_it)}"
        texts.setdefault(buildings.ids[row], []).append(told)
    for building, others in texts.items():
        yield AccountLine("buildings", "footprint_overlap", building, "; ".join(others))


def _towers(members: pd.DataFrame) -> Iterable[AccountLine]:
    """Buildings with more households than a finest zone may hold, as far as they were cut."""
    for building, ways in members.dropna(subset="cut").groupby("building", sort=True)["cut"]:
        told = ", ".join(f"{way} {number}" for way, number in ways.value_counts().sort_index().items())
        yield AccountLine("buildings", "tower_cut", str(building), f"{len(ways)} ({told})")
