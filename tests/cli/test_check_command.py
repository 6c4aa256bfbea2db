"""The command check: on plans, drawings, and plans edited by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest

from gridgeo.files.atomic import write_layers
from tests.cli.running import COMMUNITY, DRAWN, run


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


def test_a_plan_edited_by_hand_is_judged_or_refused_in_plain_words(plan: Path, tmp_path: Path) -> None:
    layers = {str(name): pyogrio.read_dataframe(plan, layer=str(name)) for name, _ in pyogrio.list_layers(plan)}
    layers.pop("layer_styles")
    micro = layers["micro"]
    moved = layers["cells"].assign(
        code=layers["cells"]["code"].where(layers["cells"].index != 0, micro["code"].iloc[-1])
    )
    without = layers["members"].drop(columns="cut")
    cases = {
        "notes": (layers | {"notes": None}, 0, "as far as is known"),
        "codes": (layers | {"cells": moved}, 1, "layers differ: "),
        "tier": (layers | {"micro": micro.iloc[:0]}, 1, "tier missing: "),
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


def test_rules_run_once_and_the_plan_is_loaded_once(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gridgeo.checks.check_input
    import gridgeo.files.plan_file

    calls: list[str] = []

    def counted(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*given: Any, **told: Any) -> object:
            calls.append(name)
            return function(*given, **told)

        return call

    rules = counted("rules", gridgeo.checks.check_input.read_check_input)
    monkeypatch.setattr("gridgeo.checks.read_check_input", rules)
    site = counted("site", gridgeo.files.plan_file.read_saved_site)
    for room in ("gridgeo.files.plan_file", "gridgeo.cli.commands.judged"):
        monkeypatch.setattr(f"{room}.read_saved_site", site)
    # the terminal speaks English, the report is written in Chinese
    result = run("check", plan, "--json", tmp_path / "report.json")
    assert result.exit_code == 0, result.stderr
    assert calls == ["site", "rules"]
    assert "no household figure: " in result.stderr
    assert "户数" in json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["missing"][0]
