"""What dividing the land did to the layers stands in the account."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import Phase, given, settings
from shapely import LineString, MultiPolygon, Point, box

from gridgeo.division import divide as divide_site
from gridgeo.files.reading import explain, read_site
from gridgeo.files.reading.shapes import SMALL_M2
from gridgeo.land import LandOptions, blocks, cells, divide_land
from gridgeo.land.account import REASONS, SHARING
from gridgeo.land.divided_land import account_of
from gridgeo.land.enclosures import enclose
from gridgeo.land.inputs import FEW, MIN_WIDTH_M, read_inputs
from gridgeo.land.tessellation import tessellate
from gridgeo.land.towers import TowerLimit
from gridgeo.messages import LANGS
from gridgeo.model.land import Land
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme, Tier
from gridgeo.model.site import Site
from gridgeo.model.tables import ACCOUNT_COLUMNS
from tests.conftest import EAST, NORTH
from tests.land.test_cells import CARRIAGEWAYS, _rect, divide, housed, layer, make_site
from tests.made import SCHEME, Town, build, towns

RIVER = box(40, -5, 60, 105)
OVER = LineString([(20, 50), (80, 50)])


def account_lines(land: Land) -> pd.DataFrame:
    """The account of what was done to land."""
    assert land.account is not None
    return land.account


def lines_of(site: Site) -> pd.DataFrame:
    lines = account_lines(divide_land(site))
    assert dict(lines.dtypes.astype(str)) == ACCOUNT_COLUMNS
    assert (lines["status"] == "accepted").all()
    assert lines["rows"].sum() == 0
    assert lines["households"].isna().all()
    for reason in lines["reason"]:
        assert all(explain(reason).render(lang) for lang in LANGS)
    return lines


def one(site: Site, reason: str) -> Any:
    """The only line with a reason."""
    lines = lines_of(site)
    (line,) = lines[lines["reason"] == reason].itertuples()
    return line


def place(x: float, y: float) -> str:
    return f"({EAST + x:.2f}, {NORTH + y:.2f})"


def test_land_without_anything_odd_has_no_line() -> None:
    assert lines_of(make_site([_rect(10, 10)], streets=[LineString([(50, -5), (50, 105)])])).empty


def test_each_loose_end_is_listed_with_its_place() -> None:
    ends = [LineString([(0, 20), (10, 20)]), LineString([(20, 60), (0, 60)]), LineString([(95, 5), (90, 5)])]
    lines = lines_of(make_site([], streets=ends))
    assert lines["reason"].unique().tolist() == ["dead_ends"]
    told = {f"{place(10, 20)} 10.0 m", f"{place(20, 60)} 20.0 m"}
    assert told < set(lines["detail"])
    (free,) = set(lines["detail"]) - told
    assert free in {f"{place(x, 5)} 5.0 m" for x in (90, 95)}


def test_each_block_that_took_strips_is_listed_with_its_place() -> None:
    site = make_site([_rect(10, 10)], streets=CARRIAGEWAYS)
    line = one(site, "strips_joined")
    x, y = map(float, re.findall(r"[0-9.]+", line.detail)[:2])
    enclosed, _ = divide(site)
    assert enclosed["absorbed"][enclosed.contains(Point(x, y))].tolist() == [1]
    assert (line.layer, line.detail) == ("streets", f"({x:.2f}, {y:.2f}) 1")


def test_each_deck_is_listed_with_its_place() -> None:
    line = one(make_site([_rect(10, 10)], water=[RIVER], streets=[OVER]), "deck_cut")
    assert line.detail == f"{place(50, 51.5)} 120 m2"


HALVES = [box(0, 0, 50, 100), box(50, 0, 100, 100)]
AVENUE = layer("streets", [LineString([(50, -5), (50, 105)])], name=["和平路"])


def test_both_shares_of_a_footprint_on_a_border_are_told() -> None:
    shapes = [box(40, 40, 56, 50), _rect(10, 10), box(80, 40, 104, 50)]
    homes = housed(shapes, [1, 1, 1], name=["1号楼", None, None])
    lines: Any = lines_of(make_site(homes, communities=HALVES)).set_index("reason")
    assert lines.loc["footprint_shared", ["layer", "id"]].tolist() == ["buildings", "b0"]
    assert lines.at["footprint_shared", "detail"] == f"1号楼 62%; 38% E {place(53, 45)} 000000000002"
    assert lines.loc["footprint_outside", ["id", "detail"]].tolist() == ["b2", "17%"]
    line = one(make_site(homes, communities=HALVES, streets=AVENUE), "footprint_shared")
    assert line.detail == "1号楼 62%; 38% E 和平路 000000000002"


def test_a_footprint_across_a_street_stays_whole_and_both_shares_are_told() -> None:
    across = [box(40, 40, 60, 50), box(45, 60, 70, 70), box(49.95, 80, 60, 90)]
    lines = lines_of(make_site(across, streets=AVENUE))
    assert lines[["reason", "id", "detail"]].to_numpy().tolist() == [
        ["footprint_crossed", "b0", "50%; 50% 和平路"],
        ["footprint_crossed", "b1", "80%; 20% 和平路"],
    ]
    nameless = layer("streets", list(AVENUE.geometry.translate(-EAST, -NORTH)))
    assert one(make_site(across[:1], streets=nameless), "footprint_crossed").detail == f"50%; 50% {place(50, 45)}"


def test_a_building_of_several_parts_across_a_street_is_told_with_side_and_street() -> None:
    parts = MultiPolygon([box(30, 40, 45, 50), box(60, 40, 70, 45)])
    line = one(make_site([parts, _rect(80, 10)], streets=AVENUE), "footprint_shared")
    assert (line.id, line.detail) == ("b0", "75%; 25% E 和平路")


def test_a_part_that_given_lines_cut_off_is_told() -> None:
    site = make_site([box(40, 40, 60, 50)])
    along = gpd.GeoSeries([LineString([(EAST + 55, NORTH - 5), (EAST + 55, NORTH + 105)])], crs=site.crs)
    lines = account_lines(divide_land(site, LandOptions(along=lambda _: along)))
    assert lines[["reason", "id", "detail"]].to_numpy().tolist() == [
        ["footprint_shared", "b0", f"75%; 25% E {place(57.5, 45)}"]
    ]


@pytest.mark.parametrize("neighbour", [Point(150, 50), box(150, 50, 150.0003, 50.0003)])
def test_a_footprint_that_runs_along_a_border_and_across_it_is_told(neighbour: Any) -> None:
    stepped = shapely.union_all([box(80, 20, 100, 40), box(80, 40, 105, 60)])
    site = make_site([stepped, neighbour], communities=[box(0, 0, 100, 100), box(100, 0, 200, 100)])
    assert one(site, "footprint_shared").detail.startswith("89%; 11% NE")


def test_who_holds_what_footprints_have_in_common_is_told() -> None:
    shapes = [box(10, 10, 30, 30), box(15, 15, 20, 20), box(28, 10, 40, 20), box(39.96, 11, 60, 12)]
    lines = lines_of(make_site(shapes))
    assert lines[["reason", "id", "detail"]].to_numpy().tolist() == [
        ["footprint_overlap", "b0", "b1 25.0 m2 6%; b2 20.0 m2 5%"],
    ]


def test_buildings_of_one_cell_are_told() -> None:
    shapes = [_rect(10, 10), _rect(10, 10), Point(60, 60), Point(60, 60), Point(60, 60), Point(12, 12), Point(80, 80)]
    frame = box(30, 30, 40, 40)
    lines = lines_of(make_site([*shapes, frame, *[box(30, y, 40, y + 4) for y in (30, 36)]]))
    assert lines[["reason", "id", "detail"]].to_numpy().tolist() == [
        ["footprint_overlap", "b7", "b9 40.0 m2 40%"],
        ["footprint_duplicate", "b1", "b0"],
        ["points_together", "b3", "b2"],
        ["points_together", "b4", "b2"],
        ["point_in_footprint", "b5", "b0"],
        ["cell_joined", "b8", "b7"],
    ]


def test_towers_that_were_cut_are_told_with_the_ways() -> None:
    homes = housed([box(10, 10, 50, 20), box(10, 40, 50, 50), _rect(70, 70)], [150, 200, 9], units=[3, None, None])
    homes["levels"] = pd.array([None, None, None], dtype="Float64")
    site = make_site(homes)
    lines = account_lines(divide_land(site, LandOptions(70, split_large=True)))
    assert lines[["reason", "id", "detail"]].to_numpy().tolist() == [
        ["tower_cut", "b0", "3 (units 3)"],
        ["tower_cut", "b1", "3 (equal 3)"],
    ]


def test_buildings_in_the_water_are_listed_and_water_with_many_is_listed_instead() -> None:
    river, land = box(40, -5, 60, 1505), [box(0, 0, 100, 1500)]
    line = one(make_site([_rect(10, 10), _rect(45, 700, 4, 4)], communities=land, water=[river]), "in_water")
    assert (line.layer, line.id, line.detail) == ("buildings", "b1", place(47, 702))
    many = make_site([Point(50, 20 + 40 * k) for k in range(13)], communities=land, water=[river])
    line = one(many, "water_built_on")
    assert (line.layer, line.detail) == ("water", f"{place(50, 750)} 13")


@pytest.mark.parametrize("role", ["water", "landuse"])
@pytest.mark.parametrize(("side", "reason"), [(3, "in_water"), (5, "water_built_on")])
def test_few_buildings_that_cover_much_of_a_pond_make_it_land_and_the_account_says_so(
    role: str, side: float, reason: str
) -> None:
    pond = layer(role, [box(40, 40, 80, 80)], **({"class": ["railway"]} if role == "landuse" else {}))
    site = make_site([_rect(10, 10), _rect(50, 50, side, side)], **{role: pond})
    enclosed, _ = divide(site)
    one(site, reason)
    kept = set(enclosed["kind"]) - {"land"}
    assert kept == ({{"water": "water", "landuse": "railway"}[role]} if reason == "in_water" else set())


def test_a_lake_that_turns_to_land_for_a_building_across_its_bank_is_told() -> None:
    lake, street = box(-5, -5, 48, 105), LineString([(48, 50), (105, 50)])
    site = make_site([box(40, 40, 60, 60), _rect(80, 80)], water=[lake], streets=[street])
    enclosed, _ = divide(site)
    assert (enclosed["kind"] == "land").all()
    told = lines_of(site).set_index("reason")["detail"]
    assert told["footprint_crossed"] == f"40%; 60% {place(50, 50)}"
    x, y, number = map(float, re.findall(r"[0-9.]+", told["water_built_on"]))
    assert (x < EAST + 60, y > NORTH, number) == (True, True, 1)


def test_texts_tell_the_bounds_that_are_used() -> None:
    assert all(f"{MIN_WIDTH_M:.0f}" in explain("strips_joined").render(lang) for lang in LANGS)
    assert all(f"{FEW}" in explain("water_built_on").render(lang) for lang in LANGS)
    assert all(f"{SMALL_M2:.0f}" in explain("footprint_small").render(lang) for lang in LANGS)
    assert all(explain(reason).render(lang) for reason in REASONS for lang in LANGS)


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(towns())
def test_nothing_of_a_building_is_elsewhere_in_silence(town: Town) -> None:
    site = build(town)
    land = divide_land(site, LandOptions(40))
    table, lines = land.cells, account_lines(land).dropna(subset="id")
    told = {building: set(rows) for building, rows in lines.groupby("id")["reason"]}
    homes: dict[str, list[Any]] = {}
    for cell, members in table["members"].items():
        for building in {member.building for member in members}:
            homes.setdefault(building, []).append(table.geometry[cell])
            if len({member.building for member in members}) > 1:
                assert any(set(SHARING) & told.get(other.building, set()) for other in members)
    for building, shape in site.buildings.geometry.items():
        if shape.geom_type == "Point":
            continue
        lacking = shape.difference(shapely.union_all(homes[building])).area
        reasons = told.get(building, set()) & {"footprint_shared", "footprint_overlap", "footprint_outside"}
        assert not (lacking > 1.1 and not reasons), (building, lacking)
        assert not (reasons and lacking < 0.9 * min(1, 0.01 * shape.area)), (building, reasons)


@pytest.fixture
def plan() -> Plan:
    site = make_site(housed([_rect(10, 10), _rect(80, 10)], [9, 9]), water=[RIVER], streets=[OVER])
    read = pd.DataFrame([("buildings", "accepted", None, None, None, 2, 18, None)], columns=list(ACCOUNT_COLUMNS))
    site = Site(site.layers, site.unit_households, read.astype(ACCOUNT_COLUMNS))
    return divide_site(site, Scheme((Tier("grid", 5, 30, 15, width=3),)))


def test_stages_change_nothing_of_what_was_read() -> None:
    houseboat = box(45, 20, 55, 30)
    site = make_site([_rect(10, 10), _rect(70, 10), houseboat], water=[RIVER], streets=[OVER])
    site.buildings["households"] = pd.array([250, 3, None], dtype="Int64")
    inputs = read_inputs(site)
    before = [shapely.to_wkb(shapes).tolist() for shapes in (inputs.buildings.shapes, *inputs.water)]
    enclosed = enclose(inputs)
    assert_geodataframe_equal(enclosed, blocks(site))
    for most in (None, 100):
        found = tessellate(inputs, enclosed, TowerLimit(most, split_large=True), along=None)
        assert_geodataframe_equal(found.cells, cells(site, enclosed, max_households=most, split_large=True).cells)
        assert len(found.cells["members"].sum()) == (3 if most is None else 5)
        whole = divide_land(site, LandOptions(most, split_large=True))
        assert_geodataframe_equal(found.cells, whole.cells)
        pd.testing.assert_frame_equal(account_of(inputs, enclosed, found), account_lines(whole))
    assert [shapely.to_wkb(shapes).tolist() for shapes in (inputs.buildings.shapes, *inputs.water)] == before


def test_the_account_of_a_plan_goes_on_with_what_was_done_to_the_land(plan: Plan) -> None:
    assert plan.site.account["reason"].fillna("").tolist() == ["", "dead_ends", "dead_ends", "deck_cut"]
    assert plan.site.account["rows"].sum() == 2


def test_dividing_again_tells_it_once(plan: Plan) -> None:
    again = divide_site(plan.site, plan.scheme, seed=3)
    pd.testing.assert_frame_equal(again.site.account, plan.site.account)


def test_the_account_is_kept_with_the_plan(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan.gpkg")
    pd.testing.assert_frame_equal(Plan.load(tmp_path / "plan.gpkg").site.account, plan.site.account)


def test_shuffled_files_change_the_numbers_of_rows_and_nothing_else(tmp_path: Path) -> None:
    site = build(Town(seed=5, columns=2, rows=2, overlaps=True, crossing=True, towers=True, points=True))
    layers = {role: site.layer(role).reset_index() for role in ("communities", "buildings", "streets")}
    homes = layers["buildings"]
    odd = homes.iloc[:4].assign(id=[None, "x", "y", "z"], geometry=[homes.geometry[0], None, None, Point(0, 0)])
    layers["buildings"] = pd.concat([homes, odd, homes.iloc[5:6].assign(id=None, households=None)], ignore_index=True)
    plans = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for role, table in layers.items():
            table.sample(frac=1, random_state=seed).to_parquet(folder / f"{role}.parquet", index=False)
        plan = divide_site(read_site(folder), SCHEME, seed=1, effort="fast")
        plan.save(folder / "plan.gpkg")
        plans.append(folder / "plan.gpkg")
    assert plan.site.account["reason"].nunique() > 8
    names = gpd.list_layers(plans[0])["name"].tolist()
    assert names == gpd.list_layers(plans[1])["name"].tolist()
    for name in names:
        one, other = (gpd.read_file(path, layer=name) for path in plans)
        if name == "account":
            assert not one["row"].equals(other["row"])
            one, other = one.drop(columns="row"), other.drop(columns="row")
        if name == "checksums":
            assert (one["sha256"] != other["sha256"]).tolist() == (one["layer"] == "account").tolist()
            one, other = one.drop(columns="sha256"), other.drop(columns="sha256")
        pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
