"""The data of a page: shapes as true as promised, figures as in the plan, declared columns only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridgeo.maps.web import explore, page_html
from gridgeo.maps.web.drawn_shapes import curve_order
from gridgeo.maps.web.number_streams import Chunk, shown
from gridgeo.maps.web.page_chunks import chunks_of
from gridgeo.maps.web.page_subject import subject_of, with_cells
from gridgeo.maps.web.web_plane import plane_of
from gridgeo.model import Member, Plan, Report, Scheme, Site
from gridgeo.style import FILLS, tier_colours
from tests.maps.web_pages import chunks_in, make_report, points_of, read_chunk, zones_drawn
from tests.style.made_plan import make_plan, random_zones

WHOLE = st.lists(st.integers(0, 2**31 - 1))
SIGNED = st.lists(st.integers(-(2**29), 2**29))


@given(whole=WHOLE, signed=SIGNED, texts=st.lists(st.text(st.characters(exclude_categories=("C", "Z")))))
def test_numbers_and_texts_come_back(whole: list[int], signed: list[int], texts: list[str]) -> None:
    chunk = Chunk(said={"a": ["</script>", "城"]})
    chunk.put("whole", whole)
    chunk.put_signed("signed", signed)
    chunk.put_rising("rising", signed)
    chunk.put_texts("texts", texts)
    found = read_chunk(chunk.packed())
    assert found.values == {"said": {"a": ["</script>", "城"]}}
    assert found.streams["whole"] == whole
    assert found.streams["signed"] == found.streams["rising"] == signed
    assert found.streams["texts"] == texts or not any(texts)


def test_a_packed_chunk_cannot_end_its_element() -> None:
    chunk = Chunk(said="</script><!--")
    assert set("<>&\"'") & set(chunk.packed()) == set()


def test_text_is_shown_on_one_line_without_what_has_no_shape() -> None:
    assert shown("a\u202eb\u200bc\x00d\ne") == "abcd e"
    assert shown(None) == shown(pd.NA) == shown(float("nan")) == ""


@pytest.mark.parametrize("depth", [0, 1])
def test_zones_drawn_from_arcs_are_true_to_three_centimetres(depth: int) -> None:
    plan = make_plan()
    zones = plan.zones(plan.scheme.names[depth])
    first = chunks_in(plan)["first"]
    assert first.values["tiers"][depth]["code"] == zones.index.tolist()
    for drawn, true in zip(zones_drawn(first, depth, zones.crs), zones.geometry, strict=True):
        assert shapely.hausdorff_distance(drawn.boundary, true.boundary, densify=0.01) < 0.03


def test_zones_of_cells_are_the_same_and_an_edit_takes_no_geometry() -> None:
    plan = make_plan()
    subject = with_cells(subject_of(plan), plan)
    plane = plane_of(plan.cells.crs, plan.cells.total_bounds)
    first = read_chunk(chunks_of(subject, plane, None)["first"].packed())
    assert len(first.streams["zone_1"]) == len(plan.cells)
    zones = plan.zones("micro")
    for drawn, true in zip(zones_drawn(first, 1, zones.crs), zones.geometry, strict=True):
        assert shapely.hausdorff_distance(drawn.boundary, true.boundary) < 0.03
    taken, given_to = first.streams["zone_1"][0], first.streams["zone_1"][1]
    first.streams["zone_1"] = [given_to if row == taken else row for row in first.streams["zone_1"]]
    after = zones_drawn(first, 1, zones.crs)
    assert after[taken].is_empty
    assert np.isclose(after[given_to].area, zones.area.iloc[[taken, given_to]].sum(), atol=5)


def test_figures_are_those_of_the_plan() -> None:
    grid = chunks_in(make_plan())["first"].values["tiers"][0]
    assert grid["title"] == {"zh": "三级网格", "en": "grid"}
    assert grid["limits"] == [["households", 300, 500]]
    assert grid["label"] == ["001", "002", "901"]
    assert grid["dedicated"] == [0, 0, 1]
    assert grid["name"] == ["", "", "文化路小学"]
    assert (grid["loads"]["households"][0], grid["unknown"][0], grid["buildings"][0], grid["area"][0]) == (
        106,
        1,
        6,
        60000.0,
    )


def test_buildings_bear_the_declared_columns() -> None:
    plan = make_plan()
    found = chunks_in(plan)
    houses, codes = found["buildings"].streams, found["first"].values["tiers"][1]["code"]
    rows = {
        houses["prefix"][prefix] + (str(number) if number else ""): (
            houses["name"][name],
            held - 1 if held else None,
            codes[zone],
        )
        for prefix, number, name, held, zone in zip(
            *(houses[key] for key in ("prefix_of", "number", "name_of", "households", "zone")), strict=True
        )
    }
    assert rows == {
        row.id: (row.name, None if pd.isna(row.households) else row.households, row.code)
        for row in plan.buildings.itertuples(index=False)
    }


def test_colours_are_those_of_all_maps() -> None:
    plan = make_plan()
    tiers = chunks_in(plan)["first"].values["tiers"]
    wanted = tier_colours([plan.zones(name) for name in plan.scheme.names])
    assert [[FILLS[number] for number in tier["fill"]] for tier in tiers] == [list(colours) for colours in wanted]


def test_findings_are_drawn_where_they_have_a_place() -> None:
    found = chunks_in(make_plan(), make_report())["findings"]
    assert [row[:2] for row in found.values["rows"]] == [[0, "gap"], [1, "split"], [2, "limits"]]
    assert [len(points_of(found, name)) for name in ("areas", "lines", "points")] == [1, 1, 1]
    assert [found.streams[f"{name}_row"] for name in ("areas", "lines", "points")] == [[0], [1], [2]]


def test_an_empty_report_is_told() -> None:
    empty = Report(make_report().findings.iloc[:0])
    assert "全覆盖、无重叠" in page_html(explore(make_plan(), empty))


@pytest.mark.parametrize("tiers", [["grid:10-100"], ["a:10-200", "b:10-100", "c:5-50"]])
def test_any_number_of_tiers(tiers: list[str]) -> None:
    scheme = Scheme.parse(tiers)
    found = chunks_in(make_plan(scheme=scheme))["first"]
    assert [tier["key"] for tier in found.values["tiers"]] == list(scheme.names)


def test_units_and_points() -> None:
    plan = make_plan()
    site = dict(plan.site.layers)
    site["buildings"] = site["buildings"].set_geometry(site["buildings"].centroid)
    cells = plan.cells.copy()
    cells.at["c000000", "members"] = (Member("b000000", "1单元", 9, "units"), Member("b000000", "2单元", 11, "units"))
    changed = Plan(Site(site, plan.site.unit_households, plan.site.account), cells, plan.scheme, plan.registry)
    houses = chunks_in(changed)["buildings"].streams
    assert sorted(houses["unit"][number] for number in houses["unit_of"] if number) == ["1单元", "2单元"]
    assert set(houses["footprint_size"]) == {1}


def test_a_drawing_is_drawn_with_all_its_zones(tmp_path: Path) -> None:
    import gridgeo as gg

    zones = random_zones(4, 12).reset_index()
    zones.loc[1, "code"] = zones.loc[0, "code"]
    zones.to_file(tmp_path / "drawn.gpkg", layer="grid")
    drawing = gg.read_zones(tmp_path / "drawn.gpkg")
    first = chunks_in(drawing)["first"]
    assert len(first.values["tiers"][0]["code"]) == 12
    areas = shapely.area(zones_drawn(first, 0, zones.crs))
    assert np.allclose(sorted(areas), sorted(zones.area), atol=20)


def test_what_lies_near_stands_near_along_the_curve() -> None:
    points = shapely.points([[x, y] for x in range(16) for y in range(16)])
    order = curve_order(points)
    assert sorted(order.tolist()) == list(range(256))
    assert shapely.distance(points[order[1:]], points[order[:-1]]).max() == 1
