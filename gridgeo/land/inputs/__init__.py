"""What layers say before any land is divided, read once for all stages.

Steps
-----
layer_geometry
    Lines that bound blocks, and areas, on the precision grid.
member_footprints
    Buildings as footprints and points, and what of them land goes to.
names_of_content
    Names made from content and place.
water_crossings
    Land below ways that lead across water or railway land.
water_railway
    Water and railway land, and buildings on it.
walled_compounds
    Compounds that are given, and land that walls go round.
institution_land
    Land of institutions.
land_inputs
    All of that as one value, and the first lines of the account.
"""

from gridgeo.land.inputs.institution_land import (
    InstitutionLand,
    InstitutionPoints,
    building_under,
    institution_points,
    layer_and_id,
)
from gridgeo.land.inputs.land_inputs import LandInputs, input_lines, read_inputs
from gridgeo.land.inputs.layer_geometry import MIN_WIDTH_M, bounding_lines, bridge_heads, polygons_of_layer
from gridgeo.land.inputs.member_footprints import (
    Generators,
    MemberFootprints,
    generators_of,
    is_point,
    whole_buildings,
)
from gridgeo.land.inputs.names_of_content import place_names, unique_names
from gridgeo.land.inputs.walled_compounds import compounds_of
from gridgeo.land.inputs.water_crossings import CROSSING_M
from gridgeo.land.inputs.water_railway import FEW, STAND_M, BuiltOnWater, WaterRailwayLand

__all__ = [
    "CROSSING_M",
    "FEW",
    "MIN_WIDTH_M",
    "STAND_M",
    "BuiltOnWater",
    "Generators",
    "InstitutionLand",
    "InstitutionPoints",
    "LandInputs",
    "MemberFootprints",
    "WaterRailwayLand",
    "bounding_lines",
    "bridge_heads",
    "building_under",
    "compounds_of",
    "generators_of",
    "input_lines",
    "institution_points",
    "is_point",
    "layer_and_id",
    "place_names",
    "polygons_of_layer",
    "read_inputs",
    "unique_names",
    "whole_buildings",
]
