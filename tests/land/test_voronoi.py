"""The small library that shares out the land of blocks: its table of tolerances, and what its parts promise."""

from __future__ import annotations

import re
from importlib import import_module

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.coverage import Floats, Shapes, to_precision_grid
from gridgeo.land import voronoi
from gridgeo.land.voronoi.envelope import BlockEdges, border_breaks
from gridgeo.land.voronoi.nearest import LabelledFaces, search_tree

ROW = re.compile(r"^([\w.]+\.\w+) +([\d.e*-]+) +\S", re.MULTILINE)


def table() -> list[tuple[str, str]]:
    assert voronoi.__doc__ is not None
    return ROW.findall(voronoi.__doc__.partition("Tolerances\n")[2].partition("Steps\n")[0])


def value(text: str) -> float:
    base, _, power = text.partition("**")
    return float(base) ** float(power) if power else float(base)


def test_the_table_of_tolerances_says_what_the_code_does_from_fine_to_coarse() -> None:
    assert len(table()) > 10
    for name, text in table():
        module, _, constant = name.rpartition(".")
        assert vars(import_module(f"gridgeo.{module}"))[constant] == value(text), name
    values = [value(text) for _, text in table()]
    assert values == sorted(values)


def scattered(count: int, seed: int) -> Shapes:
    """Rectangles beside a street of 200 m, some of which overlap."""
    generator = np.random.default_rng(seed)
    low = generator.uniform((0, 1), (200, 30), (count, 2))
    high = low + generator.uniform(1, 12, (count, 2))
    return to_precision_grid(np.asarray(shapely.box(*low.T, *high.T)))


def breaks_of(footprints: Shapes) -> Floats:
    """Breaks of the street [share of its length]."""
    label, block = np.arange(len(footprints)), np.zeros(len(footprints), dtype=np.int64)
    bvh = search_tree(LabelledFaces(footprints, label, block), 1)
    street = BlockEdges(np.array([[-5.0, 0.0]]), np.array([[215.0, 0.0]]), block[:1])
    return border_breaks(street, bvh).share


@given(st.integers(2, 120), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_between_two_breaks_of_a_segment_one_footprint_is_nearest(count: int, seed: int) -> None:
    footprints = scattered(count, seed)
    share = breaks_of(footprints)
    assert (np.diff(share) >= 0).all()
    at = (np.arange(1000) + 0.5) / 1000
    points = np.asarray(shapely.points(np.column_stack([220 * at - 5, np.zeros(len(at))])))
    distance = shapely.distance(points[:, None], footprints[None, :])
    piece = np.searchsorted(share, at)
    middle = np.array([np.median(at[piece == own]) for own in piece])
    nearest = distance[np.rint(middle * 1000 - 0.5).astype(int)].argmin(axis=1)
    farther = distance[np.arange(len(at)), nearest] - distance.min(axis=1)
    assert (farther < 0.05).mean() > 0.8, (
        "a piece with one label at both ends and in its middle may hide another in a quarter"
    )
