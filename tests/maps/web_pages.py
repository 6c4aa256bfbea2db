"""Reports, hostile texts, and pages read back without the page's own code, for the tests of the page."""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.maps.web import explore
from gridgeo.model import FINDING_COLUMNS, Plan, Report, Zones
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

_ROUND: tuple[str, ...] = (
    "",
    '"',
    "'",
    "`",
    "<",
    ">",
    "&",
    "&lt;",
    "&#60;",
    "%3C",
    "\\",
    "\\x3c",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "</style>",
)
_ROUND += (
    "</title>",
    "</textarea>",
    "</template>",
    "<svg onload=alert(1)>",
    "{%",
    "}}",
    "\u202e",
    "\u2028",
    "%00",
    "javascript:",
    "\t",
    "\r\n",
)

HOSTILE = tuple(
    f"{around}{payload}{number}" for number, (around, payload) in enumerate(itertools.product(_ROUND, PAYLOADS))
)
"""Two hundred texts, each different, that would run, break out or mislead where text is not taken as text."""


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


class Read(NamedTuple):
    """A chunk as it is unpacked."""

    values: dict[str, Any]
    streams: dict[str, Any]


def chunks_in(drawn: Plan | Zones, report: Report | None = None) -> dict[str, Read]:
    """All chunks of a page by their names."""
    data = explore(drawn, report).get_root().data
    return {name: read_chunk(text) for name, text in data.chunks}


def read_chunk(text: str) -> Read:
    """Unpack a chunk by the letter of its description."""
    raw = zlib.decompress(base64.b64decode(text), -15)
    size = int.from_bytes(raw[:4], "little")
    head = json.loads(raw[4 : 4 + size])
    at, streams = 4 + size, {}
    for name, how, count, length in head["streams"]:
        part = raw[at : at + length]
        streams[name] = part.decode().split("\n")[: count or None] if how == "t" else _numbers(part, how)
        assert len(streams[name]) == count or not part
        at += length
    assert at == len(raw)
    return Read(head["values"], streams)


def _numbers(data: bytes, how: str) -> list[int]:
    found, number, shift, last = [], 0, 0, 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if byte > 127:
            continue
        value = number if how == "u" else (number // 2 if number % 2 == 0 else -(number + 1) // 2)
        last = value + (last if how == "d" else 0)
        found.append(last)
        number, shift = 0, 0
    return found


def points_of(chunk: Read, name: str) -> list[npt.NDArray[np.int64]]:
    """Points of each line of a stream of lines."""
    both = np.column_stack([chunk.streams[f"{name}_x"], chunk.streams[f"{name}_y"]]).reshape(-1, 2)
    return np.split(np.cumsum(both, axis=0), np.cumsum(chunk.streams[f"{name}_size"])[:-1])


def zones_drawn(first: Read, depth: int, crs: object) -> npt.NDArray[np.object_]:
    """Zones of a tier, made of the arcs whose sides belong to different ones, in metres of a CRS."""
    west, north, tick = first.values["plane"]
    left = np.array(first.streams["left"])
    right = np.array([a + step if step else -1 for a, step in zip(left, first.streams["right"], strict=True)])
    of = np.append(first.streams[f"zone_{depth}"], -1)
    lines = np.array([shapely.LineString(line) for line in points_of(first, "arc")])
    found = []
    for row in range(len(first.values["tiers"][depth]["code"])):
        own = lines[(of[left] == row) != (of[right] == row)]
        found.append(shapely.multipolygons(shapely.get_parts(shapely.build_area(shapely.multilinestrings(own)))))

    def metres(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack([west + points[:, 0] * tick, north - points[:, 1] * tick])

    shapes = shapely.transform(np.array(found, dtype=object), metres)
    return np.asarray(gpd.GeoSeries(shapes, crs="EPSG:3857").to_crs(crs).to_numpy())
