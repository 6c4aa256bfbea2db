"""Words of QGIS: how a layer is drawn and labelled (QML), and the XML of which both styles and projects are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple
from xml.sax.saxutils import quoteattr

from gridgeo.style.palette import rgb
from gridgeo.style.strokes import Stroke

Kind = Literal["fill", "line", "marker"]
"""Kinds of symbols, for polygons, lines and points."""

_OPAQUE = 255
_POINT_MM = 2.0
"""Size of a symbol that stands for a point [mm]."""

_LABEL = """<labeling type="simple"><settings calloutType="simple">\
<text-style fieldName={expression} isExpression="1" fontSize="{size}" fontSizeUnit="Point" fontWeight="63" \
textColor="26,26,26,255"><text-buffer bufferDraw="1" bufferSize="0.6" bufferSizeUnits="MM" bufferColor="255,255,255,230"/>\
</text-style><text-format multilineAlign="1" wrapChar=""/>\
<placement placement="{placement}" centroidInside="1" centroidWhole="0" quadOffset="4" fitInPolygonOnly="0" repeatDistance="60" \
repeatDistanceUnits="MM" placementFlags="9" priority="{priority}"/>\
<rendering obstacle="0" displayAll="0" scaleVisibility="1" scaleMin="{nearest}" scaleMax="{farthest}"/></settings></labeling>"""

_DATA_DEFINED = """<data_defined_properties><Option type="Map"><Option name="name" type="QString" value=""/>\
<Option name="properties" type="Map"><Option name="fillColor" type="Map"><Option name="active" type="bool" value="true"/>\
<Option name="expression" type="QString" value={expression}/><Option name="type" type="int" value="3"/></Option></Option>\
<Option name="type" type="QString" value="collection"/></Option></data_defined_properties>"""


class LabelLook(NamedTuple):
    """What stands on the shapes of a layer."""

    expression: str
    """Of QGIS."""
    size: float
    """Of the letters [pt]."""
    nearest: int = 1
    """Scale denominator up to which a map may be larger."""
    farthest: int = 100_000
    """Scale denominator up to which a map may be smaller."""
    along: bool = False
    """Whether it follows a line."""

    def xml(self) -> str:
        """The label as QGIS reads it."""
        return _LABEL.format(
            expression=quoteattr(self.expression),
            size=self.size,
            placement=3 if self.along else 1,
            priority=3 if self.along else 8,
            nearest=self.nearest,
            farthest=self.farthest,
        )


class LayerLook(NamedTuple):
    """How a layer is drawn, and where it stands among the others."""

    title: str
    """Name that people read."""
    group: str
    """Heading under which it is listed."""
    strokes: Sequence[Stroke] = ()
    """Drawn one on the other."""
    by_value: Mapping[str, tuple[str, Stroke]] = {}
    """Value of `column` -> what it is called, and how it is drawn; in place of `strokes`."""
    column: str = ""
    last_first: bool = False
    """Whether shapes are drawn from the last value of `column` to the first, which lies on top."""
    fill_expression: str = ""
    """Of QGIS, for the colour of areas."""
    label: LabelLook | None = None
    shown: bool = True
    """Whether it is switched on when the file is opened."""
    kind: Kind = "fill"
    """Of most of its shapes."""
    alpha: int = _OPAQUE
    """Of its fill."""

    def drawn(self, kind: Kind) -> str:
        """Renderer and labels for shapes of a kind."""
        symbols = [self._symbol(name, kind, strokes) for name, strokes in enumerate(self._stroke_sets())]
        if self.by_value:
            values = "".join(
                f'<category value={quoteattr(value)} symbol="{at}" label={quoteattr(title)} render="true"/>'
                for at, (value, (title, _)) in enumerate(self.by_value.items())
            )
            head = f'type="categorizedSymbol" attr={quoteattr(self.column)}'
            symbology = f"<categories>{values}</categories><symbols>{''.join(symbols)}</symbols>"
        else:
            head, symbology = 'type="singleSymbol"', f"<symbols>{''.join(symbols)}</symbols>"
        if self.last_first:
            symbology += f'<orderby><orderByClause asc="0" nullsFirst="1">"{self.column}"</orderByClause></orderby>'
        order = f'symbollevels="0" enableorderby="{int(self.last_first)}" forceraster="0"'
        renderer = f"<renderer-v2 {head} {order}>{symbology}</renderer-v2>"
        return renderer + (self.label.xml() if self.label else "")

    def qml(self) -> str:
        """The style of the layer, for who opens it alone."""
        labels = int(self.label is not None)
        categories = 'styleCategories="Symbology|Labeling"'
        return f'<qgis version="3.22" {categories} labelsEnabled="{labels}">{self.drawn(self.kind)}</qgis>'

    @property
    def styled(self) -> bool:
        """Whether there is anything to draw; a table has nothing."""
        return bool(self.strokes or self.by_value)

    def _stroke_sets(self) -> list[Sequence[Stroke]]:
        return [(stroke,) for _, stroke in self.by_value.values()] if self.by_value else [self.strokes]

    def _symbol(self, name: int, kind: Kind, strokes: Sequence[Stroke]) -> str:
        parts = {"fill": self._fill_layer, "line": _line_layer, "marker": _marker_layer}[kind]
        layers = "".join(parts(stroke) for stroke in strokes)
        return f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layers}</symbol>'

    def _fill_layer(self, stroke: Stroke) -> str:
        extra = _DATA_DEFINED.format(expression=quoteattr(self.fill_expression)) if self.fill_expression else ""
        values = {
            "color": _qgis_colour(stroke.fill or "#ffffff", self.alpha),
            "style": "solid" if stroke.fill else "no",
            "outline_color": _qgis_colour(stroke.line),
            "outline_style": "dash" if stroke.dash else "solid",
            "outline_width": f"{stroke.weight:.2f}",
            "outline_width_unit": "Point",
            "joinstyle": "round",
        }
        return _symbol_layer("SimpleFill", values, extra)


def _line_layer(stroke: Stroke) -> str:
    values = {
        "line_color": _qgis_colour(stroke.line),
        "line_style": "dash" if stroke.dash else "solid",
        "line_width": f"{stroke.weight:.2f}",
        "line_width_unit": "Point",
        "capstyle": "round",
        "joinstyle": "round",
    }
    return _symbol_layer("SimpleLine", values, "")


def _marker_layer(stroke: Stroke) -> str:
    values = {
        "name": "circle",
        "color": _qgis_colour(stroke.fill or stroke.line),
        "outline_color": _qgis_colour(stroke.line),
        "size": f"{_POINT_MM}",
        "size_unit": "MM",
    }
    return _symbol_layer("SimpleMarker", values, "")


def _symbol_layer(kind: str, values: Mapping[str, str], extra: str) -> str:
    properties = "".join(f"<prop k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in values.items())
    return f'<layer class="{kind}" pass="0" enabled="1" locked="0">{properties}{extra}</layer>'


def _qgis_colour(colour: str, alpha: int = _OPAQUE) -> str:
    return ",".join(map(str, (*rgb(colour), alpha)))
