"""The command line: files on both sides, exit codes, interruptions."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

import gridgeo as gg
from gridgeo.cli.terminal import Terminal
from gridgeo.files.atomic import write_layers
from gridgeo.messages import Text
from tests.cli.running import COMMUNITY, run


def test_demo_does_the_whole_job(tmp_path: Path) -> None:
    result = run("demo", "-o", tmp_path / "demo")
    assert result.exit_code == 0, result.stderr
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {"plan.gpkg", "plan.html", "plan.pdf", "report.json"} <= names
    for name in names & {"plan.gpkg", "plan.html", "plan.pdf", "report.json"}:
        assert name in result.stderr
    report = json.loads((tmp_path / "demo" / "report.json").read_text(encoding="utf-8"))
    assert report["state"] == "incomplete"
    assert report["counts"]["error"] == 0
    assert (tmp_path / "demo" / "plan.pdf").read_bytes().startswith(b"%PDF")
    again = run("demo", "-o", tmp_path / "demo")
    assert again.exit_code == 2
    assert "--overwrite" in again.stderr
    assert run("demo", "-o", tmp_path / "demo", "--overwrite").exit_code == 0


def test_a_plan_is_a_file_with_a_layer_a_tier(plan: Path) -> None:
    assert {"grid", "micro", "cells", "buildings"} <= {str(name) for name, _ in pyogrio.list_layers(plan)}
    micro = gpd.read_file(plan, layer="micro")
    ordinary = micro[micro["kind"] == "grid"]
    assert ordinary["households"].between(50, 70).mean() >= 0.98
    assert set(micro["code"].str.len()) == {17}


def test_an_existing_output_is_kept(plan: Path) -> None:
    before = plan.read_bytes()
    result = run("divide", COMMUNITY, "-o", plan)
    assert result.exit_code == 2
    assert "--overwrite" in result.stderr
    assert plan.read_bytes() == before


def test_strict_names_what_stands_in_the_way(tmp_path: Path) -> None:
    result = run("divide", COMMUNITY, "--tier", "micro:50-52:3", "--strict", "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 1
    assert "50-52" in result.stderr
    notes = gg.Plan.load(tmp_path / "plan.gpkg").notes
    n = int(notes["reason"].str.startswith("size_").sum())
    assert n
    assert f"--strict: {n} limits or counts are not met" in result.stderr
    assert run("divide", COMMUNITY, "--strict", "-o", tmp_path / "good.gpkg").exit_code == 0


def test_a_count_that_totals_forbid_ends_before_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridgeo.division.pipeline.solve_lands", None)
    tiers = ("--tier", "grid:300-500x3", "--tier", "micro:50-70")
    result = run("divide", COMMUNITY, *tiers, "--strict", "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 2
    assert "3482 households, which make 7 to 11 zones of 300-500" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_households_set_aside_make_1(tmp_path: Path) -> None:
    layers = {name: pyogrio.read_dataframe(COMMUNITY, layer=name) for name in ("communities", "buildings")}
    buildings = layers["buildings"].copy()
    row = buildings.index[buildings["households"].fillna(0) > 5][0]
    buildings.loc[row, "geometry"] = None
    path = write_layers(tmp_path / "site.gpkg", layers | {"buildings": buildings})
    result = run("divide", path, "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 1, result.stderr
    assert "households, not in the plan" in result.stderr
    assert (tmp_path / "plan.gpkg").is_file()


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gridgeo.files.reading.read_site", interrupt)
    result = run("divide", COMMUNITY, "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_zones_of_an_earlier_plan_are_kept_and_the_manifest_says_so(plan: Path, tmp_path: Path) -> None:
    before = gg.Plan.load(plan)
    grid, micro = before.zones("grid").index[0], before.zones("micro").index[-8]
    out = tmp_path / "other.gpkg"
    result = run("divide", "--from", plan, "--keep", f"{grid},{micro}", "--prefer", "equal=9", "--seed", 3, "-o", out)
    assert result.exit_code == 0, result.stderr
    after = gg.Plan.load(out)
    assert set(after.cells.index) == set(before.cells.index)
    codes = after.cells["code"].reindex(before.cells.index)
    held = before.cells["code"].str.startswith(grid)
    assert codes[held].equals(before.cells["code"][held])
    assert len(set(codes[before.cells["code"] == micro])) == 1
    assert not codes.equals(before.cells["code"])
    assert after.manifest["keep"] == ",".join(sorted([grid, micro]))
    assert (after.manifest["cells_passed"], after.manifest["seed"]) == ("true", "3")
    assert after.manifest["tiers"] == before.manifest["tiers"] == "grid:300-500@400:3 micro:50-70@60:2"
    assert after.manifest["prefer"] == "equal=9 compact=1 streets=1 compounds=1"
    # what is not said anew is as in the earlier plan
    again = run("divide", "--from", out, "-o", tmp_path / "again.gpkg")
    assert again.exit_code == 0, again.stderr
    assert gg.Plan.load(tmp_path / "again.gpkg").scheme == after.scheme
    missing = run("divide", "--from", plan, "--keep", grid[:12] + "777", "-o", tmp_path / "no.gpkg")
    assert missing.exit_code == 2
    assert grid[:12] + "777" in missing.stderr


def test_ctrl_c_again_and_again_still_writes_the_best_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pressed = []

    def press(_: Terminal, text: Text) -> None:
        if text.reason in {"step_partition", "step_codes", "step_finish"}:
            pressed.append(text.reason)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Terminal, "step", press)
    result = run("divide", COMMUNITY, "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 130, result.stderr
    assert pressed == ["step_partition", "step_codes", "step_finish"]
    assert "Written" in result.stderr
    monkeypatch.undo()
    assert gg.Plan.load(tmp_path / "plan.gpkg").manifest["interrupted"] == "true"
    told = run("check", tmp_path / "plan.gpkg", "--json", tmp_path / "report.json")
    assert told.exit_code == 0
    assert "warning · interrupted: " in told.stderr
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["findings"]
    assert [row["rule"] for row in found if row["rule"] == "interrupted"] == ["interrupted"]
