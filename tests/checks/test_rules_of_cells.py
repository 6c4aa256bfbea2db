"""Land that is not that of the nearest building, in blocks that the account names."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gridgeo.checks import check
from gridgeo.model.site import Site
from gridgeo.model.tables import ACCOUNT_COLUMNS
from tests.checks.made_zones import M1, PLAN, SITE, rules, with_members_of


def told_of(*lines: tuple[str, str], site: Site = SITE) -> Site:
    """A site whose account has lines of these reasons and ids."""
    rows = [("buildings", "accepted", reason, pd.NA, name, 0, pd.NA, "(1.00, 2.00)") for reason, name in lines]
    return replace(site, account=pd.DataFrame(rows, columns=list(ACCOUNT_COLUMNS)).astype(ACCOUNT_COLUMNS))


def test_land_of_another_building_is_told_in_blocks_that_the_account_names() -> None:
    """Two cells swap their land, but for the footprints; each is farther then from all but a strip of what it has."""
    here, there = PLAN.cells.geometry["c00"], PLAN.cells.geometry["c10"]
    one, other = SITE.buildings.geometry["b00"], SITE.buildings.geometry["b10"]
    swapped = PLAN.cells.geometry.copy()
    swapped["c00"], swapped["c10"] = there.difference(other).union(one), here.difference(one).union(other)
    plan = replace(PLAN, cells=PLAN.cells.set_geometry(swapped))
    assert "not_nearest" not in rules(check(plan))
    assert "not_nearest" not in rules(check(replace(plan, site=told_of(("block_without_walls", "elsewhere")))))
    report = check(replace(plan, site=told_of(("block_without_walls", "block"))), lang="en")
    found = report.findings[report.findings["rule"] == "not_nearest"]
    assert found["severity"].tolist() == ["warning"] * 2
    assert found["value"].tolist() == pytest.approx([50 * 100 - 20 * 20] * 2, rel=0.02)
    assert found["message"].str.contains("cell c00 in block block").sum() == 1
    assert found.geometry.iloc[0].intersects(plan.cells.geometry["c00"])


def test_a_good_block_that_was_shared_out_by_distances_has_no_fault() -> None:
    assert rules(check(replace(PLAN, site=told_of(("block_without_walls", "block"))))) == []
    assert rules(check(replace(PLAN, site=told_of(("block_noded_anew", "block"))))) == []


def test_a_block_that_is_one_cell_is_the_land_of_its_largest_building() -> None:
    west = PLAN.cells.index[PLAN.cells["code"] == M1]
    whole = PLAN.cells.drop(index=west[1:])
    whole.at[west[0], "members"] = tuple(member for members in PLAN.cells.loc[west, "members"] for member in members)
    whole.at[west[0], "geometry"] = PLAN.cells.geometry[west].union_all()
    whole["households"] = whole["members"].map(lambda members: sum(member.households or 0 for member in members))
    whole["block"] = whole["block"].where(whole.index != west[0], "west")
    report = check(with_members_of(whole, site=told_of(("block_one_cell", "west"))))
    assert rules(report) == ["not_nearest"]
    assert report.findings["value"].tolist() == pytest.approx([50 * 100], rel=0.02)
    assert report.state == "pass"
