"""Draw the picture of given_grids.md anew: a made community and six grids given by hand. Needs pdftoppm (poppler-utils)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from reportlab.pdfgen import canvas, pathobject

import gridgeo as gg
from gridgeo.division import with_institutions
from gridgeo.maps.pdf.pdf_font import FONT, font
from gridgeo.model.tables import ACCOUNT_COLUMNS, ROLES
from gridgeo.style import colours, nested_colours

HERE = Path(__file__).parent
CRS = "EPSG:4547"
EAST, NORTH = 463_000.0, 3_845_000.0
COMMUNITY = "410102013191"
BORDER = ((0, 0), (720, 0), (720, 440), (660, 500), (0, 500))
DEDICATED = ("school", "hospital", "park")
SCHEME = gg.Scheme((gg.Tier("grid", 200, 350, 260, width=3), gg.Tier("micro", 50, 70, 60)))

SLABS = {
    "桃园里": ((20, 270), ((3, 2), (3, 2), (3, 2), (3, 2))),
    "书苑小区": ((592, 270), ((3, 2), (3, 2), (3, 2))),
    "柳林新村": ((20, 6), ((3, 2), (3, 2), (3, 2), (3, 2), (3, 2))),
    "杏林苑": ((256, 15), ((3, 2), (3, 2), (3, 2), (3, 2))),
    "湖滨花园": ((592, 15), ((3, 2), (3, 2), (3, 2), (3, 2))),
}
"""Estates of slabs: south-western corner [m]; rows from south to north, in each the entrances of the slabs, 12 households each."""
WALLED = {"桃园里": (12, 262, 215, 478), "柳林新村": (12, 8, 222, 240)}
"""Walls around estates, with a gate in the middle of the northern and of the eastern side."""
TOWERS = ((285, 300), (400, 300), (285, 420), (400, 420))
"""Middles of towers of 30 floors and two entrances of 33 and 32 households."""
GIVEN = {
    "001": ("西北网格", ((0, 250), (240, 250), (240, 330), (266, 400), (266, 500), (0, 500))),
    "002": ("高层网格", ((240, 250), (480, 250), (480, 500), (266, 500), (266, 400), (240, 330))),
    "003": ("学校网格", ((480, 250), (720, 250), (720, 440), (660, 500), (480, 500))),
    "004": ("西南网格", ((0, 0), (240, 0), (240, 250), (0, 250))),
    "005": ("医院网格", ((240, 0), (480, 0), (480, 110), (500, 180), (480, 250), (240, 250))),
    "006": ("公园网格", ((480, 0), (720, 0), (720, 250), (480, 250), (500, 180), (480, 110))),
}
"""Grids drawn by hand: number, name, corners [m]. Where they leave the streets they cut what lies there."""


def community() -> gg.Site:
    """The community: towers, walled estates, a school and a park as landuse, a hospital as a point of interest."""
    layers = {
        "communities": _layer("communities", [shapely.Polygon(BORDER)], [COMMUNITY], name=["青枫社区"]),
        "buildings": _buildings(),
        "streets": _layer(
            "streets",
            list(shapely.linestrings([[(240, 0), (240, 500)], [(480, 0), (480, 500)], [(0, 250), (720, 250)]])),
            ["S1", "S2", "S3"],
            name=["青枫路", "学府路", "人民路"],
            highway=["residential", "residential", "secondary"],
        ),
        "barriers": _layer(
            "barriers", [_wall(*box) for box in WALLED.values()], list(WALLED), barrier=["wall"] * len(WALLED)
        ),
        "compounds": _layer(
            "compounds", [shapely.box(*box) for box in WALLED.values()], ["X1", "X2"], name=list(WALLED)
        ),
        "landuse": _layer(
            "landuse",
            [shapely.box(488, 380, 580, 492), shapely.box(492, 8, 582, 120)],
            ["L1", "L2"],
            name=["青枫小学", "青枫公园"],
            **{"class": ["school", "park"]},
        ),
        "pois": _layer("pois", [shapely.Point(435, 60)], ["P1"], name=["青枫医院"], **{"class": ["hospital"]}),
        "water": _layer("water", [shapely.Point(535, 60).buffer(22, 6)], ["W1"], name=["枫叶湖"]),
    }
    units = pd.DataFrame({"building": [], "unit": [], "households": []}).astype(
        {"building": "string", "unit": "string", "households": "Int64"}
    )
    account = pd.DataFrame(columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS)
    return gg.Site(layers, units, account)


def given_grids() -> gpd.GeoDataFrame:
    """The six grids: code, name, geometry."""
    names, corners = zip(*GIVEN.values(), strict=True)
    shapes = [shapely.Polygon(points) for points in corners]
    return _layer("communities", shapes, [COMMUNITY + number for number in GIVEN], name=names).reset_index(names="code")


def divided(seed: int = 7) -> gg.Plan:
    """The six grids divided into micro-grids."""
    return gg.divide(with_institutions(community(), DEDICATED), SCHEME, within=given_grids(), seed=seed)


def _buildings() -> gpd.GeoDataFrame:
    rows = [
        (f"{estate}{number}号楼", shape, 6, units, 12 * units)
        for estate, (corner, entrances) in SLABS.items()
        for number, (shape, units) in enumerate(_slabs(corner, entrances), start=1)
    ]
    towers = [shapely.box(x - 22, y - 9, x + 22, y + 9) for x, y in TOWERS]
    rows += [(f"天枫府{number}号楼", shape, 30, 2, 65) for number, shape in enumerate(towers, start=1)]
    houses = [shapely.box(x, y, x + 9, y + 8) for x in range(492, 580, 18) for y in range(270, 366, 26)]
    rows += [(f"学府路{number}号", shape, 2, 1, 3) for number, shape in enumerate(houses, start=1)]
    rows += [("青枫小学教学楼", shapely.box(500, 430, 560, 446), 4, None, 0)]
    rows += [("青枫医院门诊楼", shapely.box(410, 30, 465, 95), 9, None, 0)]
    names, shapes, levels, units, households = zip(*rows, strict=True)
    ids = [f"B{number:03d}" for number in range(1, len(rows) + 1)]
    return _layer("buildings", list(shapes), ids, name=names, levels=levels, units=units, households=households)


def _slabs(corner: tuple[int, int], rows: tuple[tuple[int, ...], ...]) -> list[tuple[shapely.Polygon, int]]:
    """Slabs of six floors with their entrances, each entrance 14 m wide."""
    slabs = []
    for row, entrances in enumerate(rows):
        x, y = corner[0], corner[1] + 50 * row
        for units in entrances:
            slabs.append((shapely.box(x, y + 12, x + 14 * units, y + 24), units))
            x += 14 * units + 56
    return slabs


def _wall(west: float, south: float, east: float, north: float) -> shapely.MultiLineString:
    """A wall around an estate, open for 6 m in the middle of its northern and of its eastern side."""
    ring = shapely.LinearRing(shapely.box(west, south, east, north).exterior)
    gates = shapely.MultiPoint([((west + east) / 2, north), (east, (south + north) / 2)]).buffer(3)
    return shapely.difference(ring, gates)


def _layer(role: str, shapes: list[shapely.Geometry], ids: list[str], **columns: object) -> gpd.GeoDataFrame:
    """A layer of a site, moved to its place on the ground."""
    moved = [shapely.affinity.translate(shape, EAST, NORTH) for shape in shapes]
    table = gpd.GeoDataFrame(columns, index=pd.Index(ids, dtype="str"), geometry=moved, crs=CRS)
    for name, dtype in ROLES[role].columns.items():
        table[name] = (table[name] if name in table else pd.Series(pd.NA, index=table.index)).astype(dtype)
    return table


def draw(plan: gg.Plan, path: Path) -> None:
    """Draw micro-grids in shades of their grid, the given borders over them, and what stands there, as PDF."""
    font()
    pen = canvas.Canvas(str(path), pagesize=(744, 524))
    pen.translate(12 - EAST, 12 - NORTH)
    grids, micros = plan.zones("grid"), plan.zones("micro")
    fills = nested_colours(micros, colours(grids))
    for code, zone in micros.iterrows():
        _polygon(pen, zone.geometry, "#e9e9e9" if zone["kind"] == "dedicated" else fills[code], "#555555", 0.6)
    for role, colour in (("water", "#cfe6f5"), ("buildings", "#ffffff")):
        for shape in plan.site.layer(role).geometry:
            _polygon(pen, shape, colour, "#777777", 0.4)
    for role, colour, width in (("streets", "#ffffff", 2.5), ("barriers", "#7a4a20", 1.6)):
        for line in plan.site.layer(role).geometry.explode():
            _line(pen, line, colour, width)
    for shape in given_grids().geometry:
        _line(pen, shape.exterior, "#b00020", 2.2)
    for code, zone in micros.iterrows():
        at = zone.geometry.representative_point()
        _text(
            pen, at.x, at.y, f"{code[15:]}  {zone['name'] if zone['kind'] == 'dedicated' else zone['households']}", 10
        )
    for code, zone in grids.iterrows():
        west, _, east, north = zone.geometry.bounds
        _text(pen, (west + east) / 2, north - 20, f"{code[12:]} {zone['name']} {zone['households']}户", 13)
    pen.save()


def _polygon(pen: canvas.Canvas, shape: shapely.Polygon, fill: str, line: str, width: float) -> None:
    pen.setFillColor(fill)
    pen.setStrokeColor(line)
    pen.setLineWidth(width)
    path = pen.beginPath()
    for ring in (shape.exterior, *shape.interiors):
        _trace(path, ring)
    pen.drawPath(path, fill=1, stroke=1)


def _line(pen: canvas.Canvas, shape: shapely.LineString, colour: str, width: float) -> None:
    pen.setStrokeColor(colour)
    pen.setLineWidth(width)
    path = pen.beginPath()
    _trace(path, shape)
    pen.drawPath(path)


def _trace(path: pathobject.PDFPathObject, line: shapely.LineString) -> None:
    first, *others = line.coords
    path.moveTo(*first)
    for point in others:
        path.lineTo(*point)


def _text(pen: canvas.Canvas, x: float, y: float, text: str, size: float) -> None:
    half = pen.stringWidth(text, FONT, size) / 2
    pen.setFillColor("#ffffff")
    pen.rect(x - half - 2, y - 3, 2 * half + 4, size + 2, stroke=0, fill=1)
    pen.setFillColor("#111111")
    pen.setFont(FONT, size)
    pen.drawString(x - half, y, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "given.pdf"
        draw(divided(), page)
        command = ["pdftoppm", "-r", "110", "-png", "-singlefile", str(page), str(HERE / "given_grids")]
        subprocess.run(command, check=True)
