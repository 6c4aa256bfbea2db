"""Figures of plans side by side."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.model import Plan, Scheme, Tier
from tests.comparison.tiny_plans import PAIRS, coded, line, row, square, with_cells, with_layer
from tests.conftest import CODES
from tests.made import SCHEME, Town, build


def figures(plan: Plan, tier: str) -> pd.Series:
    return row(gg.compare([plan]), tier, "A")


def test_figures_of_the_tiny_plan_by_hand(plan: Plan) -> None:
    table = gg.compare([plan, coded(plan, PAIRS)], ["now", "upright"])
    assert table.index.tolist() == [("grid", "now"), ("grid", "upright"), ("micro", "now"), ("micro", "upright")]
    assert row(table, "grid", "now").tolist() == [
        2,  # zones
        0,  # dedicated
        "households",
        100.0,  # within limits
        60,
        90.0,
        120,
        30.0,  # |120 - 100| and |60 - 100| of 100
        0.74,  # a square, pi / 4, and a rectangle of 1 by 2, 2 pi / 9
        200,  # x = 200
        0.0,  # no streets at all
        0,
        0,
        200,  # from c1 by c2 to c5
        0.0,
    ]
    micro = [3, 0, "households", 100.0, 60, 60.0, 60, 0.0, 0.7, 400, 0.0, 0, 0, 100, 0.0]
    assert row(table, "micro", "now").tolist() == micro
    assert row(table, "micro", "upright").iloc[-1] == 33.3
    assert row(table, "grid", "upright").iloc[-1] == 0


def test_limits_are_inclusive_and_counts_make_targets(plan: Plan) -> None:
    strict = replace(plan, scheme=Scheme((Tier("grid", 61, 120, 100, width=3), Tier("micro", 60, 60, 60))))
    assert figures(strict, "grid")["zones within limits [%]"] == 50
    assert figures(strict, "micro")["zones within limits [%]"] == 100
    counted = replace(plan, scheme=Scheme((Tier("grid", 60, 120, 100, width=3, count=2), Tier("micro", 50, 70, 60))))
    assert figures(counted, "grid")["mean deviation from target [%]"] == pytest.approx(33.3)  # 30 of 90


@pytest.mark.parametrize(("off", "grid", "micro"), [(0, 100, 50), (2.9, 100, 50), (3.2, 0, 0)])
def test_borders_follow_streets_within_3_m(plan: Plan, off: float, grid: float, micro: float) -> None:
    # Borders of micro-grids: x = 200, and y = 100 west of it, 200 m each.
    street = with_layer(plan, "streets", [line((200 + off, -5), (200 + off, 205))], highway=["residential"])
    label = "inner borders along streets, railways, water [%]"
    assert figures(street, "grid")[label] == grid
    assert figures(street, "micro")[label] == micro


def test_a_street_that_is_crossed_or_out_of_sight_is_not_followed(plan: Plan) -> None:
    label = "inner borders along streets, railways, water [%]"
    across = with_layer(plan, "streets", [line((-5, 50), (305, 50))], highway=["residential"])
    assert figures(across, "grid")[label] == 0
    tunnel = with_layer(plan, "streets", [line((200, -5), (200, 205))], highway=["primary"], tunnel=[True])
    assert figures(tunnel, "grid")[label] == 0
    railway = with_layer(plan, "railways", [line((200, -5), (200, 205))], railway=["rail"])
    assert figures(railway, "grid")[label] == 100


def test_a_border_beside_water_is_followed(plan: Plan) -> None:
    kinds = pd.Series("land", index=plan.cells.index).where(plan.cells.index != "c6", "water").astype("string")
    river = replace(plan, cells=plan.cells.assign(kind=kinds))
    assert figures(river, "grid")["inner borders along streets, railways, water [%]"] == 50


def test_divided_compounds_inside_the_community(plan: Plan) -> None:
    shapes = [shapely.box(5, 5, 195, 95), shapely.box(5, 5, 95, 195), shapely.box(205, 5, 390, 195)]
    for shape, grid, micro in ((shapes[0], 0, 0), (shapes[1], 0, 1), (shapely.box(105, 5, 295, 95), 1, 1)):
        place = with_layer(plan, "compounds", [shape], name=["小区"])
        assert figures(place, "grid")["compounds divided"] == grid
        assert figures(place, "micro")["compounds divided"] == micro
    # One that reaches out of the community is not for this plan to keep whole.
    crossing = coded(with_layer(plan, "compounds", shapes[2:], name=["小区"]), {**CODES, "c6": "00202"})
    assert figures(crossing, "micro")["compounds divided"] == 0


def test_a_zone_on_both_sides_of_a_wall_is_cut(plan: Plan) -> None:
    blocks = pd.Series("one", index=plan.cells.index).where(plan.cells.index != "c6", "two").astype("string")
    walled = replace(plan, cells=plan.cells.assign(block=blocks))
    label, walk = "zones cut by a wall, railway, motorway or river", "longest walk inside a zone [m]"
    wall = with_layer(walled, "barriers", [line((200, 100), (305, 100))], barrier=["wall"])
    assert figures(wall, "grid")[label] == figures(wall, "micro")[label] == 1
    assert figures(wall, "micro")[walk] == 100
    hedge = with_layer(walled, "barriers", [line((200, 100), (305, 100))], barrier=["hedge"])
    assert figures(hedge, "micro")[label] == 0
    # In one zone there is a way round the wall, by a street west of it: longer, but the zone is whole.
    street = with_layer(wall, "streets", [line((200, 100), (200, 205))], highway=["residential"])
    whole = coded(street, dict.fromkeys(CODES, "00101"))
    assert figures(whole, "micro")[label] == 0
    assert figures(whole, "micro")[walk] == 300
    to_c6 = coded(street, {**dict.fromkeys(CODES, "00102"), "c3": "00101", "c2": "00101", "c5": "00101", "c6": "00101"})
    assert figures(to_c6, "grid")[label] == figures(to_c6, "micro")[label] == 0
    assert figures(to_c6, "micro")[walk] == 300  # from c3 by c2 and c5 to c6; without the wall 100


def test_one_zone_has_no_inner_border_and_one_building_no_walk(plan: Plan) -> None:
    label, walk = "inner borders along streets, railways, water [%]", "longest walk inside a zone [m]"
    whole = coded(plan, dict.fromkeys(CODES, "00101"))
    assert figures(whole, "micro")[label] is pd.NA
    assert figures(whole, "micro")["inner borders in all [m]"] == 0
    each = coded(plan, {cell: f"0010{cell[1]}" for cell in CODES})
    assert figures(each, "micro")[walk] == 0
    nobody = with_cells(plan, plan.cells.assign(members=[()] * 6))
    assert figures(nobody, "micro")[walk] == 0


def test_walks_are_the_longest_of_the_shortest() -> None:
    scheme = Scheme((Tier("zone", 1, 100, width=3),))
    # A ring of eight cells round one that is another zone: the opposite corner is four steps away.
    ring = square(3, ["001"] * 4 + ["002"] + ["001"] * 4, scheme)
    assert figures(ring, "zone")["longest walk inside a zone [m]"] == 40
    assert figures(square(30, ["001"] * 900, scheme), "zone")["longest walk inside a zone [m]"] == 580


def test_tables_are_typed_named_and_spoken(plan: Plan) -> None:
    table = gg.compare([plan, plan])
    assert {str(dtype) for dtype in table.dtypes} == {"Int64", "Float64", "string"}
    assert table.index.names == ["tier", "plan"]
    assert table.index.get_level_values("plan").unique().tolist() == ["A", "B"]
    chinese = gg.compare([plan], ["现状"], lang="zh")
    assert chinese.index.tolist() == [("三级网格", "现状"), ("微网格", "现状")]
    assert chinese.index.names == ["网格级", "方案"]
    assert chinese.columns[0] == "网格数"
    assert len(set(chinese.columns)) == len(chinese.columns) == len(table.columns)
    assert chinese.pop("平衡的负荷").tolist() == ["户数", "户数"]
    assert (chinese.to_numpy() == table.xs("A", level="plan").drop(columns="balanced load").to_numpy()).all()


def test_a_tier_that_the_first_plan_lacks_has_no_difference(plan: Plan) -> None:
    scheme = Scheme((Tier("grid", 60, 120, 100, width=3), Tier("pico", 50, 70, 60)))
    table = gg.compare([plan, replace(plan, scheme=scheme)])
    label = table.columns[-1]
    assert table.loc[("grid", "B"), label] == 0
    assert table.loc[("pico", "B"), label] is pd.NA
    assert table.index.get_level_values("tier").unique().tolist() == ["grid", "micro", "pico"]


def test_names_must_fit_and_there_must_be_plans(plan: Plan) -> None:
    with pytest.raises(InputError, match="no plans"):
        gg.compare([])
    with pytest.raises(InputError, match="2 different names, not: one"):
        gg.compare([plan, plan], ["one"])
    with pytest.raises(InputError, match="different names"):
        gg.compare([plan, plan], ["one", "one"])
    assert gg.compare([plan] * 27).index[-1] == ("micro", "27")


def test_dedicated_zones_are_counted_but_not_judged() -> None:
    plan = gg.divide(build(Town(3, 3, 2, school=True, pond=True, railway=True)), SCHEME, effort="fast")
    table = gg.compare([plan])
    micro = plan.zones("micro")
    assert table.loc[("micro", "A"), "of them dedicated"] == (micro["kind"] == "dedicated").sum() == 1
    ordinary = micro.loc[micro["kind"] == "grid", "households"]
    assert table.loc[("micro", "A"), "smallest load"] == ordinary.min()
    assert table.loc[("micro", "A"), "largest load"] == ordinary.max()
