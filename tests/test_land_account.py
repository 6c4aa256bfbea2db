"""What dividing the land did to the layers stands in the account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString, Point, box

from gridgeo.division import divide as divide_site
from gridgeo.land import account, blocks, cells, dangles, surveyed
from gridgeo.load import explain
from gridgeo.messages import LANGS
from gridgeo.plan import Plan
from gridgeo.scheme import Scheme, Tier
from gridgeo.site import ACCOUNT_COLUMNS, Site
from tests.conftest import EAST, NORTH
from tests.test_land import CARRIAGEWAYS, _rect, at, divide, housed, make_site

RIVER = box(40, -5, 60, 105)
OVER = LineString([(20, 50), (80, 50)])


def lines_of(site: Site) -> pd.DataFrame:
    enclosed, table = divide(site)
    lines = account(site, enclosed, table)
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


def test_loose_ends_are_counted_for_each_community() -> None:
    halves = [box(0, 0, 50, 100), box(50, 0, 100, 100)]
    ends = [LineString([(0, 20), (10, 20)]), LineString([(0, 60), (20, 60)]), LineString([(90, 5), (95, 5)])]
    lines = lines_of(make_site([], communities=halves, streets=ends))
    assert lines["reason"].unique().tolist() == ["dead_ends"]
    assert lines["detail"].tolist() == ["000000000001: 2, 30 m", "000000000002: 1, 5 m"]


def test_strips_that_joined_a_block_are_counted() -> None:
    line = one(make_site([_rect(10, 10)], streets=CARRIAGEWAYS), "strips_joined")
    assert (line.layer, line.detail) == ("streets", "000000000001: 1 / 1")


def test_each_deck_is_listed_with_its_place() -> None:
    line = one(make_site([_rect(10, 10)], water=[RIVER], streets=[OVER]), "deck_cut")
    assert line.detail == f"{place(50, 51.5)} 120 m2"


def test_both_shares_of_a_footprint_on_a_border_are_told() -> None:
    halves = [box(0, 0, 50, 100), box(50, 0, 100, 100)]
    site = make_site([box(40, 40, 56, 50), _rect(10, 10), box(80, 40, 104, 50)], communities=halves)
    enclosed, _ = divide(site)
    line = one(site, "footprint_shared")
    assert (line.layer, line.id) == ("buildings", "b0")
    assert line.detail == f"{at(enclosed, 5, 5)} 62%; {at(enclosed, 90, 5)} 38%"


def test_a_footprint_across_a_street_lies_in_one_block_and_has_no_line() -> None:
    site = make_site([box(40, 40, 55, 50)], streets=[LineString([(50, -5), (50, 105)])])
    assert lines_of(site).empty


def test_buildings_in_the_water_are_listed_and_water_with_many_is_listed_instead() -> None:
    river, land = box(40, -5, 60, 1505), [box(0, 0, 100, 1500)]
    line = one(make_site([_rect(10, 10), _rect(45, 700, 4, 4)], communities=land, water=[river]), "in_water")
    assert (line.layer, line.id, line.detail) == ("buildings", "b1", place(47, 702))
    many = make_site([Point(50, 20 + 40 * k) for k in range(13)], communities=land, water=[river])
    line = one(many, "water_built_on")
    assert (line.layer, line.detail) == ("water", f"{place(50, 750)} 13")


@pytest.fixture
def plan() -> Plan:
    site = make_site(housed([_rect(10, 10), _rect(80, 10)], [9, 9]), water=[RIVER], streets=[OVER])
    read = pd.DataFrame([("buildings", "accepted", None, None, None, 2, 18, None)], columns=list(ACCOUNT_COLUMNS))
    site = Site(site.layers, site.unit_households, read.astype(ACCOUNT_COLUMNS))
    return divide_site(site, Scheme((Tier("grid", 5, 30, 15, width=3),)))


def test_a_survey_that_is_shared_changes_nothing() -> None:
    houseboat = box(45, 20, 55, 30)
    site = make_site([_rect(10, 10), _rect(70, 10), houseboat], water=[RIVER], streets=[OVER])
    site.buildings["households"] = pd.array([250, 3, None], dtype="Int64")
    survey = surveyed(site)
    before = [shapely.to_wkb(shapes).tolist() for shapes in (survey.items.shapes, *survey.leaves)]
    enclosed, shared = blocks(site), blocks(site, survey=survey)
    assert_geodataframe_equal(shared, enclosed)
    assert_geodataframe_equal(dangles(site, survey=survey), dangles(site))
    for most in (None, 100):
        table = cells(site, enclosed, max_households=most, split_large=True)
        again = cells(site, shared, max_households=most, split_large=True, survey=survey)
        assert_geodataframe_equal(again, table)
        assert len(table["members"].sum()) == (3 if most is None else 5)
        pd.testing.assert_frame_equal(account(site, shared, again, survey=survey), account(site, enclosed, table))
    assert [shapely.to_wkb(shapes).tolist() for shapes in (survey.items.shapes, *survey.leaves)] == before


def test_the_account_of_a_plan_goes_on_with_what_was_done_to_the_land(plan: Plan) -> None:
    assert plan.site.account["reason"].fillna("").tolist() == ["", "dead_ends", "deck_cut"]
    assert plan.site.account["rows"].sum() == 2


def test_dividing_again_tells_it_once(plan: Plan) -> None:
    again = divide_site(plan.site, plan.scheme, seed=3)
    pd.testing.assert_frame_equal(again.site.account, plan.site.account)


def test_the_account_is_kept_with_the_plan(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan.gpkg")
    pd.testing.assert_frame_equal(Plan.load(tmp_path / "plan.gpkg").site.account, plan.site.account)
