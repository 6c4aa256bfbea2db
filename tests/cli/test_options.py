"""Options: tiers, layers and classes as they are given; what cannot be used writes nothing."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from gridgeo.files.atomic import write_layers
from tests.cli.running import COMMUNITY, DRAWN, run


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
        (("divide", COMMUNITY, "--effort", "30", "-o", "x.gpkg"), "Write 30s"),
        (("divide", COMMUNITY, "--keep", "410102013190003", "-o", "x.gpkg"), "--from PLAN"),
        (("divide", COMMUNITY, "--from", DRAWN, "-o", "x.gpkg"), "leave out SITE"),
        (("divide", "--from", DRAWN, "--split-large", "-o", "x.gpkg"), "--split-large"),
        (("divide", "--from", DRAWN, "-o", "x.gpkg"), "not a plan"),
        (("map", COMMUNITY, "-o", "x.html"), "no polygon layer that could be a tier"),
        (("atlas", COMMUNITY, "-o", "x.pdf"), "no polygon layer that could be a tier"),
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


def test_tiers_of_a_drawing_are_named_by_layer(tmp_path: Path) -> None:
    drawn = {name: pyogrio.read_dataframe(DRAWN, layer=name) for name in ("grid", "micro", "buildings")}
    path = write_layers(
        tmp_path / "drawn.gpkg", {"三级": drawn["grid"], "微": drawn["micro"], "buildings": drawn["buildings"]}
    )
    named = ("--tier-layer", "grid=三级", "--tier-layer", "micro=微")
    result = run("check", path, "--site", COMMUNITY, "--preset", "zhengzhou", *named)
    assert result.exit_code == 1
    assert "grids: 13 zones" in result.stderr
    assert run("check", path, "--tier-layer", "grid").exit_code == 2
    assert run("check", path, "--buildings", COMMUNITY).exit_code == 2


def test_a_class_that_occurs_nowhere_is_warned_of_with_those_that_do(tmp_path: Path) -> None:
    result = run("divide", COMMUNITY, "--dedicated", "scool,Park", "--effort", "fast", "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 0, result.stderr
    warning = next(line for line in result.stderr.splitlines() if line.startswith("warning:"))
    assert "the class scool," in warning
    assert "park 1" in warning
    assert "school 1" in warning
    good = run("divide", COMMUNITY, "--dedicated", "park", "--effort", "fast", "-o", tmp_path / "good.gpkg")
    assert "warning:" not in good.stderr.split("grids: ")[0]


def test_help_names_the_datums_of_map_services() -> None:
    text = " ".join(run("divide", "--help").stdout.split())
    assert "GCJ-02 or BD-09" in text
