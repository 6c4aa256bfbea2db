"""What is asked of a division, and what of it is refused.

Steps
-----
search_effort
    How long to search: by name, in steps, or in seconds.
asked
    All options as one frozen value, sound in itself.
refusals
    What cannot be met: told before land is cut where that needs none, else before the search.
zone_drawings
    Zones that are given, or kept as they are drawn, in the CRS of the site.
"""

from gridgeo.division.request.asked import Keep, Request
from gridgeo.division.request.refusals import (
    CommunityTotals,
    impossible_count,
    named,
    refuse_cells,
    refuse_few_zones,
    refuse_impossible_counts,
    refuse_keep_without_codes,
    refuse_loads,
    refuse_many_institutions,
    refuse_misfits,
    refuse_missing_zones,
    refuse_narrow_codes,
)
from gridgeo.division.request.search_effort import effort_text, longer_search, read_effort
from gridgeo.division.request.zone_drawings import HAIRLINE_M, Drawings, read_drawings, read_given, wide_parts

__all__ = [
    "HAIRLINE_M",
    "CommunityTotals",
    "Drawings",
    "Keep",
    "Request",
    "effort_text",
    "impossible_count",
    "longer_search",
    "named",
    "read_drawings",
    "read_effort",
    "read_given",
    "refuse_cells",
    "refuse_few_zones",
    "refuse_impossible_counts",
    "refuse_keep_without_codes",
    "refuse_loads",
    "refuse_many_institutions",
    "refuse_misfits",
    "refuse_missing_zones",
    "refuse_narrow_codes",
    "wide_parts",
]
