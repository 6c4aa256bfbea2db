"""Faults are planted into drawings whose true zones are known; what can be mended comes back, the rest is left and told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.model import ZONE_COLUMNS
from tests.conftest import CRS, EAST, NORTH, make_site

Shapes = npt.NDArray[np.object_]
SIDE, STEP = 5, 80.0
CORNERS = 9
"""Corners on each border, ends included."""
MIDDLE = 12
"""The zone in the middle."""
HAIR = 0.01


def true_zones(seed: int) -> Shapes:
    """Zones with crooked borders, on the precision grid, each border the same line for both."""
    rng = np.random.default_rng(seed)
    count = SIDE * (CORNERS - 1) + 1
    place = np.stack(np.meshgrid(np.arange(count), np.arange(count), indexing="ij"), axis=-1) * STEP / (CORNERS - 1)
    place = np.round((place + rng.uniform(-3, 3, place.shape) + (EAST, NORTH)) * 1024) / 1024
    out = []
    for a in range(SIDE):
        for b in range(SIDE):
            x, y = a * (CORNERS - 1), b * (CORNERS - 1)
            along = np.arange(CORNERS)
            ring = [place[x + along, y], place[x + CORNERS - 1, y + along]]
            ring += [place[x + along[::-1], y + CORNERS - 1], place[x, y + along[::-1]]]
            out.append(shapely.Polygon(np.concatenate(ring)))
    return np.array(out, dtype=object)


def drawing(shapes: Shapes) -> gg.Zones:
    table = pd.DataFrame({"tier": "grid", "code": [f"Z{k:02}" for k in range(len(shapes))]})
    missing = {name: pd.NA for name in ZONE_COLUMNS if name not in table}
    typed = table.assign(**missing).astype(ZONE_COLUMNS)  # type: ignore[arg-type]
    return gg.Zones(gpd.GeoDataFrame(typed, geometry=list(shapes), crs=CRS))


def land_of(truth: Shapes) -> shapely.Polygon:
    land = shapely.union_all(truth)
    assert isinstance(land, shapely.Polygon)
    return land


def mended(shapes: Shapes, truth: Shapes, *, widest_m: float = 2.0) -> tuple[Shapes, gg.Mended]:
    homes = {f"b{k}": (shapely.buffer(shape.centroid, 5), 10) for k, shape in enumerate(truth)}
    site = make_site(homes, land_of(truth))
    out = gg.repair(drawing(shapes), site, lang="en", widest_m=widest_m)
    return out.zones.table.geometry.to_numpy(), out


def wrong_m2(shapes: Shapes, truth: Shapes) -> float:
    return float(shapely.area(shapely.symmetric_difference(shapes, truth)).sum())


def faults_m2(shapes: Shapes, land: shapely.Geometry) -> float:
    """Gaps, overlaps and overshoots wider than a hairline, by plain overlay."""
    total = 0.0
    union = shapely.union_all(shapes)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = shapely.intersection(shapes[one[one < other]], shapes[other[one < other]])
    for shape in [*shared, shapely.difference(land, union), shapely.difference(union, land)]:
        total += shapely.area(shapely.buffer(shape, -HAIR / 2))
    return total


def with_middle(truth: Shapes, made: shapely.Geometry) -> Shapes:
    out = truth.copy()
    out[MIDDLE] = made
    return out


def spiked(shape: shapely.Polygon) -> shapely.Polygon:
    """A thin spike from the middle of the first border."""
    ring = shapely.get_coordinates(shape)
    base, tip = ring[3], ring[3] + np.array((0.5, -14))
    return shapely.Polygon([*ring[:4], tip, base + np.array((0.7, 0.1)), *ring[4:]])


def crossed(shape: shapely.Polygon) -> shapely.Polygon:
    """The corners before and after a bend in the wrong order, so that the ring crosses itself."""
    ring = shapely.get_coordinates(shape)
    ring[[7, 10]] = ring[[10, 7]]  # 8 and 9 are the bend, where two borders meet
    return shapely.Polygon(ring)


MENDABLE = {
    "shrunk": lambda shape: shapely.buffer(shape, -0.4, join_style="mitre"),
    "grown": lambda shape: shapely.buffer(shape, 0.4, join_style="mitre"),
    "shifted": lambda shape: shapely.transform(shape, lambda points: points + np.array((0.3, 0.2))),
    "simplified": lambda shape: shapely.simplify(shape, 1.5),
    "spike": spiked,
    "crossed": crossed,
}


@pytest.mark.parametrize("kind", MENDABLE)
@pytest.mark.parametrize("seed", range(4))
def test_a_planted_fault_is_mended(kind: str, seed: int) -> None:
    truth = true_zones(seed)
    drawn = with_middle(truth, MENDABLE[kind](truth[MIDDLE]))
    out, told = mended(drawn, truth)
    assert told.left.empty
    assert faults_m2(shapely.make_valid(drawn), land_of(truth)) > 0  # a plain overlay takes no crossing rings
    assert shapely.is_valid(out).all()
    assert faults_m2(out, land_of(truth)) == 0
    assert wrong_m2(out, truth) <= 0.01 * shapely.area(truth[MIDDLE])


@pytest.mark.parametrize("kind", MENDABLE)
def test_zones_without_a_fault_stay_as_they_are(kind: str) -> None:
    truth = true_zones(1)
    out, told = mended(with_middle(truth, MENDABLE[kind](truth[MIDDLE])), truth)
    blamed = set(told.moved["zone"])
    same = [one.equals_exact(other) for one, other in zip(out, truth, strict=True)]
    assert all(same[k] for k in range(len(truth)) if f"Z{k:02}" not in blamed)
    touching = set(np.flatnonzero(shapely.intersects(truth, truth[MIDDLE])).tolist())
    assert all(same[k] for k in range(len(truth)) if k not in touching)


def test_a_sound_drawing_is_the_very_one_given() -> None:
    truth = true_zones(2)
    out, told = mended(truth, truth)
    assert told.moved.empty
    assert all(one is other for one, other in zip(out, truth, strict=True))


def test_mending_twice_changes_nothing_more() -> None:
    truth = true_zones(3)
    out, _ = mended(with_middle(truth, MENDABLE["shifted"](truth[MIDDLE])), truth)
    again, told = mended(out, truth)
    assert told.moved.empty
    assert all(one.equals_exact(other) for one, other in zip(again, out, strict=True))


def test_many_faults_at_once() -> None:
    for seed in range(3):
        truth = true_zones(seed)
        drawn = truth.copy()
        kinds = list(MENDABLE.values())
        for k, zone in enumerate((0, 2, 4, 10, 12, 14, 20, 22, 24)):
            drawn[zone] = kinds[k % len(kinds)](truth[zone])
        out, told = mended(drawn, truth)
        assert told.left.empty
        assert faults_m2(out, shapely.union_all(truth)) == 0
        assert (shapely.area(shapely.symmetric_difference(out, truth)) <= 0.01 * shapely.area(truth)).all()


def test_what_only_a_person_can_decide_is_left_and_told() -> None:
    truth = true_zones(0)
    hole = shapely.difference(truth[MIDDLE], shapely.buffer(truth[MIDDLE].centroid, 8))
    twice = truth.copy()
    twice[MIDDLE + 1] = truth[MIDDLE]
    away = with_middle(truth, shapely.transform(truth[MIDDLE], lambda points: points + 5000))
    for drawn, word in ((with_middle(truth, hole), "wider"), (twice, "twice"), (away, "outside")):
        out, told = mended(drawn, truth)
        assert word in " ".join(told.left["why"])
        assert all(one.equals_exact(other) for one, other in zip(out, drawn, strict=True))


def test_the_width_is_heeded() -> None:
    truth = true_zones(0)
    drawn = with_middle(truth, MENDABLE["shrunk"](truth[MIDDLE]))
    out, told = mended(drawn, truth, widest_m=0.2)
    assert not told.moved["done"].any()
    assert wrong_m2(out, drawn) == 0
    with pytest.raises(gg.GridgeoError, match="-1"):
        mended(drawn, truth, widest_m=-1)


def test_each_moved_square_metre_and_household_is_told() -> None:
    truth = true_zones(0)
    drawn = with_middle(truth, MENDABLE["grown"](truth[MIDDLE]))
    spot = shapely.buffer(shapely.line_interpolate_point(shapely.boundary(truth[MIDDLE]), 30), 0.3)
    home = shapely.difference(spot, truth[MIDDLE])
    site = make_site({"b": (home, 7), "far": (truth[0].centroid.buffer(2), 9)}, land_of(truth))
    told = gg.repair(drawing(drawn), site)
    out = told.zones.table.geometry.to_numpy()
    assert told.moved["area_m2"].sum() == pytest.approx(wrong_m2(drawn, out), abs=0.05)
    assert told.moved["households"].sum() == 7
    assert (told.moved["zone"] == f"Z{MIDDLE:02}").all()
    assert told.zones.table["area_m2"].sum() == pytest.approx(shapely.area(shapely.union_all(truth)), abs=0.01)
