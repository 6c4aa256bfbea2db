"""In which zone of the next coarser tier each zone lies: by land, whatever the codes say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.polygon_measures import NOWHERE, Mask, Rows, largest_share, shared_areas, thick_parts
from gridgeo.checks.tier_zones import TierZones
from gridgeo.model import COMMUNITY_DIGITS

_AS_MUCH = 2
"""Shares of a zone are the same if they agree in so many decimals."""


class ParentZones(NamedTuple):
    """In which zone of the next coarser tier each zone of a tier lies."""

    row: Rows
    """By the largest share; `NOWHERE` if it lies in none."""
    doubtful: Mask
    """Whether some of it may lie in another."""


@derived
def parent_zones(given: CheckInput) -> tuple[ParentZones | None, ...]:
    """For each tier, in which zone of the next coarser tier each zone lies; None where there is no such tier."""
    above = [given.above(tier) for tier in given.tiers]
    return tuple(None if up is None else lies_in(tier, up) for tier, up in zip(given.tiers, above, strict=True))


def lies_in(children: TierZones, parents: TierZones) -> ParentZones:
    """In which parent each zone lies.

    A point inside tells, except for zones at places where the union of a parent's zones and the parent itself differ: those are
    measured.
    """
    points = shapely.point_on_surface(children.shapes)
    child, parent = parents.tree.query(points, predicate="intersects")
    hits = np.bincount(child, minlength=len(children))
    at = np.full(len(children), NOWHERE)
    at[child] = parent
    at[hits != 1] = NOWHERE
    doubtful = hits != 1
    for row in range(len(parents)):
        rows = np.flatnonzero(at == row)
        beyond = thick_parts(shapely.difference(children.union(rows), parents.shapes[row])) if len(rows) else rows
        if len(beyond):
            doubtful[rows] |= shapely.intersects(shapely.union_all(beyond), children.shapes[rows])
    at[doubtful] = _holds_most(children, np.flatnonzero(doubtful), parents)
    return ParentZones(at, doubtful)


def _holds_most(children: TierZones, rows: Rows, parents: TierZones) -> Rows:
    """The parent that holds most of each zone; of parents that hold as much, to 1 %, the one whose code the zone bears."""
    shapes = children.shapes[rows]
    small, large, area = shared_areas(shapes, parents.shapes)
    part = area / np.maximum(shapely.area(shapes)[small], 1e-9)
    bears = [children.codes[rows[i]].startswith(parents.codes[j]) for i, j in zip(small, large, strict=True)]
    weight = np.where(area > 0, part.round(_AS_MUCH) + 0.005 * np.array(bears), 0)
    return largest_share((small, large, weight), len(rows))


@derived
def summed_into(given: CheckInput) -> tuple[Rows, ...]:
    """For each tier, the parent of each zone: the one in which it lies, or failing that the one whose code it states."""
    found = []
    for tier, parents in zip(given.tiers, parent_zones(given), strict=True):
        up = given.above(tier)
        if up is None or parents is None:
            found.append(np.full(len(tier), NOWHERE))
            continue
        rows = {code: row for row, code in enumerate(up.codes)}
        stated = [rows.get(str(parent), NOWHERE) for parent in tier.table["parent"]]
        found.append(np.where(parents.row == NOWHERE, stated, parents.row))
    return tuple(found)


@derived
def misparented(given: CheckInput) -> tuple[Mask, ...]:
    """For each tier, whether a zone's code does not begin with that of the parent in which it lies.

    A zone whose own code, or whose parent's, is malformed or repeated is not judged, for that is a finding already.
    """
    return tuple(
        np.zeros(len(tier), dtype=bool) if parents is None else _misparented(given, tier, parents.row)
        for tier, parents in zip(given.tiers, parent_zones(given), strict=True)
    )


def _misparented(given: CheckInput, tier: TierZones, parent: Rows) -> Mask:
    up = given.above(tier)
    assert up is not None
    # Rules of land report zones that lie in no parent.
    judges_land = given.communities is not None
    wrong = np.zeros(len(tier), dtype=bool)
    if tier.own_codes or up.own_codes:
        return wrong
    unclear, known = up.malformed | up.repeated, set(up.codes)
    for row in np.flatnonzero(~(tier.malformed | tier.repeated)):
        code, at = tier.codes[row], parent[row]
        if at != NOWHERE:
            wrong[row] = not unclear[at] and not code.startswith(up.codes[at])
        elif not judges_land or shapely.is_empty(tier.shapes[row]):
            wrong[row] = not any(code[:length] in known for length in range(COMMUNITY_DIGITS, len(code)))
    return wrong
