"""The command ``repair``: a drawing comes back mended, with what moved; what is left is told."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import gridgeo as gg
from gridgeo.files import write_layers
from tests.cli.running import run
from tests.conftest import CRS, box


@pytest.fixture
def folder(tmp_path: Path, site: gg.Site) -> Path:
    """A site, and a drawing of two zones with a strip of 0.5 m between them."""
    write_layers(
        tmp_path / "site.gpkg", {role: site.layer(role).reset_index() for role in ("communities", "buildings")}
    )
    zones = [box(0, 0, 149.75, 200), box(150.25, 0, 300, 200)]
    table = gpd.GeoDataFrame({"code": ["001", "002"], "name": ["东", "西"]}, geometry=zones, crs=CRS)
    write_layers(tmp_path / "drawn.gpkg", {"grid": table})
    return tmp_path


def test_a_drawing_is_mended_and_what_moved_is_told(folder: Path, site: gg.Site) -> None:
    drawn, place, out = (str(folder / name) for name in ("drawn.gpkg", "site.gpkg", "out.gpkg"))
    result = run("repair", drawn, "--site", place, "-o", out, "--lang", "en")
    assert result.exit_code == 0, result.stderr
    mended = gpd.read_file(out, layer="grid")
    assert list(mended["name"]) == ["东", "西"]
    assert shapely.union_all(mended.geometry.to_numpy()).equals(shapely.union_all(site.communities.geometry.to_numpy()))
    moved = gpd.read_file(out, layer="moved")
    assert moved["area_m2"].sum() == pytest.approx(100, abs=0.01)
    assert "100.0 m²" in result.stderr + result.stdout
    assert gg.read_zones(out).tiers == ("grid",)


def test_what_is_too_wide_is_left_and_told(folder: Path) -> None:
    drawn, place, out = (str(folder / name) for name in ("drawn.gpkg", "site.gpkg", "out.gpkg"))
    result = run("repair", drawn, "--site", place, "-o", out, "--widest", "0.1", "--lang", "zh")
    assert result.exit_code == 1
    assert "--widest" in result.stderr + result.stdout


def test_a_drawing_without_a_place_or_onto_itself_is_refused(folder: Path) -> None:
    drawn, place = str(folder / "drawn.gpkg"), str(folder / "site.gpkg")
    assert "--site" in run("repair", drawn, "-o", str(folder / "out.gpkg")).stderr
    assert run("repair", drawn, "--site", place, "-o", drawn, "--overwrite").exit_code == 2
