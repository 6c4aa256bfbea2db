"""Rules of a plan file: its layers say the same, none is missing, and its search came to its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, area_fault, number, place, tier_label, zone_fault, zone_words
from gridgeo.checks.member_list import member_differences
from gridgeo.checks.polygon_measures import positions, thick_parts
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say


def tier_missing(given: CheckInput) -> Iterator[RuleFault]:
    """A tier of the scheme of which there is no zone: none of its land is anybody's."""
    for name in given.missing_tiers:
        text = say("check_tier_missing", tier=tier_label(name))
        yield RuleFault(len(given.tiers), name, float("nan"), "tier", text, given.land)


def interrupted(given: CheckInput) -> Iterator[RuleFault]:
    """A plan whose search was interrupted, so that a better one may be had."""
    if given.manifest.get("interrupted") == "true" and given.communities is not None:
        for code in given.communities.codes:
            # It is a fault of no place in particular.
            yield RuleFault(-1, code, float("nan"), "search", say("check_interrupted", code=code), None)


def layers_differ(given: CheckInput) -> Iterator[RuleFault]:
    """Zones, names or members that stand otherwise in a layer of their own than in the cells and registry of the same plan."""
    if given.cell_zones is None:
        return
    for tier in given.tiers:
        if tier.name in given.cell_zones.tiers:
            cells = given.cell_zones.tier(tier.name).to_crs(given.crs)
            yield from _zones_differ(tier, cells)
            yield from _names_differ(tier, cells)
    yield from _members_differ(given)


def _zones_differ(tier: TierZones, cells: gpd.GeoDataFrame) -> Iterator[RuleFault]:
    drawn = {code: shape for code, shape in zip(tier.codes, tier.shapes, strict=True) if code}
    united = dict(zip(cells.index.astype("str"), cells.geometry, strict=True))
    for code in sorted(drawn.keys() | united.keys()):
        one, two = drawn.get(code), united.get(code)
        if one is not None and two is not None and shapely.equals_exact(shapely.normalize(one), shapely.normalize(two)):
            continue
        parts = thick_parts(_difference(one, two))
        if len(parts):
            shape: Any = shapely.multipolygons(parts)
            words = {"tier": tier_label(tier.name), "code": code, "area": number(shape.area), "where": place(shape)}
            yield area_fault(tier, code, say("check_layers_differ", **words), shape=shape)


def _names_differ(tier: TierZones, cells: gpd.GeoDataFrame) -> Iterator[RuleFault]:
    registered = cells["name"].fillna("")
    for row in positions(~tier.repeated):
        drawn, told = tier.names[row], registered.get(tier.codes[row])
        if told is not None and drawn != told:
            text = say("check_name_differs", drawn=drawn or "-", registered=told or "-", **zone_words(tier, row))
            yield zone_fault(tier, row, text, measured=(np.nan, "name"))


def _difference(one: shapely.Geometry | None, two: shapely.Geometry | None) -> shapely.Geometry:
    nothing = shapely.Polygon()
    return shapely.symmetric_difference(nothing if one is None else one, nothing if two is None else two)


def _members_differ(given: CheckInput) -> Iterator[RuleFault]:
    shapes = pd.Series(dtype=object) if given.site is None else given.site.buildings.geometry
    for building, listed, by_cell in member_differences(given):
        shape = shapes.get(building)
        words = {"id": building, "listed": listed or "-", "cells": by_cell, "where": place(shape)}
        text = say("check_member_differs", **words)
        yield RuleFault(given.finest.depth, str(building), np.nan, "code", text, shape)
