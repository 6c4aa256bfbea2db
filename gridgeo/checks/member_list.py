"""Who belongs to which zone: by the list of members if there is one, otherwise by the largest share of the footprint.

No other module of this room reads the list itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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


@derived
def misplaced_members(given: CheckInput) -> Mask:
    """Rows of the list that name a zone which does not hold the largest share of the building.

    Land goes to one building where footprints overlap, so a share that is smaller by no more than the overlap is none the worse.
    A unit of a divided building is misplaced if its zone holds nothing of the building.
    """
    members, footprints = member_list(given), footprint_overlay(given)
    wrong = np.zeros(0 if members is None else len(members.ids), dtype=bool)
    if members is None or footprints is None:
        return wrong
    lying = members.zone_of_footprint(footprints)
    rows = np.flatnonzero((members.zone != NOWHERE) & (lying != NOWHERE) & (lying != members.zone) & ~members.repeated)
    rows = rows[footprints.inside[members.building[rows]]]
    share = footprints.share_in(members.building[rows], members.zone[rows])
    for row, held in zip(rows, share, strict=True):
        judge = _unit_misplaced if members.unit[row] else _whole_misplaced
        wrong[row] = judge(footprints, int(members.building[row]), float(held))
    return wrong


def _minor(footprints: FootprintOverlay, building: int) -> float:
    """The largest part of a building that does not count [m2]."""
    if footprints.is_point[building]:
        return 0.5
    return max(MINOR_M2, MINOR_SHARE * float(footprints.size[building]))


def _unit_misplaced(footprints: FootprintOverlay, building: int, held: float) -> bool:
    return held < min(_minor(footprints, building), float(footprints.size[building]) / 2)


def _whole_misplaced(footprints: FootprintOverlay, building: int, held: float) -> bool:
    lacks, minor = float(footprints.largest[building]) - held, _minor(footprints, building)
    if lacks <= minor:
        return False
    shape = footprints.shapes[building]
    excuse = shapely.area(shapely.intersection(shape, footprints.other_footprints(building)))
    return bool(lacks > minor + excuse)


@derived
def unassigned_buildings(given: CheckInput) -> Mask:
    """Whether a building inside, and on covered land, is a member of no zone; by its row in the overlay of footprints."""
    members, footprints = member_list(given), footprint_overlay(given)
    if members is None or footprints is None:
        return np.zeros(0, dtype=bool)
    member = np.zeros(len(footprints.ids), dtype=bool)
    member[members.building[(members.zone != NOWHERE) & (members.building != NOWHERE)]] = True
    return footprints.inside & ~footprints.uncovered & ~member


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
