"""Draws pages that are laid out: map, frame, legend, north arrow, scale bar, foot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.maps.pdf.label_placing import Label, size_of
from gridgeo.maps.pdf.map_view import View, bar_length
from gridgeo.maps.pdf.pdf_font import shorten, width
from gridgeo.maps.pdf.pdf_pen import MM, Box, Pen, polygon
from gridgeo.maps.pdf.prepared_plan import SHOWN, PreparedPlan
from gridgeo.maps.pdf.sheet_layout import DETAIL, NOTE_ROW, PlacedMap, SheetPage, foot
from gridgeo.maps.pdf.sheet_tables import draw_table
from gridgeo.style import (
    BLACK,
    BUILDING_FAR,
    BUILDING_ON_ZONE,
    GREY,
    NEIGHBOUR,
    ROLE_STROKES,
    SEVERITY_STROKES,
    STREET_EDGE,
    STREET_TEXT,
    SUBJECT,
    TIER_LINE,
    WHITE,
    Stroke,
)

_FRAME = 1.8
_THIN = 0.4
_SIGN = 20
"""Room for the sign before a legend's text [pt]."""
_LEGEND_ROW = 10.5
_POINT = 1.6
"""Half the side of the square that stands for a building given as a point [pt]."""


GROUND = Stroke("#c9c4bc", 0, "#c9c4bc")
"""Behind the sign of streets, as zones lie behind them on the map."""


class LegendItem(NamedTuple):
    """A sign of the map and what it stands for."""

    kind: str
    """area or line."""
    text: str
    strokes: list[Stroke]
    """Several for zones of several colours."""


def draw_page(pen: Pen, page: SheetPage, prepared: PreparedPlan, *, number: int, pages: int) -> None:
    """Draw one page."""
    pen.page(page.size, page.mark, page.heading)
    if page.map is not None:
        _draw_map(pen, page.map, prepared)
        _draw_legend(pen, page.map, prepared)
        _draw_notes(pen, page.map.notes, page.table_box)
    draw_table(pen, page.table, page.table_box, columns=page.columns)
    pen.rectangle(page.frame, Stroke(BLACK, _FRAME))
    _draw_titles(pen, page)
    texts = prepared.say("sheet_internal"), prepared.say("sheet_page", page=number, pages=pages)
    _draw_foot(pen, foot(page.size), texts)


def _draw_titles(pen: Pen, page: SheetPage) -> None:
    middle = page.frame.x + page.frame.width / 2
    size = max(9.0, min(16.0, 16.0 * page.frame.width / max(width(page.title, 16.0), 1)))
    title = shorten(page.title, size, page.frame.width)
    pen.text((middle, page.frame.top + 8.2 * MM), title, size, anchor="middle", bold=True)
    pen.text((middle, page.frame.top + 2.4 * MM), page.subtitle, 8.5, anchor="middle")


def _draw_foot(pen: Pen, box: Box, texts: tuple[str, str]) -> None:
    base = box.y + 1.2
    pen.text((box.x, base), texts[0], 8)
    pen.text((box.right, base), texts[1], 8, anchor="right")


def _draw_notes(pen: Pen, notes: list[str], below: Box) -> None:
    """Lines above the table, right under the map."""
    for i, line in enumerate(notes[::-1]):
        pen.text((below.x, below.top + NOTE_ROW * i + 3), line, 6.5)


def _draw_map(pen: Pen, drawn: PlacedMap, prepared: PreparedPlan) -> None:
    view, sheet = drawn.view, drawn.sheet
    with pen.inside(view.frame):
        pen.areas(view.rings(sheet.outer.layer.shapes[sheet.around(view.window)]), NEIGHBOUR)
        shapes, fills = sheet.inner.layer.shapes[sheet.rows], sheet.inner.colours[sheet.rows]
        for colour in np.unique(fills).tolist():
            pen.areas(view.rings(shapes[fills == colour]), Stroke(colour, 0.3, colour))
        _draw_context(pen, view, prepared)
        pen.areas(view.rings(shapes), Stroke(TIER_LINE, 0.9))
        _draw_communities(pen, view, prepared)
        if sheet.subject is not None:
            pen.areas(view.rings(np.array([sheet.subject], dtype=object)), SUBJECT)
        for severity, faults in prepared.faults.items():
            _draw_faults(pen, view, faults.shapes[faults.within(view.window)], stroke=SEVERITY_STROKES[severity])
        _draw_labels(pen, drawn)
    pen.rectangle(view.frame, Stroke(BLACK, _THIN))
    _draw_north(pen, view.frame, prepared)


def _draw_context(pen: Pen, view: View, prepared: PreparedPlan) -> None:
    for role in SHOWN:
        layer = prepared.layers[role]
        shapes = layer.shapes[layer.within(view.window)]
        areas = np.isin(shapely.get_type_id(shapes), (3, 6))
        pen.areas(view.rings(shapes[areas]), ROLE_STROKES[role])
        lines = view.rings(shapes[~areas])
        for stroke in _line_strokes(role, min(1.0, max(0.4, DETAIL / view.scale))):
            pen.lines(lines, stroke)
    layer = prepared.layers["buildings"]
    shapes = layer.shapes[layer.within(view.window)]
    points = np.isin(shapely.get_type_id(shapes), (0, 4))
    outline = BUILDING_ON_ZONE if view.scale <= DETAIL else BUILDING_FAR
    pen.areas(view.rings(shapes[~points]), outline, alpha=0.6)
    squares = shapely.buffer(shapely.centroid(shapes[points]), _POINT / view.metre, cap_style="square")
    pen.areas(view.rings(squares), BUILDING_ON_ZONE)


def _line_strokes(role: str, share: float = 1.0) -> list[Stroke]:
    """A line in its own width, finer on small scales; streets with an edge, or they could not be seen on white."""
    stroke = ROLE_STROKES[role]
    stroke = stroke._replace(weight=round(stroke.weight * share, 2))
    return (
        [stroke._replace(line=STREET_EDGE, weight=round(stroke.weight + 0.6, 2)), stroke]
        if role == "streets"
        else [stroke]
    )


def _draw_communities(pen: Pen, view: View, prepared: PreparedPlan) -> None:
    layer = prepared.layers["communities"]
    borders = shapely.boundary(layer.shapes[layer.within(view.window)])
    # A border that two communities share is drawn once, or the dashes of one would fill the gaps of the other.
    once = shapely.line_merge(shapely.union_all(borders))
    pen.lines(view.rings(np.array([once], dtype=object)), ROLE_STROKES["communities"])


def _draw_faults(pen: Pen, view: View, shapes: npt.NDArray[np.object_], *, stroke: Stroke) -> None:
    kinds = shapely.get_type_id(shapes)
    lines, points = np.isin(kinds, (1, 2, 5)), np.isin(kinds, (0, 4))
    rings = np.where(points, shapely.buffer(shapes, 3 / view.metre), shapes)
    pen.areas(view.rings(rings[~lines]), stroke, alpha=0.25)
    pen.lines(view.rings(rings[lines]), stroke)


def _draw_labels(pen: Pen, drawn: PlacedMap) -> None:
    for label in drawn.labels.streets:
        _draw_plate(pen, label)
        _draw_label(pen, label, (STREET_TEXT, label.angle), bold=False)
    for label in drawn.labels.buildings:
        _draw_label(pen, label, (BLACK, 0), bold=False)
    for label in drawn.labels.around:
        _draw_label(pen, label, (GREY, 0), bold=False)
    for label in drawn.labels.zones:
        _draw_plate(pen, label)
        _draw_label(pen, label, (BLACK, 0), bold=True)


def _draw_plate(pen: Pen, label: Label) -> None:
    """A light ground, for a label would be lost on the borders and outlines below it."""
    wide, high = size_of(label.lines)
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * (wide / 2 + 1, high / 2)
    turn = np.radians(label.angle)
    corners = half @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + (label.x, label.y)
    pen.areas(polygon(corners), Stroke(WHITE, 0, WHITE), alpha=0.6)


def _draw_label(pen: Pen, label: Label, look: tuple[str, float], *, bold: bool) -> None:
    high = sum(size * 1.15 for _, size in label.lines)
    y = label.y + high / 2
    for i, (text, size) in enumerate(label.lines):
        y -= size * 1.15
        drop = size * 0.27
        if look[1]:
            turn = np.radians(look[1])
            centre = (label.x + np.sin(turn) * size * 0.36, label.y - np.cos(turn) * size * 0.36)
            pen.text(centre, text, size, anchor="middle", look=look)
        else:
            pen.text((label.x, y + drop), text, size, anchor="middle", bold=bold and i == 0, look=look)


def _draw_north(pen: Pen, box: Box, prepared: PreparedPlan) -> None:
    x, y = box.right - 6.5 * MM, box.top - 13 * MM
    pen.rectangle(Box(x - 9, y - 7, 18, 38), Stroke(WHITE, 0, WHITE), alpha=0.7)
    left = np.array([[x, y], [x - 6, y - 4], [x, y + 16]])
    pen.areas(polygon(left), Stroke(BLACK, 0.5, BLACK))
    pen.areas(polygon(left * (-1, 1) + (2 * x, 0)), Stroke(BLACK, 0.5, WHITE))
    pen.text((x, y + 19), prepared.say("sheet_north"), 9, anchor="middle", bold=True)


def _draw_legend(pen: Pen, drawn: PlacedMap, prepared: PreparedPlan) -> None:
    box = drawn.legend_box
    y = box.top - 10
    pen.text((box.x, y), prepared.say("legend"), 8.5, bold=True)
    items = list(legend(drawn, prepared))
    half = max([box.width / 2, *(_SIGN + width(text, 7) + 8 for _, text, _ in items[1::2])])
    for i, item in enumerate(items):
        column, row = (0, 0) if i == 0 else ((i - 1) % 2, 1 + (i - 1) // 2)
        x, base = box.x + column * half, y - _LEGEND_ROW * (row + 1) - 1
        _draw_sign(pen, item, Box(x, base - 0.8, 16, 7))
        pen.text((x + _SIGN, base), shorten(item.text, 7, box.right - x - _SIGN), 7)
    _draw_scale(pen, drawn.view, prepared, at=(box.x, box.y + 3 * MM))


def _draw_sign(pen: Pen, item: LegendItem, box: Box) -> None:
    if item.kind == "line":
        if len(item.strokes) > 1:  # a street is white, and has to be seen
            pen.rectangle(box, GROUND)
        for stroke in item.strokes:
            pen.lines(polygon([(box.x, box.y + 3.5), (box.right, box.y + 3.5)]), stroke)
        return
    part = box.width / len(item.strokes)
    for i, stroke in enumerate(item.strokes):
        pen.rectangle(Box(box.x + i * part, box.y, part, box.height), stroke)


def legend(drawn: PlacedMap, prepared: PreparedPlan) -> Iterator[LegendItem]:
    """Signs of what is on this map."""
    sheet, window = drawn.sheet, drawn.view.window
    fills = np.unique(sheet.inner.colours[sheet.rows]).tolist()[:4]
    zones = [Stroke(TIER_LINE, 0.9, fill) for fill in fills]
    yield LegendItem("area", prepared.say("legend_child", tier=sheet.inner.title), zones)
    if sheet.subject is not None:
        yield LegendItem("area", prepared.say("legend_subject", tier=sheet.outer.title), [SUBJECT])
    if len(sheet.around(window)):
        yield LegendItem("area", prepared.say("legend_neighbour", tier=sheet.outer.title), [NEIGHBOUR])
    yield from _context_legend(prepared, window)
    for severity, faults in prepared.faults.items():
        if len(faults.within(window)):
            title = prepared.say("map_faults", severity=prepared.say(f"severity_{severity}"))
            yield LegendItem("area", title, [SEVERITY_STROKES[severity]])


def _context_legend(prepared: PreparedPlan, window: shapely.Geometry) -> Iterator[LegendItem]:
    for role in ("communities", "buildings", *SHOWN):
        layer = prepared.layers[role]
        seen = layer.shapes[layer.within(window)]
        if role == "communities":
            seen = seen[shapely.intersects(shapely.boundary(seen), window)]
        if len(seen):
            kind = "area" if role in ("buildings", "water", "compounds") else "line"
            strokes = [BUILDING_ON_ZONE] if role == "buildings" else _line_strokes(role)
            yield LegendItem(kind, prepared.say(f"role_{role}"), strokes)


def _draw_scale(pen: Pen, view: View, prepared: PreparedPlan, *, at: tuple[float, float]) -> None:
    metres = bar_length(view)
    long = metres * view.metre
    x, y = at
    for i in range(4):
        fill = BLACK if i % 2 == 0 else WHITE
        pen.rectangle(Box(x + i * long / 4, y, long / 4, 3), Stroke(BLACK, 0.4, fill))
    for share in (0, 0.5, 1):
        text = f"{metres * share:g}" + (" m" if share == 1 else "")
        pen.text((x + share * long, y + 5), text, 6.5, anchor="middle" if share else "left")
    pen.text((x + long + 14, y), prepared.say("sheet_scale", scale=f"{view.scale:,}"), 9, bold=True)
