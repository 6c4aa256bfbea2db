"""Codes that are malformed, repeated, or of another parent."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from gridgeo.checks import check
from tests.checks.made_zones import LEFT, M1, M2, PLAN, R1, RIGHT, SITE, ZONES, at, changed, rules, with_cells


def test_swapped_codes_in_two_grids_are_two_findings() -> None:
    zones = changed(at(R1), changed(at(M1), code=R1, parent=RIGHT), code=M1, parent=LEFT)
    assert rules(check(zones, SITE)) == ["code_parent", "code_parent"]


def test_swapped_codes_in_one_grid_put_buildings_on_the_wrong_list() -> None:
    zones = changed(at(M2), changed(at(M1), code=M2), code=M1)
    assert rules(check(zones, SITE)) == ["member_elsewhere"] * 4 + ["numbering"]


def test_swapped_codes_of_cells_in_one_grid_are_a_good_plan() -> None:
    swap = {M1: M2, M2: M1}
    plan = with_cells(code={cell: swap.get(code, code) for cell, code in PLAN.cells["code"].items()})
    assert rules(check(plan)) == ["numbering"]


def test_a_zone_drawn_twice_is_an_overlap_and_a_repeated_code() -> None:
    for row in (at(M1), at(LEFT, "grid")):
        twice = replace(ZONES, table=pd.concat([ZONES.table, ZONES.table.loc[[row]]], ignore_index=True))
        twice = replace(twice, table=twice.table.sort_values("tier", kind="stable").reset_index(drop=True))
        assert rules(check(twice, SITE)) == ["code_repeated", "overlap"]


def test_without_a_scheme_most_codes_tell_their_length() -> None:
    """Seven of twelve codes do; six of twelve do not, and then any length will do."""
    table = ZONES.table.copy()
    micro = table.index[table["tier"] == "micro"]
    for longer, found in ((5, ["code_malformed"] * 5), (6, [])):
        codes = table["code"].copy()
        codes[micro[:longer]] += "0"
        zones = replace(ZONES, table=table.assign(code=codes), buildings=None, scheme=None)
        assert rules(check(zones, SITE)) == found
