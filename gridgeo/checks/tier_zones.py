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
    rules = rules._replace(digits=rules.digits or _common_length(table["code"]))
    return TierZones(rules, table, drawn, shapes, doubt)


def _is_code(code: str) -> bool:
    return len(code) >= COMMUNITY_DIGITS and code.isascii() and code.isdigit()


def _common_length(codes: pd.Series) -> int | None:
    lengths = codes.dropna().str.len().value_counts()
    return int(lengths.index[0]) if len(lengths) and 2 * lengths.iloc[0] > len(codes) else None


def _measurable(drawn: Shapes, land: Any) -> tuple[Shapes, Numbers]:
    """Polygons to measure, and how much land of each is in doubt [m2]: an invalid ring may cause no second finding.

    It gives way to its valid neighbours, and takes the free pieces of land that lie wholly within its convex hull; how much
    that is, is told with the invalid ring.
    """
    repaired = repaired_polygons(drawn)
    shapes, doubt = repaired.copy(), np.zeros(len(repaired))
    invalid = np.flatnonzero(~is_valid_polygon(shapely.force_2d(drawn)) & ~shapely.is_empty(repaired))
    tree = shapely.STRtree(repaired)
    known = np.ones(len(repaired), dtype=bool)
    known[invalid] = False
    for row in invalid:
        hull = shapely.convex_hull(drawn[row])
        near = tree.query(hull)
        others = shapely.union_all(shapes[near[known[near]]])
        shapes[row], known[row] = _fitted(repaired[row], hull, others, land=land), True
        doubt[row] = shapely.area(shapely.symmetric_difference(shapes[row], repaired[row]))
    return shapes, doubt


def _fitted(repaired: Any, hull: Any, others: Any, *, land: Any) -> Any:
    """A repaired polygon between its neighbours."""
    fitted = shapely.difference(repaired, others)
    if land is None:
        return fitted
    window = shapely.intersection(shapely.buffer(hull, 1), land)
    free = thick_parts(shapely.difference(window, shapely.union(others, fitted)))
    within = free[shapely.covers(shapely.buffer(hull, HAIRLINE_M), free)]
    return shapely.union_all([fitted, *within])
