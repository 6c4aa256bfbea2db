"""Given zones are kept to the letter, and divided further."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner, Result
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import gridgeo as gg
from gridgeo.cli import main
from gridgeo.coverage import PRECISION_M
from gridgeo.division import with_institutions
from gridgeo.division.prepare.given_lines import LED_M, MOST_MOVED_M, outlines
from gridgeo.division.request.zone_drawings import read_given
from gridgeo.errors import CrsError, DivisionError, InputError, LandError
from gridgeo.files.atomic import write_layers
from gridgeo.land import blocks, cells
from gridgeo.model import Preferences, Scheme, Site, Tier
from tests.conftest import COMMUNITY, EAST, NORTH
from tests.made import SCHEME, Town, assert_sound, build, shuffled, towns

PLAIN = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def example() -> ModuleType:
    """The community of the documents."""
    path = Path(__file__).parents[2] / "docs" / "make_given.py"
    spec = importlib.util.spec_from_file_location("make_given", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(site: Site, lines: Sequence[shapely.LineString]) -> gpd.GeoDataFrame:
    """Communities cut by lines across them: code, name, geometry."""
    rows = []
    for community, land in site.communities.geometry.items():
        edges = shapely.get_parts(shapely.union_all([land.boundary, *lines]))
        faces = [
            face for face in shapely.get_parts(shapely.polygonize(edges)) if land.contains(face.point_on_surface())
        ]
        rows += [(f"{community}{k:03d}", f"{k}号网格", face) for k, face in enumerate(faces, start=1)]
    codes, names, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"code": codes, "name": names}, geometry=list(shapes), crs=site.crs)


def across(town: Town, ends: list[tuple[float, float]]) -> list[shapely.LineString]:
    """Lines across a town by the places of their ends [share of its width or height], by turns from south and from west."""
    width, height = 100.0 * town.columns, 100.0 * town.rows
    lines = []
    for k, (one, other) in enumerate(ends):
        a, b = ((one * width, -9), (other * width, height + 9)), ((-9, one * height), (width + 9, other * height))
        lines.append(shapely.affinity.translate(shapely.LineString((a, b)[k % 2]), EAST, NORTH))
    return lines


def assert_kept(plan: gg.Plan, zones: gpd.GeoDataFrame, width: float = MOST_MOVED_M) -> None:
    """The coarsest tier is the zones that were given, each of them but for what is narrower than this [m]."""
    zones = zones.set_index("code").sort_index()
    kept = plan.zones(plan.scheme.names[0])
    assert list(kept.index) == list(zones.index)
    differs = shapely.symmetric_difference(kept.geometry.to_numpy(), zones.geometry.to_numpy())
    assert shapely.is_empty(shapely.buffer(differs, -width / 2)).all()
    assert list(kept["name"]) == list(zones["name"])


def assert_largest_shares(plan: gg.Plan) -> None:
    """A whole building belongs to the given zone with its largest share."""
    zones = plan.zones(plan.scheme.names[0]).geometry
    held = plan.buildings[plan.buildings["unit"].isna() & (plan.buildings.geom_type != "Point")]
    for building, code, shape in zip(held["id"], held["code"], held.geometry, strict=True):
        shares = zones.intersection(shape).area
        assert shares[code[: len(zones.index[0])]] >= shares.max() - 1e-3 * shape.area - 0.1, building


def is_led(zones: gpd.GeoDataFrame, site: Site) -> bool:
    """Whether a corner of zones or communities is so near to one of their lines that it is led onto it."""
    shapes = [*zones.geometry, *site.communities.geometry]
    points = np.unique(shapely.get_coordinates(shapes).round(6), axis=0)
    edges = [shapely.linestrings(list(pairwise(shapely.get_coordinates(shape)))) for shape in shapes]
    lines, corners = np.concatenate(edges), np.asarray(shapely.points(points))
    corner, line = shapely.STRtree(lines).query(corners, predicate="dwithin", distance=LED_M)
    return bool((shapely.distance(corners[corner], lines[line]) > PRECISION_M).any())


ENDS = st.lists(st.tuples(st.floats(0.13, 0.87), st.floats(0.13, 0.87)), min_size=1, max_size=3)


@PLAIN
@given(towns(), ENDS)
def test_zones_across_everything_are_kept_and_divided(town: Town, ends: list[tuple[float, float]]) -> None:
    site, lines = build(town), across(town, ends)
    cuts = sum(site.buildings.intersects(line).astype(int) for line in [*lines, *site.communities.boundary])
    plain = site.buildings[(cuts < 2) & ~site.buildings.index.isin(crowded(site))]
    site = Site({**site.layers, "buildings": plain}, site.unit_households, site.account)
    zones = drawn(site, lines)
    assume(not is_led(zones, site))
    plan = gg.divide(site, SCHEME, within=zones, seed=town.seed, effort="fast")
    assert_sound(plan)
    assert_kept(plan, zones)
    assert_largest_shares(plan)
    assert gg.check(plan, lang="en").errors.empty


@settings(PLAIN, max_examples=12)
@given(st.floats(-0.009, 0.009), st.floats(0.3, 0.7))
def test_a_line_that_ends_beside_a_street_is_not_led_to_it(beside: float, other: float) -> None:
    town = Town(seed=3, columns=3)
    site = build(town)
    west, south, east, north = site.communities.total_bounds - [EAST, NORTH, EAST, NORTH]
    street = site.layer("streets").geometry["s0"].intersection(site.communities.geometry.iloc[0].boundary)
    foot = min(street.geoms, key=lambda point: point.y).x - EAST + beside
    # The line from 9 m south of the place to 9 m north of it that passes the foot of the street at that distance.
    head, share = other * (east - west), 9 / (north - south + 18)
    zones = drawn(site, across(town, [((foot - share * head) / (1 - share) / (east - west), other)]))
    enclosed = blocks(site)
    table = cells(site, enclosed, along=outlines(read_given(zones, site, SCHEME), enclosed)).cells
    for zone in zones.geometry:
        mine = table.geometry[table.representative_point().within(zone)]
        differs = shapely.symmetric_difference(shapely.union_all(mine.to_numpy()), zone)
        assert shapely.buffer(differs, -MOST_MOVED_M / 2).is_empty


def crowded(site: Site) -> pd.Index:
    """Buildings that overlap another: which of their pieces is whose is another matter."""
    shapes = site.buildings.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return site.buildings.index[np.unique(a[a != b])]


@settings(PLAIN, max_examples=5)
@given(towns(), ENDS)
def test_order_of_rows_does_not_matter(town: Town, ends: list[tuple[float, float]]) -> None:
    site = build(town)
    zones = drawn(site, across(town, ends))
    one = gg.divide(site, SCHEME, within=zones, seed=3, effort="fast")
    other = zones.sample(frac=1, random_state=town.seed)
    two = gg.divide(shuffled(site, town.seed), SCHEME, within=other, seed=3, effort="fast")
    assert_geodataframe_equal(one.cells.drop(columns="members"), two.cells.drop(columns="members"))


@pytest.mark.long
@settings(PLAIN, max_examples=8)
@given(towns(), ENDS, st.integers(0, 99))
def test_a_blurred_drawing_makes_no_slivers(town: Town, ends: list[tuple[float, float]], seed: int) -> None:
    site = build(town)
    zones = drawn(site, across(town, ends))
    generator = np.random.default_rng(seed)
    # Each zone is clicked for itself: neighbours and communities miss each other by up to 4 mm.
    corners = [shapely.get_coordinates(shape.exterior)[:-1] for shape in zones.geometry]
    blurred = zones.set_geometry(
        [shapely.Polygon(points + generator.uniform(-0.002, 0.002, points.shape)) for points in corners], crs=site.crs
    )
    plan = gg.divide(site, SCHEME, within=blurred, seed=1, effort="fast")
    assert shapely.coverage_is_valid(plan.cells.geometry.to_numpy())
    assert_kept(plan, zones, 0.01)
    thin = shapely.is_empty(shapely.buffer(plan.cells.geometry.to_numpy(), -0.0025))
    plain = gg.divide(site, SCHEME, within=zones, seed=1, effort="fast")
    assert thin.sum() <= shapely.is_empty(shapely.buffer(plain.cells.geometry.to_numpy(), -0.0025)).sum()


@pytest.fixture(scope="module")
def town() -> Site:
    """Three columns and two rows of blocks with a school in the first."""
    return build(Town(seed=3, columns=3, rows=2, per_block=8, school=True))


@pytest.fixture(scope="module")
def halves(town: Site) -> gpd.GeoDataFrame:
    """The town in two zones, with a line that follows no street."""
    return drawn(town, [shapely.affinity.translate(shapely.LineString([(133, -9), (157, 209)]), EAST, NORTH)])


def test_the_community_of_the_documents() -> None:
    made = example()
    plan = made.divided()
    assert_sound(plan)
    assert_kept(plan, made.given_grids())
    grids, micros = plan.zones("grid"), plan.zones("micro")
    assert list(grids.index.str[12:]) == ["001", "002", "003", "004", "005", "006"]
    assert set(grids["kind"]) == {"grid"}
    assert len(micros) == 28
    dedicated = micros[micros["kind"] == "dedicated"]
    assert dict(zip(dedicated.index.str[12:], dedicated["name"], strict=True)) == {
        "00391": "青枫小学",
        "00591": "青枫医院",
        "00691": "青枫公园",
    }
    ordinary = micros[micros["kind"] == "grid"]
    assert ordinary["households"].between(50, 70).sum() >= 24
    report = gg.check(plan, lang="en")
    assert report.errors.empty, report.errors["message"].tolist()
    note = plan.notes[plan.notes["reason"] == "compounds_divided"]
    assert list(note["code"]) == [made.COMMUNITY]
    assert "桃园里" in note["zh"].iloc[0]


def test_a_tower_under_a_given_line_goes_by_its_largest_share() -> None:
    made = example()
    plan = made.divided()
    line = shapely.LineString([(EAST + 266, NORTH + 400), (EAST + 266, NORTH + 500)])
    tower = plan.site.buildings.index[plan.site.buildings.intersects(line)]
    assert len(tower) == 1
    held = plan.buildings[plan.buildings["id"] == tower[0]]
    assert held["code"].str[12:15].tolist() == ["002"]
    assert plan.zones("grid").geometry.iloc[0].intersection(held.geometry.iloc[0]).area == pytest.approx(54, abs=0.1)


def test_walled_estates_are_left_by_their_gates() -> None:
    made = example()
    site = with_institutions(made.community(), made.DEDICATED)
    rings = {name: shapely.box(*box).boundary for name, box in made.WALLED.items()}
    closed = site.layer("barriers").set_geometry([shapely.affinity.translate(r, EAST, NORTH) for r in rings.values()])
    walled = Site({**site.layers, "barriers": closed.set_crs(site.crs)}, site.unit_households, site.account)

    def ways_out(site: Site) -> list[set[str]]:
        """For each estate what lies between its land and what is around it."""
        land = gg.blocks(site)
        assert (land["kind"] == "land").sum() == 8
        cells = gg.cells(site, land).cells
        edges = gg.adjacency(cells, site)
        out = []
        for ring in rings.values():
            estate = shapely.affinity.translate(shapely.Polygon(ring), EAST, NORTH)
            inside = pd.Series(shapely.within(cells.representative_point().to_numpy(), estate), cells.index)
            out.append(set(edges["across"][edges["a"].map(inside) != edges["b"].map(inside)]))
        return out

    assert all("link" in ways for ways in ways_out(site))
    assert all(ways == {"barrier"} for ways in ways_out(walled))


def test_zones_of_a_plan_are_divided_anew(town: Site) -> None:
    first = gg.divide(town, SCHEME, seed=1)
    again = gg.divide(town, SCHEME, within=first.zones(), seed=5)
    assert_sound(again)
    one, two = first.zones("grid"), again.zones("grid")
    assert list(one.index) == list(two.index)
    assert shapely.area(shapely.symmetric_difference(one.geometry.to_numpy(), two.geometry.to_numpy())).max() < 0.5
    assert list(two["kind"]) == list(one["kind"])
    assert set(again.zones("micro").query("kind == 'dedicated'").index.str[12:]) == {"90100"}
    assert again.registry.loc[two.index, "kind"].tolist() == one["kind"].tolist()


def test_an_institution_on_a_given_line_is_cut_there(town: Site) -> None:
    line = shapely.affinity.translate(shapely.LineString([(45, -9), (45, 209)]), EAST, NORTH)
    plan = gg.divide(town, SCHEME, within=drawn(town, [line]), seed=1)
    assert_kept(plan, drawn(town, [line]))
    dedicated = plan.zones("micro").query("kind == 'dedicated'")
    assert list(dedicated.index.str[12:]) == ["00191", "00291"]
    assert set(dedicated["name"]) == {"小学"}
    assert set(plan.zones("grid")["kind"]) == {"grid"}
    assert set(plan.zones("grid")["name"]) == {"1号网格", "2号网格"}


def test_three_tiers_keep_dedicated_zones_at_the_last_but_one(town: Site, halves: gpd.GeoDataFrame) -> None:
    zones = halves.assign(code=[COMMUNITY + "01", COMMUNITY + "02"])
    scheme = Scheme((Tier("area", 100, 900, width=2), *SCHEME.tiers))
    plan = gg.divide(town, scheme, within=zones, seed=1)
    assert_sound(plan)
    assert_kept(plan, zones)
    assert plan.zones("grid").query("kind == 'dedicated'").index.str[14:].tolist() == ["901"]
    assert plan.zones("micro").query("kind == 'dedicated'").index.str[14:].tolist() == ["90100"]


def test_a_zone_in_two_parts_has_micro_grids_in_one(town: Site) -> None:
    lines = [shapely.LineString([(x, -9), (x, 209)]) for x in (95, 205)]
    west, middle, east = drawn(town, [shapely.affinity.translate(line, EAST, NORTH) for line in lines]).geometry
    order = sorted((west, middle, east), key=lambda shape: shape.bounds[0])
    zones = gpd.GeoDataFrame(
        {"code": [COMMUNITY + "001", COMMUNITY + "002"], "name": ["两边", "中间"]},
        geometry=[shapely.MultiPolygon([order[0], order[2]]), order[1]],
        crs=town.crs,
    )
    plan = gg.divide(town, SCHEME, within=zones, seed=1)
    assert_kept(plan, zones)
    assert (plan.zones("micro").geom_type == "Polygon").all()


def test_degrees_are_brought_into_the_crs_of_the_site(town: Site, halves: gpd.GeoDataFrame) -> None:
    plan = gg.divide(town, SCHEME, within=halves.to_crs(4490), seed=1)
    assert_kept(plan, halves)


def test_codes_may_stand_in_the_index_or_under_a_chinese_name(town: Site, halves: gpd.GeoDataFrame) -> None:
    for zones in (halves.set_index("code"), halves.rename(columns={"code": "统一编码"})):
        assert list(read_given(zones, town, SCHEME).index) == list(halves["code"])
    assert read_given(halves.drop(columns="name"), town, SCHEME)["name"].isna().all()


def test_cells_of_ones_own_have_to_follow_the_lines(town: Site, halves: gpd.GeoDataFrame) -> None:
    enclosed = gg.blocks(town)
    along = outlines(read_given(halves, town, SCHEME), enclosed)
    own = gg.cells(town, enclosed, max_households=SCHEME.finest.high, along=along)
    one, two = gg.divide(town, SCHEME, within=halves, seed=1), gg.divide(town, SCHEME, within=halves, cells=own, seed=1)
    assert_geodataframe_equal(one.cells.drop(columns="members"), two.cells.drop(columns="members"))
    with pytest.raises(LandError, match="along=") as caught:
        gg.divide(town, SCHEME, within=halves, cells=gg.cells(town, enclosed))
    assert caught.value.where is not None


def test_lines_run_between_zones_only(town: Site, halves: gpd.GeoDataFrame) -> None:
    lines = shapely.union_all(outlines(read_given(halves, town, SCHEME), gg.blocks(town)).to_numpy())
    border = halves.geometry.iloc[0].intersection(halves.geometry.iloc[1])
    assert shapely.hausdorff_distance(lines, border) < 0.02
    assert border.buffer(0.02).contains(lines)


def test_a_given_zone_that_is_kept_keeps_all_that_is_in_it(town: Site, halves: gpd.GeoDataFrame) -> None:
    before = gg.divide(town, SCHEME, within=halves, seed=1)
    kept = before.zones("grid").index[0]
    after = gg.divide(before.site, SCHEME, cells=before.cells, within=halves, keep=[kept], seed=5)
    inside = before.cells["code"].str.startswith(kept)
    assert len(set(before.cells["code"][inside])) > 1
    assert after.cells["code"].reindex(before.cells.index)[inside].equals(before.cells["code"][inside])
    assert "kept_code_lost" not in set(after.notes["reason"])


def test_a_given_zone_outside_the_limits_is_said_and_kept(town: Site, halves: gpd.GeoDataFrame) -> None:
    plan = gg.divide(town, SCHEME, within=halves, seed=1)
    notes = plan.notes[plan.notes["reason"] == "size_given"]
    loads = plan.zones("grid")["households"]
    assert list(notes["code"]) == list(loads.index[~loads.map(SCHEME.tiers[0].admits)])
    assert len(notes)
    with pytest.raises(DivisionError, match="kept as they are"):
        gg.divide(town, SCHEME, within=halves, seed=1, strict=True)


def bad(zones: gpd.GeoDataFrame, **columns: object) -> gpd.GeoDataFrame:
    return zones.assign(**columns)


def moved(zones: gpd.GeoDataFrame, row: int, dx: float) -> gpd.GeoDataFrame:
    shapes = list(zones.geometry)
    shapes[row] = shapely.affinity.translate(shapes[row], dx, 0)
    return zones.set_geometry(shapes, crs=zones.crs)


def test_zones_that_cannot_be_kept_are_refused_with_a_table(town: Site, halves: gpd.GeoDataFrame) -> None:
    west = int(halves.geometry.bounds["minx"].argmin())
    cases = {
        "within_code": bad(halves, code=[COMMUNITY + "001", "七号"]),
        "within_community": bad(halves, code=[COMMUNITY + "001", "110101001001002"]),
        "within_twice": bad(halves, code=[COMMUNITY + "001"] * 2),
        "within_no_land": bad(halves, geometry=[halves.geometry.iloc[0], None]),
        "within_overlap": moved(halves, west, 0.5),
        "within_gap": moved(halves, west, -0.5),
        "within_outside": moved(halves, west, -0.5),
    }
    for reason, zones in cases.items():
        with pytest.raises(InputError, match="They are kept exactly") as caught:
            gg.divide(town, SCHEME, within=zones)
        problems = caught.value.problems
        assert problems is not None
        assert reason in set(problems["reason"]), (reason, problems)
        row = problems[problems["reason"] == reason].iloc[0]
        assert row["remedy"].render("zh") != row["remedy"].render("en")
    overlap = read_problems(town, cases["within_overlap"]).query("reason == 'within_overlap'").iloc[0]
    assert overlap["value"] == ", ".join(halves["code"])
    assert "4630" in str(overlap["remedy"]) or "4631" in str(overlap["remedy"])


def read_problems(site: Site, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    with pytest.raises(InputError) as caught:
        read_given(zones, site, SCHEME)
    assert caught.value.problems is not None
    return caught.value.problems


def test_zero_is_no_number_of_a_given_zone(town: Site, halves: gpd.GeoDataFrame) -> None:
    problems = read_problems(town, bad(halves, code=[COMMUNITY + "000", COMMUNITY + "001"]))
    assert problems["value"].tolist() == [COMMUNITY + "000"]


def test_what_is_narrower_than_a_hairline_is_not_refused(town: Site, halves: gpd.GeoDataFrame) -> None:
    west = int(halves.geometry.bounds["minx"].argmin())
    for dx in (0.008, -0.008):
        assert len(read_given(moved(halves, west, dx), town, SCHEME)) == 2
    for dx in (0.02, -0.02):
        assert len(read_problems(town, moved(halves, west, dx)))


def test_zones_without_a_crs_or_without_a_finer_tier_are_refused(town: Site, halves: gpd.GeoDataFrame) -> None:
    with pytest.raises(CrsError):
        gg.divide(town, SCHEME, within=halves.set_crs(None, allow_override=True))
    with pytest.raises(InputError, match="'micro'"):
        gg.divide(town, Scheme(SCHEME.tiers[1:]), within=halves)


def test_codes_too_narrow_for_a_given_zone_are_refused(town: Site, halves: gpd.GeoDataFrame) -> None:
    scheme = Scheme((SCHEME.tiers[0], Tier("micro", 1, 2, 1)))
    with pytest.raises(InputError, match="3 digits"):
        gg.divide(town, scheme, within=halves)


def test_counts_are_shared_out_among_given_zones(town: Site, halves: gpd.GeoDataFrame) -> None:
    wide = Tier("micro", 5, 90, 25, count=9)
    plan = gg.divide(town, Scheme((SCHEME.tiers[0], wide)), within=halves, seed=1)
    micros = plan.zones("micro").query("kind == 'grid'")
    missed = plan.notes[plan.notes["reason"] == "count_missed"]
    assert (len(micros) == 9) == missed.empty
    with pytest.raises(InputError, match="'grid'"):
        gg.divide(town, Scheme((Tier("grid", 60, 140, width=3, count=3), wide)), within=halves)
    with pytest.raises(InputError, match="Ask for more"):
        gg.divide(town, Scheme((SCHEME.tiers[0], Tier("micro", 5, 90, 25, count=1))), within=halves)


def test_counts_are_told_for_each_given_zone(town: Site, halves: gpd.GeoDataFrame) -> None:
    scheme = Scheme((SCHEME.tiers[0], Tier("micro", 5, 90, 25)))
    first, second = sorted(halves["code"])

    def found(told: dict[str, int], scheme: Scheme = scheme) -> list[int]:
        plan = gg.divide(town, scheme, within=halves, counts=told, seed=1)
        assert not plan.notes["reason"].eq("count_missed").any()
        micros = plan.zones("micro").query("kind == 'grid'")
        return [int((micros["parent"] == code).sum()) for code in (first, second)]

    assert found({"001": 3, "002": 4}) == found({first: 3, second: 4}) == [3, 4]
    total = Scheme((SCHEME.tiers[0], Tier("micro", 5, 90, 25, count=7)))
    assert found({"002": 2}, total) == [5, 2]
    for told, words in (
        ({"009": 3}, "no grid has the code '009'"),
        ({"001": 3, first: 2}, "several grids"),
        ({"001": 0}, "whole numbers above 0"),
        ({"001": 1.5}, "whole number"),
    ):
        with pytest.raises(InputError, match=words):
            gg.divide(town, scheme, within=halves, counts=told)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="--within"):
        gg.divide(town, scheme, counts={"001": 3})
    with pytest.raises(DivisionError, match=f"grid {first} has"):
        gg.divide(town, scheme, within=halves, counts={"001": 80}, strict=True)
    missed = gg.divide(town, scheme, within=halves, counts={"001": 80}, seed=1).notes
    assert missed.loc[missed["reason"] == "count_missed", "code"].tolist() == [first]


def test_a_count_may_hold_dedicated_zones_too() -> None:
    made = example()
    site = with_institutions(made.community(), made.DEDICATED)
    whole = Scheme.parse(["grid:200-350", "micro:30-100x27all"])
    plan = gg.divide(site, whole, within=made.given_grids(), seed=1)
    kinds = plan.zones("micro")["kind"].value_counts()
    assert (kinds["grid"], kinds["dedicated"]) == (24, 3)
    assert not plan.notes["reason"].eq("count_missed").any()
    few = Scheme.parse(["grid:200-350", "micro:30-100x3all"])
    with pytest.raises(InputError, match="3 dedicated zones alone"):
        gg.divide(site, few, within=made.given_grids())


def test_the_command_line_keeps_zones_and_picks_institutions(tmp_path: Path) -> None:
    made = example()
    site, zones = made.community(), made.given_grids()
    layers = {role: table.rename_axis("id").reset_index() for role, table in site.layers.items() if len(table)}
    layers["communities"] = layers["communities"].rename(columns={"id": "code"})
    place = write_layers(tmp_path / "site.gpkg", layers)
    outer = write_layers(tmp_path / "outer.gpkg", {"六网格": zones, "other": zones.iloc[:2]})
    tiers = ("--tier", "grid:200-350@260", "--tier", "micro:50-70@60")
    wanted = ("--within", f"{outer}:六网格", "--dedicated", "school,hospital,park,library", "--keep-compounds")
    result = run("divide", place, *tiers, *wanted, "--seed", 7, "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 0, result.stderr
    assert "hospital 1" in result.stderr
    assert "library 0" in result.stderr
    plan = gg.Plan.load(tmp_path / "plan.gpkg")
    assert_kept(plan, zones)
    assert (plan.zones("micro")["kind"] == "dedicated").sum() == 3
    assert plan.manifest["given_zones"] == "6"
    refused = run("divide", place, *tiers, "--within", f"{outer}:other", "-o", tmp_path / "no.gpkg")
    assert refused.exit_code == 2
    assert "within" in refused.stderr
    assert made.COMMUNITY in refused.stderr
    assert not (tmp_path / "no.gpkg").exists()
    again = run("divide", place, *tiers, "--within", tmp_path / "plan.gpkg", "-o", tmp_path / "again.gpkg")
    assert again.exit_code == 0, again.stderr
    assert run("divide", place, "--within", "nowhere.gpkg", "-o", tmp_path / "no.gpkg").exit_code == 2


def run(*arguments: object) -> Result:
    environment = {"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}
    return CliRunner(env=environment).invoke(main, [str(argument) for argument in arguments])


def kept_of(plan: gg.Plan, codes: list[str]) -> pd.Series:
    """Finest code of the cells under some codes."""
    code = plan.cells["code"]
    return code[code.str.startswith(tuple(codes))]


@pytest.mark.parametrize("tier", ["grid", "micro"])
def test_kept_zones_stay_as_they_are_and_the_rest_is_divided_anew(tier: str) -> None:
    site = build(Town(seed=5, columns=7, rows=5, per_block=8))
    plan = gg.divide(site, SCHEME, seed=1)
    zones = list(plan.zones(tier).index)
    codes = zones[1 : len(zones) : 4]
    other = replace(SCHEME, prefer=Preferences(compact=10, streets=0))
    again = gg.divide(plan.site, other, seed=9, cells=plan.cells, keep=codes)
    before, after = kept_of(plan, codes), again.cells["code"]
    assert_sound(again)
    moved = before.groupby(before).agg(lambda own: after[own.index].nunique())
    assert (moved == 1).all(), "a kept zone was divided"
    assert (after[before.index].groupby(after).agg(lambda own: before[own.index].nunique()) == 1).all()
    kept_codes = after[before.index][after[before.index] == before].nunique()
    lost = set(again.notes.loc[again.notes["reason"] == "kept_code_lost", "code"])
    assert kept_codes + len(lost) == before.nunique()
    assert not (set(after.drop(before.index)) & set(before)), "a kept code went to other land as well"
    assert (after.drop(before.index) != plan.cells["code"].drop(before.index)).any()
    if tier == "grid":
        assert not lost
        assert (after[before.index] == before).all()


def test_drawn_zones_can_be_kept() -> None:
    site = build(Town(seed=5, columns=7, rows=5, per_block=8))
    plan = gg.divide(site, SCHEME, seed=1)
    code = plan.zones("grid").index[1]
    table = plan.zones().table
    drawn = table[table["code"].str.startswith(code)]
    again = gg.divide(site, SCHEME, seed=9, keep=drawn)
    assert_sound(again)
    for tier in SCHEME:
        one = plan.zones(tier.name).geometry.filter(like=code, axis=0)
        two = again.zones(tier.name).geometry.reindex(one.index)
        assert (one.symmetric_difference(two).area < 0.1).all()


def test_what_cannot_be_kept_is_told() -> None:
    site = build(Town(seed=5, columns=4, rows=3, per_block=6))
    plan = gg.divide(site, SCHEME, seed=1)
    code = plan.zones("grid").index[0]
    with pytest.raises(InputError, match=r"cells=plan\.cells"):
        gg.divide(site, SCHEME, keep=[code])
    with pytest.raises(InputError, match="12345"):
        gg.divide(site, SCHEME, cells=plan.cells, keep=["12345"])
    with pytest.raises(InputError, match=code[:12] + "777"):
        gg.divide(site, SCHEME, cells=plan.cells, keep=[code[:12] + "777"])
    coarse = plan.zones().table.query("tier == 'grid'")
    with pytest.raises(InputError, match="finest"):
        gg.divide(site, SCHEME, keep=coarse)
