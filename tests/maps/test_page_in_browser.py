"""The page in a real browser: what a planner clicks, searches, reads and prints, on a desktop and on a phone, without a network."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from colorspacious import cspace_convert
from PIL import Image

import gridgeo as gg
from gridgeo.maps.web import explore, page_html
from gridgeo.model import Plan, Report
from gridgeo.style import rgb
from tests.maps.real_browser import CHROMIUM, DESKTOP, PHONE, Browser
from tests.maps.web_pages import HOSTILE, PAYLOADS, make_report
from tests.style.made_plan import make_plan

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

SAMPLE = Path(__file__).parents[2] / "sample_data" / "community.gpkg"
PRAGUE = Path(__file__).parents[3] / "shared" / "data" / "bubenec_prague"
DRAWN = SAMPLE.with_name("drawn.gpkg")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


@pytest.fixture(scope="module")
def sample() -> Plan:
    return gg.divide(gg.read_site(SAMPLE), gg.Scheme.preset("wide"), seed=7, effort="fast")


@pytest.fixture(scope="module")
def sample_page(sample: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(sample, tmp_path_factory.mktemp("page") / "sample.html")


def write(drawn: Any, path: Path, report: Report | None = None) -> Path:
    path.write_text(page_html(explore(drawn, report)), encoding="utf-8")
    return path


def points_on(zones: gpd.GeoDataFrame, number: int) -> list[tuple[str, float, float]]:
    """Code of the zone, longitude and latitude of random points on land."""
    random = np.random.default_rng(1)
    west, south, east, north = zones.total_bounds
    points = np.asarray(
        shapely.points(random.uniform(west, east, 4 * number), random.uniform(south, north, 4 * number))
    )
    at, row = shapely.STRtree(zones.geometry.to_numpy()).query(points, predicate="within")
    degrees = gpd.GeoSeries(points[at[:number]], crs=zones.crs).to_crs("EPSG:4326")
    return [(zones.index[k], float(x), float(y)) for k, x, y in zip(row[:number], degrees.x, degrees.y, strict=True)]


CLICKS = 40

CLICK_ALL = """(() => {
  const {map} = gridgeo.state;
  const click = ([lon, lat]) => { map.fire("click", {latlng: L.latLng(lat, lon)}); return gridgeo.card(); };
  const points = %s;
  return [points.map(([lon, lat]) => gridgeo.at(lon, lat)), points.slice(0, %s).map(click)];
})()"""


@pytest.mark.parametrize("place", ["sample", "prague", "drawing"])
def test_a_click_on_land_opens_the_card_of_the_finest_zone(
    place: str, browser: Browser, sample: Plan, tmp_path: Path
) -> None:
    if place == "prague" and not PRAGUE.exists():
        pytest.skip("no real places on this machine")
    drawn: Any = sample if place == "sample" else gg.read_zones(DRAWN)
    if place == "prague":
        drawn = gg.divide(gg.read_site(PRAGUE), gg.Scheme.preset("wide"), seed=7, effort="fast")
    tiers = drawn.zones() if isinstance(drawn, Plan) else drawn
    zones = tiers.tier(tiers.tiers[-1])
    overlapping = shapely.union_all(
        [a.intersection(b) for i, a in enumerate(zones.geometry) for b in zones.geometry.iloc[i + 1 :] if a.overlaps(b)]
    )
    with browser.page(write(drawn, tmp_path / "page.html")) as tab:
        tab.when_ready()
        points = [p for p in points_on(zones, 1000) if place != "drawing" or not near(overlapping, p, zones)]
        found, cards = tab.run(CLICK_ALL % (json.dumps([[lon, lat] for _, lon, lat in points]), CLICKS))
        assert found == [code for code, _, _ in points]
        assert all(code in card for code, card in zip(found, cards, strict=False))
        assert tab.complaints() == []


def near(shape: Any, point: tuple[str, float, float], zones: gpd.GeoDataFrame) -> bool:
    """Whether a point lies where a drawing has two zones."""
    place = gpd.GeoSeries([shapely.Point(point[1], point[2])], crs="EPSG:4326").to_crs(zones.crs).iloc[0]
    return bool(shape.distance(place) < 0.1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_card_search_address_and_language(
    size: tuple[int, int, int], browser: Browser, sample: Plan, sample_page: Path
) -> None:
    zones, building = sample.zones("micro"), sample.buildings.iloc[7]
    code = zones.index[3]
    with browser.page(sample_page, size, f"#zone={code}&lang=zh") as tab:
        tab.when_ready()
        assert code in tab.run("gridgeo.card()")
        assert f"{zones['households'].iloc[3]} 户数" in tab.run("gridgeo.card()")
        assert "限值 30–100" in tab.run("gridgeo.card()")
        (hit, *_) = tab.run(f"gridgeo.search({json.dumps(building['id'])})")
        assert (hit["kind"], hit["code"]) == ("building", building["code"])
        assert tab.run(f"gridgeo.search({code[-5:]!r})")[0]["code"] == code
        street = sample.site.layer("streets")["name"].dropna().iloc[0]
        assert {"street"} <= {entry["kind"] for entry in tab.run(f"gridgeo.search({json.dumps(street)})")}
        assert tab.run("gridgeo.search('没有这个名字')") == []
        tab.run("document.getElementById('gridgeo-language').click()")
        assert "households" in tab.run("gridgeo.card()")
        tab.run("new Promise((done) => setTimeout(done, 400))")
        address = tab.run("location.hash")
        x, y = tab.run(f"gridgeo.project({hit['lon']}, {hit['lat']})")
        assert 0 <= x <= size[0]
        assert 0 <= y <= size[1]
        view = tab.run("gridgeo.view()")
        assert tab.complaints() == []
    with browser.page(sample_page, size, address) as tab:
        tab.when_ready()
        again = tab.run("gridgeo.view()")
        assert (again["code"], again["lang"], again["zoom"]) == (code, "en", view["zoom"])
        assert np.allclose([again["lon"], again["lat"]], [view["lon"], view["lat"]], atol=2e-6)


def test_the_real_mouse_and_keyboard_reach_zones(browser: Browser, sample: Plan, sample_page: Path) -> None:
    with browser.page(sample_page) as tab:
        tab.when_ready()
        hit = next(
            p
            for p in points_on(sample.zones("micro"), 100)
            if 320 < tab.run(f"gridgeo.project({p[1]}, {p[2]})")[0] < 1050
        )
        tab.click(*tab.run(f"gridgeo.project({hit[1]}, {hit[2]})"))
        assert hit[0] in tab.run("gridgeo.card()")
        tab.key("Escape")
        assert tab.run("gridgeo.card()") == ""
        tab.run("gridgeo.state.map.getContainer().focus()")
        tab.key("Enter")
        first = tab.run("gridgeo.view().code")
        assert first
        tab.key("]")
        assert tab.run("gridgeo.view().code") != first


LABELS = """(async (zoom) => {
  const {map, plan} = gridgeo.state;
  map.setZoom(zoom, {animate: false});
  await gridgeo.idle();
  const {left, top} = map.getContainer().getBoundingClientRect();
  const boxes = [...document.querySelectorAll(".leaflet-control")].map((control) => control.getBoundingClientRect());
  const controls = boxes.filter((b) => b.width).map((b) => [b.left - left, b.top - top, b.right - left, b.bottom - top]);
  const labels = gridgeo.labels().slice();
  const isRight = ({depth, row, x, y}) => {
    map.fire("click", {latlng: map.containerPointToLatLng([x, y])});
    return gridgeo.view().code.startsWith(plan.tiers[depth].code[row]);
  };
  return {controls, labels, right: labels.filter((label) => label.depth !== undefined).map(isRight)};
})(%s)"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_labels_stand_in_their_zones_apart_from_each_other_and_from_controls(
    size: tuple[int, int, int], browser: Browser, sample_page: Path
) -> None:
    with browser.page(sample_page, size) as tab:
        tab.when_ready()
        start = tab.run("gridgeo.view().zoom")
        for step in range(6):
            found = tab.run(LABELS % (start + step * 0.75))
            assert found["right"] == [True] * len(found["right"])
            assert step > 4 or found["right"]
            level = [label for label in found["labels"] if not label.get("angle")]
            corners = np.array([[label[key] for key in ("x", "y", "width", "height")] for label in level])
            half = corners[:, 2:] / 2
            boxes = np.asarray(shapely.box(*(corners[:, :2] - half).T, *(corners[:, :2] + half).T))
            tree = shapely.STRtree(boxes)
            assert len(tree.query(boxes, predicate="overlaps")[0]) == 0
            assert len(tree.query([shapely.box(*box) for box in found["controls"]], predicate="intersects")[0]) == 0


def test_pixels_of_neighbours_and_of_water_differ(browser: Browser, sample: Plan, sample_page: Path) -> None:
    zones, wet = sample.zones("micro"), sample.site.layer("water").geometry.union_all()
    with browser.page(sample_page) as tab:
        tab.when_ready()
        tab.run("""(async () => { for (const layer of gridgeo.state.layersControl._layers)
          if (!["grid", "micro", "water"].includes(layer.layer.part)) layer.layer.remove();
          await gridgeo.idle(); gridgeo.state.layer.letters.remove(); })()""")
        picture = np.asarray(Image.open(io.BytesIO(tab.picture())).convert("RGB"))
        seen = {}
        for code, shape in zones.geometry.items():
            dry = shape.difference(wet.buffer(2)).buffer(-5)
            if dry.is_empty or zones.at[code, "kind"] == "dedicated":
                continue
            inside = gpd.GeoSeries([dry.representative_point()], crs=zones.crs).to_crs("EPSG:4326").iloc[0]
            x, y = map(round, tab.run(f"gridgeo.project({inside.x}, {inside.y})"))
            if 300 < x < 1060 and 0 < y < 800:
                seen[code] = picture[y, x]
    look = {code: cspace_convert(colour, "sRGB255", "CAM02-UCS") for code, colour in seen.items()}
    assert len(look) > 30
    pairs = [
        (a, b) for a in look for b in look if a < b and zones.geometry[a].intersection(zones.geometry[b]).length > 0
    ]
    assert min(float(np.linalg.norm(look[a] - look[b])) for a, b in pairs) >= 10
    blue = cspace_convert(np.array(rgb("#5f9fd8")), "sRGB255", "CAM02-UCS")
    assert min(float(np.linalg.norm(colour - blue)) for colour in look.values()) >= 15


OPEN_ALL = """(async () => {
  const {map, plan, layersControl} = gridgeo.state, input = document.getElementById("gridgeo-search");
  for (const tier of plan.tiers) tier.code.forEach(gridgeo.open);
  for (const entry of layersControl._layers) entry.layer.addTo(map);
  input.value = "alert";
  input.dispatchEvent(new Event("input"));
  document.querySelectorAll("#gridgeo-found button").forEach((button) => button.click());
  for (let x = 0; x < 1280; x += 40) for (let y = 0; y < 800; y += 40) {
    map.fire("click", {latlng: map.containerPointToLatLng([x, y])});
  }
  document.getElementById("gridgeo-language").click();
  gridgeo.layOut();
})()"""


def test_no_text_runs_in_any_column(browser: Browser, tmp_path: Path) -> None:
    name = "".join(PAYLOADS)
    names = dict.fromkeys(("community0", "i1", "s1", "r1"), name)
    places = [f"b{row:03d}{column:03d}" for row in range(10) for column in range(20)]
    names |= dict(zip(places, HOSTILE, strict=False))
    page = write(make_plan(columns=21, rows=10, names=names), tmp_path / "page.html", make_report(name))
    with browser.page(page) as tab:
        tab.when_ready()
        tab.run(OPEN_ALL)
        assert "RAN" not in tab.run("document.title").replace("'RAN'", "")
        assert tab.run("document.querySelectorAll('img, iframe, [onerror], [onmouseover]').length") == 0
        assert "<img src=x" in tab.run("document.body.textContent")
        assert tab.complaints() == []


def test_a_sheet_is_printed_with_scale_and_legend(browser: Browser, sample_page: Path) -> None:
    with browser.page(sample_page) as tab:
        tab.when_ready()
        pdf = tab.ask("Page.printToPDF", preferCSSPageSize=True)["data"]
        assert tab.run("document.querySelector('#gridgeo-sheet canvas').width") == 2600
        assert "微网格" in tab.run("document.querySelector('#gridgeo-sheet p').textContent")
        assert len(pdf) > 50_000


def test_what_a_user_adds_is_shown_and_layers_are_switched(browser: Browser, tmp_path: Path) -> None:
    import folium

    page = explore(make_plan(), make_report())
    folium.Marker([34.685, 114.0], popup=folium.Popup("here")).add_to(page)
    group = folium.FeatureGroup(name="mine").add_to(page)
    folium.CircleMarker([34.684, 114.001]).add_to(group)
    path = tmp_path / "page.html"
    path.write_text(page_html(page), encoding="utf-8")
    with browser.page(path) as tab:
        tab.when_ready()
        assert tab.run("document.querySelectorAll('.leaflet-marker-icon').length") == 1
        assert "mine" in tab.run("document.querySelector('.leaflet-control-layers').innerText")
        before = tab.run("gridgeo.labels().length")
        tab.run(
            "[...document.querySelectorAll('.leaflet-control-layers-selector')].slice(0, 2).forEach((box) => box.click())"
        )
        tab.run("gridgeo.idle()")
        assert tab.run("gridgeo.labels().filter((label) => label.depth !== undefined).length") == 0 < before


SMALL = """[...document.querySelectorAll("button, input, a")]
  .map((target) => [target.id || target.className || target.textContent, target.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5)).map(([name]) => name)"""


def test_every_target_of_a_finger_is_large_enough_and_zooming_is_not_forbidden(
    browser: Browser, sample_page: Path
) -> None:
    with browser.page(sample_page, PHONE) as tab:
        tab.when_ready()
        tab.click(195, 400)
        small = tab.run(SMALL)
        assert [name for name in small if "selector" not in name] == []
        assert "user-scalable" not in sample_page.read_text(encoding="utf-8").split("</head>")[0].split("<script")[0]
        assert tab.run("document.documentElement.lang") == "zh"
