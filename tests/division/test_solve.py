"""From land to parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import gridgeo as gg
from gridgeo.coverage import compactness
from gridgeo.division.solve.attached import attach, with_attached
from gridgeo.division.solve.border_prices import PricedBorders
from gridgeo.division.solve.tiers import COMPACT, Search, SearchedLand, search_tiers, with_shape
from gridgeo.messages import Text
from gridgeo.model import Also, Scheme, Site, Tier
from gridgeo.partition import Graph, Limits, Shape
from tests.division.places import in_a_row
from tests.made import SCHEME, Town, build


def edges_of(pairs: list[tuple[int, int, float]]) -> PricedBorders:
    import numpy as np

    a, b, metres = (np.array(column) for column in zip(*pairs, strict=True))
    return PricedBorders(a, b, metres.astype(float), metres.astype(float), np.ones(len(a), dtype=bool))


def test_leaves_go_to_the_longest_border_and_never_connect_two() -> None:
    import numpy as np

    # 0 and 1 are zones, 2 touches both, 3 touches only 2, 4 touches only the closed zone 5, 6 touches nothing.
    edges = edges_of([(0, 2, 10.0), (1, 2, 20.0), (2, 3, 5.0), (4, 5, 3.0)])
    closed = np.array([False] * 5 + [True, False])
    out = attach(np.array([0, 1, -1, -1, -1, 5, -1]), edges, closed=closed)
    assert out.tolist()[:6] == [0, 1, 1, 1, 5, 5]
    assert out[6] not in {0, 1, 5}


def test_leaves_see_what_was_attached_before_them() -> None:
    import numpy as np

    # by land 2 borders 0 most, but 3, which belongs to 1, lies along it
    edges = edges_of([(0, 2, 5.0), (1, 2, 4.0), (2, 3, 10.0), (1, 3, 20.0)])
    assert attach(np.array([0, 1, -1, -1]), edges, closed=np.zeros(4, dtype=bool)).tolist() == [0, 1, 1, 1]


def test_a_canal_is_no_end_of_the_land_beside_it_for_the_search() -> None:
    import numpy as np

    # 0 and 1 are squares of 10 m with a canal (2) of 2 m between them; 3 is a pond in an institution (4)
    edges = edges_of([(0, 2, 10.0), (1, 2, 10.0), (3, 4, 8.0), (1, 4, 10.0)])
    area, outline = np.array([100.0, 100.0, 20.0, 4.0, 96.0]), np.array([40.0, 40.0, 24.0, 8.0, 48.0])
    searched, closed = np.array([True, True, False, False, False]), np.array([False] * 4 + [True])
    shape = with_attached(Shape(area, outline, edges.a, edges.b, edges.shared_m), edges, searched, closed=closed).among(
        searched
    )
    assert (shape.area.tolist(), shape.outline.tolist()) == ([120.0, 100.0], [44.0, 40.0])
    assert (shape.a.tolist(), shape.b.tolist(), shape.shared.tolist()) == ([0], [1], [10.0])


def test_shape_costs_the_same_however_finely_land_is_cut() -> None:
    import numpy as np

    limits = [Limits(1, 9, 4), Limits(16, 40, 25)]

    def prices(side: int, cost: float) -> list[float]:
        """Of side² squares that fill one square of 60 m, each metre of border at a cost."""
        at = np.arange(side**2).reshape(side, side)
        a, b = np.r_[at[:, :-1].ravel(), at[:-1].ravel()], np.r_[at[:, 1:].ravel(), at[1:].ravel()]
        metres = np.full(len(a), 60 / side)
        shape = Shape(np.full(side**2, (60 / side) ** 2), np.full(side**2, 240 / side), a, b, metres)
        load = np.full(side**2, 3_600 // side**2)
        return [limit.compact for limit in with_shape(limits, Graph(load, a, b, cost * metres, shape=shape))]

    # the border of a square of 25 m2 is 20 m, of which half is paid by each side
    assert prices(12, 0.1) == pytest.approx([0.0, COMPACT * 0.1 * 10])
    assert prices(60, 0.1) == pytest.approx(prices(12, 0.1))
    assert prices(12, 0.3) == pytest.approx([3 * price for price in prices(12, 0.1)])
    assert prices(1, 0.1) == [0.0, 0.0]


SAMPLE = Path(__file__).parents[2] / "sample_data/community.gpkg"


def test_coarse_zones_are_compact_and_no_less_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    site, scheme = gg.read_site(SAMPLE), Scheme.preset("zhengzhou")
    cells = gg.cells(site, gg.blocks(site), max_households=scheme.finest.high)
    mean = []
    for weight in (0.0, COMPACT):
        monkeypatch.setattr("gridgeo.division.solve.tiers.COMPACT", weight)
        grids = [gg.divide(site, scheme, seed=seed, cells=cells).zones("grid") for seed in (1, 2, 3)]
        grids = [zones[zones["kind"] != "dedicated"] for zones in grids]
        mean.append(sum(compactness(zones.geometry.to_numpy()).mean() for zones in grids) / len(grids))
        assert all(zones["households"].map(scheme.tiers[0].admits).all() for zones in grids)
    assert mean[1] > mean[0] + 0.02


def test_a_railway_is_not_crossed_unless_one_side_is_too_small() -> None:
    town = Town(seed=4, columns=4, rows=2, per_block=8, railway=True)
    plan = gg.divide(build(town), SCHEME, seed=4)
    railway = plan.site.layer("railways").geometry.iloc[0]
    inner = plan.zones("grid").geometry.buffer(-0.5)
    assert not inner.intersects(railway).any()
    small = gg.divide(
        build(replace(town, columns=1)), Scheme((Tier("grid", 90, 200, width=3), Tier("micro", 15, 40))), seed=4
    )
    assert "pocket_joined" in set(small.notes["reason"])


def test_an_underpass_links_the_land_beyond_the_railway() -> None:
    site = build(Town(seed=4, columns=1, rows=2, per_block=6, railway=True))
    under = gpd.GeoDataFrame(
        {"name": ["地道"], "highway": ["residential"], "bridge": [False], "tunnel": [True]},
        geometry=[shapely.affinity.translate(shapely.LineString([(50, 60), (50, 130)]), 463_000, 3_845_000)],
        index=pd.Index(["u1"], name="id"),
        crs=site.crs,
    ).astype({"name": "string", "highway": "string", "bridge": "boolean", "tunnel": "boolean"})
    streets = gpd.GeoDataFrame(pd.concat([site.layer("streets"), under]), crs=site.crs)
    linked = Site({**site.layers, "streets": streets}, site.unit_households, site.account)
    scheme = Scheme((Tier("grid", 60, 200, width=3), Tier("micro", 15, 40)))
    assert "pocket_joined" in set(gg.divide(site, scheme, seed=4).notes["reason"])
    assert "pocket_joined" not in set(gg.divide(linked, scheme, seed=4).notes["reason"])


def test_what_no_search_can_mend_is_told_before_it_begins() -> None:
    scheme, told = Scheme((Tier("micro", 30, 100, width=3),)), list[Text]()
    site = in_a_row(20, 90, 90, 60, 250)
    gg.divide(site, scheme, progress=told.append)
    reasons = [text.reason for text in told]
    assert reasons.index("step_partition") < reasons.index("step_certain") < reasons.index("step_codes")
    words = told[reasons.index("step_certain")].render("en")
    assert words.startswith(f"{site.communities.index[0]}: 2 places")
    assert "for example 250 households" in words
    told.clear()
    gg.divide(in_a_row(40, 40, 60, 60), scheme, progress=told.append)
    assert "step_certain" not in [text.reason for text in told]


def test_a_compound_is_not_glued_beyond_a_hard_second_limit() -> None:
    n = 4
    ends = np.arange(n - 1)
    edges = PricedBorders(ends, ends + 1, np.ones(n - 1), np.ones(n - 1), np.ones(n - 1, dtype=bool))
    shape = Shape(np.full(n, 1.0), np.full(n, 4.0), ends, ends + 1, np.ones(n - 1))
    whole, free, searched = np.zeros(n, dtype=np.int64), np.full(n, -1), np.ones(n, dtype=bool)
    land = SearchedLand(np.full(n, 10), np.full(n, 50), whole, free, shape, edges, searched)
    for hard, parts in ((True, 2), (False, 1)):
        scheme = Scheme((Tier("micro", 10, 40, 40, also=Also("people", 10, 100, hard=hard)),))
        (labels,) = search_tiers(land, scheme, Search(1, "fast", keep_compounds=True))
        assert len(set(labels)) == parts
