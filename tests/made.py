"""Made towns: small, seeded, full of what real towns are full of; and the invariants that every plan of theirs must keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st
from shapely import affinity

from gridgeo.model.codes import is_dedicated
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import ACCOUNT_COLUMNS
from tests.conftest import COMMUNITY, CRS, EAST, NORTH, with_columns

SCHEME = Scheme((Tier("grid", 60, 140, 100, width=3), Tier("micro", 15, 40, 25)))
BLOCK = 100.0


@dataclass(frozen=True)
class Town:
    """What a made town is made of."""

    seed: int
    columns: int = 3
    rows: int = 3
    per_block: int = 6
    communities: int = 1
    overlaps: bool = False
    crossing: bool = False
    towers: bool = False
    unknown: bool = False
    school: bool = False
    pond: bool = False
    railway: bool = False
    points: bool = False


def towns() -> st.SearchStrategy[Town]:
    """Towns of many kinds."""
    flag = st.booleans()
    return st.builds(
        Town,
        seed=st.integers(0, 10_000),
        columns=st.integers(1, 4),
        rows=st.integers(1, 3),
        per_block=st.integers(1, 8),
        communities=st.integers(1, 2),
        overlaps=flag,
        crossing=flag,
        towers=flag,
        unknown=flag,
        school=flag,
        pond=flag,
        railway=flag,
        points=flag,
    )


def build(town: Town) -> Site:
    """The site of a town, in whole decimetres."""
    generator = np.random.default_rng(town.seed)
    width, height = town.columns * BLOCK, town.rows * BLOCK
    layers = {
        "communities": _communities(town, width, height),
        "buildings": _buildings(town, generator, width, height),
        "streets": _streets(town),
    }
    if town.school:
        layers["institutions"] = _layer(
            "institutions", ["school"], [shapely.box(20, 15, 70, 60)], name=["小学"], **{"class": ["school"]}
        )
    if town.pond:
        pond = shapely.Point(width * 0.6, height * 0.55).buffer(17, 4)
        layers["water"] = _layer("water", ["pond"], [pond])
    if town.railway:
        layers["railways"] = _layer(
            "railways", ["rail"], [shapely.LineString([(-9, height * 0.43), (width + 9, height * 0.47)])]
        )
    units = pd.DataFrame({"building": [], "unit": [], "households": []}).astype(
        {"building": "string", "unit": "string", "households": "Int64"}
    )
    account = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in ACCOUNT_COLUMNS.items()})
    return Site(layers, units, account)


def shuffled(site: Site, seed: int) -> Site:
    """The same site with all rows in another order."""
    layers = {role: table.sample(frac=1, random_state=seed) for role, table in site.layers.items()}
    return Site(layers, site.unit_households, site.account)


def assert_sound(plan: Plan) -> None:
    """Every invariant of a plan that gridgeo made."""
    site, cells = plan.site, plan.cells
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())
    assert (cells.geom_type == "Polygon").all()
    members = plan.buildings
    for community, land in site.communities.geometry.items():
        mine = cells[cells["community"] == community]
        difference = shapely.symmetric_difference(shapely.union_all(mine.geometry.to_numpy()), land)
        assert shapely.buffer(difference, -0.002).is_empty, f"land differs by {difference.area} m2"
        assert mine["code"].str.startswith(community).all()
    for tier in plan.scheme:
        zones = plan.zones(tier.name)
        assert (zones.geom_type == "Polygon").all(), f"{tier.name} zones in several parts"
        assert zones.index.is_unique
        assert (zones.index.str.len() == plan.scheme.digits(tier.name)).all()
        assert zones["households"].sum() == members["households"].sum()
        assert zones["n_unknown"].sum() == members["households"].isna().sum()
    assert is_dedicated(cells.loc[cells["institution"].notna(), "code"], plan.scheme.finest).all()
    assert not plan.notes.duplicated().any(), plan.notes[plan.notes.duplicated()].to_string()
    known = site.buildings["households"].reindex(members["id"].unique()).sum()
    assert members["households"].sum() == known
    inside = shapely.intersection(
        site.buildings.geometry.to_numpy(), shapely.union_all(site.communities.geometry.to_numpy())
    )
    held = members.groupby("id")["code"].agg(set)
    finest = plan.zones(plan.scheme.finest.name).geometry
    for building, part in zip(site.buildings.index, inside, strict=True):
        if shapely.is_empty(part):
            assert building not in held.index
            continue
        assert building in held.index, f"building {building} is lost"
        if part.area > 0 and members.loc[members["id"] == building, "unit"].isna().all():
            covered = finest.loc[list(held[building])].intersection(part).area.sum()
            assert covered >= 0.5 * part.area - 1e-6, f"building {building}: {covered} of {part.area} m2"


def _communities(town: Town, width: float, height: float) -> gpd.GeoDataFrame:
    cuts = np.linspace(0, width, town.communities + 1).round()
    shapes = [shapely.box(cuts[k], 0, cuts[k + 1], height) for k in range(town.communities)]
    codes = [str(int(COMMUNITY) + k) for k in range(town.communities)]
    return _layer("communities", codes, shapes, name=[f"{code}社区" for code in codes])


def _streets(town: Town) -> gpd.GeoDataFrame:
    width, height = town.columns * BLOCK, town.rows * BLOCK
    lines = [shapely.LineString([(x * BLOCK, -5), (x * BLOCK + 3, height + 5)]) for x in range(1, town.columns)]
    lines += [shapely.LineString([(-5, y * BLOCK), (width + 5, y * BLOCK - 2)]) for y in range(1, town.rows)]
    lines += [shapely.LineString([(20, 30), (20, 50)])]
    ids = [f"s{k}" for k in range(len(lines))]
    return _layer("streets", ids, lines, highway=["residential"] * len(lines))


def _buildings(town: Town, generator: np.random.Generator, width: float, height: float) -> gpd.GeoDataFrame:
    n = town.columns * town.rows * town.per_block
    slot = np.arange(n)
    place = slot % town.per_block
    block = slot // town.per_block
    x = (block % town.columns) * BLOCK + 12 + (place % 3) * 28 + generator.uniform(0, 6, n).round(1)
    y = (block // town.columns) * BLOCK + 12 + (place // 3) * 28 + generator.uniform(0, 6, n).round(1)
    shapes = list(shapely.box(x, y, x + generator.uniform(4, 20, n).round(1), y + generator.uniform(4, 18, n).round(1)))
    households = generator.integers(0, 16, n)
    units = np.zeros(n, dtype=int)
    if town.towers:
        households[::7], units[::7] = 90, 3
    if town.overlaps:
        shapes += [affinity.translate(shapes[0], 2, 2), shapes[-1], shapes[0].buffer(-1.5)]
    if town.crossing:
        shapes += [shapely.box(BLOCK - 8, 40, BLOCK + 9, 52), shapely.box(-6, height - 20, 9, height - 8)]
    if town.points:
        shapes += [shapely.Point(50, 90), shapely.Point(50, 90), shapely.Point(88.5, 91)]
    extra = len(shapes) - n
    households = np.concatenate([households, generator.integers(1, 9, extra)])
    units = np.concatenate([units, np.zeros(extra, dtype=int)])
    figures = pd.array(households, dtype="Int64")
    if town.unknown:
        figures[0] = pd.NA
    return _layer(
        "buildings",
        [f"b{k:03d}" for k in range(len(shapes))],
        shapes,
        households=figures,
        units=pd.array([u or pd.NA for u in units], dtype="Int64"),
    )


def _layer(role: str, ids: list[str], shapes: Sequence[shapely.Geometry], **columns: object) -> gpd.GeoDataFrame:
    table = pd.DataFrame(columns, index=pd.Index(ids, dtype="str", name="code" if role == "communities" else "id"))
    moved = [affinity.translate(shape, EAST, NORTH) for shape in shapes]
    return gpd.GeoDataFrame(with_columns(table, role), geometry=moved, crs=CRS)


# ---------------------------------------------------------------- pictures of what went wrong

PICTURES = Path(__file__).parents[1] / ".pytest_cache/pictures"
"""Git leaves this folder alone."""


@contextmanager
def pictured(name: str, site: Site, table: gpd.GeoDataFrame) -> Iterator[None]:
    """If what is asserted inside fails, keep a picture of the place with the fault in red, and name it in the message."""
    try:
        yield
    except AssertionError as error:
        path = draw(name, site, table)
        error.args = (f"{error}\npicture: {path}",)
        raise


def draw(name: str, site: Site, table: gpd.GeoDataFrame) -> Path:
    """Draw blocks or cells of a site, with their faults, as SVG."""
    shapes = table.geometry.to_numpy()
    layers = [
        (shapes[table["kind"] == "water"], "#9cc7e8"),
        (shapes[table["kind"] != "water"], "#eee8d8"),
        (site.buildings.geometry.to_numpy(), "#8a8a8a"),
        (site.layer("streets").geometry.to_numpy(), "#3a6e3a"),
        (faults(site, shapes), "#ff0000"),
    ]
    west, south, east, north = shapely.total_bounds(np.concatenate([shapes, site.communities.geometry.to_numpy()]))
    line = max(east - west, north - south) / 800
    body = [
        affinity.translate(shape, -west, -south).svg(2 * line if colour == "#ff0000" else line / 2, colour, 0.7)
        for those, colour in layers
        for shape in those
        if not shape.is_empty
    ]
    size = f'viewBox="0 0 {east - west:.3f} {north - south:.3f}" width="1000"'
    flip = f'transform="matrix(1 0 0 -1 0 {north - south:.3f})"'
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.svg"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><g {flip}>{"".join(body)}</g></svg>', encoding="utf-8"
    )
    return path


def faults(site: Site, shapes: np.ndarray) -> np.ndarray:
    """Edges that do not match, land that is lacking or too much, with a rim that makes slivers visible."""
    land = shapely.union_all(site.communities.geometry.to_numpy())
    differing = shapely.symmetric_difference(shapely.union_all(shapes), land)
    wide = shapely.buffer(shapely.buffer(differing, -0.001), 0.5)
    edges = shapely.coverage_invalid_edges(shapes)
    return np.array([wide, *edges[~shapely.is_empty(edges)]], dtype=object)
