"""Edits on the command line: in the order given, all of them or none."""

from __future__ import annotations

import json
from pathlib import Path

from gridgeo.model import Plan
from gridgeo.style import label
from tests.cli.running import run


def _other_zone(plan: Plan, building: str) -> str:
    """The label of a finest zone in which a building is not."""
    its = str(plan.buildings.loc[building, "code"])
    return next(label(code, plan.scheme) for code in sorted(set(plan.cells["code"])) if code[:15] != its[:15])


def test_edits_are_done_in_the_order_given(plan: Path, tmp_path: Path) -> None:
    before, out = Plan.load(plan), tmp_path / "plan2.gpkg"
    to = _other_zone(before, "B017")
    lock = ["--lock", to[:3]]
    done = run(
        "edit", plan, "--rename", f"{to}=东区", "--move", f"B017={to}", *lock, "--rename", f"{to}=西=区", "-o", out
    )
    assert done.exit_code == 0, done.stderr
    assert "4 edits done" in done.stderr
    assert "households are in another zone" in done.stderr
    after = Plan.load(out)
    assert after.history["verb"].tolist() == ["rename", "move", "lock", "rename"]
    moved = str(after.buildings.loc["B017", "code"])
    assert label(moved, after.scheme) == to
    assert after.registry.at[moved, "name"] == "西=区"
    refused = run("edit", plan, *lock, "--move", f"B017={to}", "-o", tmp_path / "none.gpkg")
    assert refused.exit_code == 2
    assert "is locked" in refused.stderr
    assert not (tmp_path / "none.gpkg").exists()
    back = run("edit", out, "--undo", "--undo", "--undo", "--undo", "-o", tmp_path / "back.gpkg")
    assert back.exit_code == 0, back.stderr
    assert Plan.load(tmp_path / "back.gpkg").fingerprint == before.fingerprint


def test_a_merger_and_a_script(plan: Path, tmp_path: Path) -> None:
    before = Plan.load(plan)
    one, other = (label(code, before.scheme) for code in sorted(set(before.cells["code"]))[:2])
    merged = run("edit", plan, "--merge", f"{one},{other}", "-o", tmp_path / "merged.gpkg")
    assert merged.exit_code == 0, merged.stderr
    assert "is outside its limits" in merged.stderr
    script = tmp_path / "moves.json"
    steps = [{"verb": "rename", "code": one, "name": "甲"}]
    script.write_text(json.dumps({"gridgeo_moves": 1, "plan": before.fingerprint, "steps": steps}), encoding="utf-8")
    replayed = run("edit", plan, "--script", script, "--unlock", one, "-o", tmp_path / "replayed.gpkg")
    assert replayed.exit_code == 0, replayed.stderr
    other_plan = run("edit", tmp_path / "merged.gpkg", "--script", script, "-o", tmp_path / "x.gpkg")
    assert other_plan.exit_code == 2
    assert "of another plan" in other_plan.stderr


def test_what_is_not_asked_well_is_told(plan: Path, tmp_path: Path) -> None:
    for arguments, words in (
        ([], "no edit is asked for"),
        (["--move", "B017"], "--move B017 is not written as it should be"),
        (["--move-compound", "C3=001-01"], "no such compounds: C3"),
        (["--undo"], "no edit to undo"),
    ):
        result = run("edit", plan, *arguments, "-o", tmp_path / "x.gpkg")
        assert result.exit_code == 2
        assert words in result.stderr, result.stderr
