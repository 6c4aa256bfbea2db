"""Rules of what was planned: dedicated zones have their institutions, numbers are in reading order and as many as asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.findings import RuleFault, shown, tier_label, zone_fault, zone_words
from gridgeo.checks.footprint_overlay import MINOR_M2
from gridgeo.checks.limited_loads import tier_members
from gridgeo.checks.parent_zones import misparented, summed_into
from gridgeo.checks.polygon_measures import HAIRLINE_M, NOWHERE, Mask, Rows, Shapes, positions
from gridgeo.checks.rules_of_outlines import scattered
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import Text, say

ACCESS_M = 10.0
"""A street nearer to a zone than this touches it [m]: streets are drawn as middle lines, and half a carriageway with pavement and
verge may be land of the zone opposite, or of nobody in a drawing."""

_NO_ACCESS = ("motorway", "motorway_link", "construction", "proposed")
"""Classes of streets from which nobody enters a zone."""


@derived
def without_institution(given: CheckInput) -> tuple[Mask, ...]:
    """For each tier, whether a zone is called dedicated though no institution lies in it."""
    if given.site is None:
        return tuple(np.zeros(len(tier), dtype=bool) for tier in given.tiers)
    there = given.site.layer("institutions").geometry.to_numpy()
    return tuple(tier.dedicated & ~_holds_one(tier, there) for tier in given.tiers)


def _holds_one(tier: TierZones, institutions: Shapes) -> Mask:
    """Whether an institution lies in a zone, or more than a minor part of one."""
    holds = np.zeros(len(tier), dtype=bool)
    at, zone = tier.tree.query(institutions, predicate="dwithin", distance=HAIRLINE_M)
    if len(at):
        shared = shapely.area(shapely.intersection(institutions[at], tier.shapes[zone]))
        holds[zone[(shared > MINOR_M2) | (shapely.area(institutions[at]) <= MINOR_M2)]] = True
    return holds


def dedicated_without_institution(given: CheckInput) -> Iterator[RuleFault]:
    """Zones that are called dedicated, in which no institution lies; a zone that stands in several tiers is told once."""
    told: set[str] = set()
    for tier, wrong in zip(given.tiers, without_institution(given), strict=True):
        for row in positions(wrong):
            code = tier.codes[row]
            if not any(code.startswith(coarser) for coarser in told if coarser):
                told.add(code)
                text = say("check_dedicated_without_institution", **zone_words(tier, row))
                yield zone_fault(tier, row, text, measured=(float(shapely.area(tier.shapes[row])), "area_m2"))


def numbering(given: CheckInput) -> Iterator[RuleFault]:
    """Numbers out of reading order, one finding a parent; those of an outer division that was given, or kept, are as they are."""
    if given.manifest.get("keep"):
        return
    for tier in given.tiers:
        up, was_given = given.above(tier), tier.depth == 0 and given.manifest.get("given_zones", "0") != "0"
        if up is None or tier.own_codes or was_given:
            continue
        sound, odd = _soundly_coded(given, tier), scattered(given)[tier.depth]
        parent = summed_into(given)[tier.depth]
        for at in np.unique(parent[(parent != NOWHERE) & ~np.isin(parent, parent[odd])]):
            rows = np.flatnonzero((parent == at) & sound)
            rows = rows[[_is_child(tier.codes[row], up.codes[at]) for row in rows]]
            if len(rows):
                yield from _numbering(tier, rows)


def _soundly_coded(given: CheckInput, tier: TierZones) -> Mask:
    """Whether nothing else is wrong with the code of a zone, as its own or as that of the zones inside it."""
    sound = ~(tier.malformed | tier.repeated | shapely.is_empty(tier.shapes))
    if tier is not given.finest:
        below = tier.depth + 1
        parent = summed_into(given)[below][misparented(given)[below]]
        sound[parent[parent != NOWHERE]] = False
    return sound


def _is_child(code: str, parent: str) -> bool:
    """Whether a code is its parent's and a number of two or three digits."""
    return code.startswith(parent) and len(code) - len(parent) in (2, 3)


def _numbering(tier: TierZones, rows: Rows) -> Iterator[RuleFault]:
    for dedicated in (False, True):
        chosen = rows[tier.dedicated[rows] == dedicated]
        late = _numbered_late(tier.shapes[rows], tier.shapes[chosen])
        if late.any():
            codes = [tier.codes[row] for row in chosen[late]]
            words = {"tier": tier_label(tier.name), "n": len(codes), "codes": shown(codes, 3)}
            yield RuleFault(tier.depth, codes[0], float(len(codes)), "zones", say("check_numbering", **words), None)


def _numbered_late(all_shapes: Shapes, shapes: Shapes) -> Mask:
    """Whether a zone lies clearly before one with a smaller number: a whole row above it, or beside it in the same row.

    Rows are as high as a zone of the mean size is wide, from the northern edge on.

    Parameters
    ----------
    shapes
        In the order of their numbers.
    """
    inside = shapely.point_on_surface(shapes)
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    height = np.sqrt(shapely.area(all_shapes).mean())
    row = np.floor((shapely.bounds(all_shapes)[:, 3].max() - y) / height)
    above = y[:, None] - y[None, :] > height
    beside = (row[:, None] == row[None, :]) & (x[None, :] - x[:, None] > height / 4)
    late: Mask = np.tril(above | beside, -1).any(axis=1)
    return late


def count_differs(given: CheckInput) -> Iterator[RuleFault]:
    """Another number of zones than asked for, in a community, or in a given zone for which a number was told."""
    if given.communities is None:
        return
    for tier in given.tiers:
        definition, within = tier.rules.definition, _ancestors(given, tier)
        if definition is not None and definition.count is not None:
            counted = np.ones(len(tier), dtype=bool) if definition.count_all else ~tier.dedicated
            for row, code in enumerate(given.communities.codes):
                n = int((counted & (within[0] == row)).sum())
                if n != definition.count:
                    yield _count_differs(tier, code, (n, definition.count), shape=given.communities.shapes[row])
    yield from _told_counts_differ(given)


def _told_counts_differ(given: CheckInput) -> Iterator[RuleFault]:
    told = [pair.partition("=") for pair in given.manifest.get("counts", "").split(",") if pair]
    finest, first = given.finest, given.tiers[0]
    within = _ancestors(given, finest)
    for code, _, number in told:
        for row in (k for k, own in enumerate(first.codes) if own == code):
            n = int((~finest.dedicated & (within[-1 if len(given.tiers) == 1 else 1] == row)).sum())
            if n != int(number):
                yield _count_differs(finest, code, (n, int(number)), shape=first.shapes[row])


def _ancestors(given: CheckInput, tier: TierZones) -> list[Rows]:
    """For each zone of a tier, in which community it lies, then in which zone of the coarsest tier, and so on down to its own."""
    rows = [np.arange(len(tier))]
    for depth in range(tier.depth, -1, -1):
        parent = np.append(summed_into(given)[depth], NOWHERE)
        rows.insert(0, parent[rows[0]])
    return rows


def _count_differs(tier: TierZones, code: str, counts: tuple[int, int], *, shape: object) -> RuleFault:
    n, asked = counts
    text = say("check_count_differs", tier=tier_label(tier.name), code=code, n=n, asked=asked)
    return RuleFault(tier.depth, code, float(n), "zones", text, shape)


@derived
def silent_zones(given: CheckInput) -> tuple[Mask, ...]:
    """For each tier, whether a zone states no households where its members have some.

    Outlines of which none states any figure, and which list no members, do not mean to state figures.
    """
    lists = given.zones.buildings is not None
    out = []
    for own in reversed(tier_members(given)):
        tier, placed = own.tier, own.members[(own.members["zone"] != NOWHERE) & own.members["households"].notna()]
        known = np.bincount(placed["zone"].to_numpy(dtype=int), minlength=len(tier)) > 0
        silent = np.isnan(tier.households)
        out.append(silent & known & (lists or not silent.all()))
    return tuple(out)


def figures_missing(given: CheckInput) -> Iterator[RuleFault]:
    """Zones that state no households where their members have some; where no zone of a tier does, that is one fault."""
    for own, silent in zip(reversed(tier_members(given)), silent_zones(given), strict=True):
        tier = own.tier
        if len(tier) > 1 and np.isnan(tier.households).all() and silent.any():
            n = int(silent.sum())
            yield RuleFault(tier.depth, "", float(n), "zones", _all_silent(tier, n), None)
            continue
        sums = own.members.groupby("zone")["households"].sum()
        for row in positions(silent):
            held = float(sums.get(row, 0.0))
            text = say("check_figures_missing", members=f"{held:.0f}", **zone_words(tier, row))
            yield zone_fault(tier, row, text, measured=(held, "households"))


def _all_silent(tier: TierZones, n: int) -> Text:
    return say("check_figures_missing_all", tier=tier_label(tier.name), n=n)


def no_access(given: CheckInput) -> Iterator[RuleFault]:
    """Finest zones with members that no street touches; into one that lies inside another the way is through that."""
    streets = None if given.site is None else given.site.layer("streets")
    if streets is None or streets.empty:
        return
    open_ = ~streets["highway"].isin(_NO_ACCESS).fillna(value=False).to_numpy(dtype=bool)
    tier, lines = given.finest, streets.geometry.to_numpy()[open_]
    touched, tree = np.zeros(len(tier), dtype=bool), shapely.STRtree(lines)
    touched[tree.query(tier.shapes, predicate="dwithin", distance=ACCESS_M)[0]] = True
    members = tier_members(given)[0].members
    lived = np.bincount(members["zone"].to_numpy(dtype=int)[members["zone"] != NOWHERE], minlength=len(tier)) > 0
    for row in positions(lived & ~touched & ~scattered(given)[-1] & ~shapely.is_empty(tier.shapes)):
        away = tree.query_nearest(tier.shapes[row], return_distance=True, all_matches=False)[1]
        text = say("check_no_access", away=f"{away[0]:.0f}" if len(away) else "-", **zone_words(tier, row))
        yield zone_fault(tier, row, text, measured=(float(away[0]) if len(away) else float("nan"), "m"))
