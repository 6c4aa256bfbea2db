"""Layers of a plan that differ from its cells, missing tiers, interrupted searches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gridgeo.checks import check
from tests.checks.made_zones import COMMUNITY, M1, M2, PLAN, SITE, ZONES, at, changed, rules


@pytest.mark.parametrize("tier", ["grid", "micro"])
def test_a_tier_without_a_zone_is_one_fault(tier: str) -> None:
    zones = PLAN.zones()
    rest = replace(zones, table=zones.table[zones.table["tier"] != tier])
    report = check(rest, SITE)
    assert rules(report) == ["tier_missing"], report.findings["message"].tolist()
    assert report.findings["code"].tolist() == [tier]


def test_layers_of_a_plan_that_differ_from_its_cells() -> None:
    zones = PLAN.zones()
    assert rules(check(zones, SITE, cells=PLAN)) == []
    codes = PLAN.cells["code"].copy()
    moved = codes[codes == M1].index[0]
    codes[moved] = M2
    report = check(zones, SITE, cells=replace(PLAN, cells=PLAN.cells.assign(code=codes)), lang="en")
    assert set(report.findings["rule"]) == {"layers_differ"}
    assert {M1, M2} <= set(report.findings["code"])
    assert report.findings["message"].str.contains("one truth").all()
    assert report.state == "fail"


def test_a_plan_whose_search_was_interrupted_is_told() -> None:
    plan = replace(PLAN, manifest={"interrupted": "true"})
    for report in (check(plan, lang="en"), check(ZONES, SITE, cells=plan, lang="en")):
        assert rules(report) == ["interrupted"]
        assert report.findings["severity"].tolist() == ["warning"]
        assert report.findings["code"].tolist() == [COMMUNITY]
        assert report.state == "pass"
    assert rules(check(replace(PLAN, manifest={"interrupted": "false"}))) == []


def test_a_zone_that_bears_another_name_than_in_the_registry() -> None:
    zones = changed(at(M1), name="东花园")
    report = check(zones, SITE, cells=PLAN, lang="en")
    assert rules(report) == ["layers_differ"]
    assert report.findings["code"].item() == M1
    assert report.findings["measure"].item() == "name"
    assert "'东花园' in its own layer, but '-'" in report.findings["message"].item()
    assert rules(check(zones, SITE)) == []
