"""Sizes of zones, and buildings above the limit."""

from __future__ import annotations

from dataclasses import replace

from gridgeo.checks import check
from gridgeo.model import Scheme, Tier, outside_limits
from tests.checks.made_zones import COMMUNITY, LAX, M1, PEOPLED, SITE, ZONES, grown, rules, with_figure, with_own_codes


def test_a_building_above_the_limit_is_named() -> None:
    report = check(grown("b02", 70), with_figure("b02", 70), lang="en")
    micro = report.findings[report.findings["code"] == M1]
    assert "b02 (70)" in micro["message"].item()


def test_sizes_name_the_load_that_is_limited() -> None:
    crowd = replace(PEOPLED, scheme=Scheme((LAX.tiers[0], Tier("micro", 1, 15, load="people"))))
    found = check(crowd, lang="en").findings
    assert set(found["measure"]) == {"people"}
    assert found["message"].str.contains(r"20 \(people\)").all()


def test_what_a_drawing_holds_is_counted() -> None:
    """Outlines alone, with an office's codes: households, buildings and land by place; limits are judged by that."""
    site = with_figure("b02", None)
    outlines = replace(with_own_codes(), scheme=Scheme((Tier("own", 8, 12),)))
    outlines = replace(outlines, table=outlines.table.assign(tier="own"))
    report = check(outlines, site, own_codes=True)
    assert report.counted is not None
    counted = report.counted.tier("own")
    assert counted["households"].tolist() == [5] + [10] * 11
    assert counted["n_unknown"].tolist() == [1] + [0] * 11
    assert counted["n_buildings"].tolist() == [2] * 12
    assert counted["area_m2"].round(3).tolist() == [1e4] * 12
    assert set(counted["parent"]) == {COMMUNITY}
    assert rules(report) == ["size"]
    assert report.findings["code"].item() == "W-1"
    assert outside_limits(report.counted).tolist() == [True] + [False] * 11
    assert [str(text) for text in report.headline][1] == "1 of 12 zones outside their limits"
    assert report.to_dict()["limits"] == [
        {"tier": "own", "limits": [{"load": "households", "low": 8, "high": 12}], "zones": 12, "outside": ["W-1"]}
    ]


def test_a_plan_holds_what_it_states() -> None:
    report = check(PEOPLED)
    assert report.counted is not None
    for name in ("code", "parent", "kind", "households", "n_unknown", "n_buildings", "people"):
        assert report.counted.table[name].equals(PEOPLED.zones().table[name]), name


def test_no_limits_are_judged_where_there_are_none() -> None:
    report = check(replace(ZONES, scheme=None), SITE)
    assert [str(text) for text in report.headline] == ["covered without gap or overlap"]
    assert report.counted is not None
    assert outside_limits(report.counted).isna().all()
