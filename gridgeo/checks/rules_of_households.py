"""Rules of people: every household in one zone of each tier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, place, zone_fault, zone_words
from gridgeo.checks.footprint_overlay import footprint_overlay
from gridgeo.checks.household_bounds import figure_differences, household_bounds
from gridgeo.checks.member_list import MemberList, member_list, member_name
from gridgeo.checks.polygon_measures import NOWHERE, positions
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say

_UNASSIGNED, _TWICE = "check_households_unassigned", "check_households_twice"


def households_unassigned(given: CheckInput) -> Iterator[RuleFault]:
    """Households that no zone counts: a zone states fewer than its members have, or the list fewer than the site knows."""
    for tier, bounds in zip(given.tiers, household_bounds(given), strict=True):
        for row in positions(tier.households < bounds.low):
            yield _zone_differs(tier, row, float(bounds.low[row]), reason=_UNASSIGNED)
    yield from _list_differs(given, "check_list_households_unassigned", -1)


def households_twice(given: CheckInput) -> Iterator[RuleFault]:
    """Households that are counted twice: a zone states more than its members have, or a member stands twice in the list."""
    for tier, bounds in zip(given.tiers, household_bounds(given), strict=True):
        for row in positions(tier.households > bounds.high):
            yield _zone_differs(tier, row, float(bounds.high[row]), reason=_TWICE)
    members = member_list(given)
    if members is not None:
        yield from _listed_twice(given, members)
    yield from _list_differs(given, "check_list_households_twice", 1)


def _zone_differs(tier: TierZones, row: int, members: float, *, reason: str) -> RuleFault:
    stated = float(tier.households[row])
    figures = {"stated": f"{stated:.0f}", "members": f"{members:.0f}", "n": f"{abs(stated - members):.0f}"}
    text = say(reason, **figures, **zone_words(tier, row))
    return zone_fault(tier, row, text, measured=(abs(stated - members), "households"))


def _list_differs(given: CheckInput, reason: str, sign: int) -> Iterator[RuleFault]:
    footprints = footprint_overlay(given)
    if footprints is None:
        return
    for building, difference in figure_differences(given):
        if np.sign(difference) == sign:
            shape, id_ = footprints.shapes[building], footprints.ids[building]
            text = say(reason, id=id_, n=f"{abs(difference):.0f}", where=place(shape))
            yield RuleFault(given.finest.depth, id_, abs(difference), "households", text, shape)


def _listed_twice(given: CheckInput, members: MemberList) -> Iterator[RuleFault]:
    tier = given.finest
    table = pd.DataFrame({"id": members.ids, "unit": members.unit, "row": np.arange(len(members.ids))})
    for key, rows in table[members.repeated].groupby(["id", "unit"])["row"]:
        id_, unit = map(str, key)
        shape = _shape_of(given, members, rows.iloc[0])
        same = np.flatnonzero((np.array(members.ids) == id_) & (members.zone != NOWHERE))
        codes = ", ".join(sorted({tier.codes[zone] for zone in members.zone[same]}))
        name = member_name(id_, unit)
        text = say("check_member_twice", id=name, codes=codes, where=place(shape))
        yield RuleFault(tier.depth, name, float(members.households[rows].sum()), "households", text, shape)


def _shape_of(given: CheckInput, members: MemberList, row: int) -> Any:
    """Footprint of a member; where it is not known, the zone that is named for it; None if there is neither."""
    footprints, building, zone = footprint_overlay(given), members.building[row], members.zone[row]
    if footprints is not None and building != NOWHERE:
        return footprints.shapes[building]
    return given.finest.shapes[zone] if zone != NOWHERE else None
