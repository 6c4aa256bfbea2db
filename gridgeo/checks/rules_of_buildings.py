"""Rules of buildings: each stands on covered land, in one zone, and belongs to the zone in which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, area_fault, number, per_cent, place, shown, tier_label
from gridgeo.checks.footprint_overlay import FootprintOverlay, footprint_overlay
from gridgeo.checks.member_list import HALF, member_list, members_elsewhere, unassigned_buildings
from gridgeo.checks.polygon_measures import NOWHERE, Rows, positions
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say


def building_uncovered(given: CheckInput) -> Iterator[RuleFault]:
    """Buildings inside the communities of which more than half stands in no finest zone."""
    footprints = footprint_overlay(given)
    if footprints is None:
        return
    for row in positions(footprints.uncovered):
        yield _uncovered(given.finest, footprints, row)


def _uncovered(tier: TierZones, footprints: FootprintOverlay, row: int) -> RuleFault:
    shape, id_ = footprints.shapes[row], footprints.ids[row]
    words = {"id": id_, "tier": tier_label(tier.name)}
    if footprints.is_point[row]:
        text = say("check_building_bare_point", **words, where=place(shape))
        return RuleFault(tier.depth, id_, 1.0, "points", text, shape)
    bare = shapely.difference(shape, shapely.union_all(tier.shapes[tier.tree.query(shape)]))
    figures = {"area": number(shapely.area(bare)), "size": number(footprints.size[row]), "where": place(bare)}
    return area_fault(tier, id_, say("check_building_uncovered", **words, **figures), shape=bare)


def building_split(given: CheckInput) -> Iterator[RuleFault]:
    """Buildings that stand in several finest zones; units of divided buildings may.

    What another footprint or a border of communities explains is a note.
    """
    footprints, members = footprint_overlay(given), member_list(given)
    if footprints is None:
        return
    rows = np.flatnonzero(footprints.divided & ~footprints.uncovered)
    divided = set() if members is None else members.divided
    for row, zones in zip(rows.tolist(), footprints.zones_at(rows), strict=True):
        split = None if footprints.ids[row] in divided else _split(given, footprints, row, zones=zones)
        if split is not None:
            yield _split_fault(given.finest, footprints, row, split=split)


class _Split(NamedTuple):
    """Part of a building that does not stand in its main zone."""

    shape: Any
    codes: list[str]
    reason: str
    """What explains it: border, overlap; empty if nothing does."""


def _split(given: CheckInput, footprints: FootprintOverlay, row: int, *, zones: Rows) -> _Split | None:
    tier, owner = given.finest, int(footprints.owner[row])
    # Land that the owner holds as well is an overlap of zones, which is reported as such.
    away = shapely.difference(footprints.shapes[row], tier.shapes[owner])
    rest = shapely.intersection(away, shapely.union_all(tier.shapes[zones]))
    if not footprints.is_more_than_minor(row, rest):
        return None
    held = shapely.area(shapely.intersection(tier.shapes[zones], rest)) > 1e-3
    codes = [tier.codes[zone] for zone in [owner, *sorted(zones[held & (zones != owner)])]]
    return _Split(rest, codes, _explanation(given, footprints, row, rest=rest))


def _explanation(given: CheckInput, footprints: FootprintOverlay, row: int, *, rest: Any) -> str:
    at_home = shapely.intersection(rest, _home(given, footprints.shapes[row]))
    if not footprints.is_more_than_minor(row, at_home):
        return "border"
    free = shapely.difference(at_home, footprints.other_footprints(row))
    return "" if footprints.is_more_than_minor(row, free) else "overlap"


def _home(given: CheckInput, shape: Any) -> Any:
    """The community that holds most of a building."""
    assert given.communities is not None
    near = np.sort(given.communities.tree.query(shape))
    shares = shapely.area(shapely.intersection(given.communities.shapes[near], shape))
    return given.communities.shapes[near[np.argmax(shares)]]


def _split_fault(tier: TierZones, footprints: FootprintOverlay, row: int, *, split: _Split) -> RuleFault:
    id_, area = footprints.ids[row], float(shapely.area(split.shape))
    words = {
        "id": id_,
        "tier": tier_label(tier.name),
        "codes": ", ".join(split.codes),
        "area": number(area),
        "share": per_cent(area / footprints.size[row]),
        "where": place(split.shape),
    }
    text = say(f"check_building_split_{split.reason}" if split.reason else "check_building_split", **words)
    return area_fault(tier, id_, text, shape=split.shape)._replace(excused=bool(split.reason))


def building_unassigned(given: CheckInput) -> Iterator[RuleFault]:
    """Buildings inside the communities that the list of members names for no existing zone.

    A building that stands in no zone at all is reported as uncovered.
    """
    footprints, tier = footprint_overlay(given), given.finest
    if footprints is None:
        return
    for row in positions(unassigned_buildings(given)):
        shape, figure, owner = footprints.shapes[row], float(footprints.households[row]), int(footprints.owner[row])
        text = say(
            "check_building_unassigned",
            id=footprints.ids[row],
            households="-" if np.isnan(figure) else f"{figure:.0f}",
            code=tier.codes[owner] if owner != NOWHERE else "-",
            where=place(shape),
        )
        yield RuleFault(tier.depth, footprints.ids[row], figure, "households", text, shape)


def building_unknown(given: CheckInput) -> Iterator[RuleFault]:
    """Buildings on the list of members that the site does not have; where it has none of them, that is one fault."""
    footprints, members, tier = footprint_overlay(given), member_list(given), given.finest
    if footprints is None or members is None:
        return
    unknown = positions(members.building == NOWHERE)
    if unknown and len(unknown) == len(members.ids):
        text = say("check_building_unknown_all", n=len(unknown), ids=shown(members.ids), known=shown(footprints.ids))
        yield RuleFault(tier.depth, "", float(len(unknown)), "buildings", text, None)
        return
    for id_ in sorted({members.ids[row] for row in unknown}):
        rows = [row for row in unknown if members.ids[row] == id_]
        households, zone = float(np.nansum(members.households[rows])), int(members.zone[rows[0]])
        shape = None if zone == NOWHERE else tier.shapes[zone]
        words = {"id": id_, "households": f"{households:.0f}", "code": "-" if zone == NOWHERE else tier.codes[zone]}
        text = say("check_building_unknown", where=place(shape), **words)
        yield RuleFault(tier.depth, id_, households, "households", text, shape)


def member_elsewhere(given: CheckInput) -> Iterator[RuleFault]:
    """Members that are listed in a zone which does not hold their own land; a note where it still holds more than half of it."""
    footprints, members, tier = footprint_overlay(given), member_list(given), given.finest
    if footprints is None or members is None:
        return
    elsewhere = members_elsewhere(given)
    for row in positions(elsewhere.found):
        name, share, shape = members.names[row], float(elsewhere.share[row]), footprints.shapes[members.building[row]]
        codes = {"listed": tier.codes[members.zone[row]], "lies": tier.codes[elsewhere.zone[row]]}
        text = say("check_member_elsewhere", id=name, **codes, share=per_cent(share), where=place(shape))
        yield RuleFault(tier.depth, name, share, "share", text, shape, excused=share < HALF)
