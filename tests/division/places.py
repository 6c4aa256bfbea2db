"""Places that tests of this room divide."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import gridgeo as gg
from gridgeo.land import compounds_of, held_by_compounds
from gridgeo.model import Site
from tests.conftest import EAST, NORTH, box, make_site, with_columns
from tests.made import Town, build


def with_layer(site: Site, role: str, shapes: Mapping[str, shapely.Geometry], **columns: object) -> Site:
    """The site with one more layer, drawn in metres from the town's corner."""
    table = gpd.GeoDataFrame(
        columns,
        index=pd.Index(list(shapes), dtype="str", name="id"),
        geometry=[shapely.affinity.translate(shape, EAST, NORTH) for shape in shapes.values()],
        crs=site.crs,
    )
    return Site({**site.layers, role: with_columns(table, role)}, site.unit_households, site.account)


def estates(seed: int = 11) -> Site:
    """Six blocks; in the western two a compound each of about 60 households, over the middle two one of about 120."""
    site = build(Town(seed=seed, columns=3, rows=2, per_block=8))
    boxes = {
        "west": shapely.box(4, 4, 96, 96),
        "north": shapely.box(4, 104, 96, 196),
        "tall": shapely.box(104, 4, 196, 196),
    }
    return with_layer(site, "compounds", boxes, name=["西园", "北园", None])


def walls_instead(site: Site) -> Site:
    """The same place with a fence, with a hole, round each compound in place of the layer; and one round one house."""
    lines, names = {}, []
    for name, row in site.layer("compounds").iterrows():
        corners = shapely.get_coordinates(row.geometry.exterior)
        start = corners[0] + (corners[1] - corners[0]) / np.hypot(*(corners[1] - corners[0])) * 4
        lines[f"wall {name}"] = shapely.LineString([start, *corners[1:]])
        names.append(row["name"])
    home = site.buildings.geometry.iloc[30]
    lines["garden"] = shapely.box(*shapely.buffer(home, 0.5).bounds).exterior
    moved = {key: shapely.affinity.translate(line, -EAST, -NORTH) for key, line in lines.items()}
    site = with_layer(site, "barriers", moved, name=[*names, "花园"], barrier=["fence"] * len(moved))
    layers = {role: layer for role, layer in site.layers.items() if role != "compounds"}
    return Site(layers, site.unit_households, site.account)


def compound_of(cells: gpd.GeoDataFrame, site: Site) -> pd.Series:
    """Smallest compound in which each cell lies, `<NA>` outside all."""
    smallest = held_by_compounds(cells, site, compounds_of(site)).drop_duplicates("cell").set_index("cell")["compound"]
    return smallest.reindex(range(len(cells))).set_axis(cells.index).astype("string")


def divided_compounds(plan: gg.Plan, tier: str) -> set[str]:
    """Compounds with members in several zones of a tier."""
    cells = plan.cells.assign(compound=compound_of(plan.cells, plan.site))
    cells = cells[cells["members"].map(bool) & cells["compound"].notna()]
    zones = cells["code"].str[: plan.scheme.digits(tier)].groupby(cells["compound"]).nunique()
    return set(zones.index[zones > 1])


def in_a_row(*households: int) -> Site:
    """Buildings from west to east in one block."""
    footprints = {f"r{k}": (box(100 * k + 30, 30, 100 * k + 70, 70), n) for k, n in enumerate(households)}
    return make_site(footprints, box(0, 0, 100 * len(households), 100))
