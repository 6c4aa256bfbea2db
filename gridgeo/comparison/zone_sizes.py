"""What the zones of a plan hold, and what they should."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridgeo.coverage import Ints
from gridgeo.model import COMMUNITY_DIGITS, Plan, Tier, cell_sums, is_dedicated


def codes_in(plan: Plan, tier: Tier) -> pd.Series:
    """Code of each cell in a tier."""
    return plan.cells["code"].str[: plan.scheme.digits(tier.name)]


def numbers(plan: Plan, tier: Tier) -> Ints:
    """Number of the zone of each cell in a tier, 0 for the first code."""
    return pd.factorize(codes_in(plan, tier), sort=True)[0].astype(np.int64)


def held(plan: Plan, tier: Tier, load: str) -> pd.Series:
    """What ordinary zones of a tier hold of a load, by code."""
    loads = cell_sums(plan.members, plan.cells.index, [load])[load].astype("int64")
    loads = loads.groupby(codes_in(plan, tier), sort=True).sum()
    return loads[~is_dedicated(loads.index.to_series(), tier)]


def sizes(plan: Plan, tier: Tier) -> pd.DataFrame:
    """Ordinary zones of a tier, indexed by code: load, target.

    Where the tier's count is fixed, the target is what is divided by it in each community.
    """
    load = held(plan, tier, tier.load)
    target = pd.Series(float(tier.aim), index=load.index)
    if tier.count is not None:
        target = load.groupby(load.index.str[:COMMUNITY_DIGITS]).transform("sum") / tier.count
    return pd.DataFrame({"load": load, "target": target})
