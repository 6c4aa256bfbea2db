"""Tables on paper: columns as wide as what stands in them, side by side where there is room, cut where a page ends."""

from __future__ import annotations

from typing import NamedTuple

from gridgeo.maps.pdf.pdf_font import shorten, width
from gridgeo.maps.pdf.pdf_pen import Box, Pen
from gridgeo.style import BLACK, GREY

SIZE = 7.5
ROW = 11.0
"""Height of a row [pt]."""
GAP = 12.0
"""Between tables that stand side by side [pt]."""
AIR = 4.0
"""Left and right of a text in its column [pt]."""


class Table(NamedTuple):
    """Rows of text."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    """Which columns hold figures, set to the right."""
    marks: tuple[str, ...] = ()
    """SheetPage to which each row leads."""
    widest: float = 110.0
    """No column is wider [pt]; a longer name is cut, and stands in full as the title of its own sheet."""


def widths(table: Table) -> list[float]:
    """Width of each column [pt]."""
    columns = zip(table.heads, *table.rows, strict=True)
    return [min(max(width(text, SIZE) for text in column), table.widest) + 2 * AIR for column in columns]


def capacity(table: Table, room: Box) -> tuple[int, int]:
    """How many tables stand side by side in a room, and how many rows below the head each has."""
    blocks = max(1, int((room.width + GAP) // (sum(widths(table)) + GAP)))
    return blocks, max(0, int(room.height // ROW) - 1)


def height(table: Table, room_width: float) -> float:
    """Height that the whole table needs in a room of this width [pt]."""
    blocks, _ = capacity(table, Box(0, 0, room_width, 0))
    return (-(-len(table.rows) // blocks) + 1) * ROW


def cut(table: Table, rows: int) -> tuple[Table, Table]:
    """The first rows, and the rest."""
    first = table._replace(rows=table.rows[:rows], marks=table.marks[:rows])
    return first, table._replace(rows=table.rows[rows:], marks=table.marks[rows:])


def draw_table(pen: Pen, table: Table, room: Box, *, columns: list[float]) -> None:
    """Draw a table that fits, from the upper left corner, filled block by block."""
    blocks, most = capacity(table, room)
    per_block = min(most, -(-len(table.rows) // blocks)) if table.rows else 0
    wide = sum(columns)
    for block in range(blocks if per_block else 0):
        part, _ = cut(cut(table, block * per_block)[1], per_block)
        if part.rows:
            high = ROW * (len(part.rows) + 1)
            _draw_block(pen, part, Box(room.x + block * (wide + GAP), room.top - high, wide, high), columns=columns)


def _draw_block(pen: Pen, table: Table, box: Box, *, columns: list[float]) -> None:
    pen.across(box, box.top, weight=0.8)
    _draw_row(pen, table.heads, (box.x, box.top - ROW), columns=columns, numbers=table.numbers, bold=True)
    pen.across(box, box.top - ROW, weight=0.5)
    for i, row in enumerate(table.rows):
        y = box.top - ROW * (i + 2)
        _draw_row(pen, row, (box.x, y), columns=columns, numbers=table.numbers)
        if i + 1 < len(table.rows) and table.rows[i + 1][0]:
            pen.across(box, y, weight=0.2, colour=GREY)
        if table.marks:
            pen.link(Box(box.x, y, box.width, ROW), table.marks[i])
    pen.across(box, box.y, weight=0.8)


def _draw_row(
    pen: Pen,
    row: tuple[str, ...],
    at: tuple[float, float],
    *,
    columns: list[float],
    numbers: tuple[bool, ...],
    bold: bool = False,
) -> None:
    x, base = at[0], at[1] + 3.2
    for text, number, wide in zip(row, numbers, columns, strict=True):
        shown = shorten(text, SIZE, wide - 2 * AIR + 0.01)
        place = (x + wide - AIR, base) if number else (x + AIR, base)
        pen.text(place, shown, SIZE, anchor="right" if number else "left", bold=bold, look=(BLACK, 0))
        x += wide
