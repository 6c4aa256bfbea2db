"""Rules of a plan file: its layers say the same, and none is missing."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.case import Case
from gridgeo.checks.findings import Finding, number, place, tier_label
from gridgeo.checks.level import Level
from gridgeo.checks.shapes import wide
from gridgeo.messages import say


def tier_missing(case: Case) -> Iterator[Finding]:
    """A tier of the scheme of which there is no zone: none of its land is anybody's."""
    for name in case.absent:
        text = say("check_tier_missing", tier=tier_label(name))
        yield Finding("tier_missing", "error", len(case.levels), name, float("nan"), "tier", text, case.land)


def interrupted(case: Case) -> Iterator[Finding]:
    """A plan whose search was interrupted, so that a better one may be had."""
    if case.interrupted and case.communities is not None:
        for code in case.communities.codes:
            text = say("check_interrupted", code=code)
            # It is a fault of no place in particular.
            yield Finding("interrupted", "warning", -1, code, float("nan"), "search", text, None)


def layers_differ(case: Case) -> Iterator[Finding]:
    """Zones, or members, that stand otherwise in a layer of their own than in the cells of the same plan."""
    if case.twin is None:
        return
    for level in case.levels:
        if level.name in case.twin.tiers:
            yield from _zones_differ(level, case.twin.tier(level.name).to_crs(case.crs))
    yield from _members_differ(case)


def _zones_differ(level: Level, cells: gpd.GeoDataFrame) -> Iterator[Finding]:
    drawn = {code: shape for code, shape in zip(level.codes, level.shapes, strict=True) if code}
    held = dict(zip(cells.index.astype("str"), cells.geometry, strict=True))
    for code in sorted(drawn.keys() | held.keys()):
        one, two = drawn.get(code), held.get(code)
        if one is not None and two is not None and shapely.equals_exact(shapely.normalize(one), shapely.normalize(two)):
            continue
        parts = wide(_difference(one, two))
        if len(parts):
            shape = shapely.multipolygons(parts)
            text = say(
                "check_layers_differ",
                tier=tier_label(level.name),
                code=code,
                area=number(shape.area),
                where=place(shape),
            )
            yield Finding("layers_differ", "error", level.depth, code, float(shape.area), "area_m2", text, shape)


def _difference(one: shapely.Geometry | None, two: shapely.Geometry | None) -> shapely.Geometry:
    nothing = shapely.Polygon()
    return shapely.symmetric_difference(nothing if one is None else one, nothing if two is None else two)


def _members_differ(case: Case) -> Iterator[Finding]:
    if case.listed is None or case.twin is None or case.twin.buildings is None:
        return
    names = ["id", "unit", "code"]
    listed, held = (table[names].astype("string").fillna("") for table in (case.listed, case.twin.buildings))
    both = listed.merge(held, how="inner", on=["id", "unit"], suffixes=("", "_cells"), validate="many_to_many")
    shapes = pd.Series(dtype=object) if case.site is None else case.site.buildings.geometry
    for row in both[both["code"] != both["code_cells"]].drop_duplicates(["id", "unit"]).itertuples():
        shape = shapes.get(row.id)
        text = say("check_member_differs", id=row.id, listed=row.code or "-", cells=row.code_cells, where=place(shape))
        yield Finding("layers_differ", "error", case.finest.depth, str(row.id), np.nan, "code", text, shape)
