"""One tier of zones as the rules see it: a table in canonical order, and shapes that can be measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.shapes import HAIRLINE, NOWHERE, Mask, Numbers, Rows, Shapes, is_sound, overlay_area, repaired, wide
from gridgeo.model.codes import COMMUNITY_DIGITS
from gridgeo.model.scheme import Tier


@dataclass(frozen=True)
class Level:
    """Zones of one tier; the communities are a level too.

    Parameters
    ----------
    name
        Name of the tier.
    depth
        0 for the coarsest tier, -1 for the communities.
    table
        Columns code, parent, kind, households, and other loads that the tier limits, if they are stated; rows by code and place.
    drawn
        Shapes as they were given.
    shapes
        Valid polygons; what is no polygon is empty.
    doubt_m2
        Land that was given to a faulty ring, or taken from it, before it could be measured [m2].
    digits
        Length that codes must have; None if unknown.
    tier
        Limits; None if unknown.
    """

    name: str
    depth: int
    table: pd.DataFrame
    drawn: Shapes
    shapes: Shapes
    doubt_m2: Numbers
    digits: int | None = None
    tier: Tier | None = None

    def __len__(self) -> int:
        """Number of zones."""
        return len(self.table)

    @cached_property
    def codes(self) -> list[str]:
        """Code of each zone; empty where it has none."""
        return [str(code) for code in self.table["code"].fillna("")]

    @cached_property
    def malformed(self) -> Mask:
        """Whether a code is not all digits, or not of the right length."""
        fits = [_is_code(code) and (self.digits is None or len(code) == self.digits) for code in self.codes]
        return ~np.array(fits, dtype=bool)

    @cached_property
    def repeated(self) -> Mask:
        """Whether a well-formed code stands on several zones."""
        return pd.Series(self.codes, dtype=object).duplicated(keep=False).to_numpy() & ~self.malformed

    @cached_property
    def dedicated(self) -> Mask:
        """Whether a zone is a dedicated one."""
        mask: Mask = (self.table["kind"] == "dedicated").fillna(value=False).to_numpy(dtype=bool)
        return mask

    @cached_property
    def households(self) -> Numbers:
        """Stated households; not a number where none are stated."""
        return self.stated("households")

    def stated(self, load: str) -> Numbers:
        """Stated figures of a load; not a number where none are stated."""
        if load not in self.table:
            return np.full(len(self), np.nan)
        return self.table[load].to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def faulty(self) -> Mask:
        """Whether the ring as drawn is no valid polygon."""
        return ~is_sound(shapely.force_2d(self.drawn))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the shapes."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def loose(self) -> Mask:
        """Whether a zone's border does not run vertex by vertex along those of its neighbours.

        The others fit each other and overlap nowhere; their area proves it.
        """
        loose = shapely.is_empty(self.shapes)
        rows = np.flatnonzero(~loose)
        if len(rows):
            loose[rows] = ~shapely.is_empty(shapely.coverage_invalid_edges(self.shapes[rows]))
        tight = self.shapes[~loose]
        area = shapely.area(tight).sum()
        if len(tight) and not np.isclose(shapely.area(shapely.coverage_union_all(tight)), area, rtol=1e-9, atol=0.01):
            loose[:] = True
        return loose

    def union(self, rows: Rows | None = None) -> Any:
        """Land of these zones, or of all.

        Where zones fit vertex by vertex shared edges are struck out, which is fast and moves no point; the rest is overlaid.
        """
        rows = np.arange(len(self)) if rows is None else rows
        rows = rows[~shapely.is_empty(self.shapes[rows])]
        tight, loose = self.shapes[rows[~self.loose[rows]]], self.shapes[rows[self.loose[rows]]]
        if not len(tight):
            return shapely.union_all(loose)
        fitted = shapely.coverage_union_all(tight)
        return shapely.union_all([fitted, *loose]) if len(loose) else fitted

    @cached_property
    def land(self) -> Any:
        """Land of all zones."""
        return self.union()

    @cached_property
    def overlaps(self) -> list[tuple[int, int, Any]]:
        """Pairs of zones with the land that both hold, where it is wider than a hairline."""
        # Of two zones that overlap one at least does not fit its neighbours; the other may, where the first reaches across a
        # corner.
        rows = np.flatnonzero(self.loose)
        loose, other = self.tree.query(self.shapes[rows])
        pairs = np.sort(np.column_stack([rows[loose], other]), axis=1)
        first, second = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0).T
        common = shapely.intersection(self.shapes[first], self.shapes[second])
        found = []
        for k in np.flatnonzero(shapely.area(common) > 0):
            parts = wide(common[k])
            if len(parts):
                found.append((int(first[k]), int(second[k]), shapely.multipolygons(parts)))
        return found


@dataclass(frozen=True)
class Kin:
    """In which zone of the next coarser level each zone lies."""

    parent: Rows
    """By the largest share; `NOWHERE` if it lies in none."""
    astray: Mask
    """Whether some of it may lie in another."""


def read_level(
    name: str, depth: int, zones: gpd.GeoDataFrame, *, land: Any, digits: int | None, tier: Tier | None
) -> Level:
    """A level from a table of zones, independent of the order of its rows.

    Parameters
    ----------
    zones
        Columns code, parent, kind, households, other loads of the tier; in a metric CRS.
    land
        Land of the communities; None if unknown.
    digits
        Length of codes; if None, the length of more than half of them.
    """
    bounds = zones.geometry.bounds.round(3)
    keys = pd.DataFrame({"code": zones["code"].fillna("").astype(str), **bounds, "area": zones.geometry.area})
    zones = zones.loc[keys.sort_values(list(keys.columns), kind="stable").index]
    loads = [limits.load for limits in tier.limits if limits.load in zones] if tier else []
    columns = dict.fromkeys(["code", "parent", "kind", "households", *loads])
    table = pd.DataFrame(zones[list(columns)]).reset_index(drop=True)
    drawn = zones.geometry.to_numpy()
    plain = repaired(drawn)
    shapes, doubt = _settle(drawn, plain, land)
    return Level(name, depth, table, drawn, shapes, doubt, digits or _common_length(table["code"]), tier)


def lies_in(children: Level, parents: Level) -> Kin:
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
    astray = hits != 1
    for row in range(len(parents)):
        rows = np.flatnonzero(at == row)
        beyond = wide(shapely.difference(children.union(rows), parents.shapes[row])) if len(rows) else rows
        if len(beyond):
            astray[rows] |= shapely.intersects(shapely.union_all(beyond), children.shapes[rows])
    at[astray] = _largest(children, np.flatnonzero(astray), parents)
    return Kin(at, astray)


def _largest(children: Level, rows: Rows, parents: Level) -> Rows:
    """The parent that holds most of each zone; of parents that hold as much, to 1 %, the one whose code the zone bears."""
    shapes = children.shapes[rows]
    small, large, area = overlay_area(shapely.STRtree(shapes), shapes, parents.shapes)
    part = area / np.maximum(shapely.area(shapes)[small], 1e-9)
    bears = [children.codes[rows[i]].startswith(parents.codes[j]) for i, j in zip(small, large, strict=True)]
    return largest_share(small, large, np.where(area > 0, part.round(2) + 0.005 * np.array(bears), 0), len(rows))


def misparented(level: Level, up: Level | None, kin: Kin | None, *, landed: bool) -> Mask:
    """Whether a zone's code does not begin with the code of the parent in which it lies.

    A zone whose own code, or whose parent's, is malformed or repeated is not judged, for that is a finding already.

    Parameters
    ----------
    landed
        Whether rules of land are judged; they report zones that lie in no parent.
    """
    wrong = np.zeros(len(level), dtype=bool)
    if up is None or kin is None:
        return wrong
    unclear, known = up.malformed | up.repeated, set(up.codes)
    for row in np.flatnonzero(~(level.malformed | level.repeated)):
        code, at = level.codes[row], kin.parent[row]
        if at != NOWHERE:
            wrong[row] = not unclear[at] and not code.startswith(up.codes[at])
        elif not landed or shapely.is_empty(level.shapes[row]):
            wrong[row] = not any(code[:length] in known for length in range(COMMUNITY_DIGITS, len(code)))
    return wrong


def largest_share(small: Rows, large: Rows, area: Numbers, count: int) -> Rows:
    """For each of `count` shapes the one with which it shares most; of equals the first; `NOWHERE` if it shares nothing."""
    order = np.lexsort((large, -np.round(area, 6), small))
    order = order[area[order] > 0]
    first, start = np.unique(small[order], return_index=True)
    owner = np.full(count, NOWHERE)
    owner[first] = large[order[start]]
    return owner


def _is_code(code: str) -> bool:
    return len(code) >= COMMUNITY_DIGITS and code.isascii() and code.isdigit()


def _common_length(codes: pd.Series) -> int | None:
    lengths = codes.dropna().str.len().value_counts()
    return int(lengths.index[0]) if len(lengths) and 2 * lengths.iloc[0] > len(codes) else None


def _settle(drawn: Shapes, plain: Shapes, land: Any) -> tuple[Shapes, Numbers]:
    """Let a faulty ring cause no second finding.

    It gives way to its sound neighbours, and takes the free pieces of land that lie wholly within its convex hull; how much
    that is, is told with the faulty ring.
    """
    shapes, doubt = plain.copy(), np.zeros(len(plain))
    faulty = np.flatnonzero(~is_sound(shapely.force_2d(drawn)) & ~shapely.is_empty(plain))
    tree = shapely.STRtree(plain)
    settled = np.ones(len(plain), dtype=bool)
    settled[faulty] = False
    for row in faulty:
        hull = shapely.convex_hull(drawn[row])
        near = tree.query(hull)
        others = shapely.union_all(shapes[near[settled[near]]])
        copy = shapely.difference(plain[row], others)
        if land is not None:
            window = shapely.intersection(shapely.buffer(hull, 1), land)
            free = wide(shapely.difference(window, shapely.union(others, copy)))
            within = free[shapely.covers(shapely.buffer(hull, HAIRLINE), free)]
            copy = shapely.union_all([copy, *within])
        shapes[row], settled[row] = copy, True
        doubt[row] = shapely.area(shapely.symmetric_difference(copy, plain[row]))
    return shapes, doubt
