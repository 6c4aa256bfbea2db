"""Rules of people: every household in one zone of each tier, and zones of a fair size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.buildings import unassigned
from gridgeo.checks.case import Case
from gridgeo.checks.findings import Finding, place, shown, tier_label
from gridgeo.checks.footings import Footings
from gridgeo.checks.level import Level
from gridgeo.checks.members import Roll, rows_of
from gridgeo.checks.shapes import NOWHERE, Mask, Numbers, Rows, totals
from gridgeo.messages import say
from gridgeo.model.loads import HOUSEHOLDS, amount, building_loads, figure, shared_out
from gridgeo.model.scheme import Also


class Ledger(NamedTuple):
    """Between which figures the households of each zone of a tier lie; not a number where nothing is known.

    The two are equal, unless a fault that another rule reports leaves open to which zone a building belongs.
    """

    low: Numbers
    high: Numbers

    def add(self, zones: Rows, figures: Numbers, *, sure: Mask | bool) -> None:
        """Book figures for zones; those that are not sure may be there or not."""
        booked = (zones != NOWHERE) & ~np.isnan(figures)
        np.add.at(self.high, zones[booked], figures[booked])
        certain = booked & sure
        np.add.at(self.low, zones[certain], figures[certain])


def households_unassigned(case: Case) -> Iterator[Finding]:
    """Households that no zone counts: a zone states fewer than its members have, or the list fewer than the site knows."""
    for level, ledger in zip(case.levels, ledgers(case), strict=True):
        for row in np.flatnonzero(level.households < ledger.low):
            yield _zone_differs(level, int(row), float(ledger.low[row]), "households_unassigned")
    yield from _list_differs(case, "households_unassigned", -1)


def households_twice(case: Case) -> Iterator[Finding]:
    """Households that are counted twice: a zone states more than its members have, or a member stands twice in the list."""
    for level, ledger in zip(case.levels, ledgers(case), strict=True):
        for row in np.flatnonzero(level.households > ledger.high):
            yield _zone_differs(level, int(row), float(ledger.high[row]), "households_twice")
    yield from _listed_twice(case)
    yield from _list_differs(case, "households_twice", 1)


def size(case: Case) -> Iterator[Finding]:
    """Ordinary zones outside the limits of their tier; where a single building is larger than the limit, it is named.

    Limits of every load count, those of a second one too. A stated figure that is wrong is replaced by what the members have, for
    its fault is reported already.
    """
    for holding in _holdings(case):
        level, limits, held = holding.level, holding.limits, holding.held
        for row in np.flatnonzero(~np.isnan(held) & ~level.dedicated):
            if not limits.admits(held[row]):
                figures = holding.figures
                large = figures[(figures["zone"] == row) & (figures["figure"] > limits.high)]
                yield _size(level, int(row), limits, float(held[row]), large)


def load_differs(case: Case) -> Iterator[Finding]:
    """Zones that state another figure of a load besides households than the members on their list have."""
    for holding in _holdings(case) if case.roll is not None else ():
        level, load = holding.level, holding.limits.load
        if load == HOUSEHOLDS or not holding.known:
            continue
        off = level.stated(load) - holding.held
        for row in np.flatnonzero(~np.isnan(off) & (off != 0)):
            shape, stated = level.shapes[row], f"{level.stated(load)[row]:.0f}"
            where = {"tier": tier_label(level.name), "code": level.codes[row], "where": place(shape)}
            text = say("check_load_differs", load=load, stated=stated, members=f"{holding.held[row]:.0f}", **where)
            value = float(abs(off[row]))
            yield Finding("load_differs", "warning", level.depth, level.codes[row], value, load, text, shape)


class _Holding(NamedTuple):
    """What the zones of a tier hold of a load that it limits."""

    level: Level
    limits: Also
    held: Numbers
    """Not a number where nothing is known."""
    figures: pd.DataFrame
    """One line a member: zone, name, figure."""
    known: bool
    """Whether figures of members are known, so that zones need not be believed."""


def _holdings(case: Case) -> Iterator[_Holding]:
    lines = _lines(case)
    for level, ledger in zip(reversed(case.levels), reversed(ledgers(case)), strict=True):
        lines = lines if level is case.finest else _up(case, level, lines)
        for limits in level.tier.limits if level.tier else ():
            figures = lines.assign(figure=_figures_of(case, lines, limits.load))
            in_zones = figures[figures["figure"].notna() & (figures["zone"] != NOWHERE)]
            held = level.stated(limits.load)
            if limits.load == HOUSEHOLDS:
                held = np.where(np.isnan(ledger.low), held, np.clip(held, ledger.low, ledger.high))
            elif len(in_zones):
                sums = in_zones.groupby("zone")["figure"].sum()
                held = sums.reindex(range(len(level)), fill_value=0.0).to_numpy()
            yield _Holding(level, limits, held, figures, len(in_zones) > 0)


def _figures_of(case: Case, lines: pd.DataFrame, load: str) -> pd.Series:
    """What each member has of a load; not a number where it is unknown."""
    if load == HOUSEHOLDS:
        return lines["figure"]
    if case.site is None or load not in case.site.loads:
        return pd.Series(np.nan, index=lines.index)
    members = lines.rename(columns={"figure": "households"})
    return shared_out(members, building_loads(case.site.buildings, load)).astype("Float64").astype(float)


def ledgers(case: Case) -> list[Ledger]:
    """The ledger of each tier, coarse to fine.

    A coarse zone may state the true sum of its members, or the sum of what its zones state: a fault is reported where it
    arises.
    """
    level = case.finest
    out = [_finest_ledger(case)]
    for up in reversed(case.levels[:-1]):
        low, high = out[0]
        stated = level.households
        least = np.where(np.isnan(stated), low, np.fmin(stated, low))
        most = np.where(np.isnan(stated), high, np.fmax(stated, high))
        parent = case.family[level.depth]
        ledger = Ledger(np.zeros(len(up)), np.zeros(len(up)))
        known = parent != NOWHERE
        np.add.at(ledger.low, parent[known], least[known])
        np.add.at(ledger.high, parent[known], most[known])
        _book_lost(case, up, ledger)
        childless = np.bincount(parent[known], minlength=len(up)) == 0
        ledger.low[childless] = ledger.high[childless] = np.nan
        out.insert(0, ledger)
        level = up
    return out


def _book_lost(case: Case, level: Level, ledger: Ledger) -> None:
    """Buildings that no finest zone covers may still be counted by the coarse zone in which they stand."""
    if case.footings is None:
        return
    lost = np.flatnonzero(case.footings.uncovered)
    points = shapely.point_on_surface(case.footings.shapes[lost])
    at, zone = level.tree.query(points, predicate="intersects")
    ledger.add(zone, case.footings.households[lost[at]], sure=False)


def _finest_ledger(case: Case) -> Ledger:
    zones = len(case.finest)
    ledger = Ledger(np.zeros(zones), np.zeros(zones))
    if case.roll is not None:
        _book_roll(case, case.roll, ledger)
    elif case.footings is not None:
        _book_footings(case.finest, case.footings, ledger)
    else:
        ledger.low[:] = ledger.high[:] = np.nan
    return ledger


def _book_roll(case: Case, roll: Roll, ledger: Ledger) -> None:
    footings = case.footings
    ledger.add(roll.zone, roll.figure, sure=~roll.again & ~case.misplaced)
    if footings is not None:
        lying = roll.lying(footings)
        ledger.add(np.where(case.misplaced, lying, NOWHERE), roll.figure, sure=False)
        lost = unassigned(footings, roll)
        ledger.add(np.where(lost, footings.owner, NOWHERE), footings.households, sure=False)
        for building, difference in _differences(case):
            stands = footings.zone[footings.building == building]
            zones = np.unique(np.append(roll.zone[roll.building == building], stands))
            zones = zones[zones != NOWHERE]
            (ledger.high if difference < 0 else ledger.low)[zones] -= difference
    # Nobody can tell who belongs to these, so whatever they state may be right.
    ledger.low[roll.unclear] = 0
    ledger.high[roll.unclear] = np.nan_to_num(case.finest.households[roll.unclear])


def _book_footings(zones: Level, footings: Footings, ledger: Ledger) -> None:
    """Members by the largest share; a building that is divided or uncovered may be counted by any zone at it."""
    sure = footings.inside & ~footings.uncovered & ~footings.contested
    ledger.add(np.where(sure, footings.owner, NOWHERE), footings.households, sure=True)
    contested = footings.contested[footings.building]
    ledger.add(footings.zone[contested], footings.households[footings.building[contested]], sure=False)
    bare = np.flatnonzero(footings.uncovered)
    at, near = zones.tree.query_nearest(footings.shapes[bare])
    ledger.add(near, footings.households[bare[at]], sure=False)


def _differences(case: Case) -> list[tuple[int, float]]:
    """Buildings for which the list has another number of households than the site: row of the building, list minus site."""
    roll, footings = case.roll, case.footings
    if roll is None or footings is None or case.site is None:
        return []
    rows = (roll.building != NOWHERE) & ~roll.again & (roll.zone != NOWHERE)
    count = len(footings.ids)
    listed = totals(roll.building[rows], roll.figure[rows], count)
    units = case.site.unit_households
    building = rows_of(units["building"].astype(str).tolist(), footings.ids)
    figures = units["households"].to_numpy(dtype=float, na_value=np.nan)[building != NOWHERE]
    building = building[building != NOWHERE]
    by_unit = totals(building, figures, count)
    by_unit[np.bincount(building, minlength=count) == 0] = np.nan
    # A tower has a figure of its own and figures of its entrances, which may differ: either will do.
    off, off_by_unit = listed - footings.households, listed - by_unit
    other = np.isnan(off) | (np.abs(off_by_unit) < np.abs(off))
    off = np.where(other, off_by_unit, off)
    named = np.bincount(roll.building[rows], minlength=count) > 0
    wrong = np.flatnonzero(named & footings.inside & ~footings.uncovered & ~np.isnan(off) & (off != 0))
    return [(int(row), float(off[row])) for row in wrong]


def _list_differs(case: Case, rule: str, sign: int) -> Iterator[Finding]:
    footings = case.footings
    if footings is None:
        return
    for building, difference in _differences(case):
        if np.sign(difference) != sign:
            continue
        shape, name = footings.shapes[building], footings.ids[building]
        text = say(f"check_list_{rule}", id=name, n=f"{abs(difference):.0f}", where=place(shape))
        yield Finding(rule, "error", case.finest.depth, name, abs(difference), "households", text, shape)


def _listed_twice(case: Case) -> Iterator[Finding]:
    roll, footings, level = case.roll, case.footings, case.finest
    if roll is None:
        return
    table = pd.DataFrame({"id": roll.id, "unit": roll.unit, "row": np.arange(len(roll.id))})[roll.again]
    for (name, unit), rows in table.groupby(["id", "unit"])["row"]:
        at = int(roll.building[rows.iloc[0]])
        zone = roll.zone[rows.iloc[0]]
        shape = level.shapes[zone] if zone != NOWHERE else None
        shape = footings.shapes[at] if footings is not None and at != NOWHERE else shape
        same = np.flatnonzero((np.array(roll.id) == name) & (roll.zone != NOWHERE))
        member = f"{name}/{unit}" if unit else str(name)
        text = say(
            "check_member_twice",
            id=member,
            codes=", ".join(sorted({level.codes[zone] for zone in roll.zone[same]})),
            where=place(shape),
        )
        value = float(roll.figure[rows].sum())
        yield Finding("households_twice", "error", level.depth, member, value, "households", text, shape)


def _zone_differs(level: Level, row: int, members: float, rule: str) -> Finding:
    code, stated, shape = level.codes[row], float(level.households[row]), level.shapes[row]
    text = say(
        f"check_{rule}",
        tier=tier_label(level.name),
        code=code,
        stated=f"{stated:.0f}",
        members=f"{members:.0f}",
        n=f"{abs(stated - members):.0f}",
        where=place(shape),
    )
    return Finding(rule, "error", level.depth, code, abs(stated - members), "households", text, shape)


def _lines(case: Case) -> pd.DataFrame:
    """One line a member: zone (row of the finest tier), name, building, unit, figure (households)."""
    roll, footings = case.roll, case.footings
    if roll is not None:
        names = [f"{name}/{unit}" if unit else name for name, unit in zip(roll.id, roll.unit, strict=True)]
        lines = {"zone": roll.zone, "name": names, "building": roll.id, "unit": roll.unit, "figure": roll.figure}
        return pd.DataFrame(lines)[~roll.again]
    if footings is None:
        return pd.DataFrame({"zone": [], "name": [], "building": [], "unit": [], "figure": []})
    zone = np.where(footings.inside, footings.owner, NOWHERE)
    return pd.DataFrame(
        {"zone": zone, "name": footings.ids, "building": footings.ids, "unit": "", "figure": footings.households}
    )


def _up(case: Case, level: Level, lines: pd.DataFrame) -> pd.DataFrame:
    parent = np.append(case.family[level.depth + 1], NOWHERE)
    return lines.assign(zone=parent[lines["zone"].to_numpy(dtype=int)])


def _size(level: Level, row: int, limits: Also, held: float, large: pd.DataFrame) -> Finding:
    code, shape = level.codes[row], level.shapes[row]
    names = [f"{name} ({number:.0f})" for name, number in zip(large["name"], large["figure"], strict=True)]
    text = say(
        "check_size_large" if names else "check_size",
        tier=tier_label(level.name),
        code=code,
        amount=amount(limits.load, f"{held:.0f}"),
        limits=figure(limits.load, f"{limits.low}-{limits.high}"),
        buildings=shown(names),
        where=place(shape),
    )
    return Finding("size", "warning", level.depth, code, held, limits.load, text, shape)


def unknown_loads(case: Case) -> dict[str, list[str]]:
    """For each load that a tier limits besides households, the buildings inside without a figure."""
    tiers = [level.tier for level in case.levels if level.tier is not None]
    loads = dict.fromkeys(limits.load for tier in tiers for limits in tier.limits if limits.load != HOUSEHOLDS)
    if case.site is None or case.footings is None:
        return {}
    unknown = {}
    for load in loads:
        known = building_loads(case.site.buildings, load).dropna().index if load in case.site.loads else pd.Index([])
        inside = [name for name, there in zip(case.footings.ids, case.footings.inside, strict=True) if there]
        unknown[load] = sorted(set(inside) - set(known.astype(str)))
    return unknown
