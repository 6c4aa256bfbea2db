"""The command line: files on both sides, exit codes, two languages."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from click.testing import CliRunner, Result

from gridgeo.cli import main
from gridgeo.files import write_layers

SAMPLE = Path(__file__).parents[1] / "sample_data"
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
    assert result.exit_code == 2
    assert "50-52" in result.stderr
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


def test_a_plan_edited_by_hand_is_judged_or_refused_in_plain_words(plan: Path, tmp_path: Path) -> None:
    layers = {str(name): pyogrio.read_dataframe(plan, layer=str(name)) for name, _ in pyogrio.list_layers(plan)}
    layers.pop("layer_styles")
    micro = layers["micro"]
    moved = layers["cells"].assign(
        code=layers["cells"]["code"].where(layers["cells"].index != 0, micro["code"].iloc[-1])
    )
    without = layers["buildings"].drop(columns="cut")
    cases = {
        "notes": (layers | {"notes": None}, 0, "check: incomplete"),
        "codes": (layers | {"cells": moved}, 1, "layers_differ"),
        "tier": (layers | {"micro": micro.iloc[:0]}, 1, "tier_missing"),
        "column": (layers | {"buildings": without}, 2, "cut"),
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

    monkeypatch.setattr("gridgeo.load.read_site", interrupt)
    result = run("divide", COMMUNITY, "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 130
    assert list(tmp_path.iterdir()) == []
