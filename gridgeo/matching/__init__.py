"""What belongs together in two plans of one place.

Steps
-----
building_links
    Which buildings of two years are the same, by which evidence.
zone_overlap
    Who is together in both: zones of one matched to those of the other, and the share that changes zone.
"""

from gridgeo.matching.building_links import LINK_COLUMNS, same_buildings
from gridgeo.matching.zone_overlap import cut_codes, difference, land_in_common, matched, outlines_in_common

__all__ = [
    "LINK_COLUMNS",
    "cut_codes",
    "difference",
    "land_in_common",
    "matched",
    "outlines_in_common",
    "same_buildings",
]
