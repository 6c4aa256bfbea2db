"""Layers hold shapes, looks and declared columns only."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from gridgeo.maps.web import explore, page_html
from gridgeo.maps.web.layer_data import PRECISION_DEGREES
from gridgeo.model import Member, Plan, Report, Scheme, Site
from gridgeo.style import colours
from tests.maps.web_pages import layers_of, make_report, rings
from tests.style.made_plan import make_plan


def test_popups_hold_the_declared_columns() -> None:
    found = layers_of(make_plan())
    assert found["grid"]["heads"] == ["统一编码", "类型", "名称", "户数", "楼栋", "面积(公顷)"]
    assert found["grid"]["rows"][0] == ["410105001001001", "三级网格", "", "106 (1 栋（单元）户数不详)", "6", "6.00"]
    assert found["grid"]["rows"][2][1:3] == ["专属网格", "文化路小学"]
    assert found["buildings"]["rows"][1] == ["b000001", "2号楼", "", "", "41010500100100102"]
    assert "rows" not in found["streets"]
    assert layers_of(make_plan(), make_report())["faults_error"]["rows"][0] == ["gap", "盲区 12.5 平方米"]


def test_a_fault_without_a_place_is_not_drawn_and_breaks_nothing() -> None:
    found = layers_of(make_plan(), make_report())
    assert len(found["faults_error"]["rows"]) == 1
    assert {
        shape[1] for key in ("faults_error", "faults_warning", "faults_note") for shape in found[key]["shapes"]
    } == {0, 1, 2}


def test_an_empty_report_adds_no_layer() -> None:
    empty = Report(make_report().findings.iloc[:0])
    assert layers_of(make_plan(), empty).keys() == layers_of(make_plan()).keys()
    assert "检查结果：通过" in page_html(explore(make_plan(), empty))


def test_neighbours_still_share_their_points() -> None:
    plan = make_plan()
    found = rings(layers_of(plan)["micro"])
    points = pd.Series(
        [tuple(point) for ring in found.values() for part in ring for point in part.tolist()]
    ).value_counts()
    corners = shapely.get_coordinates(plan.zones("micro").geometry.to_numpy()).tolist()
    assert len(points) == len(set(map(tuple, corners)))
    assert points.max() == 4


def test_coordinates_are_those_of_the_plan() -> None:
    plan = make_plan()
    degrees = plan.zones("grid").geometry.to_crs("EPSG:4326")
    for row, parts in rings(layers_of(plan)["grid"]).items():
        corners = {
            tuple(point)
            for point in np.round(shapely.get_coordinates(degrees.iloc[row]) / PRECISION_DEGREES).astype(int)
        }
        assert {tuple(point) for point in parts[0]} == corners


def test_colours_are_those_of_all_maps() -> None:
    plan = make_plan()
    assert layers_of(plan)["grid"]["fills"] == colours(plan.zones("grid")).tolist()


def test_labels_stand_inside_their_zone_and_are_not_said_twice() -> None:
    plan = make_plan()
    found = layers_of(plan)
    for (x, y, radius, _), shape in zip(
        found["grid"]["labels"], plan.zones("grid").geometry.to_crs("EPSG:4326"), strict=True
    ):
        assert shape.contains(shapely.Point(x, y))
        assert radius > 40
    assert [label[3] for label in found["grid"]["labels"]] == ["001", "002", "901"]
    assert found["micro"]["labels"][-1][3] == ""


@pytest.mark.parametrize("tiers", [["grid:10-100"], ["a:10-200", "b:10-100", "c:5-50"]])
def test_any_number_of_tiers(tiers: list[str]) -> None:
    scheme = Scheme.parse(tiers)
    found = layers_of(make_plan(scheme=scheme))
    assert list(found)[: len(tiers)] == list(scheme.names)
    assert page_html(explore(make_plan(scheme=scheme)))


def test_units_and_points() -> None:
    plan = make_plan()
    site = dict(plan.site.layers)
    site["buildings"] = site["buildings"].set_geometry(site["buildings"].centroid)
    cells = plan.cells.copy()
    cells.at["c000000", "members"] = (Member("b000000", "1单元", 9, "units"), Member("b000000", "2单元", 11, "units"))
    found = layers_of(Plan(Site(site, plan.site.unit_households, plan.site.account), cells, plan.scheme, plan.registry))
    assert [row[2] for row in found["buildings"]["rows"][:2]] == ["1单元", "2单元"]
    assert {shape[1] for shape in found["buildings"]["shapes"]} == {0}
