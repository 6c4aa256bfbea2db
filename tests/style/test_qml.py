"""QGIS styles and the project, and where they stand. What QGIS makes of them is tested in `test_qgis.py`."""

from __future__ import annotations

import io
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from gridgeo.model import Scheme
from gridgeo.style import layer_looks, tier_colours, tier_weight
from tests.style.made_plan import make_plan


def read_project(path: Path) -> ET.Element:
    """The project inside a file, as QGIS unpacks it."""
    with closing(sqlite3.connect(path)) as database:
        ((name, content),) = database.execute("SELECT name, content FROM qgis_projects").fetchall()
    assert name == "gridgeo"
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as archive:
        (member,) = archive.namelist()
        assert member.endswith(".qgs")
        return ET.fromstring(archive.read(member))


def test_coarser_tiers_have_stronger_borders() -> None:
    weights = [tier_weight(depth, 3) for depth in range(3)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_every_style_of_qgis_is_well_formed_and_tiers_bear_short_labels() -> None:
    looks = layer_looks(Scheme.preset("wide"))
    assert {"grid", "micro", "institutions", "buildings_read", "faults", "cells"} <= looks.keys()
    for name, look in looks.items():
        if not look.styled:
            continue
        root = ET.fromstring(look.qml())
        assert root.find("renderer-v2/symbols/symbol/layer") is not None, name
        text = root.find("labeling/settings/text-style")
        assert ("substr" in (text.get("fieldName") or "" if text is not None else "")) == (name in ("grid", "micro"))


def test_only_the_finest_tier_is_filled() -> None:
    looks = layer_looks(Scheme.preset("wide"))
    assert looks["grid"].strokes[0].fill is None
    assert looks["micro"].strokes[0].fill is not None
    names = list(looks)
    assert names.index("grid") < names.index("buildings") < names.index("micro") < names.index("landuse")


@pytest.mark.parametrize("name", ["plan.gpkg", "文化路 第1社区 & <新>.gpkg"])
def test_a_plan_file_holds_a_project_of_its_layers(tmp_path: Path, name: str) -> None:
    plan = make_plan()
    root = read_project(plan.save(tmp_path / name))
    sources = [str(element.text) for element in root.findall("projectlayers/maplayer/datasource")]
    assert f"./{name}|layername=micro" in sources
    there = {str(layer) for layer, _ in pyogrio.list_layers(tmp_path / name)}
    assert {source.split("layername=")[1].split("|")[0] for source in sources} <= there
    tree = [group.get("name") for group in root.findall("layer-tree-group/layer-tree-group")]
    assert tree == ["界线", "楼栋和机构", "道路、水系和围墙", "网格", "其他数据（默认不显示）", "表格"]
    hidden = [layer.get("name") for layer in root.iter("layer-tree-layer") if layer.get("checked") == "Qt::Unchecked"]
    assert "原始楼栋" in hidden
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:4547"


def test_styles_stand_in_the_plan_file(tmp_path: Path) -> None:
    plan = make_plan()
    path = plan.save(tmp_path / "plan.gpkg")
    table = pyogrio.read_dataframe(path, layer="layer_styles", read_geometry=False)
    assert {"grid", "micro", "buildings", "buildings_read", "institutions"} <= set(table["f_table_name"])
    assert table["styleQML"].str.startswith("<qgis").all()
    micro = pyogrio.read_dataframe(path, layer="micro", read_geometry=False)
    tiers = [plan.zones(name) for name in plan.scheme.names]
    assert micro["colour"].tolist() == tier_colours(tiers)[-1].tolist()
