"""What could not be judged, and why: without it a report is incomplete."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import shown
from gridgeo.checks.footprint_overlay import FootprintOverlay, footprint_overlay
from gridgeo.checks.load_shares import whole_figures
from gridgeo.checks.member_list import member_list
from gridgeo.checks.polygon_measures import positions
from gridgeo.checks.rules_of_plans import silent_zones
from gridgeo.messages import Text, say
from gridgeo.model import HOUSEHOLDS, Site


def unknowns(given: CheckInput) -> Iterator[Text]:
    """What is missing, in words."""
    footprints = footprint_overlay(given)
    if given.site is None:
        yield say("check_missing_site")
        return
    if footprints is None:
        yield say("check_missing_buildings")
        return
    missing = {
        "check_missing_figures": _without_households(given, given.site, footprints),
        "check_missing_shapes": [footprints.ids[row] for row in positions(~footprints.placed)],
    }
    for reason, ids in missing.items():
        if ids:
            yield say(reason, n=len(ids), ids=shown(ids))
    yield from _not_read(given.site)
    silent = sum(int(wrong.sum()) for wrong in silent_zones(given))
    if silent:
        yield say("check_missing_zone_figures", n=silent)
    for load in _limited_loads(given):
        ids = _without_load(given.site, footprints, load)
        if ids:
            yield say("check_missing_load", load=load, n=len(ids), ids=shown(ids))


def _not_read(site: Site) -> Iterator[Text]:
    """Homes that are in no community or could not be read, and layers that may be meant for one that is missing."""
    account = site.account
    aside = account[(account["layer"] == "buildings") & (account["status"] == "set_aside")]
    enclosed = aside["reason"] == "outside_enclosed"
    for reason, lines in (
        ("check_missing_enclosed", aside[enclosed]),
        ("check_missing_rows", aside[~enclosed & (aside["reason"] != "outside")]),
    ):
        if lines["rows"].sum():
            yield say(reason, n=int(lines["rows"].sum()), households=int(lines["households"].fillna(0).sum()))
    layers = account.loc[account["reason"] == "layer_resembles", "detail"]
    if len(layers):
        yield say("check_missing_layer", layers=", ".join(layers))


def _without_households(given: CheckInput, site: Site, footprints: FootprintOverlay) -> list[str]:
    """Buildings inside without any household figure, neither in the site nor in the list of members."""
    known = ~np.isnan(footprints.households) | ~footprints.inside
    units, members = site.unit_households, member_list(given)
    stated = set(units.loc[units["households"].notna(), "building"].astype(str)) if len(units) else set()
    if members is not None:
        stated |= {id_ for id_, figure in zip(members.ids, members.households, strict=True) if not np.isnan(figure)}
    return [id_ for id_, is_known in zip(footprints.ids, known, strict=True) if not is_known and id_ not in stated]


def _limited_loads(given: CheckInput) -> list[str]:
    """Loads besides households that some tier limits."""
    tiers = [tier.rules.definition for tier in given.tiers if tier.rules.definition is not None]
    return list(dict.fromkeys(limits.load for tier in tiers for limits in tier.limits if limits.load != HOUSEHOLDS))


def _without_load(site: Site, footprints: FootprintOverlay, load: str) -> list[str]:
    """Buildings inside without a figure of a load."""
    known = whole_figures(site.buildings, load) if load in site.loads else {}
    inside = {id_ for id_, is_inside in zip(footprints.ids, footprints.inside, strict=True) if is_inside}
    return sorted(inside - set(known))
