"""Rules of loads: zones of a fair size, and figures that are those of their members."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, shown, zone_fault, zone_words
from gridgeo.checks.limited_loads import LimitedLoad, limited_loads
from gridgeo.checks.member_list import member_list
from gridgeo.checks.polygon_measures import positions
from gridgeo.checks.rules_of_plans import without_institution
from gridgeo.messages import say
from gridgeo.model import HOUSEHOLDS, amount, figure


def size(given: CheckInput) -> Iterator[RuleFault]:
    """Zones outside the limits of their tier; where a single building is larger than the limit, it is named.

    Dedicated zones are not judged, unless no institution lies in them. Limits of every load count, those of a second one too.
    """
    for load in limited_loads(given):
        dedicated = load.tier.dedicated & ~without_institution(given)[load.tier.depth]
        for row in positions(~np.isnan(load.held) & ~dedicated):
            if not load.limits.admits(load.held[row]):
                yield _size(load, row)


def _size(load: LimitedLoad, row: int) -> RuleFault:
    limits, held = load.limits, float(load.held[row])
    large = load.members[(load.members["zone"] == row) & (load.members["figure"] > limits.high)]
    names = [f"{name} ({number:.0f})" for name, number in zip(large["name"], large["figure"], strict=True)]
    text = say(
        "check_size_large" if names else "check_size",
        amount=amount(limits.load, f"{held:.0f}"),
        limits=figure(limits.load, f"{limits.low}-{limits.high}"),
        buildings=shown(names),
        **zone_words(load.tier, row),
    )
    return zone_fault(load.tier, row, text, measured=(held, limits.load))


def load_differs(given: CheckInput) -> Iterator[RuleFault]:
    """Zones that state another figure of a load besides households than the members on their list have."""
    for load in limited_loads(given) if member_list(given) is not None else ():
        if load.limits.load != HOUSEHOLDS and load.is_known:
            yield from _load_differs(load)


def _load_differs(load: LimitedLoad) -> Iterator[RuleFault]:
    name, tier = load.limits.load, load.tier
    stated = tier.stated(name)
    off = stated - load.held
    for row in positions(~np.isnan(off) & (off != 0)):
        figures = {"stated": f"{stated[row]:.0f}", "members": f"{load.held[row]:.0f}"}
        text = say("check_load_differs", load=name, **figures, **zone_words(tier, row))
        yield zone_fault(tier, row, text, measured=(float(abs(off[row])), name))
