"""Numbers in reading order, and the codes that they make."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgeo.errors import CodeError
from gridgeo.model.codes import (
    are_community_codes,
    capacity,
    community_of,
    is_dedicated,
    number,
    numbers_of,
    placeholder,
    reading_order,
    reserved,
)
from gridgeo.model.scheme import Tier

COMMUNITY = "410102013190"


def squares(columns: int, rows: int, *, dedicated: tuple[int, ...] = ()) -> gpd.GeoDataFrame:
    """Squares of 100 m, row by row from the south-west."""
    shapes = [shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for y in range(rows) for x in range(columns)]
    flags = [k in dedicated for k in range(len(shapes))]
    return gpd.GeoDataFrame({"parent": "410102013190", "dedicated": flags}, geometry=shapes, crs="EPSG:4547")


def test_numbers_run_from_west_to_east_and_from_north_to_south() -> None:
    codes = number(squares(3, 2), Tier("grid", 300, 500, width=3))
    assert list(codes) == [f"410102013190{n:03d}" for n in (4, 5, 6, 1, 2, 3)]


def test_dedicated_zones_take_the_top_tenth() -> None:
    codes = number(squares(3, 2, dedicated=(0, 4)), Tier("grid", 300, 500, width=3))
    assert list(codes.str[-3:]) == ["902", "003", "004", "001", "901", "002"]
    assert number(squares(1, 1, dedicated=(0,)), Tier("micro", 50, 70)).str[-2:].tolist() == ["91"]


def test_each_parent_counts_for_itself() -> None:
    parts = squares(2, 2).assign(parent=["1" * 12, "1" * 12, "2" * 12, "2" * 12])
    assert list(number(parts, Tier("grid", 300, 500, width=3)).str[-3:]) == ["001", "002", "001", "002"]


def test_a_width_that_is_too_narrow_is_an_error() -> None:
    with pytest.raises(CodeError, match=r"91 zones.*number only 90"):
        number(squares(91, 1), Tier("micro", 50, 70))
    assert number(squares(90, 1), Tier("micro", 50, 70)).is_unique


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(columns: int, rows: int, random: object) -> None:
    parts = squares(columns, rows)
    shuffled = parts.sample(frac=1, random_state=random.randrange(1000))  # type: ignore[attr-defined]
    tier = Tier("grid", 300, 500, width=3)
    assert number(parts, tier).equals(number(shuffled, tier).sort_index())


def test_neighbouring_numbers_are_near_each_other() -> None:
    generator = np.random.default_rng(7)
    points = generator.uniform(0, 1000, (60, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(0, 0, 1000, 1000))
    )
    middle = shapely.get_coordinates(shapely.point_on_surface(cells))
    steps = np.hypot(*np.diff(middle[reading_order(cells)], axis=0).T)
    assert np.median(steps) < 2.5 * np.sqrt(1000 * 1000 / 60)


def test_reading_order_of_a_chessboard() -> None:
    shapes = np.array([shapely.box(10 * i, 10 * j, 10 * i + 10, 10 * j + 10) for j in range(3) for i in range(3)])
    assert reading_order(shapes).tolist() == [6, 7, 8, 3, 4, 5, 0, 1, 2]


def test_a_width_numbers_nine_tenths_and_keeps_a_tenth_for_dedicated_zones() -> None:
    assert [capacity(width) for width in (1, 2, 3)] == [9, 90, 900]
    assert [reserved(width) for width in (1, 2, 3)] == [0, 9, 99]
    assert numbers_of(3, dedicated=False) == (1, 900)
    assert numbers_of(3, dedicated=True) == (901, 999)
    assert numbers_of(2, dedicated=True) == (91, 99)


def test_the_last_number_of_each_kind_is_given_and_none_beyond() -> None:
    tier = Tier("micro", 50, 70)
    assert number(squares(90, 1), tier).max().endswith("90")
    assert number(squares(9, 1, dedicated=tuple(range(9))), tier).max().endswith("99")
    with pytest.raises(CodeError, match=r"10 zones.*number only 9\b"):
        number(squares(10, 1, dedicated=tuple(range(10))), tier)


def test_codes_of_dedicated_zones_are_known_by_their_number() -> None:
    numbers = ["000", "001", "899", "900", "901", "999"]
    codes = pd.Series([COMMUNITY + text for text in numbers], dtype="string")
    assert is_dedicated(codes, Tier("grid", 300, 500, width=3)).tolist() == [True, False, False, False, True, True]
    # below the tier of an institution its number is 0
    micro = pd.Series([COMMUNITY + "901" + text for text in ("00", "01", "90", "91")], dtype="string")
    assert is_dedicated(micro, Tier("micro", 50, 70)).tolist() == [True, False, False, True]


def test_a_zone_tells_its_community() -> None:
    assert community_of(COMMUNITY + "00305") == COMMUNITY
    assert community_of(COMMUNITY) == COMMUNITY


def test_a_community_code_has_twelve_digits_and_begins_with_1_to_8() -> None:
    texts = [
        COMMUNITY,
        "8" + COMMUNITY[1:],
        "9" + COMMUNITY[1:],
        "0" * 12,
        COMMUNITY[:-1],
        COMMUNITY + "1",
        pd.NA,
        "４" * 12,
    ]
    assert are_community_codes(pd.Series(texts, dtype="string")).tolist() == [True, True, *6 * [False]]


def test_a_placeholder_is_no_code_of_a_community() -> None:
    assert placeholder(1) == "000000000001"
    assert placeholder(123) == "000000000123"
    assert not are_community_codes(pd.Series([placeholder(7)], dtype="string")).any()


def test_kept_codes_stay_and_reserved_ones_go_to_nobody() -> None:
    parts = squares(4, 1).assign(kept=pd.array([pd.NA, COMMUNITY + "002", pd.NA, pd.NA], dtype="string"))
    codes = number(parts, Tier("grid", 300, 500, width=3), reserved=[COMMUNITY + "003"])
    assert codes.str[-3:].tolist() == ["001", "002", "004", "005"]
    assert codes.name == "code"
    assert codes.dtype == "string"


def test_a_kept_code_takes_a_number_from_new_ones() -> None:
    kept = pd.array([COMMUNITY + "01", *90 * [pd.NA]], dtype="string")
    with pytest.raises(CodeError, match=r"91 zones.*number only 90"):
        number(squares(91, 1).assign(kept=kept), Tier("micro", 50, 70))
    full = number(squares(90, 1).assign(kept=kept[:90]), Tier("micro", 50, 70))
    assert full.is_unique
    assert full.iloc[0] == COMMUNITY + "01"


def test_parents_are_taken_in_their_own_land() -> None:
    """Bands are as high as a typical part of the parent is wide, not of all parents together."""
    small = squares(2, 2).assign(parent="1" * 12)
    large = squares(2, 2).assign(parent="2" * 12)
    large = large.set_geometry(large.geometry.scale(50, 50, origin=(0, 0)))
    both = pd.concat([small, large], ignore_index=True)
    assert number(both, Tier("grid", 300, 500, width=3)).str[-3:].tolist() == 2 * ["003", "004", "001", "002"]


def test_a_band_is_as_high_as_a_typical_part_is_wide() -> None:
    """Four strips of 10 m by 40 m, and a low one of 40 m by 10 m below: bands of sqrt(2000 / 5) = 20 m from the northern edge."""
    strips = [shapely.box(10 * k, 10, 10 * k + 10, 50) for k in range(4)]
    shapes = np.array([*strips[::-1], shapely.box(0, 0, 40, 10)], dtype=object)
    assert reading_order(shapes).tolist() == [3, 2, 1, 0, 4]
    # 18 m and 22 m below the northern edge are in different bands, whichever lies further west
    near = np.array([shapely.box(30, 30, 34, 34), shapely.box(0, 26, 4, 30), shapely.box(0, 46, 40, 50)], dtype=object)
    band = np.sqrt((16 + 16 + 160) / 3)
    rows = np.floor((50 - np.array([32, 28, 48])) / band)
    assert rows.tolist() == [2.0, 2.0, 0.0]
    assert reading_order(near).tolist() == [2, 1, 0]


def test_in_one_place_of_a_band_the_northern_part_comes_first() -> None:
    shapes = np.array([shapely.box(0, 0, 40, 10), shapely.box(0, 10, 40, 20)], dtype=object)
    assert reading_order(shapes).tolist() == [1, 0]
