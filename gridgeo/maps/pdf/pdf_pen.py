"""The pen: draws shapes and text on pages, in points from the lower left corner. Nothing in it knows what a grid is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from gridgeo.maps.pdf.pdf_font import FONT, font, printable, width
from gridgeo.style import BLACK, Stroke, rgb

MM = 72 / 25.4
"""Points in a millimetre."""

Anchor = Literal["left", "middle", "right"]


class Box(NamedTuple):
    """A rectangle on paper [pt]."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Height of the upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """Place of the right edge."""
        return self.x + self.width

    def shrink(self, by: float) -> Box:
        """The rectangle without a rim of this width."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


class Outline(NamedTuple):
    """Rings or lines on paper: points [pt], and for each the number of the ring that it belongs to."""

    points: npt.NDArray[np.float64]
    of: npt.NDArray[np.intp]


class Pen:
    """A PDF in the making; `pdf` gives its bytes."""

    def __init__(self, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        font()
        self._out = BytesIO()
        # The first font is set, or each page would ask the reader for a Helvetica that is not in the file.
        self._canvas = Canvas(self._out, invariant=1, pageCompression=1, initialFontName=FONT, initialFontSize=8)
        self._begun = False
        self._canvas.setTitle(title)
        self._canvas.setCreator("gridgeo")
        self._canvas.setProducer("gridgeo")

    def page(self, size: tuple[float, float], mark: str, heading: str) -> None:
        """Begin a page of a size [pt], to which links lead by its mark; a heading puts it among the bookmarks."""
        if self._begun:
            self._canvas.showPage()
        self._begun = True
        self._canvas.setPageSize(size)
        self._canvas.setLineJoin(1)
        self._canvas.setLineCap(1)
        if heading:
            self._canvas.bookmarkPage(mark)
            self._canvas.addOutlineEntry(heading, mark, level=0)

    def pdf(self) -> bytes:
        """The finished file."""
        from reportlab import rl_config

        # Only a setting of the whole library turns off a text coding that makes files a quarter larger.
        before, rl_config.useA85 = rl_config.useA85, 0
        try:
            self._canvas.save()
        finally:
            rl_config.useA85 = before
        return self._out.getvalue()

    @contextmanager
    def inside(self, box: Box) -> Iterator[None]:
        """Whatever is drawn meanwhile ends at the edges of the box."""
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(*box)
        self._canvas.clipPath(path, stroke=0, fill=0)
        yield
        self._canvas.restoreState()

    def areas(self, outline: Outline, stroke: Stroke, *, alpha: float = 1) -> None:
        """Closed rings, filled by the even-odd rule if the stroke has a fill."""
        self._draw(_code(outline, closed=True), stroke, filled=stroke.fill is not None, alpha=alpha)

    def lines(self, outline: Outline, stroke: Stroke) -> None:
        """Open lines."""
        self._draw(_code(outline, closed=False), stroke, filled=False, alpha=1)

    def rectangle(self, box: Box, stroke: Stroke, *, alpha: float = 1) -> None:
        """A rectangle."""
        corners = [(box.x, box.y), (box.right, box.y), (box.right, box.top), (box.x, box.top)]
        self.areas(polygon(corners), stroke, alpha=alpha)

    def across(self, box: Box, y: float, *, weight: float, colour: str = BLACK) -> None:
        """A level line from the left edge of a box to its right edge."""
        self.lines(polygon([(box.x, y), (box.right, y)]), Stroke(colour, weight))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: float,
        *,
        anchor: Anchor = "left",
        bold: bool = False,
        look: tuple[str, float] = (BLACK, 0),
    ) -> None:
        """A line of text on its base line; `look` is colour and angle [degrees]."""
        colour, angle = look
        shift = {"left": 0.0, "middle": -width(text, size) / 2, "right": -width(text, size)}[anchor]
        turn = np.radians(angle)
        self._canvas.saveState()
        self._canvas.setFillColorRGB(*_parts(colour))
        writer = self._canvas.beginText()
        writer.setFont(FONT, size)
        # The mode is set every time, for it outlives a text; bold is a stroke round the letters, so that one font does.
        writer.setTextRenderMode(2 if bold else 0)
        if bold:
            self._canvas.setStrokeColorRGB(*_parts(colour))
            self._canvas.setLineWidth(round(size / 28, 2))
        x, y = at[0] + shift * np.cos(turn), at[1] + shift * np.sin(turn)
        cos, sin = float(np.cos(turn)), float(np.sin(turn))
        writer.setTextTransform(round(cos, 5), round(sin, 5), round(-sin, 5), round(cos, 5), round(x, 2), round(y, 2))
        writer.textOut(printable(text))
        self._canvas.drawText(writer)
        self._canvas.restoreState()

    def link(self, box: Box, mark: str) -> None:
        """A place that leads to the page with this mark."""
        self._canvas.linkRect("", mark, (box.x, box.y, box.right, box.top), thickness=0)

    def _draw(self, code: list[str], stroke: Stroke, *, filled: bool, alpha: float) -> None:
        if not code:
            return
        self._canvas.saveState()
        self._canvas.setStrokeColorRGB(*_parts(stroke.line))
        self._canvas.setLineWidth(stroke.weight)
        if stroke.dash:
            self._canvas.setDash([round(part * stroke.weight, 2) for part in stroke.dash])
        if filled and stroke.fill is not None:
            self._canvas.setFillColorRGB(*_parts(stroke.fill))
        if alpha < 1:
            self._canvas.setFillAlpha(alpha)
        path = self._canvas.beginPath()
        path._code.extend(code)  # noqa: SLF001 (its public methods take one point at a time)
        self._canvas.drawPath(path, stroke=int(stroke.weight > 0), fill=int(filled), fillMode=0)
        self._canvas.restoreState()


def polygon(corners: Sequence[Sequence[float]] | npt.NDArray[np.float64]) -> Outline:
    """One ring, or one line, from its corners."""
    return Outline(np.asarray(corners, dtype=np.float64), np.zeros(len(corners), dtype=np.intp))


def _code(outline: Outline, *, closed: bool) -> list[str]:
    """Path operators; points that fall together on paper (0.01 pt) are one."""
    points, of = np.round(outline.points, 2), outline.of
    moved = np.ones(len(points), dtype=bool)
    moved[1:] = (np.diff(points, axis=0) != 0).any(axis=1) | (np.diff(of) != 0)
    points, of = points[moved], of[moved]
    drawn = np.bincount(of, minlength=1)[of] > 1
    points, of = points[drawn], of[drawn]
    first = np.diff(of, prepend=-1) != 0
    begin = "h\n{:.2f} {:.2f} m" if closed else "{:.2f} {:.2f} m"
    code = [
        begin.format(x, y) if new else f"{x:.2f} {y:.2f} l"
        for (x, y), new in zip(points.tolist(), first.tolist(), strict=True)
    ]
    if closed and code:
        code[0] = code[0].removeprefix("h\n")
        code.append("h")
    return code


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(round(part / 255, 3) for part in rgb(colour))
