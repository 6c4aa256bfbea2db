"""What became of the zones whose land changed: their limits, whether they are in one piece, whether they nest."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from gridgeo.edits.named_land import zones_of
from gridgeo.model import EditOutcome, Plan, community_of, outside_limits


def outcome_of(before: Plan, after: Plan) -> EditOutcome:
    """How the zones stand that two plans of the same cells group otherwise."""
    old, new = before.cells["code"], after.cells["code"]
    changed = old.ne(new)
    if not changed.any():
        return EditOutcome()
    touched = zones_of(pd.concat([old[changed], new[changed]]), after)
    zones = around(after, set(touched)).zones()
    rows = zones.table["code"].isin(touched)
    outside = outside_limits(zones).fillna(value=False).astype(bool)
    torn = gpd.GeoSeries(zones.table.geometry).geom_type != "Polygon"
    nested = new[changed].map(community_of) == after.cells["community"][changed]
    codes = [tuple(map(str, zones.table.loc[which, "code"])) for which in (rows, rows & outside, rows & torn)]
    return EditOutcome(codes[0], codes[1], codes[2], bool(nested.all()))


def around(plan: Plan, codes: set[str]) -> Plan:
    """As much of a plan as lies in the coarsest zones of these codes: its zones are whole, and there are few."""
    digits = plan.scheme.digits(plan.scheme.names[0])
    return replace(plan, cells=plan.cells[plan.cells["code"].str[:digits].isin({code[:digits] for code in codes})])
