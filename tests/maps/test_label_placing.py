"""Labels stand in their zone, along their street, never on one another."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.maps.pdf.label_placing import Label, LabelRequest, OccupiedPlaces, place_along, place_inside, size_of
from tests.maps.printed_sheets import VIEW


def paper_box(label: Label) -> shapely.Polygon:
    """Where a label stands [pt]."""
    wide, high = size_of(label.lines)
    return shapely.box(label.x - wide / 2, label.y - high / 2, label.x + wide / 2, label.y + high / 2)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_labels_are_inside_their_zone_and_never_on_one_another(seed: int) -> None:
    points = shapely.multipoints(np.random.default_rng(seed).uniform(0, 280, (25, 2)))
    zones = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(0, 0, 280, 280)))
    wanted = [LabelRequest(((("001-01", 11.0), ("62户", 7.0)), (("001-01", 6.0),)), zone) for zone in zones]
    placed = place_inside(wanted, VIEW, OccupiedPlaces())
    boxes = [paper_box(label) for label in placed if label]
    assert boxes
    for label, zone in zip(placed, zones, strict=True):
        if label is not None:
            on_paper = shapely.transform(zone, lambda p: p * VIEW.metre + 100)
            assert on_paper.contains(paper_box(label))
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_zone_shaped_like_a_ring_bears_its_label_on_land() -> None:
    ring = shapely.box(20, 20, 260, 260).difference(shapely.box(70, 70, 210, 210))
    (label,) = place_inside([LabelRequest(((("001", 11.0),),), ring)], VIEW, OccupiedPlaces())
    assert label is not None
    assert shapely.transform(ring, lambda p: p * VIEW.metre + 100).contains(paper_box(label))


def test_a_zone_out_of_view_or_too_small_has_no_label() -> None:
    wanted = [
        LabelRequest(((("001", 6.0),),), shape) for shape in (shapely.box(900, 900, 990, 990), shapely.box(1, 1, 2, 2))
    ]
    assert place_inside(wanted, VIEW, OccupiedPlaces()) == [None, None]


@pytest.mark.parametrize(("x", "y"), [(200, 200), (-200, 200), (0, 200), (200, 0)])
def test_street_names_run_along_the_street_and_are_never_upside_down(x: float, y: float) -> None:
    line = shapely.LineString([(140 - x / 2, 140 - y / 2), (140 + x / 2, 140 + y / 2)])
    label = place_along("文化路", np.array([line]), VIEW, taken=OccupiedPlaces())
    assert label is not None
    assert -90 <= label.angle <= 90
    assert abs(np.tan(np.radians(label.angle)) * x - y) < 1e-6 or x == 0


def test_a_street_shorter_than_its_name_or_crooked_has_none() -> None:
    crooked = shapely.LineString([(50 + 4 * i, 50 + 12 * (i % 2)) for i in range(40)])
    assert (
        place_along("文化路", np.array([shapely.LineString([(50, 50), (55, 50)])]), VIEW, taken=OccupiedPlaces())
        is None
    )
    assert place_along("很长很长的一条文化路", np.array([crooked]), VIEW, taken=OccupiedPlaces()) is None
