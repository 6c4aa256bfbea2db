"""What is missing makes a report incomplete."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from gridgeo.checks import check
from gridgeo.model import Member
from tests.checks.made_zones import (
    LAX,
    M1,
    M2,
    PLAN,
    RIGHT,
    SITE,
    ZONES,
    at,
    changed,
    list_of,
    listed,
    rules,
    with_buildings,
    with_figure,
    with_members_of,
)


def test_codes_and_figures_are_judged_without_a_site() -> None:
    assert rules(check(changed(at(M1), households=8))) == ["households_unassigned"]
    assert rules(check(changed(at(M1), code=M2))) == ["code_repeated"]
    assert rules(check(changed(at(M1), code=f"{RIGHT}77"))) == ["code_parent"]


def test_without_a_site_the_report_is_incomplete() -> None:
    report = check(ZONES, lang="en")
    assert rules(report) == []
    assert report.state == "incomplete"
    assert "no site" in report.missing[0]
    broken = check(changed(at(M1), code="x"))
    assert rules(broken) == ["code_malformed"]
    assert broken.state == "fail"


def test_unknown_figures_make_the_report_incomplete() -> None:
    cells = PLAN.cells.copy()
    cells.loc["c02", ["households", "n_unknown"]] = (0, 1)
    cells.at["c02", "members"] = (Member("b02", None, None, None),)
    report = check(with_members_of(cells, LAX, with_figure("b02", None)), lang="en")
    assert rules(report) == []
    assert report.state == "incomplete"
    assert report.missing[0].startswith("no household figure: 1 buildings")
    assert "b02" in report.missing[0]


def test_a_building_without_shape_makes_the_report_incomplete() -> None:
    report = check(ZONES, with_buildings({"ghost": None}), lang="en")
    assert rules(report) == []
    assert report.state == "incomplete"
    assert "ghost" in report.missing[-1]


def test_a_figure_for_each_entrance_is_known_too() -> None:
    """The building itself has no figure, its two entrances have; the list shares it out."""
    units = pd.DataFrame({"building": ["b02"] * 2, "unit": ["1", "2"], "households": [2, 3]})
    units = units.astype({"building": "string", "unit": "string", "households": "Int64"})
    site = replace(with_figure("b02", None), unit_households=units)
    rows = [{"id": "b02", "unit": str(k), "households": k + 1, "code": M1} for k in (1, 2)]
    zones = listed(*rows, without=("b02",))
    assert rules(check(zones, site)) == []
    assert check(zones, site).state == "pass"
    lost = listed(rows[0], without=("b02",))
    report = check(lost, site)
    assert rules(report) == ["households_unassigned"]
    assert report.findings["value"].item() == 3


def test_a_layer_of_buildings_without_codes_is_no_list() -> None:
    members = list_of().assign(code=pd.Series(pd.NA, index=list_of().index, dtype="string"))
    assert rules(check(replace(ZONES, buildings=members), SITE)) == []


def test_a_site_without_buildings_is_incomplete() -> None:
    site = replace(SITE, layers={"communities": SITE.communities})
    report = check(replace(ZONES, buildings=None), site)
    assert report.state == "incomplete"


def test_zones_without_figures_are_not_judged() -> None:
    """Outlines are only counted; zones with a list of members have to state what these come to."""
    silent = replace(ZONES, table=ZONES.table.assign(households=pd.array([pd.NA] * 14, "Int64")))
    assert rules(check(replace(silent, buildings=None), SITE)) == []
    report = check(silent, SITE)
    assert rules(report) == ["figures_missing"] * 2
    assert report.state == "incomplete"
    assert "14 zones" in check(silent, SITE, lang="en").missing[0]
