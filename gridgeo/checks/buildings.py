"""Rules of buildings: each stands on covered land, in one zone, and belongs to the zone in which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely

from gridgeo.checks.case import Case
from gridgeo.checks.findings import Finding, number, place, tier_label
from gridgeo.checks.footings import SLIGHT_M2, SLIGHT_SHARE, Footings
from gridgeo.checks.members import Roll
from gridgeo.checks.shapes import NOWHERE, Mask, Rows
from gridgeo.messages import say


def building_uncovered(case: Case) -> Iterator[Finding]:
    """Buildings inside the communities of which more than half stands in no finest zone."""
    footings = case.footings
    if footings is None:
        return
    level = case.finest
    for row in np.flatnonzero(footings.uncovered):
        shape = footings.shapes[row]
        near = level.shapes[level.tree.query(shape)]
        bare = shape if footings.is_point[row] else shapely.difference(shape, shapely.union_all(near))
        point = bool(footings.is_point[row])
        text = say(
            "check_building_bare_point" if point else "check_building_uncovered",
            id=footings.ids[row],
            tier=tier_label(level.name),
            area=number(shapely.area(bare)),
            size=number(footings.size[row]),
            where=place(bare),
        )
        value, measure = (1.0, "points") if point else (float(shapely.area(bare)), "area_m2")
        yield Finding("building_uncovered", "error", level.depth, footings.ids[row], value, measure, text, bare)


def building_split(case: Case) -> Iterator[Finding]:
    """Buildings that stand in several finest zones; units of divided buildings may.

    What another footprint or a border of communities explains is a note.
    """
    footings, communities = case.footings, case.communities
    if footings is None or communities is None:
        return
    divided = set() if case.roll is None else {n for n, unit in zip(case.roll.id, case.roll.unit, strict=True) if unit}
    for row, zones in _zones_of(footings, np.flatnonzero(footings.contested & ~footings.uncovered)):
        if footings.ids[row] in divided:
            continue
        split = _split(case, footings, row, zones)
        if split is not None:
            yield _split_finding(case, footings, row, split)


class _Split(NamedTuple):
    """Part of a building that does not stand in its main zone."""

    shape: Any
    codes: list[str]
    reason: str


def _zones_of(footings: Footings, rows: Rows) -> Iterator[tuple[int, Rows]]:
    order = np.argsort(footings.building, kind="stable")
    start = np.searchsorted(footings.building[order], rows)
    end = np.searchsorted(footings.building[order], rows, side="right")
    for row, a, b in zip(rows, start, end, strict=True):
        yield int(row), footings.zone[order[a:b]]


def _split(case: Case, footings: Footings, row: int, zones: Rows) -> _Split | None:
    shape, main = footings.shapes[row], int(footings.owner[row])
    # Land that the main zone holds as well is an overlap of zones, which is reported as such.
    away = shapely.difference(shape, case.finest.shapes[main])
    rest = shapely.intersection(away, shapely.union_all(case.finest.shapes[zones]))
    if not _counts(footings, row, rest):
        return None
    held = shapely.area(shapely.intersection(case.finest.shapes[zones], rest)) > 1e-3
    codes = [case.finest.codes[zone] for zone in [main, *sorted(zones[held & (zones != main)])]]
    home = _home(case, shape)
    if not _counts(footings, row, shapely.intersection(rest, home)):
        return _Split(rest, codes, "border")
    free = shapely.difference(shapely.intersection(rest, home), footings.other_footprints(row))
    return _Split(rest, codes, "" if _counts(footings, row, free) else "overlap")


def _counts(footings: Footings, row: int, part: Any) -> bool:
    area = shapely.area(part)
    return bool(area > SLIGHT_M2 and area > SLIGHT_SHARE * footings.size[row])


def _home(case: Case, shape: Any) -> Any:
    """The community that holds most of a building."""
    assert case.communities is not None
    near = np.sort(case.communities.tree.query(shape))
    shares = shapely.area(shapely.intersection(case.communities.shapes[near], shape))
    return case.communities.shapes[near[np.argmax(shares)]]


def _split_finding(case: Case, footings: Footings, row: int, split: _Split) -> Finding:
    area = float(shapely.area(split.shape))
    text = say(
        f"check_building_split_{split.reason}" if split.reason else "check_building_split",
        id=footings.ids[row],
        tier=tier_label(case.finest.name),
        codes=", ".join(split.codes),
        area=number(area),
        share=f"{100 * area / footings.size[row]:.0f} %",
        where=place(split.shape),
    )
    severity, depth = "note" if split.reason else "warning", case.finest.depth
    return Finding("building_split", severity, depth, footings.ids[row], area, "area_m2", text, split.shape)


def building_unassigned(case: Case) -> Iterator[Finding]:
    """Buildings inside the communities that the list of members names for no existing zone.

    A building that stands in no zone at all is reported as uncovered.
    """
    footings, roll = case.footings, case.roll
    if footings is None or roll is None:
        return
    for row in np.flatnonzero(unassigned(footings, roll)):
        shape, figure = footings.shapes[row], float(footings.households[row])
        at = int(footings.owner[row])
        text = say(
            "check_building_unassigned",
            id=footings.ids[row],
            households="-" if np.isnan(figure) else f"{figure:.0f}",
            code=case.finest.codes[at] if at != NOWHERE else "-",
            where=place(shape),
        )
        depth = case.finest.depth
        yield Finding("building_unassigned", "error", depth, footings.ids[row], figure, "households", text, shape)


def unassigned(footings: Footings, roll: Roll) -> Mask:
    """Whether a building inside, and on covered land, is a member of no zone."""
    member = np.zeros(len(footings.ids), dtype=bool)
    member[roll.building[(roll.zone != NOWHERE) & (roll.building != NOWHERE)]] = True
    return footings.inside & ~footings.uncovered & ~member


def building_misplaced(case: Case) -> Iterator[Finding]:
    """Members of a zone in which less of the building stands than in another."""
    footings, roll = case.footings, case.roll
    if footings is None or roll is None:
        return
    for row in np.flatnonzero(case.misplaced):
        building = int(roll.building[row])
        listed, lies = case.finest.codes[roll.zone[row]], case.finest.codes[footings.owner[building]]
        name = roll.id[row] + (f"/{roll.unit[row]}" if roll.unit[row] else "")
        share = float(footings.share_in(np.array([building]), roll.zone[[row]])[0] / footings.size[building])
        shape = footings.shapes[building]
        text = say(
            "check_building_misplaced",
            id=name,
            listed=listed,
            lies=lies,
            share=f"{100 * share:.0f} %",
            where=place(shape),
        )
        yield Finding("building_misplaced", "warning", case.finest.depth, name, share, "share", text, shape)


def unknown_figures(case: Case) -> list[str]:
    """Ids of buildings inside without any household figure, neither in the site nor in the list of members."""
    footings = case.footings
    if footings is None or case.site is None:
        return []
    known = ~np.isnan(footings.households) | ~footings.inside
    units = case.site.unit_households
    stated = set(units.loc[units["households"].notna(), "building"].astype(str)) if len(units) else set()
    if case.roll is not None:
        stated |= {name for name, figure in zip(case.roll.id, case.roll.figure, strict=True) if not np.isnan(figure)}
    return [name for name, is_known in zip(footings.ids, known, strict=True) if not is_known and name not in stated]


def unplaced(case: Case) -> list[str]:
    """Ids of buildings that cannot be placed, for they have no shape."""
    footings = case.footings
    return [] if footings is None else [footings.ids[row] for row in np.flatnonzero(~footings.placed)]
