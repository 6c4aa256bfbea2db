"""Names of layers and columns: which are known, which the caller gives, and that none is dropped in silence."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, box

import gridgeo as gg
from gridgeo.errors import InputError
from gridgeo.files.reading import read_site
from gridgeo.model import COLUMN_NAMES, LAYER_NAMES, ROLES, UNITS, ZONES, closest, columns_named, roles_named
from tests.files.made_layers import (
    CODE,
    CRS,
    DATA,
    X,
    Y,
    assert_complete,
    buildings,
    communities,
    lines,
    package,
    refused,
    square,
    table,
    way,
    with_data,
    write,
)

OWN = {"communities": "code", UNITS: "building", ZONES: "code"}


def test_the_table_has_each_role_and_column_once() -> None:
    assert set(LAYER_NAMES) == {*ROLES, UNITS}
    for role, names in LAYER_NAMES.items():
        assert names[0] == role
        assert {OWN.get(role, "id"), *(ROLES[role].columns if role in ROLES else ())} <= set(COLUMN_NAMES[role])
    for role, columns in COLUMN_NAMES.items():
        for column, names in columns.items():
            assert names[0] == column, (role, column)
            assert len(set(names)) == len(names), (role, column)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_name_of_a_layer_is_its_role(role: str) -> None:
    for name in LAYER_NAMES[role]:
        assert role in roles_named(name)
        assert role in roles_named(name.upper().replace("_", " "))


def test_names_that_look_alike_are_one() -> None:
    there = ["户数（户）", "Road Name", "ＣＯＤＥ", "geometry"]
    assert columns_named(there, ["户数"]) == ["户数（户）"]
    assert columns_named(there, ["road_name"]) == ["Road Name"]
    assert columns_named(there, ["code"]) == ["ＣＯＤＥ"]
    assert columns_named(["CODE", "code"], ["code"]) == ["code"]
    assert columns_named(there, ["geometry"]) == []


@pytest.mark.parametrize(
    ("name", "meant"), [("roads_2024", "streets"), ("道路图", "streets"), ("bulding", "buildings"), ("places", None)]
)
def test_the_closest_role(name: str, meant: str | None) -> None:
    assert closest(name, LAYER_NAMES) == meant


@pytest.mark.parametrize(
    ("name", "meant"), [("户籍户数2024", "households"), ("楼层数量", "levels"), ("width", None), ("height_m", None)]
)
def test_the_closest_column(name: str, meant: str | None) -> None:
    assert closest(name, COLUMN_NAMES["buildings"]) == meant


def chinese(folder: Path) -> Path:
    """The files of a street office, by their Chinese names."""
    layers = {
        "社区": table([square(0, 0, 200)], 社区代码=[CODE], 社区名称=["文化路"]),
        "楼栋": buildings().rename(columns={"id": "楼栋编号", "households": "户数"}).assign(层数=6, 户主电话="1"),
        "道路": table([way((0, 100), (200, 100))], 路名=["一路"], 等级=["人行道"]),
        "水系": table([way((0, 150), (200, 150))], 名称=["河"], 类型=["运河"]),
        "网格员": buildings(1),
    }
    for name, layer in layers.items():
        layer.to_file(folder / f"{name}.shp", encoding="gb18030")
    return folder


def test_chinese_names_of_files_and_columns(tmp_path: Path) -> None:
    site = read_site(chinese(tmp_path))
    counts = {"communities": 1, "buildings": 3, "streets": 1, "waterways": 1, "site": 0}
    assert_complete(site, counts, 60)
    assert site.communities["name"].to_dict() == {CODE: "文化路"}
    assert site.buildings["levels"].tolist() == [6, 6, 6]
    assert site.layer("streets")[["name", "highway"]].to_numpy().tolist() == [["一路", "footway"]]
    assert site.layer("waterways")["waterway"].tolist() == ["canal"]  # 水系 holds lines
    assert lines(site, "streets", "classes_read")["detail"].tolist() == ["人行道 = footway"]
    assert lines(site, "buildings", "columns_unused")["detail"].tolist() == ["户主电话"]
    assert lines(site, "site", "layer_unused")["detail"].tolist() == ["网格员.shp"]


def test_water_of_polygons_and_lines(tmp_path: Path) -> None:
    path = package(tmp_path, 水系=table([square(50, 50, 20)]))
    assert len(read_site(path).layer("water")) == 1
    folder = write(tmp_path, 水系=table([square(50, 50, 20)]))
    assert len(read_site(folder).layer("water")) == 1


def test_layers_that_are_not_used_are_named_with_the_closest_role(tmp_path: Path) -> None:
    path = package(
        tmp_path, roads2024=table([way((0, 100), (200, 100))]), places=buildings(1), buildings_old=buildings(1)
    )
    site = read_site(path)
    assert lines(site, "site", "layer_resembles")["detail"].tolist() == ["site.gpkg:roads2024 (streets?)"]
    unused = lines(site, "site", "layer_unused")["detail"]
    assert unused.tolist() == ["site.gpkg:places", "site.gpkg:buildings_old"]
    given = read_site(path, layers={"streets": "roads2024"})
    assert len(given.layer("streets")) == 1
    assert not len(lines(given, "site", "layer_resembles"))


def test_the_own_name_of_a_role_goes_before_others(tmp_path: Path) -> None:
    path = package(tmp_path, houses=buildings(2))
    site = read_site(path)
    assert len(site.buildings) == 3
    assert lines(site, "buildings", "layer_second")["detail"].tolist() == ["site.gpkg:houses"]


def test_two_other_names_of_one_role_are_asked_about(tmp_path: Path) -> None:
    path = package(tmp_path, buildings=None, 楼栋=buildings(), houses=buildings())
    assert refused(path) == [("buildings", "role_twice")]


def test_a_column_is_given_by_name(tmp_path: Path) -> None:
    layer = buildings().rename(columns={"households": "实有户"}).assign(户数=1)
    path = write(tmp_path, buildings=layer, communities=communities().rename(columns={"code": "社区代号"}))
    chosen = {"buildings": {"households": "实有户"}, "社区": {"code": "社区代号"}}
    site = read_site(path, columns=chosen)
    assert site.buildings["households"].sum() == 60
    assert list(site.communities.index) == [CODE]
    assert read_site(path, households="实有户").buildings["households"].sum() == 60
    assert read_site(path).buildings["households"].sum() == 3


def test_given_columns_that_are_not_there(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert refused(path, columns={"buildings": {"households": "hoseholds"}}) == [("buildings", "column_missing")]
    with pytest.raises(InputError, match=r"nearest is households; there are the columns id, households"):
        read_site(path, columns={"buildings": {"households": "hoseholds"}})
    assert refused(path, columns={"streets": {"name": "路"}}) == [("streets", "column_no_layer")]
    with pytest.raises(InputError, match="known are id, name, levels, units, households"):
        read_site(path, columns={"buildings": {"floors": "x"}})
    with pytest.raises(InputError, match="twice"):
        read_site(path, columns={"buildings": {"households": "a"}}, households="b")
    with pytest.raises(InputError, match="towers"):
        read_site(path, columns={"towers": {"id": "a"}})


def test_a_misspelt_layer_lists_those_of_the_file(tmp_path: Path) -> None:
    path = package(tmp_path)
    assert refused(path, layers={"buildings": "bulidings"}) == [("buildings", "layer_unknown")]
    with pytest.raises(InputError, match=r"is it 'buildings'\?.*communities, buildings"):
        read_site(path, layers={"buildings": "bulidings"})


def test_a_file_of_the_folder_is_given_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, ways=table([way((0, 100), (200, 100))]))
    assert len(read_site(path, layers={"streets": "ways.parquet"}).layer("streets")) == 1


def test_unused_columns_are_named_and_no_value_is_shown(tmp_path: Path) -> None:
    layer = buildings().rename(columns={"households": "户籍户数"}).assign(户主="张三丰", 电话="13800001234")
    path = write(tmp_path, buildings=layer)
    with pytest.raises(InputError) as error:
        read_site(path)
    assert "张三丰" not in str(error.value)
    site = read_site(path, m2_per_household=50)
    assert lines(site, "buildings", "columns_unused")["detail"].tolist() == ["户主, 户籍户数 (households?), 电话"]
    assert "13800001234" not in site.account.to_csv()
    assert "张三丰" not in site.account.to_csv()


def test_a_code_that_is_none_is_shown_as_it_stood(tmp_path: Path) -> None:
    layer = communities().rename(columns={"code": "社区编码"}).assign(社区编码="41010500100X", 编号="7")
    site = read_site(write(tmp_path, communities=layer))
    assert lines(site, "communities", "code_placeholder")["detail"].tolist() == ["社区编码: 41010500100X | 编号: 7"]
    bare = read_site(write(tmp_path, communities=communities().drop(columns="code")))
    assert lines(bare, "communities", "code_columns")["detail"].str.startswith("code, 统一编码").all()


def test_a_plan_file_as_a_site_has_no_foreign_layers(tmp_path: Path) -> None:
    path = package(tmp_path, cells=buildings(1), faults=buildings(1))
    assert "site" not in set(read_site(path).account["layer"])


def drawn(folder: Path, **columns: object) -> Path:
    shapes = [box(X, Y, X + 100, Y + 200), box(X + 100, Y, X + 200, Y + 200)]
    path = folder / "drawn.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path, layer="grid", driver="GPKG")
    return path


@pytest.mark.parametrize("code", ["网格编码", "编号", "CODE"])
def test_codes_and_names_of_drawn_grids(tmp_path: Path, code: str) -> None:
    path = drawn(tmp_path, **{code: [f"{CODE}001", f"{CODE}002"], "网格名称": ["东", "西"]})
    zones = gg.read_zones(path).tier("grid")
    assert zones["name"].to_dict() == {f"{CODE}001": "东", f"{CODE}002": "西"}


@pytest.fixture
def land(tmp_path: Path) -> gg.Site:
    shapes = [square(20 * i + 5, y) for i in range(9) for y in (20, 60, 140)]
    houses = table(shapes, id=[f"B{i:02d}" for i in range(27)], households=[10] * 27)
    streets = table([LineString([(X, Y + 100), (X + 200, Y + 100)])])
    return read_site(package(tmp_path, buildings=houses, streets=streets))


SCHEME = gg.Scheme((gg.Tier("grid", 50, 200, 130, 3), gg.Tier("micro", 20, 60, 40)))


def test_names_of_given_grids_come_into_the_plan(tmp_path: Path, land: gg.Site) -> None:
    zones = gg.read_zones(drawn(tmp_path, 网格编码=[f"{CODE}001", f"{CODE}002"], 网格名称=["东", "西"]))
    plan = gg.divide(land, SCHEME, seed=1, effort="fast", within=zones)
    assert plan.zones("grid")["name"].to_dict() == {f"{CODE}001": "东", f"{CODE}002": "西"}


def test_names_of_kept_zones_come_into_the_plan(tmp_path: Path, land: gg.Site) -> None:
    plan = gg.divide(land, SCHEME, seed=1, effort="fast")
    drawing = plan.zones("micro").reset_index()[["code", "geometry"]]
    drawing["网格名称"] = [f"第{n}格" for n in range(len(drawing))]
    kept = gg.divide(land, SCHEME, seed=2, effort="fast", keep=drawing)
    assert kept.zones("micro")["name"].tolist() == drawing["网格名称"].tolist()
    first = drawing["code"].iloc[0]
    again = gg.divide(kept.site, SCHEME, seed=3, effort="fast", cells=kept, keep=[first])
    assert again.zones("micro").loc[first, "name"] == "第0格"
    assert again.registry["name"].notna().sum() == 1


@with_data
def test_a_drawing_by_many_hands(tmp_path: Path) -> None:
    path = DATA / "precincts_nh" / "drawn.gpkg"
    zones = gg.read_zones(path)
    assert len(zones.table) == 320
    renamed = gpd.read_file(path).rename(columns={"网格编码": "编号"})
    renamed.to_file(tmp_path / "drawn.gpkg", layer="precinct")
    assert gg.read_zones(tmp_path / "drawn.gpkg").table["code"].tolist() == zones.table["code"].tolist()
