"""Colours, line weights and labels shared by all maps, on screen, on paper and in QGIS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.model.codes import COMMUNITY_DIGITS
from gridgeo.model.scheme import Scheme

FILLS = ("#a4c6e8", "#f4e7a6", "#7fd1b9", "#ffc6d0", "#d3de7d", "#f4af97", "#bde8ff", "#c9c46a")
"""Light fills on which black text reads, told apart with any kind of colour blindness (after Paul Tol's scheme "light")."""

SHADES = (0.0, 0.45, 0.22, 0.62, 0.33, 0.12, 0.54, 0.72)
"""Shares of white mixed into a fill, one for each zone inside a coarser one."""

_DARKER = 0.85
"""A palette that has run out starts again, darker by this factor."""


class Stroke(NamedTuple):
    """How a kind of thing is drawn."""

    line: str
    """Colour of lines and outlines."""
    weight: float
    """Width of lines [pt on paper, px on screen]."""
    fill: str | None = None
    """Colour of areas."""
    dash: tuple[float, ...] = ()
    """Lengths of dashes and gaps [in units of `weight`]."""


ROLE_STROKES: Mapping[str, Stroke] = MappingProxyType(
    {
        "landuse": Stroke("#d6dfcc", 0.3, "#eef3e8"),
        "compounds": Stroke("#a08f78", 0.5, None, (4, 2)),
        "water": Stroke("#7fb2d9", 0.4, "#cfe4f5"),
        "waterways": Stroke("#7fb2d9", 1.0),
        "streets": Stroke("#ffffff", 1.4),
        "railways": Stroke("#6b6b6b", 1.0, None, (4, 3)),
        "barriers": Stroke("#7a5c46", 0.7),
        "buildings": Stroke("#5f5a55", 0.4, "#d5cec6"),
        "communities": Stroke("#8b1a1a", 2.2, None, (6, 2, 1.5, 2)),
    }
)
"""Context of a map, from what lies below to what lies above."""

STREET_EDGE = "#b9b2a8"
"""Edge of streets, which are white."""

NEIGHBOUR = Stroke("#9a9a9a", 0.5, "#ececec")
"""Zones that surround the one that a sheet is about."""

SEVERITY_STROKES: Mapping[str, Stroke] = MappingProxyType(
    {
        "error": Stroke("#c1121f", 2.4, "#e63946"),
        "warning": Stroke("#d9730d", 2.0, "#f4a259"),
        "note": Stroke("#5b6c9e", 1.4, "#8ea1d6"),
    }
)
"""Faults of a report."""

TIER_LINE = "#333333"


def tier_weight(depth: int, tiers: int) -> float:
    """Width of the borders of a tier [pt]: the finest thin, each coarser one stronger; `depth` counts from 0, the coarsest."""
    return 0.6 + 1.1 * (tiers - 1 - depth)


def label(code: str, scheme: Scheme) -> str:
    """Short label of a zone: the digits behind its community's, tier by tier.

    Zeros that only fill up the code of a dedicated zone are left out.

    Examples
    --------
    >>> label("41010500100100305", Scheme.preset("zhengzhou"))
    '003-05'
    >>> label("41010500100190100", Scheme.preset("zhengzhou"))
    '901'
    """
    ends = [scheme.digits(name) for name in scheme.names]
    parts = [code[start:end] for start, end in zip([COMMUNITY_DIGITS, *ends], ends, strict=False)]
    filled = [part for part in parts if part.strip("0")]
    return "-".join(filled) or code


def colours(zones: gpd.GeoDataFrame) -> pd.Series:
    """Colour of each zone, such that no two with a common border are alike.

    Parameters
    ----------
    zones
        One tier, indexed by code; reads geometry. The order of the rows plays no part.

    Returns
    -------
    colours
        Code -> ``#rrggbb``, in the order of the rows.
    """
    return colour_numbers(zones).map(fill)


def nested_colours(zones: gpd.GeoDataFrame, outer: pd.Series) -> pd.Series:
    """Colours of zones inside coarser ones: the hue of the coarser zone, in a shade that no neighbour inside it has.

    Parameters
    ----------
    zones
        One tier, indexed by code; reads geometry.
    outer
        Code of a coarser tier -> colour.
    """
    digits = len(outer.index[0]) if len(outer) else 0
    numbers = colour_numbers(zones)
    picked = [tint(outer[str(code)[:digits]], number) for code, number in numbers.items()]
    return pd.Series(picked, index=zones.index, dtype="object")


def colour_numbers(zones: gpd.GeoDataFrame) -> pd.Series:
    """Number of a colour for each zone, from 0, by greedy colouring; six are enough for zones in one piece."""
    import networkx as nx

    codes = zones.index.to_numpy(dtype=str)
    order = np.argsort(codes, kind="stable")
    graph = nx.Graph()
    graph.add_nodes_from(range(len(zones)))
    graph.add_edges_from(map(tuple, neighbours(zones.geometry.to_numpy()[order]).tolist()))
    numbers = nx.greedy_color(graph, strategy=_smallest_last)
    at = np.empty(len(zones), dtype=np.int64)
    at[order] = [numbers[rank] for rank in range(len(zones))]
    return pd.Series(at, index=zones.index)


def neighbours(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Pairs of polygons (positions, smaller first, sorted) that share a border or overlap; a common corner does not count."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    borders = shapely.boundary(shapes)
    shared = shapely.length(shapely.intersection(borders[left], borders[right])) > 0
    shared |= shapely.overlaps(shapes[left], shapes[right])
    pairs = np.column_stack([left[shared], right[shared]])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int64)


def fill(number: int) -> str:
    """Fill of a number; beyond the palette its colours come again, darker."""
    rounds, at = divmod(number, len(FILLS))
    return _mix(FILLS[at], "#000000", 1 - _DARKER**rounds)


def tint(colour: str, number: int) -> str:
    """A lighter shade of a colour, another one for each number."""
    rounds, at = divmod(number, len(SHADES))
    return _mix(_mix(colour, "#000000", 1 - _DARKER**rounds), "#ffffff", SHADES[at])


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0 to 255."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def qgis_styles(tiers: Sequence[str]) -> dict[str, str]:
    """QGIS style (QML) of each layer of a plan file: tiers filled and labelled by code, the rest as quiet context."""
    polygons = ("landuse", "compounds", "water", "buildings", "communities")
    lines = ("waterways", "streets", "railways", "barriers")
    styles = {name: _qml("fill", [_fill_layer(ROLE_STROKES[name])]) for name in polygons}
    styles |= {name: _qml("line", [_line_layer(ROLE_STROKES[name])]) for name in lines}
    styles["cells"] = _qml("fill", [_fill_layer(Stroke("#b0b0b0", 0.3))])
    for depth, name in enumerate(tiers):
        stroke = Stroke(TIER_LINE, tier_weight(depth, len(tiers)), FILLS[0])
        size = 11 if depth == 0 else 8
        styles[name] = _qml("fill", [_fill_layer(stroke, _QGIS_COLOUR)], _LABEL.format(size=size))
    return styles


def _smallest_last(graph: object, _numbers: object) -> list[int]:
    """Order for greedy colouring that needs at most six colours in the plane; ties go to the higher code.

    Source: D. W. Matula, L. L. Beck, Smallest-last ordering and clustering and graph coloring algorithms, 1983. The version in
    networkx walks over sets, whose order is nobody's promise.
    """
    import heapq

    adjacent: dict[int, set[int]] = {node: set(graph.adj[node]) for node in graph}  # type: ignore[attr-defined]
    heap = [(len(others), -node) for node, others in adjacent.items()]
    heapq.heapify(heap)
    last: list[int] = []
    while adjacent:
        degree, node = heapq.heappop(heap)
        if -node not in adjacent or degree != len(adjacent[-node]):
            continue
        for other in sorted(adjacent.pop(-node)):
            adjacent[other].discard(-node)
            heapq.heappush(heap, (len(adjacent[other]), -other))
        last.append(-node)
    return last[::-1]


def _mix(colour: str, other: str, share: float) -> str:
    mixed = [round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


_PALETTE = ", ".join(f"'{colour}'" for colour in FILLS)
_QGIS_COLOUR = f'array_get(array({_PALETTE}), to_int(right("code", 2)) % {len(FILLS)})'
"""QGIS cannot colour by neighbours when it opens a file; numbers next to each other at least differ."""

_LABEL = """<labeling type="simple"><settings>\
<text-style fieldName="code" isExpression="0" fontSize="{size}" fontSizeUnit="Point" textColor="0,0,0,255">\
<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"/></text-style>\
<placement placement="1" centroidInside="1" fitInPolygonOnly="0"/><rendering obstacle="1" scaleVisibility="0"/>\
</settings></labeling>"""

_DATA_DEFINED = """<data_defined_properties><Option type="Map"><Option name="name" type="QString" value=""/>\
<Option name="properties" type="Map"><Option name="fillColor" type="Map"><Option name="active" type="bool" value="true"/>\
<Option name="expression" type="QString" value={expression}/><Option name="type" type="int" value="3"/></Option></Option>\
<Option name="type" type="QString" value="collection"/></Option></data_defined_properties>"""


def _qml(kind: str, layers: Sequence[str], labelling: str = "") -> str:
    return (
        f'<qgis version="3.22" styleCategories="Symbology|Labeling" labelsEnabled="{int(bool(labelling))}">'
        '<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">'
        f'<symbols><symbol type="{kind}" name="0" alpha="1" clip_to_extent="1" force_rhr="0">{"".join(layers)}</symbol></symbols>'
        f"</renderer-v2>{labelling}</qgis>"
    )


def _fill_layer(stroke: Stroke, expression: str = "") -> str:
    extra = _DATA_DEFINED.format(expression=quoteattr(expression)) if expression else ""
    values = {
        "color": _qgis_colour(stroke.fill or "#ffffff"),
        "style": "solid" if stroke.fill else "no",
        "outline_color": _qgis_colour(stroke.line),
        "outline_style": "dash" if stroke.dash else "solid",
        "outline_width": f"{stroke.weight}",
        "outline_width_unit": "Point",
    }
    return _symbol_layer("SimpleFill", values, extra)


def _line_layer(stroke: Stroke) -> str:
    values = {
        "line_color": _qgis_colour(stroke.line),
        "line_style": "dash" if stroke.dash else "solid",
        "line_width": f"{stroke.weight}",
        "line_width_unit": "Point",
    }
    return _symbol_layer("SimpleLine", values, "")


def _symbol_layer(kind: str, values: Mapping[str, str], extra: str) -> str:
    properties = "".join(f"<prop k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in values.items())
    return f'<layer class="{kind}" pass="0" enabled="1" locked="0">{properties}{extra}</layer>'


def _qgis_colour(colour: str) -> str:
    return ",".join(map(str, (*rgb(colour), 255)))
