"""Zones and sites in any order and reference system; nothing given is changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gridgeo.checks import check
from gridgeo.errors import CrsError, InputError
from tests.checks.made_zones import (
    M1,
    M2,
    PLAN,
    SITE,
    ZONES,
    at,
    bow_tie,
    changed,
    hole_in,
    list_of,
    rectangle,
    renamed,
    rules,
    shape,
)


def test_one_tier_alone_is_judged_against_the_communities() -> None:
    micro = replace(ZONES, table=ZONES.table[ZONES.table["tier"] == "micro"], scheme=None)
    assert rules(check(micro, SITE)) == []
    assert rules(check(micro, renamed(SITE, "410105001009"))) == ["code_parent"]


def test_nothing_to_check_is_refused() -> None:
    with pytest.raises(InputError, match="no zones"):
        check(replace(ZONES, table=ZONES.table.iloc[:0]), SITE)
    with pytest.raises(InputError, match="no zones"):
        check(replace(PLAN, cells=PLAN.cells.assign(code=pd.array([pd.NA] * len(PLAN.cells), dtype="string"))))


def test_zones_in_another_reference_system_are_brought_into_the_sites() -> None:
    zones = replace(hole_in(at(M1), rectangle(40, 210, 48, 215)))
    report = check(replace(zones, table=zones.table.to_crs(4326)), SITE)
    assert rules(report) == ["gap"]
    assert report.findings["value"].item() == pytest.approx(40, rel=1e-3)
    assert report.findings.crs == SITE.crs


@pytest.mark.parametrize("crs", [4326, 3857])
def test_without_a_site_area_is_measured_in_metres(crs: int) -> None:
    over = changed(at(M1), geometry=shape(at(M1)).union(rectangle(100, 210, 105, 230)))
    report = check(replace(over, table=over.table.to_crs(crs)))
    assert rules(report) == ["overlap"]
    assert report.findings["value"].item() == pytest.approx(100, rel=0.01)


def test_zones_without_a_reference_system_are_refused() -> None:
    with pytest.raises(CrsError, match="no coordinate reference system"):
        check(replace(ZONES, table=ZONES.table.set_crs(None, allow_override=True)), SITE)


def test_zones_that_do_not_fit_the_reference_system_are_refused() -> None:
    with pytest.raises(CrsError, match="cannot be brought"):
        check(replace(ZONES, table=ZONES.table.set_crs(4326, allow_override=True)), SITE)


def test_the_order_of_rows_does_not_matter() -> None:
    zones = changed(at(M2), hole_in(at(M1), rectangle(40, 210, 48, 215)), households=3)
    first = check(zones, SITE).to_dict()
    rng = np.random.default_rng(7)
    for _ in range(3):
        micro = zones.table[zones.table["tier"] == "micro"]
        micro = micro.iloc[rng.permutation(len(micro))]
        table = pd.concat([zones.table[zones.table["tier"] == "grid"].iloc[::-1], micro])
        members = list_of(zones).sample(frac=1, random_state=1)
        buildings = SITE.buildings.iloc[rng.permutation(len(SITE.buildings))]
        site = replace(SITE, layers={**SITE.layers, "buildings": buildings})
        assert check(replace(zones, table=table, buildings=members), site).to_dict() == first


def test_arguments_are_not_changed() -> None:
    zones = changed(at(M1), geometry=bow_tie())
    before = (zones.table.copy(), list_of(zones).copy(), SITE.buildings.copy())
    check(zones, SITE)
    assert zones.table.equals(before[0])
    assert list_of(zones).equals(before[1])
    assert SITE.buildings.equals(before[2])
