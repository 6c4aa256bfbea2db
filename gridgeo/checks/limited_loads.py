"""What the zones of each tier hold of each load that the tier limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.footprint_overlay import footprint_overlay
from gridgeo.checks.household_bounds import HouseholdBounds, household_bounds
from gridgeo.checks.load_shares import shares_of_members, whole_figures
from gridgeo.checks.member_list import member_list
from gridgeo.checks.parent_zones import summed_into
from gridgeo.checks.polygon_measures import NOWHERE, Numbers
from gridgeo.checks.tier_zones import TierZones
from gridgeo.model import HOUSEHOLDS, Also


class LimitedLoad(NamedTuple):
    """What the zones of a tier hold of a load that it limits."""

    tier: TierZones
    limits: Also
    held: Numbers
    """Of each zone; not a number where nothing is known."""
    members: pd.DataFrame
    """One row a member: zone (row of the tier), name, figure."""

    @property
    def is_known(self) -> bool:
        """Whether figures of members are known, so that zones need not be believed."""
        return bool((self.members["figure"].notna() & (self.members["zone"] != NOWHERE)).any())


@derived
def limited_loads(given: CheckInput) -> tuple[LimitedLoad, ...]:
    """What zones hold, from the finest tier to the coarsest."""
    return tuple(_limited_loads(given))


def _limited_loads(given: CheckInput) -> Iterator[LimitedLoad]:
    members = _members(given)
    for tier, bounds in zip(reversed(given.tiers), reversed(household_bounds(given)), strict=True):
        if tier is not given.finest:
            parent = np.append(summed_into(given)[tier.depth + 1], NOWHERE)
            members = members.assign(zone=parent[members["zone"].to_numpy(dtype=int)])
        for limits in tier.rules.definition.limits if tier.rules.definition else ():
            figures = members.assign(figure=_figures(given, members, limits.load))
            yield LimitedLoad(tier, limits, _held(tier, limits.load, figures, bounds=bounds), figures)


def _members(given: CheckInput) -> pd.DataFrame:
    """One row a member: zone (row of the finest tier), name, building, unit, households."""
    members, footprints = member_list(given), footprint_overlay(given)
    if members is not None:
        columns = {"zone": members.zone, "name": members.names, "building": members.ids, "unit": members.unit}
        return pd.DataFrame({**columns, "households": members.households})[~members.repeated]
    if footprints is None:
        return pd.DataFrame({"zone": [], "name": [], "building": [], "unit": [], "households": []})
    zone = np.where(footprints.inside, footprints.owner, NOWHERE)
    columns = {"zone": zone, "name": footprints.ids, "building": footprints.ids, "unit": ""}
    return pd.DataFrame({**columns, "households": footprints.households})


def _figures(given: CheckInput, members: pd.DataFrame, load: str) -> pd.Series:
    """What each member has of a load; not a number where it is unknown."""
    if load == HOUSEHOLDS:
        return members["households"]
    if given.site is None or load not in given.site.loads:
        return pd.Series(np.nan, index=members.index)
    return shares_of_members(members, whole_figures(given.site.buildings, load))


def _held(tier: TierZones, load: str, members: pd.DataFrame, *, bounds: HouseholdBounds) -> Numbers:
    """What each zone holds. A stated figure that is wrong is replaced by what the members have, for its fault is reported."""
    stated = tier.stated(load)
    if load == HOUSEHOLDS:
        return np.where(np.isnan(bounds.low), stated, np.clip(stated, bounds.low, bounds.high))
    placed = members[members["figure"].notna() & (members["zone"] != NOWHERE)]
    if placed.empty:
        return stated
    sums = placed.groupby("zone")["figure"].sum()
    held: Numbers = sums.reindex(range(len(tier)), fill_value=0.0).to_numpy()
    return held
