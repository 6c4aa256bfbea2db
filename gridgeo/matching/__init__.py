"""What belongs together in two plans of one place.

Steps
-----
zone_overlap
    Who is together in both: zones of one matched to those of the other, and the share that changes zone.
"""

from gridgeo.matching.zone_overlap import cut_codes, difference, land_in_common, matched

__all__ = ["cut_codes", "difference", "land_in_common", "matched"]
