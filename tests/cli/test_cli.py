"""The command line: files on both sides, exit codes, two languages."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner, Result

import gridgeo as gg
from gridgeo.cli import main
from gridgeo.cli.terminal import Terminal
from gridgeo.files.atomic import write_layers
from gridgeo.messages import Text
from tests.conftest import EAST, NORTH
from tests.made import Town, build

SAMPLE = Path(__file__).parents[2] / "sample_data"
COMMUNITY, DRAWN = SAMPLE / "community.gpkg", SAMPLE / "drawn.gpkg"


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner(env={"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""} | environment).invoke(
        main, [str(argument) for argument in arguments]
    )


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.gpkg"
    result = run("divide", COMMUNITY, "--preset", "zhengzhou", "--seed", 7, "-o", path)
    assert result.exit_code == 0, result.stderr
    return path


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


def test_data_go_to_files_and_words_to_stderr(plan: Path, tmp_path: Path) -> None:
    for arguments in (
        ("check", plan),
        ("map", plan, "-o", tmp_path / "plan.html"),
        ("atlas", plan, "-o", tmp_path / "plan.pdf"),
    ):
        result = run(*arguments)
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert result.stderr != ""


def test_check_of_a_good_plan_is_0_and_of_a_bad_drawing_1(plan: Path, tmp_path: Path) -> None:
    assert run("check", plan).exit_code == 0
    result = run(
        "check", DRAWN, "--site", COMMUNITY, "--json", tmp_path / "report.json", "-o", tmp_path / "faults.gpkg"
    )
    assert result.exit_code == 1
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["state"] == "fail"
    faults = gpd.read_file(tmp_path / "faults.gpkg", layer="faults")
    assert len(faults) == len(report["findings"])
    assert {"rule", "severity", "code", "value", "measure", "message"} <= set(faults.columns)


def test_a_drawing_without_a_site_is_judged_as_far_as_it_can_be() -> None:
    result = run("check", DRAWN)
    assert result.exit_code == 1
    assert "--site" in result.stderr


def test_tiers_are_given_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    result = run("divide", COMMUNITY, "--tier", "grid:300-500@350", "--tier", "micro:30-100@60:3", "-o", path)
    assert result.exit_code == 0, result.stderr
    assert set(gpd.read_file(path, layer="micro")["code"].str.len()) == {18}


def test_layers_are_given_one_by_one(tmp_path: Path) -> None:
    result = run(
        "divide",
        "--buildings",
        f"{COMMUNITY}:buildings",
        "--boundary",
        f"{COMMUNITY}:communities",
        "-o",
        tmp_path / "plan.gpkg",
    )
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("divide", "-o", "x.gpkg"), "--buildings"),
        (("divide", "missing.gpkg", "-o", "x.gpkg"), "missing.gpkg"),
        (("divide", COMMUNITY, "--preset", "wide", "--tier", "a:1-2", "-o", "x.gpkg"), "not both"),
        (("divide", COMMUNITY, "--tier", "a:5-2", "-o", "x.gpkg"), "low"),
        (("divide", COMMUNITY, "--tier", "a:1-9:2", "-o", "x.gpkg"), "digits"),
        (("divide", COMMUNITY, "--households", "hoseholds", "-o", "x.gpkg"), "households"),
        (("divide", COMMUNITY, "--preset", "beijing", "-o", "x.gpkg"), "zhengzhou"),
        (("check", "missing.gpkg"), "missing.gpkg"),
        (("check", __file__), "GeoPackage"),
        (("divide", COMMUNITY, "-o", "plan"), ".gpkg"),
        (("divide", COMMUNITY, "--effort", "30", "-o", "x.gpkg"), "write 30s"),
        (("divide", COMMUNITY, "--keep", "410102013190003", "-o", "x.gpkg"), "--from PLAN"),
        (("divide", COMMUNITY, "--from", DRAWN, "-o", "x.gpkg"), "goes without SITE"),
        (("divide", "--from", DRAWN, "--split-large", "-o", "x.gpkg"), "--split-large"),
        (("divide", "--from", DRAWN, "-o", "x.gpkg"), "not a plan"),
        (("map", COMMUNITY, "-o", "x.html"), "not a plan"),
        (("atlas", COMMUNITY, "-o", "x.pdf"), "not a plan"),
    ],
)
def test_what_cannot_be_used_is_2_and_writes_nothing(
    arguments: tuple[object, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


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
    monkeypatch.setattr("gridgeo.division.divide_community", None)
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
    assert "set aside" in result.stderr
    assert (tmp_path / "plan.gpkg").is_file()


def test_the_account_on_the_screen_counts_what_it_is_about_and_names_the_first(tmp_path: Path) -> None:
    site = build(Town(seed=5, columns=2, rows=2, per_block=8, overlaps=True, crossing=True))
    layers = {role: site.layer(role).reset_index() for role in ("communities", "buildings", "streets")}
    homes = layers["buildings"]
    sheds = homes.iloc[:7].assign(id=[f"shed {k}" for k in range(7)])
    sheds["geometry"] = [shapely.box(x, NORTH + 96, x + 1.5, NORTH + 98) for x in EAST + 3.0 * np.arange(7)]
    layers["buildings"] = pd.concat([homes, sheds, homes.iloc[8:9].assign(id=None)], ignore_index=True)
    path = write_layers(tmp_path / "site.gpkg", layers)
    told = run("divide", path, "--effort", "fast", "-o", tmp_path / "plan.gpkg").stderr.splitlines()
    account = [line.removeprefix("account, ") for line in told if line.startswith("account, ")]
    assert any(line.startswith("buildings: rows accepted: 7; a footprint under 4 m2") for line in account)
    few = " | ".join(f"shed {k} 3.00 m2" for k in range(5))
    assert any(line.endswith(f": {few} ...") for line in account)
    assert "buildings: rows accepted: 1; no id; one was made by place: 1" in account
    assert any(line.startswith("buildings: cases: 2; a footprint is the same") and " | " in line for line in account)
    assert any(line.startswith("buildings: cases: 1; a street") for line in account)
    assert any(line.startswith("streets: a street, wall") and line.endswith(" 20.0 m") for line in account)


def test_a_plan_edited_by_hand_is_judged_or_refused_in_plain_words(plan: Path, tmp_path: Path) -> None:
    layers = {str(name): pyogrio.read_dataframe(plan, layer=str(name)) for name, _ in pyogrio.list_layers(plan)}
    layers.pop("layer_styles")
    micro = layers["micro"]
    moved = layers["cells"].assign(
        code=layers["cells"]["code"].where(layers["cells"].index != 0, micro["code"].iloc[-1])
    )
    without = layers["members"].drop(columns="cut")
    cases = {
        "notes": (layers | {"notes": None}, 0, "check: incomplete"),
        "codes": (layers | {"cells": moved}, 1, "layers_differ"),
        "tier": (layers | {"micro": micro.iloc[:0]}, 1, "tier_missing"),
        "column": (layers | {"members": without}, 2, "cut"),
        "cell": (layers | {"cells": layers["cells"].iloc[1:]}, 2, "cells"),
        "text": (
            layers | {"micro": micro.assign(households=micro["households"].astype(str) + "户")},
            2,
            "whole numbers",
        ),
    }
    for name, (tables, code, words) in cases.items():
        path = write_layers(tmp_path / f"{name}.gpkg", {k: v for k, v in tables.items() if v is not None})
        result = run("check", path)
        assert result.exit_code == code, (name, result.stderr)
        assert words in result.stderr, (name, result.stderr)
        assert "Traceback" not in result.stderr


def test_tiers_of_a_drawing_are_named_by_layer(tmp_path: Path) -> None:
    drawn = {name: pyogrio.read_dataframe(DRAWN, layer=name) for name in ("grid", "micro", "buildings")}
    path = write_layers(
        tmp_path / "drawn.gpkg", {"三级": drawn["grid"], "微": drawn["micro"], "buildings": drawn["buildings"]}
    )
    named = ("--tier-layer", "grid=三级", "--tier-layer", "micro=微")
    result = run("check", path, "--site", COMMUNITY, "--preset", "zhengzhou", *named)
    assert result.exit_code == 1
    assert "grid: 13 zones" in result.stderr
    assert run("check", path, "--tier-layer", "grid").exit_code == 2
    assert run("check", path, "--buildings", COMMUNITY).exit_code == 2


def test_a_problem_is_told_once(tmp_path: Path) -> None:
    result = run("divide", COMMUNITY, "--households", "hoseholds", "-o", tmp_path / "plan.gpkg")
    assert result.stderr.count("hoseholds") <= 2


def test_messages_speak_the_language_of_the_terminal_or_as_asked(plan: Path) -> None:
    assert "check: " in run("check", plan).stderr
    assert "核查：" in run("check", plan, LANG="zh_CN.UTF-8").stderr
    assert "核查：" in run("check", plan, "--lang", "zh").stderr


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


def test_a_class_that_occurs_nowhere_is_warned_of_with_those_that_do(tmp_path: Path) -> None:
    result = run("divide", COMMUNITY, "--dedicated", "scool,Park", "--effort", "fast", "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 0, result.stderr
    warning = next(line for line in result.stderr.splitlines() if line.startswith("warning:"))
    assert "a class scool," in warning
    assert "park 1" in warning
    assert "school 1" in warning
    good = run("divide", COMMUNITY, "--dedicated", "park", "--effort", "fast", "-o", tmp_path / "good.gpkg")
    assert "warning:" not in good.stderr.split("notes of the division")[0]


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
    assert "written" in result.stderr
    monkeypatch.undo()
    assert gg.Plan.load(tmp_path / "plan.gpkg").manifest["interrupted"] == "true"
    told = run("check", tmp_path / "plan.gpkg", "--json", tmp_path / "report.json")
    assert told.exit_code == 0
    assert "interrupted 1" in told.stderr
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["findings"]
    assert [row["rule"] for row in found if row["rule"] == "interrupted"] == ["interrupted"]


def test_rules_run_once_and_the_plan_is_loaded_once(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gridgeo.checks
    import gridgeo.files.plan_file

    calls = []
    check, site = gridgeo.checks.read_check_input, gridgeo.files.plan_file.read_saved_site
    monkeypatch.setattr(
        "gridgeo.checks.read_check_input", lambda *given, **told: calls.append("rules") or check(*given, **told)
    )
    for room in ("gridgeo.files.plan_file", "gridgeo.cli.commands"):
        monkeypatch.setattr(f"{room}.read_saved_site", lambda path: calls.append("site") or site(path))
    # the terminal speaks English, the report is written in Chinese
    result = run("check", plan, "--json", tmp_path / "report.json")
    assert result.exit_code == 0, result.stderr
    assert calls == ["site", "rules"]
    assert "buildings have no household figure" in result.stderr
    assert "户数" in json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["missing"][0]


def test_notes_of_the_plan_and_findings_of_the_check_are_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    result = run("divide", COMMUNITY, "--tier", "micro:50-52:3", "--effort", "fast", "-o", path)
    made = gg.Plan.load(path)
    warnings = int((made.notes["severity"] == "warning").sum())
    assert warnings
    assert f"notes of the division (warnings {warnings}, notes {len(made.notes) - warnings})" in result.stderr
    found = gg.check(made).findings
    assert f"(findings: errors 0, warnings {len(found)}, notes 0)" in result.stderr
    assert f"size {(found['rule'] == 'size').sum()}" in result.stderr


def test_help_names_the_datums_of_map_services() -> None:
    text = " ".join(run("divide", "--help").stdout.split())
    assert "GCJ-02 or BD-09" in text
