"""Where everything goes: paper, frame, panel, labels.

Every page is laid out before the first is drawn, so that each knows how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from gridgeo.errors import InputError
from gridgeo.maps.pdf.label_placing import Label, LabelRequest, OccupiedPlaces, place_along, place_inside
from gridgeo.maps.pdf.map_view import View, fit
from gridgeo.maps.pdf.pdf_font import wrap
from gridgeo.maps.pdf.pdf_pen import MM, Box
from gridgeo.maps.pdf.prepared_plan import PreparedPlan
from gridgeo.maps.pdf.sheet_contents import MapSheet
from gridgeo.maps.pdf.sheet_tables import Table, capacity, cut, height, widths
from gridgeo.messages import say

PAPERS = {"A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841)}
"""Width and height of upright paper [mm]."""

_LEFT, _OTHER = 35 * MM, 15 * MM
"""Margins: left for binding, and the other three (drawing rules of the Chinese census maps)."""
_TITLE, _FOOT = 15 * MM, 6 * MM
_LEGEND = Box(0, 0, 52 * MM, 47 * MM)
_PAD = 2.5 * MM
_NOTE_SIZE = 6.5
NOTE_ROW = 9.0
_MOST = 0.42
"""Share of an upright frame that legend and table may take."""
DETAIL = 6000
"""Up to this scale buildings bear their names and streets their full width."""
_SIZES = ((11.0, 7.0), (9.0, 6.5), (8.0, 6.0), (7.0, 6.0), (6.0, 6.0))
"""Sizes tried for a zone's label, and for the line under it [pt]."""


class SheetPage(NamedTuple):
    """One page, laid out."""

    size: tuple[float, float]
    mark: str
    title: str
    subtitle: str
    frame: Box
    heading: str
    table: Table
    columns: list[float]
    table_box: Box
    map: PlacedMap | None = None


class Labels(NamedTuple):
    """Labels of a map by what they name, and the zones that found no room for one."""

    zones: list[Label]
    around: list[Label]
    streets: list[Label]
    buildings: list[Label]
    missing: list[str]


class PlacedMap(NamedTuple):
    """A map on a page."""

    sheet: MapSheet
    view: View
    legend_box: Box
    labels: Labels
    notes: list[str]


class FrameParts(NamedTuple):
    """Parts of a frame."""

    map: Box
    legend: Box
    table: Box


def paper_size(name: str) -> tuple[float, float]:
    """Width and height of upright paper [pt]; `InputError` if there is none of this name."""
    if name.upper() not in PAPERS:
        raise InputError(say("paper_unknown", name=name, known=", ".join(PAPERS)))
    wide, high = PAPERS[name.upper()]
    return wide * MM, high * MM


def map_pages(sheet: MapSheet, prepared: PreparedPlan, paper: tuple[float, float]) -> Iterator[SheetPage]:
    """The page with the map, and those for its table if that has no room beside the map."""
    size, view, room = _choose(sheet, paper)
    labels = _labels(sheet, prepared, view)
    notes = _notes(sheet, prepared, labels.missing, room=room.table.width)
    box = _below(room.table, notes)
    blocks, rows = capacity(sheet.table, box)
    here, rest = sheet.table, cut(sheet.table, len(sheet.table.rows))[1]
    if blocks * rows < len(sheet.table.rows):
        here, rest = cut(sheet.table, 0)
        notes.append(prepared.say("sheet_more"))
        box = _below(room.table, notes)
    drawn = PlacedMap(sheet, view, room.legend, labels, notes)
    columns = widths(sheet.table)
    yield SheetPage(size, sheet.mark, sheet.title, sheet.subtitle, frame(size), sheet.title, here, columns, box, drawn)
    title = prepared.say("sheet_list", title=sheet.title)
    yield from table_pages(rest, paper, (title, sheet.subtitle), columns=columns)


def _notes(sheet: MapSheet, prepared: PreparedPlan, missing: list[str], *, room: float) -> list[str]:
    """Lines below the map: limits, which zones found no room for a label, and what a star means."""
    texts = list(sheet.limits)
    if missing:
        texts.append(prepared.say("sheet_unplaced") + " ".join(missing))
    lines = [line for text in texts for line in wrap(text, _NOTE_SIZE, room)]
    starred = any("*" in text for row in sheet.table.rows for text in row)
    return [*lines, prepared.say("sheet_unknown")] if starred else lines


def _below(room: Box, notes: list[str]) -> Box:
    return room._replace(height=room.height - NOTE_ROW * len(notes))


def table_pages(
    table: Table, paper: tuple[float, float], titles: tuple[str, str], *, columns: list[float]
) -> Iterator[SheetPage]:
    """Upright pages for rows that have no room beside a map."""
    title, subtitle = titles
    box = table_room(paper)
    while table.rows:
        blocks, rows = capacity(table, box)
        here, table = cut(table, blocks * rows)
        yield SheetPage(paper, "", title, subtitle, frame(paper), "", here, columns, box)


def table_room(size: tuple[float, float]) -> Box:
    """Room for rows on a page without a map."""
    return frame(size).shrink(_PAD)


def frame(size: tuple[float, float]) -> Box:
    """The frame of a page, between title and foot."""
    low = _OTHER + _FOOT
    return Box(_LEFT, low, size[0] - _LEFT - _OTHER, size[1] - _OTHER - _TITLE - low)


def foot(size: tuple[float, float]) -> Box:
    """The strip below the frame."""
    return Box(_LEFT, _OTHER, size[0] - _LEFT - _OTHER, _FOOT)


def _choose(sheet: MapSheet, paper: tuple[float, float]) -> tuple[tuple[float, float], View, FrameParts]:
    """Upright or lying paper, whichever shows the place larger or else suits its shape; a table too long goes to its own pages."""
    shapes = sheet.inner.layer.shapes[sheet.rows] if sheet.subject is None else np.array([sheet.subject], dtype=object)
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    found = []
    for size, divide in ((paper, _upright), (paper[::-1], _lying)):
        room = divide(sheet.table, frame(size), len(sheet.limits))
        blocks, rows = capacity(sheet.table, room.table)
        if blocks * rows < len(sheet.table.rows):
            room = divide(cut(sheet.table, 0)[0], frame(size), len(sheet.limits))
        found.append((size, fit((west, south, east, north), room.map), room))
    wide = east - west > north - south
    return min(found, key=lambda one: (one[1].scale, (one[0][0] > one[0][1]) != wide))


def _upright(table: Table, box: Box, limits: int) -> FrameParts:
    """Map above, legend and table below, with so many lines of limits."""
    wide = box.width - _LEGEND.width - 3 * _PAD
    high = min(max(height(table, wide) + (2 + limits) * NOTE_ROW + 2 * _PAD, _LEGEND.height), _MOST * box.height)
    return FrameParts(
        Box(box.x, box.y + high, box.width, box.height - high),
        Box(box.x + _PAD, box.y, _LEGEND.width, high - _PAD),
        Box(box.x + _LEGEND.width + 2 * _PAD, box.y + _PAD, wide, high - 2 * _PAD),
    )


def _lying(table: Table, box: Box, _limits: int) -> FrameParts:
    """Map on the left, table and legend on the right."""
    wide = max(sum(widths(table)) if table.rows else 0, _LEGEND.width) + 2 * _PAD
    side = Box(box.right - wide, box.y, wide, box.height)
    return FrameParts(
        Box(box.x, box.y, box.width - wide, box.height),
        Box(side.x + _PAD, side.y, _LEGEND.width, _LEGEND.height),
        Box(side.x + _PAD, side.y + _LEGEND.height, wide - 2 * _PAD, side.height - _LEGEND.height - _PAD),
    )


def _labels(sheet: MapSheet, prepared: PreparedPlan, view: View) -> Labels:
    """Room for labels: the zones first, then their neighbours, streets and buildings."""
    taken = OccupiedPlaces([_corner(view)])
    inner, outer, rows = sheet.inner, sheet.outer, sheet.rows
    own = zip(inner.labels[rows].tolist(), inner.notes[rows].tolist(), inner.layer.shapes[rows], strict=True)
    placed = place_inside([LabelRequest(_wordings(text, note), shape) for text, note, shape in own], view, taken)
    missing = [text for text, label in zip(inner.labels[rows].tolist(), placed, strict=True) if label is None]
    around = sheet.around(view.window)
    others = zip(outer.labels[around].tolist(), outer.layer.shapes[around], strict=True)
    grey = place_inside([LabelRequest((((text, 7.0),), ((text, 6.0),)), shape) for text, shape in others], view, taken)
    streets = list(_streets(prepared, view, taken))
    buildings = list(_buildings(prepared, view, taken)) if view.scale <= DETAIL else []
    return Labels([p for p in placed if p], [g for g in grey if g], streets, buildings, missing)


def _wordings(text: str, note: str) -> tuple[tuple[tuple[str, float], ...], ...]:
    with_note = tuple(((text, big), (note, small)) for big, small in _SIZES if note)
    alone = tuple(((text, big),) for big, _ in _SIZES)
    return with_note[:3] + alone


def _corner(view: View) -> shapely.Polygon:
    """Where the north arrow stands: no label goes there [m]."""
    _, _, east, north = view.window.bounds
    return shapely.box(east - 12 * MM / view.metre, north - 18 * MM / view.metre, east, north)


def _streets(prepared: PreparedPlan, view: View, taken: OccupiedPlaces) -> Iterator[Label]:
    """Each street's name once, longest streets first."""
    layer = prepared.layers["streets"]
    seen = layer.within(view.window)
    names = layer.names[seen]
    for name in sorted(set(names.tolist()) - {""}):
        label = place_along(name, layer.shapes[seen[names == name]], view, taken=taken)
        if label is not None:
            yield label


def _buildings(prepared: PreparedPlan, view: View, taken: OccupiedPlaces) -> Iterator[Label]:
    layer = prepared.layers["buildings"]
    seen = [i for i in layer.within(view.window) if layer.names[i] and layer.shapes[i].area > 0]
    wanted = [LabelRequest((((str(layer.names[i]), 6.0),),), layer.shapes[i]) for i in seen]
    yield from (label for label in place_inside(wanted, view, taken) if label is not None)
