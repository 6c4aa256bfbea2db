"""Files to a site: what is read, what is refused, and that every row is accounted for."""

from __future__ import annotations

import json
import struct
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from gridgeo.errors import CrsError, InputError
from gridgeo.files.reading import explain, read_site
from gridgeo.files.reading.columns import flag, number, texts
from gridgeo.files.reading.datum import Degrees, from_bd09, from_gcj02, to_bd09, to_gcj02
from gridgeo.files.reading.shapefile import guess_encoding
from gridgeo.messages import catalogue, has_text
from gridgeo.model.site import Site
from gridgeo.model.tables import ROLES
from tests.files.made_layers import (
    CODE,
    CRS,
    DATA,
    DIRTY,
    X,
    Y,
    assert_complete,
    buildings,
    communities,
    endless,
    lines,
    package,
    problems,
    refused,
    spot,
    square,
    table,
    way,
    with_data,
    write,
)


def test_small_site(tmp_path: Path) -> None:
    site = read_site(package(tmp_path))
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)
    assert site.crs.to_epsg() == 4547
    assert list(site.communities.index) == [CODE]
    assert site.communities.index.name == "code"
    assert list(site.buildings.index) == ["B0", "B1", "B2"]
    assert site.buildings.index.name == "id"
    assert site.layer("streets").empty
    assert site.unit_households.empty


@pytest.mark.parametrize("suffix", ["parquet", "gpkg", "geojson", "json", "shp"])
def test_folder_of_files(tmp_path: Path, suffix: str) -> None:
    for name, layer in {"boundary": communities(), "buildings": buildings()}.items():
        path = tmp_path / f"{name}.{suffix}"
        if suffix == "parquet":
            layer.to_parquet(path)
        elif suffix in {"geojson", "json"}:
            layer.to_crs(4326).to_file(path, driver="GeoJSON")
        else:
            layer.to_file(path)
    (tmp_path / "meta.json").write_text("[]")
    site = read_site(tmp_path)
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)
    assert site.crs.to_epsg() == 4547
    assert site.buildings.area.sum() == pytest.approx(300, rel=1e-3)


def test_layers_one_by_one(tmp_path: Path) -> None:
    path = package(tmp_path, houses=buildings(2), buildings=None)
    assert len(read_site(path, layers={"buildings": "houses"}).buildings) == 2
    lone = tmp_path / "lone.gpkg"
    buildings(1).to_file(lone)
    for value in (lone, str(lone), f"{lone}:lone"):
        assert len(read_site(path, layers={"buildings": value}).buildings) == 1
    given_all = {"buildings": f"{path}:houses", "boundary": f"{path}:communities"}
    assert len(read_site(layers=given_all).buildings) == 2


def test_key_of_geopackage_named_id(tmp_path: Path) -> None:
    path = package(tmp_path, buildings=None)
    layer = buildings().drop(columns="id")
    layer.to_file(path, layer="buildings", driver="GPKG", FID="id")
    assert list(read_site(path).buildings.index) == ["1", "2", "3"]


def test_ids_in_index_of_parquet(tmp_path: Path) -> None:
    communities().to_parquet(tmp_path / "communities.parquet")
    buildings().set_index("id").to_parquet(tmp_path / "buildings.parquet")
    assert list(read_site(tmp_path).buildings.index) == ["B0", "B1", "B2"]


def test_missing_roles_name_what_is_near(tmp_path: Path) -> None:
    path = tmp_path / "site.gpkg"
    buildings().to_file(path, layer="bulding", driver="GPKG")
    with pytest.raises(InputError, match="bulding'"):
        read_site(path)
    assert set(refused(path)) == {("communities", "role_missing"), ("buildings", "role_missing")}
    assert set(refused()) == {("communities", "role_missing"), ("buildings", "role_missing")}


def test_same_role_twice(tmp_path: Path) -> None:
    path = package(tmp_path, boundary=communities())
    assert refused(path) == [("communities", "role_twice")]
    assert len(read_site(path, layers={"communities": "boundary"}).communities) == 1


def test_unknown_role(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="towers"):
        read_site(write(tmp_path), layers={"towers": "x"})


def test_only_files_on_this_machine(tmp_path: Path) -> None:
    path = package(tmp_path)
    assert refused(path, layers={"streets": str(tmp_path)}) == [("streets", "parts_missing")]
    for value in ("http://localhost/a.geojson", "/vsicurl/http://localhost/a.gpkg", "PG:dbname=x"):
        assert refused(path, layers={"streets": value}) == [("streets", "file_missing")]
    assert refused(tmp_path / "nothing.gpkg") == [("site", "site_missing")]
    assert refused(path, layers={"streets": f"{path}:roads"}) == [("streets", "layer_unknown")]
    assert refused(path, layers={"streets": str(path)}) == [("streets", "layer_open")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("streets.gpkg", b"<OGRVRTDataSource></OGRVRTDataSource>"),
        ("streets.gpkg", b"SQLite format 3\0" + b"x" * 200),
        ("streets.geojson", b"window.data = []"),
        ("streets.geojson", b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read x"}'),
        ("streets.geojson", b'{"type": "Topology", "objects": {}, "arcs": []}'),
        ("streets.parquet", b"PAR1 and no more"),
        ("streets.shp", b"no shapes"),
    ],
)
def test_files_that_are_not_what_they_say(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert refused(write(tmp_path), layers={"streets": file}) == [("streets", "file_damaged")]


def test_a_given_layer_stands_in_for_a_bad_file(tmp_path: Path) -> None:
    path = write(tmp_path, houses=buildings(2))
    (path / "buildings.parquet").write_bytes(b"broken")
    assert len(read_site(path, layers={"buildings": path / "houses.parquet"}).buildings) == 2
    assert refused(path) == [("buildings", "file_damaged")]


def test_other_endings_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "streets.vrt"
    file.write_text("<OGRVRTDataSource/>")
    assert refused(write(tmp_path), layers={"streets": file}) == [("streets", "file_kind")]
    assert refused(file) == [("site", "site_kind")]


def test_all_problems_in_one_error(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        communities=table([Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])]),
        buildings=buildings(id=["a", "a", "b"], households=["-1", "2.5", "9"]),
    )
    no_crs = tmp_path / "streets.parquet"
    table([way((0, 0), (9, 9))], crs=None).to_parquet(no_crs)
    found = refused(path, layers={"streets": no_crs, "water": "nowhere.gpkg"})
    assert set(found) == {
        ("communities", "boundary_invalid"),
        ("buildings", "id_repeated"),
        ("buildings", "households_negative"),
        ("buildings", "households_decimal"),
        ("streets", "crs_missing"),
        ("water", "file_missing"),
    }


def test_required_layers_must_hold_rows(tmp_path: Path) -> None:
    assert ("buildings", "layer_empty") in refused(write(tmp_path, buildings=buildings(0)))
    folder = tmp_path / "b"
    folder.mkdir()
    assert ("communities", "layer_empty") in refused(write(folder, communities=communities().iloc[:0]))


# --- folders of parts


def parts(folder: Path, *tables: pd.DataFrame, name: str = "part-{}.parquet") -> Path:
    """A layer as engines write it: a folder of parts, with what they leave beside them."""
    folder.mkdir(parents=True)
    for at, layer in enumerate(tables):
        path = folder / name.format(at)
        path.parent.mkdir(exist_ok=True)
        layer.to_parquet(path, index=False)
    for other in ("_SUCCESS", "_metadata", ".part-0.parquet.crc", "._part-0.parquet", "_common.parquet", "notes.txt"):
        (folder / other).write_bytes(b"not a part")
    return folder


def shifted(n: int, number: int, **columns: object) -> gpd.GeoDataFrame:
    """Buildings of part `number`, each part on land of its own."""
    layer = buildings(n, id=[f"P{number:02d}-{k}" for k in range(n)], **columns)
    return layer.set_geometry(layer.translate(0, 15 * number), crs=layer.crs)


@pytest.mark.parametrize("folder", ["buildings.parquet", "buildings", "Buildings.PARQUET"])
def test_a_folder_of_parts_is_one_layer(tmp_path: Path, folder: str) -> None:
    path = write(tmp_path, buildings=None)
    parts(path / folder, *[shifted(3, number) for number in range(3)])
    site = read_site(path)
    assert_complete(site, {"communities": 1, "buildings": 9}, 180)
    whole = pd.concat([shifted(3, number) for number in range(3)], ignore_index=True)
    assert site.account.equals(read_site(write(tmp_path / "site", buildings=whole)).account)


def test_parts_as_a_layer_of_its_own(tmp_path: Path) -> None:
    folder = parts(tmp_path / "houses", shifted(2, 0), shifted(2, 1))
    site = read_site(write(tmp_path), layers={"buildings": folder})
    assert list(site.buildings.index) == ["P00-0", "P00-1", "P01-0", "P01-1"]


def test_rows_are_numbered_over_all_parts_in_natural_order(tmp_path: Path) -> None:
    tables = [shifted(1, number, households=["x" if number == 10 else "1"]) for number in range(11)]
    site = read_site(write(tmp_path), layers={"buildings": parts(tmp_path / "houses", *tables)})
    unknown = lines(site, "buildings", "households_unknown")
    assert unknown["row"].tolist() == [10]
    assert unknown["id"].tolist() == ["P10-0"]


def test_partitions_give_columns(tmp_path: Path) -> None:
    folder = tmp_path / "houses"
    tables = [layer.drop(columns="households") for layer in (shifted(1, 0), shifted(1, 1), shifted(1, 2))]
    for values, layer in zip(
        ["ward=1/户数=7", "ward=1/户数=12", "ward=%E7%94%B2/户数=__HIVE_DEFAULT_PARTITION__"], tables, strict=True
    ):
        (folder / values).mkdir(parents=True)
        layer.to_parquet(folder / values / "0.parquet", index=False)
    (folder / "_temporary/0").mkdir(parents=True)
    shifted(1, 3).to_parquet(folder / "_temporary/0/0.parquet")
    site = read_site(write(tmp_path), layers={"buildings": folder})
    assert site.buildings["households"].fillna(-1).to_dict() == {"P00-0": 7, "P01-0": 12, "P02-0": -1}


def test_parts_without_rows_or_values(tmp_path: Path) -> None:
    tables = [shifted(0, 0), shifted(2, 1), shifted(2, 2, households=[None, None]), shifted(1, 3, households=[1.0])]
    site = read_site(write(tmp_path), layers={"buildings": parts(tmp_path / "houses", *tables)})
    assert_complete(site, {"communities": 1, "buildings": 5}, 31)


def test_units_in_parts(tmp_path: Path) -> None:
    units = [pd.DataFrame({"building": ["B0"], "unit": [unit], "households": [5]}) for unit in "12"]
    path = write(tmp_path)
    parts(path / "unit_households.parquet", *units)
    assert read_site(path).unit_households["unit"].tolist() == ["1", "2"]


def test_parts_that_do_not_fit_together(tmp_path: Path) -> None:
    path = write(tmp_path)
    other = parts(tmp_path / "other", shifted(1, 0), shifted(1, 1, levels=[6]), shifted(1, 2))
    with pytest.raises(InputError, match=r"part other/part-1.parquet has other columns .* has levels"):
        read_site(path, layers={"buildings": other})
    systems = parts(tmp_path / "systems", shifted(1, 0), shifted(1, 1).to_crs(4326))
    with pytest.raises(CrsError, match=r"systems/part-1\.parquet") as error:
        read_site(path, layers={"buildings": systems})
    assert problems(error) == [("buildings", "crs_parts")]
    broken = parts(tmp_path / "broken", shifted(1, 0), shifted(1, 1))
    (broken / "part-1.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match=r"broken/part-1\.parquet"):
        read_site(path, layers={"buildings": broken})


def test_a_folder_without_parts_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, buildings=None)
    parts(path / "buildings.parquet")
    assert refused(path) == [("buildings", "parts_missing")]


def test_a_folder_and_a_file_of_the_same_role(tmp_path: Path) -> None:
    path = write(tmp_path)
    parts(path / "buildings", shifted(1, 0))
    assert refused(path) == [("buildings", "role_twice")]


# --- Shapefiles


def shapefile(folder: Path, layer: gpd.GeoDataFrame, encoding: str = "UTF-8", *, keep: tuple[str, ...] = ()) -> Path:
    path = folder / "buildings.shp"
    layer.to_file(path, encoding=encoding)
    for suffix in {".cpg", ".prj"} - set(keep):
        path.with_suffix(suffix).unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
@pytest.mark.parametrize("keep", [(".prj", ".cpg"), (".prj",)])
def test_shapefile_encodings(tmp_path: Path, encoding: str, keep: tuple[str, ...]) -> None:
    layer = buildings(名称=["文化路一号院", "龙子湖", "二七塔"]).rename(columns={"households": "户数"})
    path = shapefile(tmp_path, layer, encoding, keep=keep)
    site = read_site(write(tmp_path, buildings=None), layers={"buildings": path})
    assert list(site.buildings["name"]) == ["文化路一号院", "龙子湖", "二七塔"]
    assert list(site.buildings["households"]) == [10, 20, 30]


def test_shapefile_names_cut_inside_a_character(tmp_path: Path) -> None:
    layer = buildings(户数上限=[1, 2, 3])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = shapefile(tmp_path, layer, keep=(".prj", ".cpg"))
    site = read_site(write(tmp_path, buildings=None), layers={"buildings": path}, households="户数上")
    assert list(site.buildings["households"]) == [1, 2, 3]


def test_guess_encoding() -> None:
    assert guess_encoding([]) == "ISO-8859-1"
    assert guess_encoding(["Indifférenciée".encode()]) == "utf-8"
    assert guess_encoding(["Indifférenciée".encode("latin-1"), "Hôtel".encode("latin-1")]) == "ISO-8859-1"
    assert guess_encoding(["金水区文化路".encode("gbk")]) == "gb18030"
    assert guess_encoding(["金水区文化路".encode()[:-1]]) == "utf-8"


@pytest.mark.parametrize("suffix", [".dbf", ".shx"])
def test_shapefile_needs_its_companions(tmp_path: Path, suffix: str) -> None:
    path = shapefile(tmp_path, buildings(), keep=(".prj",))
    path.with_suffix(suffix).unlink()
    assert refused(write(tmp_path, buildings=None), layers={"buildings": path}) == [("buildings", "file_damaged")]


@pytest.mark.parametrize("suffix", [".dbf", ".shp", ".shx"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_shapefile_cut_off(tmp_path: Path, suffix: str, share: float) -> None:
    path = shapefile(tmp_path, buildings(), keep=(".prj",))
    part = path.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[: int(part.stat().st_size * share)])
    assert refused(write(tmp_path, buildings=None), layers={"buildings": path}) == [("buildings", "file_damaged")]


# --- reference systems


def test_missing_system(tmp_path: Path) -> None:
    path = shapefile(tmp_path, buildings())
    site = write(tmp_path, buildings=None)
    with pytest.raises(CrsError, match="4534-4554") as error:
        read_site(site, layers={"buildings": path})
    assert problems(error) == [("buildings", "crs_missing")]
    assert len(read_site(site, layers={"buildings": path}, crs=CRS).buildings) == 3
    with pytest.raises(CrsError, match="Atlantis"):
        read_site(site, crs="Atlantis")


def test_undefined_system_of_geopackage_is_missing(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="crs"):
        path = package(tmp_path, streets=table([way((0, 0), (9, 9))], crs=None))
    assert refused(path) == [("streets", "crs_missing")]
    assert len(read_site(path, crs=CRS).layer("streets")) == 1


def test_feet_are_no_metres(tmp_path: Path) -> None:
    feet = "+proj=tmerc +lon_0=113.6 +ellps=GRS80 +units=us-ft +type=crs"
    site = read_site(write(tmp_path, communities=communities().to_crs(feet)))
    assert site.crs.to_epsg() == 4547
    assert site.communities.area.sum() == pytest.approx(40000, rel=1e-3)


@pytest.mark.parametrize("crs", [4326, 4490, 3857, 4526, 4548, 32649])
def test_any_system_gives_the_same_land(tmp_path: Path, crs: int) -> None:
    site = read_site(write(tmp_path, communities=communities().to_crs(crs), buildings=buildings().to_crs(crs)))
    expected = {4526: 4526, 32649: 32649}.get(crs, 4547)
    assert site.crs.to_epsg() == expected
    assert site.buildings.area.sum() == pytest.approx(300, rel=0.002)


def test_metric_system_elsewhere(tmp_path: Path) -> None:
    there = shapely.box(24.94, 60.17, 24.95, 60.18)
    path = write(
        tmp_path,
        communities=table([there], 4326, code=[CODE]),
        buildings=table([there.centroid.buffer(0.001)], 4326, id=["a"], households=[1]),
    )
    assert read_site(path).crs.to_epsg() == 32635


def test_system_without_a_code(tmp_path: Path) -> None:
    local = "+proj=tmerc +lat_0=0 +lon_0=113.6 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
    path = write(tmp_path, communities=communities().to_crs(local), buildings=buildings())
    site = read_site(path)
    assert site.crs.to_epsg() is None
    assert site.buildings.area.sum() == pytest.approx(300, rel=1e-4)


def swapped(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return layer.set_geometry(shapely.transform(layer.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=layer.crs)


@pytest.mark.parametrize("crs", [4326, 4490, 4547])
def test_swapped_axes(tmp_path: Path, crs: int) -> None:
    with pytest.raises(CrsError, match="swapped"):
        read_site(write(tmp_path, communities=swapped(communities().to_crs(crs))))


def test_one_layer_swapped_against_the_others(tmp_path: Path) -> None:
    there = shapely.box(24.94, 60.17, 24.95, 60.18)
    good = table([there.centroid.buffer(0.001)], 4326, id=["a"], households=[1])
    path = write(tmp_path, communities=table([there], 4326, code=[CODE]), buildings=swapped(good))
    with pytest.raises(CrsError) as error:
        read_site(path)
    assert problems(error) == [("buildings", "crs_against")]


def test_western_china_swapped(tmp_path: Path) -> None:
    there = table([shapely.box(75.98, 39.46, 75.99, 39.47)], 4326, code=[CODE])
    with pytest.raises(CrsError, match="swapped"):
        read_site(write(tmp_path, communities=swapped(there)))


def test_metres_said_to_be_degrees(tmp_path: Path) -> None:
    wrong = buildings().set_crs(4326, allow_override=True)
    path = write(tmp_path, buildings=wrong)
    with pytest.raises(CrsError, match="metres"):
        read_site(path)
    assert read_site(path, crs=CRS).buildings.area.sum() == pytest.approx(300)


def test_degrees_said_to_be_metres(tmp_path: Path) -> None:
    wrong = buildings().to_crs(4326).set_crs(CRS, allow_override=True)
    with pytest.raises(CrsError, match="degrees"):
        read_site(write(tmp_path, buildings=wrong))


def test_zone_before_the_easting(tmp_path: Path) -> None:
    wrong = buildings().to_crs(4526).set_crs(CRS, allow_override=True)
    with pytest.raises(CrsError, match="4526"):
        read_site(write(tmp_path, buildings=wrong))


def test_few_wild_coordinates_do_not_stop_the_others(tmp_path: Path) -> None:
    layer = buildings(4, crs=CRS).to_crs(4326)
    layer.loc[2, "geometry"] = shapely.box(500, 34, 501, 35)
    site = read_site(write(tmp_path, buildings=layer))
    assert_complete(site, {"communities": 1, "buildings": 4}, 100)
    assert lines(site, "buildings", "coordinates")["row"].tolist() == [2]


def bent(layer: gpd.GeoDataFrame, row: int, vertex: int, dx: float, dy: float) -> gpd.GeoDataFrame:
    """The layer with one vertex of one row moved far away."""
    points = shapely.get_coordinates(layer.geometry[row])
    points[vertex] += dx, dy
    if vertex == 0 and layer.geometry[row].geom_type == "Polygon":
        points[-1] = points[0]
    return layer.set_geometry(
        [shapely.set_coordinates(shape, points) if at == row else shape for at, shape in layer.geometry.items()],
        crs=layer.crs,
    )


STREET = ((0, 0), (9, 9), (50, 50))
FAR = [(2.1e7, 0), (0, -2.1e7), (-2.1e7, 2.1e7), (0, 1.5e6), (1e12, 0)]


@pytest.mark.parametrize("move", FAR)
@pytest.mark.parametrize("vertex", [0, 1, 2])
@pytest.mark.parametrize("others", [0, 1, 5])
def test_a_street_with_one_absurd_vertex_is_set_aside(
    tmp_path: Path, others: int, vertex: int, move: tuple[float, float]
) -> None:
    streets = table([way((0, 80 + at), (90, 80 + at)) for at in range(others)] + [way(*STREET)])
    site = read_site(write(tmp_path, streets=bent(streets, others, vertex, *move)))
    assert_complete(site, {"communities": 1, "buildings": 3, "streets": others + 1}, 60)
    aside = lines(site, "streets", "coordinates")
    assert aside["row"].tolist() == [others]
    place = (X + STREET[vertex][0] + move[0], Y + STREET[vertex][1] + move[1])
    assert aside["detail"].tolist() == [f"({place[0]:.2f}, {place[1]:.2f})"]
    assert len(site.layer("streets")) == others


@pytest.mark.parametrize("move", [(170, 0), (0, -60), (300, 0), (-200, 300)])
@pytest.mark.parametrize("others", [0, 3])
def test_an_absurd_vertex_in_degrees(tmp_path: Path, others: int, move: tuple[float, float]) -> None:
    streets = table([way((0, 80 + at), (90, 80 + at)) for at in range(others)] + [way(*STREET)]).to_crs(4326)
    site = read_site(write(tmp_path, streets=bent(streets, others, 1, *move)))
    assert lines(site, "streets", "coordinates")["row"].tolist() == [others]
    assert len(site.layer("streets")) == others


def test_a_street_of_two_points_is_not_what_its_layer_is_judged_by(tmp_path: Path) -> None:
    streets = bent(table([way((0, 0), (9, 9))]), 0, 0, -2.1e7, 2.1e7)
    assert lines(read_site(write(tmp_path, streets=streets)), "streets", "coordinates")["row"].tolist() == [0]


def test_a_layer_most_of_which_is_absurd_is_refused(tmp_path: Path) -> None:
    streets = table([way((0, 2.1e7 + at), (9, 2.1e7 + at)) for at in range(3)] + [way(*STREET)])
    assert refused(write(tmp_path, streets=streets)) == [("streets", "crs_place")]


@pytest.mark.parametrize("vertex", [0, 1])
def test_an_absurd_corner_of_a_footprint_leaves_the_others(tmp_path: Path, vertex: int) -> None:
    site = read_site(write(tmp_path, buildings=bent(buildings(), 1, vertex, 2.1e7, 0)))
    assert list(site.buildings.index) == ["B0", "B2"]
    aside = lines(site, "buildings", "coordinates")
    assert aside["households"].tolist() == [20]
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)


@pytest.mark.parametrize("crs", [CRS, 4326])
def test_an_absurd_corner_of_a_community_is_refused(tmp_path: Path, crs: object) -> None:
    layer = communities().to_crs(crs)
    for move in ((500.0, 0), (120.0, 0)) if crs == 4326 else ((2.1e7, 0.0), (3e6, 0.0)):
        assert refused(write(tmp_path, communities=bent(layer, 0, 1, *move))) == [("communities", "boundary_wild")]


def test_long_rivers_and_seas_are_no_absurd_rows(tmp_path: Path) -> None:
    river = way(*[(9e4 * at, 50) for at in range(-20, 20)])
    sea = box(X - 3e5, Y - 2e6, X + 100, Y + 2e6)
    site = read_site(write(tmp_path, waterways=table([river]), water=table([sea])))
    assert len(site.layer("waterways")) == 1
    assert len(site.layer("water")) == 1
    assert len(read_site(write(tmp_path, water=bent(table([sea]), 0, 1, 2.1e7, 0))).layer("water")) == 0


PLANE = "EPSG:6677"


def around(x: float, y: float, crs: str = PLANE) -> dict[str, gpd.GeoDataFrame]:
    """A site of 200 m around a point of a plane system."""
    land = table([box(x - 100, y - 100, x + 100, y + 100)], crs, code=[CODE])
    houses = [box(x + dx, y + dy, x + dx + 8, y + dy + 7) for dx in (-80, -4, 50) for dy in (-60, -3, 40)]
    streets = [LineString([(x - 100, y), (x + 100, y)]), LineString([(x, y - 100), (x + 3, y + 100)])]
    return {
        "communities": land,
        "buildings": table(houses, crs, households=[2] * 9),
        "streets": table(streets, crs),
        "pois": table([Point(x + 20, y - 30)], crs),
    }


@pytest.mark.parametrize("place", [(0, 0), (100, 60), (-30, 12), (139.7, 35.7), (-170, 80)])
@pytest.mark.parametrize("crs", [PLANE, "+proj=tmerc +lat_0=34.7 +lon_0=113.6 +ellps=GRS80 +units=m +type=crs"])
def test_a_plane_system_is_believed_around_its_origin(tmp_path: Path, crs: str, place: tuple[float, float]) -> None:
    layers = around(*place, crs)
    site = read_site(write(tmp_path, **layers))
    assert_complete(site, {"communities": 1, "buildings": 9, "streets": 2, "pois": 1}, 18)
    assert site.crs == gpd.GeoSeries(crs=crs).crs
    points = [shape.centroid for shape in layers["buildings"].geometry]
    layers["buildings"] = layers["buildings"].set_geometry(points)
    assert len(read_site(write(tmp_path, **layers)).buildings) == 9


@pytest.mark.parametrize("crs", [PLANE, "EPSG:32654", "EPSG:4547", "EPSG:28992"])
@pytest.mark.parametrize("role", ["communities", "buildings", "streets", "pois"])
def test_degrees_are_not_taken_for_metres(tmp_path: Path, role: str, crs: str) -> None:
    layers = around(-7000, -30000)
    layers[role] = layers[role].to_crs(4326).set_crs(crs, allow_override=True)
    assert refused(write(tmp_path, **layers)) == [(role, "crs_degrees")]


@pytest.mark.parametrize("origin", [(0, 0), (-7000, -30000)])
def test_a_whole_site_of_degrees_is_not_taken_for_metres(tmp_path: Path, origin: tuple[float, float]) -> None:
    layers = {role: x.to_crs(4326).set_crs(PLANE, allow_override=True) for role, x in around(*origin).items()}
    assert {reason for _, reason in refused(write(tmp_path, **layers))} == {"crs_degrees"}
    wide = layers["communities"].set_geometry([box(138.9, 35.1, 140.2, 36.2)])
    assert ("communities", "crs_degrees") in refused(write(tmp_path, **(layers | {"communities": wide})))


def test_points_in_degrees_are_not_taken_for_metres(tmp_path: Path) -> None:
    layers = around(0, 0)
    points = layers["buildings"].geometry.centroid.to_crs(4326).set_crs(PLANE, allow_override=True)
    layers["buildings"] = layers["buildings"].set_geometry(points)
    assert refused(write(tmp_path, **layers)) == [("buildings", "crs_degrees")]


def test_metres_around_an_origin_said_to_be_degrees(tmp_path: Path) -> None:
    layers = {role: layer.set_crs(4326, allow_override=True) for role, layer in around(0, 0).items()}
    path = write(tmp_path, **layers)
    assert {("communities", "crs_metres"), ("buildings", "crs_metres")} <= set(refused(path))
    site = read_site(write(tmp_path, **{role: layers[role] for role in ("communities", "buildings")}), crs=PLANE)
    assert site.crs.to_epsg() == 6677


@pytest.mark.parametrize(("forward", "back", "most"), [(to_gcj02, from_gcj02, 700), (to_bd09, from_bd09, 1600)])
def test_chinese_datums(forward: Callable[[Degrees], Degrees], back: Callable[[Degrees], Degrees], most: float) -> None:
    rng = np.random.default_rng(3)
    lonlat = rng.uniform((75, 18), (134, 53), (20000, 2))
    moved = forward(lonlat)
    shift = (moved - lonlat) * 111_320
    metres = np.hypot(shift[:, 0] * np.cos(np.radians(lonlat[:, 1])), shift[:, 1])
    assert metres.min() > 15
    assert metres.max() < most
    left = np.abs(back(moved) - lonlat).max(axis=1) * 111_320
    assert left.max() < 1e-4


def test_gcj02_at_a_known_place() -> None:
    """Tiananmen by the public formula, as worked examples of it give."""
    assert to_gcj02(np.array([[116.397428, 39.90923]])) == pytest.approx(np.array([[116.403671, 39.910634]]), abs=2e-5)


def test_layers_in_gcj02(tmp_path: Path) -> None:
    """The community is believed, for its file names a system; a GeoJSON can name none."""
    degrees = buildings().to_crs(4326)
    moved = degrees.set_geometry(shapely.transform(degrees.geometry.to_numpy(), to_gcj02), crs=4326)
    file = tmp_path / "houses.geojson"
    moved.to_file(file, driver="GeoJSON", COORDINATE_PRECISION=10)
    path = package(tmp_path, communities=communities().to_crs(4326), buildings=None)
    site = read_site(path, layers={"buildings": file}, crs="gcj02")
    expected = buildings().geometry.to_numpy()
    assert shapely.hausdorff_distance(site.buildings.geometry.to_numpy(), expected).max() < 1e-3
    moved.to_file(path, layer="buildings", driver="GPKG")
    assert refused(path, crs="BD-09") == [("site", "crs_unused")]


# --- communities


def test_placeholder_codes_in_reading_order(tmp_path: Path) -> None:
    shapes = [square(100 * i, 100 * j, 100) for j in (0, 1) for i in (0, 1)]
    codes = ["41010500100", None, CODE, CODE]
    layer = table(shapes, code=codes, name=list("abcd"))
    site = read_site(write(tmp_path, communities=layer))
    assert dict(zip(site.communities["name"], site.communities.index, strict=True)) == {
        "c": "000000000001",
        "d": "000000000002",
        "a": "000000000003",
        "b": "000000000004",
    }
    notes = lines(site, "communities", "code_placeholder").sort_values("row")
    assert notes["rows"].tolist() == [1, 1, 1, 1]
    assert notes["detail"].tolist() == ["code: 41010500100", "code: -", f"code: {CODE}", f"code: {CODE}"]


@pytest.mark.parametrize("column", ["code", "统一编码", "编码", "社区编码", "CODE"])
@pytest.mark.parametrize("value", [CODE, int(CODE), float(CODE), f" {CODE} ", "４１０１０５００１００１"])
def test_codes_are_text(tmp_path: Path, column: str, value: object) -> None:
    layer = table([square(0, 0, 200)], **{column: [value]})
    assert list(read_site(write(tmp_path, communities=layer)).communities.index) == [CODE]


@pytest.mark.parametrize("code", ["910105001001", "041010500100", "41010500100a", "4101050010012"])
def test_false_codes(tmp_path: Path, code: str) -> None:
    site = read_site(write(tmp_path, communities=communities(code=[code])))
    assert list(site.communities.index) == ["000000000001"]


def test_nested_rows_finest_that_covers(tmp_path: Path) -> None:
    halves = [square(0, 0, 100), box(X + 100, Y, X + 200, Y + 100)]
    whole = box(X, Y, X + 200, Y + 100)
    layer = table([whole, *halves, square(10, 10, 20)], code=["410105001000", CODE, "410105001002", "410105001003"])
    site = read_site(write(tmp_path, communities=layer))
    assert list(site.communities.index) == [CODE, "410105001002"]
    aside = lines(site, "communities", "level_not_used")
    assert aside["row"].tolist() == [0, 3]
    assert (aside["status"] == "set_aside").all()


def test_nested_rows_by_level(tmp_path: Path) -> None:
    halves = [square(0, 0, 100), box(X + 100, Y, X + 200, Y + 100)]
    layer = table([box(X, Y, X + 200, Y + 100), *halves], level=["街道", "社区", "社区"])
    site = read_site(write(tmp_path, communities=layer))
    assert site.communities["level"].tolist() == ["社区", "社区"]
    only_one = read_site_of(tmp_path / "b", layer.iloc[:2])
    assert only_one.communities["level"].tolist() == ["街道"]


def read_site_of(folder: Path, layer: gpd.GeoDataFrame) -> Site:
    folder.mkdir()
    return read_site(write(folder, communities=layer))


def test_levels_that_do_not_nest_are_no_levels(tmp_path: Path) -> None:
    layer = table([square(0, 0, 100), box(X + 100, Y, X + 200, Y + 100)], level=["社区", "村"])
    assert len(read_site(write(tmp_path, communities=layer)).communities) == 2


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_slivers_go_to_the_lower_code(tmp_path: Path, order: list[int]) -> None:
    shapes = [square(0, 0, 100), box(X + 99.995, Y, X + 200, Y + 100)]
    layer = table(shapes, code=[CODE, "410105001002"]).iloc[order]
    site = read_site(write(tmp_path, communities=layer))
    first, second = site.communities.geometry
    assert first.equals(shapes[0])
    assert first.intersection(second).area == 0
    assert second.area == pytest.approx(10000)
    cut = lines(site, "communities", "overlap_cut")
    assert cut["id"].tolist() == ["410105001002"]
    assert cut["status"].tolist() == ["repaired"]


def test_wide_overlaps_are_refused(tmp_path: Path) -> None:
    layer = table([square(0, 0, 100), box(X + 99.98, Y, X + 200, Y + 100)], code=[CODE, "410105001002"])
    with pytest.raises(InputError, match=r"2\.00 m2"):
        read_site(write(tmp_path, communities=layer))


def test_boundary_is_never_mended(tmp_path: Path) -> None:
    bow = Polygon([(X, Y), (X + 200, Y + 200), (X + 200, Y), (X, Y + 200)])
    with pytest.raises(InputError, match="legal line") as error:
        read_site(write(tmp_path, communities=table([bow])))
    assert error.value.problems is not None
    assert "Self-intersection" in error.value.problems["value"][0]


def test_exclaves_stay_one_community(tmp_path: Path) -> None:
    both = MultiPolygon([square(0, 0, 100), square(300, 0, 50)])
    site = read_site(write(tmp_path, communities=table([both], code=[CODE])))
    assert site.communities.geometry.iloc[0].equals(both)


# --- ids


def test_ids_made_by_place_not_by_row(tmp_path: Path) -> None:
    layer = buildings().drop(columns="id")
    site = read_site(write(tmp_path, buildings=layer.iloc[[2, 0, 1]]))
    assert list(site.buildings.index) == ["buildings-0001", "buildings-0002", "buildings-0003"]
    assert list(site.buildings["households"]) == [10, 20, 30]
    note = lines(site, "buildings", "id_made")
    assert note["rows"].tolist() == [3]
    assert note["detail"].tolist() == ["3"]


def test_some_ids_missing(tmp_path: Path) -> None:
    site = read_site(write(tmp_path, buildings=buildings(id=["buildings-0001", None, " "])))
    assert list(site.buildings.index) == ["buildings-0001", "buildings-0002", "buildings-0003"]
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        (["a", "b", "a"], "id_repeated"),
        (["G01", "Ｇ０１", "b"], "id_alike"),
        (["G01", "G\u200b01", "b"], "id_alike"),
        (["G01", "G01 ", "b"], "id_repeated"),
        ([4.1010500100100103e17, 1.0, 2.0], "id_float"),
        ([1.5, 1.0, 2.0], "id_float"),
        (["a\tb", "c", "d"], "id_control"),
    ],
)
def test_ids_that_are_refused(tmp_path: Path, ids: list[object], reason: str) -> None:
    found = refused(write(tmp_path, buildings=buildings(id=ids)))
    assert set(found) == {("buildings", reason)}


def test_long_numbers_keep_their_digits(tmp_path: Path) -> None:
    ids = pd.array([410105001001001001, 410105001001001002, None], dtype="Int64")
    site = read_site(package(tmp_path, buildings=buildings(id=ids)))
    assert list(site.buildings.index)[:2] == ["410105001001001001", "410105001001001002"]


def test_repeated_ids_of_other_layers(tmp_path: Path) -> None:
    layer = table([way((0, i), (9, i)) for i in range(0, 30, 10)], id=["s", "s", "s"])
    site = read_site(write(tmp_path, streets=layer))
    assert list(site.layer("streets").index) == ["s", "s#2", "s#3"]
    assert_complete(site, {"communities": 1, "buildings": 3, "streets": 3})


# --- columns


def test_columns_under_other_names(tmp_path: Path) -> None:
    layer = buildings(名称=["甲", "乙", None], 层数=["6", "六", "18.5"], 单元数=[3, None, -1], 电话=["1", "2", "3"])
    site = read_site(write(tmp_path, buildings=layer.rename(columns={"households": "户数"})))
    assert site.buildings["name"].fillna("-").tolist() == ["甲", "乙", "-"]
    assert site.buildings["levels"].fillna(-1).tolist() == [6.0, -1.0, 18.5]
    assert site.buildings["units"].fillna(-1).tolist() == [3, -1, -1]
    assert sorted(lines(site, "buildings", "number_unreadable")["row"]) == [1, 2]
    assert_complete(site, {"communities": 1, "buildings": 3}, 60)


def test_classes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        streets=table([way((0, 0), (9, 0)), way((0, 50), (9, 50))], fclass=["primary", "motorway"], bridge=["F", "T"]),
        pois=table([spot(1, 1), spot(2, 2)], amenity=[None, "cafe"], shop=["bakery", "gift"]),
        railways=table([way((0, 70), (9, 70))], kind=["rail"], tunnel=["yes"]),
    )
    site = read_site(path)
    assert site.layer("streets")["highway"].tolist() == ["primary", "motorway"]
    assert site.layer("streets")["bridge"].tolist() == [False, True]
    assert site.layer("streets")["tunnel"].tolist() == [False, False]
    assert site.layer("pois")["class"].tolist() == ["bakery", "cafe"]
    assert site.layer("railways")["tunnel"].tolist() == [True]


def test_lists_give_their_first_value(tmp_path: Path) -> None:
    street = {
        "type": "Feature",
        "properties": {"id": "s", "highway": ["residential", "service"]},
        "geometry": json.loads(shapely.to_geojson(table([way((0, 0), (9, 0))]).to_crs(4326).geometry[0])),
    }
    file = tmp_path / "streets.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [street]}))
    site = read_site(write(tmp_path), layers={"streets": file})
    assert site.layer("streets")["highway"].tolist() == ["residential"]


@pytest.mark.parametrize(
    ("text", "is_so"),
    [(t, True) for t in ("yes", "viaduct", "true", "1", "T", "1.0", "是")]
    + [(t, False) for t in ("no", "0", "", "none", "False", "F", "否", "０")],
)
def test_flags(text: str, is_so: bool) -> None:
    assert flag(text) is is_so


def test_numbers_and_texts() -> None:
    assert [number(text) for text in ("6", "６", "1_0", "nan", "-2", "1e9", "x")] == [
        6,
        6,
        None,
        None,
        None,
        None,
        None,
    ]
    assert number("2.5", whole=True) is None
    assert texts(pd.Series([1.0, 2.5, " a ", ""], dtype=object)).fillna("-").tolist() == ["1", "2.5", "a", "-"]


def test_control_characters(tmp_path: Path) -> None:
    site = read_site(write(tmp_path, buildings=buildings(name=["a\x01b", "c", "d"])))
    assert site.buildings["name"].tolist() == ["a\ufffdb", "c", "d"]
    assert lines(site, "buildings", "text_repaired")["status"].tolist() == ["repaired"]


# --- households


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        ("12", 12),
        ("１２０", 120),
        ("1,277", 1277),
        ("１，２７７", 1277),
        ("120户", 120),
        ("12.0", 12),
        (" 7 ", 7),
        ("0", 0),
        ("٣٤", 34),
        ("abc", None),
        ("12,7", None),
        ("约120户", None),
        ("", None),
        (None, None),
    ],
)
def test_figures(tmp_path: Path, value: str | None, figure: int | None) -> None:
    site = read_site(write(tmp_path, buildings=buildings(2, households=[value, "5"])))
    found = site.buildings["households"].iloc[0]
    unknown = lines(site, "buildings", "households_unknown")
    if figure is None:
        assert pd.isna(found)
        assert unknown["row"].tolist() == [0]
        assert unknown["status"].tolist() == ["accepted"]
    else:
        assert found == figure
        assert unknown.empty


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("-3", "negative"),
        (-3, "negative"),
        ("2.5", "decimal"),
        (2.5, "decimal"),
        (1e12, "huge"),
        ("20001", "huge"),
        (float("inf"), "huge"),
    ],
)
def test_figures_that_are_refused(tmp_path: Path, value: str | float, reason: str) -> None:
    path = write(tmp_path, buildings=buildings(2, households=[value, type(value)(5)]))
    assert refused(path) == [("buildings", f"households_{reason}")]


def test_missing_column_of_figures(tmp_path: Path) -> None:
    path = write(tmp_path, buildings=buildings().rename(columns={"households": "实有户"}))
    with pytest.raises(InputError, match=r"households=实有户.*m2_per_household=90"):
        read_site(path)
    assert read_site(path, households="实有户").buildings["households"].sum() == 60
    with pytest.raises(InputError, match=r"nearest is 实有户"):
        read_site(path, households="实有户数")


def test_floats_with_gaps(tmp_path: Path) -> None:
    site = read_site(package(tmp_path, buildings=buildings(households=[10.0, np.nan, 30.0])))
    assert site.buildings["households"].fillna(-1).tolist() == [10, -1, 30]
    assert_complete(site, {"communities": 1, "buildings": 3}, 40)


def test_estimates_only_where_nothing_is_known(tmp_path: Path) -> None:
    layer = buildings(4, households=[None, 0, None, None], levels=[6, 6, None, 0])
    layer.loc[3, "geometry"] = spot(80, 80)
    site = read_site(write(tmp_path, buildings=layer), m2_per_household=90)
    assert site.buildings["households"].fillna(-1).tolist() == [7, 0, 1, -1]
    line = lines(site, "buildings", "households_estimated")
    assert line["rows"].tolist() == [2]
    assert line["households"].isna().all()
    assert_complete(site, {"communities": 1, "buildings": 4}, 0)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_area_of_a_household(tmp_path: Path, value: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        read_site(write(tmp_path), m2_per_household=value)


def test_nobody_lives_there(tmp_path: Path) -> None:
    assert refused(write(tmp_path, buildings=buildings(households=[0, 0, 0]))) == [("buildings", "households_zero")]


def test_units(tmp_path: Path) -> None:
    path = write(tmp_path, buildings=buildings(households=[None, 20, None]))
    units = tmp_path / "unit_households.csv"
    units.write_text("id,unit,households\nB2,2,7\nB2,1,5户\nB0,1,\nB9,1,3\n,1,3\n", encoding="utf-8-sig")
    site = read_site(path, layers={"unit_households": units})
    assert site.unit_households.fillna({"households": -1}).to_numpy().tolist() == [
        ["B0", "1", -1],
        ["B2", "1", 5],
        ["B2", "2", 7],
    ]
    assert site.buildings["households"].fillna(-1).tolist() == [-1, 20, 12]
    assert lines(site, "buildings", "households_from_units")["rows"].tolist() == [1]
    assert lines(site, "unit_households", "unit_unknown_building")["detail"].tolist() == ["B9"]
    assert_complete(site, {"communities": 1, "buildings": 3, "unit_households": 5}, 20)


def test_the_account_tells_where_units_and_building_differ(tmp_path: Path) -> None:
    path = write(tmp_path, buildings=buildings(households=[240, 12, 7], units=[2, 2, 1]))
    units = tmp_path / "unit_households.csv"
    units.write_text("building,unit,households\nB0,1,100\nB0,2,60\nB0,3,20\nB1,1,5\nB1,2,7\nB2,1,\nB2,2,9\n")
    site = read_site(path, layers={"unit_households": units})
    assert site.buildings["households"].tolist() == [240, 12, 7]
    number, sums = (lines(site, "buildings", reason) for reason in ("units_differ", "unit_sums_differ"))
    assert list(zip(number["id"], number["detail"], strict=True)) == [("B0", "3 / 2"), ("B2", "2 / 1")]
    assert list(zip(sums["id"], sums["detail"], strict=True)) == [("B0", "180 / 240")]
    assert_complete(site, {"communities": 1, "buildings": 3, "unit_households": 7}, 259)


def test_units_alone_give_the_figures(tmp_path: Path) -> None:
    path = write(tmp_path, buildings=buildings(2).drop(columns="households"))
    units = tmp_path / "unit_households.csv"
    units.write_text("building,unit,households\nB0,1,3\nB1,1,4\n")
    assert read_site(path, layers={"unit_households": units}).buildings["households"].tolist() == [3, 4]
    units.write_text("building,unit,households\nB0,1,3\nB0,1,-4\n")
    assert set(refused(path, layers={"unit_households": units})) == {
        ("unit_households", "unit_repeated"),
        ("unit_households", "households_negative"),
    }
    units.write_text("building,households\nB0,3\n")
    assert refused(path, layers={"unit_households": units}) == [("unit_households", "units_column")]


# --- geometry


BOW = Polygon([(X + 5, Y + 5), (X + 15, Y + 15), (X + 15, Y + 5), (X + 5, Y + 15)])
TWICE = Polygon([*square(5, 5).exterior.coords, *square(5, 5).exterior.coords])
PINCHED = Polygon(
    [(X + a, Y + b) for a, b in [(0, 0), (30, 0), (30, 30), (10, 30), (10, 10), (20, 10), (20, 40), (0, 40)]]
)


@pytest.mark.parametrize(
    ("shape", "reason", "area"),
    [
        (BOW, "ring_repaired", 50),
        (TWICE, "ring_repaired", 100),
        (Polygon([(X + 5, Y + 5), (X + 15, Y + 5), (X + 10, Y + 5)]), "footprint_collapsed", 0),
        (MultiPoint([(X + 5, Y + 5), (X + 7, Y + 7)]), "points_joined", 0),
        (shapely.GeometryCollection([square(5, 5), spot(1, 1)]), "collection_opened", 100),
    ],
)
def test_footprints_are_kept(tmp_path: Path, shape: object, reason: str, area: float) -> None:
    site = read_site(write(tmp_path, buildings=table([shape, square(50, 50)], id=["a", "b"], households=[1, 2])))
    assert site.buildings.loc["a"].geometry.area == pytest.approx(area)
    assert site.buildings.is_valid.all()
    assert lines(site, "buildings", reason)["status"].tolist() == ["repaired"]
    assert_complete(site, {"communities": 1, "buildings": 2}, 3)


def test_unclear_rings(tmp_path: Path) -> None:
    """Two readings differ: a footprint is kept all the same, a lake is set aside."""
    path = write(
        tmp_path, buildings=table([PINCHED, square(50, 50)], id=["a", "b"], households=[1, 2]), water=table([PINCHED])
    )
    site = read_site(path)
    detail = lines(site, "buildings", "ring_repaired")["detail"].iloc[0]
    drawn, mended = (float(part.split()[0]) for part in detail.split(" / "))
    assert abs(drawn - mended) > 0.01 * mended
    assert site.buildings.loc["a"].geometry.area == pytest.approx(mended, abs=0.01)
    assert lines(site, "water", "ring_unclear")["status"].tolist() == ["set_aside"]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "geometry_missing"),
        (Polygon(), "geometry_empty"),
        (endless(square(0, 0), np.nan), "geometry_not_finite"),
        (way((0, 0), (9, 9)), "geometry_type"),
        (shapely.GeometryCollection([way((0, 0), (9, 9))]), "geometry_type"),
        (square(300, 0), "outside"),
        (square(200, 0), "outside"),
        (spot(300, 0), "outside"),
    ],
)
def test_rows_set_aside(tmp_path: Path, shape: object, reason: str) -> None:
    layer = table([square(50, 50), shape], id=["a", "b"], households=[1, 2])
    path = tmp_path / "buildings.parquet"
    layer.to_parquet(path)
    site = read_site(write(tmp_path, buildings=None), layers={"buildings": path})
    line = lines(site, "buildings", reason)
    assert line[["status", "row", "id", "rows", "households"]].to_numpy().tolist() == [["set_aside", 1, "b", 1, 2]]
    assert list(site.buildings.index) == ["a"]
    assert_complete(site, {"communities": 1, "buildings": 2}, 3)


@pytest.mark.parametrize("shape", [square(195, 50), spot(200, 50), spot(0, 0), square(0, 0, 0.05)])
def test_any_part_inside_is_enough(tmp_path: Path, shape: object) -> None:
    site = read_site(write(tmp_path, buildings=table([shape], id=["a"], households=[1])))
    assert list(site.buildings.index) == ["a"]


def test_no_building_inside(tmp_path: Path) -> None:
    path = write(tmp_path, buildings=table([square(300, 0)], id=["a"], households=[1]))
    assert refused(path) == [("buildings", "no_buildings")]


def test_height_is_dropped(tmp_path: Path) -> None:
    flat = buildings()
    high = flat.set_geometry(shapely.force_3d(flat.geometry.to_numpy(), 7.0), crs=CRS)
    site = read_site(package(tmp_path, buildings=high))
    assert not shapely.has_z(site.buildings.geometry.to_numpy()).any()
    assert (site.buildings.geometry.to_numpy() == flat.geometry.to_numpy()).all()


def test_lines_without_length(tmp_path: Path) -> None:
    layer = table([way((0, 0), (0, 0)), way((0, 0), (9, 0))], id=["a", "b"])
    site = read_site(write(tmp_path, streets=layer))
    assert list(site.layer("streets").index) == ["b"]
    assert lines(site, "streets", "geometry_collapsed")["row"].tolist() == [0]


def test_lines_of_several_parts(tmp_path: Path) -> None:
    both = shapely.MultiLineString([way((0, 0), (9, 0)), way((0, 5), (9, 5))])
    site = read_site(write(tmp_path, streets=table([both, way((0, 9), (9, 9))], id=["a", "b"], name=["甲", "乙"])))
    assert list(site.layer("streets").index) == ["a/1", "a/2", "b"]
    assert site.layer("streets")["name"].tolist() == ["甲", "甲", "乙"]
    assert_complete(site, {"communities": 1, "buildings": 3, "streets": 2})


# --- streets that miss each other


def joined(folder: Path, shapes: list[LineString], **columns: object) -> Site:
    return read_site(write(folder, streets=table(shapes, id=[f"s{i}" for i in range(len(shapes))], **columns)))


@pytest.mark.parametrize("gap", [0.002, 0.05, 0.3, 0.499])
def test_gaps_are_closed(tmp_path: Path, gap: float) -> None:
    site = joined(tmp_path, [way((0, 50), (100, 50)), way((50, 0), (50, 25), (50, 50 - gap))])
    first, second = site.layer("streets").geometry
    assert first.equals_exact(way((0, 50), (100, 50)), 0)
    assert shapely.distance(first, second) < 1e-8
    assert second.coords[:3] == way((50, 0), (50, 25), (50, 50 - gap)).coords[:]
    line = lines(site, "streets", "gap_joined")
    assert line["id"].tolist() == ["s1"]
    assert line["detail"].tolist() == [f"{gap:.3f} m ({X + 50:.2f}, {Y + 50:.2f})"]


@pytest.mark.parametrize(
    "shapes",
    [
        [way((0, 50), (100, 50)), way((50, 0), (50, 49.4))],
        [way((0, 50), (100, 50)), way((50, 0), (50, 50))],
        [way((0, 50), (100, 50)), way((50, 50), (50, 50.3))],
        [way((0, 50), (50, 50)), way((50, 50), (99, 50)), way((50.2, 0), (50.2, 50))],
        [way((0, 50), (100, 50)), way((50, 0), (50, 50.3))],
        [way((-0.3, 50), (100, 50)), way((50, 0.6), (50, 50))],
    ],
)
def test_ends_that_are_left_alone(tmp_path: Path, shapes: list[LineString]) -> None:
    site = joined(tmp_path, shapes)
    assert all(a.equals_exact(b, 0) for a, b in zip(site.layer("streets").geometry, shapes, strict=True))
    assert lines(site, "streets", "gap_joined").empty


def test_two_ends_that_miss_each_other(tmp_path: Path) -> None:
    site = joined(tmp_path, [way((0, 50), (49.8, 50)), way((50, 50), (100, 50))])
    first, second = site.layer("streets").geometry
    assert first.length == pytest.approx(50)
    assert second.length == pytest.approx(50)
    assert lines(site, "streets", "gap_joined")["id"].tolist() == ["s0"]


def test_both_ends_of_neighbours_in_the_table(tmp_path: Path) -> None:
    shapes = [way((-20, 0), (-20, 9)), way((-19.8, 5), (19.7, 5)), way((20, 0), (20, 9)), way((20.2, 4), (40, 4))]
    site = joined(tmp_path, [shapely.transform(shape, lambda xy: np.add(xy, (50, 0))) for shape in shapes])
    streets = site.layer("streets").geometry
    assert streets.loc["s1"].length == pytest.approx(40)
    assert streets.loc["s3"].length == pytest.approx(20)
    assert len(streets.loc["s1"].coords) == 4
    assert lines(site, "streets", "gap_joined")["rows"].tolist() == [1, 1]


def test_bridges_do_not_meet_the_ground(tmp_path: Path) -> None:
    shapes = [way((0, 50), (100, 50)), way((50, 0), (50, 49.8))]
    assert lines(joined(tmp_path, shapes, bridge=["yes", "no"]), "streets", "gap_joined").empty


RING = [(20, 20), (80, 20), (80, 60), (20, 60)]


@pytest.mark.parametrize("near", ["streets", "railways", "waterways", "barriers", "communities", "water"])
@pytest.mark.parametrize("role", ["streets", "railways", "waterways", "barriers"])
def test_ends_are_led_to_whatever_bounds(tmp_path: Path, role: str, near: str) -> None:
    """A line from the middle of the place to 0.3 m before its west border, a shore, or a line at x = 0."""
    line, goal = way((100, 50), (0.3, 50)), way((0, 10), (0, 90))
    shapes: dict[str, list[shapely.Geometry]] = {role: [line]}
    if near == "water":
        shapes[near] = [shapely.box(X - 30, Y, X, Y + 90)]
    elif near != "communities":
        shapes[near] = [*shapes.get(near, []), goal]
    land = communities() if near == "communities" else table([square(-100, -100, 300)], code=[CODE])
    layers = {name: table(own, id=[f"{name[0]}{k}" for k in range(len(own))]) for name, own in shapes.items()}
    site = read_site(write(tmp_path, communities=land, **layers))
    assert site.layer(role).geometry.iloc[0].coords[:] == [*line.coords, (X, Y + 50)]
    told = lines(site, role, "gap_joined")
    assert told["id"].tolist() == [f"{role[0]}0"]
    assert told["detail"].tolist() == [f"0.300 m ({X:.2f}, {Y + 50:.2f})"]
    assert (site.account["reason"] == "gap_joined").sum() == 1


def test_the_ends_of_a_ring_are_led_to_each_other(tmp_path: Path) -> None:
    ring = way((20, 20.4), *RING[::-1][:-1], (80, 20), (20.3, 20))
    fences = table([ring, way((5, 5), (5.4, 5))], id=["f0", "f1"], barrier=["fence"] * 2)
    site = read_site(write(tmp_path, barriers=fences))
    assert site.layer("barriers").geometry.loc["f0"].is_closed
    assert lines(site, "barriers", "gap_joined")["id"].tolist() == ["f0"]


def test_what_does_not_bound_is_led_to_nothing_else(tmp_path: Path) -> None:
    layers = {
        "streets": table([way((100, 50), (100, 90.3))], id=["s"], highway=["footway"]),
        "barriers": table(
            [way((50, 90), (150, 90)), way((50, 91), (50, 90.3))], id=["h", "i"], barrier=["wall", "hedge"]
        ),
        "waterways": table([way((70, 20), (70, 89.7))], id=["w"], waterway=["ditch"]),
    }
    site = read_site(write(tmp_path, **layers))
    assert "gap_joined" not in set(site.account["reason"].dropna())


def test_gates_given_as_points_are_kept(tmp_path: Path) -> None:
    walls = table([way(*RING, RING[0]), spot(50, 20)], id=["w", "g"], barrier=["wall", "gate"])
    site = read_site(write(tmp_path, barriers=walls))
    assert site.layer("barriers").geom_type.loc[["w", "g"]].tolist() == ["LineString", "Point"]
    assert set(site.account.loc[site.account["layer"] == "barriers", "status"]) == {"accepted"}


# --- the whole


def bad_rows() -> st.SearchStrategy[list[str]]:
    kinds = ["good", "none", "empty", "line", "bow", "point", "outside", "unknown", "collapsed", "inf"]
    return st.lists(st.sampled_from(kinds), min_size=1, max_size=25)


def make_row(kind: str, at: int) -> tuple[object, int | None]:
    home = square(15 * (at % 12) + 2, 15 * (at // 12) + 2)
    x, y = home.bounds[:2]
    shapes = {
        "none": None,
        "empty": Polygon(),
        "line": LineString([(x, y), (x + 5, y)]),
        "bow": Polygon([(x, y), (x + 9, y + 9), (x + 9, y), (x, y + 9)]),
        "point": Point(x, y),
        "outside": shapely.transform(home, lambda xy: xy + 500),
        "collapsed": Polygon([(x, y), (x + 9, y), (x, y)]),
        "inf": endless(home, np.inf),
    }
    return shapes.get(kind, home), None if kind == "unknown" else at + 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=bad_rows(), seed=st.integers(0, 99))
def test_every_row_is_accounted_for_in_any_order(tmp_path: Path, kinds: list[str], seed: int) -> None:
    rows = [("good", -1), *((kind, at) for at, kind in enumerate(kinds))]
    made = [make_row(kind, at + 1) for kind, at in rows]
    layer = table(
        [shape for shape, _ in made],
        id=[f"B{i:02d}" for i in range(len(made))],
        households=pd.array([figure for _, figure in made], dtype="Int64"),
    )
    order = np.random.default_rng(seed).permutation(len(layer))
    communities().to_parquet(tmp_path / "communities.parquet")
    sites = []
    for one in (layer, layer.iloc[order]):
        one.to_parquet(tmp_path / "buildings.parquet", index=False)
        sites.append(read_site(tmp_path))
    read = int(layer["households"].sum())
    for site in sites:
        assert_complete(site, {"communities": 1, "buildings": len(layer)}, read)
    assert_same(*sites)
    kept = sum(kind in {"good", "bow", "point", "unknown", "collapsed"} for kind, _ in rows)
    assert len(sites[0].buildings) == kept
    assert sites[0].buildings.is_valid.all()


def assert_same(first: Site, second: Site) -> None:
    """All is the same but the numbers of the rows in the files."""
    for role in ROLES:
        pd.testing.assert_frame_equal(first.layer(role), second.layer(role))
    pd.testing.assert_frame_equal(first.account.drop(columns="row"), second.account.drop(columns="row"))


def test_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    ways = [way(*rng.uniform(0, 200, (2, 2))) for _ in range(150)]
    streets, water = table(ways), table([square(*rng.uniform(0, 150, 2)) for _ in range(20)], id=["w"] * 20)
    sites = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        sites.append(read_site(write(folder, streets=streets, water=water)))
        streets, water = streets.iloc[rng.permutation(150)], water.iloc[rng.permutation(20)]
    assert_same(*sites)


@pytest.mark.parametrize("kind", ["gpkg", "parquet", "geojson", "shp", "dbf", "shx"])
def test_damaged_files_give_our_errors_only(tmp_path: Path, kind: str) -> None:
    """Files cut off or with changed bytes are read, with an account that adds up, or refused in plain words."""
    path = write(tmp_path)
    main = tmp_path / f"houses.{'shp' if kind in {'dbf', 'shx'} else kind}"
    if kind == "parquet":
        buildings().to_parquet(main)
    else:
        (buildings().to_crs(4326) if kind == "geojson" else buildings()).to_file(main)
    part = main.with_suffix(f".{kind}")
    whole = part.read_bytes()
    rng = np.random.default_rng(8)
    for turn in range(12):
        data = bytearray(whole[: rng.integers(len(whole))] if turn % 3 == 0 else whole)
        for at in rng.integers(0, max(len(data), 1), 0 if turn % 3 == 0 else (1, 30)[turn % 2]):
            data[at] = rng.integers(256)
        part.write_bytes(data)
        with suppress(InputError):
            site = read_site(path, layers={"buildings": main})
            assert site.account["rows"].sum() == 1 + len(site.buildings) + (site.account["status"] == "set_aside").sum()


def test_unclosed_rings_are_closed(tmp_path: Path) -> None:
    ring = shapely.get_coordinates(buildings().to_crs(4326).geometry[0])[:-1].tolist()
    feature = {"type": "Feature", "properties": {"id": "a", "households": 3}}
    feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    file = tmp_path / "houses.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    site = read_site(write(tmp_path), layers={"buildings": file})
    assert site.buildings.area.tolist() == pytest.approx([100], rel=1e-3)


def test_one_wild_row_of_two(tmp_path: Path) -> None:
    layer = table([square(5, 5), square(1e9, 0)], id=["a", "b"], households=[1, 2])
    assert lines(read_site(write(tmp_path, buildings=layer)), "buildings", "outside")["id"].tolist() == ["b"]


def test_account_order(tmp_path: Path) -> None:
    layer = table([None, square(5, 5), None, square(50, 5)], id=list("abcd"), households=[1, None, 3, 4])
    site = read_site(write(tmp_path, buildings=layer, streets=table([way((0, 0), (9, 9))])))
    assert list(dict.fromkeys(site.account["layer"])) == ["communities", "buildings", "streets"]
    mine = site.account[site.account["layer"] == "buildings"]
    assert mine["status"].tolist() == ["accepted", "set_aside", "accepted", "set_aside"]
    assert mine["row"].fillna(-1).tolist() == [-1, 0, 1, 2]
    assert mine["rows"].tolist() == [1, 1, 1, 1]


def test_several_facts_of_one_row_count_once(tmp_path: Path) -> None:
    layer = table([BOW, square(50, 50)], id=["a", "b"], households=[None, 3], name=["x\x02", "y"])
    site = read_site(write(tmp_path, buildings=layer))
    mine = site.account[site.account["row"] == 0]
    mine = mine[mine["layer"] == "buildings"]
    assert mine["reason"].tolist() == ["ring_repaired", "text_repaired", "households_unknown"]
    assert mine["rows"].tolist() == [1, 0, 0]
    assert_complete(site, {"communities": 1, "buildings": 2}, 3)


def test_every_reason_has_words() -> None:
    source = Path(read_site.__code__.co_filename).parent
    code = "\n".join(file.read_text(encoding="utf-8") for file in sorted(source.parents[1].rglob("*.py")))
    for key in catalogue():
        if key.startswith("account_"):
            assert f'"{key.removeprefix("account_")}"' in code
            assert explain(key.removeprefix("account_")).render("zh")
        if key.startswith("fix_"):
            assert has_text(f"load_{key.removeprefix('fix_')}")


# --- real places


@with_data
@pytest.mark.parametrize(
    ("place", "epsg", "rows", "households"),
    [
        ("bubenec_prague", 5514, 144, 2032),
        ("helsinki_centre", 3067, 446, 7595),
        ("nanjing_xinjiekou", 4549, 1277, 39569),
        ("olemps_fr", 2154, 2274, 1429),
        ("shenzhen_south", 4547, 6216, 143540),  # one building is outside for the most part
        ("maassluis_nl", 28992, 16443, 17919),
    ],
)
def test_real_places(place: str, epsg: int, rows: int, households: int) -> None:
    path = DATA / place / f"{place}.gpkg"
    site = read_site(path)
    assert site.crs.to_epsg() == epsg
    from pyogrio import list_layers, read_info

    names = {str(name): "communities" if name == "boundary" else str(name) for name, _ in list_layers(path)}
    counts = {role: read_info(path, layer=name)["features"] for name, role in names.items() if role in ROLES}
    unused = {"site": 0} if names.keys() - ROLES.keys() - {"boundary"} else {}
    assert_complete(site, {role: counts[role] for role in ROLES if role in counts} | unused, households)
    assert len(site.buildings) == rows
    assert site.buildings["households"].sum() == households


@with_data
@pytest.mark.long
def test_large_place() -> None:
    site = read_site(DATA / "haaglanden_nl")
    assert len(site.communities) == 7
    mine = site.account[site.account["layer"] == "buildings"]
    assert mine["rows"].sum() == 230637
    assert mine["households"].sum() == 218688


OLEMPS = f"{DATA}/olemps_fr/olemps_fr.gpkg:boundary"
NANJING = f"{DATA}/nanjing_xinjiekou/nanjing_xinjiekou.gpkg:boundary"


def dirty(name: str, boundary: str, **options: Any) -> Site:
    return read_site(layers={"buildings": DIRTY / name, "communities": boundary}, **options)


@with_data
def test_dirty_missing_cpg() -> None:
    from gridgeo.files.reading.shapefile import read_shapefile

    raw = read_shapefile(DIRTY / "01_missing_cpg/BATIMENT.shp", lambda _: None)
    assert "Indifférencié" in set(raw["NATURE"]) | set(raw["USAGE1"])
    site = dirty("01_missing_cpg/BATIMENT.shp", OLEMPS, households="NB_LOGTS")
    assert_complete(site, {"communities": 1, "buildings": 2273}, 1429)
    assert site.buildings["households"].isna().sum() == 939


@with_data
def test_dirty_missing_dbf() -> None:
    with pytest.raises(InputError, match=r"TRONCON_DE_ROUTE\.dbf is missing"):
        read_site(DATA / "olemps_fr/olemps_fr.gpkg", layers={"streets": DIRTY / "02_missing_dbf/TRONCON_DE_ROUTE.shp"})


@with_data
def test_dirty_chinese_without_encoding_or_system() -> None:
    name = "04_gbk_no_cpg_no_prj/nanjing_buildings.shp"
    with pytest.raises(CrsError, match="4534-4554"):
        dirty(name, NANJING, m2_per_household=90)
    site = dirty(name, NANJING, m2_per_household=90, crs="EPSG:4549")
    assert_complete(site, {"communities": 1, "buildings": 1277})
    assert site.buildings["levels"].notna().any()


@with_data
def test_dirty_gcj02() -> None:
    name = "05_gcj02/nanjing_buildings_gcj02_said_wgs84.geojson"
    site = dirty(name, NANJING, m2_per_household=90, crs="GCJ-02")
    true = read_site(DATA / "nanjing_xinjiekou/nanjing_xinjiekou.gpkg")
    assert (site.buildings.index == true.buildings.index).all()
    assert shapely.distance(site.buildings.centroid.to_numpy(), true.buildings.centroid.to_numpy()).max() < 0.05


@with_data
def test_dirty_invalid_polygons(tmp_path: Path) -> None:
    name = "08_invalid_polygons/delft_invalid_buildings.geojson"
    hull = tmp_path / "hull.gpkg"
    raw = gpd.read_file(DIRTY / name)
    table([box(*raw.total_bounds)], raw.crs).to_file(hull)
    site = dirty(name, str(hull), m2_per_household=90)
    assert_complete(site, {"communities": 1, "buildings": 656})
    assert len(site.buildings) == 656
    assert site.buildings.is_valid.all()
    assert (site.buildings.area > 0).all()


@with_data
def test_dirty_no_json() -> None:
    with pytest.raises(InputError, match="no format"):
        dirty("09_js_not_json/wuhan_buildSet.js", NANJING)


@with_data
def test_dirty_web_mercator() -> None:
    boundary = f"{DATA}/bubenec_prague/bubenec_prague.gpkg:boundary"
    site = dirty("11_web_mercator/bubenec_buildings_3857.gpkg", boundary, m2_per_household=90)
    assert site.buildings.area.sum() == pytest.approx(43176, rel=0.002)


@with_data
def test_dirty_mixed_geometry() -> None:
    site = dirty("14_mixed_geometry/nanjing_mixed.geojson", NANJING, m2_per_household=90)
    assert_complete(site, {"communities": 1, "buildings": 305})
    counts = site.account.groupby("reason")["rows"].sum()
    assert counts["geometry_missing"] == 2
    assert counts["geometry_type"] == 40


@with_data
def test_dirty_system_without_code() -> None:
    site = read_site(
        DATA / "nanjing_xinjiekou/nanjing_xinjiekou.gpkg",
        layers={"streets": DIRTY / "12_crs_without_code/wuhan_original.parquet"},
    )
    assert len(site.layer("streets")) == 92667


def test_shapefile_header_is_big_endian() -> None:
    """What the reader of headers relies on: the magic number of a .shp is 9994, big-endian."""
    assert struct.pack(">i", 9994) == b"\x00\x00\x27\x0a"


def test_a_folder_with_one_geopackage_means_that_file(tmp_path: Path) -> None:
    path = package(tmp_path)
    assert read_site(tmp_path).account.equals(read_site(path).account)
