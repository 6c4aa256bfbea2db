"""The verb divide: cells and their graph to a plan.

Each community is divided for itself. What has to be kept out of a search is taken out first: institutions become dedicated zones;
water and railway land are leaves, which are attached to finished zones and never connect two; land behind barriers that holds too
few for a zone of its own is joined across the barrier that it has most of. The rest is a graph for the solver.
"""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pandas as pd

from gridgeo._version import VERSION
from gridgeo.division.coding import assign_codes
from gridgeo.division.community import divide_community
from gridgeo.division.reasons import explain_sizes, note_table, refuse_misfits
from gridgeo.division.width import refuse_narrow_codes
from gridgeo.errors import InputError
from gridgeo.graph import adjacency
from gridgeo.land import blocks
from gridgeo.land import cells as make_cells
from gridgeo.messages import Text, say
from gridgeo.plan import CELL_COLUMNS, Plan
from gridgeo.scheme import Scheme
from gridgeo.site import Site
from gridgeo.zones import is_exact

__all__ = ["divide"]


def divide(
    site: Site,
    scheme: Scheme,
    *,
    seed: int = 0,
    cells: gpd.GeoDataFrame | None = None,
    effort: str = "standard",
    split_large: bool = False,
    strict: bool = False,
    progress: Callable[[Text], None] | None = None,
) -> Plan:
    """Divide a place into nested grids within the limits of a scheme.

    Parameters
    ----------
    site
        The place.
    scheme
        Tiers from coarse to fine.
    seed
        Start of chance; the same seed gives the same plan.
    cells
        Land as `cells` gave it; made from the site if left out.
    effort
        How long to search: fast, standard, best or max. Counted in steps, so that the result is the same on any machine.
    split_large
        Whether buildings above the finest tier's limit that do not tell their entrances are cut into equal parts, as an estimate.
    strict
        Whether a zone outside its limits is an error.
    progress
        Called with a text at the start of each step.

    Returns
    -------
    plan
        Every square metre of every community in exactly one zone of each tier. What could not be met is in `plan.notes`.

    Raises
    ------
    InputError
        If the digits of the scheme cannot number what is expected, or cells lack what is needed.
    LandError
        If the land could not be divided.
    DivisionError
        With `strict`, if a zone is outside its limits; `blocking` names the buildings and pockets.
    """
    tell = progress or (lambda _: None)
    refuse_narrow_codes(site, scheme)
    if cells is None:
        tell(say("step_blocks"))
        enclosed = blocks(site)
        tell(say("step_cells", n=len(site.buildings)))
        cells = make_cells(site, enclosed, max_households=scheme.finest.high, split_large=split_large)
    else:
        _refuse_unfit(cells)
    cells = _in_place_order(cells)
    tell(say("step_graph", n=len(cells)))
    edges = adjacency(cells, site)
    labels, notes = [], []
    for community, group in cells.groupby("community", sort=True):
        tell(say("step_partition", code=community, n=len(group)))
        mine = edges[edges["a"].isin(group.index)]
        part, found = divide_community(group, mine, scheme, seed=seed, effort=effort)
        labels.append(part)
        notes += found
    tell(say("step_codes"))
    parts = pd.concat(labels).reindex(cells.index)
    cells = cells.assign(code=assign_codes(cells, parts, scheme))
    table = note_table(notes + explain_sizes(cells, parts, scheme, site), cells, scheme)
    if strict:
        refuse_misfits(table)
    return _plan(site, cells, scheme, table, _manifest(cells, seed, effort, split_large=split_large))


def _refuse_unfit(cells: gpd.GeoDataFrame) -> None:
    """Refuse cells that lack columns, or do not fit edge to edge."""
    missing = {"community", "block", "kind", "institution", "households", "n_unknown", "members"} - set(cells.columns)
    if missing:
        raise InputError(say("cells_columns", columns=", ".join(sorted(missing))))
    if not is_exact(cells.geometry.to_numpy()):
        raise InputError(say("cells_not_exact"))


def _in_place_order(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cells along a space-filling curve: near cells stand near each other, and the order of rows is forgotten."""
    points = cells.geometry.representative_point()
    curve = points.hilbert_distance(level=16).to_numpy()
    order = pd.DataFrame(
        {"curve": curve, "x": points.x.to_numpy(), "y": points.y.to_numpy(), "id": cells.index.to_numpy()}
    )
    return cells.iloc[order.sort_values(["curve", "x", "y", "id"], kind="stable").index]


def _manifest(cells: gpd.GeoDataFrame, seed: int, effort: str, *, split_large: bool) -> dict[str, str]:
    return {
        "program": f"gridgeo {VERSION}",
        "seed": str(seed),
        "effort": effort,
        "split_large": str(split_large).lower(),
        "cells": str(len(cells)),
        "households": str(int(cells["households"].sum())),
        "n_unknown": str(int(cells["n_unknown"].sum())),
    }


def _plan(site: Site, cells: gpd.GeoDataFrame, scheme: Scheme, notes: pd.DataFrame, manifest: dict[str, str]) -> Plan:
    ordered = cells.sort_index()[[*CELL_COLUMNS, "members", "geometry"]]
    ordered = ordered.astype(CELL_COLUMNS)
    kinds = cells["institution"].notna().map({True: "dedicated", False: "grid"})
    rows = []
    for tier in scheme:
        codes = cells["code"].str[: scheme.digits(tier.name)]
        table = pd.DataFrame({"code": codes, "tier": tier.name, "kind": kinds, "status": "active"})
        rows.append(table.drop_duplicates("code").sort_values("code"))
    registry = pd.concat(rows, ignore_index=True).astype("string").set_index("code")
    return Plan(site, ordered, scheme, registry, notes, manifest)
