"""One finding, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.messages import Text, has_text, say
from gridgeo.model.report import COLUMNS, SEVERITIES


class Finding(NamedTuple):
    """A fault, before it is put into words."""

    rule: str
    severity: str
    depth: int
    """Position of the tier, 0 for the coarsest."""
    code: str
    value: float
    """Not a number where it is unknown."""
    measure: str
    text: Text
    shape: Any


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, rule, tier, code and place."""
    return sorted(findings, key=_order)


def to_table(rows: list[Finding], crs: object) -> gpd.GeoDataFrame:
    """Findings as `Report.findings`, in English."""
    columns = {
        "rule": pd.array([row.rule for row in rows], dtype="string"),
        "severity": pd.array([row.severity for row in rows], dtype="string"),
        "code": pd.array([row.code for row in rows], dtype="string"),
        "value": pd.array([None if np.isnan(row.value) else float(row.value) for row in rows], dtype="Float64"),
        "measure": pd.array([row.measure for row in rows], dtype="string"),
        "message": pd.array([str(row.text) for row in rows], dtype="string"),
    }
    shapes = gpd.GeoSeries([row.shape for row in rows], crs=crs)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)[list(COLUMNS)]


def _order(row: Finding) -> tuple[object, ...]:
    place = np.full(4, np.inf) if row.shape is None else np.nan_to_num(shapely.bounds(row.shape), nan=np.inf)
    return (SEVERITIES.index(row.severity), row.rule, row.depth, row.code, *place.tolist(), row.value)


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


def shown(names: Iterable[str], most: int = 5) -> str:
    """Names for a message; of many, the first."""
    listed = list(names)
    return ", ".join(listed[:most]) + (f" ... ({len(listed)})" if len(listed) > most else "")
