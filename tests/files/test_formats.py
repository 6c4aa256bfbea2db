"""Formats besides those that test_reading knows: each gives the same site, or is refused in plain words."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from gridgeo.files.reading import read_site
from tests.files.made_layers import CODE, CRS, assert_complete, buildings, communities, package, refused


def degrees(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return layer.to_crs(4490)


def short(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """With numbers as a geodatabase of old keeps them."""
    return layer.astype({"households": "int32"}) if "households" in layer else layer


def written(folder: Path, suffix: str) -> Path:
    """Communities and buildings as files of a format."""
    for name, layer in {"communities": communities(), "buildings": buildings()}.items():
        path = folder / f"{name}{suffix}"
        if suffix == ".zip":
            layer.to_file(folder / f"{name}.shp", encoding="gb18030")
            with zipfile.ZipFile(path, "w") as packed:
                for part in sorted(folder.glob(f"{name}.*")):
                    if part != path:
                        packed.write(part, f"inner/{part.name}")
                        part.unlink()
        elif suffix == ".kml":
            degrees(layer).to_file(path, driver="LIBKML")
        elif suffix == ".gdb":
            short(layer).to_file(path, driver="OpenFileGDB", layer=name)
        else:
            layer.to_file(path, driver={".fgb": "FlatGeobuf", ".gml": "GML"}[suffix])
    return folder


@pytest.mark.parametrize("suffix", [".fgb", ".zip", ".gml", ".kml", ".gdb"])
def test_a_folder_of_files(tmp_path: Path, suffix: str) -> None:
    folder = written(tmp_path, suffix)
    before = sorted(folder.rglob("*"))
    site = read_site(folder)
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)
    assert list(site.communities.index) == [CODE]
    assert site.buildings.area.sum() == pytest.approx(300, rel=1e-3)
    assert sorted(folder.rglob("*")) == before  # nothing is written beside what is read


def test_one_geodatabase_with_all_layers(tmp_path: Path) -> None:
    path = tmp_path / "town.gdb"
    communities().to_file(path, driver="OpenFileGDB", layer="社区")
    short(buildings()).to_file(path, driver="OpenFileGDB", layer="楼栋", mode="a")
    assert_complete(read_site(path), {"communities": 1, "buildings": 3}, 60)
    assert len(read_site(layers={"communities": f"{path}:社区", "buildings": f"{path}:楼栋"}).buildings) == 3


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_homes_in_a_table_with_coordinates(tmp_path: Path, suffix: str) -> None:
    middles = buildings().centroid.to_crs(4490)
    table = pd.DataFrame({"编号": ["001", "002", "003"], "户数": [10, 20, 30], "经度": middles.x, "纬度": middles.y})
    communities().to_file(tmp_path / "communities.gpkg")
    path = tmp_path / f"楼栋{suffix}"
    if suffix == ".csv":
        table.to_csv(path, index=False, encoding="gb18030")
    else:
        table.to_excel(path, index=False)
    assert refused(tmp_path) == [("buildings", "crs_missing")]  # degrees of which datum, nobody has said
    site = read_site(tmp_path, crs="EPSG:4490")
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)
    assert list(site.buildings.index) == ["001", "002", "003"]
    assert set(site.buildings.geom_type) == {"Point"}


def test_a_row_without_coordinates_is_set_aside(tmp_path: Path) -> None:
    communities().to_file(tmp_path / "communities.gpkg")
    middles = buildings().centroid
    table = pd.DataFrame({"id": list("abc"), "households": 10, "x": middles.x, "y": middles.y}).astype({"x": object})
    table.loc[1, "x"] = "unknown"
    table.to_csv(tmp_path / "buildings.csv", index=False)
    site = read_site(tmp_path, crs=CRS)
    assert site.account.loc[site.account["reason"] == "geometry_missing", "id"].tolist() == ["b"]


def test_a_table_without_coordinates_is_no_layer(tmp_path: Path) -> None:
    communities().to_file(tmp_path / "communities.gpkg")
    pd.DataFrame({"id": ["a"], "households": [1]}).to_csv(tmp_path / "buildings.csv", index=False)
    assert refused(tmp_path) == [("buildings", "layer_no_geometry")]


def test_units_in_a_workbook(tmp_path: Path) -> None:
    path = package(tmp_path)
    units = pd.DataFrame({"楼栋编号": ["B0", "B0"], "单元": ["1", "2"], "户数": [4, 6]})
    units.to_excel(tmp_path / "单元户数.xlsx", index=False)
    site = read_site(path, layers={"unit_households": tmp_path / "单元户数.xlsx"})
    assert site.unit_households["households"].tolist() == [4, 6]


@pytest.mark.parametrize(
    ("name", "content"),
    [("streets.fgb", b"no"), ("streets.kml", b"no"), ("streets.gml", b"<html/>"), ("streets.zip", b"PK no")],
)
def test_files_that_are_not_what_they_say(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert refused(package(tmp_path), layers={"streets": file}) in (
        [("streets", "file_damaged")],
        [("streets", "layer_open")],
    )


def test_packed_files_are_unpacked_with_care(tmp_path: Path) -> None:
    path = package(tmp_path)
    for name, members in {
        "two.zip": {"a.geojson": b"{}", "b.geojson": b"{}"},
        "none.zip": {"a.txt": b""},
        "bomb.zip": {"a.geojson": b" " * 30_000_000},
        "pipeline.zip": {
            "a.geojson": b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read x"}'
        },
        "slip.zip": {"../../slipped.geojson": b'{"type": "FeatureCollection", "features": [}'},
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
            for member, content in members.items():
                packed.writestr(member, content)
        assert refused(path, layers={"streets": tmp_path / name}) == [("streets", "file_damaged")]
    assert not list(tmp_path.parent.rglob("slipped.geojson"))


def test_rows_read_are_compared_with_rows_stated(tmp_path: Path) -> None:
    path = package(tmp_path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE gpkg_ogr_contents SET feature_count = 36 WHERE table_name = 'buildings'")
    connection.commit()
    connection.close()
    assert refused(path) == [("buildings", "file_damaged")]
