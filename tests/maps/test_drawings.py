"""Drawings on the screen and on paper, with their findings; limits, and what was not met, on every sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gridgeo.checks import check
from gridgeo.errors import InputError
from gridgeo.maps.pdf import atlas
from gridgeo.maps.web import explore, page_html
from gridgeo.maps.web.page_subject import subject_of
from gridgeo.model import Plan, Scheme, Tier, Zones, shown_zones
from tests.checks.made_zones import M1, PLAN, SITE, ZONES, at, bow_tie, changed, with_own_codes
from tests.maps.printed_sheets import pages_of


def drawing() -> Zones:
    """Micro-grids with an office's codes, one of them with a crossed outline, one without a code."""
    zones = changed(2, with_own_codes(), geometry=bow_tie(), code=pd.NA)
    return replace(zones, table=zones.table.assign(tier="own"), scheme=Scheme((Tier("own", 11, 30),)))


def test_a_drawing_is_drawn_with_what_was_counted(tmp_path: Path) -> None:
    report = check(drawing(), SITE)
    page = page_html(explore(drawing(), report, site=SITE, lang="en"))
    assert "W-1" in subject_of(drawing(), report, SITE).tiers[0].index
    assert "own limits 11-30 households: 12 of 12 outside" in page
    sheets = pages_of(atlas(drawing(), tmp_path / "drawn.pdf", report=report, site=SITE))
    assert len(sheets) == 1 + 12 + 1
    assert "花园社区" in sheets[0]
    assert any("W-1" in sheet and "b02" in sheet for sheet in sheets[1:-1])


def test_a_drawing_without_site_or_report_is_drawn_all_the_same(tmp_path: Path) -> None:
    assert page_html(explore(drawing()))
    assert "W-1" in subject_of(drawing()).tiers[0].index
    assert len(pages_of(atlas(drawing(), tmp_path / "drawn.pdf"))) == 1 + 12


def test_what_is_neither_plan_nor_zones_is_refused() -> None:
    with pytest.raises(InputError, match="DataFrame"):
        shown_zones(pd.DataFrame())  # type: ignore[arg-type]


def test_zones_of_repeated_codes_and_of_several_tiers_are_drawn(tmp_path: Path) -> None:
    zones = changed(at(M1), code="41010500100100102")
    report = check(zones, SITE)
    assert page_html(explore(zones, report, site=SITE))
    sheets = pages_of(atlas(zones, tmp_path / "drawn.pdf", report=report, site=SITE))
    assert "001-02" in sheets[1]


def test_each_sheet_tells_limits_and_which_zones_are_outside(tmp_path: Path) -> None:
    scheme = Scheme((Tier("grid", 60, 80, width=3), Tier("micro", 11, 12, width=2)))
    sheets = pages_of(atlas(replace(PLAN, scheme=scheme), tmp_path / "plan.pdf"))
    assert "三级网格限值 60-80 户：2 个全部在限值内" in sheets[0]
    assert "微网格限值 11-12 户：12 个中有 12 个不在限值内" in sheets[0]
    assert "微网格限值 11-12 户：6 个中有 6 个不在限值内 01 02" in sheets[2]
    english = pages_of(atlas(replace(PLAN, scheme=scheme), tmp_path / "plan_en.pdf", lang="en"))
    assert "micro-grid limits 11-12 households: 6 of 6 outside" in english[1]
    assert ZONES.scheme is not None


def with_divided_towers() -> Plan:
    """The plan, where the last building of the left grid goes on into the right one, and another lies in two micro-grids."""
    members, first = PLAN.members.copy(), {"b30": "b30", "b40": "b30", "b10": "b10", "b11": "b10"}
    own = members["building"].map(first)
    unit = pd.Series({"b30": "1", "b40": "2", "b10": "1", "b11": "2"}).reindex(members["building"]).to_numpy()
    cut = pd.array(["equal" if is_part else pd.NA for is_part in own.notna()], dtype="string")
    members = members.assign(
        building=own.fillna(members["building"]), unit=pd.array(unit, dtype="string"), cut=pd.array(cut, dtype="string")
    )
    return replace(PLAN, members=members)


def test_buildings_of_several_zones_count_once_on_sheets_page_and_in_tables(tmp_path: Path) -> None:
    plan = with_divided_towers()
    true = plan.members["building"].nunique()
    assert plan.zones("micro")["n_buildings"].sum() == true + 2
    assert plan.zones("grid")["n_buildings"].sum() == true + 1
    sheets = pages_of(atlas(plan, tmp_path / "plan.pdf", lang="en"))
    assert f"{true} buildings" in sheets[0]
    for code, sheet in zip(plan.zones("grid").index, sheets[1:], strict=True):
        assert f"{plan.zones('grid')['n_buildings'][code]} buildings" in sheet
    assert f"{true} buildings" in page_html(explore(plan, lang="en"))


def test_a_drawing_counts_buildings_as_its_check_does(tmp_path: Path) -> None:
    report = check(drawing(), SITE)
    assert report.counted is not None
    assert report.counted.buildings is not None
    counted = report.counted.buildings.groupby("code")["id"].nunique()
    stated = report.counted.table.fillna({"code": ""}).set_index("code")["n_buildings"]
    assert counted.reindex(stated.index, fill_value=0).tolist() == stated.tolist()
    shown = shown_zones(drawing(), report, SITE)
    sheets = pages_of(atlas(drawing(), tmp_path / "drawn.pdf", report=report, site=SITE, lang="en"))
    held = shown.n_buildings("own", shown.zones("own").index)
    assert held == report.counted.buildings.dropna(subset="code")["id"].nunique() > 20
    assert f"{held} buildings" in sheets[0]
    assert f"{held} buildings" in page_html(explore(drawing(), report, site=SITE, lang="en"))
