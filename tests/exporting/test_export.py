"""Every export is read back by another library than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from PIL import Image
from pyproj import Transformer

import gridgeo as gg
from gridgeo.errors import InputError, OutputError
from gridgeo.exporting import ENDINGS
from gridgeo.model import Plan
from tests.style.made_plan import make_plan

LIVE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1")
"""Names that a spreadsheet could take for formulas."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    columns = [(row, column) for row in range(3) for column in range(3)]
    names = {f"b{row:03d}{column:03d}": name for (row, column), name in zip(columns, LIVE, strict=False)}
    return make_plan(names=names)


@pytest.fixture(scope="module")
def micro(plan: Plan) -> gpd.GeoDataFrame:
    return plan.zones("micro")


def read_shp(files: dict[str, bytes]) -> tuple[list[str], list[dict[str, str]]]:
    """Fields and records of a .dbf, by the published layout of the format."""
    (data,) = (content for name, content in files.items() if name.endswith(".dbf"))
    rows, head, long = (
        int.from_bytes(data[4:8], "little"),
        int.from_bytes(data[8:10], "little"),
        data[10] + 256 * data[11],
    )
    fields = [(data[at : at + 11].split(b"\0")[0].decode(), data[at + 16]) for at in range(32, head - 1, 32)]
    records = []
    for row in range(rows):
        at = head + row * long + 1
        record = {}
        for name, width in fields:
            record[name] = data[at : at + width].decode("utf-8").strip()
            at += width
        records.append(record)
    return [name for name, _ in fields], records


def test_a_workbook_holds_tiers_buildings_and_findings_as_text(tmp_path: Path, plan: Plan) -> None:
    book = openpyxl.load_workbook(gg.export(plan, tmp_path / "plan.xlsx"))
    assert book.sheetnames == ["三级网格", "微网格", "楼栋", "核查结果"]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    micro = book["微网格"]
    heads = [cell.value for cell in micro[1]]
    assert heads[:4] == ["统一编码", "图上编号", "名称", "类型"]
    codes = [row[0] for row in micro.iter_rows(min_row=2)]
    assert [cell.value for cell in codes] == plan.zones("micro").index.tolist()
    assert {cell.data_type for cell in codes} == {"s"}
    assert micro.column_dimensions["A"].width >= 17
    households = [row[heads.index("户数")].value for row in micro.iter_rows(min_row=2)]
    assert households == plan.zones("micro")["households"].tolist()
    names = {row[2].value for row in book["楼栋"].iter_rows(min_row=2)}
    assert set(LIVE) <= names
    assert book["楼栋"]["E2"].value == plan.buildings["code"].iloc[0][:15]
    findings = gg.check(plan).findings
    assert [row[-1].value for row in book["核查结果"].iter_rows(min_row=2)] == findings["message"].tolist()


def test_a_workbook_speaks_english_and_can_hold_one_layer(tmp_path: Path, plan: Plan) -> None:
    book = openpyxl.load_workbook(gg.export(plan, tmp_path / "grid.xlsx", "grid", lang="en"))
    assert book.sheetnames == ["grid"]
    assert [cell.value for cell in book["grid"][1]][:3] == ["code", "label", "name"]


def test_a_table_for_spreadsheets_keeps_codes_and_runs_nothing(tmp_path: Path, plan: Plan) -> None:
    data = gg.export(plan, tmp_path / "micro.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == plan.zones("micro").index.tolist()
    assert rows[0]["code_text"] == "410105001001-001-01"
    assert rows[-1]["code_text"] == "410105001001-901-00"
    assert all(not re.fullmatch(r"[\d.]+", row["code_text"]) for row in rows)
    text = gg.export(plan, tmp_path / "b.csv", "buildings").read_bytes().decode("utf-8-sig")
    names = {row["name"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert {f"'{name}" for name in LIVE} <= names


def test_a_shapefile_has_short_names_chinese_text_and_a_cpg(tmp_path: Path, plan: Plan) -> None:
    path = gg.export(plan, tmp_path / "网格.shp")
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(files) == [f"网格.{ending}" for ending in ("cpg", "dbf", "prj", "shp", "shx")]
    assert files["网格.cpg"].decode().strip().upper() == "UTF-8"
    fields, records = read_shp(files)
    assert fields == ["code", "parent", "kind", "name", "hh", "n_unknown", "n_bld", "area_m2"]
    assert [record["code"] for record in records] == plan.zones("micro").index.tolist()
    assert records[-1]["name"] == "文化路小学"
    back = gpd.read_file(path)
    assert back.crs.to_epsg() == 4547
    assert back.geometry.geom_equals(plan.zones("micro").geometry.reset_index(drop=True)).all()


def test_a_zipped_shapefile_is_one_file(tmp_path: Path, plan: Plan) -> None:
    path = gg.export(plan, tmp_path / "grids.shp.zip", "grid")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        fields, records = read_shp({name: archive.read(name) for name in archive.namelist()})
    assert "hh" in fields
    assert [record["code"] for record in records] == plan.zones("grid").index.tolist()
    assert len(gpd.read_file(path)) == len(records)


def test_fields_of_other_loads_are_told_where_a_number_stands_for_them(tmp_path: Path, plan: Plan) -> None:
    members = plan.members.assign(老年人口=3, events=2)
    scheme = gg.Scheme.parse(["grid:0-900/老年人口", "micro:0-90/events"])
    loaded = Plan(plan.site, plan.cells, scheme, plan.registry, members=members)
    gg.export(loaded, tmp_path / "micro.shp")
    fields, records = read_shp({file.name: file.read_bytes() for file in tmp_path.iterdir()})
    told = dict(line.split(" = ") for line in (tmp_path / "micro.txt").read_text(encoding="utf-8-sig").splitlines())
    assert list(told.values()) == ["老年人口"]
    assert "events" in fields
    assert records[0][next(iter(told))] == "3"


@pytest.mark.parametrize(("layer", "told"), [("micro", "41010500100100101"), ("buildings", "=1+1")])
def test_a_map_file_is_in_degrees(tmp_path: Path, plan: Plan, layer: str, told: str) -> None:
    rows = plan.zones("micro") if layer == "micro" else plan.buildings
    held = json.loads(gg.export(plan, tmp_path / "layer.geojson", layer).read_text(encoding="utf-8"))
    assert "crs" not in held
    assert len(held["features"]) == len(rows)
    first = held["features"][0]
    assert told in first["properties"].values()
    to_metres = Transformer.from_crs(4326, rows.crs, always_xy=True)
    back = shapely.Polygon([to_metres.transform(x, y) for x, y in first["geometry"]["coordinates"][0]])
    assert back.hausdorff_distance(rows.geometry.iloc[0]) < 0.001


def test_a_file_for_map_readers_shows_short_labels(tmp_path: Path, plan: Plan) -> None:
    root = ET.parse(gg.export(plan, tmp_path / "micro.kml")).getroot()
    space = {"k": "http://www.opengis.net/kml/2.2"}
    names = [name.text for name in root.findall(".//k:Placemark/k:name", space)]
    assert names[0] == "001-01"
    assert names[-1] == "901"
    code = root.find(".//k:Placemark//k:SimpleData[@name='code']", space)
    assert code is not None
    assert code.text == "41010500100100101"
    ring = root.find(".//k:Placemark//k:coordinates", space)
    assert ring is not None
    east, north = map(float, str(ring.text).split()[0].split(",")[:2])
    x, y = Transformer.from_crs(4326, plan.site.crs, always_xy=True).transform(east, north)
    assert plan.zones("micro").geometry.iloc[0].distance(shapely.Point(x, y)) < 0.01


def test_a_parquet_says_where_it_lies(tmp_path: Path, plan: Plan, micro: gpd.GeoDataFrame) -> None:
    table = pq.read_table(gg.export(plan, tmp_path / "micro.parquet"))
    meta = json.loads(table.schema.metadata[b"geo"])
    assert meta["columns"]["geometry"]["crs"]["id"]["code"] == 4547
    assert table["code"].to_pylist() == micro.index.tolist()
    assert shapely.from_wkb(table["geometry"].to_pylist())[0].equals(micro.geometry.iloc[0])


def test_pictures_are_for_print(tmp_path: Path, plan: Plan) -> None:
    with Image.open(gg.export(plan, tmp_path / "plan.png")) as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 20
    root = ET.parse(gg.export(plan, tmp_path / "plan.svg")).getroot()
    assert root.tag.endswith("svg")
    assert sum(element.tag.endswith("path") for element in root.iter()) > 50


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".shp"])
def test_same_plan_same_bytes(tmp_path: Path, plan: Plan, ending: str) -> None:
    (tmp_path / "deeper").mkdir()
    shuffled = Plan(plan.site, plan.cells.iloc[::-1], plan.scheme, plan.registry, members=plan.members)
    one = gg.export(plan, tmp_path / f"same{ending}")
    two = gg.export(shuffled, tmp_path / "deeper" / f"same{ending}")
    assert one.read_bytes() == two.read_bytes()


def test_what_cannot_be_exported_is_told(tmp_path: Path, plan: Plan) -> None:
    with pytest.raises(OutputError, match=r"\.xlsx \.csv \.shp"):
        gg.export(plan, tmp_path / "plan.docx")
    with pytest.raises(InputError, match="grid, micro, buildings"):
        gg.export(plan, tmp_path / "plan.csv", "micros")
    with pytest.raises(InputError, match="Plan"):
        gg.export(plan.zones(), tmp_path / "plan.csv")  # type: ignore[arg-type]
    gg.export(plan, tmp_path / "plan.shp")
    (tmp_path / "plan.shp").unlink()
    with pytest.raises(OutputError, match="exists"):
        gg.export(plan, tmp_path / "plan.shp")
    assert not (tmp_path / "plan.docx").exists()


def test_a_long_text_is_refused_where_it_would_be_cut(tmp_path: Path) -> None:
    long = make_plan(names={"i1": "很" * 90})
    with pytest.raises(OutputError, match="254"):
        gg.export(long, tmp_path / "micro.shp")
    assert not list(tmp_path.iterdir())
    book = openpyxl.load_workbook(gg.export(make_plan(names={"i1": "长" * 40_000}), tmp_path / "micro.xlsx", "micro"))
    shown = book["微网格"].cell(row=book["微网格"].max_row, column=3).value
    assert isinstance(shown, str)
    assert len(shown) == 32_767
    assert shown.endswith("…")


def test_findings_are_a_workbook_of_their_own(tmp_path: Path, plan: Plan) -> None:
    from gridgeo.exporting import write_findings

    report = gg.check(plan)
    sheet = openpyxl.load_workbook(write_findings(report, tmp_path / "faults.xlsx", lang="en")).active
    assert sheet is not None
    table = pd.DataFrame(sheet.iter_rows(min_row=2, values_only=True), columns=[cell.value for cell in sheet[1]])
    assert table["message"].tolist() == report.spoken("en").findings["message"].tolist()
    assert table["severity"].tolist() == report.findings["severity"].tolist()
