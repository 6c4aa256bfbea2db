"""Edits by hand: what they change and what they refuse; every one can be taken back to the letter."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo import edits
from gridgeo.errors import CodeError, InputError
from gridgeo.model import Plan, capacity
from tests.conftest import COMMUNITY, box, with_columns
from tests.made import Town, build


def code(text: str) -> str:
    return COMMUNITY + text


def as_bytes(plan: Plan, folder: Path, name: str) -> bytes:
    """The bytes of the plan's file, always under one name, which the file holds."""
    (folder / name).mkdir()
    return plan.save(folder / name / "plan.gpkg").read_bytes()


def test_a_building_is_moved_with_its_land(plan: Plan) -> None:
    moved = gg.edits.move(plan, "002-01", buildings=["b2"])
    assert moved.cells["code"].to_dict() == plan.cells["code"].to_dict() | {"c2": code("00201")}
    assert plan.cells.at["c2", "code"] == code("00102")
    assert moved.zones("micro")["households"].to_dict() == {
        code("00101"): 60,
        code("00102"): 30,
        code("00201"): 90,
    }
    assert moved.edit is not None
    assert moved.edit.zones == (code("001"), code("002"), code("00102"), code("00201"))
    assert moved.edit.outside == (code("00102"), code("00201"))
    assert moved.edit.torn == ()
    assert moved.edit.nested
    row = moved.history.iloc[-1]
    assert (row["step"], row["verb"], row["households"]) == (1, "move", 30)
    assert json.loads(row["before"]) == {"codes": {"c2": code("00102")}, "registry": {}}
    assert moved.registry.equals(plan.registry)


def test_an_edit_that_tears_a_zone_apart_is_done_and_told(plan: Plan) -> None:
    moved = edits.move(plan, "002-01", cells=["c1"])
    assert moved.edit is not None
    assert moved.edit.torn == (code("002"), code("00201"))
    assert edits.undo(moved).edit == edits.outcome_of(moved, plan)


def test_a_merger_keeps_the_code_of_the_largest(plan: Plan) -> None:
    larger = edits.move(plan, "001-02", buildings=["b3"])
    merged = edits.merge(larger, ["001-01", "001-02"])
    assert set(merged.cells["code"]) == {code("00102"), code("00201")}
    old = merged.registry.loc[code("00101")]
    assert (old["status"], old["successor"]) == ("retired", code("00102"))
    assert shapely.equals(old["geometry"], box(0, 100, 200, 200))
    assert list(merged.registry.index) == list(plan.registry.index)
    with pytest.raises(CodeError, match=f"retired, its successor is {code('00102')}"):
        edits.move(merged, code("00101"), buildings=["b6"])


def test_zones_inside_a_merged_one_get_the_next_numbers(plan: Plan) -> None:
    merged = edits.merge(plan, ["001", "002"])
    assert merged.cells.loc[["c3", "c6"], "code"].unique().tolist() == [code("00103")]
    gone = merged.registry.loc[[code("002"), code("00201")]]
    assert gone["successor"].tolist() == [code("001"), code("00103")]
    assert merged.registry.index[-1] == code("00103")
    # a number once given is never given again
    back = edits.merge(edits.merge(merged, ["001-03", "001-01"]), ["001-01", "001-02"])
    assert edits.undo(edits.undo(edits.undo(back))).registry.equals(plan.registry)
    full = plan.registry.rename({code("00102"): f"{code('001')}{capacity(2)}"})
    with pytest.raises(CodeError, match="no number left"):
        edits.merge(replace(plan, registry=full), ["001", "002"])


def test_the_last_zone_that_leaves_a_grid_retires_it(plan: Plan) -> None:
    moved = edits.move(plan, "001-01", buildings=["b3", "b6"])
    assert moved.registry.loc[[code("002"), code("00201")], "successor"].tolist() == [code("001"), code("00101")]
    assert moved.registry["status"].tolist() == ["active", "retired", "active", "active", "retired"]


def test_names_and_locks_stand_in_the_registry(plan: Plan) -> None:
    named = edits.rename(plan, "001", " 东区  一 ")
    assert named.zones("grid").at[code("001"), "name"] == "东区 一"
    assert edits.rename(named, "001", "").registry["name"].isna().all()
    locked = edits.lock(named, "001")
    for refused in (
        lambda: edits.move(locked, "002-01", buildings=["b1"]),
        lambda: edits.move(locked, "001-01", buildings=["b3"]),
        lambda: edits.merge(locked, ["001-01", "001-02"]),
    ):
        with pytest.raises(InputError, match=r"001 \(东区 一\) is locked"):
            refused()
    assert edits.move(edits.unlock(locked, "001"), "002-01", buildings=["b1"]).edit is not None
    assert edits.undo(locked).fingerprint == named.fingerprint != locked.fingerprint


def test_what_cannot_be_done_is_refused_in_words(plan: Plan) -> None:
    for error, words, refused in (
        (InputError, "no such buildings: b7, b9", lambda: edits.move(plan, "001-01", buildings=["b7", "b1", "b9"])),
        (InputError, "no such cells: c7", lambda: edits.move(plan, "001-01", cells=["c7"])),
        (InputError, "no such compounds: x", lambda: edits.move(plan, "001-01", compounds=["x"])),
        (CodeError, "no zone 007", lambda: edits.move(plan, "007", buildings=["b1"])),
        (CodeError, "no code of the tier micro", lambda: edits.move(plan, "001", buildings=["b1"])),
        (InputError, "nothing would change", lambda: edits.move(plan, "001-01", buildings=["b4"])),
        (InputError, "two zones or more of one tier", lambda: edits.merge(plan, ["001-01", "001-01"])),
        (InputError, "two zones or more of one tier", lambda: edits.merge(plan, ["001", "002-01"])),
        (InputError, "no edit to undo", lambda: edits.undo(plan)),
    ):
        with pytest.raises(error, match=words):
            refused()


def test_dedicated_zones_and_other_communities_stay_as_they_are(plan: Plan) -> None:
    last = plan.cells["code"].where(plan.cells.index != "c3", code("90100"))
    with pytest.raises(InputError, match="is a dedicated zone"):
        edits.move(replace(plan, cells=plan.cells.assign(code=last)), "001-01", buildings=["b3"])
    other = "410102013191"
    there = plan.cells["community"].where(plan.cells.index != "c3", other)
    codes = plan.cells["code"].where(plan.cells.index != "c3", other + "00101")
    two = replace(plan, cells=plan.cells.assign(code=codes, community=there))
    with pytest.raises(InputError, match="not in the community of zone"):
        edits.move(two, code("00101"), buildings=["b3"])
    with pytest.raises(CodeError, match="several zones have the label 001-01"):
        edits.move(two, "001-01", buildings=["b6"])


def script(plan: Plan, *steps: dict[str, object]) -> str:
    return json.dumps({"gridgeo_moves": 1, "plan": plan.fingerprint, "steps": steps})


def test_a_script_is_replayed_on_its_own_plan_alone(plan: Plan, tmp_path: Path) -> None:
    text = script(
        plan,
        {"verb": "new", "codes": {code("00103"): ["c1"], code("00201"): ["c2"]}},
        {"verb": "rename", "code": code("00103"), "name": "角"},
        {"verb": "lock", "code": code("00103")},
    )
    (tmp_path / "moves.json").write_text(text, encoding="utf-8")
    done = edits.replay(plan, tmp_path / "moves.json")
    assert done.cells.loc[["c1", "c2"], "code"].tolist() == [code("00103"), code("00201")]
    row = done.registry.loc[code("00103")]
    assert (row["tier"], row["kind"], row["status"], row["name"], row["lock"]) == (
        "micro",
        "grid",
        "active",
        "角",
        True,
    )
    assert edits.replay(plan, text).fingerprint == done.fingerprint
    with pytest.raises(InputError, match="of another plan"):
        edits.replay(done, text)
    for words, bad in (
        ("no script", "{"),
        ("no script", "{}"),
        ("step 1 .* dance", script(plan, {"verb": "dance"})),
        ("step 2 .* lock", script(plan, {"verb": "lock", "code": "001"}, {"verb": "lock"})),
        ("no such cells: c9", script(plan, {"verb": "move", "codes": {code("00101"): ["c9"]}})),
        (
            "is locked",
            script(plan, {"verb": "lock", "code": "001"}, {"verb": "move", "codes": {code("00201"): ["c1"]}}),
        ),
    ):
        with pytest.raises(InputError, match=words):
            edits.replay(plan, bad)
    with pytest.raises(InputError, match=r"nowhere\.json"):
        edits.replay(plan, tmp_path / "nowhere.json")


def test_history_replays_to_the_same_plan(plan: Plan) -> None:
    done = edits.merge(edits.move(plan, "002-01", buildings=["b2"]), ["001", "002"])
    steps = [{"verb": row["verb"], **json.loads(row["arguments"])} for _, row in done.history.iterrows()]
    assert edits.replay(plan, script(plan, *steps)).registry.equals(done.registry)


def test_compounds_and_parts_of_buildings_are_land_too(plan: Plan) -> None:
    index = pd.Index(["C3"], dtype="str", name="id")
    outline = gpd.GeoDataFrame({"name": ["西园"]}, index=index, geometry=[box(0, 0, 100, 200)], crs=plan.cells.crs)
    layers = {**plan.site.layers, "compounds": with_columns(outline, "compounds")}
    site = replace(plan.site, layers=layers)
    place = replace(plan, site=site)
    for name in ("C3", "西园"):
        moved = edits.move(place, "002-01", compounds=[name])
        assert moved.cells.index[moved.cells["code"].eq(code("00201"))].tolist() == ["c1", "c3", "c4", "c6"]
    units = plan.members.assign(
        building=plan.members["building"].replace("b2", "b1"),
        unit=pd.array(["1", "2", *[pd.NA] * 4], dtype="string"),
    )
    parts = replace(plan, members=units)
    assert edits.move(parts, "002-01", buildings=["b1/2"]).cells["code"].eq(code("00201")).sum() == 3
    assert edits.move(parts, "002-01", buildings=["b1"]).cells["code"].eq(code("00201")).sum() == 4


def random_edit(plan: Plan, chance: np.random.Generator) -> Plan:
    """Some edit, which may be refused."""
    zones = [str(zone) for zone in plan.zones().table["code"]]
    finest = sorted(set(plan.cells["code"]))
    verb = chance.choice(["move"] * 5 + ["merge", "merge", "rename", "lock", "unlock", "undo"])
    zone = str(chance.choice(zones))
    if verb == "move":
        cells = chance.choice(plan.cells.index, size=int(chance.integers(1, 4)), replace=False)
        return edits.move(plan, str(chance.choice(finest)), cells=cells)
    if verb == "merge":
        return edits.merge(plan, [zone, str(chance.choice(zones))])
    if verb == "rename":
        return edits.rename(plan, zone, str(chance.choice(["甲", "乙", ""])))
    if verb == "undo":
        return edits.undo(plan)
    return edits.lock(plan, zone) if verb == "lock" else edits.unlock(plan, zone)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
def test_random_edits_keep_the_plan_exact_and_can_all_be_taken_back(seed: int, tmp_path: Path) -> None:
    site = build(Town(seed=seed, columns=3, rows=2, per_block=6, communities=2))
    first = gg.divide(site, gg.Scheme((gg.Tier("grid", 60, 200), gg.Tier("micro", 20, 60))), seed=seed, effort="fast")
    plan, chance, stack, refused = first, np.random.default_rng(seed), [first], 0
    land, households = shapely.union_all(first.cells.geometry.to_numpy()).area, int(first.members["households"].sum())
    while len(stack) < 30:
        try:
            edited = random_edit(plan, chance)
        except (InputError, CodeError):
            refused += 1
            continue
        stack = stack[:-1] if len(edited.history) < len(plan.history) else [*stack, edited]
        plan = edited
        assert plan.fingerprint == stack[-1].fingerprint
        assert plan.cells["code"].str[:12].eq(plan.cells["community"]).all()
        for tier in plan.scheme:
            zones = plan.zones(tier.name)
            assert zones["households"].sum() == households
            assert zones.area.sum() == pytest.approx(land, abs=1e-3)
            assert set(zones.index) == set(plan.registry.index[plan.registry["tier"].eq(tier.name) & active(plan)])
    assert refused
    assert len(stack) > 20
    faults = gg.check(plan).findings
    assert not set(faults.loc[faults["severity"].eq("error"), "rule"]) & {
        "gap",
        "overlap",
        "outside",
        "building_uncovered",
        "nesting",
        "building_unassigned",
        "member_elsewhere",
        "households_unassigned",
        "households_twice",
        "code_parent",
        "code_repeated",
        "layers_differ",
    }, faults
    plan = Plan.load(plan.save(tmp_path / "plan.gpkg"))
    while len(stack) > 1:
        stack.pop()
        plan = edits.undo(plan)
        assert plan.registry.drop(columns="geometry").equals(stack[-1].registry.drop(columns="geometry"))
    assert as_bytes(plan, tmp_path, "undone") == as_bytes(first, tmp_path, "first")


def active(plan: Plan) -> pd.Series:
    return plan.registry["status"].eq("active")


def test_no_script_gives_a_retired_code_to_other_land(plan: Plan) -> None:
    merged = edits.merge(plan, ["001-01", "001-02"])
    retired = str(merged.registry.index[merged.registry["status"].eq("retired")][0])
    with pytest.raises(CodeError, match=f"zone {retired} is retired"):
        edits.replay(merged, script(merged, {"verb": "new", "codes": {retired: ["c1"]}}))
