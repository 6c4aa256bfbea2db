"""Small maps side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd

import gridgeo as gg
from gridgeo.comparison import sketch
from gridgeo.model import Plan, Scheme, Site, Tier
from tests.comparison.tiny_plans import PAIRS, coded, line, row, with_layer
from tests.conftest import CODES

SVG = "{http://www.w3.org/2000/svg}"


def fills_of(picture: str) -> list[list[str]]:
    """Colours of the zones of each map."""
    root = ET.fromstring(picture)
    maps = [group for group in root if group.tag == f"{SVG}g"]
    return [[path.attrib["fill"] for path in group.iter(f"{SVG}path") if "fill" in path.attrib] for group in maps]


def test_a_sketch_shows_each_plan_with_its_households(plan: Plan) -> None:
    picture = sketch([plan, coded(plan, PAIRS)], "micro", names=["<now>", "B & C"]).svg
    texts = [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]
    assert texts[:2] == ["<now>", "3 个微网格，每格 60-60 户"]
    assert "3 个微网格，每格 60-60 户 · 33% 的户与 <now> 分法不同" in texts
    assert texts.count("60") == 6
    assert "3 x micro, 60-60 households each" in sketch([plan], "micro", lang="en").svg


def peopled(plan: Plan) -> Plan:
    """The same place, whose micro-grids balance people, of whom there are as many in each building as its number."""
    site = plan.site
    buildings = site.buildings.assign(people=pd.array(range(1, 7), dtype="Int64"))
    scheme = Scheme((plan.scheme.tiers[0], Tier("micro", 1, 9, load="people")))
    return replace(
        plan,
        site=Site({**site.layers, "buildings": buildings}, site.unit_households, site.account),
        scheme=scheme,
    )


def test_figures_and_maps_are_of_the_load_that_the_tier_balances(plan: Plan) -> None:
    people = peopled(plan)
    table = gg.compare([people])
    assert table["balanced load"].tolist() == ["households", "people"]
    assert row(table, "micro", "A")[["smallest load", "median load", "largest load"]].tolist() == [3, 9, 9]
    assert gg.compare([people], lang="zh")["平衡的负荷"].tolist() == ["户数", "people"]
    picture = sketch([people], "micro", lang="en").svg
    assert "3 x micro, 3-9 (people) each" in picture
    texts = [text.text or "" for text in ET.fromstring(picture).iter(f"{SVG}text")]
    assert sorted(texts[2:]) == ["3", "9", "9"]


def test_zones_that_match_have_the_same_colour(plan: Plan) -> None:
    swapped = {"00101": "00102", "00102": "00101", "00201": "00201"}
    first, second = fills_of(sketch([plan, coded(plan, {c: swapped[k] for c, k in CODES.items()})], "micro").svg)
    assert second == [first[1], first[0], first[2]]
    # All three zones border each other, whatever their colours were.
    for fills in fills_of(sketch([plan, coded(plan, PAIRS)], "micro").svg):
        assert len(set(fills)) == 3


def test_a_sketch_runs_nothing_and_asks_nobody(plan: Plan) -> None:
    street = with_layer(plan, "streets", [line((-50, 50), (350, 50))], highway=["residential"])
    shown = sketch([street])
    assert "<script" not in shown.svg
    assert shown.svg.count("http") == 2  # names of the format
    assert shown._repr_html_().startswith("<img ")
    assert sketch([street]).svg == shown.svg
    assert sketch([replace(street, cells=street.cells.iloc[::-1])]).svg == shown.svg


def test_a_sketch_is_saved_by_the_writer(plan: Plan, tmp_path: Path) -> None:
    shown = sketch([plan] * 4)
    assert shown.save(tmp_path / "maps.svg").read_text(encoding="utf-8") == shown.svg
    root = ET.fromstring(shown.svg)
    groups = [group.attrib["transform"] for group in root if group.tag == f"{SVG}g"]
    assert groups[0] == "translate(0 0)"
    assert groups[3].startswith("translate(0 ")  # the fourth begins a new row
    assert groups[3] != groups[0]


def test_made_towns_are_sketched_small(three: list[Plan]) -> None:
    for tier in ("grid", "micro"):
        picture = sketch(three, tier).svg
        assert len(picture) < 60_000
        counts = [len(fills) for fills in fills_of(picture)]
        assert counts == [len(plan.zones(tier)) for plan in three]
