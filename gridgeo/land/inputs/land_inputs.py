"""All that the later stages need of a site's layers, read once: who gets land, what bounds it, which land is none to build on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gridgeo.barriers import Walls, walls_of
from gridgeo.coverage import at_once
from gridgeo.land.account import AccountLine, places
from gridgeo.land.inputs.institution_land import (
    InstitutionLand,
    InstitutionPoints,
    institution_land_of,
    institution_points,
)
from gridgeo.land.inputs.layer_geometry import polygons_of_layer, railway_land_of, water_of
from gridgeo.land.inputs.member_footprints import Generators, MemberFootprints, generators_of, whole_buildings
from gridgeo.land.inputs.walled_compounds import compounds_of
from gridgeo.land.inputs.water_railway import BuiltOnWater, WaterRailwayLand, cut_out_buildings
from gridgeo.model import Site


@dataclass(frozen=True)
class LandInputs:
    """Layers of a site as the stages of land need them; no stage changes them.

    Parameters
    ----------
    site
        As it was read.
    communities
        Polygons on the precision grid, by code.
    buildings
        Whole buildings.
    generators
        Of the whole buildings.
    walls
        Walls and their openings.
    compounds
        Compounds (小区, 院落), indexed by id: name, geometry.
    institutions
        Land of institutions.
    institution_points
        Institutions given as points.
    water
        Water and railway land, and what is cut out of it.
    on_water
        Buildings on it, and what they make of it.
    """

    site: Site
    communities: gpd.GeoSeries
    buildings: MemberFootprints
    generators: Generators
    walls: Walls
    compounds: gpd.GeoDataFrame
    institutions: InstitutionLand
    institution_points: InstitutionPoints
    water: WaterRailwayLand
    on_water: BuiltOnWater


def read_inputs(site: Site) -> LandInputs:
    """What the layers of a site say before any land is divided.

    Parameters
    ----------
    site
        Layers in metres.
    """
    buildings, (areas, walls) = at_once(
        lambda: whole_buildings(site.buildings), lambda: ((water_of(site), railway_land_of(site)), walls_of(site))
    )
    generators = generators_of(buildings)
    water, on_water = cut_out_buildings(site, buildings, generators, areas=areas)
    compounds = compounds_of(site, walls)
    return LandInputs(
        site=site,
        communities=polygons_of_layer(site.communities),
        buildings=buildings,
        generators=generators,
        walls=walls,
        compounds=compounds,
        institutions=institution_land_of(site, buildings, compounds),
        institution_points=institution_points(site.layer("institutions")),
        water=water,
        on_water=on_water,
    )


def input_lines(inputs: LandInputs) -> Iterable[AccountLine]:
    """Lines of the account: polygons that are no water or railway land, for all that is built on them; buildings alone on them."""
    water, (alone, wrong, count) = inputs.water, inputs.on_water
    shapes = np.concatenate([water.water, water.railway])[wrong]
    layers = np.repeat(["water", "landuse"], [len(water.water), len(water.railway)])[wrong]
    for layer, place, buildings in zip(layers, places(shapely.point_on_surface(shapes)), count[wrong], strict=True):
        yield AccountLine(layer, "water_built_on", None, f"{place} {buildings}")
    members = inputs.buildings.at(alone)
    for building, place in zip(members.ids, places(shapely.point_on_surface(members.shapes)), strict=True):
        yield AccountLine("buildings", "in_water", building, place)
