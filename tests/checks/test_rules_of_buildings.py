"""Buildings on borders, and lists that name other zones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely import Point, Polygon

from gridgeo.checks import check
from tests.checks.made_zones import (
    EAST,
    M1,
    M2,
    NORTH,
    R1,
    SITE,
    ZONES,
    at,
    hole_in,
    listed,
    rectangle,
    rules,
    two_communities,
    with_buildings,
)


def test_an_overlap_of_footprints_explains_a_split() -> None:
    """A long building over a border whose eastern part is another building's."""
    site = with_buildings({"long": rectangle(90, 240, 110, 250), "east": rectangle(100, 240, 112, 250)})
    report = check(replace(ZONES, buildings=None), site)
    assert rules(report) == ["building_split"]
    assert report.findings["severity"].item() == "note"
    assert report.state == "pass"


def test_a_community_border_explains_a_split() -> None:
    zones, site = two_communities()
    assert rules(check(zones, site)) == []
    layers = {**site.layers, "buildings": with_buildings({"long": rectangle(190, 240, 205, 250)}).buildings}
    report = check(replace(zones, buildings=None), replace(site, layers=layers))
    assert rules(report) == ["building_split"]
    assert report.findings["severity"].item() == "note"


def test_units_of_a_tower_may_lie_in_several_zones() -> None:
    site = with_buildings({"tower": rectangle(90, 240, 110, 250)}, 0)
    rows = [{"id": "tower", "unit": str(k), "households": 0, "code": code} for k, code in enumerate((M1, M2))]
    assert rules(check(listed(*rows), site)) == []


def test_a_unit_is_misplaced_where_nothing_of_its_building_stands() -> None:
    site = with_buildings({"tower": rectangle(90, 240, 110, 250)}, 0)
    rows = [{"id": "tower", "unit": str(k), "households": 0, "code": code} for k, code in enumerate((M1, R1))]
    report = check(listed(*rows), site)
    assert rules(report) == ["member_elsewhere"]
    assert report.findings["code"].item() == "tower/1"


def test_buildings_outside_the_communities_are_not_judged() -> None:
    site = with_buildings(
        {"far": rectangle(500, 0, 520, 20), "edge": rectangle(398, 40, 418, 60), "p": Point(0, 0)}, None
    )
    report = check(ZONES, site)
    assert rules(report) == []
    assert report.state == "pass"


def test_a_point_on_a_border_stands_in_either_zone() -> None:
    site = with_buildings({"p": Point(EAST + 100, NORTH + 250)}, 0)
    for code in (M1, M2):
        assert rules(check(listed({"id": "p", "households": 0, "code": code}), site)) == []


@pytest.mark.parametrize(
    ("footprint", "found"),
    [
        (rectangle(90.1, 240, 104.9, 250), ["building_split"]),
        (rectangle(90.49, 240, 100.49, 250), []),
        (rectangle(90.51, 240, 100.51, 250), ["building_split"]),
        (rectangle(98.19, 240, 100.19, 245), []),
        (rectangle(98.21, 240, 100.21, 245), ["building_split"]),
    ],
    ids=["half", "below 5 %", "above 5 %", "below 1 m2", "above 1 m2"],
)
def test_a_minor_part_beyond_a_border_is_no_split(footprint: Polygon, found: list[str]) -> None:
    assert rules(check(replace(ZONES, buildings=None), with_buildings({"wide": footprint}))) == found


@pytest.mark.parametrize(("width", "found"), [(9.9, "gap"), (10.1, "building_uncovered")])
def test_a_building_is_uncovered_if_more_than_half_of_it_is(width: float, found: str) -> None:
    zones = hole_in(at(M1), rectangle(15, 240, 15 + width, 260))
    report = check(zones, SITE)
    assert rules(report) == [found]
    assert report.findings["value"].item() == pytest.approx(20 * width, rel=1e-3)


@pytest.mark.parametrize(("east", "judged"), [(404.9, ["building_unassigned"]), (405.1, [])])
def test_a_building_counts_if_more_than_half_of_it_is_inside(east: float, judged: list[str]) -> None:
    assert rules(check(ZONES, with_buildings({"edge": rectangle(east - 10, 40, east, 50)}))) == judged
