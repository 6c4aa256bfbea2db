"""How good one plan is by the scheme's own measure: zones outside their limits, then the objective of the division."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridgeo.division.borders import edges_of
from gridgeo.plan import Plan, is_dedicated
from gridgeo.scheme import COMMUNITY_DIGITS, Preferences, Tier
from gridgeo.weighing.terrain import Ints, Terrain

MISSING = 10.0
"""A household missing below the lower limit costs as much as this many beside the target; see `scheme.Preferences`."""


def codes_in(plan: Plan, tier: Tier) -> pd.Series:
    """Code of each cell in a tier."""
    return plan.cells["code"].str[: plan.scheme.digits(tier.name)]


def numbers(plan: Plan, tier: Tier) -> Ints:
    """Number of the zone of each cell in a tier, 0 for the first code."""
    return pd.factorize(codes_in(plan, tier), sort=True)[0].astype(np.int64)


def sizes(plan: Plan, tier: Tier) -> pd.DataFrame:
    """Ordinary zones of a tier, indexed by code: load, target.

    Where the tier's count is fixed, the target is what is divided by it in each community.
    """
    load = plan.cells[tier.load].fillna(0).astype("int64").groupby(codes_in(plan, tier), sort=True).sum()
    load = load[~is_dedicated(load.index.to_series(), tier)]
    target = pd.Series(float(tier.aim), index=load.index)
    if tier.count is not None:
        target = load.groupby(load.index.str[:COMMUNITY_DIGITS]).transform("sum") / tier.count
    return pd.DataFrame({"load": load, "target": target})


def outside_limits(plan: Plan) -> int:
    """Number of ordinary zones, of all tiers, that hold less or more than their limits allow."""
    return sum(int((~sizes(plan, tier)["load"].between(tier.low, tier.high)).sum()) for tier in plan.scheme)


def priced(terrain: Terrain, prefer: Preferences) -> pd.DataFrame:
    """Price of each border between two cells, as the division reckons it: at, to (positions of cells), price."""
    cells = terrain.cells.assign(compound=terrain.compound)
    tables = []
    for _, group in cells.groupby("community", sort=True):
        at = cells.index.get_indexer(group.index)
        edges = edges_of(group, terrain.borders[terrain.borders["a"].isin(group.index)], prefer)
        tables.append(pd.DataFrame({"at": at[edges.a], "to": at[edges.b], "price": edges.price}))
    return pd.concat(tables, ignore_index=True)


def objective(plan: Plan, prices: pd.DataFrame) -> float:
    """What the division minimises, per unit of `equal`; see `scheme.Preferences`.

    Parameters
    ----------
    prices
        Borders of the plan's cells, from `priced`.
    """
    total = 0.0
    for tier in plan.scheme:
        zones = sizes(plan, tier)
        missing = (tier.low - zones["load"]).clip(lower=0)
        total += float((((zones["load"] - zones["target"]).abs() + MISSING * missing) / zones["target"]).sum())
        number = numbers(plan, tier)
        ordinary = ~is_dedicated(codes_in(plan, tier), tier).to_numpy(dtype=bool)
        at, to = prices["at"].to_numpy(), prices["to"].to_numpy()
        ended = (number[at] != number[to]) & ordinary[at] & ordinary[to]
        total += float(np.sum(prices["price"].to_numpy()[ended]))
    return total
