"""Who belongs to which zone: by the list of members if there is one, otherwise by the largest share of the footprint.

No other module of this room reads the list itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.footprint_overlay import MINOR_M2, MINOR_SHARE, FootprintOverlay, footprint_overlay
from gridgeo.checks.parent_zones import misparented
from gridgeo.checks.polygon_measures import NOWHERE, Mask, Numbers, Rows
from gridgeo.checks.tier_zones import TierZones
from gridgeo.model import Zones


class MemberList(NamedTuple):
    """The list of members, each with its place.

    Parameters
    ----------
    ids, unit
        Of each row; `unit` is empty where the building is whole.
    zone
        Row of the finest zone that is meant; `NOWHERE` if there is none.
    building
        Row of the building in the overlay of footprints; `NOWHERE` if unknown.
    households
        Known figure; not a number if there is none.
    repeated
        Whether the member, or the whole of it, stands in an earlier row.
    unclear_zones
        Finest zones whose members cannot be told, because of their code.
    """

    ids: list[str]
    unit: list[str]
    zone: Rows
    building: Rows
    households: Numbers
    repeated: Mask
    unclear_zones: Mask

    @property
    def names(self) -> list[str]:
        """Building, and unit where it is divided, of each row."""
        return [member_name(id_, unit) for id_, unit in zip(self.ids, self.unit, strict=True)]

    @property
    def divided(self) -> set[str]:
        """Ids of buildings that are listed by units."""
        return {id_ for id_, unit in zip(self.ids, self.unit, strict=True) if unit}

    def zone_of_footprint(self, footprints: FootprintOverlay | None) -> Rows:
        """Zone in which the building of each row has its largest share; `NOWHERE` if unknown."""
        if footprints is None:
            return np.full(len(self.ids), NOWHERE)
        return np.where(self.building == NOWHERE, NOWHERE, footprints.owner[self.building])


class MemberDifference(NamedTuple):
    """A member that belongs to another zone in its own layer than in the cells of the same plan."""

    building: str
    listed: str
    by_cell: str


@derived
def member_list(given: CheckInput) -> MemberList | None:
    """The list of members; None if there is none."""
    # Members name zones of the finest tier; where there is none, their list says nothing that is not said by its absence.
    scheme = given.zones.scheme
    listed = None if scheme and scheme.finest.name in given.missing_tiers else _listed(given.zones)
    if listed is None:
        return None
    faulty = given.finest.malformed | given.finest.repeated | misparented(given)[-1]
    return read_members(listed, given.finest, faulty, footprints=footprint_overlay(given))


def _listed(zones: Zones) -> pd.DataFrame | None:
    """The list of members, unless it is a layer of buildings in which no zone is named."""
    if zones.buildings is None or zones.buildings["code"].isna().all():
        return None
    order = ["id", "unit", "code", "households"]
    return zones.buildings[order].sort_values(order, kind="stable").reset_index(drop=True)


def read_members(
    listed: pd.DataFrame, zones: TierZones, faulty: Mask, *, footprints: FootprintOverlay | None
) -> MemberList:
    """Resolve the list of members.

    Zones are found by their place where their code is at fault, so that a fault in a code has no second finding.

    Parameters
    ----------
    listed
        Columns id, unit, households, code.
    zones
        The finest tier.
    faulty
        Zones whose code is at fault.
    """
    ids = [str(name) for name in listed["id"].fillna("")]
    building = rows_of(ids, [] if footprints is None else footprints.ids)
    unit = [str(name) for name in listed["unit"].fillna("")]
    codes = np.array([str(code) for code in listed["code"].fillna("")], dtype=object)
    meant = _zones_meant(zones, faulty, codes, votes=_Votes(footprints, building))
    unclear = faulty.copy()
    unclear[list(meant.values())] = False
    zone = np.array([meant.get(code, NOWHERE) for code in codes], dtype=np.intp)
    households = listed["households"].to_numpy(dtype=float, na_value=np.nan)
    if footprints is not None:
        whole = np.array([not name for name in unit], dtype=bool) & (building != NOWHERE)
        fill = whole & np.isnan(households)
        households[fill] = footprints.households[building[fill]]
    return MemberList(ids, unit, zone, building, households, _repeated(ids, unit), unclear)


def rows_of(names: list[str], known: list[str]) -> Rows:
    """Position of each name among those known; `NOWHERE` if it is not there."""
    rows = pd.Series(np.arange(len(known)), index=known)
    rows = rows[~rows.index.duplicated()]
    found: Rows = rows.reindex(names, fill_value=NOWHERE).to_numpy(dtype=np.intp)
    return found


def member_name(building: str, unit: str) -> str:
    """A member as it is named in messages."""
    return f"{building}/{unit}" if unit else building


def _repeated(ids: list[str], unit: list[str]) -> Mask:
    rows = pd.DataFrame({"id": ids, "unit": unit})
    twice = rows.duplicated().to_numpy()
    divided = rows["id"].isin(rows.loc[rows["unit"] != "", "id"]).to_numpy()
    repeated: Mask = twice | (divided & (rows["unit"] == "").to_numpy())
    return repeated


class _Votes(NamedTuple):
    """Buildings of the list, which tell by their place which zone a code means."""

    footprints: FootprintOverlay | None
    building: Rows

    def of_zones(self, rows: Mask, zones: list[int]) -> Numbers:
        """How many of these buildings stand in each zone; one that stands in several votes by its shares."""
        votes = np.zeros(len(zones))
        if self.footprints is None:
            return votes
        building = self.building[rows]
        building = building[building != NOWHERE]
        size = np.maximum(self.footprints.size[building], 1e-9)
        for k, zone in enumerate(zones):
            votes[k] = (self.footprints.share_in(building, np.full(len(building), zone)) / size).sum()
        return votes


def _zones_meant(zones: TierZones, faulty: Mask, codes: np.ndarray, *, votes: _Votes) -> dict[str, int]:
    """Row of the zone that each code of the list means."""
    codes_of = pd.Series(zones.codes, dtype=object)
    bearers = codes_of.groupby(codes_of).groups
    meant = {str(code): int(rows[0]) for code, rows in bearers.items() if len(rows) == 1 and not faulty[rows[0]]}
    rows = np.flatnonzero(faulty)
    for code in sorted(set(codes) - {""} - set(meant)):
        free = [int(row) for row in rows if row not in meant.values()]
        counted = votes.of_zones(codes == code, free)
        if free and counted.max() > 0:
            meant[code] = free[int(np.argmax(counted))]
        elif len(bearers.get(code, [])) == 1:
            meant[code] = int(bearers[code][0])
    return meant


HALF = 0.5
"""From this share of a member's land in other zones on it is listed in the wrong one."""


class Elsewhere(NamedTuple):
    """Members that are listed in a zone which does not hold their own land."""

    share: Numbers
    """For each row of the list, how much of its own land lies in other zones; not a number where it is listed right."""
    zone: Rows
    """The zone that holds most of it."""

    @property
    def found(self) -> Mask:
        """Rows that are listed in another zone than that of most of their land."""
        mask: Mask = ~np.isnan(self.share)
        return mask


@derived
def members_elsewhere(given: CheckInput) -> Elsewhere:
    """Rows of the list that name a zone which does not hold most of the member's own land.

    That is the piece of a unit where a plan has its cell, else what of the footprint is under no other building; of a building
    that is all under others, the land under it, any zone of which will do.
    """
    members, footprints = member_list(given), footprint_overlay(given)
    count = 0 if members is None else len(members.ids)
    out = Elsewhere(np.full(count, np.nan), np.full(count, NOWHERE))
    if members is None or footprints is None:
        return out
    lying, pieces = members.zone_of_footprint(footprints), _pieces(given)
    judged = (members.zone != NOWHERE) & (lying != NOWHERE) & ~members.repeated
    named = np.array([(id_, unit) in pieces for id_, unit in zip(members.ids, members.unit, strict=True)], dtype=bool)
    rows = np.flatnonzero(judged & ((lying != members.zone) | named))
    for row in rows[footprints.inside[members.building[rows]]]:
        piece = pieces.get((members.ids[row], members.unit[row]))
        share, zone = _share_elsewhere(given, row, piece=piece)
        out.share[row], out.zone[row] = share, zone
    return out


def _pieces(given: CheckInput) -> dict[tuple[str, str], Any]:
    """What of the footprint each unit of a divided building has, by building and unit; known of plans alone."""
    if given.plan is None:
        return {}
    parts = given.plan.buildings
    parts = parts[parts["unit"].notna() & ~parts.geometry.isna()].to_crs(given.crs)
    return {(str(id_), str(unit)): s for id_, unit, s in zip(parts["id"], parts["unit"], parts.geometry, strict=True)}


def _share_elsewhere(given: CheckInput, row: int, *, piece: Any) -> tuple[float, int]:
    """Share of a member's own land in other zones than the one that is named, and the zone with most of it."""
    tier, members, footprints = given.finest, member_list(given), footprint_overlay(given)
    assert members is not None
    assert footprints is not None
    building, zone = int(members.building[row]), int(members.zone[row])
    own, covered = _own_land(footprints, building) if piece is None else (piece, False)
    near = tier.meeting(own)
    if shapely.get_dimensions(own) < 2:
        return (np.nan, NOWHERE) if zone in near else (1.0, int(near[0]) if len(near) else NOWHERE)
    held = shapely.area(shapely.intersection(tier.shapes[near], own))
    here = float(held[near == zone].sum())
    size, most = float(shapely.area(own)), int(np.argmax(held)) if len(near) else NOWHERE
    by_chance = max(MINOR_M2, MINOR_SHARE * size)
    any_part = covered or (bool(members.unit[row]) and piece is None)
    right = here > min(by_chance, size / 2) if any_part else most == NOWHERE or held[most] - here <= by_chance
    return (np.nan, NOWHERE) if right or most == NOWHERE else (1 - here / size, int(near[most]))


def _own_land(footprints: FootprintOverlay, building: int) -> tuple[Any, bool]:
    """What of a footprint is under no other building; all of it where that is a minor part, and whether that is so."""
    shape = footprints.shapes[building]
    if footprints.is_point[building]:
        return shape, False
    free = shapely.difference(shape, footprints.other_footprints(building))
    covered = not footprints.is_more_than_minor(building, free)
    return (shape, True) if covered else (free, False)


@derived
def unassigned_buildings(given: CheckInput) -> Mask:
    """Whether a building inside, and on covered land, is a member of no zone; by its row in the overlay of footprints."""
    members, footprints = member_list(given), footprint_overlay(given)
    if members is None or footprints is None:
        return np.zeros(0, dtype=bool)
    member = np.zeros(len(footprints.ids), dtype=bool)
    member[members.building[(members.zone != NOWHERE) & (members.building != NOWHERE)]] = True
    # Where the list names none of the site's buildings at all, that is one fault, and told as such.
    foreign = len(members.ids) > 0 and bool((members.building == NOWHERE).all())
    return footprints.inside & ~footprints.uncovered & ~member & (not foreign)


def member_differences(given: CheckInput) -> Iterator[MemberDifference]:
    """Members whose zone is another one in their own layer than in the cells of the same plan."""
    if member_list(given) is None or given.cell_zones is None or given.cell_zones.buildings is None:
        return
    names = ["id", "unit", "code"]
    tables = (_listed(given.zones), given.cell_zones.buildings)
    listed, held = (table[names].astype("string").fillna("") for table in tables if table is not None)
    both = listed.merge(held, how="inner", on=["id", "unit"], suffixes=("", "_cells"), validate="many_to_many")
    for row in both[both["code"] != both["code_cells"]].drop_duplicates(["id", "unit"]).itertuples():
        yield MemberDifference(str(row.id), str(row.code), str(row.code_cells))
