"""The plan that a division leaves, with its registry and manifest."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gridgeo._version import VERSION
from gridgeo.division.effort import effort_text
from gridgeo.division.search import Options
from gridgeo.plan import CELL_COLUMNS, Plan, is_dedicated
from gridgeo.scheme import Scheme
from gridgeo.site import Site


def plan_of(
    site: Site,
    cells: gpd.GeoDataFrame,
    scheme: Scheme,
    notes: pd.DataFrame,
    given: gpd.GeoDataFrame | None,
    manifest: dict[str, str],
) -> Plan:
    """The plan of cells that have their codes; names of given zones stand in its registry."""
    ordered = cells.sort_index()[[*CELL_COLUMNS, "members", "geometry"]].astype(CELL_COLUMNS)
    rows = []
    for tier in scheme:
        codes = pd.Series(sorted(set(cells["code"].str[: scheme.digits(tier.name)])))
        kind = is_dedicated(codes, tier).map({True: "dedicated", False: "grid"})
        rows.append(pd.DataFrame({"code": codes, "tier": tier.name, "kind": kind, "status": "active"}))
    registry = pd.concat(rows, ignore_index=True).astype("string").set_index("code")
    if given is not None:
        registry["name"] = given["name"].reindex(registry.index)
    return Plan(site, ordered, scheme, registry, notes, manifest).known_exact()


def manifest_of(
    cells: gpd.GeoDataFrame,
    options: Options,
    given: gpd.GeoDataFrame | None,
    *,
    split_large: bool,
    interrupted: bool,
) -> dict[str, str]:
    """How a plan was made."""
    return {
        "program": f"gridgeo {VERSION}",
        "seed": str(options.seed),
        "effort": effort_text(options.effort),
        "split_large": str(split_large).lower(),
        "keep_compounds": str(options.keep_compounds).lower(),
        "interrupted": str(interrupted).lower(),
        "given_zones": str(0 if given is None else len(given)),
        "cells": str(len(cells)),
        "households": str(int(cells["households"].sum())),
        "n_unknown": str(int(cells["n_unknown"].sum())),
    }
