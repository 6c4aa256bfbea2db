"""The plan that a division leaves, with its registry and manifest."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from gridgeo._version import VERSION
from gridgeo.division.effort import effort_text
from gridgeo.division.search import Options
from gridgeo.model.codes import is_dedicated
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site
from gridgeo.model.tables import CELL_COLUMNS


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
    cells: gpd.GeoDataFrame, scheme: Scheme, options: Options, asked: Mapping[str, str], *, interrupted: bool
) -> dict[str, str]:
    """How a plan was made, and all that is needed to have it again from its site (and its cells, where they were passed).

    Tiers, preferences and effort stand there as they are written on a command line.
    """
    return {
        "program": f"gridgeo {VERSION}",
        "tiers": " ".join(map(str, scheme)),
        "prefer": str(scheme.prefer),
        "seed": str(options.seed),
        "effort": effort_text(options.effort),
        "keep_compounds": str(options.keep_compounds).lower(),
        **asked,
        "interrupted": str(interrupted).lower(),
        "cells": str(len(cells)),
        "households": str(int(cells["households"].sum())),
        "n_unknown": str(int(cells["n_unknown"].sum())),
    }
