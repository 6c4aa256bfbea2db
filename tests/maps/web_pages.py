"""Reports and layers for the tests of the page."""

from __future__ import annotations

import shutil
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.maps.web.layer_data import page_layers
from gridgeo.model import FINDING_COLUMNS, Plan, Report
from tests.style.made_plan import CRS, EAST, NORTH

PAYLOADS = (
    "<img src=x onerror=\"document.title='RAN'\">",
    "${document.title='RAN'}",
    "`-alert(1)-`",
    "</script><script>document.title='RAN'</script>",
    "{{ 7*7 }}{% raw %}",
    "\\u003cscript\\u003e",
    "' onmouseover='alert(1)",
)


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def make_report(message: str = "盲区 12.5 平方米") -> Report:
    """Three findings, one of each severity: a polygon, a line, a point; and one without a place."""
    rows = [
        ("gap", "error", shapely.box(EAST + 80, NORTH - 80, EAST + 130, NORTH - 50)),
        ("split", "warning", shapely.LineString([(EAST + 150, NORTH - 150), (EAST + 190, NORTH - 250)])),
        ("limits", "note", shapely.Point(EAST + 350, NORTH - 250)),
        ("codes", "error", None),
    ]
    table = pd.DataFrame(
        [(rule, severity, "", 1.0, "secret_measure", message, shape) for rule, severity, shape in rows],
        columns=list(FINDING_COLUMNS),
    )
    return Report(gpd.GeoDataFrame(table, geometry="geometry", crs=CRS))


def layers_of(plan: Plan, report: Report | None = None) -> dict[str, dict[str, Any]]:
    """Data of each layer by its key."""
    return {layer.key: dict(layer.data) for layer in page_layers(plan, report, "zh")}


def rings(data: dict[str, Any]) -> dict[int, list[npt.NDArray[np.int64]]]:
    """Coordinates of each row, decoded as the page's script does it [multiples of the precision, of longitude and latitude]."""
    found: dict[int, list[npt.NDArray[np.int64]]] = {}
    for row, kind, parts in data["shapes"]:
        lists = [ring for part in parts for ring in part] if kind == 2 else parts
        found.setdefault(row, []).extend(np.cumsum(np.reshape(flat, (-1, 2)), axis=0) for flat in lists)
    return found
