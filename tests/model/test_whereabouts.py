"""Places in words."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from gridgeo.messages import Lang
from gridgeo.model import Site, Whereabouts
from tests.conftest import box, make_site


@pytest.fixture
def crossing() -> Site:
    """Two streets that cross at (100, 100)."""
    site = make_site({"a": (box(10, 10, 20, 20), 5)}, box(0, 0, 200, 200))
    lines = [shapely.LineString([(0, 100), (200, 100)]), shapely.LineString([(100, 0), (100, 200)])]
    streets = gpd.GeoDataFrame({"name": ["North Road", "Mill Lane"]}, index=["s1", "s2"], geometry=lines, crs=site.crs)
    return Site({**site.layers, "streets": streets}, site.unit_households, site.account)


@pytest.mark.parametrize(
    ("x", "y", "lang", "words"),
    [
        (101, 101, "en", "where Mill Lane meets North Road"),
        (101, 101, "zh", "Mill Lane与North Road路口"),
        (150, 103, "en", "on North Road, 50 m east of Mill Lane"),
        (150, 160, "en", "50 m east of Mill Lane, 60 m north of North Road"),
        (150, 160, "zh", "Mill Lane以东 50 米、North Road以北 60 米处"),
        (9150, 160, "en", "at (9150, 160)"),
    ],
)
def test_a_place_is_told_by_the_streets_beside_it(x: float, y: float, lang: Lang, words: str, crossing: Site) -> None:
    assert Whereabouts(crossing).at(x, y).render(lang) == words
