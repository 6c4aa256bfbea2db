"""The only writer: old or new, never between; same content, same bytes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from gridgeo.errors import OutputError
from gridgeo.files import atomic, replacing
from gridgeo.style import layer_looks

LOOKS = {"grid": layer_looks()["water"]}


@pytest.fixture
def layers() -> dict[str, pd.DataFrame]:
    shapes = gpd.GeoDataFrame({"code": ["410102013190001"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4547")
    return {"grid": shapes, "notes": pd.DataFrame({"text": ["网格"]}), "water": shapes.iloc[:0]}


def test_layers_and_tables_come_back(tmp_path: Path, layers: dict[str, pd.DataFrame]) -> None:
    path = atomic.write_layers(tmp_path / "plan.gpkg", layers, looks=LOOKS)
    assert {str(name) for name, _ in pyogrio.list_layers(path)} >= {"grid", "notes", "water"}
    grid = gpd.read_file(path, layer="grid")
    assert grid.crs.to_epsg() == 4547
    assert grid["code"].tolist() == ["410102013190001"]
    assert pyogrio.read_dataframe(path, layer="notes")["text"].tolist() == ["网格"]
    assert len(gpd.read_file(path, layer="water")) == 0
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall() == [
            ("grid", LOOKS["grid"].qml())
        ]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_same_content_same_bytes(tmp_path: Path, layers: dict[str, pd.DataFrame]) -> None:
    one = atomic.write_layers(tmp_path / "one.gpkg", layers, looks=LOOKS)
    (tmp_path / "deeper").mkdir()
    two = atomic.write_layers(tmp_path / "deeper" / "one.gpkg", layers, looks=LOOKS)
    assert one.read_bytes() == two.read_bytes()


def test_an_existing_file_is_kept_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    atomic.write_text(path, "old")
    with pytest.raises(OutputError, match="--overwrite"):
        atomic.write_text(path, "new")
    assert path.read_text() == "old"
    atomic.write_text(path, "new", overwrite=True)
    assert path.read_text() == "new"


def test_a_failing_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, layers: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = atomic.write_layers(tmp_path / "plan.gpkg", layers)
    before = path.read_bytes()
    write_layer = atomic._write_layer

    def fail_late(target: Path, name: str, table: pd.DataFrame) -> None:
        if name == "water":
            raise OSError("disk full")
        write_layer(target, name, table)

    monkeypatch.setattr(atomic, "_write_layer", fail_late)
    with pytest.raises(OutputError, match="disk is full"):
        atomic.write_layers(path, layers, overwrite=True)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["plan.gpkg"]


def test_a_package_says_that_it_is_one(tmp_path: Path, layers: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(OutputError, match="gpkg"):
        atomic.write_layers(tmp_path / "plan", layers)
    (tmp_path / "folder.gpkg").mkdir()
    with pytest.raises(OutputError):
        atomic.write_layers(tmp_path / "folder.gpkg", layers, overwrite=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        replacing.make_folder(tmp_path / "file")


def test_links_and_missing_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(OutputError, match="symbolic link"):
        atomic.write_text(tmp_path / "link.json", "x", overwrite=True)
    with pytest.raises(OutputError, match="does not exist"):
        atomic.write_text(tmp_path / "no" / "report.json", "x")
    assert not (tmp_path / "elsewhere.json").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("OGR_CURRENT_DATE", "2020-02-02T00:00:00Z"),
        ("OGR_SQLITE_SYNCHRONOUS", "FULL"),
        ("OGR_SQLITE_JOURNAL", "WAL"),
        ("OGR_SQLITE_JOURNAL", None),
    ],
)
def test_the_options_of_gdal_are_put_back(
    option: str, value: str | None, tmp_path: Path, layers: dict[str, pd.DataFrame]
) -> None:
    pyogrio.set_gdal_config_options({option: value})
    try:
        atomic.write_layers(tmp_path / "plan.gpkg", layers)
        assert pyogrio.get_gdal_config_option(option) == value
    finally:
        pyogrio.set_gdal_config_options({option: None})


def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    path = atomic.write_text(tmp_path / "report.json", "x")
    plain = tmp_path / "plain"
    plain.write_text("x")
    assert path.stat().st_mode == plain.stat().st_mode


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be written"):
        atomic.write_text(tmp_path / ("x" * 300 + ".json"), "text")
