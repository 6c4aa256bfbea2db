"""The page asks nobody for anything, runs nothing that a resident typed, shows declared columns only, and is always the same."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import gridgeo.maps.web
from gridgeo.maps.web import explore, page_html
from gridgeo.maps.web.layers import GRAIN_DEGREES, page_layers
from gridgeo.maps.web.safe import esc, script_json, with_policy
from gridgeo.model.members import Member
from gridgeo.model.plan import Plan
from gridgeo.model.report import COLUMNS, Report
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site
from gridgeo.style import colours
from tests.style.test_style import CRS, EAST, NORTH, make_plan

PAYLOADS = (
    "<img src=x onerror=\"document.title='RAN'\">",
    "${document.title='RAN'}",
    "`-alert(1)-`",
    "</script><script>document.title='RAN'</script>",
    "{{ 7*7 }}{% raw %}",
    "\\u003cscript\\u003e",
    "' onmouseover='alert(1)",
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def make_report(message: str = "盲区 12.5 平方米") -> Report:
    """Three findings, one of each severity: a polygon, a line, a point; and one without a place."""
    rows = [
        ("gap", "error", shapely.box(EAST + 80, NORTH - 80, EAST + 130, NORTH - 50)),
        ("split", "warning", shapely.LineString([(EAST + 150, NORTH - 150), (EAST + 190, NORTH - 250)])),
        ("limits", "note", shapely.Point(EAST + 350, NORTH - 250)),
        ("codes", "error", None),
    ]
    table = pd.DataFrame(
        [(rule, severity, "", 1.0, "secret_measure", message, shape) for rule, severity, shape in rows],
        columns=list(COLUMNS),
    )
    return Report(gpd.GeoDataFrame(table, geometry="geometry", crs=CRS))


def layers_of(plan: Plan, report: Report | None = None) -> dict[str, dict]:
    """Data of each layer by its key."""
    return {layer.key: dict(layer.data) for layer in page_layers(plan, report, "zh")}


def rings(data: dict) -> dict[int, list[np.ndarray]]:
    """Coordinates of each row, decoded as the page's script does it [grains of longitude and latitude]."""
    found: dict[int, list[np.ndarray]] = {}
    for row, kind, parts in data["shapes"]:
        lists = [ring for part in parts for ring in part] if kind == 2 else parts
        found.setdefault(row, []).extend(np.cumsum(np.reshape(flat, (-1, 2)), axis=0) for flat in lists)
    return found


def test_it_is_a_folium_map_without_tiles() -> None:
    found = explore(make_plan())
    assert isinstance(found, folium.Map)
    assert not any(isinstance(child, folium.TileLayer) for child in found._children.values())


def test_no_host_is_named() -> None:
    html = page_html(explore(make_plan(), make_report()))
    assert "http:" not in html.replace('"http:"', "")
    assert "https" not in html
    assert not re.search(r"<(script|img|link|iframe)[^>]+(src|href)=", html)
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert not re.search(r"@import|url\((?!data:)", styles)
    assert "url(data:" in styles


def test_the_policy_lets_only_the_scripts_of_the_page_run() -> None:
    html = page_html(explore(make_plan()))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == digests


def test_what_a_user_adds_is_the_users() -> None:
    found = explore(make_plan())
    folium.Marker([34.68, 114.0], popup="here").add_to(found)
    folium.FeatureGroup(name="mine").add_to(found)
    html = page_html(found)
    assert "Content-Security-Policy" not in html
    assert html.index('"mine"') > html.index("L.featureGroup(")
    assert html.index("gridgeo.finish(") > html.index("L.marker(")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_gets_in_as_it_is(payload: str) -> None:
    plan = make_plan(names={"b000000": payload, "community0": payload, "i1": payload, "s1": payload, "r1": payload})
    html = page_html(explore(plan, make_report(payload)))
    assert payload not in html
    assert esc(payload) in html


def test_one_function_makes_text_safe() -> None:
    assert esc("<a href=\"x\" id='y'>`${z}`\\&</a>").isascii()
    assert not set(esc("<a href=\"x\" id='y'>`${z}`\\</a>").replace("&#", "")) & set("<>\"'`$\\{}")
    assert esc(None) == esc(pd.NA) == esc(float("nan")) == ""
    assert esc("a\u202eb\u200bc\x00d\ne") == "abcd e"
    assert esc(12) == "12"


def test_json_cannot_end_a_script() -> None:
    text = script_json({"a": "</script>\u2028"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"a": "</script>\u2028"}


def test_the_policy_is_put_first() -> None:
    assert with_policy("<head><script>1</script></head>").startswith(
        '<head>\n    <meta http-equiv="Content-Security-Policy"'
    )


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_no_name_runs_in_a_browser_and_the_map_is_drawn(tmp_path: Path) -> None:
    name = "".join(PAYLOADS)
    plan = make_plan(names={"b000000": name, "community0": name, "i1": name, "s1": name})
    html = page_html(explore(plan, make_report(name)))
    # Every popup is opened once; for that, the policy has to let the test's own script run.
    html = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", html).replace("</html>", "")
    opened = """
    <script>window.onerror = function (message) { document.title = "FAILED " + message; };
    [plan_grid, plan_micro, plan_buildings, plan_faults_error, plan_faults_note].forEach(function (layer) {
      layer.addTo(map_gridgeo);
      Object.values(layer.parts).forEach(function (part) { part.eachLayer(function (shape) {
        shape.fire("click", {latlng: map_gridgeo.getCenter()}, true); }); });
    });</script></html>"""
    (tmp_path / "page.html").write_text(html + opened, encoding="utf-8")
    command = [
        CHROMIUM,
        *FLAGS,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=3000",
        "--dump-dom",
    ]
    done = subprocess.run(
        [*command, f"file://{tmp_path / 'page.html'}"], capture_output=True, text=True, timeout=60, check=True
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)[1]
    assert "RAN" not in title.replace("'RAN'", "")
    assert "FAILED" not in title
    assert "<canvas" in done.stdout
    assert "leaflet-popup-content" in done.stdout
    assert ">901<" in done.stdout
    assert '<img src="x"' not in done.stdout


def test_the_same_plan_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "import hashlib; from tests.style.test_style import make_plan; from tests.maps.test_web import make_report\n"
        "from gridgeo.maps.web import explore, page_html\n"
        "print(hashlib.sha256(page_html(explore(make_plan(), make_report())).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=environment | {"PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop()) == 65


def test_a_map_can_be_rendered_twice() -> None:
    found = explore(make_plan(), make_report())
    assert page_html(found) == page_html(found)


def test_rows_in_another_order_give_the_same_bytes() -> None:
    plan = make_plan()
    shuffled = Plan(plan.site, plan.cells.sample(frac=1, random_state=2), plan.scheme, plan.registry)
    assert page_html(explore(shuffled)) == page_html(explore(plan))


def test_only_declared_columns_leave_the_plan() -> None:
    plan = make_plan()
    site = dict(plan.site.layers)
    for role in ("buildings", "streets", "communities", "institutions", "water"):
        site[role] = site[role].assign(phone="13800001234", chief="张三丰")
    cells = plan.cells.assign(note="SECRETNOTE")
    secret = Plan(
        Site(site, plan.site.unit_households, plan.site.account),
        cells,
        plan.scheme,
        plan.registry,
        manifest={"host": "SECRETHOST"},
    )
    report = make_report()
    report = Report(report.findings.assign(witness="SECRETWITNESS"))
    html = page_html(explore(secret, report))
    assert html == page_html(explore(plan, make_report()))
    assert not any(word in html for word in ("13800001234", "张三丰", "SECRET", "secret_measure"))


def test_popups_hold_the_declared_columns() -> None:
    found = layers_of(make_plan())
    assert found["grid"]["heads"] == ["统一编码", "类型", "名称", "户数", "楼栋", "面积(公顷)"]
    assert found["grid"]["rows"][0] == ["410105001001001", "三级网格", "", "106 (1 栋（单元）户数不详)", "6", "6.00"]
    assert found["grid"]["rows"][2][1:3] == ["专属网格", "文化路小学"]
    assert found["buildings"]["rows"][1] == ["b000001", "2号楼", "", "", "41010500100100102"]
    assert "rows" not in found["streets"]
    assert layers_of(make_plan(), make_report())["faults_error"]["rows"][0] == ["gap", "盲区 12.5 平方米"]


def test_a_fault_without_a_place_is_not_drawn_and_breaks_nothing() -> None:
    found = layers_of(make_plan(), make_report())
    assert len(found["faults_error"]["rows"]) == 1
    assert {
        shape[1] for key in ("faults_error", "faults_warning", "faults_note") for shape in found[key]["shapes"]
    } == {0, 1, 2}


def test_an_empty_report_adds_no_layer() -> None:
    empty = Report(make_report().findings.iloc[:0])
    assert layers_of(make_plan(), empty).keys() == layers_of(make_plan()).keys()
    assert "检查结果：通过" in page_html(explore(make_plan(), empty))


def test_neighbours_still_share_their_points() -> None:
    plan = make_plan()
    found = rings(layers_of(plan)["micro"])
    points = pd.Series(
        [tuple(point) for ring in found.values() for part in ring for point in part.tolist()]
    ).value_counts()
    corners = shapely.get_coordinates(plan.zones("micro").geometry.to_numpy()).tolist()
    assert len(points) == len(set(map(tuple, corners)))
    assert points.max() == 4


def test_coordinates_are_those_of_the_plan() -> None:
    plan = make_plan()
    degrees = plan.zones("grid").geometry.to_crs("EPSG:4326")
    for row, parts in rings(layers_of(plan)["grid"]).items():
        corners = {
            tuple(point) for point in np.round(shapely.get_coordinates(degrees.iloc[row]) / GRAIN_DEGREES).astype(int)
        }
        assert {tuple(point) for point in parts[0]} == corners


def test_colours_are_those_of_all_maps() -> None:
    plan = make_plan()
    assert layers_of(plan)["grid"]["fills"] == colours(plan.zones("grid")).tolist()


def test_labels_stand_inside_their_zone_and_are_not_said_twice() -> None:
    plan = make_plan()
    found = layers_of(plan)
    for (x, y, radius, _), shape in zip(
        found["grid"]["labels"], plan.zones("grid").geometry.to_crs("EPSG:4326"), strict=True
    ):
        assert shape.contains(shapely.Point(x, y))
        assert radius > 40
    assert [label[3] for label in found["grid"]["labels"]] == ["001", "002", "901"]
    assert found["micro"]["labels"][-1][3] == ""


def test_the_legend_counts() -> None:
    html = page_html(explore(make_plan(), make_report()))
    for text in (
        "文化路第1社区 网格地图",
        "三级网格 3 (其中专属 1 个)",
        "微网格 10",
        "169 户",
        "9 栋楼",
        "1 栋（单元）户数不详",
        "检查结果：未通过",
    ):
        assert text in html


def test_english() -> None:
    html = page_html(explore(make_plan(), make_report(), lang="en"))
    assert "169 households" in html
    assert "三级网格" not in html
    assert "micro-grid 10" in html


@pytest.mark.parametrize("tiers", [["grid:10-100"], ["a:10-200", "b:10-100", "c:5-50"]])
def test_any_number_of_tiers(tiers: list[str]) -> None:
    scheme = Scheme.parse(tiers)
    found = layers_of(make_plan(scheme=scheme))
    assert list(found)[: len(tiers)] == list(scheme.names)
    assert page_html(explore(make_plan(scheme=scheme)))


def test_several_communities_and_many_names() -> None:
    html = page_html(explore(make_plan(columns=8, communities=2)))
    assert "文化路第1社区、文化路第2社区 网格地图" in html


def test_units_and_points() -> None:
    plan = make_plan()
    site = dict(plan.site.layers)
    site["buildings"] = site["buildings"].set_geometry(site["buildings"].centroid)
    cells = plan.cells.copy()
    cells.at["c000000", "members"] = (Member("b000000", "1单元", 9, "units"), Member("b000000", "2单元", 11, "units"))
    found = layers_of(Plan(Site(site, plan.site.unit_households, plan.site.account), cells, plan.scheme, plan.registry))
    assert [row[2] for row in found["buildings"]["rows"][:2]] == ["1单元", "2单元"]
    assert {shape[1] for shape in found["buildings"]["shapes"]} == {0}


def test_explore_leaves_the_plan_alone() -> None:
    plan = make_plan()
    before = plan.cells.copy(), plan.buildings.copy()
    explore(plan, make_report())
    pd.testing.assert_frame_equal(pd.DataFrame(plan.cells), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(pd.DataFrame(plan.buildings), pd.DataFrame(before[1]))


def test_leaflet_is_the_version_that_was_looked_at_and_bears_its_licence() -> None:
    folder = Path(gridgeo.maps.web.__file__).parent / "leaflet"
    digest = hashlib.sha256((folder / "leaflet.js").read_bytes()).hexdigest()
    assert digest == "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
    assert "BSD 2-Clause" in (folder / "LICENSE.txt").read_text()
    assert "Redistributions in binary form" in page_html(explore(make_plan()))


def test_a_page_is_lean() -> None:
    assert len(page_html(explore(make_plan())).encode()) < 220_000


def test_it_shows_in_a_notebook() -> None:
    assert explore(make_plan())._repr_html_().startswith("<div")
