"""The page in a real browser: how large it is, how soon it shows, what a zoom step, a click and a search cost.

``python benchmarks/page.py [PLACE ...] [--runs 5] [--keep]``. A place is a plan, or a site, which is divided first; the sample if
left out. Medians of several openings in Chromium without a window and without a network: wall time, and processor time of the
page's main thread. With few buildings folium's own way (GeoJson layers of the same zones and buildings) is measured too.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import folium
import numpy as np

from gridgeo.division import divide
from gridgeo.errors import InputError
from gridgeo.files.reading import read_site
from gridgeo.maps.web import explore, page_html
from gridgeo.maps.web.folium_parts import parts
from gridgeo.model import Plan, Scheme

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.keeping import keep
from tests.maps.real_browser import DESKTOP, PHONE, Browser, Tab

SAMPLE = Path(__file__).parents[1] / "sample_data" / "community.gpkg"

FEW = 3_000
"""Buildings up to which folium's own way is measured too."""

ZOOMS = 24

ZOOM = """(async (step) => {
  const {map} = gridgeo.state;
  const lands = Math.max(gridgeo.state.fit, Math.min(gridgeo.state.fit + 5, map.getZoom() + step));
  const {lat, lng} = map.getCenter();
  map.setView([lat, lng], lands, {animate: false});
  const began = performance.now();
  await gridgeo.idle();
  return performance.now() - began;
})(%s)"""

HEAP = "(() => performance.memory.usedJSHeapSize)()"

ARRAYS = """(() => {
  const seen = new Set();
  let bytes = 0;
  (function walk(value, depth) {
    if (ArrayBuffer.isView(value)) { if (!seen.has(value.buffer)) { seen.add(value.buffer); bytes += value.buffer.byteLength; } }
    else if (value && typeof value === "object" && depth < 6) Object.values(value).forEach((inner) => walk(inner, depth + 1));
  })([gridgeo.state.plan, gridgeo.state.ground, gridgeo.state.buildings], 0);
  return bytes;
})()"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("places", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="add the figures to benchmarks/results")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        for path in wishes.places:
            for figures in measured(browser, path, Path(folder), wishes.runs):
                print("  ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
                if wishes.keep:
                    keep("page", figures)


def plan_of(path: Path) -> Plan:
    """A plan as it is, or made of a site."""
    try:
        return Plan.load(path)
    except InputError:
        return divide(read_site(path), Scheme.preset("wide"), seed=7, effort="fast")


def measured(browser: Browser, path: Path, folder: Path, runs: int) -> Iterator[dict[str, object]]:
    """Figures of the page, and of folium's own."""
    plan, began = plan_of(path), time.process_time()
    text = page_html(explore(plan))
    made = time.process_time() - began
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        openings = [opened(browser, page, size) for _ in range(runs)]
        steps = zoom_steps(browser, page, size)
        yield {
            "place": path.stem,
            "page": name,
            "buildings": len(plan.buildings),
            "zones": sum(len(plan.zones(tier)) for tier in plan.scheme.names),
            "made_cpu_s": round(made, 1),
            "mb": round(len(text.encode()) / 1e6, 2),
            **{key: round(statistics.median(opening[key] for opening in openings), 3) for key in openings[0]},
            "zoom_cpu_ms": round(float(np.median(steps)), 1),
            "zoom_cpu_p95_ms": round(float(np.percentile(steps, 95)), 1),
        }
    if len(plan.buildings) <= FEW:
        yield {"place": path.stem, "page": "folium", **folium_figures(browser, plan, folder / "folium.html")}


def opened(browser: Browser, page: Path, size: tuple[int, int, int]) -> dict[str, float]:
    """One opening: seconds until the first view and until all is there, processor time, memory, a click, a search."""
    with browser.page(page, size) as tab:
        tab.when_ready()
        cpu = tab.cpu()
        tab.ask("HeapProfiler.collectGarbage")
        return {
            "first_s": tab.run("gridgeo.first()") / 1000,
            "ready_s": tab.run("gridgeo.readyAt()") / 1000,
            "cpu_s": cpu,
            "heap_mb": tab.run(HEAP) / 1e6,
            "arrays_mb": tab.run(ARRAYS) / 1e6,
            "click_ms": timed(tab, "gridgeo.state.map.fire('click', {latlng: gridgeo.state.map.getCenter()})"),
            "search_ms": timed(tab, "gridgeo.search('12')"),
        }


def timed(tab: Tab, script: str) -> float:
    return float(
        tab.run(f"(() => {{ const began = performance.now(); {script}; return performance.now() - began; }})()")
    )


def zoom_steps(browser: Browser, page: Path, size: tuple[int, int, int]) -> list[float]:
    """Processor time of the main thread of zoom steps in and out, each to a scale that was not drawn before [ms]."""
    found = []
    with browser.page(page, size) as tab:
        tab.when_ready()
        tab.run("gridgeo.state.fit = gridgeo.view().zoom")
        for step in range(ZOOMS):
            before = tab.cpu()
            tab.run("gridgeo.state.layer.tiles.clear()")
            tab.run(ZOOM % (1 if step % 8 < 5 else -1.25))
            found.append(1000 * (tab.cpu() - before))
    return found


def folium_figures(browser: Browser, plan: Plan, path: Path) -> dict[str, object]:
    """Folium's own way for the same zones and buildings; Leaflet comes from this disk, and is not counted in its size."""
    page = folium.Map(tiles=None)
    for name in plan.scheme.names:
        folium.GeoJson(plan.zones(name)[["kind", "geometry"]].to_crs("EPSG:4326"), name=name).add_to(page)
    folium.GeoJson(plan.buildings[["id", "geometry"]].to_crs("EPSG:4326"), name="buildings").add_to(page)
    west, south, east, north = plan.cells.to_crs("EPSG:4326").total_bounds
    page.fit_bounds([[south, west], [north, east]])
    text = page.get_root().render()
    own = re.sub(r"<script src=[^>]*></script>|<link rel[^>]*/>", "", text)
    leaflet = "".join(part for name, part in parts().items() if name.startswith("leaflet"))
    path.write_text(own.replace("<head>", "<head>" + leaflet, 1), encoding="utf-8")
    with browser.page(path) as tab:
        tab.run(
            "new Promise((done) => { if (document.readyState === 'complete') done(); else addEventListener('load', done); })"
        )
        tab.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        ready, cpu = tab.run("performance.now()") / 1000, tab.cpu()
        heap = tab.run(HEAP) / 1e6
    return {
        "mb": round(len(text.encode()) / 1e6, 2),
        "ready_s": round(ready, 3),
        "cpu_s": round(cpu, 3),
        "heap_mb": round(heap, 1),
    }


if __name__ == "__main__":
    main()
