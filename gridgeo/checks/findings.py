"""One fault, the finding that a rule makes of it, and the table of all findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.polygon_measures import Shapes, widest_m
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import Text, has_text, say
from gridgeo.model import FINDING_COLUMNS, SEVERITIES


class RuleFault(NamedTuple):
    """What a rule finds; the registry knows the name of the rule and how grave it is."""

    depth: int
    """Position of the tier, 0 for the coarsest."""
    code: str
    value: float
    """Not a number where it is unknown."""
    measure: str
    text: Text
    shape: Any
    excused: bool = False
    """Whether something explains the fault, so that it is less grave."""


class Finding(NamedTuple):
    """A fault, with the rule that found it."""

    rule: str
    severity: str
    fault: RuleFault


def area_fault(tier: TierZones, code: str, text: Text, *, shape: Any) -> RuleFault:
    """A fault whose measure is the area of its shape [m2]."""
    return RuleFault(tier.depth, code, float(shapely.area(shape)), "area_m2", text, shape)


def zone_fault(tier: TierZones, row: int, text: Text, *, measured: tuple[float, str]) -> RuleFault:
    """A fault of a whole zone, with its value and of what that is."""
    value, measure = measured
    return RuleFault(tier.depth, tier.codes[row], value, measure, text, tier.shapes[row])


def zone_words(tier: TierZones, row: int) -> dict[str, object]:
    """Tier, code and place of a zone, for a message."""
    return {"tier": tier_label(tier.name), "code": tier.codes[row], "where": place(tier.shapes[row])}


def land_words(parts: Shapes, shape: Any) -> dict[str, object]:
    """Area, width and place of land in several parts, for a message."""
    return {"area": number(shapely.area(shape)), "width": number(widest_m(parts)), "where": place(shape)}


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, rule, tier, code and place."""
    return sorted(findings, key=_order)


def _order(row: Finding) -> tuple[object, ...]:
    fault = row.fault
    at = np.full(4, np.inf) if fault.shape is None else np.nan_to_num(shapely.bounds(fault.shape), nan=np.inf)
    return (SEVERITIES.index(row.severity), row.rule, fault.depth, fault.code, *at.tolist(), fault.value)


def to_table(rows: list[Finding], crs: object) -> gpd.GeoDataFrame:
    """Findings as `Report.findings`, in English."""
    faults = [row.fault for row in rows]
    columns = {
        "rule": pd.array([row.rule for row in rows], dtype="string"),
        "severity": pd.array([row.severity for row in rows], dtype="string"),
        "code": pd.array([fault.code for fault in faults], dtype="string"),
        "value": pd.array([None if np.isnan(fault.value) else float(fault.value) for fault in faults], dtype="Float64"),
        "measure": pd.array([fault.measure for fault in faults], dtype="string"),
        "message": pd.array([str(fault.text) for fault in faults], dtype="string"),
    }
    shapes = gpd.GeoSeries([fault.shape for fault in faults], crs=crs)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)[list(FINDING_COLUMNS)]


def place(shape: Any) -> str:
    """Coordinates of a point of a shape, for a message [m]."""
    if shape is None or shapely.is_empty(shape):
        return "-"
    point = shapely.point_on_surface(shape)
    return f"({point.x:.2f}, {point.y:.2f})"


def tier_label(name: str) -> Text | str:
    """What a tier is called in a message."""
    reason = f"check_tier_{name}"
    return say(reason) if has_text(reason) else name


def tier_labels(names: Iterable[str]) -> Text | str:
    """What several tiers are called in a message, coarse to fine."""
    labels = [tier_label(name) for name in names]
    joined = labels[0]
    for label in labels[1:]:
        joined = say("check_and", one=joined, other=label)
    return joined


def number(value: float) -> str:
    """Three significant digits at least, without exponent; large numbers to one decimal."""
    return f"{value:.1f}" if value >= 100 else f"{value:.3g}"


def per_cent(share: float) -> str:
    """A share in whole per cent, for a message."""
    return f"{100 * share:.0f} %"


def shown(names: Iterable[str], most: int = 5) -> str:
    """Names for a message; of many, the first."""
    listed = list(names)
    return ", ".join(listed[:most]) + (f" ... ({len(listed)})" if len(listed) > most else "")
