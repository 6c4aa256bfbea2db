"""Atlases and reports for the tests of printed sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pypdf
import shapely

from gridgeo.maps.pdf import atlas
from gridgeo.maps.pdf.map_view import View
from gridgeo.maps.pdf.pdf_pen import Box
from gridgeo.model import FINDING_COLUMNS, Plan, Report, Site
from tests.style.made_plan import CRS, EAST, NORTH

RARE = "𬭎"
"""In names of people and places, but not in GBK."""


def dictionary(page: pypdf.PageObject, name: str) -> Any:
    """A part of a page, resolved."""
    return page[name].get_object()


def pages_of(path: Path) -> list[str]:
    """Text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def print_plan(tmp_path: Path, plan: Plan, **options: Any) -> Path:
    """An atlas in a new file."""
    return atlas(plan, tmp_path / f"{len(list(tmp_path.iterdir()))}.pdf", **options)


def make_report(number: int = 3) -> Report:
    """Findings with long messages."""
    message = (
        "规模不符：微网格 41010500100100102 有 302 户，要求 30-100 户，位于 (500150.00, 3839950.00)；请移动楼栋或拆分，"
    )
    shapes = [shapely.box(EAST + 20, NORTH - 60, EAST + 60, NORTH - 20), shapely.Point(EAST + 150, NORTH - 150), None]
    rows = [
        (
            "size",
            ("error", "warning", "note")[i % 3],
            "41010500100100102",
            302.0,
            "households",
            message * 2 + str(i),
            shapes[i % 3],
        )
        for i in range(number)
    ]
    return Report(gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(FINDING_COLUMNS)), geometry="geometry", crs=CRS))


def with_layer(plan: Plan, role: str, table: gpd.GeoDataFrame) -> Plan:
    """The plan with another layer."""
    site = Site(dict(plan.site.layers) | {role: table}, plan.site.unit_households, plan.site.account)
    return Plan(site, plan.cells, plan.scheme, plan.registry)


VIEW = View(Box(100, 100, 400, 400), 0, 0, 2000)
