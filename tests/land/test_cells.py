"""Land: awkward cases by name, and what must hold in any town however dirty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, affinity, box

from gridgeo.coverage import Arcs, polygons_of, shared_edges, to_precision_grid
from gridgeo.errors import LandError
from gridgeo.land import UNBOUNDING, blocks, cells, dangles
from gridgeo.land.inputs import MemberFootprints
from gridgeo.land.inputs.names_of_content import unique_names
from gridgeo.land.tessellation.cell_members import assign_members
from gridgeo.land.towers.footprint_cuts import cut_across
from gridgeo.land.voronoi.block_mesh import MeshEdges, triangulate
from gridgeo.land.voronoi.sharing import Shares
from gridgeo.model.loads import largest_remainder
from gridgeo.model.members import Member
from gridgeo.model.site import Site
from gridgeo.model.tables import ROLES
from tests.conftest import CRS, EAST, NORTH
from tests.made import pictured

GRAINY = 0.001
"""Land may differ by slivers narrower than twice this [m]."""
CORNER = np.array([EAST, NORTH])
SQUARE = box(0, 0, 100, 100)
STREET = LineString([(50, -5), (50, 105)])


# ---------------------------------------------------------------- making sites


def layer(role: str, shapes: list[Any], ids: list[str] | None = None, **columns: list[Any]) -> gpd.GeoDataFrame:
    """A layer of shapes given in metres from the place's corner."""
    table = {
        name: pd.Series(columns.get(name, [None] * len(shapes)), dtype=dtype).array
        for name, dtype in ROLES[role].columns.items()
    }
    moved = np.empty(len(shapes), dtype=object)
    moved[:] = [shapely.transform(shape, lambda c: c + CORNER) for shape in shapes]
    names = ids or [f"{role[0]}{k}" for k in range(len(shapes))]
    index = pd.Index(names, name="code" if role == "communities" else "id", dtype="str")
    return gpd.GeoDataFrame(table, index=index, geometry=moved, crs=CRS)


def make_site(
    buildings: list[Any], *, communities: list[Any] | None = None, units: pd.DataFrame | None = None, **layers: Any
) -> Site:
    """A site; `layers` are lists of shapes, or tables made by `layer`; streets are given as lines."""
    land = [SQUARE] if communities is None else communities
    made = {
        "communities": layer("communities", land, [f"{k + 1:012d}" for k in range(len(land))]),
        "buildings": buildings if isinstance(buildings, gpd.GeoDataFrame) else layer("buildings", buildings),
    }
    for role, shapes in layers.items():
        made[role] = shapes if isinstance(shapes, gpd.GeoDataFrame) else layer(role, shapes)
    none = pd.DataFrame({"building": [], "unit": [], "households": []})
    return Site(made, none if units is None else units, pd.DataFrame())


def housed(shapes: list[Any], households: Sequence[int | None], **columns: list[Any]) -> gpd.GeoDataFrame:
    return layer("buildings", shapes, households=list(households), **columns)


def divide(site: Site, **options: Any) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    enclosed = blocks(site)
    return enclosed, cells(site, enclosed, **options).cells


def shapes_of(table: gpd.GeoDataFrame) -> Any:
    return np.asarray(table.geometry.array, dtype=object)


def cell_of(table: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Cells of which each building is a member."""
    out: dict[str, list[str]] = {}
    for cell, members in table["members"].items():
        for member in members:
            out.setdefault(member.building, []).append(cell)
    return out


def at(table: gpd.GeoDataFrame, x: float, y: float) -> str:
    """The block or cell at a place."""
    (name,) = table.index[table.intersects(Point(EAST + x, NORTH + y))]
    return str(name)


# ---------------------------------------------------------------- what must always hold


def assert_exact(site: Site, table: gpd.GeoDataFrame) -> None:
    """A valid coverage by single polygons that is the communities, each by itself."""
    shapes = shapes_of(table)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert (table.geom_type == "Polygon").all()
    assert table.index.is_unique
    for code, land in site.communities.geometry.items():
        mine = shapely.coverage_union_all(shapes[(table["community"] == code).to_numpy(dtype=bool)])
        assert shapely.buffer(shapely.symmetric_difference(mine, land), -GRAINY).is_empty


def assert_held(site: Site, enclosed: gpd.GeoDataFrame, table: gpd.GeoDataFrame) -> None:
    """Each building is held once, and more than half of it by its cell where a border leaves that possible."""
    land = shapely.union_all(shapes_of(site.communities))
    homes = cell_of(table)
    for building, shape in site.buildings.geometry.items():
        whole = (
            shape if shape.geom_type == "Point" else shapely.make_valid(shape, method="structure", keep_collapsed=False)
        )
        inside = shapely.intersection(whole, land)
        is_in = shapely.intersects(whole, land) if whole.geom_type == "Point" else inside.area > 1e-4
        if not is_in:
            continue
        assert building in homes, f"{building} is lost"
        members = [
            member for cell in homes[building] for member in table["members"][cell] if member.building == building
        ]
        if len(members) > 1:
            assert all(member.cut for member in members), f"{building} is held twice"
        elif inside.area > 0.01:
            best = max(shapely.intersection(whole, shapes_of(enclosed)).tolist(), key=shapely.area).area
            share = shapely.intersection(inside, table.geometry[homes[building][0]]).area
            assert best <= inside.area * 0.5005 or share > inside.area / 2, f"{building}: {share} of {inside.area} m2"
            most = max(shapely.area(shapely.intersection(whole, shapes_of(site.communities))))
            if whole.geom_type == "Polygon" and most > inside.area * 0.505:
                assert best > inside.area * 0.4995, f"no block holds most of {building}"


def assert_counted(site: Site, table: gpd.GeoDataFrame) -> None:
    """Households are those of the members, each building's to the last one."""
    sums: dict[str, int] = {}
    for members, known, unknown in zip(table["members"], table["households"], table["n_unknown"], strict=True):
        assert known == sum(m.households or 0 for m in members)
        assert unknown == sum(m.households is None for m in members)
        assert list(members) == sorted(members, key=lambda m: m.building)
        for m in members:
            sums[m.building] = sums.get(m.building, 0) + (m.households or 0)
    figures = site.buildings["households"].fillna(0)
    assert sums == {building: figures[building] for building in sums}


def assert_all(site: Site, enclosed: gpd.GeoDataFrame, table: gpd.GeoDataFrame) -> None:
    assert_exact(site, enclosed)
    assert_exact(site, table)
    assert_held(site, enclosed, table)
    assert_counted(site, table)
    for name, land in enclosed.geometry.items():
        mine = shapely.coverage_union_all(shapes_of(table)[(table["block"] == name).to_numpy(dtype=bool)])
        assert shapely.buffer(shapely.symmetric_difference(mine, land), -GRAINY).is_empty
    bare = table["kind"].isin(["water", "railway"])
    assert not table.loc[bare, "members"].map(len).any()


# ---------------------------------------------------------------- awkward cases


def _rect(x: float, y: float, w: float = 10, h: float = 10) -> Polygon:
    return box(x, y, x + w, y + h)


BOW_TIE = Polygon([(10, 10), (20, 20), (20, 10), (10, 20)])
Z_SHAPE = Polygon([(10, 10), (40, 10), (40, 20), (60, 20), (60, 30), (30, 30), (30, 20), (10, 20)])
AWKWARD: dict[str, tuple[list[Any], list[Any]]] = {
    "nothing": ([], []),
    "street only": ([], [STREET]),
    "one building": ([_rect(10, 10)], [STREET]),
    "one outside": ([_rect(200, 0), _rect(10, 10)], [STREET]),
    "crossing a street": ([box(40, 40, 55, 50), _rect(70, 10), _rect(70, 60), _rect(10, 10)], [STREET]),
    "three on one spot": ([_rect(10, 10)] * 3 + [_rect(30, 30)], [STREET]),
    "nested": ([box(10, 10, 40, 40), _rect(20, 20, 5, 5)], [STREET]),
    "nested on a street": ([box(30, 30, 80, 60), _rect(60, 40, 5, 5), _rect(35, 40, 5, 5)], [STREET]),
    "covered by two": ([box(10, 10, 30, 20), _rect(10, 10), _rect(20, 10)], [STREET]),
    "podium under towers": ([box(10, 10, 40, 30)] + [_rect(x, 12, 8, 16) for x in (11, 21, 31)], []),
    "a tower over a third": ([box(10, 10, 40, 20), _rect(10, 10, 16, 10), _rect(80, 80)], []),
    "walls on a street": ([box(40, 40, 50, 50), box(50, 40, 60, 50), _rect(20, 20, 5, 5)], [STREET]),
    "walls on the limit": ([_rect(0, 0), _rect(90, 90), box(60, 0, 70, 5)], [STREET]),
    "over the limit": ([box(-5, 10, 10, 20), _rect(20, 10)], [STREET]),
    "mostly outside": ([box(-15, 10, 5, 20), _rect(20, 10)], [STREET]),
    "barely inside": ([box(-15, 10, 0.0004, 20), _rect(20, 10)], [STREET]),
    "courtyard": ([box(10, 10, 40, 40).difference(box(15, 15, 35, 35)), _rect(20, 20, 4, 4)], []),
    "spanning": ([box(-5, 40, 105, 50), _rect(10, 10), _rect(10, 70), _rect(70, 10)], [STREET]),
    "thinner than the grain": ([box(10, 10, 10.0002, 20), _rect(20, 20)], [STREET]),
    "no area": ([Polygon([(10, 10), (20, 10), (10, 10)]), _rect(20, 20)], [STREET]),
    "bow tie": ([BOW_TIE, _rect(30, 30)], [STREET]),
    "Z": ([Z_SHAPE, _rect(15, 30), _rect(50, 5)], [STREET]),
    "block in a block": ([_rect(10, 10), _rect(60, 60, 2, 2)], [box(50, 50, 70, 70).exterior]),
    "two parts": ([shapely.union(_rect(10, 10, 4, 4), _rect(40, 80, 4, 4)), _rect(20, 40)], []),
    "two parts on two sides": ([shapely.union(_rect(10, 10, 8, 8), _rect(70, 80, 4, 4)), _rect(20, 40)], [STREET]),
    "corner to corner": ([_rect(10, 10), _rect(20, 20)], []),
    "points": ([Point(20, 20), Point(20, 20), Point(80, 20), Point(50, 60), _rect(70, 10, 20, 20)], [STREET]),
    "point on the limit": ([Point(0, 50), Point(100, 100), Point(101, 50)], [STREET]),
    "street twice and dangling": ([_rect(10, 10), _rect(70, 20)], [STREET, STREET, LineString([(50, 50), (70, 55)])]),
    "street beside itself": ([_rect(10, 10)], [STREET, affinity.translate(STREET, 0.0007)]),
    "street through itself": ([_rect(10, 10)], [LineString([(-5, 50), (60, 50), (60, 30), (30, 30), (30, 105)])]),
    "row of houses across": ([_rect(x, 40) for x in range(5, 95, 10)], [STREET]),
    "chain of overlaps": ([_rect(x, 40, 12, 12) for x in range(5, 95, 8)], [STREET, LineString([(-5, 46), (105, 46)])]),
}


@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_cases_lose_nothing(case: str) -> None:
    buildings, streets = AWKWARD[case]
    site = make_site(buildings, streets=streets)
    assert_all(site, *divide(site))


def test_a_dividing_line_is_where_both_are_equally_near() -> None:
    _, table = divide(make_site([_rect(10, 45), _rect(60, 45)]))
    assert shapely.symmetric_difference(
        table.geometry["b0"], shapely.transform(box(0, 0, 40, 100), lambda c: c + CORNER)
    ).area == pytest.approx(0, abs=0.5)


def test_all_land_goes_to_the_nearest_footprint_of_its_block() -> None:
    generator = np.random.default_rng(4)
    footprints = [affinity.rotate(_rect(x, y), a) for x, y, a in generator.uniform(0, 85, (12, 3)) if not 35 < x < 60]
    site = make_site(footprints, streets=[STREET])
    enclosed, table = divide(site)
    points = shapely.points(generator.uniform(0, 100, (4000, 2)) + CORNER)
    block, cell = (points_in(points, t) for t in (enclosed, table))
    held = cell_of(table)
    home = {b: table["block"][c[0]] for b, c in held.items()}
    distance = {b: shapely.distance(points, site.buildings.geometry[b]) for b in held}
    nearest = np.full(len(points), np.inf)
    for b in held:
        nearest = np.where(enclosed.index[block] == home[b], np.minimum(nearest, distance[b]), nearest)
    own = np.full(len(points), np.inf)
    for b, (name,) in held.items():
        own = np.where(table.index[cell] == name, np.minimum(own, distance[b]), own)
    assert (own <= nearest + 0.02).mean() > 0.999


def points_in(points: Any, table: gpd.GeoDataFrame) -> Any:
    """Row of the polygon over each point."""
    over = np.zeros(len(points), dtype=np.int64)
    point, row = shapely.STRtree(shapes_of(table)).query(points, predicate="intersects")
    over[point] = row
    return over


def test_a_crossing_building_stays_whole_in_the_block_with_most_of_it() -> None:
    site = make_site([box(40, 40, 55, 50), _rect(70, 60)], streets=[STREET])
    enclosed, table = divide(site)
    assert len(enclosed) == 2
    assert table["block"]["b0"] == at(enclosed, 5, 5)
    assert table.geometry["b0"].buffer(GRAINY).covers(site.buildings.geometry["b0"])
    assert enclosed.geometry[at(enclosed, 5, 5)].buffer(GRAINY).covers(site.buildings.geometry["b0"])


def test_no_cell_crosses_a_community_border() -> None:
    halves = [box(0, 0, 50, 100), box(50, 0, 100, 100)]
    site = make_site([box(40, 40, 55, 50), _rect(70, 60)], communities=halves)
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert table["community"]["b0"] == "000000000001"
    assert table.geometry["b0"].intersection(site.buildings.geometry["b0"]).area == pytest.approx(100, abs=0.1)
    assert len(table) == 2


def test_communities_whose_borders_do_not_share_points() -> None:
    land = [box(0, 0, 50, 100), box(50, 0, 100, 33.3), box(50, 33.3, 100, 100)]
    site = make_site(
        [_rect(20, 20), _rect(60, 10), _rect(60, 60)], communities=land, streets=[LineString([(-5, 61), (105, 57)])]
    )
    assert_all(site, *divide(site))


def test_the_smallest_footprint_keeps_its_land() -> None:
    site = make_site([box(10, 10, 40, 40), _rect(20, 20, 5, 5)])
    _, table = divide(site)
    assert table.geometry["b1"].area == pytest.approx(25, abs=0.01)
    assert cell_of(table) == {"b0": ["b0"], "b1": ["b1"]}


def test_what_has_no_land_of_its_own_is_a_member_of_another_cell() -> None:
    site = make_site(housed([_rect(10, 10), _rect(10, 10), Point(15, 15), _rect(60, 10)], [3, 4, None, 5]))
    _, table = divide(site)
    assert [m.building for m in table["members"]["b0"]] == ["b0", "b1", "b2"]
    assert (table["households"]["b0"], table["n_unknown"]["b0"]) == (7, 1)


def test_a_podium_mostly_under_towers_shares_a_cell_with_enough_of_them() -> None:
    towers = [_rect(x, 12, 8, 16) for x in (11, 21, 31)]
    site = make_site([box(10, 10, 40, 30), *towers])
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert len(table) == 3
    assert len(table["members"]["b0"]) == 2


def test_points_on_one_spot_are_members_of_one_cell() -> None:
    _, table = divide(make_site([Point(20, 20), Point(20, 20), Point(80, 20)]))
    assert sorted(cell_of(table).items()) == [("b0", ["b0"]), ("b1", ["b0"]), ("b2", ["b2"])]
    assert table.geometry["b2"].area == pytest.approx(5000, abs=1)


def test_blocks_without_buildings_are_cells_without_members() -> None:
    _, table = divide(make_site([_rect(10, 10)], streets=[STREET]))
    (empty,) = table.index[table["members"].map(len) == 0]
    assert empty.startswith("land@")
    assert table["households"][empty] == 0


@pytest.mark.parametrize(
    ("role", "columns", "bounds"),
    [
        ("streets", {"highway": ["residential"]}, True),
        ("streets", {"highway": [None]}, True),
        ("streets", {"highway": ["pedestrian"]}, True),
        ("streets", {"highway": ["footway"]}, False),
        ("streets", {"highway": ["service"]}, False),
        ("streets", {"highway": ["construction"]}, False),
        ("streets", {"highway": ["primary"], "bridge": [True]}, False),
        ("streets", {"highway": ["primary"], "tunnel": [True]}, False),
        ("streets", {"highway": ["primary"], "bridge": [False], "tunnel": [False]}, True),
        ("railways", {"railway": ["rail"]}, True),
        ("railways", {"railway": ["subway"], "tunnel": [True]}, False),
        ("railways", {"railway": ["tram"]}, False),
        ("railways", {"railway": [None]}, True),
        ("waterways", {"waterway": ["river"]}, True),
        ("waterways", {"waterway": [None]}, True),
        ("waterways", {"waterway": ["stream"]}, False),
        ("waterways", {"waterway": ["canal"], "tunnel": [True]}, False),
        ("barriers", {"barrier": ["wall"]}, True),
        ("barriers", {"barrier": ["hedge"]}, False),
    ],
)
def test_what_bounds_a_block(role: str, columns: dict[str, list[Any]], *, bounds: bool) -> None:
    site = make_site([], **{role: layer(role, [STREET], **columns)})
    assert len(blocks(site)) == (2 if bounds else 1)


def test_the_classes_that_do_not_bound_can_be_chosen() -> None:
    site = make_site([], streets=layer("streets", [STREET], highway=["residential"]))
    assert len(blocks(site, unbounding=UNBOUNDING | {"residential"})) == 1


def test_water_and_railway_land_are_blocks_of_their_own() -> None:
    site = make_site(
        [_rect(10, 10)],
        water=[box(60, -5, 80, 105), box(70, 20, 90, 40)],
        landuse=layer("landuse", [box(0, 80, 105, 90), _rect(5, 5)], **{"class": ["railway", "residential"]}),
    )
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert enclosed["kind"][at(enclosed, 75, 30)] == "water"
    assert enclosed["kind"][at(enclosed, 20, 85)] == "railway"
    assert table["kind"]["b0"] == "land"
    assert at(enclosed, 65, 10) == at(enclosed, 85, 30)


def test_water_with_a_building_on_it_is_land() -> None:
    site = make_site(
        [_rect(10, 10), Point(90, 90)], water=[box(-10, -10, 40, 40), box(80, 80, 120, 120), box(50, 0, 60, 9)]
    )
    enclosed, _ = divide(site)
    kinds = [enclosed["kind"][at(enclosed, x, y)] for x, y in ((15, 15), (95, 95), (55, 5))]
    assert kinds == ["land", "land", "water"]


def test_a_houseboat_keeps_its_footprint_and_the_river_stays_water() -> None:
    river = box(40, -5, 60, 1005)
    boat, on_the_bank = _rect(44, 500, 4, 10), _rect(57, 300, 4, 10)
    site = make_site([_rect(10, 10), boat, on_the_bank], communities=[box(0, 0, 100, 1000)], water=[river])
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert enclosed["kind"][at(enclosed, 50, 50)] == "water"
    assert table["kind"][at(table, 50, 50)] == "water"
    assert table.geometry["b1"].area == pytest.approx(boat.area)
    assert table["kind"]["b1"] == "land"
    assert table.geometry["b2"].area == pytest.approx(on_the_bank.area)


def test_water_with_many_buildings_or_well_covered_is_land() -> None:
    boats = [_rect(44, 20 * k, 4, 4) for k in range(2, 16)]
    for river in (box(40, -5, 60, 5005), box(40, -5, 60, 400)):
        site = make_site(
            boats[: 14 if river.bounds[3] > 1000 else 6], communities=[box(0, 0, 100, 1000)], water=[river]
        )
        enclosed, table = divide(site)
        assert_all(site, enclosed, table)
        assert enclosed["kind"][at(enclosed, 50, 10)] == "land"


# ---------------------------------------------------------------- streets as they come


CARRIAGEWAYS = [LineString([(-5, y), (105, y)]) for y in (50, 58)]


def test_the_strip_between_two_carriageways_is_no_block() -> None:
    site = make_site([_rect(10, 10), _rect(10, 70)], streets=CARRIAGEWAYS)
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert sorted(enclosed["absorbed"]) == [0, 1]
    assert at(enclosed, 50, 54) in (at(enclosed, 50, 20), at(enclosed, 50, 80))
    kept = blocks(site, min_width_m=7)
    assert len(kept) == 3
    assert kept["absorbed"].sum() == 0


@pytest.mark.parametrize("role", ["railways", "waterways", "barriers"])
def test_no_strip_joins_across_a_hard_line(role: str) -> None:
    hard: dict[str, Any] = {role: CARRIAGEWAYS[1:]}
    site = make_site([], streets=CARRIAGEWAYS[:1], **hard)
    enclosed = blocks(site)
    assert len(enclosed) == 2
    assert at(enclosed, 50, 54) == at(enclosed, 50, 20)


def test_a_strip_with_a_building_stays_a_block() -> None:
    site = make_site([_rect(10, 10), _rect(40, 51, 20, 6)], streets=CARRIAGEWAYS)
    assert len(blocks(site)) == 3


def test_a_strip_beside_water_joins_land_and_one_with_nothing_else_beside_stays() -> None:
    quay = LineString([(45, -5), (45, 105)])
    enclosed = blocks(make_site([], streets=[quay], water=[box(50, -5, 105, 105)]))
    assert at(enclosed, 47, 50) == at(enclosed, 20, 50)
    assert enclosed["kind"][at(enclosed, 70, 50)] == "water"
    island = blocks(make_site([], water=[box(-5, -5, 47, 105), box(53, -5, 105, 105)]))
    assert enclosed["absorbed"].sum() == 1
    assert island["kind"][at(island, 50, 50)] == "land"


def test_the_islands_of_a_junction_join_from_outside_in() -> None:
    lines = [LineString([(x, -5), (x, 105)]) for x in (46, 54)] + [LineString([(-5, y), (105, y)]) for y in (46, 54)]
    site = make_site([_rect(5, 5), _rect(80, 80)], streets=lines)
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    assert len(enclosed) == 4
    assert enclosed["absorbed"].sum() == 5


def test_no_strip_joins_another_community() -> None:
    land = [box(0, 0, 100, 50), box(0, 50, 100, 58), box(0, 58, 100, 100)]
    assert len(blocks(make_site([], communities=land))) == 3


def test_loose_ends_are_listed_with_their_community_and_length() -> None:
    lines = [
        STREET,
        LineString([(50, 30), (70, 30)]),
        LineString([(-20, 60), (0, 60)]),
        LineString([(70, 90), (75, 90)]),
    ]
    loose = dangles(make_site([], streets=lines))
    assert sorted(loose["length_m"].round(2)) == [5.0, 20.0]
    assert set(loose["community"]) == {"000000000001"}
    assert dangles(make_site([], streets=[STREET])).empty


def test_a_street_that_ends_on_the_outline_of_water_or_an_institution_is_no_loose_end() -> None:
    quay, gate = LineString([(0, 20), (60, 20)]), LineString([(0, 80), (20, 80)])
    outlines: dict[str, Any] = {"water": [box(60, -5, 80, 105)], "institutions": [box(20, 70, 40, 90)]}
    bridge = layer("streets", [quay, gate, LineString([(60, 20), (80, 20)])], bridge=[None, None, True])
    assert dangles(make_site([], streets=bridge, **outlines)).empty
    assert len(dangles(make_site([], streets=[quay, gate]))) == 2


def test_a_bridge_head_is_no_loose_end_and_each_layer_has_its_own() -> None:
    quay, ramp, lane = (
        LineString([(0, 20), (60, 20)]),
        LineString([(30, 20), (30, 40)]),
        LineString([(0, 60), (60, 60)]),
    )
    lines = layer("streets", [quay, ramp, lane, LineString([(60, 20), (80, 20)])], bridge=[None, None, None, True])
    rails = layer("railways", [LineString([(60, 60), (60, 90)]), LineString([(100, 50), (90, 50)])])
    wall = LineString([(30, 40), (40, 40)])
    loose = dangles(make_site([], streets=lines, railways=rails, barriers=[wall]))
    assert dict(loose.groupby("layer")["length_m"].apply(sorted)) == {
        "streets": [20, 60],
        "railways": [10, 30],
        "barriers": [10],
    }


def test_an_institution_is_cut_out_along_its_outline_and_lines_inside_do_not_bound() -> None:
    school = box(30, 30, 70, 70)
    site = make_site(
        [_rect(35, 35), _rect(10, 10)], streets=[STREET], institutions=layer("institutions", [school], ["school"])
    )
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    (name,) = enclosed.index[enclosed["kind"] == "institution"]
    assert enclosed["institution"][name] == "school"
    assert enclosed.geometry[name].area == pytest.approx(1600)
    assert (table["kind"]["b0"], table["institution"]["b0"]) == ("institution", "school")
    assert table["institution"].isna()["b1"]


def test_the_smaller_institution_wins_and_only_one_community_gives_land() -> None:
    land = [box(0, 0, 60, 100), box(60, 0, 100, 100)]
    grounds = layer("institutions", [box(10, 10, 90, 90), box(20, 20, 40, 40)], ["campus", "clinic"])
    site = make_site([], communities=land, institutions=grounds)
    enclosed = blocks(site)
    assert_exact(site, enclosed)
    area = enclosed.geometry.area.groupby(enclosed["institution"]).sum()
    assert area["clinic"] == pytest.approx(400)
    assert area["campus"] == pytest.approx(50 * 80 - 400)
    assert (enclosed.loc[enclosed["community"] == "000000000002", "kind"] == "land").all()


def test_an_institution_given_as_a_point_takes_the_cell_of_the_building_under_it() -> None:
    site = make_site(
        housed([_rect(10, 10), _rect(60, 10)], [0, 20]), institutions=layer("institutions", [Point(15, 15)], ["police"])
    )
    _, table = divide(site)
    assert (table["kind"]["b0"], table["institution"]["b0"]) == ("institution", "police")
    assert table["kind"]["b1"] == "land"


def test_an_institution_given_as_a_point_takes_no_cell_in_which_others_live() -> None:
    shapes = [_rect(10, 10), _rect(10, 10)]
    site = make_site(housed(shapes, [0, 20]), institutions=layer("institutions", [Point(15, 15)]))
    _, table = divide(site)
    assert (table["kind"] == "land").all()


@pytest.mark.parametrize(("households", "taken"), [(0, True), (None, True), (5, False)])
def test_an_institution_given_as_a_point_takes_a_compound_where_nobody_lives(
    households: int | None, *, taken: bool
) -> None:
    site = make_site(
        housed([_rect(10, 10), _rect(80, 80)], [households, 7]),
        compounds=[box(5, 5, 45, 45), box(0, 0, 60, 60)],
        institutions=layer("institutions", [Point(30, 30)], ["school"]),
    )
    enclosed, table = divide(site)
    assert_all(site, enclosed, table)
    grounds = enclosed[enclosed["institution"] == "school"]
    assert len(grounds) == taken
    if taken:
        assert grounds.geometry.iloc[0].area == pytest.approx(1600)


def test_lines_given_cut_cells_and_footprints_exactly() -> None:
    site = make_site([_rect(10, 10), _rect(60, 60), box(35, 40, 48, 50)])
    line = gpd.GeoSeries([LineString([(EAST + 40, NORTH - 1), (EAST + 40, NORTH + 101)])], crs=CRS)
    enclosed, table = divide(site, along=line)
    assert_exact(site, table)
    assert set(table["block"]) == set(enclosed.index)
    assert not any(shapely.crosses(shape, line.iloc[0]) for shape in shapes_of(table))
    assert table.geometry["b2"].bounds[0] == pytest.approx(EAST + 40)
    assert len(enclosed) == 1


@pytest.mark.parametrize(("y", "strips_left"), [(50, 1), (50.3, 1), (54, 1), (58, 0), (58.4, 1)])
def test_a_given_line_on_or_near_a_street_counts_to_the_letter_even_if_it_leaves_a_strip(
    y: float, strips_left: int
) -> None:
    site = make_site([_rect(10, 10), _rect(10, 70)], streets=CARRIAGEWAYS)
    line = gpd.GeoSeries([LineString([(EAST - 5, NORTH + y), (EAST + 105, NORTH + y)])], crs=CRS)
    enclosed, table = divide(site, along=line)
    assert_all(site, enclosed, table)
    below = shapely.transform(box(0, 0, 100, y), lambda c: c + CORNER)
    inside = table[table.representative_point().within(below)]
    assert shapely.symmetric_difference(shapely.union_all(shapes_of(inside)), below).area < 0.2
    assert (table["members"].map(len) == 0).sum() == strips_left
    assert enclosed["absorbed"].sum() == 1


def test_land_that_vanishes_on_the_grain_is_an_error() -> None:
    with pytest.raises(LandError, match="no land"):
        blocks(make_site([], communities=[box(0, 0, 0.0001, 10)]))


# ---------------------------------------------------------------- towers


def tower(households: int, **columns: Any) -> Site:
    units = columns.pop("figures", None)
    cells_of = {name: [value, None] for name, value in columns.items()}
    return make_site(housed([box(10, 40, 70, 52), _rect(80, 10)], [households, 9], **cells_of), units=units)


def parts_of(table: gpd.GeoDataFrame, building: str = "b0") -> list[tuple[str, Member]]:
    return [(cell, m) for cell, members in table["members"].items() for m in members if m.building == building]


def test_a_tower_is_cut_into_its_entrances_from_the_west() -> None:
    site = tower(101, units=3)
    enclosed, table = divide(site, max_households=60)
    assert_all(site, enclosed, table)
    parts = parts_of(table)
    assert [cell for cell, _ in parts] == ["b0#1", "b0#2", "b0#3"]
    assert [(m.unit, m.households, m.cut) for _, m in parts] == [
        ("1", 34, "units"),
        ("2", 34, "units"),
        ("3", 33, "units"),
    ]
    west = [table.geometry[cell].intersection(site.buildings.geometry["b0"]) for cell, _ in parts]
    assert [shape.area for shape in west] == pytest.approx([240] * 3, abs=0.2)
    assert [shape.bounds[0] - EAST for shape in west] == pytest.approx([10, 30, 50], abs=0.01)


def test_figures_of_entrances_are_used_as_given() -> None:
    figures = pd.DataFrame({"building": ["b0"] * 3, "unit": ["10", "2", "1"], "households": [50, 40, 11]})
    _, table = divide(tower(101, units=3, figures=figures), max_households=60)
    assert [(m.unit, m.households) for _, m in parts_of(table)] == [("1", 11), ("2", 40), ("10", 50)]


def test_figures_that_do_not_sum_to_the_building_are_taken_in_proportion() -> None:
    figures = pd.DataFrame({"building": ["b0"] * 2, "unit": ["1", "2"], "households": [1, 3]})
    _, table = divide(tower(101, units=2, figures=figures), max_households=90)
    assert [m.households for _, m in parts_of(table)] == [25, 76]


def test_the_table_of_entrances_goes_before_their_number() -> None:
    figures = pd.DataFrame({"building": ["b0"] * 3, "unit": ["十单元", "二单元", "甲"], "households": [80, 80, 80]})
    _, table = divide(tower(240, units=2, figures=figures), max_households=100)
    assert [(m.unit, m.households) for _, m in parts_of(table)] == [("甲", 80), ("二单元", 80), ("十单元", 80)]


def test_an_entrance_without_a_figure_has_what_the_others_leave() -> None:
    figures = pd.DataFrame({"building": ["b0"] * 3, "unit": ["1", "2", "3"], "households": [50, pd.NA, 20]})
    _, table = divide(tower(101, figures=figures), max_households=60)
    assert [m.households for _, m in parts_of(table)] == [50, 31, 20]


def test_a_tower_with_one_entrance_is_cut_by_floors() -> None:
    site = tower(100, units=1, levels=7.0)
    _, table = divide(site, max_households=60)
    assert [(m.unit, m.households, m.cut) for _, m in parts_of(table)] == [
        ("1/1-4F", 57, "floors"),
        ("1/5-7F", 43, "floors"),
    ]


def test_large_entrances_are_cut_by_floors() -> None:
    site = tower(400, units=2, levels=3.0)
    enclosed, table = divide(site, max_households=70)
    assert_all(site, enclosed, table)
    units = [m.unit for _, m in parts_of(table)]
    assert units == ["1/1F", "1/2F", "1/3F", "2/1F", "2/2F", "2/3F"]
    assert sum(m.households or 0 for _, m in parts_of(table)) == 400


def test_a_floor_above_the_limit_stays_one_part() -> None:
    _, table = divide(tower(100, units=1, levels=2.0), max_households=20)
    assert [m.households for _, m in parts_of(table)] == [50, 50]


@pytest.mark.parametrize(
    "columns",
    [{}, {"levels": 9.0}, {"units": 1}, {"units": 0}],
    ids=["nothing", "floors only", "one entrance", "no entrance"],
)
def test_what_nothing_tells_how_to_cut_is_cut_only_if_asked(columns: dict[str, Any]) -> None:
    site = tower(100, **columns)
    enclosed = blocks(site)
    assert [m for _, m in parts_of(cells(site, enclosed, max_households=40).cells)] == [Member("b0", None, 100, None)]
    parts = [m for _, m in parts_of(cells(site, enclosed, max_households=40, split_large=True).cells)]
    assert [(m.households, m.cut) for m in parts] == [(34, "equal"), (33, "equal"), (33, "equal")]


def test_without_a_limit_or_a_figure_nothing_is_cut() -> None:
    site = tower(500, units=4)
    assert len(parts_of(divide(site)[1])) == 1
    unknown = make_site(housed([box(10, 40, 70, 52)], [None], units=[4], levels=[20.0]))
    assert [m for _, m in parts_of(divide(unknown, max_households=10, split_large=True)[1])] == [
        Member("b0", None, None, None)
    ]


def test_each_wing_of_a_tower_is_cut_and_what_is_too_small_for_an_entrance_belongs_to_the_nearest_piece() -> None:
    wings = shapely.MultiPolygon([_rect(10, 10, 20, 20), _rect(60, 10, 20, 19), _rect(84, 20, 1, 1)])
    site = make_site(housed([wings, _rect(40, 60)], [200, 5], units=[4, None]))
    enclosed, table = divide(site, max_households=70)
    assert_all(site, enclosed, table)
    pieces = table.loc[[f"b0#{k}" for k in range(1, 5)]]
    assert [m.households for members in pieces["members"] for m in members] == [50] * 4
    held = shapely.area(shapely.intersection(pieces.geometry.to_numpy(), site.buildings.geometry.iloc[0]))
    assert held == pytest.approx([200, 200, 190, 191], abs=0.1)


def test_a_tower_too_small_to_draw_stays_whole() -> None:
    site = make_site(housed([_rect(10, 10, 0.05, 0.05), Point(70, 70)], [200, 300], units=[4, 4]))
    enclosed, table = divide(site, max_households=60)
    assert_all(site, enclosed, table)
    assert len(table) == 2


def test_a_tower_on_a_border_is_cut_where_its_block_is() -> None:
    halves = [box(0, 0, 50, 100), box(50, 0, 100, 100)]
    site = make_site(
        housed([box(10, 40, 70, 52)], [120], units=[3]), communities=halves, streets=[LineString([(-1, 45), (101, 46)])]
    )
    _, table = divide(site, max_households=60)
    assert_exact(site, table)
    parts = parts_of(table)
    assert {table["community"][cell] for cell, _ in parts} == {"000000000001"}
    assert len(parts) == 3


def touching(table: gpd.GeoDataFrame, names: list[str]) -> bool:
    """Whether the cells of these names, one after the other, share an edge."""
    one, other, _ = shared_edges(shapes_of(table.loc[names]))
    return set(range(1, len(names))) <= set(other[other - one == 1].tolist())


@settings(deadline=None, max_examples=12, derandomize=True)
@given(
    size=st.tuples(st.floats(8, 60), st.floats(8, 30)),
    angle=st.sampled_from([0, 17, 45, 90, 131]),
    entrances=st.integers(1, 5),
    households=st.integers(61, 900),
    levels=st.integers(2, 30),
)
def test_cells_of_one_building_touch_in_order(
    *, size: tuple[float, float], angle: float, entrances: int, households: int, levels: int
) -> None:
    shape = affinity.rotate(box(60, 60, 60 + size[0], 60 + size[1]), angle)
    cells_of: dict[str, Any] = {"units": [entrances, None], "levels": [float(levels), None]}
    site = make_site(housed([shape, _rect(20, 150)], [households, 5], **cells_of), communities=[box(0, 0, 200, 200)])
    _, table = divide(site, max_households=60)
    parts = parts_of(table)
    assert sum(m.households or 0 for _, m in parts) == households
    names = [f"b0#{k + 1}" for k in range(len(parts))] if len(parts) > 1 else ["b0"]
    assert sorted(cell for cell, _ in parts) == sorted(names)
    assert touching(table, names)


@pytest.mark.parametrize(
    "other",
    [box(25, 41, 55, 51), box(35, 40, 45, 52), box(60, 30, 90, 55), box(0, 30, 90, 70), box(10, 40, 69, 51)],
    ids=["nested", "through", "at an end", "podium", "over nearly all"],
)
def test_each_entrance_has_a_cell_of_its_own_and_so_has_what_overlaps_it(other: Polygon) -> None:
    site = make_site(housed([box(10, 40, 70, 52), other], [240, 9], units=[3, None]))
    _, table = divide(site, max_households=100)
    assert_exact(site, table)
    assert_counted(site, table)
    assert [len(members) for members in table["members"] if members] == [1] * 4


ARM = box(0, 0, 12, 60)
SHAPED = {
    "bar": affinity.rotate(box(0, 0, 60, 12), 30),
    "square": box(0, 0, 20, 20),
    "L": shapely.union_all([box(0, 0, 50, 12), box(0, 0, 12, 40)]),
    "U": shapely.union_all([box(0, 0, 50, 12), ARM, affinity.translate(ARM, 38)]),
    "low U": shapely.union_all([box(0, 0, 50, 12), box(0, 0, 12, 30), box(38, 0, 50, 30)]),
    "ring": box(0, 0, 60, 50).difference(box(12, 12, 48, 38)),
    "round ring": Point(0, 0).buffer(40).difference(Point(0, 0).buffer(25)),
    "well": box(0, 0, 60, 40).difference(box(20, 10, 40, 30)),
    "eight": box(0, 0, 100, 50).difference(shapely.union_all([box(12, 12, 44, 38), box(56, 12, 88, 38)])),
    "spiral": LineString(
        [(0, 0), (30, 0), (30, 30), (-13, 30), (-13, -13), (43, -13), (43, 43), (-26, 43)]  # from the middle outwards
    ).buffer(4, cap_style="square", join_style="mitre"),
    "S": LineString([(0, 0), (45, 0), (45, 30), (5, 30), (5, 60), (45, 60)]).buffer(
        5, cap_style="flat", join_style="mitre"
    ),
    "H": shapely.union_all([box(0, 0, 10, 60), box(40, 0, 50, 60), box(0, 25, 50, 35)]),
    "cross": shapely.union_all([box(20, 0, 32, 50), box(0, 20, 52, 32)]),
    "T": shapely.union_all([box(0, 0, 120, 8), box(56, -58, 64, 0)]),
    "Y": shapely.union_all([affinity.rotate(box(-6, -3, 6, 36), turn, origin=(0, 0)) for turn in (0, 120, 240)]),
    "steps": shapely.union_all([box(x, 0.375 * x, x + 16, 0.375 * x + 14) for x in (0, 16, 32, 48)]),
}


def grained(shape: shapely.Geometry) -> Polygon:
    return to_precision_grid(np.array([affinity.translate(shape, *CORNER)], dtype=object))[0]


@pytest.mark.parametrize("shape", SHAPED)
@pytest.mark.parametrize("weights", [[1] * 2, [1] * 3, [1] * 7, [1] * 12, [1, 1, 2, 0.5, 0.5]], ids=str)
def test_pieces_are_single_parts_that_touch_in_order_and_make_up_the_footprint(
    shape: str, weights: list[float]
) -> None:
    footprint = grained(SHAPED[shape])
    pieces = cut_across(footprint, weights)
    assert len(pieces) == len(weights)
    assert all(piece.geom_type == "Polygon" for piece in pieces)
    assert shapely.coverage_is_valid(pieces)
    assert shapely.symmetric_difference(shapely.union_all(pieces), footprint).area < 0.2
    due = np.array(weights) / sum(weights) * footprint.area
    assert shapely.area(pieces) / due == pytest.approx(1, abs=0.01)
    one, other, _ = shared_edges(pieces)
    assert set(range(1, len(weights))) <= set(other[other - one == 1].tolist())


@pytest.mark.parametrize("shape", ["L", "U", "low U", "ring", "round ring", "spiral", "S"])
def test_legs_are_cut_across(shape: str) -> None:
    pieces = cut_across(grained(SHAPED[shape]), [1] * 12)
    edges = shared_edges(pieces)
    one, other, length = edges.left, edges.right, edges.lengths()
    cuts = np.bincount(one[other - one == 1], length[other - one == 1])
    width = 2 * SHAPED[shape].area / SHAPED[shape].length
    assert max(cuts) < 1.7 * width  # to the outer corner of a leg


WINGS = {
    "ring": box(0, 0, 80, 80).difference(box(15, 15, 65, 65)),
    "ring without a corner": box(0, 0, 80, 80).difference(shapely.union_all([box(15, 15, 65, 65), box(-3, -3, 3, 3)])),
    "L round a house": shapely.union_all([box(0, 0, 80, 15), box(0, 0, 15, 80)]).difference(box(4, 4, 8, 8)),
    **{shape: SHAPED[shape] for shape in ("L", "U", "well", "eight", "spiral")},
}


@settings(deadline=None, max_examples=80, derandomize=True)
@given(shape=st.sampled_from(sorted(WINGS)), angle=st.floats(0, 90), count=st.integers(2, 40))
@example(shape="ring", angle=23, count=40)
@example(shape="ring without a corner", angle=23, count=40)
@example(shape="L round a house", angle=23, count=7)
@example(shape="well", angle=45, count=13)
def test_wings_turned_by_any_angle_are_cut_into_all_their_pieces(*, shape: str, angle: float, count: int) -> None:
    footprint = grained(affinity.rotate(WINGS[shape], angle))
    pieces = cut_across(footprint, [1] * count)
    assert len(pieces) == count
    assert shapely.coverage_is_valid(pieces)
    assert shapely.symmetric_difference(shapely.union_all(pieces), footprint).area < GRAINY * footprint.length
    assert shapely.area(pieces) / footprint.area * count == pytest.approx(1, abs=0.01)
    one, other, _ = shared_edges(pieces)
    assert set(range(1, count)) <= set(other[other - one == 1].tolist())


@settings(deadline=None, max_examples=25, derandomize=True)
@given(seed=st.integers(0, 100_000), count=st.integers(2, 9))
def test_whatever_is_cut_is_cut_into_equal_single_parts(*, seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    corners = np.cumsum(random.uniform(-18, 18, (6, 2)), axis=0)
    rectangles = [
        box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, random.uniform(8, 30, (6, 2)), strict=True)
    ]
    holes = [box(x + 3, y + 3, x + 6, y + 5) for x, y in corners[:2]]
    drawn = shapely.difference(shapely.union_all(rectangles), shapely.union_all(holes))
    footprint = grained(max(shapely.get_parts(affinity.rotate(drawn, random.uniform(0, 90))), key=shapely.area))
    pieces = cut_across(footprint, [1] * count)
    assert len(pieces) == count
    assert shapely.coverage_is_valid(pieces)
    assert shapely.area(pieces) / footprint.area * count == pytest.approx(1, abs=0.01)
    one, other, _ = shared_edges(pieces)
    assert set(range(1, count)) <= set(other[other - one == 1].tolist())


def test_pieces_do_not_depend_on_where_an_outline_begins() -> None:
    footprint = grained(SHAPED["low U"])
    points = list(footprint.exterior.coords)[:-1]
    turned = Polygon((points[3:] + points[:3])[::-1])
    assert (shapely.to_wkb(cut_across(footprint, [1] * 5)) == shapely.to_wkb(cut_across(turned, [1] * 5))).all()


@given(st.integers(0, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=9).filter(any))
def test_shares_sum_to_the_total_and_are_near_their_due(total: int, weights: list[int]) -> None:
    shares = largest_remainder(total, weights)
    assert sum(shares) == total
    assert all(abs(share - total * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))


# ---------------------------------------------------------------- small rooms


def test_equal_names_get_numbers_by_place() -> None:
    polygons = np.array([box(5, 0, 6, 1), box(0, 0, 1, 1), box(2, 0, 3, 1)])
    assert unique_names(["a", "b", "a"], polygons) == unique_names(["a", "b", "a"], polygons[[2, 1, 0]])[::-1]
    assert sorted(unique_names(["a", "a~2", "a"], polygons)) == ["a", "a~2", "a~2~2"]


def test_cells_that_do_not_touch_are_joined_through_those_between() -> None:
    row = np.array([box(x, 0, x + 10, 10) for x in (0, 10, 20, 30)])
    torn = shapely.union(box(0, 0, 5, 9), box(20, 0, 25, 9))
    shares = Shares(row, np.array([0, 1, -1, 2]), np.zeros(4, dtype=np.int64), np.array([45.0, 4, 0, 4]))
    shapes = np.array([torn, box(12, 1, 14, 3), box(32, 1, 34, 3)])
    ids, none = np.array(["a", "b", "c"], dtype=object), np.full(3, None)
    members = MemberFootprints(ids, shapes, shapes, ids, none, pd.array([1, 1, 1], dtype="Int64"), none)
    found = assign_members(shares, members)
    assert len(found.polygons) == 2
    assert found.cell_of[0] == found.cell_of[1] != found.cell_of[2]
    assert found.polygons[found.cell_of[0]].geom_type == "Polygon"


def test_walls_that_cross_are_an_error_with_a_place() -> None:
    tail, head = np.array([[0.0, 0], [0, 1]]), np.array([[1.0, 1], [1, 0]])
    none = np.zeros(2, dtype=np.int64)
    with pytest.raises(LandError, match="does not close") as caught:
        triangulate(MeshEdges(tail, head, none, none, none == 0))
    assert caught.value.where == (0.5, 0.5), "where they cross"


def test_outlines_that_do_not_close_are_an_error_with_a_place() -> None:
    points = np.array([[0.0, 0], [1, 0], [1, 1]])
    with pytest.raises(LandError, match="does not close"):
        polygons_of(Arcs(points, np.array([0, 1]), np.array([1, 2]), np.array([0, 0])))


# ---------------------------------------------------------------- any town


class _Maker:
    """A dirty town of 200 m."""

    side = 200.0

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.streets = self._streets()
        self.buildings: list[Any] = []
        for _ in range(self.random.integers(0, 40)):
            self._add_building()

    def rectangle(self, low: float = 5, high: float = 25) -> Polygon:
        x, y = self.random.uniform(-10, self.side + 10, 2)
        w, h = self.random.uniform(low, high, 2) / 2
        angle = self.random.choice([0, 0, self.random.uniform(0, 90)])
        return affinity.rotate(box(x - w, y - h, x + w, y + h), angle)

    def communities(self) -> list[Polygon]:
        if self.random.random() < 0.5:
            return [box(0, 0, self.side, self.side)]
        x, y = self.random.uniform(60, 140, 2)
        return [box(0, 0, x, self.side), box(x, 0, self.side, y), box(x, y, self.side, self.side)]

    def site(self) -> Site:
        random, count = self.random, len(self.buildings)
        figures = random.choice([-1, 0, 7, 25, 40, 180], count, p=[0.1, 0.15, 0.3, 0.25, 0.1, 0.1])
        entrances, floors = random.integers(-1, 5, count), random.integers(-3, 20, count)
        known = [[None if v < 0 else int(v) for v in column] for column in (figures, entrances, floors)]
        points = [Point(*random.uniform(0, self.side, 2)) for _ in range(random.integers(0, 3))]
        rails = [self.rectangle(10, 60) for _ in range(random.integers(0, 2))]
        return make_site(
            housed(self.buildings, known[0], units=known[1], levels=known[2]),
            communities=self.communities(),
            streets=self.streets,
            water=[self.rectangle(20, 90) for _ in range(random.integers(0, 4))],
            landuse=layer("landuse", rails, **{"class": ["railway"] * len(rails)}),
            institutions=[self.rectangle(20, 80) for _ in range(random.integers(0, 3))] + points,
            compounds=[self.rectangle(20, 60) for _ in range(random.integers(0, 3))],
        )

    def _streets(self) -> list[LineString]:
        lines = []
        for _ in range(self.random.integers(0, 8)):
            place, bend = self.random.uniform(-20, self.side + 20), self.random.uniform(-15, 15)
            points = np.array([[place, -20], [place + bend, self.side / 2], [place, self.side + 20]])
            lines.append(LineString(points if self.random.random() < 0.5 else points[:, ::-1]))
        tangles = [self.random.uniform(0, self.side, (self.random.integers(2, 6), 2)) for _ in range(2)]
        lines += [LineString(points) for points in tangles[: self.random.integers(0, 3)]]
        if lines and self.random.random() < 0.3:
            lines += [lines[0], affinity.translate(lines[0], 0.0007)]
        return lines

    def _add_building(self) -> None:
        shape, x, y = self.rectangle(), *self.random.uniform(20, self.side - 20, 2)
        on_street = Point(x, y)
        if self.streets:
            street = self.streets[self.random.integers(len(self.streets))]
            on_street = street.interpolate(self.random.uniform(), normalized=True)
        kinds: list[list[Any]] = [
            [shape],
            [shape],
            [shape],
            [shape],
            [shape, affinity.scale(shape, 0.4, 0.4)],
            [shape, affinity.translate(shape, 4, 3)],
            [shape, shape],
            [self.rectangle(0.001, 0.4)],
            [shape.difference(affinity.scale(shape, 0.6, 0.6))],
            [shapely.union(shape, self.rectangle())],
            [self.rectangle(60, 120)],
            [Point(x, y), Point(x, y)],
            [Point(self.random.uniform(-5, 205), y)],
            [affinity.translate(BOW_TIE, x - 15, y - 15)],
            [shape, affinity.translate(shape, shape.bounds[2] - shape.bounds[0], 0)],
            [box(x, y, x + 0.0002, y + 15)],
            [on_street],
            [box(on_street.x, on_street.y, on_street.x + 10, on_street.y + 8)],
            [shape] + [affinity.translate(affinity.scale(shape, 0.5, 0.9), dx, 0) for dx in (-4, 4)],
        ]
        self.buildings += kinds[self.random.integers(len(kinds))]


def shuffled(site: Site, seed: int) -> Site:
    layers = {role: table.sample(frac=1, random_state=seed) for role, table in site.layers.items()}
    return Site(layers, site.unit_households, site.account)


def assert_same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> None:
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.drop(columns="geometry")), pd.DataFrame(other.drop(columns="geometry"))
    )
    assert (shapely.to_wkb(shapes_of(one)) == shapely.to_wkb(shapes_of(other))).all()


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.integers(0, 100_000))
def test_any_town_is_covered_exactly_and_nobody_is_lost(seed: int) -> None:
    site = _Maker(seed).site()
    enclosed = blocks(site)
    table = cells(site, enclosed).cells
    with pictured("any_town", site, table):
        assert_all(site, enclosed, table)


@settings(deadline=None, max_examples=20, derandomize=True)
@given(seed=st.integers(0, 100_000), split_large=st.booleans())
def test_any_town_with_towers_cut_is_covered_exactly(*, seed: int, split_large: bool) -> None:
    site = _Maker(seed).site()
    enclosed = blocks(site)
    table = cells(site, enclosed, max_households=30, split_large=split_large).cells
    with pictured("any_town_with_towers", site, table):
        assert_all(site, enclosed, table)
    for members in table["members"]:
        for member in members:
            assert (member.cut is None) == (member.unit is None)


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.integers(0, 100_000))
def test_any_town_comes_out_the_same_whatever_the_order_of_rows(seed: int) -> None:
    site = _Maker(seed).site()
    enclosed, table = divide(site, max_households=30, split_large=True)
    other_site = shuffled(site, seed)
    other = blocks(other_site)
    with pictured("any_town_in_any_order", site, table):
        assert_same(enclosed, other)
        assert_same(table, cells(other_site, other.iloc[::-1], max_households=30, split_large=True).cells)


@settings(deadline=None, max_examples=12, derandomize=True)
@given(st.integers(0, 100_000))
def test_any_town_can_be_cut_along_lines(seed: int) -> None:
    maker = _Maker(seed)
    site = maker.site()
    turns = np.sort(maker.random.uniform(10, 190, (3, 2)), axis=0)
    drawn = [LineString(np.array([[-20, y], [x, y], [220, x]]) + CORNER) for x, y in turns]
    enclosed, table = divide(site, along=gpd.GeoSeries(drawn, crs=CRS))
    with pictured("any_town_cut_along_lines", site, table):
        assert_exact(site, table)
        assert_counted(site, table)
        inner = shapely.union_all(shapely.buffer(shapes_of(table), -2 * GRAINY))
        assert shapely.intersection(inner, shapely.union_all(drawn)).length == pytest.approx(0, abs=0.01)
        assert set(table["block"]) == set(enclosed.index)


def test_arguments_are_left_as_they_were() -> None:
    site = _Maker(5).site()
    before = {role: table.copy() for role, table in site.layers.items()}
    enclosed = blocks(site)
    kept = enclosed.copy()
    cells(site, enclosed, max_households=30, split_large=True)
    for role, table in before.items():
        assert table.equals(site.layers[role])
    assert kept.equals(enclosed)
