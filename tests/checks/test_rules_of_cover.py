"""Gaps, overlaps, land outside, children outside their parents."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from shapely import Polygon

from gridgeo.checks import check
from tests.checks.made_zones import (
    EAST,
    LAX,
    LEFT,
    M1,
    M2,
    M3,
    M5,
    NORTH,
    PLAN,
    R1,
    RIGHT,
    SITE,
    ZONES,
    at,
    bow_tie,
    changed,
    hole_in,
    rectangle,
    rules,
    shape,
    two_communities,
    with_buildings,
    with_members_of,
)


def test_hairlines_are_no_faults() -> None:
    thin = changed(at(M1), geometry=rectangle(0.004, 200, 100.004, 300))
    assert rules(check(thin, SITE)) == []


def test_a_hole_on_a_hairline_keeps_its_own_area() -> None:
    hole = rectangle(0, 240, 8, 245).union(rectangle(0, 200, 0.002, 300))
    report = check(hole_in(at(M1), hole), SITE)
    assert rules(report) == ["gap"]
    assert report.findings["value"].item() == pytest.approx(40, abs=0.05)


def test_land_lost_in_both_tiers_is_one_finding_that_names_both() -> None:
    hole = rectangle(40, 210, 48, 215)
    report = check(hole_in(at(LEFT, "grid"), hole, hole_in(at(M1), hole)), SITE, lang="en")
    assert rules(report) == ["gap"]
    assert "no grid and micro-grid" in report.findings["message"].item()


def test_two_holes_are_two_findings_with_their_widths() -> None:
    zones = hole_in(at(M1), rectangle(40, 210, 48, 215), hole_in(at(R1), rectangle(240, 205, 250, 206)))
    report = check(zones, SITE, lang="en")
    assert rules(report) == ["gap", "gap"]
    assert sorted(report.findings["value"]) == pytest.approx([10, 40])
    assert "at most 1 m" in report.findings["message"][report.findings["value"] < 20].item()


def test_a_deleted_cell_is_a_gap_and_its_building_is_uncovered() -> None:
    cells = PLAN.cells.drop(index="c00")
    report = check(with_members_of(cells, LAX))
    assert rules(report) == ["building_uncovered", "gap"]
    assert report.findings["value"].tolist() == pytest.approx([400, 5000 - 400])


def test_a_cell_without_code_is_a_gap() -> None:
    cells = PLAN.cells.copy()
    cells.loc["c00", "code"] = pd.NA
    assert rules(check(with_members_of(cells, LAX))) == ["building_uncovered", "gap"]


def test_a_deleted_zone_leaves_no_trace_but_its_land_and_buildings() -> None:
    table = ZONES.table.drop(index=at(M1))
    report = check(replace(ZONES, table=table, scheme=LAX), SITE)
    assert rules(report) == ["building_uncovered", "building_uncovered", "gap"]


def test_a_zone_that_reaches_across_a_corner_overlaps_all_three() -> None:
    """The zone over the corner fits its own neighbours vertex by vertex, so it is not conspicuous by itself."""
    report = check(changed(at(M1), geometry=shape(at(M1)).union(rectangle(97, 197, 103, 203))), SITE)
    assert list(report.findings["code"]) == [f"{M1}, {M2}", f"{M1}, {M3}", f"{M1}, {LEFT}04"]
    assert report.findings["value"].tolist() == pytest.approx([9, 9, 9])


def test_a_gap_round_a_building_is_one_finding() -> None:
    """A building across the gap leaves two pieces of it, but there is one blind spot."""
    zones = hole_in(at(M1), rectangle(10, 242, 40, 258))
    report = check(zones, with_buildings({"hall": rectangle(20, 241, 30, 259)}, None))
    assert rules(report) == ["building_uncovered", "building_uncovered", "gap"]


def test_an_overlap_in_both_tiers_is_reported_once() -> None:
    strip = rectangle(200, 210, 205, 230)
    zones = changed(at(M2), geometry=shape(at(M2)).union(strip))
    zones = changed(at(LEFT, "grid"), zones, geometry=shape(at(LEFT, "grid")).union(strip))
    report = check(zones, SITE)
    assert rules(report) == ["overlap"]
    assert report.findings["code"].item() == f"{M2}, {R1}"


def test_a_grid_grown_over_a_micro_grid_of_the_next_is_one_overlap() -> None:
    grown = shape(at(RIGHT, "grid")).union(shape(at(M2)))
    report = check(changed(at(RIGHT, "grid"), geometry=grown), SITE)
    assert rules(report) == ["overlap"]
    assert report.findings["code"].item() == f"{LEFT}, {RIGHT}"


def test_a_shifted_vertex_of_two_tiers_is_reported_once() -> None:
    hole = Polygon([(EAST, NORTH + 300), (EAST + 20, NORTH + 300), (EAST, NORTH + 280)])
    report = check(hole_in(at(LEFT, "grid"), hole, hole_in(at(M1), hole)), SITE)
    assert rules(report) == ["gap"]


def test_an_invalid_ring_beside_a_hole_does_not_hide_it() -> None:
    zones = hole_in(at(M5), rectangle(40, 80, 48, 85), changed(at(M3), geometry=bow_tie()))
    report = check(zones, SITE)
    assert rules(report) == ["gap", "invalid_ring"]
    assert report.findings["value"].tolist() == pytest.approx([40, 5000])


def test_a_grid_in_the_next_community_is_nesting() -> None:
    zones, site = two_communities()
    grids = zones.table.index[zones.table["tier"] == "grid"]
    moved = changed(
        grids[1], changed(grids[0], zones, geometry=rectangle(0, 0, 210, 300)), geometry=rectangle(210, 0, 400, 300)
    )
    report = check(moved, site)
    assert rules(report) == ["nesting"] * 4
    assert report.findings["value"].sum() == pytest.approx(3000 + 3000)
