"""Who lives on a border, in a hole or between communities: nobody is left out in silence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Point, Polygon, box

import gridgeo as gg
from gridgeo.files.reading import read_site
from gridgeo.model import BORDER_M
from tests.cli.running import run
from tests.files.made_layers import X, Y, lines, package, square, table, write

EDGES = Polygon([(X, Y), (X + 310, Y + 37), (X + 290, Y + 260), (X - 20, Y + 240)])
SCHEME = gg.Scheme((gg.Tier("grid", 50, 400, 200, 3),))


def homes(places: list[Point], households: int = 10) -> gpd.GeoDataFrame:
    return table(places, id=[f"P{i:02d}" for i in range(len(places))], households=[households] * len(places))


def town(folder: Path, land: Sequence[object], houses: gpd.GeoDataFrame) -> Path:
    codes = [f"41010500100{n + 1}" for n in range(len(land))]
    return package(folder, communities=table(land, code=codes, name=codes), buildings=houses)


@pytest.mark.parametrize("beyond", [0.0, 0.004, 0.009])
def test_homes_on_the_border_are_inside_in_reading_land_and_check(tmp_path: Path, beyond: float) -> None:
    ring = EDGES.buffer(beyond, join_style="mitre").exterior
    places = [ring.interpolate(share, normalized=True) for share in np.random.default_rng(1).random(40)]
    site = read_site(town(tmp_path, [EDGES], homes(places)))
    assert len(site.buildings) == 40
    assert not len(lines(site, "buildings", "outside"))
    moved = shapely.distance(site.buildings.geometry.to_numpy(), np.array(places))
    assert moved.max() <= BORDER_M
    plan = gg.divide(site, SCHEME, seed=1, effort="fast")
    assert plan.zones("grid")["households"].sum() == 400
    report = gg.check(plan, lang="en")
    assert report.findings.empty
    assert report.state == "pass"


def test_a_home_beyond_the_tolerance_is_a_neighbours(tmp_path: Path) -> None:
    places = [Point(X + 50, Y - 2 * BORDER_M), Point(X + 50, Y + 50)]
    site = read_site(town(tmp_path, [box(X, Y, X + 200, Y + 200)], homes(places)))
    assert lines(site, "buildings", "outside")["id"].tolist() == ["P00"]


def with_hole() -> Polygon:
    return Polygon(square(0, 0, 200).exterior, [square(80, 80, 40).exterior])


def test_a_home_in_a_hole_is_nobodys(tmp_path: Path) -> None:
    places = [Point(X + 100, Y + 100), Point(X + 20, Y + 20), Point(X + 300, Y + 20)]
    site = read_site(town(tmp_path, [with_hole()], homes(places, 60)))
    assert lines(site, "buildings", "outside_enclosed")["id"].tolist() == ["P00"]
    assert lines(site, "buildings", "outside")["id"].tolist() == ["P02"]
    report = gg.check(gg.divide(site, SCHEME, seed=1, effort="fast"), lang="en")
    assert report.state == "incomplete"
    assert [text.split(" lie in")[0] for text in report.missing] == ["1 buildings (60 households)"]


@pytest.mark.parametrize(("wide", "nobodys"), [(5.0, True), (60.0, True), (150.0, False)])
def test_a_home_in_a_strip_between_communities_is_nobodys(tmp_path: Path, wide: float, nobodys: bool) -> None:
    land = [box(X, Y, X + 200, Y + 200), box(X + 200 + wide, Y, X + 400 + wide, Y + 200)]
    places = [Point(X + 50, Y + 50), Point(X + 300 + wide, Y + 50), Point(X + 200 + wide / 2, Y + 100)]
    site = read_site(town(tmp_path, land, homes(places)))
    reason = "outside_enclosed" if nobodys else "outside"
    assert lines(site, "buildings", reason)["id"].tolist() == ["P02"]
    assert len(lines(site, "communities", "communities_strip")) == nobodys


def test_a_notch_of_one_community_is_a_neighbours(tmp_path: Path) -> None:
    land = box(X, Y, X + 200, Y + 200).difference(box(X + 90, Y + 100, X + 110, Y + 200))
    site = read_site(town(tmp_path, [land], homes([Point(X + 100, Y + 150), Point(X + 50, Y + 50)])))
    assert lines(site, "buildings", "outside")["id"].tolist() == ["P00"]


def test_where_three_communities_meet_the_outside(tmp_path: Path) -> None:
    land: list[object] = [box(X + 100 * n, Y, X + 100 * (n + 1), Y + 200) for n in range(3)]
    site = read_site(town(tmp_path, land, homes([Point(X + 100, Y + 205), Point(X + 50, Y + 50)])))
    assert lines(site, "buildings", "outside")["id"].tolist() == ["P00"]
    assert not len(lines(site, "communities", "communities_strip"))


def test_rows_that_could_not_be_read_make_a_report_incomplete(tmp_path: Path) -> None:
    houses = table([square(20, 20), None, square(60, 60)], id=list("abc"), households=[60, 70, 60])
    report = gg.check(gg.divide(read_site(write(tmp_path, buildings=houses)), SCHEME, seed=1, effort="fast"), lang="en")
    (missing,) = report.missing
    assert missing.startswith(
        "1 rows of buildings (70 households) could not be read and are in no zone. Correct them as the"
    )
    assert missing.endswith("as the account says (table account of the plan file)")


def test_a_layer_that_may_be_meant_makes_a_report_incomplete(tmp_path: Path) -> None:
    houses = homes([Point(X + 50, Y + 50)], 100)
    path = package(tmp_path, buildings=houses, roads2024=table([square(1, 1)]))
    report = gg.check(gg.divide(read_site(path), SCHEME, seed=1, effort="fast"), lang="en")
    assert report.state == "incomplete"
    assert "roads2024 (streets?)" in report.missing[0]


def test_homes_left_out_stand_in_the_headline(tmp_path: Path) -> None:
    places = [Point(X + 100, Y + 100), Point(X + 20, Y + 20), Point(X + 300, Y + 20)]
    path = town(tmp_path, [with_hole()], homes(places, 60))
    result = run("divide", path, "--tier", "grid:50-400:3", "--effort", "fast", "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 1  # people were set aside
    assert "not in the plan: 2 buildings (120 households) outside all communities" in result.stderr
    path.unlink()
    far = town(tmp_path, [square(0, 0, 200)], homes(places))
    result = run("divide", far, "--tier", "grid:10-400:3", "--effort", "fast", "-o", tmp_path / "plan2.gpkg")
    assert result.exit_code == 0
    assert "not in the plan: 1 buildings (10 households)" in result.stderr
