"""Places of a million points: ``python benchmarks/places.py [PLACE] [--points 1000000] [--keep]``.

`locate` gives cell, building, distance and codes; geopandas' spatial join finds the zone alone, with its default predicate and with
`within`. Processor time of the same run; points lie as buildings do, which is where events are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from keeping import keep

from gridgeo import Plan, Scheme, divide, locate, read_site

DATA = Path(__file__).parents[2] / "shared" / "data"


def plan_of(place: str) -> Plan:
    """A plan of a real place, or from its file."""
    if Path(place).is_file():
        return Plan.load(place)
    site = read_site(DATA / place / f"{place}.gpkg", households="households")
    return divide(site, Scheme.preset("wide"), seed=7, effort="fast")


def seconds(work: Callable[[], object]) -> float:
    """Processor time of a call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="A million points, beside geopandas.")
    parser.add_argument("place", nargs="?", default="maassluis_nl")
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true")
    wishes = parser.parse_args()
    plan = plan_of(wishes.place)
    random = np.random.default_rng(1)
    middles = shapely.get_coordinates(shapely.centroid(plan.buildings.geometry.to_numpy()))
    xy = middles[random.integers(0, len(middles), wishes.points)] + random.normal(0, 15, (wishes.points, 2))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=plan.cells.crs)
    zones = plan.zones(plan.scheme.names[-1])[["geometry"]]
    locate(plan, points[:1000])
    ours = seconds(lambda: locate(plan, points))
    join = seconds(lambda: gpd.sjoin(points, zones, how="left"))
    within = seconds(lambda: gpd.sjoin(points, plan.cells[["geometry"]], how="left", predicate="within"))
    print(f"{wishes.points} points, {len(plan.cells)} cells, {len(zones)} zones")
    print(f"locate: cell, building, distance, codes   {ours:6.2f} s")
    print(f"sjoin with the zones                      {join:6.2f} s  {join / ours:5.1f} times as long")
    print(f"sjoin with the cells, within              {within:6.2f} s  {within / ours:5.1f} times as long")
    if wishes.keep:
        keep("places", {"place": wishes.place, "points": wishes.points, "cpu_s": ours, "ratio": join / ours})


if __name__ == "__main__":
    main()
