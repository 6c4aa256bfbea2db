"""Sizes of zones, and buildings above the limit."""

from __future__ import annotations

from dataclasses import replace

from gridgeo.checks import check
from gridgeo.model import Scheme, Tier
from tests.checks.made_zones import LAX, M1, PEOPLED, grown, with_figure


def test_a_building_above_the_limit_is_named() -> None:
    report = check(grown("b02", 70), with_figure("b02", 70), lang="en")
    micro = report.findings[report.findings["code"] == M1]
    assert "b02 (70)" in micro["message"].item()


def test_sizes_name_the_load_that_is_limited() -> None:
    crowd = replace(PEOPLED, scheme=Scheme((LAX.tiers[0], Tier("micro", 1, 15, load="people"))))
    found = check(crowd, lang="en").findings
    assert set(found["measure"]) == {"people"}
    assert found["message"].str.contains(r"20 \(people\)").all()
