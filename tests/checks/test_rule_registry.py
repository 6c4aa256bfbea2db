"""Every rule finds its own fault, once, and nothing else; registry, texts and docs/rules.md agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely import Point, Polygon

from gridgeo.checks import RULES, CheckRule, check
from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault
from gridgeo.files.drawing import read_zones
from gridgeo.files.reading import read_site
from gridgeo.messages import catalogue, has_text, say
from gridgeo.model import SEVERITIES, Plan, Report, Scheme, Site, Zones
from gridgeo.model.report import COLUMNS
from tests.checks.made_zones import (
    COMMUNITY,
    EAST,
    LEFT,
    M1,
    M2,
    M3,
    M5,
    NORTH,
    PEOPLED,
    PLAN,
    R1,
    R2,
    RIGHT,
    SCHEME,
    SITE,
    ZONES,
    at,
    bow_tie,
    changed,
    drawn_twice,
    grown,
    hole_in,
    list_of,
    listed,
    rectangle,
    renamed,
    ring_inside,
    rules,
    shape,
    with_buildings,
    with_cells,
    with_figure,
    with_own_codes,
    with_streets,
)


def test_a_good_plan_has_no_findings() -> None:
    report = check(PLAN)
    assert rules(report) == []
    assert report.state == "pass"
    assert tuple(report.findings.columns) == COLUMNS
    assert report.findings.crs == SITE.crs
    assert rules(check(ZONES, SITE)) == []
    assert rules(check(replace(ZONES, buildings=None), SITE)) == []
    assert rules(check(replace(ZONES, scheme=None), SITE)) == []


CASES: dict[str, tuple[Plan | Zones, Site | None, str, str, float]] = {
    "gap: a hole": (hole_in(at(M1), rectangle(40, 210, 48, 215)), SITE, "gap", COMMUNITY, 40.0),
    "gap: a strip of 2 cm": (hole_in(at(M1), rectangle(0, 299.98, 100, 300)), SITE, "gap", COMMUNITY, 2.0),
    "gap: in the coarse tier alone": (
        hole_in(at(LEFT, "grid"), rectangle(40, 210, 48, 215)),
        SITE,
        "gap",
        COMMUNITY,
        40.0,
    ),
    "gap: a plan whose cell lost some land, in both tiers": (
        with_cells(geometry={"c00": rectangle(10, 0, 50, 100)}),
        None,
        "gap",
        COMMUNITY,
        1000.0,
    ),
    "hairline: a border that was drawn twice": (
        changed(at(M1), geometry=drawn_twice()),
        SITE,
        "hairline",
        f"{M1}, {M2}",
        2 * 20 * 0.05 + 20 * 0.05,
    ),
    "overlap: a zone over its neighbour": (
        changed(at(M1), geometry=shape(at(M1)).union(rectangle(100, 210, 105, 230))),
        SITE,
        "overlap",
        f"{M1}, {M2}",
        100.0,
    ),
    "overlap: across grids it is no nesting": (
        changed(at(M2), geometry=shape(at(M2)).union(rectangle(200, 210, 205, 230))),
        SITE,
        "overlap",
        f"{M2}, {R1}",
        100.0,
    ),
    "outside: a zone beyond the community": (
        changed(at(M1), geometry=shape(at(M1)).union(rectangle(-5, 210, 0, 230))),
        SITE,
        "outside",
        M1,
        100.0,
    ),
    "invalid ring: a bow-tie": (changed(at(M3), geometry=bow_tie()), SITE, "invalid_ring", M3, 5000.0),
    "invalid ring: a spike": (
        changed(
            at(M1),
            geometry=Polygon(
                [*shape(at(M1)).exterior.coords[:2], (EAST + 90, NORTH + 310), *shape(at(M1)).exterior.coords[1:]]
            ),
        ),
        SITE,
        "invalid_ring",
        M1,
        0.0,
    ),
    "multipart: a cell of the plan goes to a zone far off": (with_cells(code={"c31": M1}), None, "multipart", M1, 2.0),
    "multipart: parts that touch in a point": (with_cells(code={"c11": M2}), None, "multipart", M2, 2.0),
    "enclave": (ring_inside(), None, "enclave", M1, 200.0),
    "nesting: a border between grids is moved in one tier": (
        changed(
            at(R1),
            changed(at(M2), geometry=rectangle(100, 200, 205, 300)),
            geometry=rectangle(205, 200, 300, 300),
        ),
        SITE,
        "nesting",
        M2,
        500.0,
    ),
    "code malformed: a letter": (changed(at(M1), code=M1[:-1] + "A"), SITE, "code_malformed", M1[:-1] + "A", 17.0),
    "code malformed: too short": (changed(at(M1), code=M1[:-1]), SITE, "code_malformed", M1[:-1], 16.0),
    "code malformed: missing": (changed(at(M1), code=pd.NA), SITE, "code_malformed", "", 0.0),
    "code malformed: of a grid": (changed(at(LEFT, "grid"), code="x"), SITE, "code_malformed", "x", 1.0),
    "code malformed: full-width digits": (
        changed(at(M1), code=M1[:-1] + "１"),
        SITE,
        "code_malformed",
        M1[:-1] + "１",
        17.0,
    ),
    "code malformed: length without a scheme": (
        replace(changed(at(M1), code=M1 + "0"), scheme=None),
        SITE,
        "code_malformed",
        M1 + "0",
        18.0,
    ),
    "code own: office numbers": (with_own_codes(), SITE, "code_own", "", 12.0),
    "code malformed: an office's own, missing": (
        changed(0, with_own_codes(), code=pd.NA),
        SITE,
        "code_malformed code_own",
        "",
        0.0,
    ),
    "code repeated: an office's own": (
        changed(0, with_own_codes(), code="W-2"),
        SITE,
        "code_repeated code_own",
        "W-2",
        2.0,
    ),
    "code repeated": (changed(at(M1), code=M2), SITE, "code_repeated", M2, 2.0),
    "code repeated: in another grid": (changed(at(M1), code=R2), SITE, "code_repeated", R2, 2.0),
    "code repeated: of grids": (changed(at(LEFT, "grid"), code=RIGHT), SITE, "code_repeated", RIGHT, 2.0),
    "code parent: another grid's code": (changed(at(M1), code=f"{RIGHT}77"), SITE, "code_parent", f"{RIGHT}77", 1.0),
    "code parent: all zones of a grid disagree": (
        changed(at(LEFT, "grid"), code=COMMUNITY + "009"),
        SITE,
        "code_parent",
        COMMUNITY + "009",
        6.0,
    ),
    "code parent: stated": (changed(at(M1), parent=RIGHT), SITE, "code_parent", M1, 1.0),
    "code parent: community": (ZONES, renamed(SITE, "410105001009"), "code_parent", "410105001009", 2.0),
    "building uncovered: a hole as large as the building": (
        hole_in(at(M1), SITE.buildings.geometry["b02"]),
        SITE,
        "building_uncovered",
        "b02",
        400.0,
    ),
    "building uncovered: a point": (
        hole_in(at(M1), rectangle(40, 210, 48, 215)),
        with_buildings({"p": Point(EAST + 44, NORTH + 212)}),
        "building_uncovered gap",
        "p",
        1.0,
    ),
    "building unassigned": (listed(without=("b02",)), SITE, "building_unassigned", "b02", 5.0),
    "building unassigned: to a zone that does not exist": (
        listed({"id": "b02", "households": 5, "code": LEFT + "99"}, without=("b02",)),
        SITE,
        "building_unassigned",
        "b02",
        5.0,
    ),
    "building unknown": (
        listed({"id": "gone", "households": 0, "code": M2}),
        SITE,
        "building_unknown",
        "gone",
        0.0,
    ),
    "building unknown: all of them": (
        replace(ZONES, buildings=list_of().assign(id="x" + list_of()["id"])),
        SITE,
        "building_unknown",
        "",
        24.0,
    ),
    "building misplaced": (
        listed({"id": "b02", "households": 5, "code": M2}, without=("b02",)),
        SITE,
        "member_elsewhere",
        "b02",
        1.0,
    ),
    "building split": (
        replace(ZONES, buildings=None),
        with_buildings({"long": rectangle(94, 240, 104, 250)}),
        "building_split",
        "long",
        40.0,
    ),
    "households unassigned: a zone states too few": (
        changed(at(M1), households=8),
        SITE,
        "households_unassigned",
        M1,
        2.0,
    ),
    "households unassigned: a zone and its grid state too few": (
        changed(at(LEFT, "grid"), changed(at(M1), households=8), households=58),
        SITE,
        "households_unassigned",
        M1,
        2.0,
    ),
    "households unassigned: without a list": (
        replace(changed(at(M1), households=8), buildings=None),
        SITE,
        "households_unassigned",
        M1,
        2.0,
    ),
    "households unassigned: a grid states too few": (
        changed(at(LEFT, "grid"), households=59),
        SITE,
        "households_unassigned",
        LEFT,
        1.0,
    ),
    "households unassigned: the list has fewer than the site": (
        listed({"id": "b02", "households": 3, "code": M1}, without=("b02",)),
        SITE,
        "households_unassigned",
        "b02",
        2.0,
    ),
    "households twice: a zone states too many": (changed(at(M1), households=12), SITE, "households_twice", M1, 2.0),
    "households twice: a member stands twice in one zone": (
        listed({"id": "b02", "households": 5, "code": M1}),
        SITE,
        "households_twice",
        "b02",
        5.0,
    ),
    "households twice: a member stands in two zones, and both count it": (
        changed(at(M2), listed({"id": "b02", "households": 5, "code": M2}), households=15),
        SITE,
        "households_twice size",
        "b02",
        5.0,
    ),
    "households twice: whole, and in units": (
        listed({"id": "b02", "unit": "1", "households": 5, "code": M1}),
        SITE,
        "households_twice",
        "b02",
        5.0,
    ),
    "load differs: a zone that states more people than live in it": (
        changed(at(M1), PEOPLED.zones(), people=33),
        PEOPLED.site,
        "load_differs",
        M1,
        13.0,
    ),
    "figures missing: of one zone": (changed(at(M1), households=pd.NA), SITE, "figures_missing", M1, 10.0),
    "dedicated without institution": (
        changed(at(M1), kind="dedicated"),
        SITE,
        "dedicated_without_institution",
        M1,
        1e4,
    ),
    "dedicated without institution: and too small": (
        changed(at(M1), grown("b02", 1), kind="dedicated"),
        with_figure("b02", 1),
        "dedicated_without_institution size",
        M1,
        1e4,
    ),
    "count differs": (
        replace(ZONES, scheme=Scheme((SCHEME.tiers[0], replace(SCHEME.finest, count=11)))),
        SITE,
        "count_differs",
        COMMUNITY,
        12.0,
    ),
    "count differs: in a given grid": (
        replace(PLAN, manifest={"counts": f"{LEFT}=6,{RIGHT}=5"}),
        None,
        "count_differs",
        RIGHT,
        6.0,
    ),
    "numbering: two numbers swapped": (
        with_cells(code={c: {M1: M2, M2: M1}[k] for c, k in PLAN.cells["code"].items() if k in (M1, M2)}),
        None,
        "numbering",
        M2,
        1.0,
    ),
    "no access": (
        ZONES,
        with_streets(((0, 200), (400, 200)), ((115, 0), (400, 0))),
        "no_access",
        M5,
        15.0,
    ),
    "size: a zone with too many": (grown("b02", 8), with_figure("b02", 8), "size", M1, 13.0),
    "size: a single building above the limit": (grown("b02", 70), with_figure("b02", 70), "size size", LEFT, 125.0),
    "code placeholder": (
        replace(
            ZONES,
            table=ZONES.table.assign(
                code="0" * 12 + ZONES.table["code"].str[12:], parent="0" * 12 + ZONES.table["parent"].str[12:]
            ),
            buildings=list_of().assign(code="0" * 12 + list_of()["code"].str[12:]),
        ),
        renamed(SITE, "0" * 12),
        "code_placeholder",
        "0" * 12,
        2.0,
    ),
}


@cache
def report_of(name: str) -> Report:
    return check(*CASES[name][:2])


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_found_once_by_its_rule(name: str) -> None:
    _, _, rule, code, value = CASES[name]
    report = report_of(name)
    assert rules(report) == rule.split(), report.findings["message"].tolist()
    row = report.findings.iloc[0]
    assert row["code"] == code
    assert row["value"] == pytest.approx(value, rel=1e-3, abs=1e-3)


def test_every_rule_is_broken_above() -> None:
    of_a_file = {"interrupted", "layers_differ", "not_nearest", "one_cause", "tier_missing"}
    # those of a roster are broken with the people
    of_a_file |= {rule.name for rule in RULES if "person" in rule.name or "role" in rule.name}
    assert {case[2].split()[0] for case in CASES.values()} | of_a_file == {rule.name for rule in RULES}


def test_registry_texts_and_documentation_agree() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+)(.*?) \| (.*?) ?\| .+ \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {name: (severity, threshold) for name, severity, _, threshold in rows if severity in SEVERITIES}
    assert told == {rule.name: (rule.severity, rule.threshold) for rule in RULES}
    excuses = {name: excuse for name, severity, excuse, _ in rows if severity in SEVERITIES}
    assert all(f" {rule.excused} where " in excuses[rule.name] for rule in RULES if rule.excused)
    assert {rule.name for rule in RULES if not rule.excused} == {name for name, excuse in excuses.items() if not excuse}
    assert all(has_text(f"check_{rule.name}") for rule in RULES)
    assert [rule.name for rule in RULES] == [rule.find.__name__ for rule in RULES]


def test_a_rule_that_is_added_is_run_and_stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(given: CheckInput) -> Iterator[RuleFault]:
        for excused in (False, True):
            yield RuleFault(0, "x", 1.0, "zones", say("check_interrupted", code="x"), None, excused=excused)

    monkeypatch.setattr("gridgeo.checks.RULES", (*RULES, CheckRule("always", "error", always, excused="note")))
    found = check(PLAN).findings
    assert list(zip(found["rule"], found["severity"], strict=True)) == [("always", "error"), ("always", "note")]


@pytest.mark.parametrize("name", CASES)
def test_messages_speak_both_languages(name: str) -> None:
    broken, site, *_ = CASES[name]
    chinese, english = report_of(name), check(broken, site, lang="en")
    for message in chinese.findings["message"]:
        assert "{" not in message
        assert "。" in message
    for message in english.findings["message"]:
        assert message.isascii() or "²" in message or "１" in message
        assert "{" not in message
    assert rules(chinese) == rules(english)


DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.md"
SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.mark.skipif(not (SAMPLE / "drawn_faults.csv").exists(), reason="the sample data are not there")
def test_each_fault_of_the_drawn_sample_is_found_once_at_its_place() -> None:
    faults = pd.read_csv(SAMPLE / "drawn_faults.csv", dtype=str).sort_values(["rule", "code"]).reset_index(drop=True)
    report = check(read_zones(SAMPLE / "drawn.gpkg"), read_site(SAMPLE / "community.gpkg"))
    found = report.findings.sort_values(["rule", "code"]).reset_index(drop=True)
    assert found["rule"].tolist() == faults["rule"].tolist()
    assert found["code"].tolist() == faults["code"].tolist()
    places = shapely.points(faults["x"].astype(float), faults["y"].astype(float))
    assert (shapely.distance(places, found.geometry.to_numpy()) < 10).all()


def test_the_document_tells_what_to_do_about_each_rule() -> None:
    lines = {
        line.split("`")[1]: line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    }
    for rule in RULES:
        remedy = catalogue()[f"check_{rule.name}"]["en_do"].replace("{code}", "the code")
        assert lines[rule.name].endswith(f"| {remedy} |"), rule.name
