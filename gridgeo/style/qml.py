"""QGIS styles (QML) of the layers of a plan file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from gridgeo.style.palette import FILLS, rgb
from gridgeo.style.strokes import ROLE_STROKES, TIER_LINE, Stroke, tier_weight

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
