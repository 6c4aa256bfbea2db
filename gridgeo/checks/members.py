"""Who belongs to which zone: by the list of members if there is one, otherwise by the largest share of the footprint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.footings import SLIGHT_M2, SLIGHT_SHARE, Footings
from gridgeo.checks.level import Level
from gridgeo.checks.shapes import NOWHERE, Mask, Numbers, Rows


@dataclass(frozen=True)
class Roll:
    """The list of members, each with its place.

    Parameters
    ----------
    id, unit
        Of each row; `unit` is empty where the building is whole.
    zone
        Row of the finest zone that is meant; `NOWHERE` if there is none.
    building
        Row of the building in the footings; `NOWHERE` if unknown.
    figure
        Known households; not a number if there are none.
    again
        Whether the member, or the whole of it, stands in an earlier row.
    unclear
        Finest zones whose members cannot be told, because of their code.
    """

    id: list[str]
    unit: list[str]
    zone: Rows
    building: Rows
    figure: Numbers
    again: Mask
    unclear: Mask

    def lying(self, footings: Footings | None) -> Rows:
        """Zone in which the building of each row has its largest share; `NOWHERE` if unknown."""
        if footings is None:
            return np.full(len(self.id), NOWHERE)
        return np.where(self.building == NOWHERE, NOWHERE, footings.owner[self.building])


def read_roll(listed: pd.DataFrame, zones: Level, faulty: Mask, footings: Footings | None) -> Roll:
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
    names = [str(name) for name in listed["id"].fillna("")]
    building = rows_of(names, [] if footings is None else footings.ids)
    unit = [str(name) for name in listed["unit"].fillna("")]
    zone, unclear = _zones_meant(zones, faulty, [str(code) for code in listed["code"].fillna("")], building, footings)
    figure = listed["households"].to_numpy(dtype=float, na_value=np.nan)
    if footings is not None:
        whole = np.array([not name for name in unit], dtype=bool) & (building != NOWHERE)
        fill = whole & np.isnan(figure)
        figure[fill] = footings.households[building[fill]]
    return Roll(names, unit, zone, building, figure, _again(names, unit), unclear)


def rows_of(names: list[str], known: list[str]) -> Rows:
    """Position of each name among those known; `NOWHERE` if it is not there."""
    rows = pd.Series(np.arange(len(known)), index=known)
    rows = rows[~rows.index.duplicated()]
    found: Rows = rows.reindex(names, fill_value=NOWHERE).to_numpy(dtype=np.intp)
    return found


def _again(names: list[str], unit: list[str]) -> Mask:
    rows = pd.DataFrame({"id": names, "unit": unit})
    twice = rows.duplicated().to_numpy()
    divided = rows["id"].isin(rows.loc[rows["unit"] != "", "id"]).to_numpy()
    again: Mask = twice | (divided & (rows["unit"] == "").to_numpy())
    return again


def _zones_meant(
    zones: Level, faulty: Mask, codes: list[str], building: Rows, footings: Footings | None
) -> tuple[Rows, Mask]:
    """Row of the zone that each code of the list means, and the zones that cannot be told."""
    codes_of = pd.Series(zones.codes, dtype=object)
    bearers = codes_of.groupby(codes_of).groups
    meant = {code: int(rows[0]) for code, rows in bearers.items() if len(rows) == 1 and not faulty[rows[0]]}
    rows = np.flatnonzero(faulty)
    for code in sorted(set(codes) - {""} - set(meant)):
        free = [int(row) for row in rows if row not in meant.values()]
        votes = _votes(footings, building[np.array(codes) == code], free)
        if free and votes.max() > 0:
            meant[code] = free[int(np.argmax(votes))]
        elif len(bearers.get(code, [])) == 1:
            meant[code] = int(bearers[code][0])
    unclear = faulty.copy()
    unclear[list(meant.values())] = False
    return np.array([meant.get(code, NOWHERE) for code in codes], dtype=np.intp), unclear


def _votes(footings: Footings | None, building: Rows, zones: list[int]) -> Numbers:
    """How many of these buildings stand in each zone; one that stands in several votes by its shares."""
    votes = np.zeros(len(zones))
    if footings is None:
        return votes
    building = building[building != NOWHERE]
    size = np.maximum(footings.size[building], 1e-9)
    for k, zone in enumerate(zones):
        votes[k] = (footings.share_in(building, np.full(len(building), zone)) / size).sum()
    return votes


def misplaced(roll: Roll, footings: Footings | None) -> Mask:
    """Rows of the list that name a zone which does not hold the largest share of the building.

    Land goes to one building where footprints overlap, so a share that is smaller by no more than the overlap is none the worse.
    A unit of a divided building is misplaced if its zone holds nothing of the building.
    """
    wrong = np.zeros(len(roll.id), dtype=bool)
    if footings is None:
        return wrong
    lying = roll.lying(footings)
    rows = np.flatnonzero((roll.zone != NOWHERE) & (lying != NOWHERE) & (lying != roll.zone) & ~roll.again)
    rows = rows[footings.inside[roll.building[rows]]]
    building = roll.building[rows]
    share = footings.share_in(building, roll.zone[rows])
    slight = np.maximum(SLIGHT_M2, SLIGHT_SHARE * footings.size[building])
    slight[footings.is_point[building]] = 0.5
    lacks = footings.main[building] - share
    for k, row in enumerate(rows):
        if roll.unit[row]:
            wrong[row] = share[k] < min(slight[k], footings.size[building[k]] / 2)
        elif lacks[k] > slight[k]:
            shape = footings.shapes[building[k]]
            excuse = shapely.area(shapely.intersection(shape, footings.other_footprints(building[k])))
            wrong[row] = lacks[k] > slight[k] + excuse
    return wrong
