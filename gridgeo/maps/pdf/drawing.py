"""Draws pages that are laid out: map, frame, legend, north arrow, scale bar, foot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely

from gridgeo.maps.pdf.font import shorten, width
from gridgeo.maps.pdf.ground import SHOWN, Ground
from gridgeo.maps.pdf.labels import Label, size_of
from gridgeo.maps.pdf.layout import DETAIL, NOTE_ROW, Map, Page, foot
from gridgeo.maps.pdf.pen import BLACK, GREY, MM, WHITE, Box, Pen, polygon
from gridgeo.maps.pdf.table import draw as draw_table
from gridgeo.maps.pdf.view import View, bar_length
from gridgeo.style import NEIGHBOUR, ROLE_STROKES, SEVERITY_STROKES, STREET_EDGE, TIER_LINE, Stroke

_FRAME = 1.8
_THIN = 0.4
_SIGN = 20
"""Room for the sign before a legend's text [pt]."""
_LEGEND_ROW = 10.5
_BUILDING = ROLE_STROKES["buildings"]._replace(fill=WHITE)
_SUBJECT = Stroke("#000000", 2.0)
_STREET_TEXT = "#3d4f66"
_POINT = 1.6
"""Half the side of the square that stands for a building given as a point [pt]."""

LegendItem = tuple[str, str, list[Stroke]]
"""Kind of sign (area, line), text, strokes (several for zones of several colours)."""


def draw(pen: Pen, page: Page, ground: Ground, number: int, pages: int) -> None:
    """Draw one page."""
    pen.page(page.size, page.mark, page.heading)
    if page.map is not None:
        _draw_map(pen, page.map, ground)
        _draw_legend(pen, page.map, ground)
        _draw_notes(pen, page.map.notes, page.table_box)
    draw_table(pen, page.table, page.table_box, page.columns)
    pen.rectangle(page.frame, Stroke(BLACK, _FRAME))
    _draw_titles(pen, page)
    _draw_foot(pen, page, ground, number, pages)


def _draw_titles(pen: Pen, page: Page) -> None:
    middle = page.frame.x + page.frame.width / 2
    size = max(9.0, min(16.0, 16.0 * page.frame.width / max(width(page.title, 16.0), 1)))
    title = shorten(page.title, size, page.frame.width)
    pen.text((middle, page.frame.top + 8.2 * MM), title, size, anchor="middle", bold=True)
    pen.text((middle, page.frame.top + 2.4 * MM), page.subtitle, 8.5, anchor="middle")


def _draw_foot(pen: Pen, page: Page, ground: Ground, number: int, pages: int) -> None:
    box = foot(page.size)
    base = box.y + 1.2
    pen.text((box.x, base), ground.say("sheet_internal"), 8)
    pen.text((box.right, base), ground.say("sheet_page", page=number, pages=pages), 8, anchor="right")


def _draw_notes(pen: Pen, notes: list[str], below: Box) -> None:
    """Lines above the table, right under the map."""
    for i, line in enumerate(notes[::-1]):
        pen.text((below.x, below.top + NOTE_ROW * i + 3), line, 6.5)


def _draw_map(pen: Pen, drawn: Map, ground: Ground) -> None:
    view, sheet = drawn.view, drawn.sheet
    with pen.inside(view.frame):
        pen.areas(view.rings(sheet.outer.layer.shapes[sheet.around(view.window)]), NEIGHBOUR)
        shapes, fills = sheet.inner.layer.shapes[sheet.rows], sheet.inner.colours[sheet.rows]
        for colour in np.unique(fills).tolist():
            pen.areas(view.rings(shapes[fills == colour]), Stroke(colour, 0.3, colour))
        _draw_context(pen, view, ground)
        pen.areas(view.rings(shapes), Stroke(TIER_LINE, 0.9))
        _draw_communities(pen, view, ground)
        if sheet.subject is not None:
            pen.areas(view.rings(np.array([sheet.subject], dtype=object)), _SUBJECT)
        for severity, faults in ground.faults.items():
            _draw_faults(pen, view, faults.shapes[faults.within(view.window)], SEVERITY_STROKES[severity])
        _draw_labels(pen, drawn)
    pen.rectangle(view.frame, Stroke(BLACK, _THIN))
    _draw_north(pen, view.frame, ground)


def _draw_context(pen: Pen, view: View, ground: Ground) -> None:
    for role in SHOWN:
        layer = ground.layers[role]
        shapes = layer.shapes[layer.within(view.window)]
        areas = np.isin(shapely.get_type_id(shapes), (3, 6))
        pen.areas(view.rings(shapes[areas]), ROLE_STROKES[role])
        lines = view.rings(shapes[~areas])
        for stroke in _line_strokes(role, min(1.0, max(0.4, DETAIL / view.scale))):
            pen.lines(lines, stroke)
    layer = ground.layers["buildings"]
    shapes = layer.shapes[layer.within(view.window)]
    points = np.isin(shapely.get_type_id(shapes), (0, 4))
    thin = _BUILDING if view.scale <= DETAIL else _BUILDING._replace(weight=0.1, line="#8a857f")
    pen.areas(view.rings(shapes[~points]), thin, alpha=0.6)
    squares = shapely.buffer(shapely.centroid(shapes[points]), _POINT / view.metre, cap_style="square")
    pen.areas(view.rings(squares), _BUILDING)


def _line_strokes(role: str, share: float = 1.0) -> list[Stroke]:
    """A line in its own width, finer on small scales; streets with an edge, or they could not be seen on white."""
    stroke = ROLE_STROKES[role]
    stroke = stroke._replace(weight=round(stroke.weight * share, 2))
    return (
        [stroke._replace(line=STREET_EDGE, weight=round(stroke.weight + 0.6, 2)), stroke]
        if role == "streets"
        else [stroke]
    )


def _draw_communities(pen: Pen, view: View, ground: Ground) -> None:
    layer = ground.layers["communities"]
    borders = shapely.boundary(layer.shapes[layer.within(view.window)])
    # A border that two communities share is drawn once, or the dashes of one would fill the gaps of the other.
    once = shapely.line_merge(shapely.union_all(borders))
    pen.lines(view.rings(np.array([once], dtype=object)), ROLE_STROKES["communities"])


def _draw_faults(pen: Pen, view: View, shapes: npt.NDArray[np.object_], stroke: Stroke) -> None:
    kinds = shapely.get_type_id(shapes)
    lines, points = np.isin(kinds, (1, 2, 5)), np.isin(kinds, (0, 4))
    rings = np.where(points, shapely.buffer(shapes, 3 / view.metre), shapes)
    pen.areas(view.rings(rings[~lines]), stroke, alpha=0.25)
    pen.lines(view.rings(rings[lines]), stroke)


def _draw_labels(pen: Pen, drawn: Map) -> None:
    for label in drawn.labels.streets:
        _draw_plate(pen, label)
        _draw_label(pen, label, (_STREET_TEXT, label.angle), bold=False)
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


def _draw_north(pen: Pen, box: Box, ground: Ground) -> None:
    x, y = box.right - 6.5 * MM, box.top - 13 * MM
    pen.rectangle(Box(x - 9, y - 7, 18, 38), Stroke(WHITE, 0, WHITE), alpha=0.7)
    left = np.array([[x, y], [x - 6, y - 4], [x, y + 16]])
    pen.areas(polygon(left), Stroke(BLACK, 0.5, BLACK))
    pen.areas(polygon(left * (-1, 1) + (2 * x, 0)), Stroke(BLACK, 0.5, WHITE))
    pen.text((x, y + 19), ground.say("sheet_north"), 9, anchor="middle", bold=True)


def _draw_legend(pen: Pen, drawn: Map, ground: Ground) -> None:
    box = drawn.legend_box
    y = box.top - 10
    pen.text((box.x, y), ground.say("legend"), 8.5, bold=True)
    items = list(legend(drawn, ground))
    half = max([box.width / 2, *(_SIGN + width(text, 7) + 8 for _, text, _ in items[1::2])])
    for i, (kind, text, strokes) in enumerate(items):
        wide = i < 1
        column, row = (0, 0) if wide else ((i - 1) % 2, 1 + (i - 1) // 2)
        x, base = box.x + column * half, y - _LEGEND_ROW * (row + 1) - 1
        _draw_sign(pen, kind, strokes, Box(x, base - 0.8, 16, 7))
        pen.text((x + _SIGN, base), shorten(text, 7, box.right - x - _SIGN), 7)
    _draw_scale(pen, drawn.view, (box.x, box.y + 3 * MM), ground)


def _draw_sign(pen: Pen, kind: str, strokes: list[Stroke], box: Box) -> None:
    if kind == "line":
        for stroke in strokes:
            pen.lines(polygon([(box.x, box.y + 3.5), (box.right, box.y + 3.5)]), stroke)
        return
    part = box.width / len(strokes)
    for i, stroke in enumerate(strokes):
        pen.rectangle(Box(box.x + i * part, box.y, part, box.height), stroke)


def legend(drawn: Map, ground: Ground) -> Iterator[LegendItem]:
    """Signs of what is on this map."""
    sheet, window = drawn.sheet, drawn.view.window
    fills = np.unique(sheet.inner.colours[sheet.rows]).tolist()[:4]
    yield "area", ground.say("legend_child", tier=sheet.inner.title), [Stroke(TIER_LINE, 0.9, fill) for fill in fills]
    if sheet.subject is not None:
        yield "area", ground.say("legend_subject", tier=sheet.outer.title), [_SUBJECT]
    if len(sheet.around(window)):
        yield "area", ground.say("legend_neighbour", tier=sheet.outer.title), [NEIGHBOUR]
    for role in ("communities", "buildings", *SHOWN):
        layer = ground.layers[role]
        seen = layer.shapes[layer.within(window)]
        if role == "communities":
            seen = seen[shapely.intersects(shapely.boundary(seen), window)]
        if len(seen):
            kind = "area" if role in ("buildings", "water", "compounds") else "line"
            strokes = [_BUILDING] if role == "buildings" else _line_strokes(role)
            yield kind, ground.say(f"role_{role}"), strokes
    for severity, faults in ground.faults.items():
        if len(faults.within(window)):
            yield (
                "area",
                ground.say("map_faults", severity=ground.say(f"severity_{severity}")),
                [SEVERITY_STROKES[severity]],
            )


def _draw_scale(pen: Pen, view: View, at: tuple[float, float], ground: Ground) -> None:
    metres = bar_length(view)
    long = metres * view.metre
    x, y = at
    for i in range(4):
        fill = BLACK if i % 2 == 0 else WHITE
        pen.rectangle(Box(x + i * long / 4, y, long / 4, 3), Stroke(BLACK, 0.4, fill))
    for share in (0, 0.5, 1):
        text = f"{metres * share:g}" + (" m" if share == 1 else "")
        pen.text((x + share * long, y + 5), text, 6.5, anchor="middle" if share else "left")
    pen.text((x + long + 14, y), ground.say("sheet_scale", scale=f"{view.scale:,}"), 9, bold=True)
