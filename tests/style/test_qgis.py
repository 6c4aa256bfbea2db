"""QGIS opens files finished: the project inside them is read, drawn and labelled by QGIS itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gridgeo import check
from gridgeo.files import write_layers
from gridgeo.model import Plan
from gridgeo.style import layer_looks, rgb, tier_colours
from tests.style.made_plan import make_plan

PYTHONS = (sys.executable, "/usr/bin/python3")
SCRIPT = Path(__file__).with_name("qgis_rendering.py")


def with_qgis() -> str | None:
    """A Python that has QGIS."""
    asked = ("-c", "import qgis.core")
    return next(
        (
            python
            for python in PYTHONS
            if subprocess.run([python, *asked], capture_output=True, check=False).returncode == 0
        ),
        None,
    )


pytestmark = pytest.mark.long


def render(file: Path, scale: int) -> tuple[dict[str, Any], Image.Image]:
    python = with_qgis()
    if python is None:
        pytest.skip("no Python here has QGIS (Debian: python3-qgis)")
    picture = file.with_suffix(".png")
    command = [python, *map(str, (SCRIPT, file, picture, scale))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("told:")] or [done.stderr]
    return json.loads(line.removeprefix("told:")), Image.open(picture).convert("RGB")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan()


@pytest.mark.parametrize("name", ["plan.gpkg", "文化路 第1社区.gpkg"])
def test_a_plan_opens_finished(tmp_path: Path, plan: Plan, name: str) -> None:
    told, picture = render(plan.save(tmp_path / name), 2_000)
    assert told["read"]
    assert told["errors"] == []
    assert told["crs"] == "EPSG:4547"
    assert all(told["valid"].values())
    assert told["groups"][0] == "界线"
    assert "原始楼栋" not in told["shown"]
    assert told["shown"].index("三级网格") < told["shown"].index("楼栋") < told["shown"].index("微网格")
    assert "001-01\n20户" in told["labels"]
    assert "901\n文化路小学" in told["labels"]
    assert sum("-" in label for label in told["labels"]) == 9
    assert all(told["styled"].values())
    west, north, metres = told["extent"]
    micro = plan.zones("micro")
    fills = tier_colours([plan.zones(tier) for tier in plan.scheme.names])[-1]
    for code, shape in micro.geometry.items():
        # near the corner, away from building and label
        x, y = shape.bounds[0] + 8, shape.bounds[1] + 8
        assert picture.getpixel((int((x - west) / metres), int((north - y) / metres))) == rgb(fills[code])


def test_labels_of_grids_take_over_from_afar(tmp_path: Path, plan: Plan) -> None:
    told, _ = render(plan.save(tmp_path / "plan.gpkg"), 12_000)
    assert told["labels"]
    assert all("-" not in label for label in told["labels"])


def test_faults_open_by_severity(tmp_path: Path, plan: Plan) -> None:
    moved = plan.zones()
    shapes = moved.table.geometry.copy()
    shapes.iloc[4] = shapes.iloc[4].buffer(-10)
    report = check(type(moved)(moved.table.set_geometry(shapes), moved.buildings, moved.scheme), plan.site)
    path = write_layers(tmp_path / "faults.gpkg", {"faults": report.findings}, looks=layer_looks())
    told, picture = render(path, 2_000)
    assert told["read"]
    assert told["groups"] == ["核查发现"]
    assert told["labels"]
    reds = [colour for _, colour in picture.getcolors(1 << 24) or () if colour == rgb("#c1121f")]
    assert reds
