"""Zones of one tier as the rules see them: a table in canonical order, and shapes that can be measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.polygon_measures import (
    HAIRLINE_M,
    Mask,
    Numbers,
    Rows,
    Shapes,
    is_valid_polygon,
    repaired_polygons,
    thick_parts,
)
from gridgeo.model import COMMUNITY_DIGITS, DEDICATED, Tier


class TierRules(NamedTuple):
    """What is known of a tier before its zones are looked at."""

    name: str
    depth: int
    """0 for the coarsest tier, -1 for the communities."""
    digits: int | None
    """Length that codes must have; None if unknown."""
    definition: Tier | None
    """Limits; None if unknown."""
    own_codes: bool = False
    """Whether an office's own codes are expected, which no standard can judge."""


@dataclass(frozen=True)
class TierZones:
    """Zones of one tier; the communities count as a tier too.

    Parameters
    ----------
    rules
        Name, depth, digits and limits of the tier.
    table
        Columns code, parent, kind, name, households, and other loads that the tier limits, if they are stated; rows by code and
        place.
    drawn
        Shapes as they were given.
    shapes
        Valid polygons; what is no polygon is empty.
    doubt_m2
        Land that was given to an invalid ring, or taken from it, before it could be measured [m2].
    """

    rules: TierRules
    table: pd.DataFrame
    drawn: Shapes
    shapes: Shapes
    doubt_m2: Numbers

    def __len__(self) -> int:
        """Number of zones."""
        return len(self.table)

    @property
    def name(self) -> str:
        """Name of the tier."""
        return self.rules.name

    @property
    def depth(self) -> int:
        """0 for the coarsest tier, -1 for the communities."""
        return self.rules.depth

    @property
    def digits(self) -> int | None:
        """Length that codes must have: the scheme's, or that of more than half of them; None if unknown."""
        return self.rules.digits

    @property
    def own_codes(self) -> bool:
        """Whether the codes are an office's own: for the most part no text of 12 digits or more."""
        return self.rules.own_codes

    @cached_property
    def codes(self) -> list[str]:
        """Code of each zone; empty where it has none."""
        return [str(code) for code in self.table["code"].fillna("")]

    @cached_property
    def names(self) -> list[str]:
        """Name of each zone; empty where it has none."""
        return [str(name) for name in self.table["name"].fillna("")]

    @cached_property
    def malformed(self) -> Mask:
        """Whether a code is not all digits, or not of the right length; of an office's own codes, whether it is missing."""
        if self.own_codes:
            return np.array([not code for code in self.codes], dtype=bool)
        fits = [_is_code(code) and (self.digits is None or len(code) == self.digits) for code in self.codes]
        return ~np.array(fits, dtype=bool)

    @cached_property
    def repeated(self) -> Mask:
        """Whether a well-formed code stands on several zones."""
        return pd.Series(self.codes, dtype=object).duplicated(keep=False).to_numpy() & ~self.malformed

    @cached_property
    def dedicated(self) -> Mask:
        """Whether a zone is a dedicated one."""
        mask: Mask = (self.table["kind"] == DEDICATED).fillna(value=False).to_numpy(dtype=bool)
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
    def invalid(self) -> Mask:
        """Whether the ring as drawn is no valid polygon."""
        return ~is_valid_polygon(shapely.force_2d(self.drawn))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the shapes."""
        return shapely.STRtree(self.shapes)

    def meeting(self, shape: Any) -> Rows:
        """Zones that meet a shape."""
        rows: Rows = np.sort(self.tree.query(shape, predicate="intersects"))
        return rows

    @cached_property
    def unmatched(self) -> Mask:
        """Whether a zone's border does not run vertex by vertex along those of its neighbours.

        The others fit each other and overlap nowhere; their area proves it.
        """
        unmatched = shapely.is_empty(self.shapes)
        rows = np.flatnonzero(~unmatched)
        if len(rows):
            unmatched[rows] = ~shapely.is_empty(shapely.coverage_invalid_edges(self.shapes[rows]))
        matched = self.shapes[~unmatched]
        area = shapely.area(matched).sum()
        if len(matched) and not np.isclose(
            shapely.area(shapely.coverage_union_all(matched)), area, rtol=1e-9, atol=0.01
        ):
            unmatched[:] = True
        return unmatched

    def union(self, rows: Rows | None = None) -> Any:
        """Land of these zones, or of all.

        Where zones fit vertex by vertex shared edges are struck out, which is fast and moves no point; the rest is overlaid.
        """
        rows = np.arange(len(self)) if rows is None else rows
        rows = rows[~shapely.is_empty(self.shapes[rows])]
        matched, rest = self.shapes[rows[~self.unmatched[rows]]], self.shapes[rows[self.unmatched[rows]]]
        if not len(matched):
            return shapely.union_all(rest)
        fitted = shapely.coverage_union_all(matched)
        return shapely.union_all([fitted, *rest]) if len(rest) else fitted

    @cached_property
    def land(self) -> Any:
        """Land of all zones."""
        return self.union()

    @cached_property
    def overlaps(self) -> list[tuple[int, int, Any]]:
        """Pairs of zones with the land that both hold, where it is wider than a hairline."""
        # Of two zones that overlap one at least does not fit its neighbours; the other may, where the first reaches across a
        # corner.
        rows = np.flatnonzero(self.unmatched)
        at, other = self.tree.query(self.shapes[rows])
        pairs = np.sort(np.column_stack([rows[at], other]), axis=1)
        first, second = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0).T
        common = shapely.intersection(self.shapes[first], self.shapes[second])
        found = []
        for k in np.flatnonzero(shapely.area(common) > 0):
            parts = thick_parts(common[k])
            if len(parts):
                found.append((int(first[k]), int(second[k]), shapely.multipolygons(parts)))
        return found


def read_tier(rules: TierRules, zones: gpd.GeoDataFrame, land: Any) -> TierZones:
    """Zones of a tier from a table, independent of the order of its rows.

    Parameters
    ----------
    zones
        Columns code, parent, kind, name, households, other loads of the tier; in a metric CRS.
    land
        Land of the communities; None if unknown.
    """
    bounds = zones.geometry.bounds.round(3)
    keys = pd.DataFrame({"code": zones["code"].fillna("").astype(str), **bounds, "area": zones.geometry.area})
    zones = zones.loc[keys.sort_values(list(keys.columns), kind="stable").index]
    limits = rules.definition.limits if rules.definition else ()
    loads = [limit.load for limit in limits if limit.load in zones]
    columns = dict.fromkeys(["code", "parent", "kind", "name", "households", *loads])
    table = pd.DataFrame(zones[list(columns)]).reset_index(drop=True)
    drawn = zones.geometry.to_numpy()
    shapes, doubt = _measurable(drawn, land)
    rules = rules._replace(
        digits=_length_of(table["code"], rules.digits), own_codes=rules.own_codes or _are_own(table["code"])
    )
    return TierZones(rules, table, drawn, shapes, doubt)


def _is_code(code: str) -> bool:
    return len(code) >= COMMUNITY_DIGITS and code.isascii() and code.isdigit()


def _are_own(codes: pd.Series) -> bool:
    """Whether more than half of the codes that there are could be no code of the standard."""
    known = codes.dropna()
    return len(known) > 0 and 2 * sum(map(_is_code, known)) < len(known)


def _length_of(codes: pd.Series, asked: int | None) -> int | None:
    """Length that codes must have: the one asked for, unless hardly any has it and more than half of them have another."""
    lengths = codes[codes.map(_is_code, na_action="ignore").eq(other=True)].str.len().value_counts()
    most = int(lengths.index[0]) if len(lengths) and 2 * lengths.iloc[0] > len(codes) else None
    return asked if asked is not None and (most is None or lengths.get(asked, 0) > 0) else most


def _measurable(drawn: Shapes, land: Any) -> tuple[Shapes, Numbers]:
    """Polygons to measure, and how much land of each is in doubt [m2].

    Whether land at a spot where a ring crosses or touches itself belongs to the zone, nobody can tell: it is the zone's where it is
    nobody else's, and how much that is, is told with the invalid ring. All other faults of the zone are found as ever.
    """
    repaired = repaired_polygons(drawn)
    shapes, doubt = repaired.copy(), np.zeros(len(repaired))
    invalid = np.flatnonzero(~is_valid_polygon(shapely.force_2d(drawn)) & ~shapely.is_empty(repaired))
    tree = shapely.STRtree(repaired)
    known = np.ones(len(repaired), dtype=bool)
    known[invalid] = False
    for row in invalid:
        spots = shapely.buffer(_crossings(drawn[row]), HAIRLINE_M)
        near = tree.query(shapely.buffer(repaired[row], 1))
        others = shapely.union_all(shapes[near[known[near]]])
        shapes[row], known[row] = _fitted(repaired[row], spots, others, land=land), True
        doubt[row] = shapely.area(shapely.symmetric_difference(shapes[row], repaired[row]))
    return shapes, doubt


def _crossings(drawn: Any) -> Any:
    """Spots where the border of a shape crosses or touches itself."""
    lines = shapely.get_parts(shapely.union_all(shapely.get_rings(shapely.get_parts(shapely.force_2d(drawn)))))
    ends = shapely.get_coordinates([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    spots, times = np.unique(ends, axis=0, return_counts=True)
    return shapely.multipoints(spots[times != 2])


def _fitted(repaired: Any, spots: Any, others: Any, *, land: Any) -> Any:
    """A repaired polygon that leaves its neighbours, or takes from free land, what lies at such spots."""
    shared = _at(spots, shapely.intersection(repaired, others))
    fitted = shapely.difference(repaired, shared)
    if land is None:
        return fitted
    window = shapely.intersection(shapely.envelope(shapely.buffer(repaired, 1)), land)
    free = shapely.difference(window, shapely.union(others, fitted))
    return shapely.union(fitted, _at(spots, shapely.intersection(free, shapely.convex_hull(repaired))))


def _at(spots: Any, shape: Any) -> Any:
    """Parts of a shape that lie at one of the spots."""
    parts = thick_parts(shape)
    return shapely.union_all(parts[shapely.intersects(parts, spots)])
